"""A pool as it is staffed on a day, worked out once for each change of staffing."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

from millpond.model import Pool
from millpond.periods.days import date_of


def staffed(pool: Pool, day: int) -> Pool:
    """The pool with every change of staffing made that holds on a local day, given as a day number."""
    changes = tuple(change.date for change in pool.changes)
    return _after(pool, bisect_right(changes, date_of(day))) if changes else pool


@lru_cache(maxsize=4096)
def _after(pool: Pool, changes: int) -> Pool:
    return pool.on(pool.changes[changes - 1].date) if changes else pool.changed(changes=())
