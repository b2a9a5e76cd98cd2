"""Which plans could be the best: where that is plain, and how often the best is kept."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from millpond.measures.proportions import wilson
from millpond.planning.screening import could_be_best, could_keep_and_be_best, share_interval


def test_two_plans_are_judged_by_the_paired_t_test() -> None:
    random = np.random.default_rng(3)
    luck = random.normal(100, 30, 40)
    for gap in (0.1, 0.2, 0.3, 0.4, 0.6):
        other = luck + gap + random.normal(0, 1, 40)
        p = stats.ttest_rel(other, luck, alternative="greater").pvalue
        assert could_be_best(np.array([luck, other])).tolist() == [True, bool(p >= 0.05)]


def test_common_luck_tells_apart_what_independent_luck_does_not() -> None:
    random = np.random.default_rng(4)
    luck = random.normal(100, 30, 40)
    assert could_be_best(np.array([luck, luck + 2])).tolist() == [True, False]
    assert could_be_best(np.array([luck, random.normal(102, 30, 40)])).all()


def test_equal_plans_all_stay_and_what_is_unknown_stays() -> None:
    assert could_be_best(np.full((3, 10), 7.0)).all()
    figures = np.array([[1.0, 1.0, 1.0], [np.nan] * 3, [2.0, 2.0, 2.0]])
    assert could_be_best(figures).tolist() == [True, True, False]
    assert could_be_best(np.array([[1.0], [2.0]])).all(), "one replication tells nothing"


@pytest.mark.parametrize("plans", [2, 5, 12])
def test_the_best_is_kept_as_often_as_is_said(plans: int) -> None:
    """The hardest case: all others are as good as the best, so that each may put it out by chance."""
    random = np.random.default_rng(plans)
    kept = 0
    for _ in range(1000):
        luck = random.normal(0, 1, 25)
        kept += bool(could_be_best(luck + random.normal(0, 1, (plans, 25)))[0])
    _, high = wilson(kept, 1000) or (0, 0)
    assert high >= 0.95, f"{kept} of 1,000"


def test_the_exact_interval_of_a_share() -> None:
    for count in (0, 3, 40, 50):
        found = stats.binomtest(count, 50).proportion_ci(0.95, method="exact")
        assert list(share_interval(count, 50, 0.025)) == pytest.approx([found.low, found.high])


def test_a_cheap_plan_that_breaks_the_promise_puts_nobody_out() -> None:
    cost = np.array([[100.0] * 200, [150.0] * 200, [180.0] * 200])
    kept = np.array([[False] * 200, [True] * 200, [True] * 200])
    best, may = could_keep_and_be_best(cost, kept, 0.95)
    assert best.tolist() == [False, True, False]
    assert may.tolist() == [False, True, True]


def test_a_plan_of_which_it_is_not_known_whether_it_keeps_the_promise_stays_and_puts_nobody_out() -> None:
    cost = np.array([[100.0] * 200, [150.0] * 200])
    unsure = np.array([True] * 188 + [False] * 12)
    best, _ = could_keep_and_be_best(cost, np.array([unsure, [True] * 200]), 0.95)
    assert best.all()
