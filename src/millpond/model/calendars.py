"""When people are at work: the week's opening hours, and whether holidays close it.

Working time between two instants is worked out elsewhere, from this.
"""

from __future__ import annotations

from datetime import date

from pydantic import Field, field_validator

from millpond.model.hours import Week, weekly_hours
from millpond.model.values import Many, Value


class Calendar(Value):
    """Opening hours of the week and the days on which they do not hold."""

    hours: str = Field(
        description="Opening hours in words, on the local clock. A closing time before the opening time is "
        "past midnight; always open is Mon-Sun 00:00-24:00.",
        examples=["Mon-Thu 09:00-17:00, Fri 09:00-16:00"],
    )
    holidays: bool = Field(
        default=True, description="Whether it closes on the service's public holidays.", examples=[False]
    )
    extra_closures: Many[date] = Field(
        default=(), description="Further days on which it is closed.", examples=[[date(2025, 12, 24)]]
    )

    @field_validator("hours")
    @classmethod
    def _readable(cls, hours: str) -> str:
        weekly_hours(hours)
        return hours

    @property
    def weekly(self) -> Week:
        """The opening hours of each weekday from Monday: (opening, closing) in local minutes after midnight.

        Hours past midnight are split there: the rest belongs to the next day.
        """
        return weekly_hours(self.hours)


ASSUMED_CALENDAR = "office"
ASSUMED_HOURS = "Mon-Fri 09:00-17:00"
