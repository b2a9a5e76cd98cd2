"""Who is at work when: the workers of a service with their stretches and budgets of each day.

What they do is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil

from millpond.model import Policy, Pool, Service
from millpond.periods import calendar_key
from tests.reference.clock import Clock, Span
from tests.reference.draws import ABSENCE, Luck, happens


@dataclass(frozen=True)
class DayAtWork:
    """A worker's day: when open, and how much direct work it holds (None: as much as fits)."""

    stretches: list[Span]
    budget: int | None

    @property
    def capacity(self) -> int:
        return sum(closes - opens for opens, closes in self.stretches) if self.budget is None else self.budget


@dataclass(frozen=True)
class Person:
    """A worker, as far as it is known in advance.

    `on_paper` has the days with stretches, `days` those of them on which the worker is not away; once the run is over,
    those on which the worker was there. `in_the_job` are the days on which a place is theirs, or part of one, whether
    open or not.
    """

    index: int
    name: str
    pool: str
    skills: frozenset[str]
    also: tuple[str, ...]
    caseload: int | None
    absence: float
    is_called: bool = False
    on_paper: dict[int, DayAtWork] = field(default_factory=dict)
    days: dict[int, DayAtWork] = field(default_factory=dict)
    in_the_job: set[int] = field(default_factory=set)

    def stretches(self) -> list[Span]:
        return [span for day in sorted(self.days) for span in self.days[day].stretches]


def people_of(service: Service, clock: Clock, luck: Luck) -> list[Person]:
    """All workers, pool by pool in the order of the file: the named ones, then those beyond them by number.

    The pool's number of workers is in whole-time places: the named who are in the job share them, a whole place each
    at most, and places beyond are held by the numbered.
    """
    people: list[Person] = []
    for name, pool in service.pools.items():
        days = range(clock.known_days)
        staffed = [pool.on(clock.date(day)) if pool.changes else pool for day in days]
        named = dict(service.workers_of(name))
        here = [[key for key, worker in named.items() if worker.is_here(clock.date(day))] for day in days]
        places = [len(here[day]) if staffed[day].workers is None else staffed[day].workers or 0.0 for day in days]
        beyond = [max(places[day] - len(here[day]), 0.0) for day in days]
        for key, worker in named.items():
            person = Person(
                index=len(people),
                name=key,
                pool=name,
                skills=frozenset((*pool.skills, *worker.skills)),
                also=tuple(worker.also),
                caseload=worker.caseload if worker.caseload is not None else pool.caseload,
                absence=worker.absence if worker.absence is not None else pool.absence,
            )
            shares = [min(places[day] / len(here[day]), 1.0) if key in here[day] else 0.0 for day in days]
            people.append(
                _at_work(person, service, clock, luck, staffed, shares, worker.calendar, worker.minutes_per_day)
            )
        for number in range(ceil(max(beyond, default=0.0))):
            person = Person(
                index=len(people),
                name=f"{name} {number + 1}",
                pool=name,
                skills=frozenset(pool.skills),
                also=(),
                caseload=pool.caseload,
                absence=pool.absence,
            )
            shares = [min(1.0, max(0.0, beyond[day] - number)) for day in days]
            people.append(_at_work(person, service, clock, luck, staffed, shares, None, None))
    return people


def extra_people(
    service: Service, name: str, policy: Policy, first_index: int, clock: Clock, luck: Luck
) -> list[Person]:
    """The workers whom a policy may call, with all the days on which they could be called."""
    pool = service.pools[policy.pool]
    staffed = [pool.on(clock.date(day)) for day in range(clock.known_days)]
    people = []
    for place in range(policy.workers):
        person = Person(
            index=first_index + place,
            name=f"{name} {place + 1}",
            pool=policy.pool,
            skills=frozenset(pool.skills),
            also=(),
            caseload=pool.caseload,
            absence=pool.absence,
            is_called=True,
        )
        shares = [1.0] * clock.known_days
        people.append(_at_work(person, service, clock, luck, staffed, shares, None, policy.minutes_per_day))
    return people


def lent_by(policy: Policy, people: list[Person], taken: set[int], clock: Clock) -> list[Person]:
    """The workers whom a policy lends: of the pool's own those with the most time, of those the last."""

    def time(person: Person) -> int:
        return sum(at_work.capacity for day, at_work in person.on_paper.items() if day < clock.days)

    own = [one for one in people if one.pool == policy.lent_by and not one.is_called and one.index not in taken]
    return sorted((one for one in own if time(one)), key=lambda one: (-time(one), -one.index))[: policy.workers]


def lent_people(service: Service, name: str, policy: Policy, first_index: int, lent: list[Person]) -> list[Person]:
    """The lent workers as they are elsewhere: in their own hours, and away when they would be away at home."""
    pool = service.pools[policy.pool]
    found = []
    for place, one in enumerate(lent):
        double = Person(
            index=first_index + place,
            name=f"{name} {place + 1}",
            pool=policy.pool,
            skills=one.skills | frozenset(pool.skills),
            also=(),
            caseload=pool.caseload,
            absence=one.absence,
            is_called=True,
        )
        for day, at_work in one.on_paper.items():
            budget = at_work.budget
            if policy.minutes_per_day is not None:
                budget = min(round(policy.minutes_per_day * 60_000), at_work.capacity)
            double.on_paper[day] = DayAtWork(at_work.stretches, budget)
            if day in one.days:
                double.days[day] = double.on_paper[day]
        found.append(double)
    return found


def _at_work(
    person: Person,
    service: Service,
    clock: Clock,
    luck: Luck,
    staffed: list[Pool],
    shares: list[float],
    calendar: str | None,
    minutes: float | None,
) -> Person:
    """Give a worker their days. Where some day of the run has a budget, every day has one: else the whole opening."""
    limited = False
    for day, (pool, share) in enumerate(zip(staffed, shares, strict=True)):
        key = calendar_key(service, calendar or pool.calendar)
        stretches = clock.openings(key, day)
        if share > 0:
            person.in_the_job.add(day)
        if share == 0 or not stretches:
            continue
        length = sum(closes - opens for opens, closes in stretches)
        own = pool.minutes_per_day if minutes is None else minutes
        usual = sum(end - start for start, end in service.effective_calendars[key].weekly[clock.date(day).weekday()])
        direct = 1.0 if own is None else min(own / usual, 1.0)
        limited = limited or (direct * share < 1 and day < clock.days)
        person.on_paper[day] = DayAtWork(stretches, round(length * direct * share))
    for day, at_work in person.on_paper.items():
        if not limited:
            at_work = person.on_paper[day] = DayAtWork(at_work.stretches, None)
        if not happens(luck.words(person.name, clock.number(day), ABSENCE)[0], person.absence):
            person.days[day] = at_work
    return person
