"""Poisson regression with a log link, whose counts may scatter more than chance.

Fitted by iteratively reweighted least squares (P. McCullagh and J. A. Nelder, Generalized Linear Models, 2nd edition,
1989, section 2.5).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from millpond.variation.series import Floats, Whole

_MOST_STEPS = 100


@dataclass(frozen=True, eq=False)
class QuasiPoisson:
    """A fit.

    Attributes:
        effects: one for each column of the design, on the log scale.
        unscaled: their covariance if counts scattered by pure chance; to be multiplied by a scatter.
        counts: what was fitted.
        mean: the fitted mean of each count.
        scatter: the variance over the mean, at least 1: counts that scatter less than chance are luck.
        freedom: degrees of freedom that are left.
    """

    effects: Floats
    unscaled: Floats
    counts: Floats
    mean: Floats
    scatter: float
    freedom: int


def quasi_poisson(counts: Whole, design: Floats) -> QuasiPoisson:
    """Fit counts by the columns of a design, which are linearly independent.

    Args:
        counts: whole numbers, not negative.
        design: one row for each count, one column for each effect.
    """
    y = counts.astype(np.float64)
    mean = y + max(float(y.mean()), 0.1)
    deviance = np.inf
    for _ in range(_MOST_STEPS):
        working = np.log(mean) + (y - mean) / mean
        information = design.T @ (design * mean[:, None])
        effects = np.linalg.solve(information, design.T @ (mean * working))
        mean = np.exp(np.clip(design @ effects, -30, 30))
        logs = np.log(np.where(y > 0, y, 1.0) / mean)
        before, deviance = deviance, float(2 * np.sum(np.where(y > 0, y * logs, 0.0) - (y - mean)))
        if abs(before - deviance) < 1e-10 * (abs(deviance) + 0.1):
            break
    freedom = len(y) - design.shape[1]
    scatter = float(np.sum((y - mean) ** 2 / mean) / freedom)
    unscaled = np.linalg.inv(design.T @ (design * mean[:, None]))
    return QuasiPoisson(np.asarray(effects, float), np.asarray(unscaled, float), y, mean, max(scatter, 1.0), freedom)
