"""Opening hours in words, such as "Mon-Fri 09:00-17:00", read into minutes of each weekday.

The grammar: items parted by commas. An item is days and times (``Mon-Thu 09:00-17:00``). Days are one day or
a range, which may run over the week's end (``Fri-Mon``). A day without times waits for the next times (``Mon,
Wed 09:00-12:00`` is both days), and times without days belong to the days before (``Mon-Fri 09:00-12:30,
13:30-17:00``). A closing time before the opening time is past midnight. Hours that overlap or touch are
merged.

Days alone (``Mon-Fri, Sun``) and a moment of the week (``Mon 09:00``) are read here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from millpond.model.nearest import nearest
from millpond.model.spelling import shown
from millpond.model.values import refusal

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MINUTES_A_DAY = 24 * 60

Span = tuple[int, int]
"""Minutes after midnight, local wall-clock: from the first, up to but not including the second."""

Week = tuple[tuple[Span, ...], ...]
"""The spans of each weekday from Monday, in order and apart; none crosses midnight."""

_LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY_NUMBERS = {name.casefold(): number for names in (DAYS, _LONG_DAYS) for number, name in enumerate(names)} | {
    "tues": 1,
    "thur": 3,
    "thurs": 3,
}
_CURE = 'Write days and times on the 24-hour clock, such as "Mon-Thu 09:00-17:00, Fri 09:00-16:00".'
_DAYS_CURE = 'Write days, such as "Mon-Fri" or "Mon, Wed".'
_MOMENT_CURE = 'Write a day and a time on the 24-hour clock, such as "Mon 09:00".'
_HYPHEN = r"\s*[-\u2013]\s*"
_DAYS = re.compile(rf"([^\W\d]+)(?:{_HYPHEN}([^\W\d]+))?")
_TIMES = re.compile(rf"(\d{{1,2}}):(\d{{2}}){_HYPHEN}(\d{{1,2}}):(\d{{2}})")
_MOMENT = re.compile(r"\s*([^\W\d]+)\s+(\d{1,2}):(\d{2})\s*")
_LONGEST = 2000


@lru_cache(maxsize=1024)
def weekly_hours(text: str) -> Week:
    """Read opening hours into the spans of each weekday.

    Args:
        text: hours in words, as this module's grammar has them.

    Raises:
        PydanticCustomError: the hours cannot be read; the error says where and how to write them.
    """
    spans: list[list[Span]] = [[] for _ in DAYS]
    waiting: list[int] = []
    latest: list[int] = []
    if len(text) > _LONGEST:
        raise refusal("is too long to be hours", _CURE)
    for piece in text.split(","):
        digit = re.search(r"\d", piece)
        start_of_times = digit.start() if digit else len(piece)
        days, times = piece[:start_of_times].strip(), piece[start_of_times:].strip()
        if not days and not times:
            raise refusal("has nothing where days and times belong" if "," in text else "is blank", _CURE)
        if days:
            waiting += _days(days)
        if times:
            latest = waiting or latest
            waiting = []
            if not latest:
                raise refusal(f"has the times {shown(times)} without a day", _CURE)
            _add(spans, latest, *_times(times))
    if waiting:
        raise refusal(f"has {DAYS[waiting[0]]} without times", _CURE)
    return tuple(_merged(day) for day in spans)


def minutes_open(week: Week) -> int:
    """How many minutes of the week are open."""
    return sum(closing - opening for day in week for opening, closing in day)


def weekdays(text: str) -> tuple[int, ...]:
    """Read days of the week, such as ``"Mon-Fri"`` or ``"Mon, Wed"``.

    Args:
        text: days or ranges of days, parted by commas.

    Returns:
        the number of each day, Monday 0, in the order in which they stand there.

    Raises:
        PydanticCustomError: the days cannot be read; the error says where and how to write them.
    """
    if len(text) > _LONGEST:
        raise refusal("is too long to be days", _DAYS_CURE)
    return tuple(day for piece in text.split(",") for day in _days(piece.strip(), _DAYS_CURE))


def moment_of_week(text: str) -> int:
    """Read a moment of the week, such as ``"Mon 09:00"``.

    Args:
        text: a day and a time on the local clock.

    Returns:
        minutes since Monday 00:00.

    Raises:
        PydanticCustomError: the moment cannot be read; the error says how to write it.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise refusal(f"has {shown(text)}, which is not a day and a time", _MOMENT_CURE)
    day, hour, minute = _day(found[1], _MOMENT_CURE), int(found[2]), int(found[3])
    if hour > 23 or minute > 59:
        raise refusal(f"has {shown(text)}, which is not on the clock", "Use a time from 00:00 to 23:59.")
    return day * MINUTES_A_DAY + hour * 60 + minute


def _days(text: str, cure: str = _CURE) -> list[int]:
    found = _DAYS.fullmatch(text)
    if found is None:
        raise refusal(f"has {shown(text)}, which cannot be read as days", cure)
    first = _day(found[1], cure)
    if found[2] is None:
        return [first]
    last = _day(found[2], cure)
    if first == last:
        raise refusal(
            f"has the days {shown(text)}, which may mean one day or the whole week",
            f'Write "{DAYS[first]}" for the day alone, or "Mon-Sun" for the whole week.',
        )
    return [(first + step) % 7 for step in range((last - first) % 7 + 1)]


def _day(name: str, cure: str = _CURE) -> int:
    number = _DAY_NUMBERS.get(name.casefold())
    if number is None:
        meant = nearest(name, (*DAYS, *_LONG_DAYS))
        cure = f'Did you mean "{meant}"? The days are {", ".join(DAYS)}.' if meant else cure
        raise refusal(f"has {shown(name)}, which is not a day", cure)
    return number


def _times(text: str) -> Span:
    found = _TIMES.fullmatch(text)
    if found is None:
        raise refusal(f"has {shown(text)}, which cannot be read as an opening and a closing time", _CURE)
    opening_hour, opening_minute, closing_hour, closing_minute = (int(part) for part in found.groups())
    opening, closing = opening_hour * 60 + opening_minute, closing_hour * 60 + closing_minute
    if opening >= MINUTES_A_DAY or closing > MINUTES_A_DAY or max(opening_minute, closing_minute) > 59:
        raise refusal(
            f"has {shown(text)}, which is not on the clock",
            "Use times from 00:00 to 23:59; a closing time may be 24:00.",
        )
    if opening == closing:
        raise refusal(
            f"opens and closes at the same time, {shown(text)}",
            "For the whole day write 00:00-24:00; for a closed day leave the day out.",
        )
    return opening, closing


def _add(spans: list[list[Span]], days: Iterable[int], opening: int, closing: int) -> None:
    for day in days:
        if closing > opening:
            spans[day].append((opening, closing))
            continue
        spans[day].append((opening, MINUTES_A_DAY))
        if closing:
            spans[(day + 1) % 7].append((0, closing))


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for opening, closing in sorted(spans):
        if merged and opening <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closing))
        else:
            merged.append((opening, closing))
    return tuple(merged)
