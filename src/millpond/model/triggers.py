"""What a trigger can change in the midst of the days, and a service as it is while some of that is in force.

A plan with a trigger becomes a policy that carries its changes (`millpond.model.planned`). Several may be in force at
once: then they hold in the order in which the policies stand, so that of two that say different things of one key the
later has its way, until it is over and what is left holds again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import Field

from millpond.errors import Fault
from millpond.model.changes import PlannedChange, PoolPlan, StepPlan, StreamPlan
from millpond.model.policies import Policy
from millpond.model.spelling import key_path
from millpond.model.values import FrozenMapping, Name, Named, Text, toml_key

CAN_CHANGE = {
    "pools": ("workers", "minutes_per_day", "calendar"),
    "steps": ("minutes", "minutes_for", "next", "after", "patience", "group"),
    "streams": ("first_step", "priority", "share_urgent", "divert"),
}
"""What a trigger can change: keys by section."""
_WHY_NOT = {
    "cost_per_hour": "the price of an hour is settled for all days beforehand",
    "order": "those who wait stand in a queue that is sorted already",
    "urgent_preempts": "who may be interrupted is settled before the first day",
    "caseload": "who holds which cases is settled when they are taken up",
    "at_closing": "how a day closes is settled before the first day",
    "pool": "those who wait stand in the queue of the pool that they joined",
    "people": "visits under way have their workers",
    "more": "who comes on all the days is drawn before the first one",
}
WHAT_CAN = (
    "A trigger can change workers, minutes_per_day and calendar of pools; minutes, minutes_for, next, after, patience "
    "and group of steps; first_step, priority, share_urgent and divert of streams; and call workers."
)


class TriggeredPolicy(Policy):
    """A policy that also changes pools, steps and streams on the days for which it is called. Only plans make it."""

    workers: int = Field(default=0, ge=0, le=1000)
    pools: Named[PoolPlan] = Field(default_factory=FrozenMapping)
    steps: Named[StepPlan] = Field(default_factory=FrozenMapping)
    streams: Named[StreamPlan] = Field(default_factory=FrozenMapping)
    outcome: Text | None = Field(default=None, description="How cases end that it diverts.")
    entrances: Named[Name] = Field(
        default_factory=FrozenMapping,
        description="By stream that it diverts, the step at which it falls who goes elsewhere.",
    )


def trigger_faults(
    pools: Mapping[str, PoolPlan], steps: Mapping[str, StepPlan], streams: Mapping[str, StreamPlan]
) -> Iterator[Fault]:
    """What of some changes cannot be made in the midst of the days, at its place in the plan."""
    sections: dict[str, Mapping[str, PlannedChange]] = {"pools": pools, "steps": steps, "streams": streams}
    for section, parts in sections.items():
        for name, change in parts.items():
            for key in change.stated:
                if key not in CAN_CHANGE[section]:
                    yield Fault(
                        key_path(section, name, toml_key(key, type(change))),
                        f"cannot change in the midst of the days: {_WHY_NOT[key]}",
                        f"Put it into a plan without a trigger, and compare the two joined by +. {WHAT_CAN}",
                    )


def changing(policies: Mapping[str, Policy]) -> tuple[str, ...]:
    """The policies that change pools, steps or streams while they are called, in order."""
    return tuple(
        name
        for name, policy in policies.items()
        if isinstance(policy, TriggeredPolicy) and (policy.pools or policy.steps or policy.streams)
    )
