"""Distributions of lengths: the family that made them is found, and what follows none stays as it was seen."""

from __future__ import annotations

import numpy as np
import pytest

from millpond.calibration.fitting.after import after_of, left_censored
from millpond.calibration.fitting.lengths import lengths_of
from millpond.calibration.fitting.ways import Move
from millpond.model.distributions import Empirical, Exponential, LogNormal, mean_minutes


def test_lengths_from_a_family_have_that_family_and_its_mean_within_the_interval() -> None:
    random = np.random.default_rng(3)
    exponential = lengths_of(random.exponential(30, 800))
    assert isinstance(exponential.minutes, Exponential)
    assert exponential.low < 30 < exponential.high
    # A mean of 20 and a standard deviation of 10: sigma^2 = log(1 + 1/4), mu = log 20 - sigma^2 / 2.
    sigma = np.sqrt(np.log(1.25))
    lognormal = lengths_of(random.lognormal(np.log(20) - sigma**2 / 2, sigma, 800))
    assert isinstance(lognormal.minutes, LogNormal)
    assert (lognormal.minutes.mean, lognormal.minutes.sd) == pytest.approx((20, 10), rel=0.1)


def test_a_length_that_is_always_the_same_is_a_number() -> None:
    assert lengths_of(np.full(50, 20.0)).minutes == 20


def test_where_many_take_no_time_the_lengths_stay_as_they_were_seen() -> None:
    found = lengths_of(np.array([0.0] * 10 + [30.0] * 10))
    assert found.minutes == Empirical(values=(0.0,) * 10 + (30.0,) * 10)
    assert found.why == "as seen: 50% take no time"


def test_what_follows_no_family_stays_as_seen_and_keeps_its_mean() -> None:
    seen = np.concatenate((np.full(500, 5.0), np.full(500, 90.0)))
    found = lengths_of(seen)
    assert isinstance(found.minutes, Empirical)
    assert len(found.minutes.values) == 200
    assert mean_minutes(found.minutes) == pytest.approx(47.5)


def test_lengths_of_which_only_the_most_is_known_are_weighed_in_from_above() -> None:
    """1 and 3 are known; a third is at most 2, so that half of its weight is up to 1 and half is nothing."""
    values = left_censored(np.array([1.0, 3.0, 2.0]), np.array([True, True, False]))
    assert values.tolist() == [1.0, 1.0, 3.0]
    assert left_censored(np.array([5.0, 6.0]), np.array([False, False])).tolist() == [0.0, 0.0]


def test_a_long_delay_is_counted_in_the_hours_of_the_next_step_and_a_timer_by_the_clock() -> None:
    moves = [Move("ask", None, 1, "answer", elapsed=600.0 + number, working=120.0 + number) for number in range(20)]
    in_hours = after_of(moves, closes=True, is_timer=False)
    assert in_hours is not None
    assert in_hours.delay.time == "working"
    assert in_hours.lengths.mean == 129.5
    timer = after_of(moves, closes=True, is_timer=True)
    assert timer is not None
    assert timer.delay.time == "elapsed"
    assert after_of([Move("ask", None, 1, "answer")] * 5, closes=True, is_timer=False) is None
