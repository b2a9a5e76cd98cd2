"""From rows of the four measures to the series of a control chart: which points there are, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from millpond.errors import WrongUse
from millpond.measures.results import PeriodRow
from millpond.model import WatchedChart
from millpond.periods import WorkingTime, day_number
from millpond.variation.control import Series
from millpond.variation.rare import cases_between, days_between
from millpond.variation.rhythm import WEEKDAYS, rhythm_of


def by_period(
    chart: WatchedChart, rows: Sequence[PeriodRow], working: WorkingTime | None
) -> tuple[Series, str, list[str]]:
    """The series of a chart with a point for each period."""
    notes: list[str] = []
    if chart.by == "day":
        rows, closed = _on_open_days(chart, rows, working)
        notes += closed
    sizes = [_size(row, chart, working) for row in rows]
    known = [
        (row.period, value, size)
        for row, size in zip(rows, sizes, strict=True)
        if (value := figure(row, chart.measure)) is not None and size != 0
    ]
    if len(known) < len(rows):
        left = len(rows) - len(known)
        notes.append(
            f"{left} points are left out, because the figure is not known or there was nothing to set it against."
        )
    periods = tuple(period for period, _, _ in known)
    values = np.array([value for _, value, _ in known], dtype=np.float64)
    if chart.rate_of is not None:
        counted = np.array([size for _, _, size in known], dtype=np.float64)
        if chart.kind != "xmr":
            return Series(periods, values, counted), "none", notes
        values = values / counted
    if chart.by != "day" or chart.weekday is not None:
        return Series(periods, values), "none", notes
    return _without_rhythm(chart, periods, values, notes)


def _on_open_days(
    chart: WatchedChart, rows: Sequence[PeriodRow], working: WorkingTime | None
) -> tuple[list[PeriodRow], list[str]]:
    """The days on which the pool is open, of the weekday where one is asked for."""
    kept = [row for row in rows if working is None or working.is_open(day_number(date.fromisoformat(row.period)))]
    closed = len(rows) - len(kept)
    notes = []
    if closed:
        dropped = {row.period for row in rows} - {row.period for row in kept}
        joined = sum(row.demand_visits for row in rows if row.period in dropped)
        notes.append(
            f"{closed} days on which the pool is closed are not charted"
            + (f", nor the {joined:,} visits that joined on them." if joined else ".")
        )
    if chart.weekday is not None:
        number = WEEKDAYS.index(chart.weekday)
        kept = [row for row in kept if date.fromisoformat(row.period).weekday() == number]
        notes.append(f"Only {chart.weekday}s are charted, so that the other days of the week do not widen the limits.")
    return kept, notes


def _without_rhythm(
    chart: WatchedChart, periods: tuple[str, ...], values: Any, notes: list[str]
) -> tuple[Series, str, list[str]]:
    rhythm = rhythm_of([date.fromisoformat(period) for period in periods], values)
    if rhythm.differ is None:
        notes.append(
            "There are fewer than 12 of some weekday, too few to tell a weekly rhythm from chance; if there is one, "
            "the limits are too wide."
        )
        return Series(periods, values), "unknown", notes
    if not rhythm.differ:
        return Series(periods, values), "none", notes
    if chart.kind == "c":
        notes.append("The days of the week differ, which a c chart does not expect: chart one weekday, or by week.")
        return Series(periods, values), "kept", notes
    ordered = sorted(rhythm.effects.items(), key=lambda effect: effect[1])
    (low, least), (high, most) = ordered[0], ordered[-1]
    notes.append(
        f"The days of the week differ ({high}s by {most:+,.3g}, {low}s by {least:+,.3g} from the mean), so each day is "
        "shown with the usual difference of its weekday taken away."
    )
    return Series(periods, rhythm.values, recorded=values), "removed", notes


def between_events(
    chart: WatchedChart, rows: Sequence[PeriodRow], working: WorkingTime | None
) -> tuple[Series, str, list[str]]:
    """The series of a T or G chart, with a point for each event but the first."""
    days = [date.fromisoformat(row.period) for row in rows]
    events = np.array([figure(row, chart.measure) or 0 for row in rows], dtype=np.float64)
    what = chart.measure.removeprefix("visits ")
    if chart.kind == "t":
        at, values = days_between(days, events)
        several = int((events > 1).sum())
        notes = ["Each point is the number of days since the last day with a visit " + what + "."]
        if several:
            notes.append(f"{several} days had more than one, and count once.")
        since = (days[-1] - at[-1]).days if at else 0
        notes.append(f"{since} days have passed since the last one; they are not a point yet.")
    else:
        cases = np.array([figure(row, chart.of or "visits ended") or 0 for row in rows], dtype=np.float64)
        if np.any(events > cases):
            raise WrongUse(f"There are more {chart.measure} than {chart.of}. Choose an 'of' that they are among.")
        at, values = cases_between(days, events, cases)
        notes = [
            f"Each point is the number of other {chart.of} between two {chart.measure}; within a day they come first."
        ]
    return Series(tuple(day.isoformat() for day in at), values), "none", notes


def figure(row: PeriodRow, measure: str) -> float | None:
    """A figure of a row by the name that charts use; None where it is unknown."""
    if measure == "growth":
        return row.demand - row.activity - row.withdrawn
    if measure == "visits ended":
        return row.activity_visits + row.withdrawn_visits
    named = {
        "visits joined": "demand_visits",
        "visits done": "activity_visits",
        "visits withdrawn": "withdrawn_visits",
        "visits waiting": "backlog_visits",
    }
    value: float | None = getattr(row, named.get(measure, measure))
    return value


def _size(row: PeriodRow, chart: WatchedChart, working: WorkingTime | None) -> float | None:
    """What a figure is set against; None where against nothing."""
    if chart.rate_of is None:
        return None
    if chart.rate_of != "working days":
        return figure(row, str(chart.rate_of))
    first, last = days_of(row.period, chart.by)
    days = range(day_number(first), day_number(last) + 1)
    return float(len(days) if working is None else sum(working.is_open(day) for day in days))


def days_of(period: str, by: str) -> tuple[date, date]:
    """The first and last day of a period."""
    first = date.fromisoformat(period if by != "month" else f"{period}-01")
    if by == "month":
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return first, following - timedelta(days=1)
    return first, first + timedelta(days=6 if by == "week" else 0)
