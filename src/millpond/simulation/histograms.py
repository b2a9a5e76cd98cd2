"""Quantiles of times that were only counted in bins.

The event loop counts waits and lead times in bins of milliseconds: one for each up to 127 ms, and from there 64 for
each doubling, so that a bin is never wider than a 64th of what is in it. Nothing is known of times within a bin; they
are taken to be spread evenly over it.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from millpond.simulation.compiled import spread_of
from millpond.simulation.kernel import BINS

Floats = npt.NDArray[np.float64]
EXACT, A_DOUBLING = 128, 64


@cache
def bounds() -> tuple[Floats, Floats]:
    """The first millisecond of every bin, and how many milliseconds each bin has."""
    bins = np.arange(BINS)
    doubling = np.where(bins < EXACT, 0, bins // A_DOUBLING - 1)
    first = np.where(bins < EXACT, bins, bins - doubling * A_DOUBLING).astype(np.float64)
    return np.ldexp(first, doubling), np.ldexp(np.ones(BINS), doubling)


def quantiles(counts: npt.NDArray[np.int32], belongs: npt.NDArray[np.bool_], shares: tuple[float, ...]) -> Floats:
    """Quantiles of several histograms of times, between order statistics as NumPy's ``linear`` method has it.

    Args:
        counts: int32, histograms x classes x bins, how many times of each class fall in each bin.
        belongs: groups x classes, which classes are told together.
        shares: which quantiles, each from 0 to 1.

    Returns:
        float64, histograms x groups x shares, in milliseconds; NaN where there is no such time.
    """
    return counted_quantiles(counts, belongs, shares)[1]


def counted_quantiles(
    counts: npt.NDArray[np.int32], belongs: npt.NDArray[np.bool_], shares: tuple[float, ...]
) -> tuple[npt.NDArray[np.int64], Floats]:
    """How many times there are, histograms x classes, and `quantiles`."""
    number = np.empty(counts.shape[:2], dtype=np.int64)
    out = np.empty((len(counts), len(belongs), len(shares)))
    spread_of()(counts, belongs, np.asarray(shares, dtype=np.float64), *bounds(), number, out)
    return number, out
