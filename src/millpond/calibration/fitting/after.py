"""How long cases take from one step to the next while nobody of ours works on them: the delays of `service.toml`.

Where the worker who did the next visit came straight from another one, only the most that the delay can have been is
known. Such left-censored lengths are weighed in by the product-limit estimate on reversed time (Turnbull, 1974), so
that waiting which our own staff explain is not counted once as a delay and again as a queue.

A delay is counted in the opening hours of the next step's staff where those close at all, and by the clock where they
do not, where hardly any is longer than half an hour, where it is a timer, or where that is clearly likelier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millpond.calibration.fitting.lengths import MOST_VALUES, Lengths, lengths_of
from millpond.calibration.fitting.ways import Move
from millpond.calibration.fitting.which_clock import is_by_the_clock
from millpond.model import Delay

Floats = npt.NDArray[np.float64]

SHORT, FEW = 30.0, 0.05
_NO_DELAY = 1.0
"""A mean delay below this many minutes is none."""


@dataclass(frozen=True)
class After:
    """The delay on one way.

    Attributes:
        delay: as a step takes it.
        lengths: what it rests on.
        censored: how many of them are limited only.
    """

    delay: Delay
    lengths: Lengths
    censored: int


def after_of(moves: Sequence[Move], *, closes: bool, is_timer: bool) -> After | None:
    """The delay on a way, from the moves on it; None where there is none.

    Args:
        moves: all to one step, one or more.
        closes: whether the staff of that step have closed hours.
        is_timer: whether a fixed time passes there.
    """
    elapsed = np.array([move.elapsed for move in moves])
    working = np.array([move.working for move in moves])
    is_sure = np.array([move.is_sure for move in moves])
    in_hours = closes and not is_timer and float((elapsed > SHORT).mean()) > FEW and not is_by_the_clock(moves)
    minutes = left_censored(working if in_hours else elapsed, is_sure)
    if minutes.mean() < _NO_DELAY:
        return None
    lengths = lengths_of(minutes, families=False)
    delay = Delay(minutes=lengths.minutes, time="working" if in_hours else "elapsed")
    return After(delay, lengths, int((~is_sure).sum()))


def left_censored(lengths: Floats, is_known: npt.NDArray[np.bool_]) -> Floats:
    """Equally likely values of a length of which some are only known not to be longer.

    Args:
        lengths: known lengths, and the most that the others can be.
        is_known: which are known.

    Returns:
        The known lengths where all are; else quantiles of the product-limit estimate, nothing where none is known.
    """
    if is_known.all():
        return lengths
    known = np.unique(lengths[is_known])[::-1]
    below, reached = 1.0, []
    for value in known:
        at_risk = float((lengths <= value).sum())
        died = float((lengths[is_known] == value).sum())
        reached.append((value, below))
        below *= 1 - died / at_risk
    # From the longest down: the share of lengths up to each value; what is left below the shortest is nothing.
    values = np.array([0.0, *[value for value, _ in reversed(reached)]])
    shares = np.array([below, *[share for _, share in reversed(reached)]])
    count = min(len(lengths), MOST_VALUES)
    at = (np.arange(count) + 0.5) / count
    return values[np.minimum(np.searchsorted(shares, at, side="left"), len(values) - 1)]
