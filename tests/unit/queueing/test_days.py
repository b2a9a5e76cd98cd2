"""Backlog from day to day: the bounds, the exact averages, and a long seeded simulation that shows both."""

from __future__ import annotations

from math import exp, pi, sqrt
from statistics import NormalDist

import numpy as np
import pytest

from millpond.errors import WrongUse
from millpond.queueing.days import (
    backlog_bound,
    backlog_exceeds_bound,
    backlog_recursion,
    normal_days,
    sufficient_capacity,
)

DEMAND = NormalDist(480, 120)


@pytest.mark.parametrize(("part", "capacity", "bound"), [(0.65, 526.2, 155.7), (0.8, 581.0, 71.3), (0.85, 604.4, 57.9)])
def test_the_bound_at_percentiles_of_demand(part: float, capacity: float, bound: float) -> None:
    assert DEMAND.inv_cdf(part) == pytest.approx(capacity, abs=0.05)
    assert backlog_bound(480, 120, DEMAND.inv_cdf(part)) == pytest.approx(bound, abs=0.06)


def test_a_fixed_capacity_and_back() -> None:
    assert backlog_bound(480, 120, 520) == 180
    assert sufficient_capacity(480, 120, 180) == 520
    # Variation of capacity counts as much as that of demand: 3-4-5.
    assert backlog_bound(480, 90, 520, sd_capacity=120) == pytest.approx(150**2 / 80)
    assert sufficient_capacity(480, 90, 150**2 / 80, sd_capacity=120) == pytest.approx(520)


@pytest.mark.parametrize(
    ("capacity", "mean", "any_left"),
    [
        (DEMAND.inv_cdf(0.65), 96.5, 0.565),
        (DEMAND.inv_cdf(0.8), 23.1, 0.264),
        (DEMAND.inv_cdf(0.85), 13.8, 0.186),
        (520.0, 119.4, None),
    ],
)
def test_the_exact_backlog_is_that_of_two_million_simulated_days(
    capacity: float, mean: float, any_left: float | None
) -> None:
    exact = normal_days(480, 120, capacity)
    assert exact.mean == pytest.approx(mean, rel=0.005)
    assert any_left is None or exact.chance_of_any == pytest.approx(any_left, abs=0.0015)
    assert exact.mean < backlog_bound(480, 120, capacity)


def test_a_simulation_agrees_and_stays_within_the_bounds() -> None:
    draws = np.random.default_rng(20260701).normal(480, 120, size=(400, 3000))
    backlog = backlog_recursion(draws, 520)[:, 1000:]
    exact = normal_days(480, 120, 520)
    by_replication = backlog.mean(axis=1)
    error = by_replication.std(ddof=1) / sqrt(400)
    assert by_replication.mean() == pytest.approx(exact.mean, abs=4 * error)
    assert error < 2
    assert (backlog > 0).mean() == pytest.approx(exact.chance_of_any, abs=0.01)
    assert np.quantile(backlog, 0.99) == pytest.approx(750, rel=0.05)
    for amount in (100, 300, 750):
        assert (backlog > amount).mean() < backlog_exceeds_bound(amount, 480, 120, 520)


def test_at_mean_capacity_the_backlog_grows_as_the_root_of_the_days() -> None:
    # The highest point of a random walk is on average sd * sqrt(2 t / pi), less 0.5826 sd for looking once a day.
    draws = np.random.default_rng(7).normal(480, 120, size=(4000, 1600))
    last = backlog_recursion(draws, 480)[:, -1]
    law = 120 * sqrt(2 * 1600 / pi) - 0.5826 * 120
    assert last.mean() == pytest.approx(law, abs=4 * last.std() / sqrt(4000))


def test_the_tail_bound_by_hand() -> None:
    # 2 * 40 * 180 / 120^2 = 1.
    assert backlog_exceeds_bound(180, 480, 120, 520) == pytest.approx(exp(-1))
    assert backlog_exceeds_bound(10, 480, 0, 520) == 0


def test_the_recursion_is_the_loop_it_stands_for() -> None:
    rng = np.random.default_rng(3)
    demand, capacity = rng.integers(0, 100, size=(5, 60)), rng.integers(0, 110, size=(5, 60))
    opening = np.array([0, 10, 500, 0, 3])
    expected = np.empty((5, 60))
    for row in range(5):
        held = float(opening[row])
        for day in range(60):
            held = max(0.0, held + demand[row, day] - capacity[row, day])
            expected[row, day] = held
    assert np.array_equal(backlog_recursion(demand, capacity, opening), expected)


def test_twelve_people_and_two_advocates() -> None:
    # 720 minutes of demand, 480 of capacity, 1,200 waiting: 240 more each day. One rota for two replications.
    assert backlog_recursion([720] * 3, 480, 1200).tolist() == [1440, 1680, 1920]
    assert backlog_recursion([720] * 3, 480, [1200, 0]).tolist() == [[1440, 1680, 1920], [240, 480, 720]]


def test_without_variation_nothing_is_carried_over() -> None:
    exact = normal_days(480, 0, 520)
    assert exact.mean == 0
    assert exact.chance_of_any == 0
    assert backlog_bound(480, 0, 520) == 0


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(WrongUse, match=r"load is 1\.000.*\nGive more capacity than mean demand"):
        backlog_bound(480, 120, 480)
    with pytest.raises(WrongUse, match="use backlog_bound"):
        normal_days(480, 120, 480.1)
    with pytest.raises(WrongUse, match="The backlog is 0"):
        sufficient_capacity(480, 120, 0)
    with pytest.raises(WrongUse, match="do not fit together"):
        backlog_recursion([1, 2, 3], [1, 2])
    with pytest.raises(WrongUse, match="opening backlog is negative"):
        backlog_recursion([1], 1, -1)
    with pytest.raises(WrongUse, match="There are no days"):
        backlog_recursion([], 1)
