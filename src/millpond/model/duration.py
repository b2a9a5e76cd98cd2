"""Targets in words, such as "5 working days", and the value that they are read into.

Whether a wait kept to its target is for the measures: they know the calendar.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from millpond.errors import Fault, FaultyService
from millpond.model.nearest import nearest
from millpond.model.spelling import shown
from millpond.model.values import Value, refusal

Unit = Literal["minutes", "hours", "days", "weeks", "working days"]

_UNITS: dict[str, Unit] = {
    "minute": "minutes",
    "minutes": "minutes",
    "min": "minutes",
    "mins": "minutes",
    "hour": "hours",
    "hours": "hours",
    "day": "days",
    "days": "days",
    "week": "weeks",
    "weeks": "weeks",
    "working day": "working days",
    "working days": "working days",
}
_MINUTES = {"minutes": 1, "hours": 60, "days": 24 * 60, "weeks": 7 * 24 * 60, "working days": 24 * 60}
_LONGEST_MINUTES = 100 * 366 * 24 * 60
_CURE = 'Write a number and a unit, such as "4 hours", "28 days", "2 weeks" or "5 working days".'


class TargetWait(Value):
    """The longest that somebody should wait.

    Minutes and hours are elapsed time; days and weeks are days of the ordinary calendar; working days are
    days on which the service is open.
    """

    amount: float = Field(gt=0, le=_LONGEST_MINUTES, description="How many of the unit.", examples=[5])
    unit: Unit = Field(description="minutes, hours, days, weeks or working days.", examples=["working days"])

    @classmethod
    def parse(cls, text: str) -> TargetWait:
        """Read a target such as ``"5 working days"``.

        Raises:
            FaultyService: it is not a number and a unit that is known, or it is not above zero.
        """
        try:
            amount, unit = length_of_time(text)
        except PydanticCustomError as error:
            told: dict[str, Any] = error.context or {}
            raise FaultyService((Fault("target", told["what"], told["cure"]),), source="TargetWait") from None
        return cls(amount=amount, unit=unit)

    @property
    def is_working_time(self) -> bool:
        """Whether days on which the service is closed do not count."""
        return self.unit == "working days"

    def describe(self) -> str:
        """The target in words: ``5 working days``, ``1 hour``, ``2.5 hours``."""
        return f"{self.amount:.12g} {self.unit[:-1] if self.amount == 1 else self.unit}"


def checked_target(text: str) -> str:
    """The text of a target as it stands, once it has been found to be one."""
    length_of_time(text)
    return text


class Targets(Value):
    """What the service means to keep to, over a case's whole way."""

    lead_time: str | None = Field(
        default=None,
        description="The longest from joining to outcome: minutes, hours, days, weeks or working days.",
        examples=["28 days"],
    )

    @field_validator("lead_time")
    @classmethod
    def _a_target(cls, text: str | None) -> str | None:
        return None if text is None else checked_target(text)

    @property
    def target(self) -> TargetWait | None:
        """The target for the lead time as a value; None where there is none."""
        return None if self.lead_time is None else TargetWait.parse(self.lead_time)


def elapsed_minutes(amount: float, unit: Unit) -> float:
    """Minutes of elapsed time in so many of a unit, a day being 24 hours; working days have none: do not ask."""
    return amount * _MINUTES[unit]


def length_of_time(text: str, zero: str = "is zero, which nobody can keep to") -> tuple[float, Unit]:
    """Read a length of time, such as ``"5 working days"``.

    Args:
        text: a number and a unit.
        zero: what is wrong with a length of nothing.

    Returns:
        how many, and of which unit.

    Raises:
        PydanticCustomError: it cannot be read; the error says how to write it.
    """
    found = re.fullmatch(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*([^\W\d]+(?:\s+[^\W\d]+)?)\s*", text)
    if found is None:
        raise refusal(f"is {shown(text)}, which is not a length of time", _CURE)
    amount, words = float(found[1]), " ".join(found[2].split())
    unit = _UNITS.get(words.casefold())
    if unit is None:
        meant = nearest(words, _UNITS)
        raise refusal(
            f"has the unit {shown(words)}, which is not known", f'Did you mean "{meant}"?' if meant else _CURE
        )
    if amount == 0:
        raise refusal(zero, _CURE)
    if elapsed_minutes(amount, unit) > _LONGEST_MINUTES:
        raise refusal("is longer than a hundred years", _CURE)
    return amount, unit
