"""Plans: named changes to a service, each with its trigger and its price, to be compared before anybody pays for them.

A plan says what is different; what that makes of a service is worked out by `millpond.model.planned`.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator

from millpond.errors import Fault
from millpond.model.changes import PoolPlan, StepPlan, StreamPlan
from millpond.model.people import MinutesADay
from millpond.model.policies import ALWAYS, Policy, PolicyMeasure
from millpond.model.triggers import TriggeredPolicy, trigger_faults
from millpond.model.values import Amount, FrozenMapping, Name, Named, Text, Value, refusal

NOTHING = "nothing"
"""The plan that is always there: to leave the service as it is."""
TOGETHER = "+"
"""What stands between the names of plans that are carried out together."""
DIVERTED = "diverted by "
"""How the outcome of cases begins that a plan sends elsewhere; the plan's name follows."""
FOR_GOOD = 36_600
"""For how many days workers stay who stay to the end."""


class Plan(Value):
    """A named change to a service, with its trigger and its price.

    All of it follows the trigger: on the days for which a policy would have its workers there, they are there, and
    pools, steps and streams are as the plan has them. Without a trigger it holds from the first day.
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
        description="The trigger: what is watched, backlog minutes, waiting visits or longest wait days; or always, to "
        "begin lead_days after the first day. Left out, the plan holds from the first day.",
        examples=["backlog minutes"],
    )
    above: Amount | None = Field(
        default=None,
        description="The line: at the start of a day on which the measure is above it, the plan is called.",
        examples=[6000],
    )
    for_days: Annotated[int, Field(ge=1, le=36_600)] | None = Field(
        default=None, description="For how many days it holds at least; left out, to the end.", examples=[28]
    )
    lead_days: int = Field(default=0, ge=0, le=36_600, description="Days from the call until it holds.", examples=[14])
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
    cost: Amount = Field(
        default=0,
        description="What it costs once, to set it up; with a trigger, when it first holds.",
        examples=[1500],
    )
    cost_per_year: Amount = Field(
        default=0,
        description="What a year costs besides hours; with a trigger, the days on which it holds as parts of a year.",
        examples=[1200],
    )
    cost_per_day: Amount = Field(
        default=0, description="What each day costs on which it holds, besides hours.", examples=[45]
    )
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
    def has_trigger(self) -> bool:
        """Whether it holds on some days only: those after a call, or after its lead."""
        return self.when is not None and (self.when != ALWAYS or self.lead_days > 0)

    @property
    def policy(self) -> Policy | None:
        """The workers who come and what changes when it is called, as a policy; None where nothing is called."""
        changes = self.has_trigger and self.changes_service
        if self.pool is None or (self.workers is None and not changes):
            return None
        called: dict[str, Any] = {
            "label": self.label,
            "pool": self.pool,
            "when": self.when or ALWAYS,
            "above": self.above,
            "workers": self.workers or 0,
            "for_days": self.for_days or FOR_GOOD,
            "lead_days": self.lead_days,
            "minutes_per_day": self.minutes_per_day,
            "cost_per_hour": self.cost_per_hour,
            "lent_by": self.lent_by,
        }
        if changes:
            return TriggeredPolicy(pools=self.pools, steps=self.steps, streams=self.streams, **called)
        return Policy(**called)

    @property
    def changes_service(self) -> bool:
        """Whether it makes pools, steps or streams different."""
        return bool(self.pools or self.steps or self.streams)

    @property
    def diverts(self) -> bool:
        """Whether it sends cases elsewhere."""
        return any(stream.divert for stream in self.streams.values())


def _faults(plan: Plan) -> list[Fault]:
    """What does not go together in a plan."""
    faults = []
    of_workers = ("lent_by", "minutes_per_day", "cost_per_hour")
    of_trigger = ("when", "above", "for_days", "lead_days")
    stated = [key for key in ("pool", *of_trigger, *of_workers) if getattr(plan, key) != _default(plan, key)]
    if plan.workers is None:
        for key in stated:
            if key in of_workers or (plan.when is None and key in ("pool", *of_trigger)):
                watched = "and no workers come" if key in of_workers else "and nothing is watched and no workers come"
                cure = "Add workers = 1, or take it away."
                if key not in of_workers:
                    cure = 'Add workers = 1 or a trigger, such as when = "backlog minutes", or take it away.'
                faults.append(Fault(key, f"is given, {watched}", cure))
    if plan.pool is None and (plan.workers is not None or plan.when is not None):
        which = "where the workers come" if plan.workers is not None else "which pool is watched"
        faults.append(Fault("pool", f"is missing: nobody knows {which}", 'Add it: pool = "advocates"'))
    if plan.when in (None, ALWAYS):
        if plan.above is not None and not any(fault.where == "above" for fault in faults):
            cure = 'Say what is watched, such as when = "backlog minutes", or take it away.'
            faults.append(Fault("above", "is a line, and nothing is watched", cure))
    elif plan.above is None:
        cure = "Add it, for example: above = 6000"
        faults.append(Fault("above", "is missing: above which line it is called is unknown", cure))
    if plan.has_trigger:
        faults += trigger_faults(plan.pools, plan.steps, plan.streams)
    if plan.cost_per_case and not plan.diverts:
        cure = "Say of which stream: divert = 0.3 under streams, or take it away."
        faults.append(Fault("cost_per_case", "is given, and no case is diverted", cure))
    return faults


def _default(plan: Plan, key: str) -> Any:
    return type(plan).model_fields[key].default
