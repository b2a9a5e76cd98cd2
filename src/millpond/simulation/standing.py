"""A service that stands otherwise on some days, because a policy that changes it is called: what its tables differ in.

Each way in which it may stand (`millpond.model.in_force.states_of`) is made into tables of the same shapes. What
differs is a list of single values: which array of the kernel's `MODEL`, where in it, and what stands there in each way.
The event loop puts them in place at the beginning of a day. What somebody can give is looked up by the day instead,
because an hour worked yesterday counts as of yesterday.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from millpond.model import Service
from millpond.simulation import kernel
from millpond.simulation.horizon import Horizon
from millpond.simulation.people import Person, people_of

Ints = npt.NDArray[np.int64]
Table = dict[str, npt.NDArray[Any]]
GONE = -2
"""A budget of somebody who is not there on a day because of how the service stands."""
_BY_STATE = ("step_planned",)
"""What the event loop looks up by how the service stood when a visit joined."""


def people_in(states: Sequence[Service], horizon: Horizon) -> tuple[tuple[Person, ...], Ints]:
    """Everybody who works in a service however it stands, and what each can give.

    Args:
        states: the service in every way in which it may stand.
        horizon: the days.

    Returns:
        The people, with their hours as they are where they are there; and ways x people x days, the direct time in
        milliseconds: -1 where hours are the only limit, `GONE` where they are not there. There is one way alone where
        it is the same in all of them.
    """
    everybody = [people_of(state, horizon) for state in states]
    first = everybody[0]
    if all(one is first or _same(one, first) for one in everybody):
        return first, _stacked([first])
    by_name = [{person.name: person for person in people} for people in everybody]
    longest: dict[str, list[Person]] = {}
    for people in everybody:
        for pool in states[0].pools:
            own = [person for person in people if person.pool == pool and person.policy is None]
            if len(own) > len(longest.get(pool, [])):
                longest[pool] = own
    order = [person for pool in states[0].pools for person in longest.get(pool, [])]
    order += [person for person in first if person.policy is not None]
    found, budgets = [], []
    for person in order:
        alike = [people.get(person.name) for people in by_name]
        days = tuple(max(hours, key=len) for hours in zip(*(one.days for one in alike if one), strict=True))
        whole = np.array([sum(end - start for start, end in day) for day in days], dtype=np.int64)
        is_limited = any(one is not None and one.has_budget for one in alike)
        given = np.full((len(states), horizon.days), GONE, dtype=np.int64)
        for state, one in enumerate(alike):
            if one is not None:
                there = np.array([bool(hours) for hours in one.days])
                unlimited = whole if is_limited else np.full_like(whole, -1)
                # Where nobody is ever there, nobody is missed.
                here = there | (whole == 0)
                given[state] = np.where(here, one.budget if one.has_budget else unlimited, GONE)
        found.append(replace(person, days=days, open_ms=whole, budget=given.max(axis=0)))
        budgets.append(given)
    return tuple(found), np.stack(budgets, axis=1)


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
    return tuple(name for name in kernel.MODEL.kinds if kernel.MODEL.place(name) in places)
