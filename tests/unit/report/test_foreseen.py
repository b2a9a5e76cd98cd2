"""The sections of the page on seasons, forecasts and lengths."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from millpond.report.foreseen import coming, lengths, rhythm
from millpond.report.results import ReportResults
from millpond.variation.distributions import Distributions, Sample, distributions
from millpond.variation.effects import EffectRow, effect
from millpond.variation.forecast import Forecast, ForecastRow, ForecastWeek
from millpond.variation.kaplan_meier import Lengths
from millpond.variation.seasonality import Seasonality
from tests.unit.report import samples


def _results(**given: object) -> ReportResults:
    made: ReportResults = replace(ReportResults(samples.service(), samples.worked_example()), **given)  # type: ignore[arg-type]
    return made


def _weekday(name: str, change: float, arrivals: int) -> EffectRow:
    told = (change, change - 0.05, change + 0.05)
    return effect("weekday", name, told, "the mean of all 7 days of the week", 52, arrivals, "new cases")


def _seasons(*rows: EffectRow) -> Seasonality:
    return Seasonality(rows, ("A note.",), "x", "new cases", "2025-01-06", "2026-01-04", 1.0, 1.0)


def test_the_largest_effect_is_told_first() -> None:
    section = rhythm(_results(seasonality=_seasons(_weekday("Monday", 0.1, 90), _weekday("Sunday", -0.5, 40))))
    assert section is not None
    assert section.lead == (
        "Sundays bring 50% fewer new cases, 45 to 55, than the mean of all 7 days of the week.",
        "Mondays bring 10% more new cases, 5 to 15, than the mean of all 7 days of the week.",
    )
    assert [chart.key for chart in section.small] == ["seasonality-weekday"]
    assert section.points == ("A note.",)


def test_effects_that_rest_on_few_people_are_left_out_for_sharing_with_their_kind() -> None:
    month = EffectRow("month", "May", 0.2, 0.1, 0.3, "the mean of all months", 31, 3, "May brings more.")
    found = _seasons(_weekday("Monday", 0.1, 90), month)
    shared = rhythm(_results(seasonality=found, sharing=True))
    assert shared is not None and [chart.key for chart in shared.small] == ["seasonality-weekday"]
    assert "left out of a page for sharing" in shared.points[-1]
    alone = rhythm(_results(seasonality=_seasons(month), sharing=True))
    assert alone is not None and (alone.small, alone.points) == ((), ())
    assert "small numbers of people" in alone.lead[0]


def _forecast(*history: int) -> Forecast:
    days = tuple(ForecastRow(f"2025-03-{3 + n:02d}", 2.0, 1, 4, None, None, None, False, False) for n in range(7))
    week = ForecastWeek("2025-03-03", 14.0, 9, 20, 840.0, 540.0, 1200.0)
    counts = tuple(count for count in history for _ in range(7))
    return Forecast(days, (), "x", "visits", "day", 0.8, "2025-01-06", "2025-03-02", counts, 60.0, (week,), None)


def test_the_first_week_to_come_is_told_in_numbers_and_work() -> None:
    section = coming(_results(forecast=_forecast(1, 2, 3, 2, 1, 2, 3, 2)))
    assert section is not None
    assert section.lead == (
        "About 14 visits are expected in the seven days from 3 March 2025, 840 minutes (14 hours) of work; between 9 "
        "and 20 come in four such weeks of five. The forecast runs to 9 March 2025.",
        "The history is too short to say how good such forecasts are.",
    )
    assert [chart.key for chart in section.charts] == ["forecast-week"]


def test_a_forecast_that_draws_small_counts_is_not_shared() -> None:
    few = replace(_forecast(1, 1), history=(0,) * 7 + (1, 1, 1, 0, 0, 0, 0))
    shared, open_ = (coming(_results(forecast=few, sharing=sharing)) for sharing in (True, False))
    assert shared is not None and open_ is not None
    assert (shared.charts, len(open_.charts)) == ((), 1)


def _lengths() -> Distributions:
    minutes = np.arange(1.0, 101)
    known = Lengths(minutes, np.ones(100, dtype=np.int64), np.zeros(100, dtype=np.int64))
    return distributions([Sample("work", "advocacy", "advocates", known, 0)], as_of="2025-06-30T17:00:00+01:00")


def test_the_longest_work_is_told_and_its_curve_is_not_shared() -> None:
    open_, shared = (lengths(_results(distributions=_lengths(), sharing=sharing)) for sharing in (False, True))
    assert open_ is not None and shared is not None
    # A hundred visits of 1 to 100 minutes.
    assert open_.lead == (
        "A visit takes longest at Advocacy: 50 minutes of work on average, and one in ten more than 1.5 hours.",
    )
    assert len(open_.small) == 1 and open_.tables[0].rows[0][1:3] == ("work", "Weibull")
    assert (shared.small, shared.tables) == ((), ())


def test_a_fit_that_is_far_from_the_records_tells_no_lengths() -> None:
    # Half of the waits are of some minutes and half of some thousand, which none of the four is like.
    times = np.array([*range(1, 11), *range(1000, 1010)], dtype=float)
    minutes = Lengths(times, np.full(20, 5), np.zeros(20, dtype=np.int64))
    found = distributions([Sample("wait", "advocacy", "advocates", minutes, 0)], as_of="2025-06-30T17:00:00+01:00")
    section = lengths(_results(distributions=found))
    assert section is not None
    assert section.lead[0].startswith("None of the four distributions is like the waits at ")
    assert section.tables[0].rows[0][3:6] == ("not alike",) * 3


def test_nothing_that_was_not_looked_at_is_there() -> None:
    assert (rhythm(_results()), coming(_results()), lengths(_results())) == (None, None, None)
