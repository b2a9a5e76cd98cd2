"""How coverage is counted."""

from __future__ import annotations

import doctest
from typing import Any

import pytest
from scipy import stats

from millpond.variation import coverage, effects
from millpond.variation.coverage import inside, wilson


@pytest.mark.parametrize("mean", [0.05, 0.3, 1.0, 4.2, 60.0])
def test_a_forecast_that_is_right_holds_exactly_what_it_promises(mean: float) -> None:
    """However small the counts: the chance of each times how much of it lies inside adds up to 80%."""
    chance = stats.poisson(mean)
    total = sum(chance.pmf(count) * inside(chance.cdf(count - 1), chance.cdf(count)) for count in range(400))
    assert total == pytest.approx(0.8, abs=1e-9)


@pytest.mark.parametrize(
    ("below", "up_to", "share"),
    [
        (0.2, 0.4, 1.0),  # wholly within
        (0.0, 0.2, 0.5),  # the upper half of it
        (0.85, 0.95, 0.5),  # the lower half
        (0.0, 1.0, 0.8),  # a count that is certain
        (0.95, 1.0, 0.0),
        (0.5, 0.5, 1.0),  # so unlikely a count that its own chance is nothing
        (1.0, 1.0, 0.0),
    ],
)
def test_a_count_at_the_edge_counts_in_part(below: float, up_to: float, share: float) -> None:
    assert inside(below, up_to) == pytest.approx(share)


@pytest.mark.parametrize(("count", "of"), [(0, 12), (3, 7), (80, 100), (100, 100)])
def test_the_interval_of_a_share_is_that_of_statsmodels(count: int, of: int) -> None:
    proportion: Any = pytest.importorskip("statsmodels.stats.proportion")
    theirs = proportion.proportion_confint(count, of, method="wilson")
    assert wilson(count / of, of) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("module", [coverage, effects])
def test_examples_in_docstrings(module: Any) -> None:
    assert doctest.testmod(module).failed == 0
