"""One home pool for every worker, so that capacity counts once and work for another pool shows as lent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from millpond.measures.known import UNASSIGNED, pool_of
from millpond.measures.overview import Overview, Taken
from millpond.model import Service
from millpond.records.rota import Shift


def homes(service: Service, rota: Iterable[Shift], seen: Overview) -> dict[str, str]:
    """The home pool of each worker.

    Args:
        service: a worker that it names belongs to the pool that it says.
        rota: else, to the pool in which the rota has them available longest.
        seen: else, to the pool for which they took most visits.

    Returns:
        Worker to pool. A tie goes to the pool whose name comes first.
    """
    by_visits = _largest(
        (taken.worker, pool_of(taken.step, taken.pool, service), taken.visits)
        for taken in seen.taken
        if taken.worker is not None and _has_pool(taken, service)
    )
    by_rota = _largest(
        (shift.worker, shift.pool, shift.ends_us - shift.starts_us)
        for shift in rota
        if shift.kind == "available" and shift.pool
    )
    named = {name: worker.pool for name, worker in service.workers.items()}
    return {**by_visits, **by_rota, **named}


def _has_pool(taken: Taken, service: Service) -> bool:
    """Whether the visits queue for a pool at all: a step that needs no staff is nobody's home."""
    step = service.steps.get(taken.step)
    needs_staff = step is None or step.pool is not None
    return needs_staff and pool_of(taken.step, taken.pool, service) != UNASSIGNED


def _largest(amounts: Iterable[tuple[str, str, int]]) -> dict[str, str]:
    totals: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for worker, pool, amount in amounts:
        totals[worker][pool] += amount
    return {worker: min(pools, key=lambda pool: (-pools[pool], pool)) for worker, pools in totals.items()}
