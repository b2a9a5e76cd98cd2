"""The picture and the words of a forecast."""

from __future__ import annotations

from dataclasses import replace

import pytest

from millpond.report.charts.forecast_fan import forecast_fan
from millpond.report.forecast_text import coverage_sentence, error_sentence
from millpond.variation.backtesting import Backtest, BacktestRow
from millpond.variation.forecast import Forecast, ForecastRow, ForecastWeek

ROWS = tuple(
    ForecastRow(f"2025-01-{day:02d}", 2.0 + day / 10, 1, 4, None, None, None, False, False) for day in range(20, 27)
)
WEEK = ForecastWeek("2025-01-20", 16.1, 11, 21, None, None, None)
FORECAST = Forecast(
    rows=ROWS,
    notes=(),
    of="Corner House",
    unit="new cases",
    by="day",
    level=0.8,
    history_first="2025-01-05",
    history_last="2025-01-19",
    history=(9, *range(1, 8), *range(2, 9)),
    minutes_each=None,
    weeks=(WEEK,),
    backtest=None,
)


def test_weeks_of_the_history_are_counted_back_from_its_end() -> None:
    chart = forecast_fan(FORECAST)
    past = chart.spec["datasets"]["past"]
    assert [(week["period"], week["came"]) for week in past] == [("2025-01-06", 28), ("2025-01-13", 35)]
    coming = chart.spec["datasets"]["coming"][0]
    assert (coming["expected"], coming["low"], coming["high"]) == (16.1, 11, 21)
    assert chart.alt.startswith(
        "Week of 20 January 2025: 16 new cases expected, between 11 and 21 in four cases of five"
    )
    assert chart.table.rows == (("week of 20 Jan 2025", "16", "11 to 21"),)


def test_by_day_every_day_stands_for_itself() -> None:
    chart = forecast_fan(FORECAST, "day")
    assert [day["came"] for day in chart.spec["datasets"]["past"]] == [9, 1, 2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6, 7, 8]
    assert len(chart.spec["datasets"]["coming"]) == 7
    assert chart.svg(350).startswith("<svg")


def test_months_are_drawn_by_month() -> None:
    months = replace(
        FORECAST,
        by="month",
        history_first="2024-11",
        history=(3, 4),
        rows=(replace(ROWS[0], period="2025-01"),),
        weeks=(),
    )
    chart = forecast_fan(months)
    assert [month["period"] for month in chart.spec["datasets"]["past"]] == ["2024-11", "2024-12"]
    assert chart.alt.startswith("January 2025: 4 new cases expected")


def test_without_a_forecast_it_says_so() -> None:
    chart = forecast_fan(replace(FORECAST, rows=(), weeks=(), history_first=None, history=()))
    assert chart.alt == "The history is too short to forecast."


def _test(within: float, low: float, high: float, error: float = 0.8, totals: float | None = None) -> Backtest:
    row = BacktestRow(None, 100, 100, within, low, high, error, 1.0, 10, totals, totals, totals)
    return Backtest((row,), (), "day", 0.8, 10, "2025-01-01", "2025-03-01")


@pytest.mark.parametrize(
    ("test", "says"),
    [
        (_test(0.78, 0.7, 0.85), "The 80% bands held 78% of days (95% interval 70% to 85%): they keep their promise."),
        (
            _test(0.6, 0.5, 0.7),
            "The 80% bands held 60% of days (95% interval 50% to 70%): they are too narrow; do not ",
        ),
        (_test(0.9, 0.85, 0.95), "they are too wide; do not rely on them."),
        (_test(0.78, 0.7, 0.85, totals=0.6), "Those of whole weeks held 60% (60% to 60%): too narrow."),
    ],
)
def test_the_words_say_whether_a_promise_was_kept(test: Backtest, says: str) -> None:
    assert says in coverage_sentence(test)


@pytest.mark.parametrize(
    ("error", "says"),
    [(0.8, "was 1.00: better."), (1.0, ": neither is better."), (1.2, ": no better. Rather take that.")],
)
def test_the_words_say_whether_it_was_worth_it(error: float, says: str) -> None:
    assert says.removeprefix("was ") in error_sentence(_test(0.8, 0.7, 0.9, error))
