"""Intervals of means over replications, against SciPy, and what they look like."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from millpond.simulation.intervals import Estimate, Moments


def test_an_estimate_is_told_with_its_doubt() -> None:
    assert str(Estimate(4.23, 3.9, 4.6, 40)) == "4.2 (95% 3.9 to 4.6, 40 replications)"
    assert str(Estimate(12_345.6, 12_300.0, 12_391.2, 1000)) == "12,346 (95% 12,300 to 12,391, 1,000 replications)"
    assert str(Estimate(3.0, None, None, 1)) == "3 (1 replication)"


def test_the_interval_is_students() -> None:
    seen = np.random.default_rng(1).gamma(2.0, 30.0, size=(25, 3))
    seen[4, 1] = np.nan
    moments = Moments((3,))
    for row in seen:
        moments.add(row)
    for place in range(3):
        known = seen[:, place][~np.isnan(seen[:, place])]
        low, high = stats.t.interval(0.95, len(known) - 1, loc=known.mean(), scale=stats.sem(known))
        estimate = moments.estimate(place)
        assert estimate is not None
        assert estimate.replications == len(known)
        assert (estimate.value, estimate.low, estimate.high) == pytest.approx((known.mean(), low, high), rel=1e-12)


def test_one_replication_has_no_interval_and_none_has_no_estimate() -> None:
    moments = Moments((2,))
    moments.add(np.array([5.0, np.nan]))
    assert moments.estimate(0) == Estimate(5.0, None, None, 1)
    assert moments.estimate(1) is None


def test_a_share_stays_a_share() -> None:
    moments = Moments((1,))
    for value in (1.0, 1.0, 0.7):
        moments.add(np.array([value]))
    estimate = moments.estimate(0, least=0.0, most=1.0)
    assert estimate is not None
    assert estimate.high == 1.0
