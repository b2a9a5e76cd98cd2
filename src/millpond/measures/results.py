"""What every measure hands back: frozen rows with their unit and the notes that a reader is owed.

A result is a value: it can be kept, compared, printed as a table or turned into a data frame, and it never reads the
records again. It says in its notes how many visits it rests on and how many of those were incomplete.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from millpond.results import Result

__all__ = ["MICROSECONDS_A_MINUTE", "Measures", "PeriodRow", "Result", "whole_microseconds"]

MICROSECONDS_A_MINUTE = 60_000_000


def whole_microseconds(minutes: float) -> int:
    """Minutes as a whole number of microseconds."""
    return round(minutes * MICROSECONDS_A_MINUTE)


@dataclass(frozen=True)
class PeriodRow:
    """The four measures of one pool in one period, in the unit of the result.

    Attributes:
        period: the period's label: ``2025-01-06`` (day), the Monday (week), ``2025-01`` (month), or the hour's
            start with its offset (hour).
        pool: the pool's key in ``service.toml``.
        demand: visits that joined, times the minutes each needs.
        capacity: minutes available, used or not; None where it is unknown.
        activity: minutes of work done.
        backlog: minutes still to do at the period's end.
        withdrawn: minutes that will never be done, because the person left.
        borrowed: the part of activity that workers of other pools did.
        lent: work that this pool's workers did for other pools.
        utilisation: work done by the pool's own workers over its capacity; None where capacity is none or unknown.
        load: demand over capacity; None where capacity is none or unknown.
        demand_visits, activity_visits, withdrawn_visits, backlog_visits: the same four counted in visits.
        capacity_source: ``rota``, ``pool`` (workers and calendars), ``mixed``, or ``unknown``.
        complete: False where the records do not tell the whole period: they begin after a working day of it, or end
            before it is over.
        filling: True where recent days are still filling up in the records.
    """

    period: str
    pool: str
    demand: float
    capacity: float | None
    activity: float
    backlog: float
    withdrawn: float
    borrowed: float
    lent: float
    utilisation: float | None
    load: float | None
    demand_visits: int
    activity_visits: int
    withdrawn_visits: int
    backlog_visits: int
    capacity_source: str
    complete: bool
    filling: bool


@dataclass(frozen=True)
class Measures(Result):
    """Demand, capacity, activity and backlog per period and pool.

    Attributes:
        unit: ``minutes``, or ``visits`` where the records have no evidence of duration.
        by: ``hour``, ``day``, ``week`` or ``month``.
        as_of: the instant that ends the series, ISO 8601 in the service's zone.
        joining_unknown: the share of the visits, from 0 to 1, of which it is not known when they joined. Where it is
            1 the backlog leaves out everybody who was waiting: it is work in progress only.
    """

    unit: str
    by: str
    as_of: str
    rows: tuple[PeriodRow, ...]
    joining_unknown: float = 0.0
    row_type: ClassVar[type] = PeriodRow

    def pool(self, name: str) -> Measures:
        """The same result for one pool."""
        rows = tuple(row for row in self.rows if row.pool == name)
        return replace(self, rows=rows)
