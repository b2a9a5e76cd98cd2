"""How much more or less comes at some time, with its interval, as a row and in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EffectRow:
    """How much more or less comes at some time.

    Attributes:
        kind: ``weekday``, ``hour``, ``month``, ``bank holiday``, ``school holiday`` or ``trend``.
        name: which one, such as ``Monday`` or ``09:00``.
        change: how much more comes, as a share: 0.31 is 31% more, -0.2 is 20% fewer.
        low, high: its 95% interval.
        than: what it is more than.
        days: on how many days it rests.
        arrivals: how many came on these.
        sentence: all of it in words.
    """

    kind: str
    name: str
    change: float
    low: float
    high: float
    than: str
    days: int
    arrivals: int
    sentence: str


def effect(kind: str, name: str, told: tuple[float, ...], than: str, days: int, arrivals: int, unit: str) -> EffectRow:
    """A row with its sentence.

    Args:
        kind: of effect.
        name: which one.
        told: the change and the ends of its interval, as shares.
        than: what it is more than.
        days: on how many days it rests.
        arrivals: how many came on these.
        unit: what is counted.
    """
    change, low, high = told
    subject = {"weekday": f"{name}s bring", "month": f"{name} brings", "trend": "Each year brings"}.get(kind)
    if kind == "hour":
        subject = f"The hour from {name} brings"
    subject = subject or f"{name[0].upper()}{name[1:]} bring"
    sentence = f"{subject} {in_words(change, low, high, unit)}, than {than}."
    return EffectRow(kind, name, change, low, high, than, days, arrivals, sentence)


def in_words(change: float, low: float, high: float, unit: str) -> str:
    """An effect with its interval.

    >>> in_words(0.31, 0.25, 0.37, "visits")
    '31% more visits, 25 to 37'
    >>> in_words(-0.2, -0.3, -0.08, "visits")
    '20% fewer visits, 8 to 30'
    >>> in_words(-0.04, -0.12, 0.05, "visits")
    '4% fewer visits, from 12% fewer to 5% more'
    """
    size = f"{abs(change):.0%} {'more' if change >= 0 else 'fewer'} {unit}"
    ends = [round(100 * end) for end in (low, high)]
    if low >= 0:
        return f"{size}, {ends[0]:,} to {ends[1]:,}"
    if high <= 0:
        return f"{size}, {-ends[1]:,} to {-ends[0]:,}"
    return f"{size}, from {-ends[0]:,}% fewer to {ends[1]:,}% more"
