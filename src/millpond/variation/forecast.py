"""How many will come in the coming days, with bands that hold four counts in five.

The forecast is that of a negative-binomial regression with terms for weekday, season, bank and school holidays and a
level that may drift (`millpond.variation.level_model`). What it would have been worth in the past stands beside it
(`millpond.variation.backtesting`). Days that are still filling up are not fitted; they count as days to come.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np

from millpond.errors import WrongUse
from millpond.results import Result
from millpond.variation.backtesting import LEAST_HISTORY, LEAST_ORIGINS, Backtest, Tell, backtest
from millpond.variation.coverage import LEVEL, TAIL
from millpond.variation.predicting import LONGEST, Predicted, predict
from millpond.variation.series import WEEK, YEAR, Series

MOST_WEEKS = 52
LEAST = {"day": 8 * WEEK, "month": 24}
"""Days or months of history below which nothing is forecast."""
LEAST_COUNT = 20
"""Arrivals in the history below which nothing is forecast."""


@dataclass(frozen=True)
class ForecastRow:
    """One day (or month) to come.

    Attributes:
        period: the day, or the month.
        expected: the mean number that will come.
        low, high: the 80% band: whole numbers, between which at least four in five such counts lie.
        minutes: the minutes of work that the expected number brings, through the mean work of one; none where that is
            not known.
        minutes_low, minutes_high: the same of the ends of the band.
        bank_holiday: whether it is a bank holiday.
        school_holiday: whether schools are closed by holidays.
    """

    period: str
    expected: float
    low: int
    high: int
    minutes: float | None
    minutes_low: float | None
    minutes_high: float | None
    bank_holiday: bool
    school_holiday: bool


@dataclass(frozen=True)
class ForecastWeek:
    """Seven days to come, together. Its band is narrower than the bands of its days added up.

    Attributes:
        first: the first of the seven days.
        expected: the mean number that will come in them.
        low, high: the 80% band of the total.
        minutes: the minutes of work that the expected number brings; none where that is not known.
        minutes_low, minutes_high: the same of the ends of the band.
    """

    first: str
    expected: float
    low: int
    high: int
    minutes: float | None
    minutes_low: float | None
    minutes_high: float | None


@dataclass(frozen=True)
class Forecast(Result):
    """How many will come, day by day or month by month.

    Attributes:
        of: whose demand it is: a pool, a stream, or the whole service.
        unit: what is counted: ``new cases`` or ``visits``.
        by: ``day`` or ``month``.
        level: what the bands promise, as a share.
        history_first, history_last: the first and the last day (or month) that the fit rests on; none where there is
            too little to fit.
        history: the counts from the first to the last of them.
        minutes_each: the mean minutes of work that one brings; none where that is not known.
        weeks: the days to come, seven by seven; empty for months.
        backtest: how good such forecasts would have been; none where the history is too short to say.
    """

    rows: tuple[ForecastRow, ...]
    of: str
    unit: str
    by: str
    level: float
    history_first: str | None
    history_last: str | None
    history: tuple[int, ...]
    minutes_each: float | None
    weeks: tuple[ForecastWeek, ...]
    backtest: Backtest | None
    row_type: ClassVar[type] = ForecastRow

    def to_dict(self) -> dict[str, Any]:
        """The whole result as plain values, ready for JSON."""
        test = None if self.backtest is None else self.backtest.to_dict()
        return {**super().to_dict(), "weeks": [asdict(week) for week in self.weeks], "backtest": test}


def forecast(
    series: Series,
    ahead: int,
    *,
    of: str,
    unit: str,
    skip: int = 0,
    minutes_each: float | None = None,
    seed: int = 1,
    notes: tuple[str, ...] = (),
    progress: Tell | None = None,
) -> Forecast:
    """Forecast a series and say what such forecasts were worth.

    Args:
        series: whole days or months that are all in the records.
        ahead: how many days (a whole number of weeks, at most 52) or months to forecast.
        of: whose demand it is.
        unit: what is counted.
        skip: how many days lie between the end of the series and the first day to show: those that are still filling
            up, or not over.
        minutes_each: the mean minutes of work that one brings.
        seed: of the draws: the same seed gives the same bands.
        notes: what else a reader must know, put last.
        progress: is told how far the backtest has come.

    Returns:
        Without rows, and with a note that says why, where there is too little history.

    Raises:
        WrongUse: `ahead` is out of its limits.
    """
    step = WEEK if series.by == "day" else 1
    if not 1 <= ahead // step <= MOST_WEEKS or ahead % step:
        raise WrongUse(f"A forecast is for 1 to {MOST_WEEKS} {'weeks' if step == WEEK else 'months'}.")
    why = _too_little(series, unit)
    if why:
        return Forecast((), (why, *notes), of, unit, series.by, LEVEL, None, None, (), minutes_each, (), None)
    tested = _tested(len(series), ahead, step)
    test = backtest(series, tested, progress=progress) if tested else None
    predicted = predict(series, skip + ahead, seed=seed)
    length = len(series)
    periods = series.dates(length + skip, length + skip + ahead)
    bounds = np.quantile(predicted.counts[:, skip:], (TAIL, 1 - TAIL), axis=0, method="inverted_cdf").astype(int)
    rows = []
    for place, day in enumerate(periods):
        low, high = bounds[:, place]
        shown = _amounts(_mean(predicted, skip + place), low, high, minutes_each)
        special = series.special
        rows.append(
            ForecastRow(
                _label(day.isoformat(), series.by),
                *shown,
                series.by == "day" and day in special.bank_holidays,
                series.by == "day" and special.is_school_holiday(day),
            )
        )
    return Forecast(
        rows=tuple(rows),
        notes=(*_notes(series, unit, ahead, test, tested, minutes_each), *notes),
        of=of,
        unit=unit,
        by=series.by,
        level=LEVEL,
        history_first=_label(series.first.isoformat(), series.by),
        history_last=_label(series.dates(length - 1, length)[0].isoformat(), series.by),
        history=tuple(int(count) for count in series.counts),
        minutes_each=minutes_each,
        weeks=_weeks(predicted, skip, rows, minutes_each) if series.by == "day" else (),
        backtest=test,
    )


def _too_little(series: Series, unit: str) -> str | None:
    """Why there is too little to fit; None where there is enough."""
    length, total = len(series), int(series.counts.sum())
    if length < LEAST[series.by]:
        needed = f"{LEAST['day'] // WEEK} weeks" if series.by == "day" else f"{LEAST['month']} months"
        return f"There are {length} whole {series.by}s of history; a forecast needs {needed}."
    if total < LEAST_COUNT:
        return f"Only {total} {unit} came in {length} {series.by}s; a forecast needs {LEAST_COUNT}."
    return None


def _tested(length: int, ahead: int, step: int) -> int:
    """How far ahead is tested: as far as is forecast, but no further than leaves enough origins; 0 for not at all."""
    by = "day" if step == WEEK else "month"
    room = (length - LEAST_HISTORY[by]) // step - (LEAST_ORIGINS - 1)
    return max(0, min(ahead // step, room)) * step


def _mean(predicted: Predicted, place: int) -> float:
    return float(predicted.means[:, place].mean())


def _amounts(
    expected: float, low: float, high: float, each: float | None
) -> tuple[float, int, int, float | None, float | None, float | None]:
    counts = (expected, int(low), int(high))
    return (
        (*counts, None, None, None) if each is None else (*counts, expected * each, int(low) * each, int(high) * each)
    )


def _weeks(predicted: Predicted, skip: int, rows: list[ForecastRow], each: float | None) -> tuple[ForecastWeek, ...]:
    weeks = []
    for start in range(0, len(rows), WEEK):
        totals = predicted.counts[:, skip + start : skip + start + WEEK].sum(axis=1)
        low, high = np.quantile(totals, (TAIL, 1 - TAIL), method="inverted_cdf")
        expected = sum(row.expected for row in rows[start : start + WEEK])
        weeks.append(ForecastWeek(rows[start].period, *_amounts(expected, low, high, each)))
    return tuple(weeks)


def _label(day: str, by: str) -> str:
    return day if by == "day" else day[:7]


def _notes(
    series: Series, unit: str, ahead: int, test: Backtest | None, tested: int, each: float | None
) -> tuple[str, ...]:
    by, length = series.by, len(series)
    used = min(length, LONGEST[by])
    notes = [f"The forecast rests on {int(series.counts[-used:].sum()):,} {unit} in {used:,} {by}s."]
    if by == "day" and length < YEAR:
        notes.append(
            "With less than a year of history it knows no season: coming months are taken to be like the last."
        )
    elif by == "day" and length < 2 * YEAR:
        notes.append("From less than two years, season and trend cannot be told apart; both are believed only in part.")
    if test is None:
        needed = (LEAST_HISTORY[by] + LEAST_ORIGINS * (WEEK if by == "day" else 1)) // (WEEK if by == "day" else 1)
        many = f"{needed} {'weeks' if by == 'day' else 'months'}"
        notes.append(f"The history is too short to say how good such forecasts are; that needs {many}.")
    elif tested < ahead:
        weeks = tested // WEEK if by == "day" else tested
        notes.append(f"Only the first {weeks} {'weeks' if by == 'day' else 'months'} could be tested.")
    if each is not None:
        notes.append(
            f"Minutes are numbers times the mean work of one, {each:,.0f} minutes; how much the work of single ones "
            "differs is not in the bands."
        )
    return tuple(notes)
