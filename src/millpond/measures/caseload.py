"""Open cases per worker now: services that stretch caseloads have no queue, and drown all the same.

A worker holds an open case in a pool when they are on one of its open visits there. Where no open visit in the pool
names a worker, the one who last worked on the case in that pool holds it; where every open visit of the case is at
a step that needs no staff, the one who last worked on it anywhere. A case may be held by several workers. One that
nobody holds by these rules is not allocated.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import ibis
from ibis.expr.types import Table

from millpond.measures.cases import NONE_OPEN_NOTE
from millpond.measures.known import known_at
from millpond.measures.results import Result
from millpond.measures.sentences import counted
from millpond.model import Service
from millpond.periods import date_of, day_of, moment_of


@dataclass(frozen=True)
class CaseloadRow:
    """The open cases that one worker holds in one pool.

    Attributes:
        pool: the pool's name.
        worker: the worker's id; None for the cases that are not allocated.
        cases: how many.
    """

    pool: str
    worker: str | None
    cases: int


@dataclass(frozen=True)
class PoolCaseload:
    """The open cases of one pool.

    Attributes:
        pool: the pool's name.
        open_cases: cases that are open in the pool, each once.
        not_allocated: of these, how many nobody holds.
        workers: how many the cases are spread over: those in post, or those who hold cases where they are more.
        mean: cases held for each of these workers; a case that two hold counts for both. None without workers.
        most: the most cases that one worker holds; None where nobody holds any.
    """

    pool: str
    open_cases: int
    not_allocated: int
    workers: float
    mean: float | None
    most: int | None


@dataclass(frozen=True)
class Caseload(Result):
    """Open cases per worker, and per pool.

    Attributes:
        unit: ``cases``.
        as_of: the instant for which they are told, ISO 8601 in the service's zone.
        pools: the same, summed up by pool.
    """

    rows: tuple[CaseloadRow, ...]
    unit: str
    as_of: str
    pools: tuple[PoolCaseload, ...]
    row_type: ClassVar[type] = CaseloadRow

    def to_dict(self) -> dict[str, Any]:
        """The whole result as plain values, ready for JSON."""
        return {**super().to_dict(), "pools": [asdict(pool) for pool in self.pools]}


def caseload(visits: Table, service: Service, as_of_us: int) -> Caseload:
    """The open cases that each worker holds at an instant.

    Args:
        visits: the normalised visit log.
        service: says which pool works at each step, and who works in it.
        as_of_us: the instant, in microseconds since 1970-01-01 UTC.

    Returns:
        By pool: the workers who hold cases and the named workers then in post, those with most cases first, and last
        the cases that are not allocated. Pools without open cases have rows for their named workers only.
    """
    held = _held(visits, service, as_of_us)
    by_worker = held.group_by("pool", "worker").agg(cases=held["case"].nunique()).to_pyarrow().to_pylist()
    by_pool = held.group_by("pool").agg(cases=held["case"].nunique()).to_pyarrow().to_pylist()
    open_cases = {row["pool"]: int(row["cases"]) for row in by_pool}
    holding: dict[str, dict[str | None, int]] = defaultdict(dict)
    for row in by_worker:
        holding[row["pool"]][row["worker"]] = int(row["cases"])
    day = date_of(day_of(as_of_us, service.zone))
    rows: list[CaseloadRow] = []
    pools: list[PoolCaseload] = []
    for pool in [*service.pools, *sorted(set(holding) - set(service.pools))]:
        free = holding[pool].pop(None, 0)
        workers: dict[str | None, int] = dict.fromkeys(service.workers_of(pool, day), 0)
        workers |= holding[pool]
        ordered = sorted(workers.items(), key=lambda item: (-item[1], str(item[0])))
        rows += [CaseloadRow(pool, worker, cases) for worker, cases in ordered]
        rows += [CaseloadRow(pool, None, free)] if free else []
        in_post = service.headcount(pool, day) if pool in service.pools else 0.0
        pools.append(_summary(pool, open_cases.get(pool, 0), free, in_post, list(holding[pool].values())))
    as_of = moment_of(as_of_us, service.zone).isoformat(timespec="seconds")
    return Caseload(rows=tuple(rows), notes=_notes(pools, as_of), unit="cases", as_of=as_of, pools=tuple(pools))


def _summary(pool: str, open_cases: int, free: int, in_post: float, held: list[int]) -> PoolCaseload:
    workers = max(in_post, float(len(held)))
    return PoolCaseload(
        pool=pool,
        open_cases=open_cases,
        not_allocated=free,
        workers=workers,
        mean=sum(held) / workers if workers else None,
        most=max(held, default=None),
    )


def _held(visits: Table, service: Service, as_of_us: int) -> Table:
    """`case`, `pool` and `worker` of every open case in every pool where it is open; null where nobody holds it."""
    known = known_at(visits, service, as_of_us)
    still_open = known.filter(known.ended_us.isnull())
    direct = still_open.filter(still_open.worker.notnull()).select("case", "pool", "worker").distinct()
    places = still_open.select("case", "pool").distinct().anti_join(direct, ["case", "pool"])
    past = known.filter(known.worker.notnull(), known.ended_us.notnull())
    # Only the past of open cases matters, and of most logs that is a small part.
    before = past.semi_join(places, ["case", "pool"])
    inherited = places.left_join(_last_worker(before, ["case", "pool"]), ["case", "pool"])
    held = ibis.union(direct, inherited.select("case", "pool", "worker"))
    unstaffed = [name for name, step in service.steps.items() if step.pool is None]
    if not unstaffed:
        return held
    away = visits.filter(visits.step.isin(unstaffed), visits.joined_us <= as_of_us)
    away = away.filter(away.ended_us.isnull() | (away.ended_us > as_of_us)).select("case").distinct()
    away = away.anti_join(still_open, "case")
    last = _last_worker(past.semi_join(away, "case"), ["case"])
    return ibis.union(held, away.join(last, "case").select("case", "pool", "worker"))


def _last_worker(past: Table, keys: list[str]) -> Table:
    """The worker on the visit that ended last, for each of the keys; of several, the first by pool and name."""
    latest = past.group_by(*keys).agg(ended_us=past.ended_us.max())
    ending = past.join(latest, [*keys, "ended_us"])
    if "pool" not in keys:
        first = ending.group_by(*keys).agg(pool=ending.pool.min())
        ending = ending.join(first, [*keys, "pool"])
        return ending.group_by(*keys, "pool").agg(worker=ending.worker.min())
    return ending.group_by(*keys).agg(worker=ending.worker.min())


def _notes(pools: list[PoolCaseload], as_of: str) -> tuple[str, ...]:
    total = sum(pool.open_cases for pool in pools)
    if not total:
        return (f"No case is open in any pool at {as_of}.", NONE_OPEN_NOTE)
    free = sum(pool.not_allocated for pool in pools)
    return (
        f"{counted(total, 'open case')} at {as_of}, a case that is open in several pools counted in each. Not "
        f"allocated to anyone: {free:,}.",
        "A worker holds a case when they are on an open visit of it, or, where no open visit names a worker, when "
        "they were the last to work on it in that pool.",
    )
