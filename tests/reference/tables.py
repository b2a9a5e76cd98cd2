"""Demand, capacity, activity and the rest of each day, from the visits and spells alone by their definitions.

Nothing of how the visits came about is used, but for who was there when.
"""

from __future__ import annotations

from millpond.model import Service
from tests.reference.clock import Clock, Span
from tests.reference.roster import Person
from tests.reference.values import Daily, Spell, Visit


def need(visit: Visit) -> int:
    """What a visit needs in all: ended, what it had; else as planned, or what it has had if that is more."""
    if visit.ended is not None:
        return visit.work
    return max(visit.planned, visit.work)


def daily_flows(service: Service, clock: Clock, visits: list[Visit], spells: list[Spell]) -> tuple[Daily, Daily, Daily]:
    """Demand, activity and withdrawn, by the pool of the step."""
    demand, activity, withdrawn = (_nothing(service, clock) for _ in range(3))
    for visit in visits:
        pool = service.steps[visit.step].pool
        if pool is not None:
            demand[pool][clock.day(visit.joined)] += need(visit)
            if visit.left is not None:
                withdrawn[pool][clock.day(visit.left)] += need(visit) - visit.work
    for spell in spells:
        pool = service.steps[visits[spell.visit].step].pool
        assert pool is not None
        activity[pool][clock.day(spell.start)] += spell.end - spell.start
    return demand, activity, withdrawn


def daily_people(
    service: Service, clock: Clock, people: list[Person], spells: list[Spell]
) -> tuple[Daily, Daily, Daily]:
    """Capacity, what was used of the time within stretches, and overtime, by the worker's home."""
    capacity, used, overtime = (_nothing(service, clock) for _ in range(3))
    by_name = {person.name: person for person in people}
    for person in people:
        for day, at_work in person.days.items():
            if day < clock.days:
                capacity[person.pool][day] += at_work.capacity
    for spell in spells:
        person = by_name[spell.worker]
        day = clock.day(spell.start)
        inside = sum(_shared(span, spell) for span in person.days[day].stretches) if day in person.days else 0
        used[person.pool][day] += inside
        overtime[person.pool][day] += spell.end - spell.start - inside
    return capacity, used, overtime


def split_by_day(clock: Clock, start: int, end: int) -> list[Span]:
    """A span cut at each local midnight."""
    spans = []
    while start < end:
        stop = min(end, clock.midnight(clock.day(start) + 1))
        spans.append((start, stop))
        start = stop
    return spans


def _shared(span: Span, spell: Spell) -> int:
    return max(0, min(span[1], spell.end) - max(span[0], spell.start))


def _nothing(service: Service, clock: Clock) -> Daily:
    return {pool: [0] * clock.days for pool in service.pools}
