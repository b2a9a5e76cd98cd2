"""The identity that ties the four measures together, checked on the rows of any result."""

from __future__ import annotations

from itertools import groupby

from millpond.measures.results import Measures

MINUTE = 60_000_000


def assert_identity(result: Measures, openings: dict[str, float] | None = None) -> None:
    """backlog[t] = backlog[t-1] + demand[t] - activity[t] - withdrawn[t], to the microsecond, for every pool.

    Args:
        result: every period from the first of the records.
        openings: the backlog of a pool before the first period, in minutes; 0 where it has none.
    """
    assert result.rows
    for pool, rows in groupby(result.rows, key=lambda row: row.pool):
        backlog = round((openings or {}).get(pool, 0) * MINUTE)
        visits: int | None = None
        for row in rows:
            for value in (row.demand, row.activity, row.borrowed, row.lent):
                assert value >= 0
            backlog += round(row.demand * MINUTE) - round(row.activity * MINUTE) - round(row.withdrawn * MINUTE)
            moved = row.demand_visits - row.activity_visits - row.withdrawn_visits
            # How many visits waited before the first period is what the first row implies.
            visits = row.backlog_visits if visits is None else visits + moved
            assert round(row.backlog * MINUTE) == backlog, (pool, row.period)
            assert row.backlog_visits == visits, (pool, row.period)
            assert row.backlog >= 0
            assert row.borrowed <= row.activity + 1e-9
