"""Distributions fitted to lengths, some of which are not over: by hand, against SciPy, and on data of known truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from millpond.measures.survival import cumulative_incidence
from millpond.variation.distributions import Sample, distributions
from millpond.variation.fitting import EXPONENTIAL, FAMILIES, GAMMA, LOGNORMAL, WEIBULL, Family, fit
from millpond.variation.kaplan_meier import Lengths, kaplan_meier

TRUE: dict[str, Any] = {
    "exponential": stats.expon(scale=60),
    "gamma": stats.gamma(3, scale=20),
    "lognormal": stats.lognorm(0.6, scale=50),
    "weibull": stats.weibull_min(1.8, scale=60),
}
"""Distributions whose mean is about an hour."""


def _lengths(minutes: npt.NDArray[Any], over: npt.NDArray[np.bool_] | None = None) -> Lengths:
    ended = np.ones(len(minutes), dtype=bool) if over is None else over
    values, place = np.unique(minutes, return_inverse=True)
    size = len(values)
    return Lengths(
        values,
        np.bincount(place, ended, size).astype(np.int64),
        np.bincount(place, ~ended, size).astype(np.int64),
    )


def _censored(name: str, number: int, seed: int = 1) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
    """Lengths of a known distribution, about a third of which were not over when last seen."""
    random = np.random.Generator(np.random.PCG64(seed))
    true, seen = TRUE[name].rvs(number, random_state=random), random.exponential(130, number)
    return np.minimum(true, seen), true <= seen


def test_the_share_that_lasts_longer_by_hand() -> None:
    """Six lengths: 1 over, 2 open, 3 over, 3 over, 4 open, 5 over."""
    seen = kaplan_meier(_lengths(np.array([1, 2, 3, 3, 4, 5]), np.array([True, False, True, True, False, True])))
    assert seen.minutes.tolist() == [1, 3, 5]
    assert seen.longer == pytest.approx([5 / 6, 5 / 6 * 2 / 4, 0.0])


def test_the_share_that_lasts_longer_is_that_of_statsmodels_and_of_the_measures() -> None:
    duration: Any = pytest.importorskip("statsmodels.duration.survfunc")
    minutes, over = _censored("gamma", 200)
    minutes = minutes.round() + 1
    lengths = _lengths(minutes, over)
    ours, theirs = kaplan_meier(lengths), duration.SurvfuncRight(minutes, over)
    assert ours.longer == pytest.approx(theirs.surv_prob)
    measured = cumulative_incidence(
        lengths.minutes.astype(np.int64), lengths.ended, np.zeros_like(lengths.ended), lengths.still_open
    )
    assert 1 - ours.longer == pytest.approx(measured.share[lengths.ended > 0])
    # The measures have the same variance, and their interval on the scale of the share that is over.
    share, spread = ours.longer[:-1], np.sqrt(measured.variance[lengths.ended > 0])[:-1]
    width = 1.959963984540054 * spread / (share * -np.log(share))
    assert ours.low[:-1] == pytest.approx(share ** np.exp(width))
    assert ours.high[:-1] == pytest.approx(share ** np.exp(-width))


def test_the_mean_of_an_exponential_is_all_the_time_over_those_that_are_over() -> None:
    minutes, over = _censored("exponential", 300)
    assert fit(_lengths(minutes, over), EXPONENTIAL).mean == pytest.approx(minutes.sum() / over.sum(), rel=1e-6)


@pytest.mark.parametrize(
    ("family", "theirs"),
    [(EXPONENTIAL, stats.expon), (GAMMA, stats.gamma), (LOGNORMAL, stats.lognorm), (WEIBULL, stats.weibull_min)],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_fit_is_that_of_scipy(family: Family, theirs: Any) -> None:
    minutes, over = _censored("lognormal", 500)
    found = fit(_lengths(minutes, over), family)
    data = stats.CensoredData(uncensored=minutes[over], right=minutes[~over])
    known = theirs(*theirs.fit(data, floc=0))
    assert (found.mean, found.sd) == pytest.approx((known.mean(), known.std()), rel=1e-4)
    assert [found.quantile(share) for share in (0.5, 0.9)] == pytest.approx(known.ppf([0.5, 0.9]), rel=1e-4)
    lengths = np.array([5.0, 50.0, 200.0])
    assert found.longer(lengths) == pytest.approx(known.sf(lengths), rel=1e-3)
    likelihood = known.logpdf(minutes[over]).sum() + known.logsf(minutes[~over]).sum()
    assert found.aic == pytest.approx(2 * family.size - 2 * likelihood, abs=1e-3)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_what_is_true_is_found_again_although_a_third_is_not_over(family: Family) -> None:
    minutes, over = _censored(family.name, 20_000)
    assert 0.25 < (~over).mean() < 0.45
    found, true = fit(_lengths(minutes, over), family), TRUE[family.name]
    assert (found.mean, found.sd) == pytest.approx((true.mean(), true.std()), rel=0.03)
    best = min((fit(_lengths(minutes, over), each) for each in FAMILIES), key=lambda each: each.aic)
    assert family.name in (best.family.name, "exponential")  # which the others hold as a special case


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_the_interval_of_the_mean_holds_the_truth_as_often_as_it_promises(family: Family) -> None:
    held = []
    for seed in range(150):
        minutes, over = _censored(family.name, 150, seed)
        found = fit(_lengths(minutes, over), family)
        assert found.mean_low is not None and found.mean_high is not None
        held.append(found.mean_low < TRUE[family.name].mean() < found.mean_high)
    assert np.mean(held) == pytest.approx(0.95, abs=0.055)  # three standard errors of 150


def test_leaving_out_what_is_open_would_make_lengths_too_short() -> None:
    minutes, over = _censored("gamma", 5000)
    assert fit(_lengths(minutes[over]), GAMMA).mean < 0.9 * fit(_lengths(minutes, over), GAMMA).mean


def _sample(lengths: Lengths, of: str = "work", at_once: int = 0) -> Sample:
    return Sample(of, "advocacy", "advocates", lengths, at_once)


def test_rows_come_best_first_with_what_they_rest_on() -> None:
    minutes, over = _censored("lognormal", 2000)
    result = distributions([_sample(_lengths(minutes, over), at_once=7)], as_of="2025-06-30T17:00:00+01:00")
    first, *others = result.rows
    assert first.best and first.distribution == "lognormal" and first.aic_more == 0
    assert not any(row.best for row in others)
    assert [row.aic_more for row in others] == sorted(row.aic_more for row in others)
    assert (first.ended, first.still_open, first.at_once) == (int(over.sum()), int((~over).sum()), 7)
    assert first.furthest < 0.03 < others[-1].furthest
    assert first.minutes == f'{{ distribution = "lognormal", mean = {first.mean:.4g}, sd = {first.sd:.4g} }}'
    assert others[-1].distribution == "exponential" and ", sd" not in others[-1].minutes


def test_the_curve_falls_from_near_one_and_has_every_distribution() -> None:
    minutes, over = _censored("weibull", 2000)
    result = distributions([_sample(_lengths(minutes, over))], as_of="2025-06-30")
    seen = [point.seen for point in result.curves]
    assert seen == sorted(seen, reverse=True) and seen[0] > 0.98 and 100 < len(seen) <= 200
    assert all(abs(point.weibull - point.seen) < 0.04 for point in result.curves)
    assert result.to_dict()["curves"][0]["of"] == "work"


def test_lengths_in_round_numbers_still_fit() -> None:
    """Written to the quarter of an hour, a fifth of all lengths are the same; the curve passes through the middle."""
    minutes = TRUE["gamma"].rvs(3000, random_state=np.random.Generator(np.random.PCG64(1)))
    rounded = np.maximum(15, 15 * (minutes / 15).round())
    assert max(np.unique(rounded, return_counts=True)[1]) > 0.18 * len(rounded)
    result = distributions([_sample(_lengths(rounded))], as_of="2025-06-30")
    assert result.rows[0].furthest < 0.05


@pytest.mark.parametrize(
    ("minutes", "what"),
    [
        (np.full(200, 50.0), "Work at advocacy: all 200 lengths that are over are the same"),
        (np.arange(1, 30.0), "Work at advocacy: 29 lengths above 0 are over, and a fit needs 30."),
        (np.r_[np.full(50, 10.0), np.full(50, 90.0)], "the 100 lengths that are over are of 2 sizes"),
    ],
)
def test_what_cannot_be_fitted_is_said(minutes: npt.NDArray[Any], what: str) -> None:
    result = distributions([_sample(_lengths(minutes))], as_of="2025-06-30")
    assert result.rows == () and what in result.notes[0]


def test_a_fit_that_is_far_away_is_said() -> None:
    either = np.r_[np.linspace(9, 11, 200), np.linspace(300, 320, 200)]
    result = distributions([_sample(_lengths(either))], as_of="2025-06-30")
    assert "even the best of the four is" in result.notes[0]
    assert result.notes[0].endswith("Simulate the lengths that were seen.")
