"""Quantiles from bins, against those of the numbers themselves."""

from __future__ import annotations

import numpy as np
import pytest

from millpond.simulation.histograms import bounds, quantiles
from millpond.simulation.kernel import BINS, _bin

SHARES = (0.0, 0.25, 0.5, 0.9, 0.95, 1.0)


def _counted(
    times: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    first, _ = bounds()
    bins = np.searchsorted(first, times, side="right") - 1
    return np.bincount(bins, minlength=BINS).astype(np.float64)[None, :]


def test_bins_follow_each_other_as_the_event_loop_counts() -> None:
    first, width = bounds()
    assert first[:129].tolist() == list(range(129))
    assert (first[1:] == (first + width)[:-1]).all()
    for bin_ in (0, 1, 127, 128, 191, 192, 1000, 1500):
        assert _bin(int(first[bin_])) == bin_
        assert _bin(int(first[bin_] + width[bin_]) - 1) == bin_
    # The first of a bin is never more than a 64th below the last.
    assert (width[128:] / first[128:] <= 1 / 64).all()


def test_short_times_are_exact() -> None:
    times = np.array([3, 100, 7, 7, 50, 127, 0])
    assert quantiles(_counted(times), SHARES)[0] == pytest.approx(np.quantile(times, SHARES))


@pytest.mark.parametrize("seed", range(5))
def test_long_times_are_within_a_64th(seed: int) -> None:
    times = np.random.default_rng(seed).lognormal(15, 1.5, size=1000).astype(np.int64)
    found = quantiles(_counted(times), SHARES)[0]
    assert found == pytest.approx(np.quantile(times, SHARES), rel=1 / 64)


def test_many_long_times_are_far_closer_for_they_do_spread_within_a_bin() -> None:
    # About 400 of them fall in the bin of the median, which is a 64th wide: 1/64/2/sqrt(400) is 0.0004.
    times = np.random.default_rng(1).lognormal(15, 1.5, size=100_000).astype(np.int64)
    assert quantiles(_counted(times), (0.5,))[0, 0] == pytest.approx(np.median(times), rel=0.0012)


def test_without_any_time_there_is_no_quantile() -> None:
    assert np.isnan(quantiles(np.zeros((1, BINS)), (0.5,))).all()
