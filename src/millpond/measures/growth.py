"""By how much a backlog grows, and whether that is more than chance.

The typical weekly change is the median of the means of all pairs of weeks (Hodges-Lehmann), with the interval that
belongs to Wilcoxon's signed-rank test: one odd week moves neither by much. Weeks are taken, not days, because the
days of a week differ from each other.

Source: J. L. Hodges and E. L. Lehmann, Estimates of location based on rank tests, Annals of Mathematical Statistics
34 (1963), pages 598-611.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Change:
    """A typical change with its doubt.

    Attributes:
        typical: the change.
        low, high: its 95% interval; None where there are too few weeks for one (fewer than six).
    """

    typical: float
    low: float | None
    high: float | None


def weekly(days: Sequence[float]) -> tuple[float, ...]:
    """The sums of whole weeks, counted back from the last day; days before the first whole week are left out.

    Rounded to a millionth, so that weeks in which nothing changes do not differ by the rounding of fractions.
    """
    weeks = len(days) // DAYS_A_WEEK
    rest = days[len(days) - weeks * DAYS_A_WEEK :]
    return tuple(round(sum(rest[start : start + DAYS_A_WEEK]), 6) for start in range(0, len(rest), DAYS_A_WEEK))


def typical_change(changes: Sequence[float]) -> Change | None:
    """The typical one of some changes, with its 95% interval; None where there are none.

    >>> typical_change([10, 12, 11, 9, 13, 500, 10])
    Change(typical=11.25, low=9.5, high=256.0)
    """
    if not changes:
        return None
    pairs = sorted((a + b) / 2 for number, a in enumerate(changes) for b in changes[number:])
    cut = _cut(len(changes))
    low, high = (None, None) if cut is None else (pairs[cut], pairs[-1 - cut])
    return Change(typical=median(pairs), low=low, high=high)


def _cut(count: int) -> int | None:
    """How many of the ordered pairs lie outside the interval at either end; None where 95% cannot be had.

    It is the greatest rank sum that has a chance of at most 2.5% not to be exceeded. The rank sum is at most k in as
    many of the 2^n patterns of signs as there are sets of ranks that add up to at most k.
    """
    sets = [1]
    for rank in range(1, count + 1):
        longer = sets + [0] * rank
        for total, ways in enumerate(sets):
            longer[total + rank] += ways
        sets = longer
    tail, cut = 0, None
    for total, ways in enumerate(sets):
        tail += ways
        if tail * 40 > 2**count:
            break
        cut = total
    return cut
