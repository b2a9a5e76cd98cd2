"""Counts over time: a negative-binomial regression whose level may drift.

    y[t] ~ negative binomial with mean mu[t] and variance mu[t] + alpha mu[t]^2
    log mu[t] = offset[t] + x[t] . b + u[k(t)],    u[k] = u[k-1] + sigma e[k],  e ~ N(0, 1)

where k(t) is the stretch (a week, or a month) in which t lies. The coefficients b have weak normal priors, so that an
effect of which the history says little is nearly nothing, with its doubt. How much counts scatter (`alpha`) and how
fast the level drifts (`sigma`) are not plugged in as if they were known: the fit is made on a grid of both, and each
point of it weighs as much as its marginal likelihood (Laplace's approximation; H. Rue, S. Martino and N. Chopin,
Journal of the Royal Statistical Society B 71 (2009), pages 319-392) times its prior. Both priors are exponential in
`sigma` and in the square root of `alpha` (D. Simpson and others, Statistical Science 32 (2017), pages 1-28).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve
from scipy.special import gammaln

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_MOST_STEPS = 60
_CLOSE = 1e-8
_SIGMAS = (0.01, 0.05, 0.12, 0.22, 0.36, 0.6, 1.1)
_SCATTERS = (0.005, 0.03, 0.07, 0.13, 0.22, 0.36, 0.6, 1.1)
"""The grid, in shares of what is usual."""
_LEAST_WEIGHT = 1e-4
"""Points of the grid that weigh less than this are left out of forecasts."""


@dataclass(frozen=True, eq=False)
class Point:
    """The fit for one overdispersion and one drift.

    Attributes:
        alpha: the overdispersion: variance = mean + alpha mean^2.
        sigma: standard deviation of the step of the log level from one stretch to the next.
        weight: how much the data speak for this pair; the weights of a fit add up to 1.
        mean: the coefficients, then the log level of each stretch.
        covariance: of these.
    """

    alpha: float
    sigma: float
    weight: float
    mean: Floats
    covariance: Floats


@dataclass(frozen=True, eq=False)
class LevelFit:
    """A fitted model: one `Point` for each pair of overdispersion and drift that the data do not rule out.

    Attributes:
        points: the fits.
        effects: how many coefficients there are before the levels.
    """

    points: tuple[Point, ...]
    effects: int

    def paths(
        self, ahead: Floats, offset: Floats, stretches: Whole, number: int, random: np.random.Generator
    ) -> tuple[Floats, Floats]:
        """Means that may come, with the doubt of all that was fitted.

        Args:
            ahead: design of the coming times, one row each.
            offset: log of their exposure.
            stretches: of each, how many stretches after the last one fitted it lies; ascending.
            number: how many paths, at least one for each point.
            random: where the draws come from.

        Returns:
            The mean of each path at each time, and the overdispersion of each path.
        """
        shares = np.cumsum([point.weight for point in self.points]) * number
        bounds = np.concatenate(([0], np.round(shares))).astype(np.int64)
        means, alphas = [], []
        steps = int(stretches[-1]) if len(stretches) else 0
        for point, first, last in zip(self.points, bounds[:-1], bounds[1:], strict=True):
            times = int(last - first)
            if not times:
                continue
            wanted = np.r_[np.arange(self.effects), len(point.mean) - 1]
            covariance = point.covariance[np.ix_(wanted, wanted)]
            root = np.linalg.cholesky(covariance + 1e-12 * np.eye(len(wanted)))
            drawn = point.mean[wanted] + random.standard_normal((times, len(wanted))) @ root.T
            drift = np.zeros((times, steps + 1))
            drift[:, 1:] = np.cumsum(random.standard_normal((times, steps)), axis=1) * point.sigma
            log_mean = drawn[:, :-1] @ ahead.T + drawn[:, -1:] + drift[:, stretches] + offset
            means.append(np.exp(np.clip(log_mean, -30, 30)))
            alphas.append(np.full(times, point.alpha))
        return np.concatenate(means), np.concatenate(alphas)


def fit_level(
    counts: Whole,
    design: Floats,
    prior_sd: Floats,
    stretches: Whole,
    *,
    offset: Floats | None = None,
    usual_drift: float = 0.1,
    usual_scatter: float = 1.0,
) -> LevelFit:
    """Fit the model to counts.

    Args:
        counts: one for each time, in order of time.
        design: one row for each time, one column for each effect; no constant.
        prior_sd: how large each effect may well be, on the log scale.
        stretches: the stretch of each time: 0, 1, 2, ..., ascending, none left out.
        offset: log of the exposure of each time; left out, all alike.
        usual_drift: a step of the log level that only 5 in 100 services exceed.
        usual_scatter: a standard deviation from day to day, over what chance alone gives and as a share of the mean,
            that only 5 in 100 services exceed.
    """
    y = counts.astype(np.float64)
    exposure = np.zeros(len(y)) if offset is None else offset
    rates = (math.log(20) / usual_drift, math.log(20) / usual_scatter)
    sigmas = usual_drift * np.array(_SIGMAS)
    scatters = usual_scatter * np.array(_SCATTERS)
    found = []
    start = None
    for sigma, width in zip(sigmas, _widths(sigmas), strict=True):
        along = start
        for scatter, breadth in zip(scatters, _widths(scatters), strict=True):
            mean, precision, evidence = _mode(y, design, prior_sd, stretches, exposure, scatter**2, sigma, along)
            along = mean
            start = mean if start is None else start
            prior = -rates[0] * sigma - rates[1] * scatter + math.log(width * breadth)
            found.append((evidence + prior, scatter**2, sigma, mean, precision))
    most = max(each[0] for each in found)
    weights = np.exp(np.array([each[0] for each in found]) - most)
    weights /= weights.sum()
    kept = [(weight, *each[1:]) for weight, each in zip(weights, found, strict=True) if weight >= _LEAST_WEIGHT]
    total = sum(each[0] for each in kept)
    points = tuple(
        Point(
            alpha,
            float(sigma),
            float(weight / total),
            mean,
            cho_solve(cho_factor(precision, check_finite=False), np.eye(len(mean))),
        )
        for weight, alpha, sigma, mean, precision in kept
    )
    return LevelFit(points, design.shape[1])


def _widths(grid: Floats) -> Floats:
    """The width of the cell of each point of a grid, so that an uneven grid is no prior of its own."""
    edges = np.concatenate(([0.0], (grid[1:] + grid[:-1]) / 2, [grid[-1] * 1.25]))
    return np.diff(edges)


def _mode(
    y: Floats,
    design: Floats,
    prior_sd: Floats,
    stretches: Whole,
    offset: Floats,
    alpha: float,
    sigma: float,
    start: Floats | None,
) -> tuple[Floats, Floats, float]:
    """The most likely coefficients and levels, the precision about them, and the log marginal likelihood."""
    effects, levels = design.shape[1], int(stretches[-1]) + 1
    size = effects + levels
    prior = np.zeros((size, size))
    prior[np.arange(effects), np.arange(effects)] = prior_sd**-2.0
    inner = np.arange(effects, size)
    prior[inner[1:], inner[1:]] += sigma**-2
    prior[inner[:-1], inner[:-1]] += sigma**-2
    prior[inner[1:], inner[:-1]] -= sigma**-2
    prior[inner[:-1], inner[1:]] -= sigma**-2
    # The level itself is known to within some orders of magnitude before anything is seen.
    centre = math.log(max(y.sum(), 0.5) / np.exp(offset).sum())
    prior[effects, effects] += 1 / 9
    pull = np.zeros(size)
    pull[effects] = centre / 9
    theta = start.copy() if start is not None else np.r_[np.zeros(effects), np.full(levels, centre)]

    def log_mean(at: Floats) -> Floats:
        return np.asarray(np.clip(offset + design @ at[:effects] + at[effects + stretches], -30, 30))

    def value(at: Floats, eta: Floats) -> float:
        mu = np.exp(eta)
        fit = float(np.sum(y * (eta - np.log1p(alpha * mu)) - np.log1p(alpha * mu) / alpha))
        return fit - 0.5 * float(at @ prior @ at) + float(pull @ at)

    eta = log_mean(theta)
    now = value(theta, eta)
    for _ in range(_MOST_STEPS):
        mu = np.exp(eta)
        slope = (y - mu) / (1 + alpha * mu)
        gradient = np.r_[design.T @ slope, np.bincount(stretches, slope, levels)] - prior @ theta + pull
        step = cho_solve(cho_factor(_information(design, stretches, levels, mu / (1 + alpha * mu)) + prior), gradient)
        gain = float(gradient @ step)
        if gain < _CLOSE:
            break
        share = 1.0
        while share > 1e-6:
            there = theta + share * step
            eta_there = log_mean(there)
            then = value(there, eta_there)
            if then >= now:
                break
            share /= 2
        theta, eta, now = there, eta_there, then
    mu = np.exp(eta)
    observed = mu * (1 + alpha * y) / (1 + alpha * mu) ** 2
    precision = _information(design, stretches, levels, observed) + prior
    factor = cho_factor(precision, check_finite=False)
    constant = float(np.sum(gammaln(y + 1 / alpha) - gammaln(1 / alpha) - gammaln(y + 1) + y * math.log(alpha)))
    evidence = now + constant - (levels - 1) * math.log(sigma) - float(np.sum(np.log(np.diag(factor[0]))))
    return theta, precision, evidence


def _information(design: Floats, stretches: Whole, levels: int, weight: Floats) -> Floats:
    """The information of the data about coefficients and levels."""
    effects = design.shape[1]
    info = np.zeros((effects + levels, effects + levels))
    weighted = design * weight[:, None]
    info[:effects, :effects] = design.T @ weighted
    for column in range(effects):
        across = np.bincount(stretches, weighted[:, column], levels)
        info[column, effects:] = across
        info[effects:, column] = across
    diagonal = np.arange(effects, effects + levels)
    info[diagonal, diagonal] = np.bincount(stretches, weight, levels)
    return info
