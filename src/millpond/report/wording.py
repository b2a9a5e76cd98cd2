"""Numbers, dates and lists in the words that a team lead would use, the same everywhere a report speaks.

Nothing here decides what to say; it only says it. British English, day before month, thousands separated by commas.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EACH = {"hour": "an hour", "day": "a day", "week": "a week", "month": "a month"}
SHORT = 3
"""Letters of a month or weekday where there is little room."""


def number(value: float, decimals: int | None = None) -> str:
    """A number with thousands separated by commas.

    Args:
        value: any finite number.
        decimals: places after the point; left out, whole numbers from 10 up and one place below, unless it is whole.
    """
    if decimals is None:
        decimals = 0 if abs(value) >= 10 or abs(value - round(value)) < 0.05 else 1
    text = f"{value:,.{decimals}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text


def count(value: float, one: str, many: str | None = None) -> str:
    """A number with its noun: `1 visit`, `1,200 visits`."""
    text = number(value)
    return f"{text} {one if text == '1' else many or one + 's'}"


def amount(value: float, unit: str, hours: bool = True) -> str:
    """An amount of work in its unit: `1,200 minutes (20 hours)`, or `20 visits`.

    Args:
        value: minutes or visits.
        unit: ``minutes`` or ``visits``.
        hours: say the hours too, where there are two or more of them.
    """
    if unit != "minutes":
        return count(value, unit.removesuffix("s"))
    text = count(value, "minute")
    return f"{text} ({count(value / 60, 'hour')})" if hours and abs(value) >= 120 else text


def percent(share: float) -> str:
    """A share between 0 and 1 as a percentage: `12%`, and `less than 1%` where it would round to nothing."""
    if 0 < share < 0.005:
        return "less than 1%"
    if 0.995 <= share < 1:
        return "more than 99%"
    return f"{share * 100:.0f}%"


def day(value: date | str, year: bool = True, short: bool = False) -> str:
    """A date: `5 March 2025`.

    Args:
        value: a date, or the ISO 8601 text that begins with one.
        year: say the year.
        short: three letters of the month.
    """
    if isinstance(value, str):
        value = date.fromisoformat(value[:10])
    month = MONTHS[value.month - 1]
    return f"{value.day} {month[:SHORT] if short else month}" + (f" {value.year}" if year else "")


def moment(value: str) -> str:
    """An instant of ISO 8601 on its own clock: `17:00 on 5 March 2025`."""
    at = datetime.fromisoformat(value)
    return f"{at:%H:%M} on {day(at.date())}"


def period(label: str, by: str, short: bool = False) -> str:
    """A period's label in words: `5 March 2025`, `week of 3 March 2025`, `March 2025`, `09:00, 5 March 2025`.

    Args:
        label: as results write it: `2025-03-05`, the Monday, `2025-03`, or the hour's start with its offset.
        by: ``hour``, ``day``, ``week`` or ``month``.
        short: three letters of the month.
    """
    if by == "month":
        month = MONTHS[int(label[5:7]) - 1]
        return f"{month[:SHORT] if short else month} {label[:4]}"
    if by == "hour":
        at = datetime.fromisoformat(label)
        return f"{at:%H:%M}, {day(at.date(), short=short)}"
    return f"week of {day(label, short=short)}" if by == "week" else day(label, short=short)


def span(first: date, last: date) -> str:
    """The days from first to last, both included: `6 to 8 January 2025`, `1 April 2024 to 31 March 2025`."""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    return f"{day(first, year=first.year != last.year)} to {day(last)}"


def hour_of_day(hour: int) -> str:
    """An hour of the clock: `9am`, `noon`, `3pm`, `midnight`."""
    if hour in (0, 24):
        return "midnight"
    return "noon" if hour == 12 else f"{hour}am" if hour < 12 else f"{hour - 12}pm"


def duration(minutes: float) -> str:
    """Elapsed time in the largest fitting unit: `45 minutes`, `6 hours`, `3.5 days`, `12 weeks`."""
    if minutes < 90:
        return count(minutes, "minute")
    if minutes < 48 * 60:
        return count(minutes / 60, "hour")
    days = minutes / (24 * 60)
    return count(days, "day") if days < 100 else count(days / 7, "week")


def last_days(days: int) -> str:
    """A stretch that ends now: `the last 13 weeks`, `the last 10 days`, `the last day`."""
    if days >= 14 and days % 7 == 0:
        return f"the last {days // 7} weeks"
    return f"the last {days} days" if days != 1 else "the last day"


def listed(names: Sequence[str], most: int | None = None) -> str:
    """Names as a list in a sentence: `a, b and c`; beyond `most`, `a, b and 4 others`."""
    shown = list(names)
    if most is not None and len(shown) > most:
        left = len(shown) - most
        shown = [*shown[:most], "1 other" if left == 1 else f"{left} others"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else ""


def sentence(text: str) -> str:
    """The text with its first letter large and a full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".") if text else ""


def dated(text: str) -> str:
    """A sentence with its ISO 8601 dates and instants in words.

    >>> dated("Days from 2025-03-05 on; known at 2025-03-31T17:00:00+01:00.")
    'Days from 5 March 2025 on; known at 17:00 on 31 March 2025.'
    """
    pattern = r"(?<![\w-])\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?([+-]\d{2}:\d{2}|Z)?)?(?![\w-])"
    return re.sub(pattern, lambda match: _in_words(match[0]), text)


def _in_words(text: str) -> str:
    try:
        return moment(text) if "T" in text else day(text)
    except ValueError:
        return text


def last_day(label: str, by: str) -> date:
    """The last day that belongs to a period."""
    if by == "month":
        year, month = int(label[:4]), int(label[5:7])
        following = date(year + month // 12, month % 12 + 1, 1)
        return following - timedelta(days=1)
    first = date.fromisoformat(label[:10])
    return first + timedelta(days=6) if by == "week" else first


def first_day(label: str, by: str) -> date:
    """The first day that belongs to a period."""
    return date.fromisoformat(f"{label[:7]}-01" if by == "month" else label[:10])


def unfinished(label: str, by: str, as_of: str) -> str:
    """Why a period is not complete: `week not over`, or `part of a week`, where the records begin within it.

    Args:
        label: the period's label.
        by: ``hour``, ``day``, ``week`` or ``month``.
        as_of: the instant that ends the series, ISO 8601 in the service's zone.
    """
    over = label[:13] < as_of[:13] if by == "hour" else last_day(label, by) < date.fromisoformat(as_of[:10])
    return f"part of {EACH[by]}" if over else f"{by} not over"


def signed(value: float) -> str:
    """A change: `+240`, `−30`, `0`."""
    text = number(value)
    return f"+{text}" if value > 0 and text != "0" else text.replace("-", "−")


def saved(pictures: int, folder: object) -> str:
    """Where pictures have been put: `1 picture is in out`, `4 pictures are in out`."""
    return f"{count(pictures, 'picture')} {'is' if pictures == 1 else 'are'} in {folder}"
