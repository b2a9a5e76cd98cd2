"""Days to come made of days that were: the rhythm of the week, busy days beside busy days, and holidays."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from millpond.errors import WrongUse
from millpond.planning.day_level import correlation_of
from millpond.planning.resampling import Past, resampled

MONDAY = date(2026, 1, 5)


def test_each_day_to_come_is_one_of_its_own_weekday() -> None:
    seen = [1000 * (day % 7) + day // 7 for day in range(20 * 7)]
    found = resampled(seen, 0, 3, 100, 50, block=14)
    assert found.shape == (50, 100)
    assert (found // 1000 == (3 + np.arange(100)) % 7).all()
    # Within a block of two weeks, days follow each other as they did: only from block to block there is a jump.
    weeks = (found % 1000)[:, :14]
    assert (np.diff(np.sort(np.unique(weeks))) >= 1).all()
    step = (weeks[:, 13] - weeks[:, 0]).tolist()
    assert set(step) <= {1, 2}


def test_the_same_seed_gives_the_same_days() -> None:
    seen = np.arange(100.0)
    assert (resampled(seen, 2, 2, 60, 5, seed=7) == resampled(seen, 2, 2, 60, 5, seed=7)).all()
    assert (resampled(seen, 2, 2, 60, 5, seed=7) != resampled(seen, 2, 2, 60, 5, seed=8)).any()


def test_blocks_keep_busy_days_beside_busy_days() -> None:
    random = np.random.default_rng(1)
    series = np.zeros(364)
    for day in range(1, 364):
        series[day] = 0.8 * series[day - 1] + random.normal()
    kept = correlation_of(resampled(series, 0, 0, 364, 50))
    # Only from block to block, once in fourteen days, the thread is cut.
    assert kept.is_correlated and kept.lags[0] > 0.85 * correlation_of(series[np.newaxis]).lags[0]
    drawn = np.random.default_rng(2).choice(series, size=(50, 364))
    assert not correlation_of(drawn).is_correlated


@pytest.mark.parametrize(("days", "block", "told"), [(55, 14, "55 days of history"), (60, 10, "not of whole weeks")])
def test_what_cannot_be_resampled(days: int, block: int, told: str) -> None:
    with pytest.raises(WrongUse, match=told):
        resampled(np.ones(days), 0, 0, 10, 1, block=block)


def test_a_holiday_to_come_brings_what_closed_days_bring() -> None:
    # On working days 100 minutes join, on closed days 20; one Monday was a holiday.
    weekdays = np.arange(20 * 7) % 7
    working = weekdays < 5
    working[14] = False
    demand = np.where(working, 100.0, 20.0)
    past = Past("team", MONDAY, demand, working, 10.0, 0.0)
    shape = (np.arange(28) % 7 < 5).astype(float)
    shape[21] = 0.0
    future = past.future(MONDAY, shape, replications=30)
    expected = np.where(shape > 0, 100.0, 20.0)
    assert (future.demand == expected).all()
    assert past.is_enough and not Past("team", MONDAY, demand[:50], working[:50], 10.0, 0.0).is_enough
