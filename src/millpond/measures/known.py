"""The visit log as it was known at one instant, with each visit in the pool whose queue it stands in.

Every measure starts here, so that all of them agree on what is open, what is withdrawn and whose work it is. What
happened after ``as_of`` is unknown: a visit that ended later is still open, one that joined later is not there yet.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from millpond.measures.results import whole_microseconds
from millpond.model import Service

UNASSIGNED = "unassigned"
"""The pool of visits whose step the service does not describe and whose record names no pool."""


def known_at(
    visits: Table,
    service: Service,
    as_of_us: int,
    homes: Mapping[str, str] | None = None,
    *,
    is_past: bool = False,
) -> Table:
    """The visits known at an instant.

    Args:
        visits: the normalised visit log (see the reference page on records).
        service: says which pool each step queues for, and which outcomes are withdrawals.
        as_of_us: the instant, in microseconds since 1970-01-01 UTC; events at this very instant are known.
        homes: the home pool of each worker whose home is known (see `millpond.measures.homes`).
        is_past: the caller knows that nothing on record happened after the instant; the query is then simpler.

    Returns:
        The visits that had joined, without those at steps that need no staff. `pool` is the pool whose queue the
        visit stands in: its step's pool, else the recorded one, else `UNASSIGNED`. `home` is the home pool of the
        worker who took it, else the recorded pool, else `pool`. `planned_us` are the planned minutes of the step, in
        microseconds; null where it has none. `withdrawn` is true where the visit has ended with
        a withdrawn outcome. Starts and ends after the instant are null, and so are the minutes and the outcome of
        a visit that started or ended after it.
    """
    unstaffed = [name for name, step in service.steps.items() if step.pool is None]
    joined = visits.filter(visits.joined_us <= as_of_us)
    if unstaffed:
        joined = joined.filter(joined.step.notin(unstaffed))
    joined = with_home(_with_step(joined, service), homes or {})
    pool = ibis.coalesce(joined.step_pool, joined.pool, ibis.literal(UNASSIGNED))
    joined = joined.mutate(pool=pool, home=ibis.coalesce(joined.worker_home, joined.pool, pool))
    joined = joined.drop("step_pool", "worker_home")
    if not is_past:
        joined = _without_later(joined, as_of_us)
    withdrawn = joined.outcome.isin(list(service.withdrawn_outcomes)).fill_null(False)
    return joined.mutate(withdrawn=joined.ended_us.notnull() & withdrawn)


def _without_later(visits: Table, as_of_us: int) -> Table:
    """The visits without the starts, ends, and what came with the ends, that lay beyond an instant."""
    started = (visits.started_us <= as_of_us).fill_null(False)
    ended = (visits.ended_us <= as_of_us).fill_null(False)
    hidden = (visits.ended_us > as_of_us).fill_null(False) | (visits.started_us > as_of_us).fill_null(False)
    nothing = ibis.null("int64")
    return visits.mutate(
        started_us=ibis.ifelse(started, visits.started_us, nothing),
        started_day=ibis.ifelse(started, visits.started_day, ibis.null("int32")),
        ended_us=ibis.ifelse(ended, visits.ended_us, nothing),
        ended_day=ibis.ifelse(ended, visits.ended_day, ibis.null("int32")),
        minutes_us=ibis.ifelse(hidden, nothing, visits.minutes_us),
        outcome=ibis.ifelse(hidden, ibis.null("string"), visits.outcome),
    )


def pool_of(step: str, recorded: str | None, service: Service) -> str:
    """The pool whose queue a visit at a step stands in: the step's, else the recorded one, else `UNASSIGNED`."""
    known = service.steps.get(step)
    return (known.pool if known else None) or recorded or UNASSIGNED


def _with_step(visits: Table, service: Service) -> Table:
    """Adds what the service says of each visit's step: `step_pool` and `planned_us`."""
    steps = service.steps.values()
    described = ibis.memtable(
        pa.table(
            {
                "described_step": pa.array(list(service.steps), pa.string()),
                "step_pool": pa.array([step.pool for step in steps], pa.string()),
                "planned_us": pa.array([_microseconds(step.planned_minutes) for step in steps], pa.int64()),
            }
        )
    )
    return visits.left_join(described, [("step", "described_step")]).drop("described_step")


def with_home(visits: Table, homes: Mapping[str, str]) -> Table:
    """Adds `worker_home`, the home pool of each row's worker; null where it is not known."""
    if not homes:
        return visits.mutate(worker_home=ibis.null("string"))
    known = ibis.memtable(
        pa.table(
            {"home_of": pa.array(list(homes), pa.string()), "worker_home": pa.array(list(homes.values()), pa.string())}
        )
    )
    return visits.left_join(known, [("worker", "home_of")]).drop("home_of")


def _microseconds(minutes: float | None) -> int | None:
    return None if minutes is None else whole_microseconds(minutes)
