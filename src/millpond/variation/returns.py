"""How high demand over capacity goes once in so many working days, by the days on record alone.

Nothing is extrapolated: a level is one that was seen, and its interval, which holds for any law of independent days,
ends where the history does. A level that comes once in more days than there are on record is not told.

Source: H. A. David and H. N. Nagaraja, Order Statistics, third edition (2003), section 7.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from millpond.variation.limits import Floats

PERIODS = (20, 50, 100, 250)
"""Working days: about a month, a quarter, five months, a year."""
_TAIL = 0.025


@dataclass(frozen=True)
class Level:
    """What is reached once in so many working days.

    Attributes:
        once_in: how many working days.
        level: demand over capacity that was reached as often; None where the history is shorter. Infinite where
            there was work and no capacity at all.
        low, high: its 95% interval; None where the history cannot say.
    """

    once_in: float
    level: float | None
    low: float | None
    high: float | None


def levels(ratios: Floats, periods: Sequence[float] = PERIODS) -> tuple[Level, ...]:
    """The level that is reached once in each of some numbers of working days.

    Args:
        ratios: demand over capacity of each working day.
        periods: the numbers of working days.
    """
    # Here and not above: it takes half a second to load.
    from scipy.stats import binom

    ordered = np.sort(ratios)[::-1]
    count = len(ordered)
    found = []
    for period in periods:
        if period > count:
            found.append(Level(period, None, None, None))
            continue
        # As many days lie above the true level as a binomial draw of so many days says; its ends are ranks.
        fewest, most = (int(binom.ppf(share, count, 1 / period)) for share in (_TAIL, 1 - _TAIL))
        found.append(
            Level(
                once_in=period,
                level=float(ordered[max(1, round(count / period)) - 1]),
                low=float(ordered[most]) if most < count else None,
                high=float(ordered[fewest - 1]) if fewest else None,
            )
        )
    return tuple(found)
