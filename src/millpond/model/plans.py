"""Plans: named changes to a service, each with its trigger and its price, to be compared before anybody pays for them.

A plan says what is different; what that makes of a service is worked out by `millpond.model.planned`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from millpond.errors import Fault
from millpond.model.distributions import StepMinutes
from millpond.model.nearest import listed
from millpond.model.people import Caseload, MinutesADay, Order
from millpond.model.policies import ALWAYS, Policy, PolicyMeasure
from millpond.model.routing import Ways
from millpond.model.values import (
    Amount,
    Count,
    FrozenMapping,
    Name,
    Named,
    Share,
    Text,
    Value,
    refusal,
    toml_key,
)
from millpond.model.waiting import GroupSession

NOTHING = "nothing"
"""The plan that is always there: to leave the service as it is."""
TOGETHER = "+"
"""What stands between the names of plans that are carried out together."""
DIVERTED = "diverted by "
"""How the outcome of cases begins that a plan sends elsewhere; the plan's name follows."""
FOR_GOOD = 36_600
"""For how many days workers stay who stay to the end."""


class PlannedChange(Value):
    """What is different about a part of a service. What is left out stays as it is."""

    @property
    def stated(self) -> dict[str, Any]:
        """The fields that it changes, with their new values."""
        return {
            name: getattr(self, name)
            for name, field in type(self).model_fields.items()
            if getattr(self, name) != field.get_default(call_default_factory=True)
        }

    @model_validator(mode="after")
    def _changes_something(self) -> PlannedChange:
        if not self.stated:
            keys = ", ".join(toml_key(name, type(self)) for name in type(self).model_fields)
            raise refusal("does not say what changes", f"Add one of {keys}, or take it away.")
        return self


class PoolPlan(PlannedChange):
    """What a plan makes different about a pool, over all days; keys mean what they mean for a pool."""

    workers: Count | None = Field(default=None, description="How many work in the pool.", examples=[3])
    minutes_per_day: MinutesADay | None = Field(
        default=None, description="Direct minutes each can give on a working day.", examples=[210]
    )
    calendar: Name | None = Field(default=None, description="The calendar that it keeps.", examples=["evenings"])
    cost_per_hour: Amount | None = Field(default=None, description="What an hour of one worker costs.", examples=[27])
    order: Order | None = Field(default=None, description="Which waiting visit goes first.", examples=["due date"])
    urgent_preempts: bool | None = Field(
        default=None, description="Whether an urgent visit interrupts one that is not.", examples=[True]
    )
    caseload: Caseload | None = Field(
        default=None, description="The most open cases that each worker holds.", examples=[20]
    )
    at_closing: Literal["suspend", "finish"] | None = Field(
        default=None, description="What happens to a visit that is under way at closing.", examples=["finish"]
    )


class StepPlan(PlannedChange):
    """What a plan makes different about a step; keys mean what they mean for a step."""

    pool: Name | None = Field(default=None, description="Who works here.", examples=["coordinators"])
    minutes: StepMinutes | None = Field(default=None, description="Planned minutes of a visit.", examples=[45])
    minutes_for: Named[StepMinutes] = Field(
        default_factory=FrozenMapping,
        description="Minutes of some cases, in place of what the step says for them.",
        examples=[{"urgent": 60}],
    )
    people: Annotated[int, Field(ge=1, le=20)] | None = Field(
        default=None, description="How many workers a visit needs.", examples=[1]
    )
    next: Ways | None = Field(
        default=None, description="Where cases go from here.", examples=[{"advocacy": 0.5, "closed": 0.5}]
    )
    group: GroupSession | None = Field(
        default=None, description="One session for several visits together.", examples=[{"size": 6}]
    )


class StreamPlan(PlannedChange):
    """What a plan makes different about a stream; keys mean what they mean for a stream."""

    first_step: Name | None = Field(default=None, description="Where its cases begin.", examples=["assessment"])
    priority: Annotated[int, Field(ge=1, le=8)] | None = Field(
        default=None, description="Whose visits go first.", examples=[2]
    )
    divert: Share | None = Field(
        default=None, description="The share of its cases that goes elsewhere before the first step.", examples=[0.3]
    )
    more: Annotated[float, Field(gt=0, le=100)] | None = Field(
        default=None,
        description="How many cases more come, as a share of those that come: 0.2 is a fifth more.",
        examples=[0.2],
    )

    @model_validator(mode="after")
    def _one_way(self) -> StreamPlan:
        if self.more and self.divert:
            raise refusal("has both more and divert", "Say what is left of it: one of the two.")
        return self


class Plan(Value):
    """A named change to a service, with its trigger and its price.

    Workers who come (or are lent by another pool) follow a trigger, as those of a policy do; without one they are there
    from the first day. Everything else holds from the first day, and so does not stand beside a trigger.
    """

    label: Text | None = Field(
        default=None, description="What people call it; left out, its name.", examples=["Agency staff"]
    )
    pool: Name | None = Field(
        default=None, description="The pool to which extra workers come, and which is watched.", examples=["advocates"]
    )
    workers: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        default=None, description="How many extra workers come.", examples=[1]
    )
    lent_by: Name | None = Field(
        default=None,
        description="The pool whose own workers they are, which is without them meanwhile; left out, they come from "
        "outside.",
        examples=["coordinators"],
    )
    when: PolicyMeasure | None = Field(
        default=None,
        description="What is watched: backlog minutes, waiting visits or longest wait days. Left out, they come on the "
        "first day.",
        examples=["backlog minutes"],
    )
    above: Amount | None = Field(
        default=None,
        description="The line: at the start of a day on which the measure is above it, they are called.",
        examples=[6000],
    )
    for_days: Annotated[int, Field(ge=1, le=36_600)] | None = Field(
        default=None, description="For how many days they stay at least; left out, to the end.", examples=[28]
    )
    lead_days: int = Field(default=0, ge=0, le=36_600, description="Days from the call until they come.", examples=[14])
    minutes_per_day: MinutesADay | None = Field(
        default=None,
        description="Direct minutes that each can give on a working day; left out, as the pool, or where they are lent "
        "as at home.",
        examples=[200],
    )
    cost_per_hour: Amount | None = Field(
        default=None,
        description="What an hour of one of them costs; left out, as the pool, or where they are lent as the pool that "
        "lends them.",
        examples=[38],
    )
    pools: Named[PoolPlan] = Field(default_factory=FrozenMapping, description="What is different about pools, by name.")
    steps: Named[StepPlan] = Field(default_factory=FrozenMapping, description="What is different about steps, by name.")
    streams: Named[StreamPlan] = Field(
        default_factory=FrozenMapping, description="What is different about streams, by name."
    )
    cost: Amount = Field(default=0, description="What it costs once, to set it up.", examples=[1500])
    cost_per_year: Amount = Field(default=0, description="What it costs in a year besides hours.", examples=[1200])
    cost_per_case: Amount = Field(default=0, description="What each case costs that is diverted.", examples=[85])
    paid_by: Name | None = Field(
        default=None,
        description="Who pays for it: a name under [organisations]. Left out, the organisation of the pool that is "
        "helped, or where workers are lent of the pool that lends them.",
        examples=["charity"],
    )

    @model_validator(mode="after")
    def _whole(self) -> Plan:
        if self.workers is None and not (self.pools or self.steps or self.streams):
            raise refusal(
                "does not say what changes",
                "Say how many workers come to which pool, or what is different about pools, steps or streams. The plan "
                "nothing is always there.",
            )
        faults = tuple(_faults(self))
        if faults:
            raise refusal("has keys that do not go together", "Correct them.", faults)
        return self

    @property
    def policy(self) -> Policy | None:
        """The workers who come, as a policy; None where nobody does."""
        if self.pool is None or self.workers is None:
            return None
        return Policy(
            label=self.label,
            pool=self.pool,
            when=self.when or ALWAYS,
            above=self.above,
            workers=self.workers,
            for_days=self.for_days or FOR_GOOD,
            lead_days=self.lead_days,
            minutes_per_day=self.minutes_per_day,
            cost_per_hour=self.cost_per_hour,
            lent_by=self.lent_by,
        )

    @property
    def diverts(self) -> bool:
        """Whether it sends cases elsewhere."""
        return any(stream.divert for stream in self.streams.values())


_CANNOT_BE_CALLED = (
    "only workers can be called in the midst of the days: pools, steps and streams are as the plan has them from the "
    "first day, because cases that are under way have their minutes and their way already"
)


def _changed(plan: Plan) -> list[str]:
    """The parts of the service that a plan makes different."""
    return [f"{section}.{part}" for section in ("pools", "steps", "streams") for part in getattr(plan, section)]


def _faults(plan: Plan) -> list[Fault]:
    """What does not go together in a plan."""
    faults = []
    of_workers = ("lent_by", "when", "above", "for_days", "lead_days", "minutes_per_day", "cost_per_hour")
    if plan.workers is None:
        for key in ("pool", *of_workers):
            if getattr(plan, key) != type(plan).model_fields[key].default:
                triggers = key in ("when", "above", "for_days", "lead_days")
                what, cure = "is given, and no workers come", "Add workers = 1, or take it away."
                faults.append(Fault(key, what + (f"; {_CANNOT_BE_CALLED}" if triggers else ""), cure))
    elif plan.when not in (None, ALWAYS) and _changed(plan):
        faults.append(
            Fault(
                "when",
                f"calls workers, and the plan also changes {listed(_changed(plan))}; {_CANNOT_BE_CALLED}",
                "Write two plans, and compare them joined by +.",
            )
        )
    elif plan.pool is None:
        faults.append(Fault("pool", "is missing: nobody knows where the workers come", 'Add it: pool = "advocates"'))
    if plan.when in (None, ALWAYS):
        if plan.above is not None:
            cure = 'Say what is watched, such as when = "backlog minutes", or take it away.'
            faults.append(Fault("above", "is a line, and nothing is watched", cure))
    elif plan.above is None and plan.workers is not None:
        cure = "Add it, for example: above = 6000"
        faults.append(Fault("above", "is missing: above which line they are called is unknown", cure))
    if plan.cost_per_case and not plan.diverts:
        cure = "Say of which stream: divert = 0.3 under streams, or take it away."
        faults.append(Fault("cost_per_case", "is given, and no case is diverted", cure))
    return faults
