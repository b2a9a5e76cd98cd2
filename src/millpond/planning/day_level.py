"""A pool from day to day: work that comes, work that can be done, and what is left over, in thousands of replications.

The backlog goes by B[t] = max(0, B[t-1] + D[t] - C[t]). Nobody's way is followed, and every worker can do whatever
waits; in return nothing is needed but what comes each day: from a simulation, or from daily totals that are resampled.
A visit counts as seen when the work that joined up to its day has been done, first come first served.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from millpond.errors import WrongUse
from millpond.planning.promise import BacklogPromise, Promise, SeenPromise, shares_in_time
from millpond.planning.seen import Limit
from millpond.queueing.days import backlog_recursion

Floats = npt.NDArray[np.float64]
LAGS = 10
"""Working days over which it is looked for whether busy days follow busy days."""


@dataclass(frozen=True, eq=False)
class PoolDays:
    """What comes to a pool on each day, in replications of the same days, and when it works.

    Attributes:
        pool: its name.
        demand: replications x days, minutes of work that joins.
        shape: for each day what can be done, as a multiple of a mean working day; 0 on days on which it is closed.
        weekdays: for each day its weekday, Monday being 0.
        minutes_a_visit: what a visit takes on average.
        opening: the minutes that wait before the first day.
        judged_from: the first day that is judged; those before let a service that starts empty fill up.
        sd_capacity: how much what can be done varies from one working day to the next, minutes.
    """

    pool: str
    demand: Floats
    shape: Floats
    weekdays: npt.NDArray[np.int64]
    minutes_a_visit: float
    opening: float = 0.0
    judged_from: int = 0
    sd_capacity: float = 0.0

    @cached_property
    def working(self) -> npt.NDArray[np.int64]:
        """The days on which the pool works."""
        return np.flatnonzero(self.shape > 0)

    @cached_property
    def by_working_day(self) -> Floats:
        """Replications x working days: what comes, with what joined on the closed days before."""
        before = np.concatenate([np.zeros((len(self.demand), 1)), np.cumsum(self.demand, axis=1)], axis=1)
        return np.asarray(np.diff(before[:, np.concatenate([[0], self.working + 1])], axis=1))

    @cached_property
    def mean(self) -> float:
        """Mean minutes of work for each working day."""
        return float(self.demand.sum(axis=1).mean()) / max(len(self.working), 1)

    @cached_property
    def sd(self) -> float:
        """Standard deviation of the work of a working day, between weekdays and seasons with the rest."""
        return float(self.by_working_day.std())

    @cached_property
    def correlation(self) -> Correlation:
        """Whether busy days follow busy days, once each weekday's own mean is taken off."""
        series = self.by_working_day.copy()
        weekdays = self.weekdays[self.working]
        for weekday in np.unique(weekdays):
            series[:, weekdays == weekday] -= series[:, weekdays == weekday].mean()
        return correlation_of(series)

    def percentile(self, percent: float) -> float:
        """The demand of a working day that so many in a hundred do not exceed."""
        return float(np.percentile(self.by_working_day, percent))

    def backlog(self, minutes: float) -> Floats:
        """The backlog at each day's end with so many minutes of capacity a working day: replications x days judged."""
        return backlog_recursion(self.demand, minutes * self.shape, self.opening)[:, self.judged_from :]

    def figures(self, promise: Promise, minutes: float) -> Floats:
        """What is promised about, at each day's end that is judged, with so many minutes of capacity a working day.

        Raises:
            WrongUse: the promise cannot be judged from day to day.
        """
        if isinstance(promise, BacklogPromise):
            return self.backlog(minutes) / (1.0 if promise.unit == "minutes" else self.minutes_a_visit)
        assert isinstance(promise, SeenPromise)
        last = self._last_days(promise.within)
        days = self.demand.shape[1]
        waiting = backlog_recursion(self.demand, minutes * self.shape, self.opening)
        joined = np.cumsum(self.demand, axis=1) + self.opening
        done = joined - waiting
        due, timely = np.zeros_like(self.demand), np.zeros_like(self.demand)
        for day in np.flatnonzero(last < days):
            in_time = np.clip(done[:, last[day]] - (joined[:, day] - self.demand[:, day]), 0.0, self.demand[:, day])
            due[:, last[day]] += self.demand[:, day] / self.minutes_a_visit
            timely[:, last[day]] += in_time / self.minutes_a_visit
        return shares_in_time(due, timely, int(last[0]), promise.fewest)[:, self.judged_from :]

    def broken(self, promise: Promise, minutes: float) -> npt.NDArray[np.bool_]:
        """For each replication whether the promise is broken at some day's end."""
        return np.asarray(~promise.is_kept_by(self.figures(promise, minutes)).all(axis=1))

    def least(self, promise: Promise, risk: float) -> float | None:
        """The fewest minutes a working day with which no more than that share of replications breaks a promise.

        Found by halving, to a thousandth of the mean demand, since more is never worse here. None where not even twenty
        times the mean demand will do.
        """
        if self.mean <= 0:
            return None if self.broken(promise, 0.0).mean() > risk else 0.0
        low, high = 0.0, self.mean
        while self.broken(promise, high).mean() > risk:
            low, high = high, high * 1.5
            if high > 20 * self.mean:
                return None
        while high - low > self.mean / 1000:
            middle = (low + high) / 2
            low, high = (middle, high) if self.broken(promise, middle).mean() > risk else (low, middle)
        return high

    def _last_days(self, limit: Limit) -> npt.NDArray[np.int64]:
        days = np.arange(self.demand.shape[1])
        if limit.unit in ("days", "weeks"):
            return np.asarray(days + int(limit.amount) * (7 if limit.unit == "weeks" else 1))
        if limit.unit != "working days":
            raise WrongUse(
                f"Whether somebody is seen within {limit.describe()} cannot be told from day to day.\n"
                "Promise days or working days, or keep records of single visits."
            )
        place = np.searchsorted(self.working, days, side="right") + int(limit.amount) - 1
        beyond = np.append(self.working, len(days))
        return np.asarray(beyond[np.minimum(place, len(self.working))])


@dataclass(frozen=True)
class Correlation:
    """How far busy days follow busy days.

    Attributes:
        lags: the correlation of a working day with the one so many before it, from 1 on.
        inflation: by how much the variance of the work of many days together exceeds what independent days would have
            (1 plus twice the weighted correlations; M. S. Bartlett, Biometrika 37, 1950).
        is_correlated: whether that is more than chance would show, at 95%.
    """

    lags: tuple[float, ...]
    inflation: float
    is_correlated: bool


def correlation_of(series: Floats, lags: int = LAGS) -> Correlation:
    """Whether the days of series are correlated.

    With one series, by the portmanteau statistic of its first lags (G. M. Ljung and G. E. P. Box, Biometrika 65, 1978);
    with many replications, by the interval of their mean inflation.

    Args:
        series: replications x days, without what belongs to each weekday.
        lags: how many to look at; fewer where the series are short.
    """
    from scipy import special

    rows, days = series.shape
    lags = min(lags, days // 4)
    if lags < 1:
        return Correlation((), 1.0, False)
    centred = series - series.mean(axis=1, keepdims=True)
    square = (centred**2).sum(axis=1)
    steady = square <= 0
    square = np.where(steady, 1.0, square)
    found = np.array([(centred[:, lag:] * centred[:, :-lag]).sum(axis=1) / square for lag in range(1, lags + 1)])
    weights = 1 - np.arange(1, lags + 1) / (lags + 1)
    inflation = 1 + 2 * weights @ found
    mean = float(inflation.mean())
    if rows == 1:
        statistic = days * (days + 2) * float((found[:, 0] ** 2 / (days - np.arange(1, lags + 1))).sum())
        is_correlated = bool(special.gammaincc(lags / 2, statistic / 2) < 0.05) and mean > 1
    else:
        half = special.stdtrit(rows - 1, 0.975) * inflation.std(ddof=1) / np.sqrt(rows)
        is_correlated = bool(mean - half > 1)
    return Correlation(tuple(float(lag) for lag in found.mean(axis=1)), max(mean, 0.05), is_correlated)
