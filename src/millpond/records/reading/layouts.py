"""Which written forms of a time are known: from the shape of a text to where its parts stand.

The shape of ``2025-01-06 09:00`` is ``0000-00-00 00:00``: every digit becomes a zero, letters are in capitals. A column
of a million times has a handful of shapes, so each shape is understood once, here, and all times of that shape are then
read together (`millpond.records.reading.times`). A form that is not known here is never guessed at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_LONG = (
    *("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE"),
    *("JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"),
)
_NUMBER_OF_MONTH = (
    {name: number for number, name in enumerate(_MONTHS, 1)}
    | {name: number for number, name in enumerate(_LONG, 1)}
    | {"SEPT": 9}
)

_CLOCK = (
    r"(?:(?:T|,?\s+|,)(?P<hour>00?):(?P<minute>00)(?::(?P<second>00)(?:[.,](?P<fraction>0{1,12}))?)?"
    r"(?:\s*(?P<half>[AP])\.?M\.?)?"
    r"\s*(?P<zone>Z|UTC|GMT|(?P<sign>[+-])(?P<off_hour>00)(?::?(?P<off_minute>00)(?::?(?P<off_second>00))?)?)?"
    r"(?:\[[A-Z0_+/-]+\])?)?"
)
_WEEKDAY = r"(?:(?:MON|TUES?|WED(?:NES)?|THU(?:RS?)?|FRI|SAT(?:UR)?|SUN)(?:DAY)?\.?,?\s+)?"
_GAP = r"(?:\s+|\s*[-/.,]\s*)"
_NAME = r"(?P<name>[A-Z]{3,9})\.?"
_TOGETHER = r"(?P<year>0000)(?P<month>00)(?P<day>00)(?P<hour>00)(?P<minute>00)(?P<second>00)?"
_FORMS = (
    *(
        re.compile(form + _CLOCK, re.ASCII)
        for form in (
            r"(?P<year>0000)(?P<mark>[-/.])(?P<month>00?)(?P=mark)(?P<day>00?)",
            r"(?P<year>0000)(?P<month>00)(?P<day>00)",
            _WEEKDAY + r"(?P<first>00?)(?P<mark>[-/.])(?P<other>00?)(?P=mark)(?P<year>0000|00)",
            _WEEKDAY + r"(?P<day>00?)(?:ST|ND|RD|TH)?" + _GAP + _NAME + _GAP + r"(?P<year>0000|00)",
            _WEEKDAY + _NAME + r"\s+(?P<day>00?)(?:ST|ND|RD|TH)?,?\s+(?P<year>0000)",
            r"(?P<year>0000)" + _GAP + _NAME + _GAP + r"(?P<day>00?)",
        )
    ),
    re.compile(_TOGETHER),
)


@dataclass(frozen=True)
class Layout:
    """Where the parts of a time stand in every text of one shape; each part is a (first, past the last) position.

    Attributes:
        shape: the shape.
        year, month, day, hour, minute, second, fraction: positions of the digits; None where the shape has none.
        month_number: the month that the shape names in letters (1 to 12), else None.
        either: positions of the two numbers of a date such as ``03/04/2025``, whose order the shape does not tell;
            month and day are then None.
        afternoon: True for PM, False for AM, None for a 24-hour clock.
        sign: the position of the sign of the offset from UTC; None where there is no offset in digits.
        offset: positions of the offset's hours, minutes and seconds.
        utc: the text says that it is UTC.
    """

    shape: str
    year: tuple[int, int]
    month: tuple[int, int] | None = None
    day: tuple[int, int] | None = None
    month_number: int | None = None
    either: tuple[tuple[int, int], tuple[int, int]] | None = None
    hour: tuple[int, int] | None = None
    minute: tuple[int, int] | None = None
    second: tuple[int, int] | None = None
    fraction: tuple[int, int] | None = None
    afternoon: bool | None = None
    sign: int | None = None
    offset: tuple[tuple[int, int], ...] = ()
    utc: bool = False

    @property
    def has_offset(self) -> bool:
        """The text itself says how far its clock is from UTC."""
        return self.utc or self.sign is not None

    @property
    def short_year(self) -> bool:
        """The year has two digits."""
        return self.year[1] - self.year[0] == 2

    def ordered(self, day_first: bool) -> Layout:
        """The same layout with the order of day and month settled."""
        if self.either is None:
            return self
        day, month = self.either if day_first else self.either[::-1]
        return replace(self, day=day, month=month, either=None)


@lru_cache(maxsize=10_000)
def layout_of(shape: str) -> Layout | None:
    """Where the parts of a time stand in texts of this shape; None where the shape is not a time.

    Example:
        >>> layout_of("0000-00-00T00:00Z").hour
        (11, 13)
        >>> layout_of("00 MAR 0000").month_number
        3
        >>> layout_of("SOON") is None
        True
    """
    for form in _FORMS:
        if found := form.fullmatch(shape):
            return _layout(shape, found)
    return None


def _layout(shape: str, found: re.Match[str]) -> Layout | None:
    parts = found.groupdict()

    def span(name: str) -> tuple[int, int] | None:
        return found.span(name) if parts.get(name) is not None else None

    month_number = None
    if (name := parts.get("name")) is not None:
        month_number = _NUMBER_OF_MONTH.get(name)
        if month_number is None:
            return None
    half = parts.get("half")
    zone = parts.get("zone")
    return Layout(
        shape=shape,
        year=found.span("year"),
        month=span("month"),
        day=span("day"),
        month_number=month_number,
        either=(found.span("first"), found.span("other")) if parts.get("first") is not None else None,
        hour=span("hour"),
        minute=span("minute"),
        second=span("second"),
        fraction=span("fraction"),
        afternoon=None if half is None else half == "P",
        sign=found.start("sign") if parts.get("sign") is not None else None,
        offset=tuple(found.span(part) for part in ("off_hour", "off_minute", "off_second") if parts.get(part)),
        utc=zone in ("Z", "UTC", "GMT"),
    )
