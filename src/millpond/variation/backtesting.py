"""How good forecasts would have been: made anew from many days of the past, and held against what then came.

At each origin only what was known until then is used (rolling origins; L. J. Tashman, International Journal of
Forecasting 16 (2000), pages 437-450). Two things are measured:

* **Coverage**: how often the count lay within the 80% band, counted as `millpond.variation.coverage` says.
* **Error**: the mean absolute error of the median, over that of the seasonal naive forecast within the history (MASE;
  R. J. Hyndman and A. B. Koehler, International Journal of Forecasting 22 (2006), pages 679-688), beside that of the
  seasonal naive forecast itself: the count of the same weekday a week before, or of the same month a year before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from millpond.results import Result
from millpond.variation.coverage import LEVEL, inside, wilson
from millpond.variation.predicting import Predicted, predict
from millpond.variation.series import WEEK, Floats, Series, Whole

LEAST_HISTORY = {"day": 13 * WEEK, "month": 24}
"""How much history the first origin has."""
LEAST_ORIGINS = 10
MOST_ORIGINS = 52
_PATHS = 1000

Tell = Callable[[float | None, int], None]


@dataclass(frozen=True)
class BacktestRow:
    """How good forecasts were so many weeks (or months) ahead.

    Attributes:
        ahead: which week or month after the origin, from 1; none for all of them together.
        forecasts: how many forecasts of a day (or month) were made.
        times: how many different days (or months) they were of; the interval rests on these.
        within: the share of counts within the 80% band, counted exactly.
        low, high: the 95% interval of that share (Wilson).
        error: mean absolute error over that of the seasonal naive forecast within the history (MASE).
        naive_error: the same of the seasonal naive forecast of the same days.
        totals: how many totals of a whole week were forecast; 0 for months.
        totals_within: the share of totals of a week within their 80% band; none for months.
        totals_low, totals_high: the 95% interval of that share.
    """

    ahead: int | None
    forecasts: int
    times: int
    within: float
    low: float
    high: float
    error: float
    naive_error: float
    totals: int
    totals_within: float | None
    totals_low: float | None
    totals_high: float | None


@dataclass(frozen=True)
class Backtest(Result):
    """How good forecasts from the past would have been; the last row is of all weeks or months ahead together.

    Attributes:
        by: ``day`` or ``month``.
        level: what the bands promise, as a share.
        origins: from how many days of the past forecasts were made.
        first_origin, last_origin: the last day (or month) known at the first and at the last of them.
    """

    rows: tuple[BacktestRow, ...]
    by: str
    level: float
    origins: int
    first_origin: str
    last_origin: str
    row_type: ClassVar[type] = BacktestRow

    @property
    def overall(self) -> BacktestRow:
        """All weeks or months ahead together."""
        last: BacktestRow = self.rows[-1]
        return last

    @property
    def keeps_its_promise(self) -> bool:
        """Whether the interval of the measured coverage contains what the bands promise."""
        return self.overall.low <= self.level <= self.overall.high

    @property
    def beats_naive(self) -> bool:
        """Whether the error is no larger than that of the seasonal naive forecast."""
        return self.overall.error <= self.overall.naive_error


def places_of_origins(length: int, by: str, ahead: int) -> range:
    """How much history each origin has: every week, or every month, as late as there is something to compare with.

    Args:
        length: of the series.
        by: ``day`` or ``month``.
        ahead: how many days or months are forecast from each.
    """
    step = WEEK if by == "day" else 1
    last = length - ahead
    first = max(LEAST_HISTORY[by], last - (MOST_ORIGINS - 1) * step)
    first += (last - first) % step
    return range(first, last + 1, step)


def backtest(series: Series, ahead: int, *, progress: Tell | None = None) -> Backtest | None:
    """Make forecasts from many days of the past and hold them against what came.

    Args:
        series: the history.
        ahead: how many days (a whole number of weeks) or months to forecast from each origin.
        progress: is told the share that is done and how many origins that is.

    Returns:
        None where the history has fewer than `LEAST_ORIGINS` such days.
    """
    origins = places_of_origins(len(series), series.by, ahead)
    if len(origins) < LEAST_ORIGINS:
        return None
    scores = []
    for number, origin in enumerate(origins, 1):
        scores.append(_score(series, origin, ahead))
        if progress is not None:
            progress(number / len(origins), number)
    return summed_up(series, origins, scores)


@dataclass(frozen=True, eq=False)
class Score:
    """How the forecasts from one origin did.

    Attributes:
        within: of each time ahead, how much of its count lay within the band, from 0 to 1.
        error, naive_error: absolute errors over the scale.
        totals_within: the same as `within`, of the total of each week ahead.
    """

    within: Floats
    error: Floats
    naive_error: Floats
    totals_within: Floats


def _score(series: Series, origin: int, ahead: int) -> Score:
    past = series.until(origin)
    came = series.counts[origin : origin + ahead]
    predicted = predict(past, ahead, paths=_PATHS)
    cycle = series.cycle
    naive = past.counts[origin - cycle + np.arange(ahead) % cycle]
    scale = max(float(np.mean(np.abs(past.counts[cycle:] - past.counts[:-cycle]))), 1e-9)
    return Score(
        within=np.array([_within_exactly(predicted, place, int(count)) for place, count in enumerate(came)]),
        error=np.abs(came - np.median(predicted.counts, axis=0)) / scale,
        naive_error=np.abs(came - naive) / scale,
        totals_within=_totals_within(predicted, came) if series.by == "day" else np.zeros(0),
    )


def _within_exactly(predicted: Predicted, place: int, count: int) -> float:
    return inside(predicted.chance_of_at_most(place, count - 1), predicted.chance_of_at_most(place, count))


def _totals_within(predicted: Predicted, came: Whole) -> Floats:
    shape = (-1, len(came) // WEEK, WEEK)
    drawn, seen = predicted.counts.reshape(shape).sum(axis=2), came.reshape(shape).sum(axis=2)[0]
    return np.array(
        [
            inside(float(np.mean(of < total)), float(np.mean(of <= total)))
            for of, total in zip(drawn.T, seen, strict=True)
        ]
    )


def summed_up(series: Series, origins: range, scores: list[Score]) -> Backtest:
    """The scores of all origins as a result, week by week (or month by month) ahead, then all together."""
    step = WEEK if series.by == "day" else 1
    ahead = len(scores[0].within)
    rows = [
        _row(series, origins, scores, range(start, start + step), start // step + 1) for start in range(0, ahead, step)
    ]
    rows.append(_row(series, origins, scores, range(ahead), None))
    known = [series.dates(place - 1, place)[0].isoformat() for place in (origins[0], origins[-1])]
    cut = 10 if series.by == "day" else 7
    return Backtest(
        rows=tuple(rows),
        notes=(
            "Days come up again from one origin to the next; intervals of coverage rest on the number of different "
            "days, each counted once.",
        )
        if series.by == "day"
        else ("Intervals of coverage rest on the number of different months.",),
        by=series.by,
        level=LEVEL,
        origins=len(origins),
        first_origin=known[0][:cut],
        last_origin=known[1][:cut],
    )


def _row(series: Series, origins: range, scores: list[Score], places: range, ahead: int | None) -> BacktestRow:
    chosen = list(places)
    within = np.concatenate([score.within[chosen] for score in scores])
    times = len({origin + place for origin in origins for place in chosen})
    low, high = wilson(float(within.mean()), times)
    weeks = [place // WEEK for place in chosen[::WEEK]] if series.by == "day" else []
    totals = np.concatenate([score.totals_within[weeks] for score in scores])
    different = len({origin + week * WEEK for origin in origins for week in weeks})
    of_totals = wilson(float(totals.mean()), different) if len(totals) else (None, None)
    return BacktestRow(
        ahead=ahead,
        forecasts=len(within),
        times=times,
        within=float(within.mean()),
        low=low,
        high=high,
        error=float(np.mean([score.error[chosen].mean() for score in scores])),
        naive_error=float(np.mean([score.naive_error[chosen].mean() for score in scores])),
        totals=len(totals),
        totals_within=float(totals.mean()) if len(totals) else None,
        totals_low=of_totals[0],
        totals_high=of_totals[1],
    )
