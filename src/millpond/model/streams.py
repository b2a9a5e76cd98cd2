"""How people come in: streams of new cases, at random, at stated times, or in the numbers seen on a day."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from millpond.model.hours import MINUTES_A_DAY, moment_of_week, weekdays, weekly_hours
from millpond.model.nearest import listed
from millpond.model.routing import adds_up
from millpond.model.spelling import shown
from millpond.model.values import Amount, Count, FrozenMapping, Many, Name, Named, Share, Text, Value, refusal

OTHERWISE = "otherwise"


def _all_cases(shares: Mapping[str, float]) -> Mapping[str, float]:
    return adds_up(shares, "Correct the shares, so that every case has one of the values.")


Shares = Annotated[Named[Share], AfterValidator(_all_cases)]


class Stream(Value):
    """A source of new cases."""

    label: Text | None = Field(
        default=None, description="What people call it; left out, its name.", examples=["Police referrals"]
    )
    organisation: Name | None = Field(
        default=None,
        description="Who sends its cases, and gains when they wait less: a name under [organisations].",
        examples=["police"],
    )
    first_step: Name = Field(description="Where its cases begin: a name under [steps].", examples=["triage"])
    per_week: Amount | None = Field(
        default=None, description="New cases in an average week; left out, unknown.", examples=[60]
    )
    share_urgent: Share = Field(
        default=0, description="The share of its cases that are urgent, from 0 to 1.", examples=[0.2]
    )
    pattern: Named[Amount] = Field(
        default_factory=FrozenMapping,
        description="When in the week they come: hours in words, each with a weight for an hour within them. "
        f"Hours that none of them names have the weight of {OTHERWISE}, or none. Left out, all hours alike.",
        examples=[{"Mon-Fri 09:00-17:00": 3.5, OTHERWISE: 0.2}],
    )
    by_month: Many[Amount] | None = Field(
        default=None,
        description="Twelve weights from January to December; left out, all months alike.",
        examples=[[1, 1, 1, 1, 1, 1, 0.9, 0.8, 1, 1, 1.1, 1.3]],
    )
    trend_per_year: Annotated[float, Field(gt=-1, le=100)] = Field(
        default=0,
        description="Growth in a year: 0.05 is 5% more each year, -0.05 is 5% fewer.",
        examples=[0.05],
    )
    overdispersion: Annotated[float, Field(ge=1, le=1e6)] = Field(
        default=1,
        description="Variance of a day's arrivals over their mean: 1 is pure chance, more is more bunched.",
        examples=[1.4],
    )

    priority: int = Field(
        default=1,
        ge=1,
        le=8,
        description="Whose visits go first: 1 is served before 2, and so on to 8.",
        examples=[1],
    )
    attributes: Named[Shares] = Field(
        default_factory=FrozenMapping,
        description="What may differ from case to case: attributes, each with its values and their shares, which "
        "add up to 1.",
        examples=[{"risk": {"high": 0.2, "standard": 0.8}}],
    )
    schedule: Named[Amount] = Field(
        default_factory=FrozenMapping,
        description="Cases that come together at stated local times of every week, besides per_week: a day and a "
        "time, and how many. A fraction is one more case with that probability.",
        examples=[{"Mon 09:00": 12, "Thu 14:30": 3.5}],
    )
    daily_counts: Named[Many[Count]] = Field(
        default_factory=FrozenMapping,
        description="How many came on days that were seen, in place of per_week: days of the week, and the counts, "
        "each as likely as the next. Days that none of them name have none.",
        examples=[{"Mon-Fri": [3, 5, 4], "Sat-Sun": [0, 1]}],
    )

    @field_validator("pattern")
    @classmethod
    def _a_week(cls, pattern: Mapping[str, float]) -> Mapping[str, float]:
        if pattern and not any(_minute_weights(pattern)):
            raise refusal(
                "gives no hour of the week any weight", "Give the hours in which cases come a weight above 0."
            )
        return pattern

    @field_validator("by_month")
    @classmethod
    def _twelve(cls, weights: tuple[float, ...] | None) -> tuple[float, ...] | None:
        if weights is not None and len(weights) != 12:
            raise refusal(f"has {len(weights)} weights, not 12", "Write one for each month, January first.")
        if weights is not None and not any(weights):
            raise refusal("gives no month any weight", "Give the months in which cases come a weight above 0.")
        return weights

    @field_validator("schedule")
    @classmethod
    def _moments(cls, schedule: Mapping[str, float]) -> Mapping[str, float]:
        owners: dict[int, str] = {}
        for text in schedule:
            moment = moment_of_week(text)
            if moment in owners:
                raise refusal(
                    f"has {shown(owners[moment])} and {shown(text)}, which are the same time",
                    "Put all that come at that time into one of them.",
                )
            owners[moment] = text
        return schedule

    @field_validator("daily_counts")
    @classmethod
    def _days_seen(cls, counts: Mapping[str, tuple[float, ...]], info: ValidationInfo) -> Mapping[str, Any]:
        _counts_by_weekday(counts)
        besides = [
            name
            for name, default in (("per_week", None), ("by_month", None), ("trend_per_year", 0), ("overdispersion", 1))
            if info.data.get(name, default) != default
        ]
        if counts and besides:
            raise refusal(
                f"is given together with {listed(besides)}",
                "Keep one way of saying how many come: the counts seen on a day, or an average week.",
            )
        return counts

    @property
    def scheduled(self) -> tuple[tuple[int, float], ...]:
        """The scheduled arrivals of a week, in order of time.

        Returns:
            for each, its local minute of the week (Monday 00:00 is 0) and how many cases come then.
        """
        return tuple(sorted((moment_of_week(text), cases) for text, cases in self.schedule.items()))

    @property
    def counts_by_weekday(self) -> tuple[tuple[float, ...], ...]:
        """The counts of cases seen on each weekday from Monday; empty where no key of `daily_counts` names it."""
        return _counts_by_weekday(self.daily_counts)

    @property
    def hourly_weights(self) -> tuple[float, ...]:
        """The 168 weights of the hours of the week, local time, Monday 00:00 first; all 1 without a pattern.

        An hour that is partly within the stated hours has the mean of its minutes.
        """
        if not self.pattern:
            return (1.0,) * (7 * 24)
        minutes = _minute_weights(self.pattern)
        return tuple(math.fsum(minutes[start : start + 60]) / 60 for start in range(0, len(minutes), 60))


def _counts_by_weekday(counts: Mapping[str, tuple[float, ...]]) -> tuple[tuple[float, ...], ...]:
    """The counts of each weekday from Monday."""
    days: list[tuple[float, ...]] = [()] * 7
    owners: dict[int, str] = {}
    for text, seen in counts.items():
        if not seen:
            raise refusal(f"has an empty list for {shown(text)}", "List at least one count, or take the days away.")
        for day in weekdays(text):
            if day in owners:
                raise refusal(
                    f"has {shown(owners[day])} and {shown(text)}, which share a day"
                    if owners[day] != text
                    else f"has {shown(text)}, which names a day twice",
                    "Change the days so that each day of the week is named once.",
                )
            owners[day] = text
            days[day] = seen
    return tuple(days)


def _minute_weights(pattern: Mapping[str, float]) -> list[float]:
    """The weight of every minute of the week, Monday 00:00 first."""
    weights: list[Any] = [None] * (7 * MINUTES_A_DAY)
    owners: dict[int, str] = {}
    for hours, weight in pattern.items():
        if hours == OTHERWISE:
            continue
        for day, spans in enumerate(weekly_hours(hours)):
            for opening, closing in spans:
                for minute in range(day * MINUTES_A_DAY + opening, day * MINUTES_A_DAY + closing):
                    if minute in owners:
                        raise refusal(
                            f"has {shown(owners[minute])} and {shown(hours)}, which overlap",
                            "Change the hours so that each hour of the week has one weight.",
                        )
                    owners[minute] = hours
                    weights[minute] = weight
    rest = pattern.get(OTHERWISE, 0.0)
    return [rest if weight is None else weight for weight in weights]
