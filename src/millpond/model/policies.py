"""Plans that a service keeps ready: extra workers who come when a pool's figures pass a line."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from millpond.model.people import MinutesADay
from millpond.model.values import Amount, Name, Text, Value, refusal

PolicyMeasure = Literal["backlog minutes", "waiting visits", "longest wait days", "always"]
ALWAYS: PolicyMeasure = "always"


class Policy(Value):
    """Extra workers for some days, called when a measure of a pool is above a line at the start of a day.

    While they are there, or on their way, the policy does not call again. Workers who are lent by another pool are its
    own: that pool is without them meanwhile.
    """

    label: Text | None = Field(
        default=None, description="What people call it; left out, its name.", examples=["Agency staff"]
    )
    pool: Name = Field(description="The pool that is watched and helped: a name under [pools].", examples=["advocates"])
    when: PolicyMeasure = Field(
        description="What is watched: backlog minutes, waiting visits or longest wait days; or always, to call on the "
        "first day, and again when the days are over.",
        examples=["backlog minutes"],
    )
    above: Amount | None = Field(
        default=None,
        description="The line: at the start of a day on which the measure is above it, the workers are called. Needed, "
        "but for always.",
        examples=[6000],
    )
    workers: int = Field(ge=1, le=1000, description="How many extra workers come.", examples=[2])
    for_days: int = Field(ge=1, le=36_600, description="For how many days they stay.", examples=[28])
    lead_days: int = Field(
        default=0, ge=0, le=36_600, description="Days from the call until they come; 0 is at once.", examples=[14]
    )
    minutes_per_day: MinutesADay | None = Field(
        default=None,
        description="Direct minutes that each can give on a working day; left out, as the pool.",
        examples=[200],
    )
    cost_per_hour: Amount | None = Field(
        default=None,
        description="What an hour of one of them costs; left out, as the pool, or where they are lent as the pool that "
        "lends them.",
        examples=[35],
    )
    lent_by: Name | None = Field(
        default=None,
        description="The pool whose own workers they are, which is without them meanwhile; left out, they come from "
        "outside.",
        examples=["coordinators"],
    )

    @model_validator(mode="after")
    def _has_its_line(self) -> Policy:
        if self.when == ALWAYS and self.above is not None:
            raise refusal('has a line and when = "always"', "Take above away, or say what is watched.")
        if self.when != ALWAYS and self.above is None:
            raise refusal("does not say above which line the workers are called", "Add it, for example: above = 6000")
        return self

    @property
    def line(self) -> float:
        """The line; below every measure where the workers are always called."""
        return -1.0 if self.above is None else self.above
