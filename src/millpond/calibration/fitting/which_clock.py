"""Whether a delay passes by the clock or in the opening hours of the next step's staff.

A letter that takes a week by the clock may come at night and is then begun as the doors open, with whatever else came;
a delay that passes in opening hours ends within them. Both are held against what is known of each delay: its length
where it was recorded or the staff were idle when it was over, else between what it was at least and at most. The
likelier one is taken; where neither is clearly so, opening hours, as on the records of real services.

Lengths are taken to be exponential, gamma or log-normal, whichever is likeliest, with the moments of their middles.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import stats

from millpond.calibration.fitting.ways import Move

Floats = npt.NDArray[np.float64]

FEWEST = 20
_CLEARLY = 3.0
"""By so much the logarithm of the likelihood has to be larger: twenty times as likely."""
_LEAST = 1.0
_HARDLY = 1e-7
"""What cannot be is written down now and then: somebody who stayed late."""


def is_by_the_clock(moves: Sequence[Move]) -> bool:
    """Whether the delays of some moves are clearly likelier to pass by the clock than in opening hours."""
    if len(moves) < FEWEST:
        return False
    elapsed = _likelihood(*_bounds([(move.elapsed_from, move.elapsed_to) for move in moves]))
    working = _likelihood(*_bounds([(move.working_from, move.working_to) for move in moves]))
    return elapsed > working + _CLEARLY


def _bounds(pairs: list[tuple[float, float]]) -> tuple[Floats, Floats]:
    both = np.array(pairs, dtype=np.float64)
    return both[:, 0], both[:, 1]


def _likelihood(least: Floats, most: Floats) -> float:
    """The logarithm of the likelihood of lengths between bounds, of the likeliest family."""
    # Within a minute nothing is told apart: a length that is known is known to the minute.
    most = np.maximum(most, least) + _LEAST
    middle = (least + most)[np.isfinite(most)] / 2
    if not len(middle):
        return -math.inf
    mean, logs = float(middle.mean()), np.log(middle)
    spread = max(float(middle.var()), _LEAST)
    families = (
        stats.expon(scale=mean),
        stats.gamma(mean**2 / spread, scale=spread / mean),
        stats.lognorm(max(float(logs.std()), 0.01), scale=math.exp(float(logs.mean()))),
    )
    return max(float(np.log(np.maximum(each.cdf(most) - each.cdf(least), _HARDLY)).sum()) for each in families)
