"""Who works in a service, what only one of them can do, and the service in which one is away.

Who is away keeps their cases and their name: only their calendar is closed on those days. Nothing is simulated here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from millpond.model import Calendar, Service, Worker
from millpond.planning.dependence_rows import HoldingRow, Holdings


@dataclass(frozen=True)
class Person:
    """Somebody who may be away, or one of several places of a pool that nobody is named for.

    Attributes:
        name: the worker's key, or the pool and a number.
        worker: as described, or as a place is.
        alike: for how many people it stands.
        pools, skills: what the person can do.
    """

    name: str
    worker: Worker
    alike: int
    pools: frozenset[str]
    skills: frozenset[str]


def people_of(service: Service, first_day: date) -> list[Person]:
    """Everybody who works there on the first day; places of a pool without names are one entry.

    Args:
        service: the service.
        first_day: the day.
    """
    found = []
    for name, pool in service.pools.items():
        here = service.workers_of(name, first_day)
        for who, worker in here.items():
            skills = frozenset((*pool.skills, *worker.skills))
            found.append(Person(who, worker, 1, frozenset((name, *worker.also)), skills))
        beyond = ceil(max(service.headcount(name, first_day) - len(here), 0))
        if beyond:
            place = Person(f"{name} {beyond}", Worker(pool=name), beyond, frozenset((name,)), frozenset(pool.skills))
            found.append(place)
    return found


def holdings_of(service: Service, people: list[Person]) -> Holdings:
    """How many people each pool and each skill rests on.

    Args:
        service: the service.
        people: all of them, as of `people_of`.
    """
    kinds = [("pool", name) for name in service.pools]
    skills = [
        *(skill for one in people for skill in sorted(one.skills)),
        *(step.skill for step in service.steps.values()),
    ]
    kinds += [("skill", name) for name in dict.fromkeys(skills) if name is not None]
    rows = []
    for kind, name in kinds:
        able = [one for one in people if name in (one.pools if kind == "pool" else one.skills)]
        count = sum(one.alike for one in able)
        rows.append(HoldingRow(kind, name, count, able[0].name if count == 1 else None))
    return Holdings(rows=tuple(rows), notes=())


def held_alone(one: Person, people: list[Person]) -> str | None:
    """The pools and skills that nobody else holds."""
    if one.alike > 1:
        return None
    others = [other for other in people if other is not one]
    held = [*(name for name in sorted(one.pools) if not any(name in other.pools for other in others))]
    held += [name for name in sorted(one.skills) if not any(name in other.skills for other in others)]
    return ", ".join(dict.fromkeys(held)) or None


def named(service: Service, one: Person, worker: Worker | None = None) -> Service:
    """The service in which the person has a name, and is as told."""
    if worker is None and one.name in service.workers:
        return service
    return service.changed(workers={**service.workers, one.name: worker or one.worker})


def without(service: Service, one: Person, first_day: date, away: int) -> Service:
    """The service in which the person's calendar is closed for so many days from the first."""
    worker = one.worker
    key = service.calendar_name(worker if worker.calendar else service.pools[worker.pool].on(first_day))
    usual = service.effective_calendars[key]
    closed = {first_day + timedelta(days=number) for number in range(away)}
    name = f"{one.name} away"
    while name in service.effective_calendars:
        name += "'"
    calendar: Calendar = usual.changed(extra_closures=tuple(sorted(closed | set(usual.extra_closures))))
    # With one calendar more, none can be left out any longer.
    pools = {
        key: pool if pool.calendar else pool.changed(calendar=service.calendar_name(pool))
        for key, pool in service.pools.items()
    }
    return service.changed(
        pools=pools,
        calendars={**service.effective_calendars, name: calendar},
        workers={**service.workers, one.name: worker.changed(calendar=name)},
    )
