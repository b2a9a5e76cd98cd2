"""The last days of a series that can be judged: whole days, and those on which the records are filled up."""

from __future__ import annotations

from dataclasses import dataclass

from millpond.errors import WrongUse
from millpond.measures.results import Measures, PeriodRow


@dataclass(frozen=True)
class Recent:
    """The last days of one pool.

    Attributes:
        pool: the pool's name.
        days: the rows of those days, the earliest first.
    """

    pool: str
    days: tuple[PeriodRow, ...]

    @property
    def demand(self) -> float:
        """Demand of all the days."""
        return sum(day.demand for day in self.days)

    @property
    def capacity(self) -> float | None:
        """Capacity of all the days; None where it is unknown for one of them, or there are none."""
        known = [day.capacity for day in self.days if day.capacity is not None]
        return sum(known) if known and len(known) == len(self.days) else None

    @property
    def working_days(self) -> int:
        """Days with capacity."""
        return sum(1 for day in self.days if day.capacity)

    @property
    def backlog(self) -> float | None:
        """Backlog at the end of the last day; None where there are no days."""
        return self.days[-1].backlog if self.days else None

    @property
    def load(self) -> float | None:
        """Demand over capacity; None where capacity is unknown or nothing."""
        return self.demand / self.capacity if self.capacity else None

    @property
    def changes(self) -> tuple[float, ...]:
        """By how much the backlog changed on each day."""
        return tuple(day.demand - day.activity - day.withdrawn for day in self.days)


def recent(measures: Measures, most: int) -> tuple[Recent, ...]:
    """The last days of each pool that are complete and not filling up any more.

    Args:
        measures: by day.
        most: how many days to go back at most.

    Raises:
        WrongUse: the measures are not by day.
    """
    if measures.by != "day":
        raise WrongUse(f"These measures are by {measures.by}; they can be judged by day only. Measure by day.")
    pools = dict.fromkeys(row.pool for row in measures.rows)
    found = []
    for pool in pools:
        days = [row for row in measures.rows if row.pool == pool and row.complete and not row.filling]
        found.append(Recent(pool, tuple(sorted(days, key=lambda row: row.period)[-most:] if most > 0 else ())))
    return tuple(found)
