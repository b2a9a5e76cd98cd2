"""How much more or less comes in each hour of the day.

The share of each hour is a proportion of all that came. Its interval is that of a proportion on the log scale, widened
by how much more the hours of a week scatter than chance alone would have them: Pearson's chi-square of weeks by hours
over its degrees of freedom.
"""

from __future__ import annotations

import numpy as np

from millpond.variation.effects import EffectRow, effect
from millpond.variation.series import WEEK, Whole

_Z_95 = 1.959963984540054
_NONE_SEEN = 3.689
"""The mean of a count of which, with 97.5% certainty, more than none would have been seen: -log 0.025."""
_THAN = "the mean of all hours of the day"


def hourly_effects(by_hour: Whole, unit: str) -> list[EffectRow]:
    """The effect of each hour, 00:00 first, against the mean of the 24.

    Args:
        by_hour: counts by day and hour of the local clock, shape (days, 24).
        unit: what is counted.
    """
    total = by_hour.sum(axis=0).astype(np.float64)
    everything = float(total.sum())
    if not everything:
        return []
    scatter = _scatter(by_hour, total / everything)
    mean = everything / 24
    rows = []
    for hour in range(24):
        came = float(total[hour])
        if came:
            half = _Z_95 * np.sqrt(scatter * (1 / came - 1 / everything))
            told = tuple(float(np.expm1(np.log(came / mean) + side * half)) for side in (0, -1, 1))
        else:
            told = (-1.0, -1.0, _NONE_SEEN * scatter / mean - 1)
        rows.append(effect("hour", f"{hour:02d}:00", told, _THAN, len(by_hour), int(came), unit))
    return rows


def _scatter(by_hour: Whole, shares: np.ndarray) -> float:
    weeks = len(by_hour) // WEEK
    counts = by_hour[: weeks * WEEK].reshape(weeks, WEEK, 24).sum(axis=1).astype(np.float64)
    mean = counts.sum(axis=1, keepdims=True) * shares
    seen = mean > 0
    freedom = max((weeks - 1) * (int((shares > 0).sum()) - 1), 1)
    return max(1.0, float(np.sum((counts[seen] - mean[seen]) ** 2 / mean[seen]) / freedom))
