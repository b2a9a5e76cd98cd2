"""A service as it stands on a day, from the policies that are called for it: key by key, the last that speaks of it.

Nothing of how the service itself combines changes is used; only what is written in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from millpond.model import Pool, Service, Step
from millpond.model.triggers import TriggeredPolicy
from tests.reference.roster import DayAtWork, Person

Called = tuple[str, ...]
"""Names of policies, in order."""


def all_callings(service: Service) -> list[Called]:
    """Every set of policies that may be called together and change something; first none."""
    names = [name for name, policy in service.policies.items() if isinstance(policy, TriggeredPolicy)]
    return [chosen for size in range(len(names) + 1) for chosen in combinations(names, size)]


def standing(service: Service, called: Called) -> Service:
    """The service on a day for which those policies are called."""
    if not called:
        return service
    policies = [policy for name in called if isinstance(policy := service.policies[name], TriggeredPolicy)]

    def last(section: str, part: str, key: str) -> Any:
        said = [getattr(getattr(policy, section)[part], key) for policy in policies if part in getattr(policy, section)]
        return next((value for value in reversed(said) if value is not None), None)

    def merged(part: str, key: str, own: Any) -> dict[str, Any]:
        found = dict(own)
        for policy in policies:
            if part in policy.steps:
                found.update(getattr(policy.steps[part], key))
        return found

    pools = {
        name: _staffed(pool, {key: last("pools", name, key) for key in ("workers", "minutes_per_day", "calendar")})
        for name, pool in service.pools.items()
    }
    steps = {}
    for name, step in service.steps.items():
        told = {key: last("steps", name, key) for key in ("minutes", "next", "patience", "group")}
        told = {key: value for key, value in told.items() if value is not None}
        for key in ("minutes_for", "after"):
            told[key] = merged(name, key, getattr(step, key))
        steps[name] = step.changed(**told)
    streams = {}
    for name, stream in service.streams.items():
        told = {key: last("streams", name, key) for key in ("first_step", "priority", "share_urgent")}
        first = told["first_step"] or stream.first_step
        for policy in policies:
            share = policy.streams[name].divert if name in policy.streams else None
            if share:
                door = policy.entrances[name]
                outcome = policy.outcome or ""
                ways = {outcome: share, first: 1 - share} if share < 1 else {outcome: 1.0}
                steps[door] = Step(next=ways)
                first = door
        told["first_step"] = first
        streams[name] = stream.changed(**{key: value for key, value in told.items() if value is not None})
    return service.changed(pools=pools, steps=steps, streams=streams)


def _staffed(pool: Pool, said: dict[str, Any]) -> Pool:
    """A pool of which some keys are said, on all its days."""
    told = {key: value for key, value in said.items() if value is not None}
    if not told:
        return pool
    changes = []
    for change in pool.changes:
        left = {
            key: None if key in told else getattr(change, key)
            for key in ("workers", "minutes_per_day", "calendar", "cost_per_hour")
        }
        if any(value is not None for value in left.values()):
            changes.append(change.changed(**left))
    return pool.changed(changes=tuple(changes), **told)


def everybody(rosters: Sequence[list[Person]]) -> list[Person]:
    """Whoever is there on some day, pool by pool, with every day on which they may be there.

    Args:
        rosters: the own workers of the service, on the days of each calling.
    """
    found: list[Person] = []
    for pool in dict.fromkeys(person.pool for roster in rosters for person in roster):
        most = max(rosters, key=lambda roster: sum(person.pool == pool for person in roster))
        for person in (person for person in most if person.pool == pool):
            alike = [one for roster in rosters for one in roster if one.name == person.name]
            on_paper = {day: at_work for one in alike for day, at_work in one.on_paper.items()}
            days = {day: on_paper[day] for one in alike for day in one.days}
            in_the_job = set().union(*(one.in_the_job for one in alike))
            found.append(replace(person, index=len(found), on_paper=on_paper, days=days, in_the_job=in_the_job))
    return found


def limited_alike(rosters: Sequence[list[Person]]) -> None:
    """Whoever has a budget on some day of some calling has one on all days of all: else the whole opening."""
    limited = {
        one.name for roster in rosters for one in roster for day in one.on_paper.values() if day.budget is not None
    }
    for person in (person for roster in rosters for person in roster if person.name in limited):
        for days in (person.on_paper, person.days):
            for day, at_work in days.items():
                days[day] = DayAtWork(at_work.stretches, at_work.capacity)
