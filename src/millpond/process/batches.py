"""Visits that were kept until several had come together, and were then done in one go.

A batch is two or more visits at one step that one worker began at the same instant, or three or more that one worker
began one straight after the other (within a minute of the end of the one before). In either case each of them could
have been begun earlier: there was a moment before the batch at which it was ready and the worker free.
"""

from __future__ import annotations

import numpy as np

from millpond.periods import MICROSECONDS_A_MINUTE
from millpond.process.events import UNKNOWN, Events
from millpond.process.grouped import Bools, Ints

TOGETHER = 2
IN_A_ROW = 3


def batch_starts(events: Events, taken: Ints, could_begin: Bools, from_us: Ints) -> Ints:
    """When the batch of each visit was begun; `UNKNOWN` for visits that belong to none.

    Args:
        events: all visits.
        taken: the places of those that some workers began, by worker and start.
        could_begin: whether there was a moment at which each of them could have been begun before it was.
        from_us: the first such moment.
    """
    found = np.full(len(taken), UNKNOWN, dtype=np.int64)
    if not could_begin.any():
        return found
    worker, step, started = events.worker[taken], events.step[taken], events.started[taken]
    alike = np.append(False, (worker[1:] == worker[:-1]) & (step[1:] == step[:-1]))
    at_once = alike & np.append(False, started[1:] == started[:-1])
    ended = events.ended[taken]
    ended = np.where(ended == UNKNOWN, started, ended)
    gap = np.append(0, started[1:] - ended[:-1])
    in_a_row = alike & ~at_once & (gap >= 0) & (gap <= MICROSECONDS_A_MINUTE)
    for goes_on, least in ((at_once, TOGETHER), (at_once | in_a_row, IN_A_ROW)):
        run = np.cumsum(~goes_on) - 1
        begins = started[np.flatnonzero(~goes_on)][run]
        member = could_begin & (from_us < begins)
        enough = np.bincount(run, weights=member)[run] >= least
        chosen = member & enough & (found == UNKNOWN)
        found[chosen] = begins[chosen]
    return found
