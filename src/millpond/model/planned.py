"""What plans make of a service: a changed copy, checked like any other.

Nothing but this knows what a plan means; whoever simulates the copy finds pools, steps, streams and policies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from millpond.errors import Fault, FaultyService, WrongUse
from millpond.model.changed_parts import Parts
from millpond.model.changes import PlannedChange
from millpond.model.in_force import check_in_force
from millpond.model.nearest import listed, nearest
from millpond.model.plans import DIVERTED, NOTHING, TOGETHER, Plan
from millpond.model.spelling import key_path, shown
from millpond.model.steps import Step
from millpond.model.triggers import TriggeredPolicy
from millpond.model.values import FrozenMapping, toml_key

if TYPE_CHECKING:
    from millpond.model.service import Service


def plans_named(service: Service, text: str) -> dict[str, Plan]:
    """The plans that are meant by a name, or by several joined by ``+``; none by ``nothing``.

    Args:
        service: whose plans.
        text: such as ``agency`` or ``agency+groups``.

    Raises:
        WrongUse: the service has no such plan, or one is named twice.
    """
    found: dict[str, Plan] = {}
    for part in (part.strip() for part in text.split(TOGETHER)):
        if part == NOTHING:
            continue
        if part not in service.plans:
            raise WrongUse(_no_such_plan(service, part))
        if part in found:
            raise WrongUse(f"{text} has the plan {part} twice.\nName each plan once.")
        found[part] = service.plans[part]
    return found


def with_plans(service: Service, plans: Mapping[str, Plan]) -> Service:
    """The service as plans change it, all of them together.

    Args:
        service: the service as it is.
        plans: by name; none leaves it as it is.

    Raises:
        WrongUse: two of the plans say different things of the same key.
        FaultyService: what they make of the service cannot be; the key paths are those of the service.
    """
    if not plans:
        return service
    _check_agreement(plans)
    _check_beginnings(plans)
    parts = Parts(service)
    policies, outcomes = dict(service.policies), list(service.outcomes)
    at_once = {name: plan for name, plan in plans.items() if not plan.has_trigger}
    for plan in at_once.values():
        parts.change(plan.pools, plan.steps, plan.streams)
    for name, plan in plans.items():
        if plan.diverts:
            outcomes.append(DIVERTED + name)
        entrances = {
            stream: _free(f"{DIVERTED}{name}: {stream}", parts.steps)
            for stream, of_stream in plan.streams.items()
            if of_stream.divert
        }
        if name in at_once:
            parts.divert(plan.streams, DIVERTED + name, entrances)
        else:
            # It is there from the first day, so that its place is known, and nobody comes to it until the call.
            parts.steps |= {step: Step(next={parts.streams[of].first_step: 1.0}) for of, step in entrances.items()}
        if (policy := plan.policy) is not None:
            if isinstance(policy, TriggeredPolicy) and entrances:
                policy = policy.changed(outcome=DIVERTED + name, entrances=entrances)
            policies[_free(name, policies)] = policy
    made = service.changed(
        pools=parts.pools,
        steps=parts.steps,
        streams=parts.streams,
        policies=policies,
        outcomes=tuple(outcomes),
        plans={},
    )
    check_in_force(made)
    return made


def plan_faults(service: Service) -> tuple[Fault, ...]:
    """What is wrong in what each plan of a service makes of it, at the place in the plan that brings it about."""
    return tuple(fault for name, plan in service.plans.items() for fault in _faults_of(service, name, plan))


def most_workers(service: Service, pool: str) -> float:
    """The most who work in a pool at any time: of its numbers as dated, or its named workers."""
    stated = [service.pools[pool].workers, *(change.workers for change in service.pools[pool].changes)]
    numbers = [number for number in stated if number is not None]
    return max(numbers) if numbers else float(len(service.workers_of(pool)))


def _faults_of(service: Service, name: str, plan: Plan) -> Iterator[Fault]:
    policy = plan.policy
    if policy is not None and policy.lent_by is not None:
        has = most_workers(service, policy.lent_by)
        if policy.workers > has:
            yield Fault(
                key_path("plans", name, "workers"),
                f"is {policy.workers}, and the pool {shown(policy.lent_by)} that lends them has {has:g}",
                "Lend fewer, or let another pool lend them.",
            )
            return
    alone = service.changed(plans={})
    try:
        if plan.has_trigger and plan.changes_service:
            # What it changes must be possible in itself; then also beside those who are there without it.
            watched = {"pool": None} if plan.workers is None else {}
            with_plans(alone, {name: plan.changed(when=None, above=None, for_days=None, lead_days=0, **watched)})
        with_plans(alone, {name: plan})
    except FaultyService as error:
        told = {
            key_path(section, part, toml_key(key, type(change)))
            for section in ("pools", "steps", "streams")
            for part, change in getattr(plan, section).items()
            for key in change.stated
        }
        for fault in error.faults:
            inside = any(fault.where == key or fault.where.startswith((f"{key}.", f"{key}[")) for key in told)
            where = f"{key_path('plans', name)}.{fault.where}" if inside else key_path("plans", name)
            what = fault.what if inside else f"makes {fault.where} one that {fault.what}"
            yield Fault(where, what, fault.cure)


def _free(name: str, taken: Mapping[str, object]) -> str:
    while name in taken:
        name += "'"
    return name


def _check_agreement(plans: Mapping[str, Plan]) -> None:
    """Refuses plans of which two say something of the same key."""
    said: dict[str, tuple[str, Any]] = {}
    for name, plan in plans.items():
        for path, value in _said(plan):
            if path not in said:
                said[path] = (name, value)
                continue
            other, already = said[path]
            # A fifth more and a fifth more again is not said: of what?
            if value == already and not path.endswith((".divert", ".more")):
                continue
            # With a trigger it is clear what holds: while both are called, what is said by the later.
            if not path.endswith(".divert") and (plans[other].has_trigger or plan.has_trigger):
                continue
            raise WrongUse(
                f"The plans {other} and {name} cannot be carried out together: both change {path}.\n"
                "Compare them one by one, or write a plan that says what holds when both are carried out."
            )


def _check_beginnings(plans: Mapping[str, Plan]) -> None:
    """Refuses a trigger that has cases begin elsewhere beside a plan that diverts some of them all the time."""
    for name, plan in plans.items():
        for stream, change in plan.streams.items():
            others = [key for key, other in plans.items() if not other.has_trigger and _diverts(other, stream)]
            if plan.has_trigger and change.first_step and others:
                raise WrongUse(
                    f"The plans {others[0]} and {name} cannot be carried out together: one diverts cases of {stream} "
                    "all the time, and the other has them begin at another step for some days.\n"
                    "Give the plan that diverts a trigger too, or compare them one by one."
                )


def _diverts(plan: Plan, stream: str) -> bool:
    return stream in plan.streams and bool(plan.streams[stream].divert)


def _said(plan: Plan) -> Iterator[tuple[str, Any]]:
    for section in ("pools", "steps", "streams"):
        changes: Mapping[str, PlannedChange] = getattr(plan, section)
        for part, change in changes.items():
            for key, value in change.stated.items():
                if isinstance(value, FrozenMapping) and key in ("minutes_for", "after"):
                    yield from ((key_path(section, part, key, of), one) for of, one in value.items())
                else:
                    yield key_path(section, part, key), value


def _no_such_plan(service: Service, name: str) -> str:
    known = (NOTHING, *service.plans)
    meant = nearest(name, known)
    said = f"There is no plan {shown(name)} in {service.name}.\n"
    if meant:
        return f'{said}Did you mean "{meant}"?'
    if not service.plans:
        return f"{said}It has no plans yet: add one as [{key_path('plans', name)}] to service.toml."
    return f"{said}Its plans are {listed(known)}."
