"""Which plans could be the best, after so many replications: the smallest set that can be told apart from the others.

Screening by paired t: plan i stays unless some plan j is better by more than chance would have it,

    mean(x[i]) - mean(x[j]) > t * s[i, j] / sqrt(n),

with s[i, j] the standard deviation of the n paired differences and t the 1 - a / (k - 1) point of Student's t with
n - 1 degrees of freedom (Bonferroni over the k - 1 comparisons with the best). The best is then among those that stay
with a probability of at least 1 - a, whatever the correlation that common random numbers bring (B. L. Nelson, J. Swann,
D. Goldsman and W. Song, Simple procedures for selecting the best simulated system when the number of alternatives is
large, Operations Research 49, 2001, section 3; paired as in their remark on common random numbers).

Where a promise has to be kept, half of a goes to it: a plan is out where the share of its replications that keep it is
too small by the exact binomial test at a / 2 / k, and only a plan that keeps it beyond doubt at that level can put
another out for its cost.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, stdtrit

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
MISTAKES = 0.05
"""How often, at most, the best may be missing from the set."""


def could_be_best(figures: Floats, *, mistakes: float = MISTAKES, judges: Truths | None = None) -> Truths:
    """The plans of which any could have the smallest mean.

    Args:
        figures: plans x replications, replication k under the same luck in each; smaller is better. A plan with a
            figure that is not a number stays: nothing is known against it.
        mistakes: the probability with which the best may be left out.
        judges: the plans that may put others out; default, all.

    Returns:
        For each plan whether it stays.
    """
    plans, replications = figures.shape
    if plans < 2 or replications < 2:
        return np.ones(plans, dtype=np.bool_)
    point = float(stdtrit(replications - 1, 1 - mistakes / (plans - 1)))
    stays = np.ones(plans, dtype=np.bool_)
    for better in range(plans) if judges is None else np.flatnonzero(judges):
        differences = figures - figures[better]
        spread = differences.std(axis=1, ddof=1) / math.sqrt(replications)
        worse = differences.mean(axis=1) > point * spread
        worse[better] = False
        stays &= ~worse
    return stays


def share_interval(count: int, of: int, mistakes: float) -> tuple[float, float]:
    """The exact interval of a share (C. J. Clopper and E. S. Pearson, Biometrika 26, 1934), each side at `mistakes`.

    Args:
        count: how many have the property.
        of: how many were looked at.
        mistakes: the probability with which each end, by itself, may be wrong.
    """
    low = 0.0 if count == 0 else float(betaincinv(count, of - count + 1, mistakes))
    high = 1.0 if count == of else float(betaincinv(count + 1, of - count, 1 - mistakes))
    return low, high


def could_keep_and_be_best(
    figures: Floats, kept: Truths, share: float, *, mistakes: float = MISTAKES
) -> tuple[Truths, Truths]:
    """The plans of which any could be the one with the smallest mean among those that keep a promise.

    Args:
        figures: plans x replications; smaller is better.
        kept: plans x replications: whether the promise was kept.
        share: the share of replications in which it has to be, from 0 to 1.
        mistakes: the probability with which the best may be left out.

    Returns:
        For each plan whether it stays, and whether it may keep the promise at all.
    """
    plans, replications = kept.shape
    ends = [share_interval(int(one.sum()), replications, mistakes / 2 / plans) for one in kept]
    may = np.array([high >= share for _, high in ends], dtype=np.bool_)
    surely = np.array([low >= share for low, _ in ends], dtype=np.bool_)
    return may & could_be_best(figures, mistakes=mistakes / 2, judges=surely), may
