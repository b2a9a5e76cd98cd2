"""The critical resource: the pool whose demand is highest over its capacity, and whether its backlog grows.

Load alone does not show a shortage, nor does a backlog: a backlog that keeps growing does. So the pool is named by
its load over the last weeks, and what its backlog does is said beside it, with the doubt that so few weeks leave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isclose
from typing import ClassVar

from millpond.measures.growth import DAYS_A_WEEK, Change, typical_change, weekly
from millpond.measures.recent import Recent, recent
from millpond.measures.results import Measures, Result
from millpond.measures.sentences import counted, named

WINDOW_DAYS = 91

GROWS = "grows"
SHRINKS = "shrinks"
NO_CLEAR_CHANGE = "no clear change"
TOO_SHORT = "too short to tell"


@dataclass(frozen=True)
class PoolLoad:
    """One pool over the last weeks.

    Attributes:
        pool: the pool's name.
        load: demand over capacity; None where capacity is unknown or nothing.
        demand: demand of all the days judged.
        capacity: capacity of all the days judged; None where unknown.
        backlog: at the end of the last day judged; None where there is none.
        growth: by how much the backlog typically grows on a working day (a day, where none is known to be one);
            below 0 it shrinks. None where there is no day to judge.
        low, high: the 95% interval of `growth`; None where there are fewer than six weeks.
        trend: ``grows`` or ``shrinks`` (the interval lies on one side of 0), ``no clear change``, or ``too short to
            tell``.
        days: how many days were judged.
    """

    pool: str
    load: float | None
    demand: float
    capacity: float | None
    backlog: float | None
    growth: float | None
    low: float | None
    high: float | None
    trend: str
    days: int


@dataclass(frozen=True)
class CriticalResource(Result):
    """Which pool holds the service back, and the figures of all of them.

    Attributes:
        unit: of the amounts: ``minutes``, or ``visits``.
        as_of: the instant that ends the series, ISO 8601 in the service's zone.
        pool: the critical resource; None where none can be named.
        tied: the other pools with the same load.
        sentence: what to tell a person.
    """

    rows: tuple[PoolLoad, ...]
    unit: str
    as_of: str
    pool: str | None
    tied: tuple[str, ...]
    sentence: str
    row_type: ClassVar[type] = PoolLoad


def critical_resource(
    measures: Measures, labels: Mapping[str, str] | None = None, window: int = WINDOW_DAYS
) -> CriticalResource:
    """The critical resource of a service.

    Args:
        measures: by day.
        labels: what people call the pools; the name where a pool has none.
        window: how many days to look back on. Days that run on beyond the end of the records and days that are still
            filling up are left out.

    Returns:
        One row a pool, the highest load first; a pool without any capacity that is asked for work comes before all,
        one whose capacity is unknown after all. Of equally loaded pools, the one whose backlog grows fastest.

    Raises:
        WrongUse: the measures are not by day.
    """
    pools = [_pool_load(pool) for pool in recent(measures, window)]
    ranked = sorted(pools, key=lambda row: (-_rank(row), -(row.growth or 0), -(row.backlog or 0)))
    names = dict(labels or {})
    first = ranked[0] if ranked and _rank(ranked[0]) > 0 else None
    tied = tuple(row.pool for row in ranked[1:] if first and isclose(_rank(row), _rank(first), rel_tol=1e-9))
    return CriticalResource(
        rows=tuple(ranked),
        notes=_notes(ranked, names, first, measures.unit),
        unit=measures.unit,
        as_of=measures.as_of,
        pool=first.pool if first else None,
        tied=tied,
        sentence=_sentence(ranked, first, tied, names, measures.unit),
    )


def _pool_load(pool: Recent) -> PoolLoad:
    change, trend = _growth(pool)
    return PoolLoad(
        pool=pool.pool,
        load=pool.load,
        demand=pool.demand,
        capacity=pool.capacity,
        backlog=pool.backlog,
        growth=change.typical if change else None,
        low=change.low if change else None,
        high=change.high if change else None,
        trend=trend,
        days=len(pool.days),
    )


def _growth(pool: Recent) -> tuple[Change | None, str]:
    """The typical growth on a working day, and what it tells."""
    if not pool.days:
        return None, TOO_SHORT
    weeks = typical_change(weekly(pool.changes))
    worked = pool.working_days or len(pool.days)
    if weeks is None:
        return Change(sum(pool.changes) / worked, None, None), TOO_SHORT
    each = worked * DAYS_A_WEEK / len(pool.days)
    if weeks.low is None or weeks.high is None:
        return Change(weeks.typical / each, None, None), TOO_SHORT
    trend = GROWS if weeks.low > 0 else SHRINKS if weeks.high < 0 else NO_CLEAR_CHANGE
    return Change(weeks.typical / each, weeks.low / each, weeks.high / each), trend


def _rank(row: PoolLoad) -> float:
    """The load, endless where work meets no capacity, and less than nothing where it is unknown."""
    if row.load is not None:
        return row.load
    return -1.0 if row.capacity is None else inf if row.demand > 0 else 0.0


def _sentence(
    ranked: list[PoolLoad], first: PoolLoad | None, tied: tuple[str, ...], names: Mapping[str, str], unit: str
) -> str:
    judged = [row for row in ranked if row.days]
    if not judged:
        return "There is nothing to judge yet: no day of the records is complete."
    if first is None:
        if not any(row.demand or row.backlog for row in judged):
            return "No critical resource can be named: no work was asked for."
        growing = max(judged, key=lambda row: row.growth or 0)
        unknown = [names.get(row.pool, row.pool) for row in judged if row.capacity is None and row.demand > 0]
        none_known = all(row.capacity is None for row in judged)
        of_whom = "no pool" if none_known else named(unknown)
        reason = f"the capacity of {of_whom} is {'' if none_known else 'not '}known" if unknown else "no work came in"
        if unknown and unit == "visits":
            reason = "demand is counted in visits, which capacity in minutes cannot be set against"
        told = (
            f" The backlog of {names.get(growing.pool, growing.pool)} {_told(growing, unit)}." if growing.growth else ""
        )
        return f"No critical resource can be named: {reason}.{told}"
    name = names.get(first.pool, first.pool)
    alike = "".join(f", level with {names.get(pool, pool)}" for pool in tied[:1])
    more = f" and {counted(len(tied) - 1, 'other pool')}" if len(tied) > 1 else ""
    asked = (
        f"demand is {first.load:.2f} times capacity over {_span(first.days)}"
        if first.load is not None
        else f"it has no capacity for the work asked of it over {_span(first.days)}"
    )
    return f"The critical resource is {name}{alike}{more}: {asked}, and its backlog {_told(first, unit)}."


def _told(row: PoolLoad, unit: str) -> str:
    """What the backlog does, to be read after its name."""
    if row.growth is None:
        return "cannot be judged"
    if not (row.growth or row.low or row.high):
        return "does not change"
    if row.trend == NO_CLEAR_CHANGE:
        return "shows no clear change"
    size = f"about {_amount(abs(row.growth), unit)} a {'working day' if row.capacity else 'day'}"
    if row.trend == TOO_SHORT:
        verb = "grew" if row.growth > 0 else "shrank"
        return f"{verb} by {size}, though that is too short a time to tell whether it will go on"
    return f"{row.trend} by {size}"


def _amount(value: float, unit: str) -> str:
    return counted(round(value) if value >= 10 else round(value, 1), unit.removesuffix("s"))


def _span(days: int) -> str:
    weeks, rest = divmod(days, DAYS_A_WEEK)
    if weeks >= 2 and not rest:
        return f"the last {weeks} weeks"
    return f"the last {counted(days, 'day').removeprefix('1 ')}"


def _notes(ranked: list[PoolLoad], names: Mapping[str, str], first: PoolLoad | None, unit: str) -> tuple[str, ...]:
    notes = [
        "Load is demand over capacity on days that are complete and no longer filling up. Growth is the typical "
        "weekly change of the backlog (Hodges-Lehmann), for each working day, with its 95% interval from six weeks on."
    ]
    others = [row for row in ranked if row is not first and row.trend == GROWS]
    notes += [f"The backlog of {names.get(row.pool, row.pool)} {_told(row, unit)} too." for row in others if first]
    unknown = [names.get(row.pool, row.pool) for row in ranked if row.days and row.capacity is None]
    if unknown and unit == "visits":
        notes.append("No pool is ranked: demand is counted in visits, which capacity in minutes cannot be set against.")
    elif unknown:
        notes.append(f"Not ranked, because their capacity is not known: {named(unknown)}.")
    if len(ranked) == 1 and first:
        notes.append("It is the only pool, so that there is none to compare it with.")
    return tuple(notes)
