"""Where cases go from a step: shares of the ways on, and rules that decide before them.

Whether the names lead somewhere is checked for the whole service.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from millpond.model.values import FrozenMapping, Name, Named, Share, Value, refusal
from millpond.model.waiting import DelayOrText

_SUM_TOLERANCE = 1e-6


def adds_up(shares: Mapping[str, float], cure: str) -> Mapping[str, float]:
    """The shares as they stand, once they have been found to add up to 1 (to within a millionth).

    Args:
        shares: names, each with its share.
        cure: what to do where they do not add up.

    Raises:
        PydanticCustomError: they add up to something else.
    """
    total = math.fsum(shares.values())
    if abs(total - 1) > _SUM_TOLERANCE:
        raise refusal(f"has shares that add up to {total:.7g}, not to 1", cure)
    return shares


def _always(value: object) -> object:
    return {value: 1.0} if isinstance(value, str) else value


def _every_case(shares: Mapping[str, float]) -> Mapping[str, float]:
    return adds_up(shares, "Correct the shares; what is left may go to an outcome, such as closed.")


Ways = Annotated[
    Named[Share],
    BeforeValidator(_always, json_schema_input_type=Mapping[str, Share] | str),
    AfterValidator(_every_case),
]
"""Steps and outcomes, each with the share of cases that go there; one name alone is where all go."""


class Rule(Value):
    """Where cases go that are as its conditions say, all of them together."""

    stream: Name | None = Field(
        default=None, description="Only cases of this stream: a name under [streams].", examples=["police"]
    )
    urgent: bool | None = Field(
        default=None, description="Only cases that are urgent, or only those that are not.", examples=[True]
    )
    attributes: Named[Name] = Field(
        default_factory=FrozenMapping,
        description="Only cases with these values of the attributes of their stream.",
        examples=[{"risk": "high"}],
    )
    visits_at_least: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        description="Only cases that have now made at least so many visits at this step, this one counted.",
        examples=[6],
    )
    came_from: Name | None = Field(
        default=None,
        description="Only cases that came here from this step: a name under [steps].",
        examples=["assessment"],
    )
    next: Ways = Field(
        description="Where these cases go: steps or outcomes, each with its share, or one name in quotes.",
        examples=["closed"],
    )
    after: Named[DelayOrText] = Field(
        default_factory=FrozenMapping,
        description="How long until these cases join where they go next, in place of after of the step.",
        examples=[{"closing letter": "3 days"}],
    )

    @model_validator(mode="after")
    def _has_a_condition(self) -> Rule:
        if (self.stream, self.urgent, self.visits_at_least, self.came_from) == (None,) * 4 and not self.attributes:
            raise refusal(
                "says where cases go but not which cases",
                "Add stream, urgent, attributes, visits_at_least or came_from; where all cases go is next of the step.",
            )
        return self
