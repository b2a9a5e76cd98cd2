"""Quantiles of times that were only counted in bins.

The event loop counts waits and lead times in bins of milliseconds: one for each up to 127 ms, and from there 64 for
each doubling, so that a bin is never wider than a 64th of what is in it. Nothing is known of times within a bin; they
are taken to be spread evenly over it.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

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


def quantiles(counts: Floats, shares: tuple[float, ...]) -> Floats:
    """Quantiles of several histograms of times, between order statistics as NumPy's ``linear`` method has it.

    Args:
        counts: histograms x bins, how many times fall in each bin.
        shares: which quantiles, each from 0 to 1.

    Returns:
        float64, histograms x shares, in milliseconds; NaN where a histogram is empty.
    """
    lowest, width = bounds()
    reached = np.cumsum(counts, axis=1)
    out = np.full((len(counts), len(shares)), np.nan)
    for row, total in enumerate(reached[:, -1]):
        if not total:
            continue
        at = (total - 1) * np.asarray(shares)
        below = np.floor(at)
        ranks = np.concatenate([below, np.ceil(at)])
        bins = np.searchsorted(reached[row], ranks, side="right")
        within = ranks - (reached[row, bins] - counts[row, bins])
        # The k-th of c times spread evenly between the first and last millisecond of a bin, which may be the same.
        times = lowest[bins] + (width[bins] - 1) * (within + 0.5) / counts[row, bins]
        first, second = times[: len(shares)], times[len(shares) :]
        out[row] = first + (second - first) * (at - below)
    return out
