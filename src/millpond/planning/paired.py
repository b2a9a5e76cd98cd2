"""Differences between two plans under the same luck, replication by replication, with their doubt.

The pairing takes away the luck that both share, which is most of it: the interval is that of the mean of the
differences, not of two means.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from millpond.measures.proportions import Z_95, wilson
from millpond.simulation.intervals import LEVEL, Estimate, half_widths

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


def mean_of(values: Floats, least: float = -math.inf) -> Estimate | None:
    """The mean over replications with its 95% interval; None where some replication has no such figure.

    Args:
        values: one for each replication.
        least: what the figure cannot be below; the interval is cut there.
    """
    if not len(values) or np.isnan(values).any():
        return None
    # Sums of money and minutes may be off by a rounding, which is no luck.
    values = values.round(6)
    value = float(values.mean())
    if len(values) < 2:
        return Estimate(value, None, None, len(values))
    squares = float(((values - value) ** 2).sum())
    half = float(half_widths(np.array(len(values)), np.array(squares)))
    return Estimate(value, max(value - half, min(least, value)), value + half, len(values))


def share_of(kept: Truths) -> Estimate:
    """The share of replications in which something holds, with Wilson's 95% interval."""
    low, high = wilson(int(kept.sum()), len(kept)) or (0.0, 1.0)
    return Estimate(float(kept.mean()), low, high, len(kept))


def share_difference(kept: Truths, before: Truths) -> Estimate:
    """By how much the share of replications in which something holds differs, with its 95% interval.

    Of paired yes and no (A. Agresti and Y. Min, Statistics in Medicine 24, 2005): half a replication is added to each
    of the four ways in which a pair can turn out, so that pairs that all agree are not taken for certainty. Measured
    over 8,000 draws, 94.4 to 95.2% of the intervals of 200 pairs held, and 93.5 to 96.6% of those of 80.

    Args:
        kept, before: one truth for each replication, under the same luck.
    """
    number = len(kept)
    gained, lost = int((kept & ~before).sum()) + 0.5, int((~kept & before).sum()) + 0.5
    whole = number + 2
    middle = (gained - lost) / whole
    half = Z_95 * math.sqrt(gained + lost - (gained - lost) ** 2 / whole) / whole
    value = (gained - lost) / number
    return Estimate(value, max(min(middle - half, value), -1.0), min(max(middle + half, value), 1.0), number)


def ratio_of(above: Floats, below: Floats) -> Estimate | None:
    """The ratio of two means over the same replications, with Fieller's 95% interval.

    None where the lower mean is not told apart from 0 by these replications: the ratio could then be anything
    (E. C. Fieller, Journal of the Royal Statistical Society B 16, 1954).

    Args:
        above, below: one figure of each for each replication.
    """
    number = len(above)
    if number < 2 or np.isnan(above).any() or np.isnan(below).any():
        return None
    point = float(stdtrit(number - 1, 0.5 + LEVEL / 2))
    (vaa, vab), (_, vbb) = np.cov(above, below) / number
    a, b = float(above.mean()), float(below.mean())
    certainty = b * b - point**2 * vbb
    if certainty <= 0:
        return None
    middle = a * b - point**2 * vab
    half = math.sqrt(max(middle**2 - certainty * (a * a - point**2 * vaa), 0.0))
    return Estimate(a / b, (middle - half) / certainty, (middle + half) / certainty, number)
