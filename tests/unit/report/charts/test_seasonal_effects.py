"""The pictures of seasonality and of fitted distributions."""

from __future__ import annotations

from datetime import date

import numpy as np

from millpond.report.charts.distribution_fit import distribution_fit
from millpond.report.charts.seasonal_effects import seasonal_effects
from millpond.report.seasonality_text import seasonality_text, standing_out
from millpond.variation.distributions import Sample, distributions
from millpond.variation.kaplan_meier import Lengths
from millpond.variation.seasonality import Seasonality, seasonality
from millpond.variation.series import Series


def _effects() -> Seasonality:
    counts = np.tile([140, 70, 70, 70, 70, 70, 70], 12)
    return seasonality(Series(date(2024, 1, 1), counts), of="Corner House", unit="visits")


def test_effects_are_drawn_in_per_cent_and_those_beyond_chance_stand_out() -> None:
    chart = seasonal_effects(_effects(), "weekday")
    drawn = chart.spec["datasets"]["effects"]
    assert [bar["name"] for bar in drawn] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert round(drawn[0]["change"]) == 75 and drawn[0]["low"] < 75 < drawn[0]["high"]
    assert all(bar["clear"] for bar in drawn)
    assert chart.alt.startswith("Mondays bring 75% more visits, ")
    assert "than the mean of all 7 days of the week" in chart.subtitle
    assert chart.table.rows[0][:2] == ("Monday", "+75%")
    assert chart.svg(350).startswith("<svg")


def test_what_the_history_does_not_tell_is_not_drawn() -> None:
    assert seasonal_effects(_effects(), "month").alt == "The history says too little of this."


def test_the_words_begin_with_what_stands_out() -> None:
    assert standing_out(_effects())[0].startswith("Mondays bring 75% more visits")
    level = seasonality(Series(date(2024, 1, 1), np.full(84, 10)), of="Corner House", unit="visits")
    assert "Nothing stands out beyond chance." in seasonality_text(level)


def test_a_fit_is_drawn_beside_the_records() -> None:
    minutes = np.arange(1.0, 101)
    lengths = Lengths(minutes, np.ones(100, dtype=np.int64), np.zeros(100, dtype=np.int64))
    result = distributions([Sample("work", "visit", "nurses", lengths, 0)], as_of="2025-06-30T17:00:00+01:00")
    chart = distribution_fit(result, "work", "visit", "nurses", "Home visit")
    curve = chart.spec["datasets"]["curve"]
    assert curve[0] == {"time": 0.0, **dict.fromkeys(("seen", "low", "high"), 1.0), **dict.fromkeys(_families(), 1.0)}
    half = next(point for point in curve if point["time"] == 50.0)
    assert round(half["seen"], 6) == 0.5
    assert "Home visit, minutes of work up to 30 June 2025, 100 over and 0 not over." in chart.subtitle
    assert chart.alt.startswith("By likelihood the best of the four is Weibull, at most ")
    assert chart.svg(350).startswith("<svg")
    assert distribution_fit(result, "wait", "visit", "nurses").alt.startswith("Too few lengths are over")


def _families() -> tuple[str, ...]:
    return ("exponential", "gamma", "lognormal", "weibull")
