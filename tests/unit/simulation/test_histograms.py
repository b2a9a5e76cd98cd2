"""Quantiles from bins, against those of the numbers themselves."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from millpond.simulation.histograms import bounds, quantiles
from millpond.simulation.kernel import BINS, _bin

SHARES = (0.0, 0.25, 0.5, 0.9, 0.95, 1.0)


def _counted(times: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    first, _ = bounds()
    bins = np.searchsorted(first, times, side="right") - 1
    return np.bincount(bins, minlength=BINS).astype(np.int32)


def _quantiles(times: npt.NDArray[np.int64], shares: tuple[float, ...]) -> npt.NDArray[np.float64]:
    found: npt.NDArray[np.float64] = quantiles(_counted(times)[None, None, :], np.ones((1, 1), np.bool_), shares)[0, 0]
    return found


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
    assert _quantiles(times, SHARES) == pytest.approx(np.quantile(times, SHARES))


@pytest.mark.parametrize("seed", range(5))
def test_long_times_are_within_a_64th(seed: int) -> None:
    times = np.random.default_rng(seed).lognormal(15, 1.5, size=1000).astype(np.int64)
    found = _quantiles(times, SHARES)
    assert found == pytest.approx(np.quantile(times, SHARES), rel=1 / 64)


def test_many_long_times_are_far_closer_for_they_do_spread_within_a_bin() -> None:
    # About 400 of them fall in the bin of the median, which is a 64th wide: 1/64/2/sqrt(400) is 0.0004.
    times = np.random.default_rng(1).lognormal(15, 1.5, size=100_000).astype(np.int64)
    assert _quantiles(times, (0.5,))[0] == pytest.approx(np.median(times), rel=0.0012)


def test_without_any_time_there_is_no_quantile() -> None:
    assert np.isnan(_quantiles(np.zeros(0, dtype=np.int64), (0.5,))).all()


def test_classes_are_told_together_as_the_groups_say() -> None:
    short, long, none = np.array([1, 2, 3]), np.array([5, 9, 11, 20]), np.zeros(0, dtype=np.int64)
    counts = np.array([[_counted(short), _counted(long)], [_counted(none), _counted(short)]])
    belongs = np.array([[True, True], [True, False], [False, True]])
    found = quantiles(counts, belongs, (0.5, 1.0))
    assert found.tolist()[0] == [[5.0, 20.0], [2.0, 3.0], [10.0, 20.0]]
    assert found[1, 0].tolist() == found[1, 2].tolist() == [2.0, 3.0]
    assert np.isnan(found[1, 1]).all()
