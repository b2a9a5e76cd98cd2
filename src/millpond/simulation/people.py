"""The workers of a service over a span of days, as tables: stretches of work, budgets, and what each can do.

Workers with the same stretches share a roster. What comes out knows no dates, only milliseconds and day indexes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from millpond.model import Policy, Pool, Service, Worker
from millpond.periods import calendar_key, staffed, weekday
from millpond.simulation.horizon import Horizon, Stretch


@dataclass(frozen=True)
class Person:
    """A worker for the length of a simulation.

    Attributes:
        name: the named worker's id, or the pool and a number.
        pool: home pool.
        skills: what the worker can do, the pool's skills with it.
        also: further pools where the worker helps, in order.
        caseload: the most open cases at a time; None where there is no limit.
        absence: share of working days away.
        policy: the policy that calls the worker in; None for those who are always there.
        lent: the name of the worker of another pool who this is, while lent; None for all others.
        days: for each day the stretches of work, in milliseconds from the start.
        open_ms: for each day the time within stretches.
        budget: for each day the direct time, milliseconds; -1 where the stretches are the only limit.
        is_here: for each day whether the worker, or a part of one, is in the job, open or not.
    """

    name: str
    pool: str
    skills: frozenset[str]
    also: tuple[str, ...]
    caseload: int | None
    absence: float
    policy: str | None
    lent: str | None
    days: tuple[tuple[Stretch, ...], ...]
    open_ms: npt.NDArray[np.int64]
    budget: npt.NDArray[np.int64]
    is_here: npt.NDArray[np.bool_]

    @property
    def given_ms(self) -> npt.NDArray[np.int64]:
        """For each day what the worker gives when there."""
        return self.budget if self.has_budget else self.open_ms

    @property
    def last_hours_end(self) -> int:
        """When the worker's last stretch ends, in milliseconds from the start; 0 where there is none."""
        return next((day[-1][1] for day in reversed(self.days) if day), 0)

    @property
    def has_budget(self) -> bool:
        """Whether on any day less than the stretches may be given."""
        return bool((self.budget >= 0).any())


def hours_of(service: Service, horizon: Horizon, who: str, pool: str) -> tuple[tuple[Stretch, ...], ...]:
    """The hours of a worker on each day if there: their own calendar's, or the pool's as staffed on the day.

    Args:
        service: the service, however it stands.
        horizon: the days.
        who: a named worker's id, or any other name for somebody without a calendar of their own.
        pool: home pool.
    """
    named = service.workers.get(who)
    own = named.calendar if named is not None and named.pool == pool else None
    found = []
    for index in range(horizon.days):
        key = calendar_key(service, own or staffed(service.pools[pool], horizon.first_day + index).calendar)
        found.append(horizon.opened(service, key)[index])
    return tuple(found)


def people_of(service: Service, horizon: Horizon) -> tuple[Person, ...]:
    """Everybody who works in a service: pool by pool, the named first, and last those whom policies call in.

    Who is lent stands there twice: at home, and among those whom the policy calls in.
    """
    kept = horizon.kept.get("people")
    if kept is None or kept[0] is not service:
        own = tuple(_at_home(service, horizon))
        kept = horizon.kept["people"] = service, (*own, *_called_in(service, horizon, own))
    people: tuple[Person, ...] = kept[1]
    return people


def lent_by(service: Service, horizon: Horizon, own: tuple[Person, ...]) -> dict[str, tuple[Person, ...]]:
    """The workers whom the policies lend, by policy: those with the most time in the days simulated, the last first.

    Nobody is lent by two policies. There are fewer than a policy asks for where its pool has no more.

    Args:
        service: the service.
        horizon: the days that are simulated.
        own: its own workers.
    """
    time = [int(person.given_ms[: horizon.until].sum()) for person in own]
    taken: set[int] = set()
    found = {}
    for key, policy in service.policies.items():
        there = [
            place
            for place, person in enumerate(own)
            if person.pool == policy.lent_by and time[place] > 0 and place not in taken
        ]
        chosen = sorted(there, key=lambda place: (-time[place], -place))[: policy.workers]
        taken |= set(chosen)
        found[key] = tuple(own[place] for place in chosen)
    return found


def paid_hours(people: tuple[Person, ...], days: slice) -> dict[str, npt.NDArray[np.float64]]:
    """By policy that lends workers, how many hours each hour elsewhere stands for at home, on each of some days.

    Where a policy lends several who give different shares of their time, it is their mean.

    Args:
        people: everybody, from `people_of`.
        days: which days.
    """
    by_name = {person.name: person for person in people}
    found = {}
    for policy in dict.fromkeys(person.policy for person in people if person.policy and person.lent):
        lent = [person for person in people if person.policy == policy]
        elsewhere = np.sum([person.given_ms[days] for person in lent], axis=0)
        at_home = np.sum([by_name[person.lent or ""].given_ms[days] for person in lent], axis=0)
        found[policy or ""] = np.where(elsewhere > 0, at_home / np.maximum(elsewhere, 1), 1.0)
    return found


def _called_in(service: Service, horizon: Horizon, own: tuple[Person, ...]) -> Iterator[Person]:
    lent = lent_by(service, horizon, own)
    for key, policy in service.policies.items():
        if policy.lent_by is not None:
            for number, person in enumerate(lent[key], 1):
                yield _elsewhere(service, horizon, f"{key} {number}", key, policy, person)
            continue
        days = [staffed(service.pools[policy.pool], horizon.first_day + index) for index in range(horizon.days)]
        for number in range(policy.workers):
            yield _person(
                service, horizon, f"{key} {number + 1}", policy.pool, None, days, [1.0] * horizon.days, (key, policy)
            )


def _elsewhere(service: Service, horizon: Horizon, who: str, key: str, policy: Policy, person: Person) -> Person:
    """A worker as one of the pool to which a policy lends them: in their own hours, away when they would be away."""
    pool = service.pools[policy.pool]
    budget = person.budget
    if policy.minutes_per_day is not None:
        most = round(policy.minutes_per_day * 60_000)
        budget = np.minimum(person.given_ms, most)
    return Person(
        name=who,
        pool=policy.pool,
        skills=person.skills | frozenset(pool.skills),
        also=(),
        caseload=pool.caseload,
        absence=person.absence,
        policy=key,
        lent=person.name,
        days=person.days,
        open_ms=person.open_ms,
        budget=budget,
        is_here=person.is_here,
    )


def _at_home(service: Service, horizon: Horizon) -> Iterator[Person]:
    for name, pool in service.pools.items():
        days = [staffed(pool, horizon.first_day + index) for index in range(horizon.days)]
        named = dict(service.workers_of(name))
        present = [[who for who, one in named.items() if one.is_here(horizon.date(day))] for day in range(horizon.days)]
        places = [
            float(len(here)) if on_day.workers is None else on_day.workers
            for here, on_day in zip(present, days, strict=True)
        ]
        for who, worker in named.items():
            # In whole-time places, as capacity counts them: names beyond the places share them.
            shares = [
                min(count / len(here), 1.0) if who in here else 0.0 for count, here in zip(places, present, strict=True)
            ]
            yield _person(service, horizon, who, name, worker, days, shares)
        beyond = np.array([count - len(here) for count, here in zip(places, present, strict=True)], dtype=np.float64)
        before: tuple[npt.NDArray[np.float64], Person] | None = None
        for number in range(int(np.ceil(beyond.max(initial=0.0)))):
            rest = np.clip(beyond - number, 0.0, 1.0)
            who = f"{name} {number + 1}"
            if before is not None and np.array_equal(before[0], rest):
                yield replace(before[1], name=who)
                continue
            before = rest, _person(service, horizon, who, name, None, days, rest.tolist())
            yield before[1]


def _person(
    service: Service,
    horizon: Horizon,
    who: str,
    name: str,
    worker: Worker | None,
    days: list[Pool],
    shares: list[float],
    extra: tuple[str, Policy] | None = None,
) -> Person:
    pool = service.pools[name]
    stretches: list[tuple[Stretch, ...]] = []
    budget = np.full(horizon.days, -1, dtype=np.int64)
    for index, (on_day, share) in enumerate(zip(days, shares, strict=True)):
        key = calendar_key(service, (worker.calendar if worker else None) or on_day.calendar)
        opened = horizon.opened(service, key)[index] if share > 0 else ()
        stretches.append(opened)
        own = worker.minutes_per_day if worker else extra[1].minutes_per_day if extra else None
        direct = _direct_share(service, key, on_day.minutes_per_day if own is None else own, horizon.first_day + index)
        if opened and direct * share < 1:
            budget[index] = round(sum(end - start for start, end in opened) * direct * share)
    open_ms = np.array([sum(end - start for start, end in day) for day in stretches], dtype=np.int64)
    if not (budget[: horizon.until] >= 0).any():
        # What is limited only after the end limits nobody before it.
        budget[:] = -1
    else:
        # Where some days have a limit, the others have their whole time.
        budget = np.where(budget < 0, open_ms, budget)
    caseload = pool.caseload if worker is None or worker.caseload is None else worker.caseload
    absence = pool.absence if worker is None or worker.absence is None else worker.absence
    return Person(
        name=who,
        pool=name,
        skills=frozenset((*pool.skills, *(worker.skills if worker else ()))),
        also=tuple(worker.also) if worker else (),
        caseload=caseload,
        absence=absence,
        policy=extra[0] if extra else None,
        lent=None,
        days=tuple(stretches),
        open_ms=open_ms,
        budget=budget,
        is_here=np.array(shares) > 0,
    )


def _direct_share(service: Service, key: str, minutes: float | None, day: int) -> float:
    """The share of an opening that goes to visits: the minutes of a day over that weekday's hours, as for capacity."""
    if minutes is None:
        return 1.0
    usual = sum(end - start for start, end in service.effective_calendars[key].weekly[weekday(day)])
    return min(minutes / usual, 1.0) if usual else 0.0
