"""Open cases of each pool at the end of each period, and for each worker in post.

A case is open in a pool from the joining of its first visit there to the end of its last one there, also between
the two. So the open cases of a period are those of the period before, plus those opened, less those closed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

import ibis
from ibis.expr.types import IntegerColumn, Table

from millpond.measures.known import known_at
from millpond.measures.results import MICROSECONDS_A_MINUTE, Result
from millpond.model import Service
from millpond.periods import Grid, date_of, day_of, grid, moment_of

_QUARTER_US = 15 * MICROSECONDS_A_MINUTE


@dataclass(frozen=True)
class CaseloadPeriodRow:
    """The open cases of one pool at the end of one period.

    Attributes:
        period: the period's label, as in `millpond.measures.results.PeriodRow`.
        pool: the pool's name.
        opened: cases that opened in the pool in the period.
        closed: cases that closed in the pool in the period.
        open_cases: cases open in the pool at the period's end.
        workers: how many were in post on the period's last day; None where unknown.
        per_worker: open cases for each worker in post; None where nobody was, or that is unknown.
        complete: False where the period runs on beyond the end of the records.
    """

    period: str
    pool: str
    opened: int
    closed: int
    open_cases: int
    workers: float | None
    per_worker: float | None
    complete: bool


@dataclass(frozen=True)
class CaseloadHistory(Result):
    """Open cases by period and pool.

    Attributes:
        unit: ``cases``.
        by: ``hour``, ``day``, ``week`` or ``month``.
        as_of: the instant at which the records end, ISO 8601 in the service's zone.
    """

    rows: tuple[CaseloadPeriodRow, ...]
    unit: str
    by: str
    as_of: str
    row_type: ClassVar[type] = CaseloadPeriodRow


def caseload_history(visits: Table, service: Service, as_of_us: int, by: str = "week") -> CaseloadHistory:
    """The open cases of each pool over time.

    Args:
        visits: the normalised visit log.
        service: says which pool works at each step, and who works in it.
        as_of_us: the instant at which the records end, in microseconds since 1970-01-01 UTC.
        by: ``hour``, ``day``, ``week`` or ``month``.

    Returns:
        A row for every period from the first joining on, and every pool of the service or the records. No rows where
        no visit had joined.

    Raises:
        WrongUse: `by` is none of the four.
    """
    zone = service.zone
    as_of_day = day_of(as_of_us, zone)
    stays = _stays(known_at(visits, service, as_of_us))
    came = _counts(stays, stays.opened_us, stays.opened_day, by)
    gone = stays.filter(stays.still_open == 0)
    went = _counts(gone, gone.closed_us, gone.closed_day, by)
    periods = grid(by, min((day for _, day, _, _ in came), default=as_of_day), as_of_day, zone)
    opened, closed = _by_period(periods, came), _by_period(periods, went)
    pools = [*service.pools, *sorted({pool for pool, *_ in came} - set(service.pools))]
    rows = []
    open_cases: Counter[str] = Counter()
    for number, label in enumerate(periods.labels if came else ()):
        ends = min(periods.starts_us[number + 1] - 1, as_of_us)
        for pool in pools:
            more, fewer = opened[pool, number], closed[pool, number]
            open_cases[pool] += more - fewer
            workers = _in_post(service, pool, day_of(ends, zone))
            each = open_cases[pool] / workers if workers else None
            complete = periods.starts_us[number + 1] <= as_of_us
            rows.append(CaseloadPeriodRow(label, pool, more, fewer, open_cases[pool], workers, each, complete=complete))
    as_of = moment_of(as_of_us, zone).isoformat(timespec="seconds")
    return CaseloadHistory(rows=tuple(rows), notes=_notes(bool(came), as_of), unit="cases", by=by, as_of=as_of)


def _stays(known: Table) -> Table:
    """One row a case and pool: when the case came, when it left, and how many of its visits there are open."""
    # An end recorded before the joining is taken at the joining, so that no case leaves before it came.
    return known.group_by("case", "pool").agg(
        opened_us=known.joined_us.min(),
        opened_day=known.joined_day.min(),
        closed_us=ibis.greatest(known.ended_us.max(), known.joined_us.min()),
        closed_day=ibis.greatest(known.ended_day.max(), known.joined_day.min()),
        still_open=known.count(where=known.ended_us.isnull()),
    )


def _counts(stays: Table, us: IntegerColumn, day: IntegerColumn, by: str) -> list[tuple[str, int, int, int]]:
    """Pool, local day, an instant, and how many there are within the same quarter of an hour, or the same day."""
    finer = us // _QUARTER_US if by == "hour" else ibis.literal(0, "int64")
    timed = stays.select("pool", at_us=us, day=day, finer=finer)
    groups = timed.group_by("pool", "day", "finer").agg(at_us=timed.at_us.min(), cases=timed.count())
    return [(row["pool"], row["day"], row["at_us"], row["cases"]) for row in groups.to_pyarrow().to_pylist()]


def _by_period(periods: Grid, counts: list[tuple[str, int, int, int]]) -> Counter[tuple[str, int]]:
    totals: Counter[tuple[str, int]] = Counter()
    for pool, day, us, cases in counts:
        hourly = periods.by == "hour"
        number = bisect_right(periods.starts_us, us) - 1 if hourly else periods.day_periods[day - periods.first_day]
        totals[pool, number] += cases
    return totals


def _in_post(service: Service, pool: str, day: int) -> float | None:
    if pool not in service.pools:
        return None
    stated = service.pools[pool]
    if not stated.changes and stated.workers is not None:
        return stated.workers
    workers = service.headcount(pool, date_of(day))
    return workers if workers or service.workers_of(pool) or stated.workers is not None else None


def _notes(any_came: bool, as_of: str) -> tuple[str, ...]:
    if not any_came:
        return (f"No visit had joined a queue by {as_of}.",)
    return (
        "A case is open in a pool from its first joining there to the end of its last visit there, also between them.",
        "Near the end of the records the open cases are too few by those that are between two visits: "
        "they cannot be told from closed ones until the next visit joins.",
    )
