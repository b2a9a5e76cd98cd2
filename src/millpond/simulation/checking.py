"""What stands in the way of a simulation, told before anything runs: all faults at once, each with its cure.

The model has checked already that names lead somewhere and shares add up. Here is what only matters when the service
has to run: that every case finds its way out, and somebody is there to do its work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from millpond.errors import Fault, FaultyService
from millpond.model import Service, Step, label_of
from millpond.model.distributions import mean_minutes
from millpond.model.in_force import states_of
from millpond.model.spelling import key_path
from millpond.model.triggers import TriggeredPolicy, changing
from millpond.simulation.horizon import Horizon
from millpond.simulation.loads import Load, loads_of
from millpond.simulation.people import Person, lent_by, people_of
from millpond.simulation.reaching import reached_steps, traps


def check_can_be_simulated(service: Service, horizon: Horizon) -> None:
    """Looks for whatever would make a simulation of a service impossible or endless.

    Args:
        service: the service.
        horizon: the days that are to be simulated.

    Raises:
        FaultyService: something does; all faults are told.
    """
    faults = [*_entrances(service)]
    if not faults:
        states = states_of(service)
        reached = reached_steps(states)
        for state in states:
            found = list(_faults_of(state, states, reached, horizon))
            # What is wrong in any case is told once.
            faults += found if state is service else [_meanwhile(fault) for fault in found if fault not in faults]
        faults += _lending_faults(service, horizon)
        faults += _standing_faults(service, states, horizon)
    if faults:
        raise FaultyService(tuple(dict.fromkeys(faults)), "service.toml cannot be simulated yet: it")


def _faults_of(service: Service, states: Sequence[Service], reached: list[str], horizon: Horizon) -> Iterator[Fault]:
    """What is wrong with a service as it stands on some days."""
    faults = [fault for name in reached for fault in _step_faults(name, service.steps[name])]
    yield from faults or traps(service, states)
    yield from _impatience(service, reached)
    yield from _staff_faults(service, horizon, reached)


def _meanwhile(fault: Fault) -> Fault:
    return Fault(fault.where, f"{fault.what} (on the days on which a plan with a trigger is called)", fault.cure)


def overloads(service: Service, horizon: Horizon) -> tuple[str, ...]:
    """A sentence for each pool that will be asked for more than it can ever do, with everybody's help."""
    return tuple(_overload(service, load) for load in loads_of(service, horizon) if load.growth)


def _overload(service: Service, load: Load) -> str:
    label = label_of(service.pools, load.pool)
    given = load.capacity + load.further
    comes = (
        f"{label}: cases bring about {load.demand:,.0f} minutes of work a day over their whole way, and {given:,.0f} "
        f"can be done (a load of {load.load:.2f})"
    )
    steps = [step for step in service.steps.values() if step.pool == load.pool]
    cure = f"Give it more workers or minutes_per_day under [{key_path('pools', load.pool)}], or less work."
    if any(step.patience for step in steps):
        return f"{comes}: the backlog grows until enough people lose patience and leave. {cure}"
    return f"{comes}: the backlog will grow without end, by about {load.growth:,.0f} minutes a day. {cure}"


def _entrances(service: Service) -> Iterator[Fault]:
    if not service.streams:
        yield Fault(
            "streams", "has nothing in it, so that no case ever comes", "Add a stream, such as [streams.police]."
        )
    elif not any(stream.per_week or stream.schedule or stream.daily_counts for stream in service.streams.values()):
        yield Fault(
            "streams", "has no stream by which cases come", "Say how many: per_week = 12, a schedule or daily_counts."
        )


def _step_faults(name: str, step: Step) -> Iterator[Fault]:
    if step.next is None and not step.all_of:
        yield Fault(
            key_path("steps", name, "next"),
            "is missing: where cases go from here is unknown",
            'Say where they go, with shares that add up to 1: next = { closed = 1.0 }, or next = "closed".',
        )
    if step.pool is not None and step.minutes is None:
        yield Fault(
            key_path("steps", name, "minutes"),
            "is missing: how much work a visit takes is unknown",
            "Add planned minutes, such as minutes = 45, or a distribution.",
        )


def _impatience(service: Service, reached: list[str]) -> Iterator[Fault]:
    """The steps whose patience of no time sends a case round and back within one instant, which would never pass."""
    at_once = {}
    for name in reached:
        limit = service.steps[name].patience_limit
        if limit is not None and mean_minutes(limit.minutes) == 0 and service.steps[name].pool is not None:
            at_once[name] = limit.to
    for name in at_once:
        way, at = [name], at_once[name]
        while at in at_once and at not in way:
            way.append(at)
            at = at_once[at]
        if at == name:
            yield Fault(
                key_path("steps", name, "patience"),
                f"is no time, and cases that leave come back at the same instant by {', '.join([*way[1:], name])}",
                'Give patience some time at one of these steps, or let cases go elsewhere: to = "withdrawn".',
            )


def _staff_faults(service: Service, horizon: Horizon, reached: list[str]) -> Iterator[Fault]:
    people = people_of(service, horizon)
    asked: dict[str, list[str]] = defaultdict(list)
    for name in reached:
        pool = service.steps[name].pool
        if pool is not None:
            asked[pool].append(name)
    for pool, steps in asked.items():
        able = [one for one in people if one.pool == pool or pool in one.also]
        if not able or not any(one.open_ms[: horizon.until].any() for one in able):
            yield _unstaffed(service, horizon, pool, steps)
            continue
        if not any(_minutes(one, horizon) for one in able):
            yield Fault(
                key_path("pools", pool),
                "has workers who have no time for visits in the days simulated",
                "Correct minutes_per_day or absence.",
            )
            continue
        for name in steps:
            needed = service.steps[name].people
            skill = service.steps[name].skill
            there = [
                one
                for one in able
                if one.pool == pool and (skill is None or skill in one.skills) and one.open_ms[: horizon.until].any()
            ]
            if needed > len(there) and needed > 1:
                yield Fault(
                    key_path("steps", name, "people"),
                    f"asks for {needed} workers at the same time, and pool {pool} has {len(there)} who can do it",
                    "Lower people, or give the pool more workers.",
                )


def _lending_faults(service: Service, horizon: Horizon) -> Iterator[Fault]:
    """Policies that lend more workers than the pool has that lends them."""
    own = tuple(person for person in people_of(service, horizon) if person.policy is None)
    lent = lent_by(service, horizon, own)
    for name, policy in service.policies.items():
        if policy.lent_by is not None and len(lent[name]) < policy.workers:
            has = sum(one.pool == policy.lent_by and bool(_minutes(one, horizon)) for one in own)
            also = [
                other
                for other, found in lent.items()
                if other != name and service.policies[other].lent_by == policy.lent_by and found
            ]
            besides = f", of whom {also[0]} lends {len(lent[also[0]])}" if also else ""
            yield Fault(
                key_path("policies", name, "workers"),
                f"is {policy.workers}, and the pool {policy.lent_by} that lends them has {has} in the days simulated"
                f"{besides}",
                "Lend fewer, or let another pool lend them.",
            )


def _standing_faults(service: Service, states: Sequence[Service], horizon: Horizon) -> Iterator[Fault]:
    """Changes of a pool in the midst of the days that say nothing clear of who is there and how long."""
    named = changing(service.policies)
    called = [policy for name in named if isinstance(policy := service.policies[name], TriggeredPolicy)]
    pools = {pool for policy in called for pool in policy.pools}
    lending = {policy.lent_by: name for name, policy in service.policies.items() if policy.lent_by}
    for pool in sorted(pools):
        if pool in lending:
            what = f"changes in the midst of the days, and {lending[pool]} lends its workers"
            yield Fault(
                key_path("pools", pool), what, "Take one of the two away, or change the pool without a trigger."
            )
        elif service.pools[pool].at_closing == "finish":
            limited = [{one.name: one.has_budget for one in people_of(state, horizon)} for state in states]
            if not any(one[name] != has for one in limited for name, has in limited[0].items() if name in one):
                continue
            if any(policy.pools[pool].calendar for policy in called if pool in policy.pools):
                yield Fault(
                    key_path("pools", pool, "calendar"),
                    "changes in the midst of the days, and only in some of its hours does a day hold more than its "
                    "workers give: overtime of other days would have no day to come off",
                    "Say in minutes_per_day what limits a day in all of them, or let work be suspended at closing.",
                )
            else:
                yield Fault(
                    key_path("pools", pool, "minutes_per_day"),
                    "limits a day on some days only, and overtime of the days before would have no day to come off",
                    "Say what its workers give on a day without the trigger too, or let work be suspended at closing.",
                )


def _minutes(person: Person, horizon: Horizon) -> bool:
    """Whether somebody has any time for visits."""
    days = slice(horizon.until)
    return person.absence < 1 and bool(((person.budget[days] != 0) & (person.open_ms[days] > 0)).any())


def _unstaffed(service: Service, horizon: Horizon, pool: str, steps: list[str]) -> Fault:
    stated = service.pools[pool]
    needed = f"step{'s' if len(steps) > 1 else ''} {', '.join(steps)}"
    if not any(service.headcount(pool, horizon.date(day)) for day in range(horizon.until)):
        return Fault(
            key_path("pools", pool),
            f"has nobody in it in the days simulated, and has the work of {needed} to do",
            "Say how many work there, workers = 2, or name them under [workers].",
        )
    calendar = service.calendar_name(stated)
    return Fault(
        key_path("calendars", calendar),
        f"has no opening hours in the days simulated, and pool {pool} keeps it, which has the work of {needed} to do",
        'Correct its hours, such as hours = "Mon-Fri 09:00-17:00", or the closures, or simulate more days.',
    )
