"""Problem events of the days to come, on futures that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from millpond.variation.events_ahead import levels_ahead, pool_ahead
from millpond.variation.problem_days import ProblemEvents, problem_events
from tests.unit.variation.test_problem_days import days

CALM = [50.0] * 10


def future(*bad: int) -> ProblemEvents:
    """Ten days at half of what can be done, but for the bad ones at three times that."""
    return problem_events(days([300.0 if day in bad else demand for day, demand in enumerate(CALM)]))


def test_days_and_futures_are_counted() -> None:
    found = pool_ahead("advocates", [future(0), future(7), *[future()] * 38], within=5, working_days_a_year=250)
    assert (found.days, found.of, found.futures) == (2, 10, 40)
    assert (found.share, found.once_in, found.a_year) == (0.005, 200, 1.25)
    # The second comes too late for the five days ahead.
    assert (found.hit, found.chance) == (1, 0.025)
    assert found.chance_low is not None and found.chance_high is not None
    assert (round(found.chance_low, 4), round(found.chance_high, 4)) == (0.0044, 0.1288), "Wilson, 1 of 40"


def test_where_no_future_has_such_a_day_the_rule_of_three_speaks() -> None:
    found = pool_ahead("advocates", [future()] * 60, within=5, working_days_a_year=250)
    assert (found.share, found.once_in, found.chance) == (0.0, None, 0.0)
    assert found.chance_high == pytest.approx(3 / 60)
    assert found.share_high == pytest.approx(3 / 600)
    assert found.once_in_low == pytest.approx(200)


def test_days_that_come_in_few_futures_say_less_than_days_of_their_own() -> None:
    apart = pool_ahead("advocates", [future(1)] * 10 + [future()] * 30, within=5, working_days_a_year=250)
    together = pool_ahead("advocates", [future(*range(10))] + [future()] * 39, within=5, working_days_a_year=250)
    assert apart.share == together.share == 0.025
    assert apart.share_high is not None and together.share_high is not None
    assert apart.share_high < 0.05 < together.share_high


def test_how_long_the_backlog_takes_is_of_all_futures_together() -> None:
    backlog = [0.0] * 6 + [5.0, 5.0, 0.0, 0.0]
    one = problem_events(days([300.0 if day == 6 else 50.0 for day in range(10)], backlog=backlog))
    found = pool_ahead("advocates", [one] * 5, within=5, working_days_a_year=250)
    assert (found.stretches, found.stretches_over, found.back_after) == (5, 5, 2.0)


def test_levels_are_ranks_of_all_futures_and_their_interval_is_of_the_futures() -> None:
    # Every future has the same hundred days: no luck between them, so no doubt.
    same = np.tile(np.arange(1.0, 101.0), (20, 1))
    twenty, fifty, hundred, *rest = levels_ahead("advocates", same, (20, 50, 100, 250))
    assert (twenty.level, twenty.low, twenty.high) == (96, 96, 96)
    assert (fifty.level, hundred.level) == (99, 100)
    assert rest[0].level is None, "fewer than ten days of 2,000 lie above it"
    # Half of the futures never go above 1: which half they are is luck.
    mixed = np.vstack([np.ones((10, 100)), same[:10]])
    level = levels_ahead("advocates", mixed, (20,))[0]
    assert level.level == 91
    assert level.low is not None and level.high is not None
    assert level.low < 91 < level.high


def test_levels_hold_what_they_promise() -> None:
    # Exponential ratios: once in 50 days more than ln 50. In 40 tries of 30 futures of 100 days.
    draws = np.random.default_rng(7).exponential(size=(40, 30, 100))
    held = 0
    for one in draws:
        level = levels_ahead("a", one, (50,))[0]
        assert level.low is not None and level.high is not None
        held += level.low <= np.log(50) <= level.high
    assert held >= 34, "38 of 40 are promised; fewer than 34 come once in a thousand"
