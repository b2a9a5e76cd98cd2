"""Distributions fitted to lengths by maximum likelihood, lengths that are not over counting as at least so long.

    log L = sum over ended of log f(t)  +  sum over open of log S(t)

Families: exponential, gamma, lognormal and Weibull, each beginning at 0. Compared by AIC (H. Akaike, IEEE Transactions
on Automatic Control 19 (1974), pages 716-723): twice the number of parameters less twice the log likelihood. The
interval of the mean is normal on the log scale, from the curvature of the likelihood.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaincc, gammaincinv, gammaln, log_ndtr, ndtri

from millpond.variation.kaplan_meier import Lengths
from millpond.variation.series import Floats

LEAST_ENDED = 30
"""Lengths that are over below which nothing is fitted."""
_Z_95 = 1.959963984540054


@dataclass(frozen=True)
class Family:
    """A family of distributions with one or two parameters, on scales on which any number is allowed.

    Attributes:
        name: as in ``service.toml``.
        size: how many parameters it has.
        log_density, log_longer: of each length.
        quantile: the length below which a share lies.
        mean_and_sd: of the distribution.
        start: where to begin to look, from the mean and the standard deviation of what was seen.
    """

    name: str
    size: int
    log_density: Callable[[Floats, Floats], Floats]
    log_longer: Callable[[Floats, Floats], Floats]
    quantile: Callable[[float, Floats], float]
    mean_and_sd: Callable[[Floats], tuple[float, float]]
    start: Callable[[float, float], list[float]]


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fitted distribution.

    Attributes:
        family: which family.
        parameters: on the scales of the family.
        aic: Akaike's criterion; lower is better.
        mean, sd: in minutes.
        mean_low, mean_high: the 95% interval of the mean; none where the likelihood has no clear peak.
    """

    family: Family
    parameters: Floats
    aic: float
    mean: float
    sd: float
    mean_low: float | None
    mean_high: float | None

    def longer(self, minutes: Floats) -> Floats:
        """The share that lasts longer than each length."""
        return np.asarray(np.exp(self.family.log_longer(minutes, self.parameters)), dtype=np.float64)

    def quantile(self, share: float) -> float:
        """The length below which a share lies, in minutes."""
        return self.family.quantile(share, self.parameters)


def fit(lengths: Lengths, family: Family) -> Fitted:
    """Fit one family.

    Args:
        lengths: of which at least two different ones are over.
        family: one of `FAMILIES`.
    """
    ended, still_open = lengths.ended > 0, lengths.still_open > 0
    over, times_over = lengths.minutes[ended], lengths.ended[ended]
    open_, times_open = lengths.minutes[still_open], lengths.still_open[still_open]

    def loss(parameters: Floats) -> float:
        with np.errstate(all="ignore"):
            value = -float(times_over @ family.log_density(over, parameters))
            value -= float(times_open @ family.log_longer(open_, parameters)) if len(open_) else 0.0
        return value if math.isfinite(value) else 1e300

    mean = float(np.average(over, weights=times_over))
    sd = math.sqrt(float(np.average((over - mean) ** 2, weights=times_over))) or mean / 10
    exact = {"xatol": 1e-7, "fatol": 1e-9, "maxiter": 4000, "maxfev": 4000}
    found = minimize(loss, np.array(family.start(mean, sd)), method="Nelder-Mead", options=exact)
    best = np.asarray(found.x, dtype=np.float64)
    value, spread = family.mean_and_sd(best)
    doubt = _doubt_of_log_mean(loss, family, best)
    return Fitted(
        family=family,
        parameters=best,
        aic=2 * family.size + 2 * float(found.fun),
        mean=value,
        sd=spread,
        mean_low=None if doubt is None else value * math.exp(-_Z_95 * doubt),
        mean_high=None if doubt is None else value * math.exp(_Z_95 * doubt),
    )


def _doubt_of_log_mean(loss: Callable[[Floats], float], family: Family, best: Floats) -> float | None:
    """The standard error of the log of the mean, by the delta method; None where the curvature gives none."""
    size, step = len(best), 1e-4
    nudges = np.eye(size) * step
    curvature = np.zeros((size, size))
    for one in range(size):
        for other in range(size):
            ends = [
                loss(best + first * nudges[one] + second * nudges[other]) * first * second
                for first in (1, -1)
                for second in (1, -1)
            ]
            curvature[one, other] = sum(ends) / (4 * step**2)
    slope = np.array(
        [
            (math.log(family.mean_and_sd(best + nudge)[0]) - math.log(family.mean_and_sd(best - nudge)[0])) / (2 * step)
            for nudge in nudges
        ]
    )
    if not np.all(np.isfinite(curvature)) or np.any(np.linalg.eigvalsh(curvature) <= 0):
        return None
    return math.sqrt(float(slope @ np.linalg.solve(curvature, slope)))


def _exponential_density(t: Floats, p: Floats) -> Floats:
    return np.asarray(-p[0] - t / np.exp(p[0]))


def _exponential_longer(t: Floats, p: Floats) -> Floats:
    return np.asarray(-t / np.exp(p[0]))


def _gamma_density(t: Floats, p: Floats) -> Floats:
    shape, scale = np.exp(p)
    return np.asarray((shape - 1) * np.log(t) - t / scale - shape * p[1] - gammaln(shape))


def _gamma_longer(t: Floats, p: Floats) -> Floats:
    shape, scale = np.exp(p)
    return np.asarray(np.log(np.maximum(gammaincc(shape, t / scale), 1e-300)))


def _lognormal_density(t: Floats, p: Floats) -> Floats:
    z = (np.log(t) - p[0]) / np.exp(p[1])
    return np.asarray(-0.5 * z**2 - p[1] - np.log(t) - 0.5 * math.log(2 * math.pi))


def _lognormal_longer(t: Floats, p: Floats) -> Floats:
    return np.asarray(log_ndtr(-(np.log(t) - p[0]) / np.exp(p[1])))


def _weibull_density(t: Floats, p: Floats) -> Floats:
    shape = np.exp(p[0])
    logs = np.log(t) - p[1]
    return np.asarray(p[0] - p[1] + (shape - 1) * logs - np.exp(shape * logs))


def _weibull_longer(t: Floats, p: Floats) -> Floats:
    return np.asarray(-np.exp(np.exp(p[0]) * (np.log(t) - p[1])))


def _lognormal_moments(p: Floats) -> tuple[float, float]:
    squared = math.exp(2 * p[1])
    mean = math.exp(min(p[0] + squared / 2, 700.0))
    return mean, mean * math.sqrt(math.expm1(min(squared, 700.0)))


def _weibull_moments(p: Floats) -> tuple[float, float]:
    shape, scale = math.exp(p[0]), math.exp(p[1])
    first, second = (math.exp(min(math.lgamma(1 + k / shape), 350.0)) for k in (1, 2))
    return scale * first, scale * math.sqrt(max(second - first**2, 0.0))


EXPONENTIAL = Family(
    "exponential",
    1,
    _exponential_density,
    _exponential_longer,
    lambda share, p: -math.log1p(-share) * math.exp(p[0]),
    lambda p: (math.exp(p[0]), math.exp(p[0])),
    lambda mean, sd: [math.log(mean)],
)
GAMMA = Family(
    "gamma",
    2,
    _gamma_density,
    _gamma_longer,
    lambda share, p: float(gammaincinv(math.exp(p[0]), share)) * math.exp(p[1]),
    lambda p: (math.exp(p[0] + p[1]), math.exp(p[0] / 2 + p[1])),
    lambda mean, sd: [2 * math.log(mean / sd), 2 * math.log(sd) - math.log(mean)],
)
LOGNORMAL = Family(
    "lognormal",
    2,
    _lognormal_density,
    _lognormal_longer,
    lambda share, p: math.exp(p[0] + math.exp(p[1]) * float(ndtri(share))),
    _lognormal_moments,
    lambda mean, sd: [
        math.log(mean) - 0.5 * math.log1p((sd / mean) ** 2),
        0.5 * math.log(math.log1p((sd / mean) ** 2)),
    ],
)
WEIBULL = Family(
    "weibull",
    2,
    _weibull_density,
    _weibull_longer,
    lambda share, p: (-math.log1p(-share)) ** math.exp(-p[0]) * math.exp(p[1]),
    _weibull_moments,
    lambda mean, sd: [math.log(mean / sd), math.log(mean)],
)
FAMILIES = (EXPONENTIAL, GAMMA, LOGNORMAL, WEIBULL)
