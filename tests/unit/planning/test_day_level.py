"""A pool from day to day: independent normal days against known figures, and days that hang together."""

from __future__ import annotations

import numpy as np
import pytest

from millpond.errors import WrongUse
from millpond.planning.day_level import PoolDays, correlation_of
from millpond.planning.promise import BacklogPromise, SeenPromise
from millpond.planning.seen import Limit
from millpond.planning.ways import ways_of
from millpond.queueing.days import normal_days, sufficient_capacity

MEAN, SD = 480.0, 120.0


def normal(replications: int = 400, days: int = 2500, **more: object) -> PoolDays:
    """Independent days of normal demand, every day worked, with some days to settle."""
    demand = np.random.default_rng(1).normal(MEAN, SD, size=(replications, days))
    weekdays = np.arange(days) % 7
    given: dict[str, object] = {"judged_from": 500, **more}
    return PoolDays("team", demand, np.ones(days), weekdays, 60.0, **given)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def days() -> PoolDays:
    return normal()


# Rule, capacity, use, mean backlog, its bound, chance of any: two million days by another program.
TABLE = [
    ("65th", 526.2, 0.912, 96.5, 155.7, 0.565),
    ("80th", 581.0, 0.826, 23.1, 71.3, 0.264),
    ("85th", 604.4, 0.794, 13.8, 57.9, 0.186),
    ("fixed", 520.0, 0.923, 119.4, 180.0, None),
]


@pytest.mark.parametrize(("rule", "capacity", "use", "mean", "bound", "any_left"), TABLE)
def test_the_table_of_normal_days(
    days: PoolDays, rule: str, capacity: float, use: float, mean: float, bound: float, any_left: float | None
) -> None:
    if rule != "fixed":
        assert days.percentile(float(rule[:2])) == pytest.approx(capacity, rel=0.002)
    assert pytest.approx(use, abs=5e-4) == MEAN / capacity
    backlog = days.backlog(capacity)
    assert backlog.mean() == pytest.approx(mean, rel=0.02)
    # Kingman's bound turned round gives the capacity back: from the exact mean and variance.
    assert sufficient_capacity(MEAN, SD, bound) == pytest.approx(capacity, rel=2e-4)
    if any_left is not None:
        assert (backlog > 0).mean() == pytest.approx(any_left, abs=0.004)
    else:
        assert np.quantile(backlog, 0.99) == pytest.approx(750, rel=0.03)


def test_with_the_mean_the_backlog_grows_without_limit() -> None:
    days = normal(replications=50, days=20_000, judged_from=0)
    backlog = days.backlog(MEAN)
    early, late = backlog[:, 1000:2000].mean(), backlog[:, -1000:].mean()
    # As a random walk held above nothing: with the square root of time, here a good three times.
    assert late > 2.5 * early
    assert (backlog[:, 1000:] > 0).mean() > 0.98


def test_the_least_capacity_of_independent_days_is_that_of_the_exact_formula(days: PoolDays) -> None:
    # Spitzer's identity is exact for normal days; the capacity whose mean backlog it puts at 119.5 is 520.
    low, high = 485.0, 700.0
    while high - low > 0.1:
        middle = (low + high) / 2
        low, high = (middle, high) if normal_days(MEAN, SD, middle).mean > 119.4 else (low, middle)
    assert high == pytest.approx(520, abs=0.2)
    low, high = 485.0, 700.0
    while high - low > 0.1:
        middle = (low + high) / 2
        low, high = (middle, high) if days.backlog(middle).mean() > 119.4 else (low, middle)
    assert high == pytest.approx(520, rel=0.003)


def test_the_least_capacity_is_where_the_risk_is_what_is_allowed() -> None:
    days = normal(days=260, judged_from=0)
    promise = BacklogPromise(None, None, 600, "minutes")
    least = days.least(promise, 0.05)
    assert least is not None
    assert days.broken(promise, least).mean() <= 0.05 < days.broken(promise, least - MEAN / 500).mean()
    # The tail formula over all days is enough, and not far from it.
    formula = MEAN + SD**2 / (2 * 600) * np.log(260 / 0.05)
    assert least < formula < 1.06 * least
    assert days.least(BacklogPromise(None, None, 10, "visits"), 0.05) == least


def test_no_capacity_keeps_the_backlog_at_nothing_over_a_weekend() -> None:
    demand = np.full((5, 28), 100.0)
    open_days = (np.arange(28) % 7 < 5).astype(float)
    days = PoolDays("team", demand, open_days, np.arange(28) % 7, 50.0)
    assert days.least(BacklogPromise(None, None, 199, "minutes"), 0.05) is None
    # What joins on Saturday and Sunday waits for Monday, which must do three days' work.
    assert days.least(BacklogPromise(None, None, 200, "minutes"), 0.05) == pytest.approx(140, rel=0.01)
    assert days.mean == 140 and days.by_working_day[0, :6].tolist() == [100, 100, 100, 100, 100, 300]


def test_a_pool_to_which_nothing_comes_needs_nothing() -> None:
    days = PoolDays("team", np.zeros((3, 28)), np.ones(28), np.arange(28) % 7, 1.0)
    assert days.least(BacklogPromise(None, None, 0, "minutes"), 0.05) == 0
    waiting = PoolDays("team", np.zeros((3, 28)), np.ones(28), np.arange(28) % 7, 1.0, opening=10.0)
    assert waiting.least(BacklogPromise(None, None, 0, "minutes"), 0.05) is None
    assert list(ways_of(days, BacklogPromise(None, None, 0, "minutes"), 0.05, 60.0)) == []


def test_who_is_seen_in_time_from_day_to_day() -> None:
    # 100 minutes come a day and 90 are done: the backlog grows by ten a day. Within one day the work of a day is done
    # as long as no more than 80 wait before it; on day k that is 10 k.
    demand = np.full((1, 40), 100.0)
    days = PoolDays("team", demand, np.ones(40), np.arange(40) % 7, 10.0)
    promise = SeenPromise(None, None, 0.5, Limit.parse("1 day"))
    shares = days.figures(promise, 90.0)[0]
    in_time = [min(1.0, max(0.0, (180 - 10 * day) / 100)) for day in range(40)]
    # The 28 days up to day 28 are those whose work joined on days 0 to 27.
    assert np.isnan(shares[:28]).all()
    assert shares[28] == pytest.approx(np.mean(in_time[:28]))
    assert shares[39] == pytest.approx(np.mean(in_time[11:39]))
    assert np.nanmin(days.figures(promise, 101.0)) == 1.0
    working = SeenPromise(None, None, 0.5, Limit.parse("1 working day"))
    assert np.nanmin(days.figures(working, 101.0)) == 1.0
    with pytest.raises(WrongUse, match="cannot be told from day to day"):
        days.figures(SeenPromise(None, None, 0.5, Limit.parse("4 hours")), 90.0)


def test_busy_days_that_follow_busy_days_are_told() -> None:
    random = np.random.default_rng(2)
    steps = random.normal(size=(40, 500))
    series = steps.copy()
    for day in range(1, 500):
        series[:, day] = 0.5 * series[:, day - 1] + steps[:, day]
    found = correlation_of(series)
    assert found.is_correlated
    assert found.lags[0] == pytest.approx(0.5, abs=0.02) and found.lags[1] == pytest.approx(0.25, abs=0.03)
    # Endlessly many days would have (1 + 0.5) / (1 - 0.5) = 3; ten lags with falling weights have 2.6.
    assert found.inflation == pytest.approx(2.6, abs=0.15)
    assert not correlation_of(steps).is_correlated
    assert correlation_of(series[:1]).is_correlated
    assert not correlation_of(np.ones((3, 100))).is_correlated
    assert correlation_of(steps[:, :3]).lags == ()


def test_the_rhythm_of_the_week_is_no_correlation() -> None:
    random = np.random.default_rng(3)
    weekdays = np.arange(350) % 7
    demand = random.normal(100, 10, size=(20, 350)) + np.where(weekdays == 0, 200.0, 0.0)
    days = PoolDays("team", demand, np.ones(350), weekdays, 10.0)
    assert not days.correlation.is_correlated
    assert days.sd > 60


def test_formulas_are_optimistic_where_days_hang_together() -> None:
    # The same mean and the same variance of single days, but every busy day is half of the next one too.
    random = np.random.default_rng(4)
    steps = random.normal(size=(400, 800))
    series = steps.copy()
    for day in range(1, 800):
        series[:, day] = 0.7 * series[:, day - 1] + np.sqrt(1 - 0.49) * steps[:, day]
    hanging = PoolDays("team", MEAN + SD * series, np.ones(800), np.arange(800) % 7, 60.0, judged_from=200)
    capacity = sufficient_capacity(MEAN, SD, 180.0)
    independent = normal(days=800, judged_from=200)
    assert independent.backlog(capacity).mean() < 180 < 400 < hanging.backlog(capacity).mean()
    assert hanging.correlation.is_correlated and not independent.correlation.is_correlated


def test_the_percentile_misleads_where_days_hang_together() -> None:
    # Both services have the same single days, and so the same 85th percentile. Where days are independent it wastes
    # a fifth and keeps the promise; where a busy day is followed by busy days it breaks it.
    promise = BacklogPromise(None, None, 900, "minutes")
    random = np.random.default_rng(5)
    steps = random.normal(size=(400, 460))
    series = steps.copy()
    for day in range(1, 460):
        series[:, day] = 0.8 * series[:, day - 1] + 0.6 * steps[:, day]
    hanging = PoolDays("team", MEAN + SD * series, np.ones(460), np.arange(460) % 7, 60.0, judged_from=200)
    independent = normal(days=460, judged_from=200)
    percentile = hanging.percentile(85)
    assert percentile == pytest.approx(independent.percentile(85), rel=0.01)
    assert independent.broken(promise, percentile).mean() == 0
    assert hanging.broken(promise, percentile).mean() > 0.3
    least = (independent.least(promise, 0.05), hanging.least(promise, 0.05))
    assert least[0] is not None and least[1] is not None
    assert least[0] < 0.96 * percentile < percentile < 1.05 * percentile < least[1]
