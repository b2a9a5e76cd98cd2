"""Finds the process map in records: counts, work and waiting of each step and each way, in a few passes over arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from ibis.expr.types import Table

from millpond.model import Service, label_of
from millpond.periods import moment_of
from millpond.process.delays import delays_of
from millpond.process.events import UNKNOWN
from millpond.process.failure import WITHIN_DAYS, failure_demand
from millpond.process.resting import notes_on
from millpond.process.results import Lane, MapEndings, MapStep, MapSteps, MapWays, ProcessMap
from millpond.process.seen import seen
from millpond.process.sums import endings_of, steps_of, ways_of


def process_map(
    visits: Table,
    service: Service,
    as_of_us: int,
    *,
    spells: Table | None = None,
    person: str | None = None,
    within_days: int = WITHIN_DAYS,
    group: str = "",
) -> ProcessMap:
    """The process as it really happened.

    Args:
        visits: the normalised visit log.
        service: says what steps and pools are called, who works for whom and when, and what was planned.
        as_of_us: the instant after which nothing is known, in microseconds since 1970-01-01 UTC.
        spells: the spells of work, where there are any.
        person: the column that names the person, to find repeat contacts; found by its name where left out.
        within_days: within how many days a contact of the same person for the same thing is a repeat.
        group: which cases these are, for maps that are compared.

    Raises:
        WrongUse: there is no column of that name.
    """
    shown = seen(visits, service, as_of_us, spells)
    events = shown.events
    steps = steps_of(shown, service)
    ways = ways_of(shown)
    pools = {name: label_of(service.pools, name) for name in events.pools}
    zone = service.zone
    instants = np.concatenate([column[column != UNKNOWN] for column in (events.seen, events.ended)])
    days = (
        [moment_of(int(us), zone).date().isoformat() for us in (instants.min(), instants.max())] if len(events) else []
    )
    demand = failure_demand(visits, events, shown.work, person=person, within_days=within_days)
    return ProcessMap(
        service=service.name,
        group=group,
        as_of=moment_of(as_of_us, zone).isoformat(timespec="seconds"),
        first_day=days[0] if days else "",
        last_day=days[1] if days else "",
        cases=len(events.cases),
        open_cases=int((events.first & shown.follows.open).sum()),
        visits=len(events),
        steps=MapSteps(steps, ()),
        ways=MapWays(ways, ()),
        endings=MapEndings(endings_of(shown), ()),
        lanes=_lanes(steps, service, pools),
        delays=delays_of(steps, ways, pools),
        demand=demand,
        notes=notes_on(shown, steps),
    )


def _lanes(steps: Iterable[MapStep], service: Service, pools: Mapping[str, str]) -> tuple[Lane, ...]:
    """Who works where: pools in the order in which cases come to them, those of an organisation together."""
    found: dict[tuple[str | None, str], list[str]] = {}
    for step in sorted(steps, key=lambda step: (-step.first, -step.visits, step.step)):
        found.setdefault((step.organisation, step.pool), []).append(step.step)
    organisations = list(dict.fromkeys(organisation for organisation, _ in found))
    ordered = sorted(found, key=lambda lane: organisations.index(lane[0]))
    return tuple(
        Lane(pool, pools[pool], organisation, tuple(found[organisation, pool])) for organisation, pool in ordered
    )
