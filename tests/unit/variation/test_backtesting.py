"""Forecasts from the past, held against what came."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from millpond.variation.backtesting import Score, _score, backtest, places_of_origins, summed_up
from millpond.variation.series import Series

MONDAY = date(2024, 1, 1)


@pytest.mark.parametrize(
    ("length", "by", "ahead", "origins"),
    [
        (91 + 7, "day", 7, [91]),
        (91 + 7 + 6, "day", 7, [97]),  # the latest day from which a week can be held against what came
        (91 + 21, "day", 7, [91, 98, 105]),
        (90 + 7, "day", 7, []),  # the first origin has 13 weeks behind it
        (36, "month", 3, list(range(24, 34))),
    ],
)
def test_origins_are_as_late_as_something_came_after_them(length: int, by: str, ahead: int, origins: list[int]) -> None:
    assert list(places_of_origins(length, by, ahead)) == origins


def test_there_are_at_most_a_year_of_origins() -> None:
    origins = places_of_origins(1000, "day", 28)
    assert len(origins) == 52
    assert origins[-1] == 972


def test_scores_are_averaged_by_week_and_days_count_once_for_the_interval() -> None:
    """Two origins a week apart, two weeks ahead: 28 forecasts of 21 days."""
    series = Series(MONDAY, np.ones(112, dtype=np.int64))
    one = Score(np.r_[np.ones(7), np.zeros(7)], np.full(14, 0.5), np.full(14, 1.0), np.array([1.0, 0.0]))
    other = Score(np.ones(14), np.full(14, 1.5), np.full(14, 1.0), np.array([1.0, 1.0]))
    result = summed_up(series, range(91, 99, 7), [one, other])
    first, second, overall = result.rows
    assert [(row.ahead, row.forecasts, row.times, row.within) for row in result.rows] == [
        (1, 14, 14, 1.0),
        (2, 14, 14, 0.5),
        (None, 28, 21, 0.75),
    ]
    assert (first.totals, first.totals_within, second.totals_within, overall.totals_within) == (2, 1.0, 0.5, 0.75)
    assert (overall.error, overall.naive_error) == (1.0, 1.0)
    assert (result.first_origin, result.last_origin) == ("2024-03-31", "2024-04-07")
    assert result.beats_naive and result.keeps_its_promise


def test_only_what_was_known_is_used() -> None:
    """What comes after the last origin changes how forecasts did, not what they were."""
    random = np.random.Generator(np.random.PCG64(1))
    counts = random.poisson(10, 91 + 70)
    seen = backtest(Series(MONDAY, counts), 7)
    later = counts.copy()
    later[-7:] = 1000
    other = backtest(Series(MONDAY, later), 7)
    assert seen is not None and other is not None
    assert seen.origins == other.origins == 10
    # Nine of ten forecasts are of the same days, from the same days.
    assert other.overall.within * 70 == pytest.approx(seen.overall.within * 70 - _last_week(counts), abs=1e-9)


def _last_week(counts: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
    ends = backtest(Series(MONDAY, counts), 7), backtest(Series(MONDAY, counts[:-7]), 7)
    assert ends[0] is not None and ends[1] is None  # nine origins are too few to judge by
    return float(_score(Series(MONDAY, counts), len(counts) - 7, 7).within.sum())


def test_the_first_day_to_come_is_not_known_either() -> None:
    counts = np.full(91 + 7, 10)
    busy = counts.copy()
    busy[91] = 1000
    usual, after = _score(Series(MONDAY, counts), 91, 7), _score(Series(MONDAY, busy), 91, 7)
    assert (after.within[0], usual.within[0]) == (0.0, 1.0)
    assert (after.error[1:] == usual.error[1:]).all() and (after.within[1:] == usual.within[1:]).all()


def test_a_week_that_repeats_itself_is_forecast_without_error_by_the_week_before() -> None:
    counts = np.tile([9, 8, 7, 6, 5, 2, 1], 24)
    result = backtest(Series(MONDAY, counts), 14)
    assert result is not None
    assert result.overall.naive_error == 0
    assert not result.beats_naive or result.overall.error == 0


def test_too_short_a_history_is_not_judged() -> None:
    assert backtest(Series(MONDAY, np.ones(91 + 63, dtype=np.int64)), 7) is None
