"""The same measures over longer periods, from their own rows, so that a year of days can be read by week.

Sums of minutes stay exact and a backlog is that of the last day, so that the identity of the four measures still holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from millpond.measures.results import Measures, PeriodRow
from millpond.report import wording
from millpond.report.charts.timeline import days_between, readable_by

ORDER = ("hour", "day", "week", "month")


def readable(measures: Measures) -> Measures:
    """The measures at the grain at which their span can be read on a chart; never finer than they are."""
    if not measures.rows or measures.by == "hour":
        return measures
    first = min(wording.first_day(row.period, measures.by) for row in measures.rows)
    last = max(wording.last_day(row.period, measures.by) for row in measures.rows)
    by = readable_by(days_between(first, last))
    return coarser(measures, by) if ORDER.index(by) > ORDER.index(measures.by) else measures


def coarser(measures: Measures, by: str) -> Measures:
    """Daily measures by week or by month, weekly ones left as they are where weeks do not fit into months.

    Args:
        measures: by day.
        by: ``week`` or ``month``.

    Returns:
        Demand, capacity, activity and withdrawn summed; the backlog of the last day. Capacity is unknown where that
        of any day is. A period whose first or last day is not there is not complete, and is filling where any day is.
    """
    if measures.by != "day" or by not in ("week", "month"):
        return measures
    groups: dict[tuple[str, str], list[PeriodRow]] = {}
    for row in measures.rows:
        groups.setdefault((_label(row.period, by), row.pool), []).append(row)
    rows = tuple(_together(period, by, group) for (period, _), group in groups.items())
    return replace(measures, rows=rows, by=by)


def _label(day: str, by: str) -> str:
    if by == "month":
        return day[:7]
    at = date.fromisoformat(day)
    return (at - timedelta(days=at.weekday())).isoformat()


def _together(period: str, by: str, days: list[PeriodRow]) -> PeriodRow:
    days = sorted(days, key=lambda row: row.period)
    demand = sum(row.demand for row in days)
    known = [row.capacity for row in days if row.capacity is not None]
    capacity = sum(known) if len(known) == len(days) else None
    activity = sum(row.activity for row in days)
    borrowed, lent = sum(row.borrowed for row in days), sum(row.lent for row in days)
    sources = {row.capacity_source for row in days}
    return replace(
        days[-1],
        period=period,
        demand=demand,
        capacity=capacity,
        activity=activity,
        withdrawn=sum(row.withdrawn for row in days),
        borrowed=borrowed,
        lent=lent,
        utilisation=(activity - borrowed + lent) / capacity if capacity else None,
        load=demand / capacity if capacity else None,
        demand_visits=sum(row.demand_visits for row in days),
        activity_visits=sum(row.activity_visits for row in days),
        withdrawn_visits=sum(row.withdrawn_visits for row in days),
        capacity_source=sources.pop() if len(sources) == 1 else "mixed",
        complete=all(row.complete for row in days)
        and days[0].period == wording.first_day(period, by).isoformat()
        and days[-1].period == wording.last_day(period, by).isoformat(),
        filling=any(row.filling for row in days),
    )


def opening_backlog(rows: Sequence[PeriodRow]) -> float:
    """The backlog before the first period of one pool, by the identity of the four measures."""
    first = rows[0]
    return first.backlog - first.demand + first.activity + first.withdrawn


def shown_span(measures: Measures) -> str:
    """The days that the rows cover, in words; no later than the end of the series."""
    first = min(wording.first_day(row.period, measures.by) for row in measures.rows)
    last = max(wording.last_day(row.period, measures.by) for row in measures.rows)
    return wording.span(first, max(first, min(last, date.fromisoformat(measures.as_of[:10]))))


def is_work_in_progress_only(measures: Measures) -> bool:
    """Whether the backlog leaves out everybody who was waiting, because no joining time is recorded.

    Its figures look like any others, and "no backlog" would be a lie.
    """
    return measures.joining_unknown == 1
