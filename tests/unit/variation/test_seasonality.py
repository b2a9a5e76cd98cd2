"""Effects of weekday, hour, month, holidays and trend: by hand, against statsmodels, and on series of known truth."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from scipy import stats

from millpond.variation.quasi_poisson import quasi_poisson
from millpond.variation.seasonality import Seasonality, seasonality
from millpond.variation.series import Floats, Series, SpecialDays, Whole

MONDAY = date(2024, 1, 1)
BANK = frozenset({date(2024, 1, 1), date(2024, 3, 29), date(2024, 4, 1), date(2024, 5, 6), date(2024, 5, 27)})


def _told(counts: Any, special: SpecialDays | None = None, by_hour: Whole | None = None) -> Seasonality:
    series = Series(MONDAY, np.asarray(counts, dtype=np.int64), special=special or SpecialDays())
    return seasonality(series, of="x", unit="visits", by_hour=by_hour)


def _poisson(mean: Floats, seed: int = 1) -> Whole:
    return np.random.Generator(np.random.PCG64(seed)).poisson(mean)


def _days(length: int) -> list[date]:
    return [MONDAY + timedelta(days=place) for place in range(length)]


def test_a_fit_is_that_of_statsmodels() -> None:
    api: Any = pytest.importorskip("statsmodels.api")
    random = np.random.Generator(np.random.PCG64(1))
    design = np.column_stack([np.ones(200), random.normal(size=200), random.integers(0, 2, 200)])
    mean = np.exp(design @ np.array([1.2, 0.3, -0.5]))
    counts = random.negative_binomial(5, 5 / (5 + mean))
    ours = quasi_poisson(counts, design)
    theirs = api.GLM(counts, design, family=api.families.Poisson()).fit(scale="X2")
    assert ours.effects == pytest.approx(theirs.params, abs=1e-8)
    assert ours.scatter == pytest.approx(theirs.scale, rel=1e-8)
    assert np.sqrt(np.diag(ours.unscaled) * ours.scatter) == pytest.approx(theirs.bse, rel=1e-8)


def test_weekdays_are_told_against_their_mean() -> None:
    """14 on Mondays, 7 on the other days: a mean of 8, which Mondays exceed by 75%."""
    result = _told(np.tile([14, 7, 7, 7, 7, 7, 7], 10))
    monday, *others = result.kind("weekday")
    assert monday.change == pytest.approx(0.75)
    assert [row.change for row in others] == pytest.approx([-0.125] * 6)
    assert (monday.days, monday.arrivals) == (10, 140)
    assert monday.than == "the mean of all 7 days of the week"
    assert monday.sentence.startswith("Mondays bring 75% more visits, ")


def test_the_interval_of_a_weekday_by_hand() -> None:
    """Seven each day for ten weeks: 70 on each weekday, whose share of the mean has the variance 6/7 of 1/70."""
    monday = _told(np.full(70, 7)).kind("weekday")[0]
    half = float(stats.t(63).ppf(0.975)) * np.sqrt(6 / 7 / 70)
    assert (monday.low, monday.high) == pytest.approx((np.expm1(-half), np.expm1(half)))


def test_the_interval_of_a_month_by_hand() -> None:
    """Every month rests on its own days: each interval is as wide as its days are few, January's not less."""
    months = _told(np.full(366, 100)).kind("month")
    widths = [np.log1p(row.high) - np.log1p(row.low) for row in months]
    # Of the twelve months together: 11/12 of 1/(100 days) and a little more for shorter ones.
    expected = [2 * 1.9667 * np.sqrt(((11 / 12) ** 2 / row.days + 11 / 144 / 30.5) / 100) for row in months]
    assert widths == pytest.approx(expected, rel=0.01)


def test_weekdays_on_which_nobody_comes_are_not_in_the_mean() -> None:
    result = _told(np.tile([12, 8, 8, 8, 4, 0, 0], 10))
    assert [row.name for row in result.kind("weekday")] == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    assert result.kind("weekday")[0].change == pytest.approx(0.5)
    assert result.kind("weekday")[0].than == "the mean of the 5 days of the week on which anybody comes"
    assert any(note.startswith("Nobody ever came on Saturdays and Sundays") for note in result.notes)


def test_bank_holidays_on_which_nobody_comes_do_not_make_mondays_look_quiet() -> None:
    days = _days(364)
    counts = np.array([0 if day in BANK else (12, 8, 8, 8, 4, 0, 0)[day.weekday()] for day in days])
    result = _told(counts, SpecialDays(BANK))
    assert result.kind("weekday")[0].change == pytest.approx(0.5, abs=1e-6)
    assert result.kind("bank holiday") == ()
    assert "Nobody came on the 5 bank holidays; they are left out." in result.notes


def test_holidays_and_trend_of_known_size_are_found() -> None:
    days = _days(3 * 365)
    special = SpecialDays(
        frozenset(date(year, month, 10) for year in (2024, 2025, 2026) for month in range(1, 13)),
        tuple((date(year, month, 1), date(year, month, 14)) for year in (2024, 2025, 2026) for month in (2, 5, 8, 11)),
    )
    bank = np.array([day in special.bank_holidays for day in days])
    school = np.array([special.is_school_holiday(day) for day in days])
    years = np.arange(len(days)) / 365.25
    mean = 40 * np.where(bank, 0.5, 1.0) * np.where(school, 1.2, 1.0) * 1.1**years
    result = _told(_poisson(mean), special)
    (holidays,), (pupils,), (trend,) = (result.kind(kind) for kind in ("bank holiday", "school holiday", "trend"))
    for row, truth in ((holidays, -0.5), (pupils, 0.2), (trend, 0.1)):
        assert row.low < truth < row.high
        assert row.high - row.low < 0.12
    assert trend.sentence.startswith("Each year brings ")
    assert trend.sentence.endswith("than the year before.")


def test_from_a_single_year_there_are_months_and_no_trend() -> None:
    counts = np.array([12 if day.month == 12 else 6 for day in _days(366)])
    result = _told(counts)
    december = result.kind("month")[11]
    assert december.change == pytest.approx(12 / 6.5 - 1)
    assert december.days == 31
    assert result.kind("trend") == ()
    assert any("growth cannot be told apart from season" in note for note in result.notes)


@pytest.mark.parametrize("length", [100, 300, 345])
def test_from_less_than_a_year_there_are_neither(length: int) -> None:
    result = _told(np.full(length, 5))
    assert {row.kind for row in result.rows} == {"weekday"}
    assert any(note.startswith("Months are not told") for note in result.notes)
    assert any(note.startswith("A trend is told from two years") for note in result.notes)


def test_school_holidays_that_are_one_month_are_not_told() -> None:
    """Where all of August and nothing else is a holiday, nobody can say which of the two it was."""
    result = _told(_poisson(np.full(366, 10.0)), SpecialDays(school_holidays=((date(2024, 8, 1), date(2024, 8, 31)),)))
    assert result.kind("school holiday") == ()
    assert any("31 days of school holidays, too few or too much like one month" in note for note in result.notes)


@pytest.mark.parametrize("counts", [np.full(55, 9), np.r_[np.full(49, 1), np.zeros(60, dtype=int)]])
def test_too_little_history_gives_a_sentence_and_no_number(counts: Any) -> None:
    result = _told(counts)
    assert result.rows == () and result.scatter is None
    assert result.notes[0].startswith("Seasonality needs 8 weeks and 50 visits; the history has ")


@pytest.mark.slow
def test_intervals_hold_the_truth_as_often_as_they_promise_and_count_scatter() -> None:
    """200 services whose days scatter twice as much as chance: 95% intervals of 7 weekdays and 12 months."""
    weekday = np.array([1.3, 1.1, 1.0, 1.0, 0.9, 0.4, 0.3])
    days = _days(366)
    mean = np.array([20 * weekday[day.weekday()] * (1.3 if day.month == 12 else 1.0) for day in days])
    truths = [*(weekday / weekday.mean() - 1), *(np.array([1.0] * 11 + [1.3]) / (12.3 / 12) - 1)]
    random = np.random.Generator(np.random.PCG64(7))
    held = []
    for _ in range(200):
        result = _told(random.negative_binomial(mean, 0.5))
        rows = (*result.kind("weekday"), *result.kind("month"))
        held += [row.low < truth < row.high for row, truth in zip(rows, truths, strict=True)]
    # 3,800 intervals, about a third of them independent: 95% is within three standard errors of what is measured.
    assert np.mean(held) == pytest.approx(0.95, abs=0.02)


def test_weeks_that_rise_and_fall_together_widen_the_intervals_of_months() -> None:
    random = np.random.Generator(np.random.PCG64(3))
    weekly = np.repeat(np.exp(random.normal(0, 0.3, 53)), 7)[:366]
    bound, free = _told(random.poisson(30 * weekly)), _told(random.poisson(np.full(366, 30.0)))
    assert bound.weekly_scatter is not None and bound.scatter is not None and bound.weekly_scatter > bound.scatter > 1.5

    def width(result: Seasonality) -> float:
        return float(np.mean([row.high - row.low for row in result.kind("month")]))

    assert width(bound) > 2.5 * width(free)


def test_hours_are_told_against_the_mean_hour() -> None:
    by_hour = np.zeros((70, 24), dtype=np.int64)
    by_hour[:, 9], by_hour[:, 10] = 3, 1
    result = _told(by_hour.sum(axis=1), by_hour=by_hour)
    hours = result.kind("hour")
    # 280 visits, a mean of 280 / 24 an hour, of which 210 is 18 times and 70 is 6 times.
    assert [hours[hour].change for hour in (9, 10, 3)] == pytest.approx([17.0, 5.0, -1.0])
    assert hours[3].high == pytest.approx(3.689 * 24 / 280 - 1)
    assert hours[9].sentence.startswith("The hour from 09:00 brings 1700% more visits, ")


def test_it_can_be_had_as_a_table_and_as_plain_values() -> None:
    result = _told(np.tile([14, 7, 7, 7, 7, 7, 7], 10))
    assert result.table().num_rows == 7
    assert result.to_dict()["rows"][0]["name"] == "Monday"
    assert result.to_csv().splitlines()[1].startswith("weekday,Monday,0.75,")
