"""How many people each pool needs to have been able to do what was done, and what cannot be told from records alone.

The draft counts the people at work on a day (`millpond.calibration.staffing`). People also do several visits at the
same time; capacity is then the visits under way together, at the level that is exceeded for at most a hundredth of the
time in which anybody was busy. A pool has the larger of the two.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millpond.calibration.fitting.history import History

EXCEEDED = 0.01


@dataclass(frozen=True)
class Together:
    """The visits under way together in a pool.

    Attributes:
        level: the number that is exceeded for at most a hundredth of the busy time.
        most: the most there ever were.
        visits: how many visits it rests on.
    """

    level: int
    most: int
    visits: int


def visits_together(
    log: History, pools: Mapping[str, Collection[str]], counted: npt.NDArray[np.bool_]
) -> dict[str, Together]:
    """How many visits were under way at the same time.

    Args:
        log: the visits.
        pools: the steps of each pool.
        counted: which visits count; of a session for several one does for all.

    Returns:
        Pool to what was seen; without pools at whose steps no visit took any time.
    """
    lasting = counted & log.has_started & log.has_ended & (log.ended_us > log.started_us)
    found = {}
    for pool, steps in pools.items():
        chosen = lasting & np.isin(log.step, list(steps))
        if not chosen.any():
            continue
        starts, ends = log.started_us[chosen], log.ended_us[chosen]
        at = np.concatenate((starts, ends))
        change = np.concatenate((np.ones(len(starts)), -np.ones(len(ends))))
        # At one instant those that end go before those that start.
        order = np.lexsort((change, at))
        level = np.cumsum(change[order])[:-1].astype(np.int64)
        time = np.diff(at[order])
        busy = np.bincount(np.maximum(level, 0), weights=time)[1:]
        above = busy.sum() - np.cumsum(busy)
        found[pool] = Together(int(np.argmax(above <= EXCEEDED * busy.sum())) + 1, int(level.max()), int(chosen.sum()))
    return found
