"""What may be different about pools, steps and streams: the parts of plans, and of what a trigger calls.

What a change makes of a service is worked out by `millpond.model.planned`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from millpond.model.distributions import StepMinutes
from millpond.model.people import Caseload, MinutesADay, Order
from millpond.model.routing import Ways
from millpond.model.values import Amount, Count, FrozenMapping, Name, Named, Share, Value, refusal, toml_key
from millpond.model.waiting import DelayOrText, GroupSession, PatienceOrText


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
    after: Named[DelayOrText] = Field(
        default_factory=FrozenMapping,
        description="How long until the case joins where it goes next, in place of what the step says of that way.",
        examples=[{"advocacy": "14 days"}],
    )
    patience: PatienceOrText | None = Field(
        default=None, description="How long somebody waits here before leaving.", examples=["28 days"]
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
    share_urgent: Share | None = Field(
        default=None, description="The share of its cases that is treated as urgent.", examples=[0.1]
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
