"""Forecasts of days and months."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from scipy import stats

from millpond.errors import WrongUse
from millpond.variation.forecast import Forecast, forecast
from millpond.variation.predicting import latest, predict
from millpond.variation.series import Series, SpecialDays

MONDAY = date(2024, 1, 1)


def _series(counts: Any, by: str = "day", special: SpecialDays | None = None) -> Series:
    return Series(MONDAY, np.asarray(counts, dtype=np.int64), by, special or SpecialDays())


def _told(counts: Any, ahead: int = 7, special: SpecialDays | None = None, by: str = "day", **more: Any) -> Forecast:
    return forecast(_series(counts, by, special), ahead, of="x", unit="visits", **more)


def _random(seed: int = 1) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def test_a_steady_service_is_forecast_as_what_it_is() -> None:
    """400 a day by pure chance: a band like that of the Poisson distribution, and wider for what is not known."""
    result = _told(_random().poisson(400, 154), 14)
    low, high = stats.poisson(400).ppf([0.1, 0.9])
    for row in result.rows:
        assert row.expected == pytest.approx(400, rel=0.05)
        assert 0.95 < (row.high - row.low) / (high - low) < 1.5
    week = result.weeks[0]
    assert week.expected == pytest.approx(sum(row.expected for row in result.rows[:7]))
    low, high = stats.poisson(2800).ppf([0.1, 0.9])
    # The doubt of the level comes on top of chance, but the bands of days do not simply add up.
    assert high - low < week.high - week.low < sum(row.high - row.low for row in result.rows[:7])


def test_the_rhythm_of_the_week_and_closed_days_come_through() -> None:
    counts = _random(2).poisson(np.tile([300, 200, 200, 200, 100, 0, 0], 22))
    result = _told(counts)
    expected = [row.expected for row in result.rows]
    assert expected == pytest.approx([300, 200, 200, 200, 100, 0, 0], rel=0.05, abs=0.2)
    assert [(row.low, row.high) for row in result.rows[5:]] == [(0, 0), (0, 0)]


def test_days_to_come_are_the_ones_after_those_that_are_skipped() -> None:
    series = _random(3).poisson(np.tile([9, 5, 5, 5, 5, 1, 1], 20))
    result = _told(series, skip=3)
    assert result.rows[0].period == (MONDAY + timedelta(days=143)).isoformat()
    assert (result.history_first, result.history_last) == ("2024-01-01", "2024-05-19")
    assert [row.expected > 7 for row in result.rows] == [False, False, False, False, True, False, False]


def test_holidays_that_were_seen_are_forecast_and_marked() -> None:
    length = 22 * 7
    days = [MONDAY + timedelta(days=place) for place in range(length + 7)]
    bank = frozenset(day for day in days if day.day == 12) | {days[length + 2]}
    pupils = ((days[length], days[length + 1]),)
    mean = np.array([20.0 if day in bank else 120.0 for day in days[:length]])
    result = _told(_random(4).poisson(mean), special=SpecialDays(bank, pupils))
    assert [row.bank_holiday for row in result.rows] == [False, False, True, False, False, False, False]
    assert [row.school_holiday for row in result.rows] == [True, True, False, False, False, False, False]
    assert result.rows[2].expected == pytest.approx(20, rel=0.2)
    assert result.rows[3].expected == pytest.approx(120, rel=0.1)


def test_what_is_skipped_is_not_in_the_weeks() -> None:
    """The week that is skipped is all bank holidays; the one that is shown has none."""
    length = 22 * 7
    days = [MONDAY + timedelta(days=place) for place in range(length + 7)]
    bank = frozenset(days[length:]) | {day for day in days if day.day in (3, 12, 25)}
    mean = np.array([20.0 if day in bank else 120.0 for day in days[:length]])
    (week,) = _told(_random(4).poisson(mean), special=SpecialDays(bank), skip=7).weeks
    assert week.low < week.expected < week.high
    assert week.expected == pytest.approx(7 * 120, rel=0.1)


def test_minutes_are_numbers_times_the_mean_work() -> None:
    result = _told(_random(5).poisson(10, 100), minutes_each=30.0)
    row, week = result.rows[0], result.weeks[0]
    assert (row.minutes, row.minutes_low, row.minutes_high) == (row.expected * 30, row.low * 30, row.high * 30)
    assert (week.minutes, week.minutes_low, week.minutes_high) == (week.expected * 30, week.low * 30, week.high * 30)
    assert any("30 minutes" in note for note in result.notes)
    assert _told(_random(5).poisson(10, 100)).rows[0].minutes is None


def test_the_same_seed_gives_the_same_bands() -> None:
    counts = _random(6).poisson(10, 100)
    assert _told(counts).rows == _told(counts).rows
    assert _told(counts, seed=2).rows != _told(counts).rows


def test_a_level_that_moved_is_followed() -> None:
    counts = _random(7).poisson(np.r_[np.full(84, 40), np.full(70, 80)])
    assert _told(counts).rows[0].expected == pytest.approx(80, rel=0.15)


@pytest.mark.parametrize(
    ("counts", "by", "why"),
    [
        (np.full(55, 9), "day", "There are 55 whole days of history; a forecast needs 8 weeks."),
        (np.r_[np.zeros(90), 19], "day", "Only 19 visits came in 91 days; a forecast needs 20."),
        (np.full(23, 9), "month", "There are 23 whole months of history; a forecast needs 24 months."),
        ([], "day", "There are 0 whole days of history; a forecast needs 8 weeks."),
    ],
)
def test_too_little_history_gives_a_sentence_and_no_number(counts: Any, by: str, why: str) -> None:
    result = _told(counts, by=by)
    assert result.rows == () and result.weeks == () and result.backtest is None
    assert result.notes[0] == why


@pytest.mark.parametrize("ahead", [0, 53 * 7, 10, -7])
def test_a_forecast_is_for_whole_weeks_up_to_a_year(ahead: int) -> None:
    with pytest.raises(WrongUse, match="A forecast is for 1 to 52 weeks"):
        _told(np.full(100, 9), ahead)


def test_a_short_history_is_not_judged_and_knows_no_season() -> None:
    result = _told(_random(8).poisson(10, 100))
    assert result.backtest is None
    assert any("that needs 23 weeks" in note for note in result.notes)
    assert any("it knows no season" in note for note in result.notes)
    assert _told(_random(8).poisson(10, 23 * 7), 7).backtest is not None


def test_no_further_ahead_is_judged_than_there_are_origins_for() -> None:
    result = _told(_random(9).poisson(10, 25 * 7), 28)
    assert result.backtest is not None
    assert [row.ahead for row in result.backtest.rows] == [1, 2, 3, None]
    assert "Only the first 3 weeks could be tested." in result.notes
    assert result.to_dict()["backtest"]["origins"] == result.backtest.origins


def test_months_are_as_long_as_they_are() -> None:
    """A hundred a day in every month: January brings 3,100, February of 2027 2,800."""
    months = [(2024 + place // 12, place % 12 + 1) for place in range(36)]
    lengths = [(date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days for year, month in months]
    result = _told(_random(10).poisson(100 * np.array(lengths)), 2, by="month")
    assert [row.period for row in result.rows] == ["2027-01", "2027-02"]
    assert [row.expected for row in result.rows] == pytest.approx([3100, 2800], rel=0.02)
    assert result.weeks == () and result.backtest is not None and result.backtest.by == "month"


def test_only_the_last_three_years_are_fitted() -> None:
    series = _series(np.r_[np.full(400, 1000), np.full(156 * 7, 10)])
    recent = latest(series)
    assert len(recent) == 156 * 7
    assert recent.first == MONDAY + timedelta(days=400)
    assert set(recent.counts) == {10}


def test_the_chance_of_a_count_is_that_of_the_draws() -> None:
    predicted = predict(_series(_random(11).poisson(5, 100)), 7)
    for count in (-1, 0, 3, 5, 9):
        assert predicted.chance_of_at_most(2, count) == pytest.approx(
            float(np.mean(predicted.counts[:, 2] <= count)), abs=0.025
        )
