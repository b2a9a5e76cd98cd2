"""Service folders for the tests of the command line."""

from __future__ import annotations

from pathlib import Path

SERVICE = """
name = "Worked example"
[calendars.office]
hours = "Mon-Fri 09:00-17:00"
[pools.advocates]
workers = 2
minutes_per_day = 240
{opening}
[steps.advocacy]
pool = "advocates"
minutes = 60
"""
DAYS = ("06", "07", "08", "09", "10")


def worked_example(folder: Path) -> Path:
    """Twelve people a day who need 60 minutes each, two advocates with 240 minutes each, 20 people waiting."""
    rows = ["case,step,joined,started,ended,minutes"]
    rows += [f"waiting-{number},advocacy,2025-01-05 10:00,,," for number in range(20)]
    for day in DAYS:
        for number in range(12):
            hour = 9 + number // 2
            times = f"2025-01-{day} {hour:02d}:00,2025-01-{day} {hour + 1:02d}:00,60" if number < 8 else ",,"
            rows.append(f"{day}-{number},advocacy,2025-01-{day} 09:00,{times}")
    return written(folder, rows)


def written(folder: Path, rows: list[str], service: str = SERVICE.format(opening="")) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "service.toml").write_text(service, encoding="utf-8")
    (folder / "records.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def daily_totals(folder: Path) -> Path:
    """The worked example of a service that keeps only totals."""
    written(folder, [])
    (folder / "records.csv").unlink()
    rows = ["date,pool,joined,done,waiting"]
    rows += [f"2025-01-{day},advocates,12,8,{24 + 4 * number}" for number, day in enumerate(DAYS)]
    (folder / "daily.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder
