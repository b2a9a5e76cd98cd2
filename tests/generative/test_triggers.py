"""Services that plans with a trigger change in the midst of the days: the two simulators say the same of them."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest

from millpond.errors import FaultyService, WrongUse
from millpond.model import Service
from millpond.model.planned import with_plans
from millpond.periods import day_number
from millpond.simulation.checking import check_can_be_simulated
from millpond.simulation.horizon import Horizon
from tests.generative.agreement import told_by_kernel, told_by_reference
from tests.generative.services import FEATURES, Example

_LINES = (("backlog minutes", 60), ("waiting visits", 1), ("longest wait days", 0.2))
_MINUTES: tuple[Any, ...] = (
    0,
    10,
    25,
    {"distribution": "exponential", "mean": 20},
    {"distribution": "empirical", "values": [5, 9]},
)


def _plan(place: int, example: Example, random: Random) -> dict[str, Any]:
    """A plan with a trigger that changes something of every part of a service, and sometimes calls workers."""
    when, above = random.choice(_LINES)
    plan: dict[str, Any] = {"pool": random.choice(example.pools), "when": when, "above": above}
    plan |= {"for_days": random.choice((1, 1, 2, 3)), "lead_days": random.choice((0, 0, 1))}
    if random.random() < 0.2:
        plan["workers"] = 1
    parts: dict[str, dict[str, Any]] = {"steps": {}, "streams": {}, "pools": {}}
    for name, step in example.plain["steps"].items():
        change = _of_step(example, step, random)
        if change:
            parts["steps"][name] = change
    for name in example.plain["streams"]:
        choices: list[dict[str, Any]] = [
            {},
            {"priority": 2},
            {"share_urgent": 0.7},
            {"divert": random.choice((0.4, 1))},
        ]
        choices += [{"first_step": random.choice(example.steps)}]
        change = {**random.choice(choices), **random.choice(choices)}
        if place:
            # Half and half again is not said.
            change.pop("divert", None)
        if change:
            parts["streams"][name] = change
    for name in example.pools:
        if random.random() < 0.4:
            choices = [{"workers": random.choice((1, 1.5, 3, 5))}, {"minutes_per_day": random.choice((0, 45, 300))}]
            if example.plain["pools"][name].get("at_closing") == "finish":
                choices = choices[:1]
            parts["pools"][name] = random.choice([*choices, choices[0] | choices[-1]])
    return plan | {section: of for section, of in parts.items() if of}


_HOURS = {
    "late": "Mon-Fri 07:00-20:00",
    "saturdays": "Mon-Sat 09:00-12:30, 13:30-17:00",
    "weekends": "Sat-Sun 00:00-02:00, 22:00-24:00",
    "mornings": "Mon-Sun 00:00-09:00",
}
"""Of calendars that no service has without a plan."""


def _hours(example: Example, random: Random) -> None:
    """Plans may change hours: they have Saturdays or have none, begin or end at midnight, are longer or others."""
    example.plain["calendars"] |= {name: {"hours": hours} for name, hours in _HOURS.items()}
    for plan in example.plain["plans"].values():
        for name in example.pools:
            if random.random() < 0.5:
                calendar = random.choice([*_HOURS, *(f"c{place}" for place in range(5))])
                plan.setdefault("pools", {}).setdefault(name, {})["calendar"] = calendar


def _groups(example: Example, random: Random) -> None:
    """Plans may begin sessions at steps that have none, which end when the plans are over."""
    for plan in example.plain["plans"].values():
        for name, step in example.plain["steps"].items():
            has_others = {"group", "people", "missed"} & set(step)
            if "pool" not in step or has_others or "caseload" in example.plain["pools"][step["pool"]]:
                continue
            if random.random() < 0.5:
                group: dict[str, Any] = {"size": random.choice((1, 2, 3, 5))}
                if random.random() < 0.7:
                    group["longest_wait"] = random.choice(("30 minutes", "5 hours", "1 days", "3 days"))
                plan.setdefault("steps", {}).setdefault(name, {})["group"] = group


def _of_step(example: Example, step: dict[str, Any], random: Random) -> dict[str, Any]:
    change: dict[str, Any] = {}
    if random.random() < 0.4:
        change["minutes"] = random.choice(_MINUTES)
    if random.random() < 0.2 and "pool" in step:
        change["minutes_for"] = {random.choice(("urgent", "post")): random.choice(_MINUTES)}
    if random.random() < 0.4 and "next" in step:
        # Where the step has delays, and where branches are, cases go by the same ways in other shares.
        ways = list(step["next"])
        if "after" not in step and "split" not in example.uses:
            ways = [random.choice(example.steps), "closed", "withdrawn"]
        shares = (0.9, 0.1) if len(ways) == 2 else (0.2, 0.5, 0.3) if len(ways) == 3 else (1.0,)
        change["next"] = dict(zip(ways, shares, strict=True))
    if random.random() < 0.3 and "after" in step:
        change["after"] = dict.fromkeys(step["after"], random.choice(("1 hours", "2 days")))
    if random.random() < 0.3 and "pool" in step:
        change["patience"] = {
            "minutes": random.choice((20, 200)),
            "to": step.get("patience", {}).get("to", "withdrawn"),
        }
    if random.random() < 0.6 and "group" in step:
        change["group"] = random.choice(({"size": 1}, {"size": 2, "longest_wait": "3 hours"}, {"size": 4}))
    return change


def changed_service(number: int) -> tuple[Example, Service] | None:
    """A service with one or two plans, or sometimes three, with triggers; None where it cannot be simulated."""
    example = Example(number, FEATURES)
    random = Random(number)
    names = ("a", "b", "c")[: random.choice((1, 2, 2, 3))]
    example.plain["plans"] = {name: _plan(place, example, random) for place, name in enumerate(names)}
    if number % 3:
        _hours(example, random)
    if number % 4:
        _groups(example, random)
    try:
        service = with_plans(example.service, example.service.plans)
        days = example.days + 2
        check_can_be_simulated(service, Horizon(day_number(example.first_day), days, days, example.days, service.zone))
    except (FaultyService, WrongUse):
        return None
    return example, service


def _agrees(number: int) -> Counter[str]:
    made = changed_service(number)
    if made is None:
        return Counter(refused=1)
    example, service = made
    asked = (service, example.first_day, example.days, number % 1000, number % 7)
    fast, slow = told_by_kernel(*asked, drain_days=2), told_by_reference(*asked, drain_days=2)
    for what in ("visits", "spells", "daily", "outcomes"):
        if getattr(fast, what) != getattr(slow, what):
            return Counter({f"{what} of {number}": 1})
    return Counter(agrees=1)


def test_the_two_simulators_agree_on_what_a_trigger_changes() -> None:
    found = sum((_agrees(number) for number in range(30)), Counter[str]())
    assert set(found) == {"agrees", "refused"}
    assert found["agrees"] >= 15


@pytest.mark.slow
def test_the_two_simulators_agree_on_many_services() -> None:
    found = sum((_agrees(number) for number in range(30, 800)), Counter[str]())
    assert set(found) == {"agrees", "refused"}
