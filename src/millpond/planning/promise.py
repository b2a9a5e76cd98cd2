"""What a service promises, read from words: how large its backlog may be, or how many are seen within how long.

    backlog <= 1200 min                              of all pools together, at every day's end
    advocates: backlog <= 20 visits                  of one pool
    95% seen within 5 working days                   of all visits
    triage: 95% seen within 4 hours                  of the visits at one step, or at the steps of one pool

A promise is judged at every day's end of a trial, in each replication by itself. How staffing is found that keeps it is
told elsewhere.
"""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millpond.errors import WrongUse
from millpond.model import Service
from millpond.model.nearest import listed, nearest
from millpond.planning.seen import Limit
from millpond.planning.trial import Trial

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

WINDOW_DAYS = 28
"""A promised share is taken over the visits whose limit ran out in so many days up to the day's end."""
_FORMS = (
    'Write, for instance, "backlog <= 1200 min", "backlog <= 20 visits" or "95% seen within 5 working days"; for one '
    'pool or step put its name before: "advocates: backlog <= 1200 min".'
)
_NUMBER = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_BACKLOG = re.compile(rf"backlog\s*(?:<=|≤|at most)\s*{_NUMBER}\s*(\w+)\.?", re.IGNORECASE)
_SEEN = re.compile(rf"{_NUMBER}\s*%\s+seen\s+within\s+(.+)", re.IGNORECASE)
_UNITS = {
    **dict.fromkeys(("min", "mins", "minute", "minutes"), ("minutes", 1.0)),
    **dict.fromkeys(("h", "hour", "hours"), ("minutes", 60.0)),
    **dict.fromkeys(("visit", "visits"), ("visits", 1.0)),
}


@dataclass(frozen=True)
class Promise(ABC):
    """What is promised about every day's end.

    Attributes:
        pool: only of this pool; None for all.
        step: only of the visits at this step; None for all.
    """

    pool: str | None
    step: str | None

    @property
    def limit(self) -> Limit | None:
        """The limit that a trial must count by (`try_out(limit=...)`); None where it need not."""
        return None

    @abstractmethod
    def describe(self) -> str:
        """The promise in words that can be read back in."""

    @abstractmethod
    def by_day(self, trial: Trial) -> Floats:
        """What is promised about, at each day's end in each replication: replications x days.

        A backlog, or the share seen in time; NaN on a day that is not judged.

        Raises:
            WrongUse: the trial was not made to count what is promised, or there is nothing to judge.
        """

    @abstractmethod
    def is_kept_by(self, figures: Floats) -> Truths:
        """Which of these figures keep the promise; what is not judged does."""

    @abstractmethod
    def worst_of(self, figures: Floats) -> Floats:
        """Of figures by replication and day that of the worst day of each; NaN where no day is judged."""

    def worst(self, trial: Trial) -> Floats:
        """The figure of the worst day of each replication; NaN where no day is judged."""
        return self.worst_of(self.by_day(trial))

    def kept(self, trial: Trial) -> Truths:
        """Whether each replication keeps the promise at every day's end: one truth for each."""
        return np.asarray(self.is_kept_by(self.by_day(trial)).all(axis=1))

    @property
    def _of(self) -> str:
        name = self.step or self.pool
        return f"{name}: " if name else ""


@dataclass(frozen=True)
class BacklogPromise(Promise):
    """The backlog is at no day's end more than so much.

    Attributes:
        most: how much it may be.
        unit: ``minutes`` of work, or ``visits``.
    """

    most: float
    unit: str

    def describe(self) -> str:
        """The promise in words that can be read back in."""
        return f"{self._of}backlog <= {self.most:,.12g} {self.unit}"

    def by_day(self, trial: Trial) -> Floats:
        """The backlog at each day's end in each replication."""
        return trial.by_day("backlog" if self.unit == "minutes" else "backlog_visits", self.pool)

    def is_kept_by(self, figures: Floats) -> Truths:
        """Which of these backlogs are small enough."""
        # Sums of minutes may be off by a rounding.
        return np.asarray(~(figures > self.most + 1e-6))

    def worst_of(self, figures: Floats) -> Floats:
        """The largest backlog of each replication."""
        return np.asarray(figures.max(axis=1))


@dataclass(frozen=True)
class SeenPromise(Promise):
    """Of the visits whose limit ran out of late, so many were seen by then.

    At each day's end the share is taken over the visits whose limit ran out in the last 28 days, or in as many days
    more as it takes to have so many visits that one may be missed (20 for 95%). A visit that still waits, or that left
    unseen, was not seen. Days are judged from when such a window is full; where the days are too few for one, the last
    is judged by all there are.

    Attributes:
        share: how many, from 0 to 1.
        within: how long they may wait.
    """

    share: float
    within: Limit

    @property
    def limit(self) -> Limit:
        """The limit that a trial must count by."""
        return self.within

    @property
    def fewest(self) -> int:
        """How many visits a share is taken of, at least: so many that one of them may be missed."""
        return 1 if self.share >= 1 else math.ceil(1 / (1 - self.share) - 1e-9)

    def describe(self) -> str:
        """The promise in words that can be read back in."""
        return f"{self._of}{100 * self.share:.12g}% seen within {self.within.describe()}"

    def by_day(self, trial: Trial) -> Floats:
        """The share seen in time at each day's end in each replication; NaN where it is not judged."""
        seen = trial.seen
        if seen is None or seen.limit != self.within:
            raise WrongUse(
                f"The trial did not count who is seen within {self.within.describe()}.\n"
                "Try the service out with limit=promise.limit."
            )
        steps = [place for place, name in enumerate(trial.steps) if self._is_about(trial.service, name)]
        begins = max((seen.first_due[place] for place in steps), default=0)
        due, timely = (counts[:, steps].sum(axis=1) for counts in (seen.due, seen.timely))
        return shares_in_time(due, timely, begins, self.fewest)

    def is_kept_by(self, figures: Floats) -> Truths:
        """Which of these shares are large enough."""
        return np.asarray(~(figures < self.share - 1e-9))

    def worst_of(self, figures: Floats) -> Floats:
        """The smallest share of each replication."""
        lowest = np.where(np.isnan(figures), np.inf, figures).min(axis=1)
        return np.asarray(np.where(np.isinf(lowest), np.nan, lowest))

    def _is_about(self, service: Service, step: str) -> bool:
        pool = service.steps[step].pool
        return pool is not None and self.step in (None, step) and self.pool in (None, pool)


def shares_in_time(due: Floats, timely: Floats, begins: int, fewest: int) -> Floats:
    """The share seen in time over the window up to each day's end; NaN where there is no full window.

    Args:
        due, timely: replications x days.
        begins: the first day on which limits run out as on any other.
        fewest: how many visits a window must have.

    Raises:
        WrongUse: no limit runs out in any of the days.
    """
    replications, days = due.shape
    if not due.any():
        raise WrongUse(
            f"In {days} days no visit's limit runs out, so that nothing can be judged.\n"
            "Ask about more days, or look whether visits come there at all."
        )
    all_due, all_timely = (np.pad(np.cumsum(one, axis=1), ((0, 0), (1, 0))) for one in (due, timely))
    out = np.full((replications, days), np.nan)
    usual = np.arange(days) + 1 - WINDOW_DAYS
    for row in range(replications):
        # The latest beginning from which the window has enough visits: never after the usual one.
        enough = np.searchsorted(all_due[row], all_due[row, 1:] - fewest, side="right") - 1
        first = np.minimum(usual, enough)
        judged = (first >= begins) & (all_due[row, 1:] >= fewest)
        counted = all_due[row, 1:][judged] - all_due[row, first[judged]]
        out[row, judged] = (all_timely[row, 1:][judged] - all_timely[row, first[judged]]) / counted
        if not judged.any() and all_due[row, -1] > 0:
            out[row, -1] = all_timely[row, -1] / all_due[row, -1]
    return out


def read_promise(text: str, service: Service) -> Promise:
    """The promise that a text makes.

    Args:
        text: such as ``backlog <= 1200 min`` or ``triage: 95% seen within 5 working days``.
        service: whose promise it is.

    Raises:
        WrongUse: it is no promise, cannot be kept by anybody, or names a pool or step that the service does not have.
    """
    name, _, rest = text.rpartition(":")
    name, rest = name.strip(), rest.strip()
    if found := _BACKLOG.fullmatch(rest):
        return _backlog(found, name, service)
    if found := _SEEN.fullmatch(rest):
        return _seen(found, name, service)
    raise WrongUse(f"'{text}' is no promise that can be judged.\n{_FORMS}")


def _backlog(found: re.Match[str], name: str, service: Service) -> BacklogPromise:
    unit = found[2].casefold()
    if unit not in _UNITS:
        raise WrongUse(f"A backlog is counted in minutes, hours or visits, not in '{found[2]}'.\n{_FORMS}")
    if name and name not in service.pools:
        if name in service.steps:
            pool = service.steps[name].pool
            cure = f"Name the step's pool: {pool}." if pool else "It has no staff, and so no backlog."
            raise WrongUse(f"A backlog is promised of a pool, and '{name}' is a step.\n{cure}")
        raise _unknown(name, service, list(service.pools), "pool")
    called, size = _UNITS[unit]
    return BacklogPromise(name or None, None, _number(found[1]) * size, called)


def _seen(found: re.Match[str], name: str, service: Service) -> SeenPromise:
    share = _number(found[1]) / 100
    if not 0 < share <= 1:
        raise WrongUse(f"{found[1]}% of visits cannot be promised.\nPromise more than 0% and at most 100%.")
    limit = Limit.parse(found[2])
    step = name if name in service.steps else None
    pool = name if name in service.pools else None
    if step and pool:
        raise WrongUse(f"'{name}' is both a pool and a step of {service.name}.\nGive one of the two another name.")
    if name and not (step or pool):
        raise _unknown(name, service, [*service.steps, *service.pools], "pool or step")
    if step and service.steps[step].pool is None:
        raise WrongUse(f"Nobody waits at '{step}', which needs no staff.\nName a step that has a pool.")
    if pool and not any(one.pool == pool for one in service.steps.values()):
        raise WrongUse(f"No step has the pool '{pool}', so that nobody waits for it.\nName another pool, or a step.")
    return SeenPromise(pool, step, share, limit)


def _unknown(name: str, service: Service, known: list[str], kind: str) -> WrongUse:
    meant = nearest(name, known)
    cure = f"Did you mean '{meant}'?" if meant else f"There are {listed(known)}."
    return WrongUse(f"There is no {kind} '{name}' in {service.name}.\n{cure}")


def _number(text: str) -> float:
    return float(text.replace(",", ""))
