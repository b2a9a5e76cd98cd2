"""Target waits as tables: a length of time, or for each day of joining the instant before which a start is in time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millpond.model import Service
from millpond.model.duration import TargetWait
from millpond.periods import working_time
from millpond.simulation.horizon import Horizon

NONE, BY_DAY = -1, -2
_MS = {"minutes": 60_000, "hours": 3_600_000}
_DAYS = {"days": 1, "weeks": 7}


def target_tables(service: Service, horizon: Horizon) -> dict[str, npt.NDArray[np.int64]]:
    """The target of each step, and last that of the lead time.

    Returns:
        ``target_ms``: the longest wait in milliseconds; -1 without a target; -2 where days are counted.
        ``target_deadline``: for each step and each day of joining the instant before which a start is in time.
        ``due_ms``: as ``target_ms``, for pools that take the visit that is due first.
    """
    targets = [step.target for step in service.steps.values()]
    pools = [step.pool for step in service.steps.values()]
    told = [_told(target) for target in (*targets, service.targets.target)]
    ends = horizon.day_starts_ms[1:]
    deadline = np.zeros((len(told), horizon.days), dtype=np.int64)
    for row, (target, pool) in enumerate(zip((*targets, service.targets.target), (*pools, None), strict=True)):
        if target is None or told[row] != BY_DAY:
            continue
        if target.is_working_time:
            name = pool if pool is not None else next(iter(service.pools), None)
            if name is None:
                continue
            opened = working_time(service, service.pools[name], horizon.first_day, horizon.first_day + horizon.days - 1)
            found = [opened.deadline_day(horizon.first_day + day, int(target.amount)) for day in range(horizon.days)]
            last = horizon.first_day + horizon.days - 1
            index = np.array([(last if day is None else day) - horizon.first_day for day in found])
        else:
            index = np.minimum(np.arange(horizon.days) + int(target.amount * _DAYS[target.unit]), horizon.days - 1)
        deadline[row] = ends[index]
    ms = np.array(told, dtype=np.int64)
    return {"target_ms": ms, "target_deadline": deadline, "due_ms": ms}


def _told(target: TargetWait | None) -> int:
    if target is None:
        return NONE
    return round(target.amount * _MS[target.unit]) if target.unit in _MS else BY_DAY
