"""How often something happens on a day, and the chance of it in days to come, each with its doubt.

Days are taken to be independent and alike, unless it is said how many come together: then so many count as one, and
Wilson's interval is that of fewer days (an effective number of days, as L. Kish has it for clusters, Survey Sampling,
1965, section 5.4). Of the count of spells of any law that come at random, with L the length of each, the variance is
E[L^2] / E[L] times that of as many days that come by themselves.

Sources: E. B. Wilson, Journal of the American Statistical Association 22 (1927), pages 209-212; for what was never
seen, J. A. Hanley and A. Lippman-Hand, If nothing goes wrong, is everything all right?, Journal of the American Medical
Association 249 (1983), pages 1743-1745 (the rule of three).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from millpond.errors import WrongUse
from millpond.variation.coverage import wilson

FEWEST_FOR_RULE_OF_THREE = 30
"""Below so many days the rule of three is off by more than a twentieth, and the history says next to nothing anyway."""


@dataclass(frozen=True)
class Frequency:
    """How often something happened in some days.

    Attributes:
        count: on how many days it happened.
        of: of how many.
        share: the share of days.
        low, high: its 95% interval by Wilson; with none seen from 0 to the rule of three, None where even that says
            nothing.
    """

    count: int
    of: int
    share: float | None
    low: float | None
    high: float | None

    def once_in(self) -> tuple[float | None, float | None, float | None]:
        """One in so many days, with the ends of the interval; None where it may never happen, or nothing is known."""
        return _inverse(self.share), _inverse(self.high), _inverse(self.low)

    def expected(self, days: float) -> tuple[float | None, float | None, float | None]:
        """How many to expect in so many days, with the ends of the interval."""
        return _times(self.share, days), _times(self.low, days), _times(self.high, days)

    def chance(self, days: int) -> tuple[float | None, float | None, float | None]:
        """The chance of at least one in so many days, 1 - (1 - p)^days, with the ends of the interval."""
        return _any_of(self.share, days), _any_of(self.low, days), _any_of(self.high, days)


@lru_cache(maxsize=256)
def frequency(count: int, of: int, together: float = 1.0) -> Frequency:
    """How often something happens that happened on so many of some days.

    Args:
        count: on how many days it happened.
        of: how many days were looked at.
        together: how many such days come together, of an average such day (`come_together`): 1 where each comes by
            itself.

    Raises:
        WrongUse: there are fewer days than that, or fewer than none.

    >>> frequency(6, 522).once_in()[0]
    87.0
    """
    if not 0 <= count <= of:
        raise WrongUse(f"{count} of {of} days is no share. Give a count between 0 and the number of days.")
    if not of:
        return Frequency(count, of, None, None, None)
    if not count:
        return Frequency(0, of, 0.0, 0.0, 3 / of if of >= FEWEST_FOR_RULE_OF_THREE else None)
    low, high = wilson(count / of, of / together)
    return Frequency(count, of, count / of, low, high)


def come_together(lengths: Sequence[int]) -> float:
    """How many event days come together, of an average event day: the mean of squared lengths over the mean length.

    What is above one is enlarged by k / (k - 1) for k spells, as a variance from so many is: few spells seldom have a
    long one among them.

    Args:
        lengths: of the spells, in days.

    >>> come_together([1, 1, 1]), come_together([3, 1])
    (1.0, 4.0)
    """
    if not lengths:
        return 1.0
    spells = len(lengths)
    more = sum(length**2 for length in lengths) / sum(lengths) - 1
    return 1 + more * spells / max(spells - 1, 1)


def _inverse(share: float | None) -> float | None:
    return 1 / share if share else None


def _times(share: float | None, days: float) -> float | None:
    return None if share is None else share * days


def _any_of(share: float | None, days: int) -> float | None:
    return None if share is None else 1 - (1 - share) ** days
