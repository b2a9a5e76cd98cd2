"""What a fitted service comes to when a pool has other direct minutes or other people, each figure with its interval.

Services drawn from the fit (`millpond.calibration.predicting.drawing`) are played a few times each, so that the 90%
interval holds both the doubt of the fitted values and the luck of one such period. The figure itself is the mean over
replications of the fitted service as it stands. How often the intervals hold what then comes is
measured on services of which everything is known (`tests/truth`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from millpond.calibration.fitting.result import Fit
from millpond.calibration.predicting.drawing import Drawing
from millpond.errors import WrongUse
from millpond.model import Pool, Service
from millpond.periods import day_number, working_time
from millpond.results import Result
from millpond.simulation import kernel
from millpond.simulation.figures import MS_A_MINUTE
from millpond.simulation.histograms import quantiles
from millpond.simulation.preparing import prepared
from millpond.simulation.replication import replicate
from millpond.simulation.starting import OpenVisit, carried_over
from millpond.simulation.tables import Tables, tables_of

Floats = npt.NDArray[np.float64]

DRAWS, TIMES = 40, 4
"""How many services are drawn, and how often each is played."""
REPLICATIONS = 60
"""How often the fitted service itself is played."""
COVERAGE = 0.9
FEWEST_DRAWS = 20
FIGURES = ("mean wait, minutes", "wait that 9 in 10 keep to, minutes", "mean backlog, minutes of work")


@dataclass(frozen=True)
class PredictedRow:
    """A figure of a pool over the days that are played.

    Attributes:
        pool: the pool.
        figure: what it is, with its unit; waits are of visits that began, and in working and closed time alike.
        value: the mean over replications of the fitted service.
        low, high: of the 90% interval for one such period: the doubt of the fit and the luck of the days.
    """

    pool: str
    figure: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class WhatIf(Result):
    """What a fitted service is foreseen to come to under another staffing.

    Attributes:
        rows: each figure of each pool.
        pool: the pool that is changed.
        minutes_per_day: the direct minutes of each of its people; None for their whole shift.
        workers: how many people it has then.
        first_day: the first day played, ISO 8601.
        days: for how many days new cases come.
        draws: how many services were drawn, each of which was played four times.
    """

    pool: str
    minutes_per_day: float | None
    workers: float
    first_day: str
    days: int
    draws: int
    row_type: ClassVar[type] = PredictedRow

    def of(self, pool: str) -> dict[str, PredictedRow]:
        """The rows of one pool by their figures."""
        return {row.figure: row for row in self.rows if row.pool == pool}


def what_if(
    fit: Fit,
    pool: str,
    *,
    minutes: float = 0.0,
    people: float = 0,
    first_day: date,
    days: int = 364,
    draws: int = DRAWS,
    seed: int = 1,
    opening: tuple[OpenVisit, ...] | None = None,
    progress: Callable[[float | None, int], None] | None = None,
) -> WhatIf:
    """Plays a fitted service under another staffing of one of its pools.

    Args:
        fit: the fit.
        pool: the pool that is changed.
        minutes: by which share its direct minutes a day change, such as -0.2; never beyond the shift.
        people: how many people more it has, or fewer.
        first_day: the first day.
        days: for how many days new cases come.
        draws: how many services are drawn.
        seed: of the draws: the same seed gives the same figures.
        opening: the visits that are open as it begins; None to begin with nobody there.
        progress: is told the share that is done and how many services that is.

    Raises:
        WrongUse: there is no such pool, nobody would be left in it, or there are too few draws for an interval.
    """
    _check(fit.service, pool, minutes, people, draws)
    tell = progress or (lambda share, count: None)
    drawing = Drawing(fit, seed)
    first = day_number(first_day)
    changed = changed_pool(fit.service, pool, minutes, people, first)
    # Looked through once: what is drawn differs in numbers only.
    as_fitted = prepared(_with(fit.service, pool, changed), first_day, days, opening=opening).tables
    centre = np.array([figures_of_pools(as_fitted, seed, number) for number in range(REPLICATIONS)])
    found = []
    for number in range(draws):
        drawn = drawing.service_of(number)
        service = _with(drawn, pool, changed_pool(drawn, pool, minutes, people, first))
        tables = tables_of(service, first, days)
        if opening is not None:
            tables = tables.starting_with(carried_over(opening, service, tables).rows)
        # Luck of its own for each: that of the fitted service says nothing of the spread.
        found += [figures_of_pools(tables, seed, REPLICATIONS + TIMES * number + time) for time in range(TIMES)]
        tell((number + 1) / draws, number + 1)
    low, high = interval(np.array(found))
    with np.errstate(invalid="ignore"):
        value = np.nanmean(centre, axis=0)
    names = list(fit.service.pools)
    rows = tuple(
        PredictedRow(name, figure, *(float(each[place, number]) for each in (value, low, high)))
        for place, name in enumerate(names)
        for number, figure in enumerate(FIGURES)
        if np.isfinite(value[place, number])
    )
    notes = (
        f"Each interval is one of {COVERAGE:.0%} for one period of {days} days: {draws} services drawn from the fit, "
        f"each played {TIMES} times.",
        "Hours, pools and numbers of people are taken to be as they were fitted.",
    )
    workers = float(changed.workers or 0)
    return WhatIf(rows, notes, pool, changed.minutes_per_day, workers, first_day.isoformat(), days, draws)


def changed_pool(service: Service, name: str, minutes: float, people: float, first_day: int) -> Pool:
    """A pool with other direct minutes a day and other people.

    Args:
        service: the service.
        name: the pool.
        minutes: the share by which the direct minutes change.
        people: how many more people, or fewer.
        first_day: the day number of a day near which its usual opening is looked up.
    """
    pool = service.pools[name]
    changes: dict[str, float | None] = {}
    if minutes:
        opened = [
            sum(end - start for start, end in day)
            for day in working_time(service, pool, first_day, first_day + 28).openings
        ]
        shift = float(np.median([us for us in opened if us] or [0])) / 60_000_000
        given = pool.minutes_per_day if pool.minutes_per_day is not None else shift
        changes["minutes_per_day"] = min(given * (1 + minutes), shift)
    if people:
        changes["workers"] = float(pool.workers or len(list(service.workers_of(name)))) + people
    return pool.changed(**changes) if changes else pool


def figures_of_pools(tables: Tables, seed: int, number: int) -> Floats:
    """The figures of one replication: pools x `FIGURES`; NaN where nobody waited for a pool."""
    service, replication = tables.service, replicate(tables, seed, number)
    totals, steps = replication.totals, list(service.steps)
    count, added = (one.reshape(len(steps), -1).sum(axis=1) for one in (replication.wait_count, totals["wait_sum"]))
    of_step = np.array([service.steps[name].pool for name in steps], dtype=object)
    bins = totals["wait_bins"].reshape(len(steps), -1, kernel.BINS)
    ms = totals["daily"][:, :, : tables.horizon.arrivals_until]
    change = ms[kernel.DEMAND] - ms[kernel.ACTIVITY] - ms[kernel.WITHDRAWN]
    backlog = totals["before"][0] + np.cumsum(change, axis=1).mean(axis=1)
    found = np.full((len(service.pools), len(FIGURES)), np.nan)
    for place, name in enumerate(service.pools):
        inside = of_step == name
        if count[inside].sum():
            found[place, 0] = added[inside].sum() / count[inside].sum() / MS_A_MINUTE
            its = np.ascontiguousarray(bins[inside].reshape(1, -1, kernel.BINS))
            nine = quantiles(its, np.ones((1, its.shape[1]), dtype=np.bool_), (0.9,))
            found[place, 1] = nine[0, 0, 0] / MS_A_MINUTE
        found[place, 2] = backlog[place] / MS_A_MINUTE
    return found


def interval(values: Floats) -> tuple[Floats, Floats]:
    """The order statistics between which a further value lies with a probability of 90%, as near as there are any."""
    ordered = np.sort(values, axis=0)
    rank = max(1, round((1 - COVERAGE) / 2 * (len(values) + 1)))
    return ordered[rank - 1], ordered[len(values) - rank]


def _with(service: Service, name: str, pool: Pool) -> Service:
    return service.changed(pools={**service.pools, name: pool})


def _check(service: Service, pool: str, minutes: float, people: float, draws: int) -> None:
    if pool not in service.pools:
        known = ", ".join(service.pools) or "none"
        raise WrongUse(f"The fitted service has no pool '{pool}'. It has: {known}.")
    if minutes <= -1:
        raise WrongUse(
            f"Direct minutes cannot change by {minutes:.0%}. Give a share above -1, such as -0.2 for a fifth less."
        )
    workers = float(service.pools[pool].workers or len(list(service.workers_of(pool))))
    if workers + people <= 0:
        raise WrongUse(f"{pool} has {workers:g} people, so that {people:+g} would leave nobody. Give a smaller change.")
    if draws < FEWEST_DRAWS:
        raise WrongUse(f"{draws} draws are too few for an interval of 90%. Give {FEWEST_DRAWS} or more.")
