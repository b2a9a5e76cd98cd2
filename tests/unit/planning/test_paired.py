"""Paired differences and their intervals: by hand, by law, and by how often they hold."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from millpond.measures.proportions import wilson
from millpond.planning.paired import mean_of, ratio_of, share_difference, share_of


def test_the_interval_of_a_mean_is_students() -> None:
    values = np.array([3.0, 5.0, 4.0, 8.0])
    low, high = stats.t.interval(0.95, 3, loc=5, scale=stats.sem(values))
    found = mean_of(values)
    assert found is not None
    assert [found.value, found.low, found.high] == pytest.approx([5, low, high])
    assert mean_of(np.array([1.0, np.nan])) is None
    cut = mean_of(np.array([0.0, 1.0]), least=0.0)
    assert cut is not None and cut.low == 0


def test_pairs_that_all_agree_are_no_certainty() -> None:
    alike = np.ones(200, dtype=bool)
    found = share_difference(alike, alike)
    assert found.value == 0
    assert found.low is not None and found.high is not None
    assert found.low == -found.high and 0.005 < found.high < 0.03


def test_a_difference_of_shares_turns_its_sign_with_its_pairs() -> None:
    kept = np.array([True] * 6 + [False] * 4)
    before = np.array([True] * 2 + [False] * 7 + [True])
    there, back = share_difference(kept, before), share_difference(before, kept)
    assert [there.value, there.low, there.high] == pytest.approx([0.3, -(back.high or 0), -(back.low or 0)])
    # Agresti and Min by hand: 4.5 gained, 1.5 lost, of 12.
    half = 1.959963984540054 * (6 - 3**2 / 12) ** 0.5 / 12
    assert [there.low, there.high] == pytest.approx([3 / 12 - half, 3 / 12 + half])


def test_a_share_has_wilsons_interval() -> None:
    found = share_of(np.array([True] * 8 + [False] * 2))
    assert (found.value, (found.low, found.high)) == (0.8, wilson(8, 10))


def test_the_ends_of_a_ratio_are_where_the_difference_vanishes() -> None:
    random = np.random.default_rng(5)
    below = random.normal(100, 20, 60)
    above = 3 * below + random.normal(0, 30, 60)
    found = ratio_of(above, below)
    assert found is not None and found.low is not None and found.high is not None
    assert found.low < 3 < found.high
    for end in (found.low, found.high):
        # Fieller: at an end the mean of above - ratio x below is just told apart from 0.
        left = above - end * below
        assert abs(left.mean()) / stats.sem(left) == pytest.approx(stats.t.ppf(0.975, 59))


def test_there_is_no_ratio_to_what_may_be_nothing() -> None:
    assert ratio_of(np.array([1.0, 2.0, 3.0]), np.array([-1.0, 1.0, 0.5])) is None
    assert ratio_of(np.array([1.0]), np.array([1.0])) is None
    exact = ratio_of(np.array([6.0, 6.0]), np.array([2.0, 2.0]))
    assert exact is not None and (exact.value, exact.low, exact.high) == (3, 3, 3)


def test_intervals_of_paired_shares_cover() -> None:
    """Of 200 pairs, as many as plans are compared by: one promise is kept in 95%, the other in 90% of the same luck."""
    random = np.random.default_rng(11)
    held = 0
    for _ in range(1000):
        luck = random.random(200)
        found = share_difference(luck < 0.95, luck + random.normal(0, 0.02, 200) < 0.9)
        held += (found.low or 0) <= 0.05 <= (found.high or 0)
    low, high = wilson(held, 1000) or (0, 0)
    assert low <= 0.95 <= high, f"{held} of 1,000"
