"""How long people waited for a pool in each period, and who was seen in time, for charts.

Waits are of the visits whose work began in the period: nobody who still waits is among them, so that a period in which
nobody was seen has no wait. Who was seen in time is told by the period of joining, once the target of everybody who
joined in it has run out; then who still waits, or left too late, counts as not seen. It adds up to the breaches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from millpond.errors import WrongUse
from millpond.measures.fates import LEFT, OPEN, REACHED, with_fate
from millpond.measures.known import known_at
from millpond.measures.results import MICROSECONDS_A_MINUTE
from millpond.measures.target_time import against_targets, target_steps
from millpond.model import Service
from millpond.periods import day_number

MINUTES_AN_HOUR = 60


@dataclass(frozen=True)
class SeenInPeriod:
    """The visits to a pool of which the work began in one period.

    Attributes:
        visits: how many.
        median: the wait that half of them did not exceed, hours of elapsed time.
        p90: the wait that nine in ten did not exceed.
    """

    visits: int
    median: float
    p90: float


@dataclass(frozen=True)
class JudgedInPeriod:
    """The visits to a pool that joined in one period, held against the target wait of their step.

    Attributes:
        judged: those whose target has run out, less those who left within it.
        in_time: of these, whose work began by then.
        not_yet: those whose target has not run out.
    """

    judged: int
    in_time: int
    not_yet: int


def seen_in_periods(
    visits: Table, service: Service, as_of_us: int, pool: str, days: Mapping[str, Sequence[date]]
) -> dict[str, SeenInPeriod]:
    """The waits of those who were seen in each period; periods in which nobody was are left out.

    Args:
        visits: the normalised visit log.
        service: says which pool works at each step.
        as_of_us: the instant at which the records end, in microseconds since 1970-01-01 UTC.
        pool: the pool whose queue they stood in.
        days: the days of each period.
    """
    fated = with_fate(known_at(visits, service, as_of_us), as_of_us)
    seen = fated.filter((fated.fate == REACHED) & (fated.pool == pool))
    grouped = _by_period(seen, days, "started_day")
    wait = grouped.span_us.cast("float64") / (MICROSECONDS_A_MINUTE * MINUTES_AN_HOUR)
    found = grouped.group_by("period").agg(visits=grouped.count(), median=wait.quantile(0.5), p90=wait.quantile(0.9))
    return {
        row["period"]: SeenInPeriod(int(row["visits"]), float(row["median"]), float(row["p90"]))
        for row in found.to_pyarrow().to_pylist()
    }


def judged_in_periods(
    visits: Table, service: Service, as_of_us: int, pool: str, days: Mapping[str, Sequence[date]]
) -> dict[str, JudgedInPeriod]:
    """Who was seen in time, of those who joined in each period; periods in which nobody joined are left out.

    Args:
        visits: the normalised visit log.
        service: says the targets, and when each pool works.
        as_of_us: the instant at which the records end, in microseconds since 1970-01-01 UTC.
        pool: the pool whose queue they stand in.
        days: the days of each period.

    Raises:
        WrongUse: no step of the pool has a target wait.
    """
    if not any(service.steps[step].pool == pool for step in target_steps(service)):
        raise WrongUse(
            f"No step of {pool} has a target wait, so that nobody knows who was seen in time.\nGive one a "
            "target_wait in service.toml."
        )
    timed = against_targets(with_fate(known_at(visits, service, as_of_us), as_of_us), service, as_of_us)
    timed = _by_period(timed.filter(timed.pool == pool), days, "joined_day")
    due = timed.target_so_far > timed.target_allowed
    late = timed.target_span > timed.target_allowed
    told = timed.fate.isin((REACHED, LEFT, OPEN))
    found = timed.group_by("period").agg(
        judged=timed.count(where=told & due & (late | (timed.fate == REACHED))),
        in_time=timed.count(where=told & due & ~late & (timed.fate == REACHED)),
        not_yet=timed.count(where=told & ~due & (timed.fate != LEFT)),
    )
    return {
        row["period"]: JudgedInPeriod(int(row["judged"]), int(row["in_time"]), int(row["not_yet"]))
        for row in found.to_pyarrow().to_pylist()
    }


def _by_period(visits: Table, days: Mapping[str, Sequence[date]], column: str) -> Table:
    """The visits of those days, each with its period."""
    pairs = [(day_number(day), period) for period, its_days in days.items() for day in its_days]
    table = pa.table(
        {
            "period_day": pa.array([day for day, _ in pairs], pa.int32()),
            "period": pa.array([period for _, period in pairs], pa.string()),
        }
    )
    named = ibis.memtable(table)
    return visits.join(named, visits[column] == named.period_day)
