"""What a service promises about every day's end, and how often it may be broken.

The words of a promise are read, and judged, by `millpond.planning.promise`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from millpond.model.values import Name, Value


class Promised(Value):
    """A promise that the service means to keep; capacity, plans and the page are judged by it."""

    target: Name = Field(
        description="What is promised at every day's end: a backlog that is not exceeded, or a share seen in time.",
        examples=["advocates: backlog <= 6000 min"],
    )
    risk: Annotated[float, Field(gt=0, lt=1)] = Field(
        default=0.05,
        description="The share of possible futures that may break it at some day's end.",
        examples=[0.1],
    )
