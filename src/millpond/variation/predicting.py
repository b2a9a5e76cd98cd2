"""What may come after a series of counts: a fit, and paths drawn from it with all its doubt.

The method is told in `millpond.variation.level_model`; which terms explain the counts, in `millpond.variation.series`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import betainc

from millpond.variation.level_model import Floats, Whole, fit_level
from millpond.variation.series import Series, stretches, stretches_ahead, terms

LONGEST = {"day": 156 * 7, "month": 120}
"""Counts older than this tell little of the coming ones, and are left out of a fit."""
_USUAL_DRIFT = 0.1
"""A step of the level, from one week or month to the next, that 5 in 100 services exceed."""
_USUAL_SCATTER = {"day": 0.5, "month": 0.2}
"""Scatter beyond pure chance, as a share of the mean, that 5 in 100 services exceed."""


@dataclass(frozen=True, eq=False)
class Predicted:
    """Paths that the coming counts may take, each as likely as the next.

    Attributes:
        means: what each path expects; shape (paths, times).
        scatter: of each path, the overdispersion: variance = mean + scatter mean^2.
        counts: drawn; shape (paths, times).
    """

    means: Floats
    scatter: Floats
    counts: Whole

    def chance_of_at_most(self, place: int, count: int) -> float:
        """The chance that the count of one time is no larger than this."""
        if count < 0:
            return 0.0
        size = 1 / self.scatter
        return float(np.mean(betainc(size, count + 1.0, size / (size + self.means[:, place]))))


def predict(series: Series, horizon: int, *, paths: int = 4000, seed: int = 1) -> Predicted:
    """Fit a series and draw what may come after it.

    Args:
        series: the history.
        horizon: how many days or months ahead.
        paths: how many paths.
        seed: of the draws: the same seed gives the same paths.
    """
    whole = len(series)
    recent = latest(series)
    past, ahead = terms(recent, 0, len(recent)), terms(recent, len(recent), len(recent) + horizon)
    fit = fit_level(
        recent.counts,
        past.design,
        past.prior_sd,
        stretches(recent),
        offset=past.offset,
        usual_drift=_USUAL_DRIFT,
        usual_scatter=_USUAL_SCATTER[series.by],
    )
    random = np.random.Generator(np.random.PCG64([seed, whole]))
    means, scatter = fit.paths(ahead.design, ahead.offset, stretches_ahead(recent, horizon), paths, random)
    drawn = random.negative_binomial(1 / scatter[:, None], 1 / (1 + scatter[:, None] * means))
    return Predicted(means, scatter, drawn)


def latest(series: Series) -> Series:
    """The part of a series that a fit rests on."""
    extra = len(series) - LONGEST[series.by]
    if extra <= 0:
        return series
    return replace(series, first=series.dates(extra, extra + 1)[0], counts=series.counts[extra:])
