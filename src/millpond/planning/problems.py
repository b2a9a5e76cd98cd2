"""Problem events of the days ahead: what counts as one, in one place, and how often each replication has it.

A working day of a pool is one on which its calendar is open. It is a problem day where

- the work that joins the pool on it is at least twice what can be done on it, or where
- the backlog at its end is above the pool's line.

Demand that joins while the pool is closed belongs to no working day, as in the events on record.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from millpond.model import Service
from millpond.periods import calendar_key, day_number, staffed
from millpond.planning.trial import Trial
from millpond.simulation.horizon import Horizon

Floats = npt.NDArray[np.float64]
TIMES_CAPACITY = 2.0
TOO_MUCH = "demand at least twice capacity"
ABOVE_LINE = "backlog above the line"
EVENTS = (TOO_MUCH, ABOVE_LINE)
USUAL_LINE_DAYS = 10
"""Left to itself, the line of a pool is what it can do in so many working days."""


def usual_lines(trial: Trial) -> dict[str, float]:
    """The line of each pool that is asked for none: the work of ten working days, as staffed in a trial.

    Args:
        trial: of the service as it is.
    """
    lines = {}
    for pool in trial.pools:
        is_open = working_days(trial, pool)
        capacity = trial.by_day("capacity", pool)[:, is_open]
        lines[pool] = USUAL_LINE_DAYS * float(capacity.mean()) if capacity.size else 0.0
    return lines


def problem_days(trial: Trial, event: str, pool: str, lines: Mapping[str, float]) -> Floats:
    """On how many working days of each replication a pool has a problem event.

    Args:
        trial: what happened.
        event: one of `EVENTS`.
        pool: the pool.
        lines: the largest backlog of each pool that is no problem, in minutes.
    """
    is_open = working_days(trial, pool)
    if event == TOO_MUCH:
        demand, capacity = (trial.by_day(measure, pool)[:, is_open] for measure in ("demand", "capacity"))
        problem = (demand >= TIMES_CAPACITY * capacity) & (demand > 0)
    else:
        problem = trial.by_day("backlog", pool)[:, is_open] > lines[pool] + 1e-6
    return np.asarray(problem.sum(axis=1), dtype=np.float64)


def working_days(trial: Trial, pool: str) -> npt.NDArray[np.bool_]:
    """On which of the days of a trial the calendar of a pool is open."""
    service: Service = trial.service
    first = day_number(trial.first_day)
    horizon = Horizon(first, trial.days, trial.days, trial.days, service.zone)
    keys = [calendar_key(service, staffed(service.pools[pool], first + day).calendar) for day in range(trial.days)]
    return np.array([bool(horizon.opened(service, key)[day]) for day, key in enumerate(keys)], dtype=np.bool_)
