"""The regression with a drifting level, against statsmodels where the level stands still, and against integration."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import gammaln

from millpond.variation import level_model
from millpond.variation.level_model import fit_level


def _random(seed: int = 1) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def test_with_a_level_that_stands_still_it_is_the_negative_binomial_regression_of_statsmodels() -> None:
    api: Any = pytest.importorskip("statsmodels.api")
    random = _random()
    weekend = (np.arange(210) % 7 > 4).astype(float)
    wave = np.cos(np.arange(210) / 20)
    mean = np.exp(2.0 - 0.7 * weekend + 0.3 * wave)
    counts = random.negative_binomial(1 / 0.1, 1 / (1 + 0.1 * mean))
    design = np.column_stack([weekend, wave])
    stretches = np.arange(210) // 7
    fit = fit_level(counts, design, np.array([1e3, 1e3]), stretches, usual_drift=1e-4)
    for point in fit.points[::5]:
        family = api.families.NegativeBinomial(alpha=point.alpha)
        theirs = api.GLM(counts, api.add_constant(design), family=family).fit()
        assert point.mean[:2] == pytest.approx(theirs.params[1:], abs=2e-4)
        assert point.mean[-1] == pytest.approx(theirs.params[0], abs=2e-3)
        # Theirs is the expected information, ours the observed one.
        spread = np.sqrt(np.diag(point.covariance))[:2]
        assert spread == pytest.approx(theirs.bse[1:], rel=0.1)


@pytest.mark.parametrize(
    ("counts", "alpha"), [([4, 7, 5, 6, 3], 0.05), ([40, 55, 61], 0.2), ([1, 0, 2, 1, 0, 3], 0.01)]
)
def test_the_weight_of_a_point_is_nearly_the_integral_over_the_level(counts: list[int], alpha: float) -> None:
    y = np.array(counts, dtype=np.float64)
    found = level_model._mode(
        y, np.zeros((len(y), 0)), np.zeros(0), np.zeros(len(y), dtype=np.int64), np.zeros(len(y)), alpha, 0.1, None
    )[2]
    centre = math.log(y.mean())

    def density(level: float) -> float:
        mu = math.exp(level)
        logs = gammaln(y + 1 / alpha) - gammaln(1 / alpha) - gammaln(y + 1) + y * math.log(alpha)
        logs = logs + y * (level - math.log1p(alpha * mu)) - math.log1p(alpha * mu) / alpha
        return math.exp(float(logs.sum()) - 0.5 * level**2 / 9 + centre * level / 9)

    exact = math.log(quad(density, centre - 5, centre + 5, points=[centre], limit=200)[0]) - 0.5 * math.log(2 * math.pi)
    assert found == pytest.approx(exact, abs=0.05)


def test_a_drift_is_found_where_there_is_one_and_none_where_there_is_none() -> None:
    random = _random(2)
    weeks = np.arange(60 * 7) // 7
    still = random.poisson(20, len(weeks))
    moving = random.poisson(20 * np.exp(np.cumsum(random.normal(0, 0.12, 60))[weeks]))

    def drift(counts: Any) -> float:
        points = fit_level(counts, np.zeros((len(weeks), 0)), np.zeros(0), weeks).points
        return sum(point.weight * point.sigma for point in points)

    assert drift(still) < 0.02
    assert 0.08 < drift(moving) < 0.18


def test_paths_spread_further_the_further_ahead_and_a_draw_has_its_seed() -> None:
    weeks = np.arange(40 * 7) // 7
    counts = _random(3).poisson(20 * np.exp(np.cumsum(_random(4).normal(0, 0.1, 40))[weeks]))
    fit = fit_level(counts, np.zeros((len(weeks), 0)), np.zeros(0), weeks)
    ahead = np.arange(1, 11)
    means, scatter = fit.paths(np.zeros((10, 0)), np.zeros(10), ahead, 4000, _random(5))
    again, _ = fit.paths(np.zeros((10, 0)), np.zeros(10), ahead, 4000, _random(5))
    assert means.shape == (4000, 10) and scatter.shape == (4000,)
    assert (means == again).all()
    spread = np.log(means).std(axis=0)
    drift = math.sqrt(sum(point.weight * point.sigma**2 for point in fit.points))
    # The variance of a walk grows by that of its step.
    assert spread[9] ** 2 - spread[0] ** 2 == pytest.approx(9 * drift**2, rel=0.1)


def test_the_weights_add_up_to_one() -> None:
    fit = fit_level(np.array([3, 4, 2, 5]), np.zeros((4, 0)), np.zeros(0), np.arange(4))
    assert sum(point.weight for point in fit.points) == pytest.approx(1)
