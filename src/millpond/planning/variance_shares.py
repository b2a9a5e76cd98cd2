"""How much of what is unsure about the result of a function comes from each of its inputs (Sobol indices).

Where each input may be anywhere in its range, the result varies. The first-order share of an input is the part of that
variance that would go if the input were known exactly; its total share is what would be left if all the others were
known. Shares of groups of inputs are had in the same way. Nothing is known here of services.

Of a result that is a mean over replications, the variance of the expected result is shared out: from the square of each
paired difference its squared standard error is taken off, so that luck is no input's share.

Sources: I. M. Sobol', Mathematics and Computers in Simulation 55 (2001), pages 271-280 (the shares, and groups);
A. Saltelli, P. Annoni, I. Azzini, F. Campolongo, M. Ratto and S. Tarantola, Variance based sensitivity analysis of
model output, Computer Physics Communications 181 (2010), pages 259-270 (the design, and the estimator of the first
order in its table 2 (b)); M. J. W. Jansen, Analysis of variance designs for model output, Computer Physics
Communications 117 (1999), pages 35-43 (the total, and the variance).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millpond.planning.elementary_effects import Model, squared_error
from millpond.planning.paired import ratio_of
from millpond.simulation.intervals import Estimate

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class VarianceShare:
    """The share of one input, or of a group of them, in the variance of the result.

    Attributes:
        first: of the variance, what would go if it were known: S1. An estimate may be a little below 0.
        total: of the variance, what would stay if all others were known: ST; larger than `first` where it interacts.
    """

    first: Estimate
    total: Estimate


def variance_shares(
    model: Model,
    groups: Sequence[Sequence[int]],
    rows: int,
    *,
    seed: int = 1,
    told: Callable[[float], None] | None = None,
) -> tuple[VarianceShare, ...] | None:
    """The shares of groups of inputs in the variance of a function whose inputs are uniform from 0 to 1.

    Args:
        model: the function.
        groups: for each group the places of its inputs; every input is in one.
        rows: how many random places, at least 2; each asks the function groups + 2 times.
        seed: of the random places.
        told: is told the share that is done.

    Returns:
        One for each group; None where these rows do not show that the result varies beyond luck, so that there is
        nothing to share out. Each share is a ratio of two means over the rows, which are independent, with Fieller's
        95% interval.
    """
    random = np.random.default_rng(seed)
    inputs = sum(len(group) for group in groups)
    collected = []
    for row in range(rows):
        ends = random.random((2, inputs))
        points = np.concatenate([ends, np.repeat(ends[:1], len(groups), axis=0)])
        for place, group in enumerate(groups):
            points[2 + place, list(group)] = ends[1, list(group)]
        collected.append(np.asarray(model(points, row), dtype=np.float64))
        if told is not None:
            told((row + 1) / rows)
    results = np.array(collected)
    # Products of results are known the more exactly the nearer their level is to nothing.
    results -= results[:, :2].mean()
    one, other, mixed = results[:, 0], results[:, 1], results[:, 2:]
    variance = _half_square(one - other)
    found = []
    for place in range(len(groups)):
        moved = mixed[:, place] - one
        gained = other.mean(axis=1) * moved.mean(axis=1) - _shared_error(other, moved)
        first, total = ratio_of(gained, variance), ratio_of(_half_square(moved), variance)
        if first is None or total is None:
            return None
        found.append(VarianceShare(first, total))
    return tuple(found)


def _half_square(difference: Floats) -> Floats:
    """Half the squared expected difference of each row, without the part that is luck.

    Args:
        difference: rows x replications.
    """
    return np.asarray((difference.mean(axis=1) ** 2 - squared_error(difference)) / 2)


def _shared_error(one: Floats, other: Floats) -> Floats:
    """The covariance of two means over the same replications, for each row; nothing of single values."""
    number = one.shape[1]
    if number < 2:
        return np.zeros(len(one))
    centred = (one - one.mean(axis=1, keepdims=True)) * (other - other.mean(axis=1, keepdims=True))
    return np.asarray(centred.sum(axis=1) / (number - 1) / number)
