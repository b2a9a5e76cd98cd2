"""Backlog from day to day, where what is not done today waits for tomorrow: bounds, exact averages, and the recursion.

All work is in the same unit (minutes, say) a day. Days are taken as independent; where a busy day tends to follow a
busy day, every figure here but the recursion is too hopeful, and real days should be resampled in blocks instead.
This is a model of days, not a law of records: it takes every worker as able to do whatever waits.

Sources: J. F. C. Kingman, Inequalities in the theory of queues, Journal of the Royal Statistical Society B 32 (1970),
pages 102-110; D. V. Lindley, The theory of queues with a single server (1952), for the recursion; F. Spitzer, A
combinatorial lemma and its application to probability theory (1956), for the exact averages.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, sqrt

import numpy as np
import numpy.typing as npt
from scipy import special

from millpond.errors import WrongUse
from millpond.queueing.arguments import not_negative, positive, stable

MORE_CAPACITY = "Give more capacity than mean demand."
_MOST_DAYS = 10_000_000


@dataclass(frozen=True)
class CarriedOver:
    """The backlog at the end of a day, in the long run.

    Attributes:
        mean: its average, in the unit of demand.
        chance_of_any: the chance that anything at all is left over.
    """

    mean: float
    chance_of_any: float


def backlog_bound(mean_demand: float, sd_demand: float, capacity: float, sd_capacity: float = 0.0) -> float:
    """A bound that the average backlog carried over does not exceed: (var D + var C) / (2 (C - D)), after Kingman.

    For any distribution of independent days. The higher the load, the nearer the bound.

    Args:
        mean_demand, sd_demand: mean and standard deviation of the work that comes in a day.
        capacity, sd_capacity: mean and standard deviation of the work that can be done in a day.

    Returns:
        In the unit of demand.

    Raises:
        WrongUse: the capacity is not more than the mean demand, or an argument is negative.

    >>> backlog_bound(mean_demand=480, sd_demand=120, capacity=520)
    180.0
    """
    spare = _spare(mean_demand, sd_demand, capacity, sd_capacity)
    return (sd_demand**2 + sd_capacity**2) / (2 * spare)


def sufficient_capacity(mean_demand: float, sd_demand: float, backlog: float, sd_capacity: float = 0.0) -> float:
    """Daily capacity that keeps the average backlog carried over to at most so much: D + (var D + var C) / (2 B).

    It is enough, and not the least: it inverts a bound.

    Args:
        mean_demand, sd_demand: mean and standard deviation of the work that comes in a day.
        backlog: the average that is good enough, in the unit of demand.
        sd_capacity: standard deviation of the work that can be done in a day.

    Returns:
        In the unit of demand, a day.

    Raises:
        WrongUse: the backlog is not positive, or another argument is negative.

    >>> sufficient_capacity(mean_demand=480, sd_demand=120, backlog=180)
    520.0
    """
    not_negative("mean demand", mean_demand)
    not_negative("standard deviation of demand", sd_demand)
    not_negative("standard deviation of capacity", sd_capacity)
    positive("backlog", backlog)
    return mean_demand + (sd_demand**2 + sd_capacity**2) / (2 * backlog)


def backlog_exceeds_bound(
    backlog: float, mean_demand: float, sd_demand: float, capacity: float, sd_capacity: float = 0.0
) -> float:
    """A bound on the chance that a day ends with more than so much backlog: exp(-2 (C - D) x / variance).

    For independent normal days; the exponent is exact, so that for large backlogs the bound is too high by a constant
    factor only.

    Args:
        backlog: the amount, in the unit of demand.
        mean_demand, sd_demand: mean and standard deviation of the work that comes in a day.
        capacity, sd_capacity: mean and standard deviation of the work that can be done in a day.

    Raises:
        WrongUse: the capacity is not more than the mean demand, or an argument is negative.
    """
    not_negative("backlog", backlog)
    spare = _spare(mean_demand, sd_demand, capacity, sd_capacity)
    variance = sd_demand**2 + sd_capacity**2
    return exp(-2 * spare * backlog / variance) if variance else 0.0


def normal_days(mean_demand: float, sd_demand: float, capacity: float, sd_capacity: float = 0.0) -> CarriedOver:
    """The exact backlog of independent normal days, from Spitzer's identity.

    With S(n) the surplus of demand over n days, the mean is the sum over n of E[max(S(n), 0)] / n, and the chance that
    nothing is left is exp(-sum over n of P(S(n) > 0) / n). A normal demand may be negative; where that is likely, so
    that the mean is not several standard deviations, take the result with care.

    Args:
        mean_demand, sd_demand: mean and standard deviation of the work that comes in a day.
        capacity, sd_capacity: mean and standard deviation of the work that can be done in a day.

    Raises:
        WrongUse: the capacity is not more than the mean demand, or so little more that millions of days count; or an
            argument is negative.

    >>> exact = normal_days(mean_demand=480, sd_demand=120, capacity=520)
    >>> round(exact.mean, 1), round(exact.chance_of_any, 3)
    (119.5, 0.612)
    """
    spare = _spare(mean_demand, sd_demand, capacity, sd_capacity)
    spread = sqrt(sd_demand**2 + sd_capacity**2)
    drift = spare / spread if spread else inf
    # The n-th term dies away as exp(-drift^2 n / 2); after this many days it is less than exp(-36) of the first.
    days = 72 / drift**2
    if days > _MOST_DAYS:
        raise WrongUse(
            f"The capacity {capacity:g} is so little above the mean demand {mean_demand:g} that one day in "
            "thousands of years decides the average.\nGive more capacity, or use backlog_bound, which is near there."
        )
    count = np.arange(1.0, max(2.0, days) + 1)
    root = np.sqrt(count)
    above = special.ndtr(-drift * root)
    density = np.exp(-(drift**2) * count / 2) / sqrt(2 * np.pi)
    surplus = spread * root * density - spare * count * above
    return CarriedOver(
        mean=float((surplus / count).sum()),
        chance_of_any=float(-np.expm1(-(above / count).sum())),
    )


def backlog_recursion(
    demand: npt.ArrayLike, capacity: npt.ArrayLike, opening: npt.ArrayLike = 0.0
) -> npt.NDArray[np.float64]:
    """The backlog at the end of each day: B[t] = max(0, B[t-1] + D[t] - C[t]), for many replications at once.

    Args:
        demand: the work that comes, days along the last axis and replications, if any, along those before.
        capacity: the work that can be done, in the same unit; a number, one for each day, or the shape of demand.
        opening: the backlog before the first day; a number, or one for each replication.

    Returns:
        In the shape of demand and capacity together. Days on which all is done are exactly 0.

    Raises:
        WrongUse: an opening backlog is negative, there are no days, or the shapes do not fit.

    >>> backlog_recursion([720, 720, 0, 0, 0, 0], 480, opening=1200).tolist()
    [1440.0, 1680.0, 1200.0, 720.0, 240.0, 0.0]
    """
    start = np.asarray(opening, dtype=float)[..., np.newaxis]
    try:
        change = np.atleast_1d(np.asarray(demand, dtype=float) - np.asarray(capacity, dtype=float))
        shape = np.broadcast_shapes(change.shape, (*start.shape[:-1], 1))
    except ValueError as fault:
        raise WrongUse(
            f"Demand, capacity and opening backlog do not fit together: {fault}.\n"
            "Give demand as replications x days, and the others as numbers or in shapes that match it."
        ) from fault
    if change.size == 0:
        raise WrongUse("There are no days.\nGive the demand of at least one day.")
    if not np.all(start >= 0):
        raise WrongUse("An opening backlog is negative.\nGive 0 or more.")
    # Lindley's recursion, unrolled: the running total, held up from its lowest point below 0 so far. One pass of
    # array operations instead of a loop over the days.
    total: npt.NDArray[np.float64] = start + np.cumsum(np.broadcast_to(change, shape), axis=-1)
    lowest: npt.NDArray[np.float64] = np.minimum.accumulate(total, axis=-1)
    return total - np.minimum(lowest, 0.0)


def _spare(mean_demand: float, sd_demand: float, capacity: float, sd_capacity: float) -> float:
    """Mean capacity less mean demand, where that is more than 0."""
    not_negative("mean demand", mean_demand)
    not_negative("standard deviation of demand", sd_demand)
    positive("capacity", capacity)
    not_negative("standard deviation of capacity", sd_capacity)
    stable(mean_demand / capacity, MORE_CAPACITY)
    return capacity - mean_demand
