"""How long it takes to clear today's backlog with workers beyond those who keep a promise once it is cleared.

The formula takes means: weeks = (Q - Q*) / (C - D), the rule for relief capacity (`millpond.queueing.waiting_list`)
turned round, where every minute goes into the pool's work. The simulation starts from the visits that are open and
looks for the first day's end at which the backlog is down; it knows that work done brings further visits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from millpond.measures.results import Result
from millpond.model import Service
from millpond.planning.levels import Levels, Staffing
from millpond.planning.trial import try_out
from millpond.simulation.starting import OpenVisit

Floats = npt.NDArray[np.float64]
MOST_WEEKS = 52
REPLICATIONS = 40
MOST_EXTRA = 4


@dataclass(frozen=True)
class ReliefRow:
    """What some workers beyond the least staffing do for today's backlog of a pool.

    Attributes:
        pool: the pool's key in ``service.toml``.
        backlog: minutes that wait today.
        goal: minutes to which it is to come down.
        extra: workers beyond the least staffing.
        minutes: what they add a week.
        weeks_formula: the weeks that it takes by the means; None where it never gets there.
        weeks: the weeks that it takes in half of the replications; None where it takes over a year.
        weeks_most: the weeks within which nine in ten replications have it cleared; None where over a year.
        cleared: the share of replications in which it is cleared within a year.
        replications: how many there were.
        cost: what the extra workers cost over `weeks_most`; None where that is unknown.
    """

    pool: str
    backlog: float
    goal: float
    extra: float
    minutes: float
    weeks_formula: float | None
    weeks: float | None
    weeks_most: float | None
    cleared: float
    replications: int
    cost: float | None


@dataclass(frozen=True)
class Reliefs(Result):
    """How much relief for how long clears today's backlog; no row where there is nothing to clear."""

    rows: tuple[ReliefRow, ...]
    row_type: ClassVar[type] = ReliefRow


def reliefs_of(
    levels: Levels,
    staffing: Staffing,
    opening: tuple[OpenVisit, ...],
    goals: dict[str, float],
    *,
    seed: int,
    threads: int | None = None,
    waiting: dict[str, float] | None = None,
) -> Iterator[ReliefRow]:
    """What further workers do for the backlogs that are above their goals today.

    Args:
        levels: the pools that can be varied, from today on.
        staffing: the least.
        opening: the visits that are open today.
        goals: for each of the pools the minutes to which it is to come down.
        seed: of the draws.
        threads: how many replications run side by side.
        waiting: for each pool the minutes that wait today, where they are known already.
    """
    for place, pool in enumerate(levels.pools):
        if pool not in goals or (waiting is not None and waiting[pool] <= goals[pool]):
            continue
        for steps in range(MOST_EXTRA + 1):
            more = levels.up(staffing, place, steps)
            service = levels.service_with(more)
            backlog, opened = _backlogs(service, levels.first_day, pool, opening, seed, threads)
            if opened <= goals[pool]:
                break
            a_week = 7 * levels.minutes(pool, more[place])
            added = a_week - 7 * levels.minutes(pool, staffing[place])
            spare = a_week - 7 * levels.demand[pool]
            weeks, most, cleared = weeks_until(backlog, goals[pool])
            a_year = levels.price(pool, more[place]) - levels.price(pool, staffing[place])
            yield ReliefRow(
                pool=pool,
                backlog=opened,
                goal=goals[pool],
                extra=round(more[place] - staffing[place], 9),
                minutes=added,
                weeks_formula=(opened - goals[pool]) / spare if spare > 0 else None,
                weeks=weeks,
                weeks_most=most,
                cleared=cleared,
                replications=len(backlog),
                cost=a_year / levels.days * 7 * most if most is not None and levels.is_priced else None,
            )
            if most is not None and most <= 4:
                break


def weeks_until(backlog: Floats, goal: float) -> tuple[float | None, float | None, float]:
    """When a backlog has come down to a goal: in half of the replications, in nine of ten, and in how many at all.

    Args:
        backlog: replications x days, at each day's end.
        goal: the same unit.
    """
    down = backlog <= goal
    first = np.where(down.any(axis=1), down.argmax(axis=1) + 1.0, np.inf) / 7
    half, most = np.quantile(first, [0.5, 0.9], method="higher")
    known = [None if np.isinf(value) else float(value) for value in (half, most)]
    return known[0], known[1], float(down.any(axis=1).mean())


def _backlogs(
    service: Service,
    first_day: date,
    pool: str,
    opening: tuple[OpenVisit, ...],
    seed: int,
    threads: int | None,
) -> tuple[Floats, float]:
    """The pool's backlog at each day's end in each replication, and what waits before the first day."""
    trial = try_out(
        service, first_day, 7 * MOST_WEEKS, replications=REPLICATIONS, seed=seed, opening=opening, threads=threads
    )
    backlog = trial.by_day("backlog", pool)
    flows = [trial.by_day(name, pool)[:, 0] for name in ("activity", "withdrawn", "demand")]
    return backlog, float((backlog[:, 0] + flows[0] + flows[1] - flows[2]).mean())
