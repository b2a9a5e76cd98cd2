"""When visits began to wait for our staff, as far as that is known: what orders, absence and queues are read from.

It is known where it was recorded; and where it was not, but where nothing delays cases on the way from the step before,
it is when the visit could have started.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from millpond.calibration.fitting.after import left_censored
from millpond.calibration.fitting.delays import Split
from millpond.calibration.fitting.history import UNKNOWN, History
from millpond.calibration.fitting.ways import Move

Ints = npt.NDArray[np.int64]
_NO_DELAY, _FEWEST = 1.0, 20


def known_joins(log: History, split: Split, moves: Mapping[str, Sequence[Move]]) -> Ints:
    """When each visit joined; `UNKNOWN` where that is not known.

    Args:
        log: the visits.
        split: the waiting before each.
        moves: the moves from each step.
    """
    free = {(name, to) for name, each in moves.items() for to in {move.to for move in each} if _is_free(each, to)}
    joined = log.joined_us.copy()
    for place in np.flatnonzero((joined == UNKNOWN) & split.follows).tolist():
        if (log.step[split.enabler[place]], log.step[place]) in free:
            joined[place] = split.enabled_us[place]
    return joined


def _is_free(moves: Sequence[Move], to: str) -> bool:
    """Whether nothing delays cases on a way."""
    on_it = [move for move in moves if move.to == to]
    if len(on_it) < _FEWEST:
        return False
    delays = left_censored(np.array([move.elapsed for move in on_it]), np.array([move.is_sure for move in on_it]))
    return bool(delays.mean() < _NO_DELAY)
