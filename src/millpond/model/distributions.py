"""How long a piece of work takes, where it is not always the same: a tagged family of distributions.

All are in minutes and never negative. They are descriptions: drawing from them is the simulation's business.
Mean and standard deviation are used where SciPy's own parameters would mean nothing to a person.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from millpond.model.values import Many, Minutes, PositiveMinutes, Value, refusal

_MEAN = "The mean, in minutes."
_SD = "The standard deviation, in minutes."


class Distribution(Value):
    """A distribution of minutes of work. `distribution` says which; `mean` is its mean in minutes."""

    if TYPE_CHECKING:
        distribution: str

        @property
        def mean(self) -> float:
            """The mean, in minutes of work."""


class Fixed(Distribution):
    """Always the same."""

    distribution: Literal["fixed"] = Field(default="fixed", description="Which distribution: always the same.")
    value: Minutes = Field(description="The minutes it always takes.", examples=[60])

    @property
    def mean(self) -> float:
        """The value itself."""
        return self.value


class Exponential(Distribution):
    """Many short, a few very long; the standard deviation equals the mean."""

    distribution: Literal["exponential"] = Field(
        default="exponential", description="Which distribution: many short, a few very long."
    )
    mean: PositiveMinutes = Field(description=_MEAN, examples=[60])


class Gamma(Distribution):
    """Skewed to the right; of a given mean and spread it has the lighter tail beside the log-normal."""

    distribution: Literal["gamma"] = Field(default="gamma", description="Which distribution: skewed, light tail.")
    mean: PositiveMinutes = Field(description=_MEAN, examples=[60])
    sd: PositiveMinutes = Field(description=_SD, examples=[30])


class LogNormal(Distribution):
    """Skewed to the right with a long tail: the usual shape of work with people."""

    distribution: Literal["lognormal"] = Field(
        default="lognormal",
        description="Which distribution: skewed with a long tail, the usual shape of work.",
    )
    mean: PositiveMinutes = Field(description=_MEAN, examples=[20])
    sd: PositiveMinutes = Field(description=_SD, examples=[10])


class Weibull(Distribution):
    """Weibull by its mean and standard deviation."""

    distribution: Literal["weibull"] = Field(
        default="weibull", description="Which distribution: Weibull, by mean and sd or by shape and scale."
    )
    mean: PositiveMinutes = Field(description=_MEAN, examples=[60])
    sd: PositiveMinutes = Field(description=_SD, examples=[30])


class WeibullShape(Distribution):
    """Weibull by its shape and scale, as SciPy's ``weibull_min(c=shape, scale=scale)``."""

    distribution: Literal["weibull"] = Field(
        default="weibull", description="Which distribution: Weibull, by mean and sd or by shape and scale."
    )
    shape: Annotated[float, Field(ge=0.1, le=1000)] = Field(
        description="The shape: 1 is exponential, above 1 is more regular.", examples=[1.5]
    )
    scale: PositiveMinutes = Field(description="The scale, in minutes.", examples=[60])

    @property
    def mean(self) -> float:
        """Scale times the gamma function of 1 + 1/shape."""
        return self.scale * math.gamma(1 + 1 / self.shape)


class Triangular(Distribution):
    """From a least to a most, with a likeliest in between: what a person can estimate without records."""

    distribution: Literal["triangular"] = Field(
        default="triangular", description="Which distribution: a least, a likeliest and a most."
    )
    low: Minutes = Field(description="The least, in minutes.", examples=[15])
    mode: Minutes = Field(description="The likeliest, in minutes.", examples=[30])
    high: Minutes = Field(description="The most, in minutes.", examples=[90])

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not (self.low <= self.mode <= self.high and self.low < self.high):
            raise refusal(
                f"has low {self.low:g}, mode {self.mode:g} and high {self.high:g}, which are not in order",
                "Make low the smallest, mode between the two (or equal to one), and high the largest.",
            )
        return self

    @property
    def mean(self) -> float:
        """The mean of low, mode and high."""
        return (self.low + self.mode + self.high) / 3


class Uniform(Distribution):
    """Anything between a least and a most, all equally likely."""

    distribution: Literal["uniform"] = Field(
        default="uniform", description="Which distribution: all lengths between low and high equally likely."
    )
    low: Minutes = Field(description="The least, in minutes.", examples=[15])
    high: Minutes = Field(description="The most, in minutes.", examples=[45])

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low < self.high:
            raise refusal(
                f"has low {self.low:g} and high {self.high:g}, which are not in order",
                "Make high larger than low.",
            )
        return self

    @property
    def mean(self) -> float:
        """Half way between low and high."""
        return (self.low + self.high) / 2


class Empirical(Distribution):
    """One of the lengths that were seen, each as likely as the next."""

    distribution: Literal["empirical"] = Field(
        default="empirical", description="Which distribution: one of the lengths that were seen."
    )
    values: Many[Minutes] = Field(description="Lengths that were seen, in minutes.", examples=[[12, 15, 15, 40]])

    @field_validator("values")
    @classmethod
    def _some(cls, values: tuple[float, ...]) -> tuple[float, ...]:
        if not values:
            raise refusal("is an empty list", "List at least one length in minutes.")
        return values

    @property
    def mean(self) -> float:
        """The mean of the values, each counted as often as it stands there."""
        return math.fsum(self.values) / len(self.values)


# The tags have angle brackets so that no key of a service can be taken for one in the path of a fault.
NUMBER = "<number>"
_WEIBULL_BY_SHAPE = "<weibull by shape>"


def _tag(minutes: Any) -> str | None:
    """Which member of the family unchecked minutes belong to; None where they do not say."""
    if isinstance(minutes, int | float):
        return NUMBER
    if isinstance(minutes, WeibullShape):
        return _WEIBULL_BY_SHAPE
    if isinstance(minutes, Distribution):
        return f"<{minutes.distribution}>"
    if not isinstance(minutes, Mapping):
        return None
    kind = minutes.get("distribution")
    if kind == "weibull" and ("shape" in minutes or "scale" in minutes):
        return _WEIBULL_BY_SHAPE
    return f"<{kind}>" if isinstance(kind, str) else None


StepMinutes = Annotated[
    Annotated[Minutes, Tag(NUMBER)]
    | Annotated[Fixed, Tag("<fixed>")]
    | Annotated[Exponential, Tag("<exponential>")]
    | Annotated[Gamma, Tag("<gamma>")]
    | Annotated[LogNormal, Tag("<lognormal>")]
    | Annotated[Weibull, Tag("<weibull>")]
    | Annotated[WeibullShape, Tag(_WEIBULL_BY_SHAPE)]
    | Annotated[Triangular, Tag("<triangular>")]
    | Annotated[Uniform, Tag("<uniform>")]
    | Annotated[Empirical, Tag("<empirical>")],
    Discriminator(_tag),
]


def mean_minutes(minutes: float | Distribution) -> float:
    """The mean of minutes that are a number or a distribution, in minutes."""
    return minutes.mean if isinstance(minutes, Distribution) else minutes
