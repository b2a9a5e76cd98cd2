"""What plans make of a service: a changed copy, checked like any other.

Nothing but this knows what a plan means; whoever simulates the copy finds pools, steps, streams and policies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from millpond.errors import Fault, FaultyService, WrongUse
from millpond.model.nearest import listed, nearest
from millpond.model.people import Pool, StaffingChange
from millpond.model.plans import DIVERTED, NOTHING, TOGETHER, Plan, PlannedChange, StepPlan
from millpond.model.spelling import key_path, shown
from millpond.model.steps import Step
from millpond.model.streams import Stream
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
    pools, steps, streams = dict(service.pools), dict(service.steps), dict(service.streams)
    policies, outcomes = dict(service.policies), list(service.outcomes)
    for plan in plans.values():
        for pool, of_pool in plan.pools.items():
            with _at("pools", pool):
                pools[pool] = _pool_with(pools[pool], of_pool.stated)
        for step, of_step in plan.steps.items():
            with _at("steps", step):
                steps[step] = _step_with(steps[step], of_step)
    for plan in plans.values():
        for stream, of_stream in plan.streams.items():
            stated = of_stream.stated
            stated.pop("divert", None)
            if (more := stated.pop("more", None)) is not None:
                with _at("streams", stream):
                    stated |= _more_of(streams[stream], more)
            streams[stream] = streams[stream].changed(**stated) if stated else streams[stream]
    for name, plan in plans.items():
        if plan.policy is not None:
            policies[_free(name, policies)] = plan.policy
        if plan.diverts:
            outcomes.append(DIVERTED + name)
        for stream, of_stream in plan.streams.items():
            if of_stream.divert:
                # A step without staff takes no time and moves nobody's luck: who stays has the luck of always.
                first = _free(f"{DIVERTED}{name}: {stream}", steps)
                ways = {DIVERTED + name: of_stream.divert, streams[stream].first_step: 1 - of_stream.divert}
                steps[first] = Step(next={to: share for to, share in ways.items() if share > 0})
                streams[stream] = streams[stream].changed(first_step=first)
    return service.changed(
        pools=pools, steps=steps, streams=streams, policies=policies, outcomes=tuple(outcomes), plans={}
    )


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
    try:
        with_plans(service.changed(plans={}), {name: plan})
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


def _pool_with(pool: Pool, stated: Mapping[str, Any]) -> Pool:
    """A pool with what a plan says of it, over all days: what is dated gives way."""
    changes = []
    for change in pool.changes:
        kept = {
            key: getattr(change, key)
            for key in StaffingChange.model_fields
            if key != "date" and key not in stated and getattr(change, key) is not None
        }
        if kept:
            changes.append(StaffingChange(date=change.date, **kept))
    return pool.changed(changes=tuple(changes), **stated)


def _step_with(step: Step, change: StepPlan) -> Step:
    stated = change.stated
    if change.minutes_for:
        stated["minutes_for"] = {**step.minutes_for, **change.minutes_for}
    return step.changed(**stated)


def _more_of(stream: Stream, more: float) -> dict[str, Any]:
    """The fields of a stream of which so many more come.

    Its cases keep their luck and their order, and come sooner after each other.
    """
    if stream.daily_counts:
        what = "is asked of a stream that has counts seen on days, and nobody has seen more"
        cure = "Describe the stream by per_week in place of daily_counts, and compare again."
        raise FaultyService((Fault("more", what, cure),))
    if not stream.per_week and not stream.schedule:
        what = "is asked of a stream that does not say how many come"
        raise FaultyService((Fault("more", what, "Add per_week to the stream."),))
    fields: dict[str, Any] = {}
    if stream.per_week:
        fields["per_week"] = stream.per_week * (1 + more)
    if stream.schedule:
        fields["schedule"] = {moment: cases * (1 + more) for moment, cases in stream.schedule.items()}
    return fields


@contextmanager
def _at(section: str, part: str) -> Iterator[None]:
    """Faults of a part of the service are told at its place in the service."""
    try:
        yield
    except FaultyService as error:
        path = key_path(section, part)
        raise FaultyService(
            tuple(
                Fault(f"{path}.{fault.where}" if fault.where else path, fault.what, fault.cure)
                for fault in error.faults
            )
        ) from None


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
            raise WrongUse(
                f"The plans {other} and {name} cannot be carried out together: both change {path}.\n"
                "Compare them one by one, or write a plan that says what holds when both are carried out."
            )


def _said(plan: Plan) -> Iterator[tuple[str, Any]]:
    for section in ("pools", "steps", "streams"):
        changes: Mapping[str, PlannedChange] = getattr(plan, section)
        for part, change in changes.items():
            for key, value in change.stated.items():
                if isinstance(value, FrozenMapping) and key == "minutes_for":
                    yield from ((key_path(section, part, key, who), minutes) for who, minutes in value.items())
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
