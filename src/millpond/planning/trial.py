"""A service tried out: everything that each of many replications came to, kept apart.

A simulation folds its replications into means; a plan is judged by what happens in each, for a promise is broken in one
replication and kept in the next, and two plans are compared replication by replication under the same luck.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from millpond.model import Service
from millpond.planning.seen import Limit, SeenFigures, SeenReading
from millpond.simulation.figures import DAILY, POOL, TIMES, Figures, Group
from millpond.simulation.preparing import Prepared, prepared
from millpond.simulation.running import Tell, runner_for
from millpond.simulation.starting import OpenVisit

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Seen:
    """Who was seen within a limit, in each replication of a trial.

    Attributes:
        limit: how long somebody may wait.
        due: replications x steps x days: visits whose limit ran out in the day.
        timely: replications x steps x days: those of them that were seen by then.
        first_due: for each step the first day on which as many limits run out as on later days.
    """

    limit: Limit
    due: Floats
    timely: Floats
    first_due: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Trial:
    """What a service came to in each replication of the same days.

    Attributes:
        service: what was tried.
        first_day: the first day.
        days: how many days.
        seed: of the random draws. Trials of the same seed, first day and days are paired: replication k of one has the
            luck of replication k of the other.
        pools, steps, outcomes, policies: the names of what the figures are of, in the order of their axes.
        groups: the kinds of cases that waits are told of; the first is all.
        daily: replications x `DAILY` x pools x days: minutes of the day, backlogs at its end, and visits.
        over_days: replications x `POOL` x pools, over all the days.
        waits: replications x steps x groups x `TIMES`, in minutes.
        lead_times: replications x groups x `TIMES`, in minutes.
        ended: replications x outcomes: cases that ended so.
        called: replications x policies x (days, capacity, cost).
        cost_by_year: replications x (pools without whom policies call in, then policies) x years of 365 days.
        called_by_year: replications x policies x years: for how many days each was called.
        notes: sentences that a reader of the figures must have.
        seen: who was seen in time; None where no limit was given.
    """

    service: Service
    first_day: date
    days: int
    seed: int
    pools: tuple[str, ...]
    steps: tuple[str, ...]
    outcomes: tuple[str, ...]
    policies: tuple[str, ...]
    groups: tuple[Group, ...]
    daily: Floats
    over_days: Floats
    waits: Floats
    lead_times: Floats
    ended: Floats
    called: Floats
    cost_by_year: Floats
    called_by_year: Floats
    notes: tuple[str, ...]
    seen: Seen | None = None

    @property
    def replications(self) -> int:
        """How many there are."""
        return len(self.daily)

    def by_day(self, measure: str, pool: str | None = None) -> Floats:
        """One of `DAILY` in each replication on each day, of one pool or of all together."""
        found = self.daily[:, DAILY.index(measure)]
        return np.asarray(found.sum(axis=1) if pool is None else found[:, self.pools.index(pool)])

    def of_pool(self, measure: str, pool: str) -> Floats:
        """One of `POOL` in each replication, over all the days."""
        return self.over_days[:, POOL.index(measure), self.pools.index(pool)]

    def wait(self, time: str, step: str) -> Floats:
        """One of `TIMES` at a step in each replication, of all cases."""
        return self.waits[:, self.steps.index(step), 0, TIMES.index(time)]

    def lead_time(self, time: str) -> Floats:
        """One of `TIMES` from coming to the outcome in each replication, of all cases."""
        return self.lead_times[:, 0, TIMES.index(time)]

    def cost(self) -> Floats:
        """What all pools cost together in each replication; NaN where a pool with something to pay has no price."""
        return np.asarray(self.over_days[:, POOL.index("cost")].sum(axis=1))


def try_out(
    service: Service,
    first_day: date,
    days: int,
    *,
    replications: int,
    seed: int = 1,
    first_replication: int = 0,
    opening: tuple[OpenVisit, ...] | None = None,
    limit: Limit | None = None,
    ready: Prepared | None = None,
    threads: int | None = None,
    progress: Tell | None = None,
) -> Trial:
    """Simulates a service and keeps what each replication came to.

    Args:
        service: the service.
        first_day: the first day.
        days: for how many days new cases come, and for how many they are followed.
        replications: how many.
        seed: of the random draws.
        first_replication: the number of the first, to go on where an earlier trial stopped.
        opening: the visits that are open when the first day begins; None to start empty.
        limit: also count who is seen within it, as a promise of that asks for (`Promise.limit`).
        ready: the same service made ready before, with the same days and opening, to go on without making it anew.
        threads: how many run side by side; default, one for each processor. Results do not depend on it.
        progress: is told how far it has come.

    Raises:
        FaultyService: the service cannot be simulated as it is described; all faults are told.
    """
    ready = ready or prepared(service, first_day, days, opening=opening)
    tell = progress or (lambda share, count: None)
    found: list[Figures] = []
    reading = ready.reading
    if limit is not None:
        reading = SeenReading(reading.tables, reading.groups, reading.prices, reading.first, limit=limit)
    with runner_for(reading, seed, threads) as runner:
        runner.prepare(tell)
        for figures in runner.figures(range(first_replication, first_replication + replications)):
            found.append(figures)
            tell(len(found) / replications, len(found))
    names = ready.tables.names

    def kept(name: str) -> Floats:
        return np.array([getattr(figures, name) for figures in found], dtype=np.float64)

    return Trial(
        service=service,
        first_day=first_day,
        days=days,
        seed=seed,
        pools=tuple(names.pools),
        steps=tuple(names.steps),
        outcomes=names.outcomes,
        policies=tuple(service.policies),
        groups=ready.reading.groups,
        daily=kept("daily"),
        over_days=kept("pools"),
        waits=kept("waits"),
        lead_times=kept("lead_times"),
        ended=kept("outcomes"),
        called=kept("policies"),
        cost_by_year=kept("cost_by_year"),
        called_by_year=kept("called_by_year"),
        notes=(*ready.growing, *(ready.carried.notes if ready.carried else ())),
        seen=_seen(reading, found) if isinstance(reading, SeenReading) else None,
    )


def _seen(reading: SeenReading, found: list[Figures]) -> Seen:
    assert reading.limit is not None
    counted = [one for one in found if isinstance(one, SeenFigures)]
    pools = [step.pool for step in reading.tables.service.steps.values()]
    return Seen(
        limit=reading.limit,
        due=np.array([one.due for one in counted]),
        timely=np.array([one.timely for one in counted]),
        first_due=tuple(0 if pool is None else reading.first_day_due(pool) for pool in pools),
    )
