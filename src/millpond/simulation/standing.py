"""A service that stands otherwise on some days, because a policy that changes it is called: what its tables differ in.

Each way in which it may stand (`millpond.model.in_force.states_of`) is made into tables of the same shapes. What
differs is a list of single values: which array of the kernel's `MODEL`, where in it, and what stands there in each way.
The event loop puts them in place at the beginning of a day. What somebody can give is looked up by the day instead,
because an hour worked yesterday counts as of yesterday; and hours are changed worker by worker, because what is in hand
goes on in the new ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from millpond.model import Service
from millpond.simulation import kernel
from millpond.simulation.horizon import Horizon, Stretch
from millpond.simulation.people import Person, hours_of, people_of

Ints = npt.NDArray[np.int64]
Table = dict[str, npt.NDArray[Any]]
Hours = tuple[tuple[Stretch, ...], ...]
"""The stretches of work of each day."""
GONE = -2
"""A budget of somebody who is not there on a day because of how the service stands."""
_BY_STATE = ("step_planned",)
"""What the event loop looks up by how the service stood when a visit joined."""


@dataclass(frozen=True, eq=False)
class Staff:
    """Everybody who works in a service however it stands.

    Attributes:
        people: with their hours as they are when nothing is called.
        budgets: ways x people x days, the direct time in milliseconds: -1 where hours are the only limit, `GONE` where
            they are not there. There is one way alone where it is the same in all of them.
        hours: for each way the hours of everybody; one way alone where they are the same in all of them.
    """

    people: tuple[Person, ...]
    budgets: Ints
    hours: tuple[tuple[Hours, ...], ...]


def people_in(states: Sequence[Service], horizon: Horizon) -> Staff:
    """Everybody who works in a service however it stands.

    Args:
        states: the service in every way in which it may stand.
        horizon: the days.
    """
    everybody = [people_of(state, horizon) for state in states]
    first = everybody[0]
    if all(one is first or _same(one, first) for one in everybody):
        return Staff(first, _stacked([first]), (tuple(person.days for person in first),))
    by_name = [{person.name: person for person in people} for people in everybody]
    longest: dict[str, list[Person]] = {}
    for people in everybody:
        for pool in states[0].pools:
            own = [person for person in people if person.pool == pool and person.policy is None]
            if len(own) > len(longest.get(pool, [])):
                longest[pool] = own
    order = [person for pool in states[0].pools for person in longest.get(pool, [])]
    order += [person for person in first if person.policy is not None]
    found, budgets, kept = [], [], []
    for person in order:
        alike = [people.get(person.name) for people in by_name]
        ever = np.any([one.is_here for one in alike if one], axis=0)
        hours = [
            # Who is missed on a day has hours on it all the same, at whose beginning what is in hand is handed back.
            tuple(day if here else () for day, here in zip(offered, ever, strict=True))
            for offered in (_offered(state, horizon, person) for state in states)
        ]
        whole = [np.array([sum(end - start for start, end in day) for day in days], dtype=np.int64) for days in hours]
        is_limited = any(one is not None and one.has_budget for one in alike)
        given = np.full((len(states), horizon.days), GONE, dtype=np.int64)
        for state, one in enumerate(alike):
            if one is not None:
                unlimited = whole[state] if is_limited else np.full_like(whole[state], -1)
                # On days on which nobody is ever there, nobody is missed.
                given[state] = np.where(one.is_here | ~ever, one.budget if one.has_budget else unlimited, GONE)
        found.append(replace(person, days=hours[0], open_ms=whole[0], budget=given.max(axis=0)))
        budgets.append(given)
        kept.append(hours)
    by_way = tuple(zip(*kept, strict=True))
    return Staff(
        tuple(found),
        np.stack(budgets, axis=1),
        by_way if any(hours != by_way[0] for hours in by_way) else by_way[:1],
    )


def _offered(service: Service, horizon: Horizon, person: Person) -> Hours:
    """The hours that somebody keeps on each day if there, as a service stands; who is lent keeps those of home."""
    return person.days if person.lent else hours_of(service, horizon, person.name, person.pool)


def _same(people: tuple[Person, ...], others: tuple[Person, ...]) -> bool:
    return len(people) == len(others) and all(
        one is other or (one.name == other.name and one.days == other.days and np.array_equal(one.budget, other.budget))
        for one, other in zip(people, others, strict=True)
    )


def _stacked(everybody: Sequence[tuple[Person, ...]]) -> Ints:
    days = len(everybody[0][0].budget) if everybody[0] else 0
    given = [[person.budget for person in people] for people in everybody]
    return np.array(given, dtype=np.int64).reshape(len(everybody), len(everybody[0]), days)


def differences(states: Sequence[Table]) -> dict[str, Any]:
    """The fields of the kernel's `MODEL` that tell how a service stands, from its tables in each way.

    Args:
        states: the same arrays in each way; the first as it stands when nothing is called.

    Returns:
        The arrays of the first, those that are looked up by the way with all of them one after another, and the
        values that differ.
    """
    first = states[0]
    found: dict[str, Any] = dict(first)
    places, indexes, values = [], [], []
    for name, array in first.items():
        all_of_them = np.stack([state[name] for state in states])
        if name in _BY_STATE:
            found[name] = all_of_them.reshape(-1)
            continue
        for index in np.flatnonzero((all_of_them != array).reshape(len(states), -1).any(axis=0)):
            places.append(kernel.MODEL.place(name))
            indexes.append(index)
            values.append(np.ascontiguousarray(all_of_them.reshape(len(states), -1)[:, index]).view(np.int64))
    return {
        **found,
        "patches": len(places),
        "patch_place": np.array(places, dtype=np.int64),
        "patch_at": np.array(indexes, dtype=np.int64),
        "patch_value": np.array(values, dtype=np.int64).reshape(len(places), len(states)).T,
    }


def touched(fixed: dict[str, Any]) -> tuple[str, ...]:
    """The arrays into which the event loop writes, of which each replication needs a copy of its own."""
    places = set(fixed["patch_place"].tolist())
    if fixed["roster_states"] > 1:
        places.add(kernel.MODEL.place("worker_roster"))
    return tuple(name for name in kernel.MODEL.kinds if kernel.MODEL.place(name) in places)
