"""Counts day by day, or month by month, and what is known beforehand of each day: what a forecast starts from.

Nothing is fitted here; the columns that a fit explains the counts with are made here, for days past and to come alike.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

WEEK = 7
YEAR = 350
"""Days of history from which on it is called a year: all seasons have been seen."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class SpecialDays:
    """Days of which it is known beforehand that they may be unlike others.

    Attributes:
        bank_holidays: as observed; those of the time to come too.
        school_holidays: spans from the first to the last day without school.
    """

    bank_holidays: frozenset[date] = frozenset()
    school_holidays: tuple[tuple[date, date], ...] = ()

    def is_school_holiday(self, day: date) -> bool:
        """Whether schools are closed by holidays on a day."""
        return any(first <= day <= last for first, last in self.school_holidays)


@dataclass(frozen=True, eq=False)
class Series:
    """Counts of consecutive days or months, none left out.

    Attributes:
        first: the first day, or the first day of the first month.
        counts: whole numbers, not negative, in order of time; shape (days,) or (months,).
        by: ``day`` or ``month``.
        special: bank holidays and school holidays; of months they are not used.
    """

    first: date
    counts: Whole
    by: str = "day"
    special: SpecialDays = field(default_factory=SpecialDays)

    def __len__(self) -> int:
        return len(self.counts)

    def until(self, length: int) -> Series:
        """The first so many counts, as if nothing later were known."""
        return replace(self, counts=self.counts[:length])

    def dates(self, start: int, stop: int) -> list[date]:
        """The days, or first days of months, from one place to before another; places beyond the end lie ahead."""
        if self.by == "day":
            return [self.first + timedelta(days=place) for place in range(start, stop)]
        months = [self.first.year * 12 + self.first.month - 1 + place for place in range(start, stop)]
        return [date(month // 12, month % 12 + 1, 1) for month in months]

    @property
    def cycle(self) -> int:
        """After how many places the main rhythm repeats: 7 days, or 12 months."""
        return WEEK if self.by == "day" else 12


@dataclass(frozen=True, eq=False)
class Terms:
    """What explains the counts of a stretch of time.

    Attributes:
        names: of the columns.
        prior_sd: how large the effect of each may well be, on the log scale.
        design: one row for each day or month.
        offset: log of the exposure: the days of a month.
    """

    names: tuple[str, ...]
    prior_sd: Floats
    design: Floats
    offset: Floats


def terms(series: Series, start: int, stop: int) -> Terms:
    """The columns for the places from `start` to before `stop`, which may lie beyond the end of the series.

    Of days: the weekday, whether it is a bank holiday or a school holiday, and, from a year of history on, two waves a
    year. Of months: their length, and five waves a year. Of both a trend, believed only as far as it is seen.

    Args:
        series: the history; its length decides which terms there are.
        start, stop: places from the first count.
    """
    days = series.dates(start, stop)
    columns: list[tuple[str, float, Floats]] = []
    if series.by == "day":
        for number, name in enumerate(WEEKDAYS):
            columns.append((name, 2.0, _flags(day.weekday() == number for day in days)))
        special = series.special
        if special.bank_holidays:
            columns.append(("bank holiday", 1.0, _flags(day in special.bank_holidays for day in days)))
        if special.school_holidays:
            columns.append(("school holiday", 0.3, _flags(special.is_school_holiday(day) for day in days)))
        waves = 2 if len(series) >= YEAR else 0
        offset = np.zeros(len(days))
        years = (np.arange(start, stop) - len(series)) / 365.25
    else:
        waves = 5 if len(series) >= 12 else 0
        offset = np.log([calendar.monthrange(day.year, day.month)[1] for day in days]) if days else np.zeros(0)
        years = (np.arange(start, stop) - len(series)) / 12
    turn = 2 * math.pi * np.array([_share_of_year(day) for day in days])
    for wave in range(1, waves + 1):
        columns.append((f"cosine {wave}", _WAVE[series.by], np.cos(wave * turn)))
        columns.append((f"sine {wave}", _WAVE[series.by], np.sin(wave * turn)))
    columns.append(("trend", 0.05, years))
    names, prior_sd, values = zip(*columns, strict=True)
    return Terms(names, np.array(prior_sd), np.column_stack(values), np.asarray(offset, dtype=np.float64))


_WAVE = {"day": 0.15, "month": 0.05}


def stretches(series: Series) -> Whole:
    """The stretch of each place, within which the level stays: a week, counted back from the end, or a month."""
    length = len(series)
    if series.by == "month":
        return np.arange(length)
    weeks = -(-length // WEEK)
    return np.asarray(weeks - 1 - (length - 1 - np.arange(length)) // WEEK)


def stretches_ahead(series: Series, horizon: int) -> Whole:
    """How many stretches after the last one of the series each coming place lies."""
    return np.arange(horizon) // (WEEK if series.by == "day" else 1) + 1


def _share_of_year(day: date) -> float:
    # The middle of a month stands for it; of a day it makes no difference.
    return (day.timetuple().tm_yday - 1) / 365.25


def _flags(values: Iterable[bool]) -> Floats:
    return np.array([1.0 if value else 0.0 for value in values])
