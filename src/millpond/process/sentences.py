"""Amounts of time and names in the words of a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from millpond.records.findings import counted

CAUSES_IN_WORDS = {
    "staff": "for our staff to be free",
    "hours": "outside working hours",
    "others": "for somebody else",
    "batching": "until several had come together",
    "priority": "while those who had joined later went first",
    "unknown": "for a cause that the records do not tell",
}
"""How a visit waited, by the key of the cause."""


def spoken(minutes: float) -> str:
    """Elapsed time in the largest fitting unit.

    >>> spoken(0.3), spoken(45), spoken(600), spoken(7200)
    ('less than a minute', '45 minutes', '10 hours', '5 days')
    """
    if minutes < 1:
        return "less than a minute" if minutes else "no time"
    for size, noun in ((24 * 60, "day"), (60, "hour")):
        if minutes >= 2 * size:
            return _rounded(minutes / size, noun)
    return _rounded(minutes, "minute")


def percent(share: float) -> str:
    """A share as a percentage that is never rounded to nothing or to all.

    >>> percent(0.123), percent(0.001), percent(0.999), percent(1.0)
    ('12%', 'less than 1%', 'more than 99%', '100%')
    """
    if 0 < share < 0.005:
        return "less than 1%"
    return "more than 99%" if 0.995 <= share < 1 else f"{share:.0%}"


def in_a_row(names: Sequence[str]) -> str:
    """Names in a sentence.

    >>> in_a_row(["a", "b", "c"]), in_a_row(["a"])
    ('a, b and c', 'a')
    """
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _rounded(amount: float, noun: str) -> str:
    whole = round(amount)
    if amount >= 10 or abs(amount - whole) < 0.05:
        return counted(whole, noun)
    return f"{amount:.1f} {noun}s"
