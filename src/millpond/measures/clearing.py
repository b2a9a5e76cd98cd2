"""How many working days it would take to clear each pool's backlog, if things go on as they have of late.

Days to clear = backlog / (capacity - demand), the two taken per working day over the last weeks. Where demand is no
less than capacity the backlog is never cleared at this rate. Every minute of capacity is taken as spent on this
pool's work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from millpond.measures.recent import Recent, recent
from millpond.measures.results import Measures, Result
from millpond.measures.sentences import named

CLEAR = "clear"
CLEARS = "clears"
NEVER = "never at this rate"
UNKNOWN = "unknown"

WINDOW_DAYS = 28


@dataclass(frozen=True)
class ClearingRow:
    """The outlook of one pool's backlog.

    Attributes:
        pool: the pool's name.
        backlog: at the end of the last day judged; None where there is none.
        demand: for each working day, that of closed days included.
        capacity: for each working day; None where unknown.
        load: demand over capacity; None where capacity is unknown or nothing.
        growth: demand less capacity, for each working day: above 0 the backlog grows. None where unknown.
        days: working days until the backlog is cleared; None where that is never, or unknown.
        outlook: ``clear`` (there is no backlog, and capacity beyond demand), ``clears``, ``never at this rate`` or
            ``unknown``.
        first, last: the first and last day judged; None where there is none.
        working_days: how many of the days judged had capacity.
    """

    pool: str
    backlog: float | None
    demand: float | None
    capacity: float | None
    load: float | None
    growth: float | None
    days: float | None
    outlook: str
    first: str | None
    last: str | None
    working_days: int


@dataclass(frozen=True)
class Clearing(Result):
    """The outlook of every pool's backlog.

    Attributes:
        unit: of the amounts: ``minutes``, or ``visits``.
        as_of: the instant that ends the series, ISO 8601 in the service's zone.
    """

    rows: tuple[ClearingRow, ...]
    unit: str
    as_of: str
    row_type: ClassVar[type] = ClearingRow


def clearing(measures: Measures, window: int = WINDOW_DAYS) -> Clearing:
    """How long it would take to clear each pool's backlog.

    Args:
        measures: by day.
        window: how many days to look back on, closed days included. Days that run on beyond the end of the records
            and days that are still filling up are left out.

    Raises:
        WrongUse: the measures are not by day.
    """
    rows = tuple(_row(pool) for pool in recent(measures, window))
    notes = [
        f"Demand and capacity are means for each working day over up to {window} days, less those that are incomplete "
        "or still filling up.",
        "It is assumed that all capacity goes into this pool's work, and that demand and capacity stay as they are.",
    ]
    unknown = [row.pool for row in rows if row.outlook == UNKNOWN]
    if unknown:
        notes.append(f"Not known for {named(unknown)}: there is no day whose demand and capacity can be judged.")
    return Clearing(rows=rows, notes=tuple(notes), unit=measures.unit, as_of=measures.as_of)


def _row(pool: Recent) -> ClearingRow:
    capacity, worked, backlog = pool.capacity, pool.working_days, pool.backlog
    first, last = (pool.days[0].period, pool.days[-1].period) if pool.days else (None, None)
    if capacity is None or backlog is None or not worked:
        # Demand that meets no capacity at all is never worked off; without either nothing can be said.
        hopeless = capacity is not None and pool.demand + (backlog or 0) > 0
        outlook = NEVER if hopeless else UNKNOWN
        nothing = 0.0 if capacity is not None else None
        return ClearingRow(pool.pool, backlog, None, nothing, None, None, None, outlook, first, last, worked)
    growth = (pool.demand - capacity) / worked
    if growth >= 0:
        days, outlook = None, NEVER
    elif backlog > 0:
        days, outlook = backlog / -growth, CLEARS
    else:
        days, outlook = 0.0, CLEAR
    return ClearingRow(
        pool=pool.pool,
        backlog=backlog,
        demand=pool.demand / worked,
        capacity=capacity / worked,
        load=pool.load,
        growth=growth,
        days=days,
        outlook=outlook,
        first=first,
        last=last,
        working_days=worked,
    )
