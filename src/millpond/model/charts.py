"""Control charts that a service keeps an eye on, and how its charts are to be read.

What a chart says is worked out elsewhere; here stands only what somebody has decided: which figure, whether more of it
is good, the target, and where its limits were drawn anew and why.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, model_validator

from millpond.model.values import Many, Name, Text, Value, refusal

Improvement = Literal["increase", "decrease", "neutral"]
ChartMeasure = Literal[
    "demand",
    "capacity",
    "activity",
    "backlog",
    "growth",
    "withdrawn",
    "load",
    "utilisation",
    "visits joined",
    "visits done",
    "visits withdrawn",
    "visits ended",
    "visits waiting",
    "visits in time",
    "median wait",
    "90th percentile wait",
]
ChartOf = Literal[
    "visits judged",
    "visits joined",
    "visits done",
    "visits withdrawn",
    "visits ended",
    "visits waiting",
    "working days",
]
ChartKind = Literal["xmr", "c", "p", "u", "t", "g"]
ChartPeriod = Literal["day", "week", "month"]
WeekdayName = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
COUNTS: tuple[ChartMeasure, ...] = (
    "visits joined",
    "visits done",
    "visits withdrawn",
    "visits ended",
    "visits waiting",
)
"""The measures that are whole numbers of visits, of which charts for counts can be made."""
IN_TIME: ChartMeasure = "visits in time"
JUDGED: ChartOf = "visits judged"
WAITS: tuple[ChartMeasure, ...] = ("median wait", "90th percentile wait")
"""The measures that are waits, in hours."""
FLOWS: tuple[ChartMeasure, ...] = (
    "demand",
    "capacity",
    "activity",
    "growth",
    "withdrawn",
    "visits joined",
    "visits done",
    "visits withdrawn",
    "visits ended",
)
"""The measures that add up over days, so that they can be told for each working day."""
RARE: tuple[ChartKind, ...] = ("t", "g")
"""Kinds of charts that show what lies between events."""


class Rebase(Value):
    """From a day on, the limits of a chart are worked out anew, for a reason that is told with the chart."""

    date: dt.date = Field(description="The first day of the new limits.", examples=[dt.date(2025, 9, 8)])
    reason: Name = Field(
        description="What changed on that day, in words for whoever reads the chart.",
        examples=["adviser-03 left and was not replaced"],
    )


class WatchedChart(Value):
    """A control chart of one figure of a pool."""

    pool: Name = Field(description="Whose figure it is: a name under [pools].", examples=["advocates"])
    measure: ChartMeasure = Field(description="Which figure.", examples=["backlog"])
    improvement: Improvement = Field(
        description="Whether more of it is good (increase), bad (decrease) or neither (neutral); never assumed.",
        examples=["decrease"],
    )
    by: ChartPeriod = Field(default="week", description="One point for each day, week or month.", examples=["week"])
    kind: ChartKind = Field(
        default="xmr",
        description="xmr for any figure; for counts of visits c, p or u; for rare events t or g.",
        examples=["xmr"],
    )
    of: ChartOf | None = Field(
        default=None,
        description="What the count is a share of (p), a rate per (u) or is counted between events (g): a count of "
        "visits. For u and xmr also working days, so that weeks with a bank holiday compare with others.",
        examples=["visits ended"],
    )
    weekday: WeekdayName | None = Field(
        default=None, description="Chart only these days of the week; with by = day.", examples=["Monday"]
    )
    target: float | None = Field(
        default=None, ge=-1e12, le=1e12, description="What the figure should reach or stay below.", examples=[1200]
    )
    baseline: int | None = Field(
        default=None,
        ge=12,
        le=10_000,
        description="Work the limits out from so many points only, the first ones, and keep them. Left out, from all.",
        examples=[24],
    )
    rebase: Many[Rebase] = Field(
        default=(), description="Days from which the limits are worked out anew, each with its reason."
    )
    label: Text | None = Field(
        default=None,
        description="What people call the chart; left out, its pool and figure.",
        examples=["Advocates: backlog"],
    )

    @model_validator(mode="after")
    def _goes_together(self) -> WatchedChart:
        if self.weekday is not None and self.by != "day":
            raise refusal(f'has a weekday and by = "{self.by}"', 'Write by = "day", or take the weekday away.')
        if (self.measure == IN_TIME) != (self.of == JUDGED) or (self.measure == IN_TIME and self.kind != "p"):
            raise refusal(
                f'charts "{self.measure}" of "{self.of or "nothing"}" by a {self.kind} chart',
                'Who was seen in time is a share: measure = "visits in time", of = "visits judged", kind = "p".',
            )
        if self.by == "day" and self.measure in (*WAITS, IN_TIME):
            raise refusal(
                f'charts "{self.measure}" by day, of which most have too few visits',
                'Write by = "week" or by = "month".',
            )
        if self.kind != "xmr" and self.measure not in (*COUNTS, IN_TIME):
            raise refusal(
                f'is a {self.kind} chart of "{self.measure}", which is not a count of visits',
                'Take kind = "xmr", or a measure such as "visits withdrawn".',
            )
        if self.kind in ("p", "g") and (self.of is None or self.of == "working days"):
            raise refusal(
                f"is a {self.kind} chart and does not say what the visits are counted among",
                'Add, for instance, of = "visits ended".',
            )
        if self.kind == "xmr" and self.of == "working days" and self.measure not in FLOWS:
            raise refusal(
                f'tells "{self.measure}" for each working day, over which it does not add up', "Take of away."
            )
        if self.of is not None and self.kind not in ("p", "u", "g") and (self.kind, self.of) != ("xmr", "working days"):
            raise refusal(
                f'has of = "{self.of}", which this {self.kind} chart has no use for',
                "Take it away, or choose p, u or g.",
            )
        days = [change.date for change in self.rebase]
        if days != sorted(set(days)):
            raise refusal("has days of rebasing that do not go forward", "Put them in order, each day once.")
        return self

    @property
    def rate_of(self) -> str | None:
        """What the figure is set against, if anything; working days, where a u chart does not say."""
        return self.of or ("working days" if self.kind == "u" else None)


class ChartRules(Value):
    """How control charts are read where their sources differ; the same for all charts of a service."""

    screen_outliers: bool = Field(
        default=True,
        description="Leave out, once, moving ranges of at least 3.267 times their mean when working out limits.",
        examples=[True],
    )
    run: int = Field(
        default=7,
        ge=5,
        le=20,
        description="So many points in a row on one side of the mean are a signal.",
        examples=[7],
    )
    trend: int = Field(
        default=7, ge=5, le=20, description="So many points in a row rising, or falling, are a signal.", examples=[7]
    )
    ties_in_trend: Literal["break", "skip"] = Field(
        default="break",
        description="Whether two equal points end a trend (break), or neither add to it nor end it (skip).",
        examples=["break"],
    )
    beyond_limits_count: bool = Field(
        default=False,
        description="Whether points beyond the limits count towards two of three near a limit.",
        examples=[False],
    )
    at_limit: Literal["hit or miss", "decided"] = Field(
        default="hit or miss",
        description="What a target that equals a limit means: hit or miss, or decided as if it lay beyond the limit.",
        examples=["hit or miss"],
    )
    both_ways: Literal["first rule", "improvement"] = Field(
        default="first rule",
        description="How a point is read that signals improvement and concern at once: as the first of its rules "
        "says, or as improvement.",
        examples=["first rule"],
    )
