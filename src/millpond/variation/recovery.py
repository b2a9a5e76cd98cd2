"""How long a backlog takes to be back to normal after a bad day, by the history; days still to come are not guessed.

Normal is what was usual just before: the median of the backlogs at the ends of the 20 working days before the bad day.
A further bad day before the backlog is back belongs to the same stretch. Where the records end first, the stretch is
kept as one that took longer than that.

Source: E. L. Kaplan and P. Meier, Nonparametric estimation from incomplete observations, Journal of the American
Statistical Association 53 (1958), pages 457-481.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from millpond.variation.limits import Floats

BEFORE = 20
"""Working days that tell what was usual before a bad day: four weeks."""
FEWEST_BEFORE = 5
"""With fewer working days before it nobody knows what was usual."""
FEWEST_STRETCHES = 5
"""From fewer stretches than this no usual length is told; they are told one by one."""


@dataclass(frozen=True)
class Stretch:
    """From a bad day until the backlog is back to normal.

    Attributes:
        first: the position of the first bad day among the working days.
        last: that of the last bad day of its spell, from whose end the days are counted.
        normal: the backlog that was usual before; None where too few days come before.
        days: working days until the backlog is at most that, 0 on the day itself; where `over` is False, how many
            had passed when the records ended. None where `normal` is.
        over: whether it is back to normal.
    """

    first: int
    last: int
    normal: float | None
    days: int | None
    over: bool


@dataclass(frozen=True)
class Recovery:
    """How long it takes to be back to normal.

    Attributes:
        stretches: how many stretches the history has of which it is known what was normal.
        over: how many of them were over when the records ended.
        median: working days by which half of the stretches are over, those still under way in the sum; None where
            there are fewer than five, or where too many are still under way.
        longest: the longest so far, over or not.
    """

    stretches: int
    over: int
    median: float | None
    longest: int | None


def stretches(backlog: Floats, spells: Sequence[tuple[int, int]]) -> tuple[Stretch, ...]:
    """The stretches that bad days began.

    Args:
        backlog: the backlog at the end of each working day, in order.
        spells: the first and last position of each spell of bad days.
    """
    found: list[Stretch] = []
    busy_until = -1
    for first, last in spells:
        if first <= busy_until:
            continue
        before = backlog[max(0, first - BEFORE) : first]
        if len(before) < FEWEST_BEFORE:
            found.append(Stretch(first, last, None, None, over=False))
            continue
        normal = float(np.median(before))
        back = np.flatnonzero(backlog[last:] <= normal)
        days = int(back[0]) if len(back) else len(backlog) - 1 - last
        found.append(Stretch(first, last, normal, days, over=len(back) > 0))
        busy_until = last + days
    return tuple(found)


def recovery(found: Sequence[Stretch]) -> Recovery:
    """How long stretches take, those that are not over in the sum."""
    known = [(stretch.days, stretch.over) for stretch in found if stretch.days is not None]
    over = sum(ended for _, ended in known)
    longest = max((days for days, _ in known), default=None)
    median = _median(known) if len(known) >= FEWEST_STRETCHES else None
    return Recovery(len(known), over, median, longest)


def _median(known: Sequence[tuple[int, bool]]) -> float | None:
    """The first length at which, by Kaplan and Meier, at most half of the stretches go on."""
    going_on = 1.0
    for length in sorted({days for days, ended in known if ended}):
        at_risk = sum(days >= length for days, _ in known)
        ended = sum(days == length and over for days, over in known)
        going_on *= 1 - ended / at_risk
        if going_on <= 0.5 + 1e-12:
            return float(length)
    return None
