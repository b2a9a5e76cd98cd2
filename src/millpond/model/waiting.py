"""Waits that are meant or limited: delays on the way, how long somebody stays, and sessions that wait for a group.

A length of time is text such as "7 days", or a table where it varies. What is written is kept as it was
written; the value that it stands for is parsed from it. Passing the time is the simulation's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, field_validator, model_validator

from millpond.model.distributions import StepMinutes
from millpond.model.duration import elapsed_minutes, length_of_time
from millpond.model.faults import NO_LENGTH
from millpond.model.spelling import shown
from millpond.model.unchecked import WITHDRAWN
from millpond.model.values import Name, PositiveMinutes, Value, refusal

TimeKind = Literal["elapsed", "working"]

_TIME = "elapsed: by the clock; working: opening hours of the pool's calendar."
_ZERO = "is zero, which is no time at all"


class Delay(Value):
    """How long until a case joins where it goes next. Nobody is held meanwhile.

    Either minutes, by the clock or of working time, or working days.
    """

    minutes: StepMinutes | None = Field(
        default=None, description="How many minutes: a number or a distribution.", examples=[60]
    )
    time: TimeKind = Field(default="elapsed", description=f"Which time passes. {_TIME}", examples=["working"])
    working_days: PositiveMinutes | None = Field(
        default=None, description="How many days on which the next step's pool is open.", examples=[5]
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> Delay:
        if (self.minutes is None) == (self.working_days is None):
            raise refusal(
                "has neither minutes nor working_days" if self.minutes is None else "has both minutes and working_days",
                "Keep one of the two.",
            )
        if self.working_days is not None and self.time == "working":
            raise refusal("has working_days and a time besides", "Take time away: it goes with minutes.")
        return self

    @property
    def is_working_time(self) -> bool:
        """Whether time in which the next step's pool is closed does not count."""
        return self.time == "working" or self.working_days is not None


class Patience(Value):
    """How long somebody waits at a step before leaving, and where the case goes then."""

    minutes: StepMinutes = Field(
        description="How many minutes somebody waits: a number or a distribution.", examples=[480]
    )
    time: TimeKind = Field(default="elapsed", description=f"Which time counts. {_TIME}", examples=["working"])
    to: Name = Field(
        default=WITHDRAWN, description="Where the case goes then: a step or an outcome.", examples=[WITHDRAWN]
    )

    @property
    def is_working_time(self) -> bool:
        """Whether time in which the pool is closed does not count."""
        return self.time == "working"


class GroupSession(Value):
    """One session for several visits together."""

    size: int = Field(ge=1, le=1000, description="How many visits it takes at most.", examples=[8])
    longest_wait: str | None = Field(
        default=None,
        description="How long the first of them waits, in elapsed time, until it is held with those who are there: "
        "minutes, hours, days or weeks. Left out, until it is full.",
        examples=["14 days"],
    )

    @field_validator("longest_wait")
    @classmethod
    def _a_length(cls, text: str | None) -> str | None:
        if text is not None:
            _elapsed(text, None)
        return text

    @property
    def longest_wait_minutes(self) -> float | None:
        """The longest wait of the first member, in elapsed minutes; None where the session waits until it is full."""
        return None if self.longest_wait is None else _elapsed(self.longest_wait, None)


def delay_of(written: Delay | str) -> Delay:
    """The delay that is written as text, such as ``"7 days"`` (elapsed) or ``"5 working days"``, or as a table.

    Raises:
        PydanticCustomError: the text cannot be read; the error says how to write it.
    """
    if not isinstance(written, str):
        return written
    amount, unit = length_of_time(written, _ZERO)
    return Delay(working_days=amount) if unit == "working days" else Delay(minutes=elapsed_minutes(amount, unit))


def patience_of(written: Patience | str) -> Patience:
    """The patience that is written as text, such as ``"8 hours"`` (elapsed, then withdrawn), or as a table.

    Raises:
        PydanticCustomError: the text cannot be read; the error says how to write it.
    """
    if not isinstance(written, str):
        return written
    return Patience(minutes=_elapsed(written, '{ minutes = 480, time = "working" }'))


def _elapsed(text: str, table: str | None) -> float:
    """The elapsed minutes of a length of time in words; working days have a table in their stead, or nothing."""
    amount, unit = length_of_time(text, _ZERO)
    if unit == "working days":
        cure = 'Write elapsed time, such as "8 hours" or "14 days"'
        raise refusal(
            f"is {shown(text)}, and working days do not count here", f"{cure}, or {table}." if table else f"{cure}."
        )
    return elapsed_minutes(amount, unit)


def _delay_in_words(text: str) -> str:
    delay_of(text)
    return text


def _patience_in_words(text: str) -> str:
    patience_of(text)
    return text


# As in the distributions, no key of a service can be taken for a tag in the path of a fault.
_WORDS, _TABLE = "<words>", "<table>"


def _tag(value: Any) -> str | None:
    """Whether an unchecked length of time is in words or in a table; None where it is neither."""
    if isinstance(value, str):
        return _WORDS
    return _TABLE if isinstance(value, Mapping | Delay | Patience) else None


_IN_WORDS_OR_A_TABLE = Discriminator(
    _tag, custom_error_type=NO_LENGTH, custom_error_message="is neither words nor a table"
)
DelayOrText = Annotated[
    Annotated[str, AfterValidator(_delay_in_words), Tag(_WORDS)] | Annotated[Delay, Tag(_TABLE)],
    _IN_WORDS_OR_A_TABLE,
]
PatienceOrText = Annotated[
    Annotated[str, AfterValidator(_patience_in_words), Tag(_WORDS)] | Annotated[Patience, Tag(_TABLE)],
    _IN_WORDS_OR_A_TABLE,
]
