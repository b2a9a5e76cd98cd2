"""Staffings tried out one by one, with as few replications as it takes to know that one will not do.

Whether a replication breaks the promise is a yes or no, so the share that does has the exact interval of a binomial
(C. J. Clopper and E. S. Pearson, Biometrika 26, 1934). A staffing is decided on as soon as an interval of 99.5% lies on
one side of the risk that is allowed: with 20 replications where it is hopeless, with all of them where it is near. What
is told as the answer has had all of them. Every staffing has the same luck in replication k.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
from scipy import special

from millpond.errors import FaultyService
from millpond.planning.levels import Levels, Staffing
from millpond.planning.promise import BacklogPromise, Promise
from millpond.planning.trial import Trial, try_out
from millpond.simulation.preparing import Prepared, prepared
from millpond.simulation.starting import OpenVisit

Floats = npt.NDArray[np.float64]
Say = Callable[[str, int], None]
"""Is told what is being done, and how many replications have been run so far in all."""

LEVEL, DECIDING = 0.95, 0.995
BATCHES = (20, 60, 200)
"""How many replications there are when it is asked whether to go on."""


def clopper_pearson(count: int, of: int, level: float = LEVEL) -> tuple[float, float]:
    """The exact interval of a share.

    Args:
        count: how many have the property.
        of: how many were looked at, 1 or more.
        level: of the interval.

    >>> low, high = clopper_pearson(0, 60)
    >>> round(low, 4), round(high, 4)  # 1 - 0.025 ** (1 / 60)
    (0.0, 0.0596)
    """
    tail = (1 - level) / 2
    low = 0.0 if count == 0 else float(special.betaincinv(count, of - count + 1, tail))
    high = 1.0 if count == of else float(special.betaincinv(count + 1, of - count, 1 - tail))
    return low, high


@dataclass(frozen=True, eq=False)
class Tried:
    """What became of one staffing.

    Attributes:
        staffing: how many worked in each pool.
        cost: what it costs over the days judged; minutes where there is no price.
        worst: for each replication the figure of its worst day: a backlog, or a share seen in time.
        broken: for each replication whether it broke the promise.
        risk: the share of replications that may break it.
        decided: whether enough replications were run to say on which side of the risk it is.
        fault: why it cannot be run at all; empty where it can.
    """

    staffing: Staffing
    cost: float
    worst: Floats
    broken: npt.NDArray[np.bool_]
    risk: float
    decided: bool
    fault: str = ""

    @property
    def replications(self) -> int:
        """How many were run."""
        return len(self.broken)

    @property
    def share_broken(self) -> float:
        """The share of replications that break the promise."""
        return float(self.broken.mean()) if len(self.broken) else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        """The exact 95% interval of that share."""
        return clopper_pearson(int(self.broken.sum()), len(self.broken)) if len(self.broken) else (1.0, 1.0)

    @property
    def keeps(self) -> bool:
        """Whether no more replications than allowed break the promise, as far as they tell."""
        return not self.fault and self.decided and self.share_broken <= self.risk

    @property
    def is_possible(self) -> bool:
        """Whether the replications run so far do not rule it out."""
        return not self.fault and (self.share_broken <= self.risk or not self.decided)

    @property
    def verdict(self) -> str:
        """``keeps it`` or ``breaks it`` where the interval says so; else on which side of the risk the share lies."""
        low, high = self.interval
        if self.fault:
            return "cannot be run"
        if high <= self.risk:
            return "keeps it"
        if low > self.risk:
            return "breaks it"
        return "probably keeps it" if self.share_broken <= self.risk else "probably breaks it"


@dataclass(eq=False)
class Tries:
    """Tries staffings out, and remembers what became of each.

    Attributes:
        levels: the pools that are varied.
        promise: what is to be kept.
        risk: the share of replications that may break it.
        first_day: the first day simulated.
        days: how many days are judged.
        settle: how many days come before those, in which a service that starts empty fills up.
        opening: the visits that it starts with; None to start empty.
        replications: how many decide.
        seed: of the draws.
    """

    levels: Levels
    promise: Promise
    risk: float
    first_day: date
    days: int
    settle: int = 0
    opening: tuple[OpenVisit, ...] | None = None
    replications: int = 400
    seed: int = 1
    threads: int | None = None
    say: Say | None = None
    run: int = 0
    found: dict[Staffing, Tried] = field(default_factory=dict)

    def of(self, staffing: Staffing, *, whole: bool = False, most: int | None = None) -> Tried:
        """What becomes of a staffing.

        Args:
            staffing: how many work in each pool.
            whole: run all replications, also where it is clear before on which side of the risk it is.
            most: stop at so many replications, decided or not.
        """
        last = min(most or self.replications, self.replications)
        found = self.found.get(staffing) or self._kept(staffing, np.zeros(0), np.zeros(0, dtype=bool))
        ready = None
        for goal in (*(size for size in BATCHES if size < last), last):
            if found.fault or (found.decided and not whole):
                break
            if goal <= found.replications:
                continue
            if self.say is not None:
                self.say(self._told(staffing), self.run)
            try:
                ready = ready or self._ready(staffing)
                trial = self.trial(staffing, goal - found.replications, found.replications, ready)
            except FaultyService as error:
                return self._kept(staffing, found.worst, found.broken, str(error))
            figures = self.figures(trial)
            broken = np.concatenate([found.broken, ~self.promise.is_kept_by(figures).all(axis=1)])
            found = self._kept(staffing, np.concatenate([found.worst, self.promise.worst_of(figures)]), broken)
        return found

    def trial(self, staffing: Staffing, replications: int, first: int = 0, ready: Prepared | None = None) -> Trial:
        """One staffing tried out, with everything that each replication came to."""
        ready = ready or self._ready(staffing)
        trial = try_out(
            ready.tables.service,
            self.first_day,
            self.settle + self.days,
            replications=replications,
            seed=self.seed,
            first_replication=first,
            limit=self.promise.limit,
            ready=ready,
            threads=self.threads,
        )
        self.run += replications
        return trial

    def on_other_luck(self, one: Tried) -> Tried:
        """The same staffing in as many replications that it was not chosen by."""
        if self.say is not None:
            self.say(self._told(one.staffing), self.run)
        figures = self.figures(self.trial(one.staffing, self.replications, self.replications))
        broken = np.asarray(~self.promise.is_kept_by(figures).all(axis=1))
        return Tried(one.staffing, one.cost, self.promise.worst_of(figures), broken, self.risk, decided=True)

    def figures(self, trial: Trial) -> Floats:
        """What is promised about at each day's end that is judged."""
        return self.promise.by_day(trial)[:, self.settle :]

    def _ready(self, staffing: Staffing) -> Prepared:
        service = self.levels.service_with(staffing)
        return prepared(service, self.first_day, self.settle + self.days, opening=self.opening)

    def _kept(self, staffing: Staffing, worst: Floats, broken: npt.NDArray[np.bool_], fault: str = "") -> Tried:
        count, cost = len(broken), self.levels.cost(staffing)
        decided = count >= self.replications
        if 0 < count < self.replications:
            low, high = clopper_pearson(int(broken.sum()), count, DECIDING)
            decided = low > self.risk or high <= self.risk
        self.found[staffing] = Tried(staffing, cost, worst, broken, self.risk, decided, fault)
        return self.found[staffing]

    def _told(self, staffing: Staffing) -> str:
        who = ", ".join(f"{places:g} {name}" for name, places in zip(self.levels.pools, staffing, strict=True))
        return f"Trying {who}"


def could_promise(promise: Promise, one: Tried) -> float | None:
    """What a staffing could promise with the risk: all but so many replications are no worse on their worst day."""
    worst = one.worst[~np.isnan(one.worst)]
    if not len(worst):
        return None
    if isinstance(promise, BacklogPromise):
        return float(np.quantile(worst, 1 - one.risk, method="higher"))
    return float(np.quantile(worst, one.risk, method="lower"))
