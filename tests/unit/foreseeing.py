"""Service folders with history enough for seasonality and forecasts."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

SERVICE = """
name = "Corner House"
holidays = "GB-ENG"
school_holidays = [{ from = 2025-02-17, to = 2025-02-21 }]
[calendars.office]
hours = "Mon-Sun 08:00-20:00"
[pools.advocates]
label = "Advocates"
workers = 2
[streams.police]
first_step = "advocacy"
[streams.self]
first_step = "advocacy"
[steps.advocacy]
pool = "advocates"
minutes = 40
next = { letter = 0.5, closed = 0.5 }
[steps.letter]
pool = "advocates"
minutes = 20
next = "closed"
"""
MONDAY = date(2025, 1, 6)
DAYS = 70


def eventful(folder: Path, days: int = DAYS, *, timed: bool = True) -> Path:
    """Six cases on every weekday, from 09:00 on, and two on days of the weekend; half of them are the police's.

    Each is seen two hours after it joined, for 30 to 50 minutes; the last of each day still waits.
    """
    rows = ["case,step,joined,started,ended,minutes,stream"]
    for number in range(days):
        day = MONDAY + timedelta(days=number)
        cases = 6 if day.weekday() < 5 else 2
        for case in range(cases):
            joined = f"{day} {9 + case:02d}:00" if timed else f"{day} 00:00"
            stream = "police" if case < cases // 2 else "self"
            minutes = 30 + (7 * number + case) % 21
            if case == cases - 1:
                rows.append(f"{number}-{case},advocacy,{joined},,,,{stream}")
            else:
                started = f"{day} {11 + case:02d}:{case:02d}"
                ended = f"{day} {12 + case:02d}:00"
                rows.append(f"{number}-{case},advocacy,{joined},{started},{ended},{minutes},{stream}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "service.toml").write_text(SERVICE, encoding="utf-8")
    (folder / "records.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def totals(folder: Path, days: int = DAYS) -> Path:
    """The same as daily totals."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "service.toml").write_text(SERVICE, encoding="utf-8")
    rows = ["date,pool,joined,done"]
    for number in range(days):
        day = MONDAY + timedelta(days=number)
        rows.append(f"{day},advocates,{6 if day.weekday() < 5 else 2},1")
    (folder / "daily.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder
