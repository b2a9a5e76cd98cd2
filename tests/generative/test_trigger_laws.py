"""Laws of plans with a trigger: never met it is nothing, and met from the first instant for ever it is none.

The second knows one exception: working time goes by a pool's usual hours where a trigger changes them.
"""

from __future__ import annotations

from typing import Any

import pytest

from millpond.errors import FaultyService, WrongUse
from millpond.model import Plan, Service
from millpond.model.planned import with_plans
from millpond.model.policies import ALWAYS
from millpond.model.triggers import changing
from tests.generative.agreement import Told, told_by_kernel
from tests.generative.services import Example
from tests.generative.test_triggers import changed_service

NEVER: dict[str, Any] = {"when": "waiting visits", "above": 1e9}


def _told(example: Example, service: Service) -> Told:
    return told_by_kernel(service, example.first_day, example.days, example.number, 0, drain_days=2, full=True)


def _without_trigger(plan: Plan) -> Plan:
    watched = {"pool": None} if plan.workers is None else {}
    return plan.changed(when=None, above=None, for_days=None, lead_days=0, **watched)


def _with_workers_alone(plan: Plan) -> dict[str, Plan]:
    """What a plan whose trigger is never met leaves: workers who never come."""
    return {} if plan.workers is None else {"a": plan.changed(pools={}, steps={}, streams={}, cost_per_case=0)}


def _for_ever(service: Service) -> Service:
    """The service with its triggers met from the first instant on."""
    policies = {
        name: policy.changed(when=ALWAYS, above=None, for_days=36_600, lead_days=0)
        if name in changing(service.policies)
        else policy
        for name, policy in service.policies.items()
    }
    return service.changed(policies=policies)


def _examples(first: int, last: int) -> list[tuple[Example, Plan]]:
    """Services that can be simulated, with the first of their plans."""
    found = []
    for number in range(first, last):
        if (made := changed_service(number)) is not None:
            found.append((made[0], made[0].service.plans["a"]))
    return found


def _is_nothing(example: Example, plan: Plan) -> bool:
    alone = example.service.changed(plans={})
    never = plan.changed(**NEVER)
    told = _told(example, with_plans(alone, {"a": never}))
    nothing = _told(example, with_plans(alone, _with_workers_alone(never)))
    kept = {outcome: count for outcome, count in told.outcomes.items() if count or outcome in nothing.outcomes}
    return told._replace(outcomes=kept) == nothing


def _counts_changed_hours(service: Service, plan: Plan) -> bool:
    """Whether a plan changes hours in a service in which something is counted in working time."""
    steps = service.steps.values()
    delays = [
        step.delay_to(way, rule)
        for step in steps
        for rule in (None, *step.rules)
        for way in (rule.next if rule else (*(step.next or ()), *step.all_of))
    ]
    counts = (
        any(delay is not None and (delay.is_working_time or delay.working_days is not None) for delay in delays)
        or any(step.patience_limit is not None and step.patience_limit.is_working_time for step in steps)
        or any(pool.order == "due date" for pool in service.pools.values())
    )
    return counts and any(pool.calendar is not None for pool in plan.pools.values())


def _is_no_trigger(example: Example, plan: Plan) -> bool:
    alone = example.service.changed(plans={})
    if _counts_changed_hours(alone, plan):
        return True
    try:
        untriggered = _told(example, with_plans(alone, {"a": _without_trigger(plan)}))
    except (FaultyService, WrongUse):
        return True
    return _told(example, _for_ever(with_plans(alone, {"a": plan}))) == untriggered


def test_a_trigger_that_is_never_met_does_nothing() -> None:
    found = _examples(0, 25)
    assert len(found) > 12
    assert [example.number for example, plan in found if not _is_nothing(example, plan)] == []


def test_a_trigger_met_from_the_first_instant_for_ever_is_none() -> None:
    found = _examples(0, 25)
    hours = [plan for example, plan in found if any(pool.calendar for pool in plan.pools.values())]
    assert sum(not _counts_changed_hours(example.service, plan) for example, plan in found if plan in hours) >= 4
    assert [example.number for example, plan in found if not _is_no_trigger(example, plan)] == []


@pytest.mark.slow
def test_both_laws_hold_of_many_services() -> None:
    found = _examples(25, 400)
    assert [one.number for one, plan in found if not (_is_nothing(one, plan) and _is_no_trigger(one, plan))] == []
