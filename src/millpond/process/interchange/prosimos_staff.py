"""People who may each do some tasks, as pools with named workers who help in other pools.

Tasks that the same people may do share a pool. Whoever may do the tasks of several pools is at home in one of them and
helps in the others, so that who may do what is kept exactly; in which order they look for work is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from millpond.model.hours import Week
from millpond.process.interchange.results import NotKept

MOST_PEOPLE = 2_000


@dataclass(frozen=True)
class Person:
    """Somebody of Prosimos's ``resource_list``: one or several people alike.

    Attributes:
        id, name: of the resource.
        profile: the profile that it is part of.
        amount: how many people it stands for.
        calendar: the name and the hours of its calendar; None where it has none.
        cost: what an hour costs.
    """

    id: str
    name: str
    profile: str
    amount: int
    calendar: tuple[str, Week] | None
    cost: float

    @property
    def works(self) -> bool:
        """Whether there is anybody, and any hour in which they work."""
        return self.amount > 0 and self.calendar is not None and any(self.calendar[1])


@dataclass(frozen=True)
class Staffed:
    """Pools and workers under the keys of service.toml, the pool of each step, and what is to be said of them."""

    pools: dict[str, Any]
    workers: dict[str, Any]
    of_step: dict[str, str]
    notes: tuple[str, ...]
    not_kept: tuple[NotKept, ...]


def put_to_pools(doing: Mapping[str, tuple[str, ...]], people: Mapping[str, Person]) -> Staffed:
    """The pools of some steps.

    Args:
        doing: the people who may do each step, by their ids.
        people: everybody, by id.
    """
    groups: dict[frozenset[str], list[str]] = {}
    for step, able in doing.items():
        groups.setdefault(frozenset(id for id in able if people[id].works), []).append(step)
    groups.pop(frozenset(), None)
    names = _names(groups, people)
    pools_of: dict[str, list[frozenset[str]]] = {}
    for group in groups:
        for id in group:
            pools_of.setdefault(id, []).append(group)
    homes = _homes(groups, pools_of)
    pools: dict[str, Any] = {}
    workers: dict[str, Any] = {}
    not_kept: list[NotKept] = []
    for group, pool in names.items():
        at_home = [people[id] for id in sorted(group) if homes[id] == group]
        pools[pool] = _pool(at_home or [people[id] for id in sorted(group)], pool, not_kept)
        alone = all(len(pools_of[each.id]) == 1 for each in at_home)
        if alone and len({each.calendar for each in at_home}) == 1 and at_home:
            pools[pool]["workers"] = float(sum(each.amount for each in at_home))
            continue
        for each in at_home:
            also = [names[other] for other in pools_of[each.id] if other != group]
            calendar = each.calendar[0] if each.calendar else None
            for number in range(1, min(each.amount, MOST_PEOPLE) + 1):
                name = each.name if each.amount == 1 else f"{each.name} {number}"
                name = name if name not in workers else f"{each.profile} {name}"
                workers[name] = {"pool": pool, "calendar": calendar, **({"also": also} if also else {})}
    unused = [each for id, each in people.items() if id not in pools_of]
    for each in unused:
        reason = "nobody, or never at work" if not each.works else "it may do none of the tasks"
        not_kept.append(NotKept("resource_profiles", each.id, each.name, f"left out: {reason}"))
    of_step = {step: names[group] for group, steps in groups.items() for step in steps}
    notes = [f"Tasks that the same people may do share a pool: {len(pools)} for {len(of_step)} tasks."]
    if any("also" in worker for worker in workers.values()):
        notes.append(
            "Whoever may do the tasks of several pools is at home in one, and helps in the others when it has no work."
        )
    return Staffed(pools, workers, of_step, tuple(notes), tuple(not_kept))


def _names(groups: Mapping[frozenset[str], list[str]], people: Mapping[str, Person]) -> dict[frozenset[str], str]:
    names: dict[frozenset[str], str] = {}
    for group, steps in groups.items():
        profiles = {people[id].profile for id in group}
        name = profiles.pop() if len(profiles) == 1 else f"staff for {steps[0]}"
        number, free = 1, name
        while free in names.values():
            number += 1
            free = f"{name} ({number})"
        names[group] = free
    return names


def _homes(
    groups: Mapping[frozenset[str], list[str]], pools_of: Mapping[str, list[frozenset[str]]]
) -> dict[str, frozenset[str]]:
    """Where everybody is at home: in the pool with the most tasks, once every pool has somebody where it can."""
    homes: dict[str, frozenset[str]] = {}
    for group in sorted(groups, key=lambda each: (len(each), sorted(each))):
        free = [id for id in sorted(group) if id not in homes]
        if free:
            homes[min(free, key=lambda id: (len(pools_of[id]), id))] = group
    for id, own in pools_of.items():
        if id not in homes:
            homes[id] = max(own, key=lambda group: (len(groups[group]), sorted(group)))
    return homes


def _pool(people: list[Person], pool: str, not_kept: list[NotKept]) -> dict[str, Any]:
    costs = [(each.cost, each.amount) for each in people]
    mean = sum(cost * amount for cost, amount in costs) / sum(amount for _, amount in costs)
    if len({cost for cost, _ in costs}) > 1:
        reason = f"its people cost different amounts an hour; all have the mean, {mean:.4g}"
        not_kept.append(NotKept("resource_profiles", "", pool, reason))
    calendar = people[0].calendar
    return {"cost_per_hour": mean, **({"calendar": calendar[0]} if calendar else {})}
