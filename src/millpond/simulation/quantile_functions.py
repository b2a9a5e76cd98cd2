"""The lengths that a distribution of work stays below, or above, with a given probability: its quantile functions.

Each distribution has two, one counted from either end, so that neither end loses digits to "1 minus nearly 1". What
is made of them is not decided here.

Source: SciPy's inverses of the incomplete gamma function and of the normal distribution; the others in closed form.
Above a shape of 10,000 the gamma distribution takes its Cornish-Fisher expansion about the normal one, to the sixth
term (Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1, 1994, chapter 17).
The Weibull shape that has a given standard deviation is a root of the logarithm of E[X^2] / E[X]^2, for which see
chapter 21 of the same book.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import gammainccinv, gammaincinv, gammaln, ndtri, zeta

from millpond.model import distributions as family

Floats = NDArray[np.float64]
Quantile = Callable[[Floats], Floats]

MS_PER_MINUTE = 60_000
_LEAST_CV, _GREATEST_CV = 1e-7, 1e7
# Above this shape SciPy's inverse is five times as slow, and further up it loses half its digits.
_STEADY = 1e4


def quantile_functions(minutes: family.Distribution) -> tuple[Quantile, Quantile]:
    """The two quantile functions of a continuous distribution of minutes.

    Args:
        minutes: the distribution. A standard deviation below 1e-7 or above 1e7 times the mean counts as that: steadier
            work is steadier than whole milliseconds show, and wilder work is 0 all but always.

    Returns:
        Two functions of probabilities above 0, each to be asked up to one half: the milliseconds that work is below
        with this probability, and those that it is above with this probability.

    Raises:
        TypeError: the distribution has no quantile function here.
    """
    match minutes:
        case family.Exponential():
            return _weibull(1.0, minutes.mean)
        case family.Weibull():
            inverse_shape = _weibull_inverse_shape(_cv(minutes.mean, minutes.sd))
            return _weibull(inverse_shape, minutes.mean / np.exp(gammaln(1 + inverse_shape)))
        case family.WeibullShape():
            return _weibull(1 / minutes.shape, minutes.scale)
        case family.Gamma():
            shape = _cv(minutes.mean, minutes.sd) ** -2
            ms = minutes.mean / shape * MS_PER_MINUTE
            if shape > _STEADY:
                return lambda p: ms * _steady_gamma(shape, ndtri(p)), lambda s: ms * _steady_gamma(shape, -ndtri(s))
            return lambda p: ms * gammaincinv(shape, p), lambda s: ms * gammainccinv(shape, s)
        case family.LogNormal():
            spread = np.log1p(_cv(minutes.mean, minutes.sd) ** 2)
            centre, sigma = np.log(minutes.mean * MS_PER_MINUTE) - spread / 2, np.sqrt(spread)
            return lambda p: np.exp(centre + sigma * ndtri(p)), lambda s: np.exp(centre - sigma * ndtri(s))
        case family.Uniform():
            low, high = minutes.low * MS_PER_MINUTE, minutes.high * MS_PER_MINUTE
            return lambda p: low + (high - low) * p, lambda s: high - (high - low) * s
        case family.Triangular():
            return partial(_triangular, minutes), lambda s: _triangular(minutes, s, from_above=True)
    raise TypeError(
        f"A distribution of the type {type(minutes).__name__} cannot be drawn from: it has no quantile function.\n"
        "Use one of the distributions in millpond.model.distributions, or add its quantile function here."
    )


def _cv(mean: float, sd: float) -> float:
    """The coefficient of variation, within what a table can hold."""
    if sd >= mean * _GREATEST_CV:
        return _GREATEST_CV
    return max(sd / mean, _LEAST_CV)


def _steady_gamma(shape: float, z: Floats) -> Floats:
    """The quantile of a gamma distribution of a great shape where the standard normal one is z, in units of scale."""
    root = np.sqrt(shape)
    series = root * z + (z**2 - 1) / 3 + (z**3 - 7 * z) / (36 * root) - (3 * z**4 + 7 * z**2 - 16) / (810 * shape)
    lengths = shape + series + (9 * z**5 + 256 * z**3 - 433 * z) / (38_880 * shape * root)
    return np.asarray(lengths)


def _weibull(inverse_shape: float, scale: float) -> tuple[Quantile, Quantile]:
    ms = scale * MS_PER_MINUTE
    return lambda p: ms * (-np.log1p(-p)) ** inverse_shape, lambda s: ms * (-np.log(s)) ** inverse_shape


def _weibull_inverse_shape(cv: float) -> float:
    """One over the shape of the Weibull distribution with this coefficient of variation."""
    order = np.arange(2, 26)
    terms = zeta(order) * (2.0**order - 2) / order

    def excess(x: float) -> float:
        # Near 0 the logarithms of the gamma function cancel, and their Taylor series does not.
        log_ratio = gammaln(1 + 2 * x) - 2 * gammaln(1 + x) if x > 0.05 else terms @ (-x) ** order
        return float(log_ratio - np.log1p(cv**2))

    return float(brentq(excess, 0.0, 50.0, xtol=1e-22, rtol=1e-15, maxiter=500))


def _triangular(minutes: family.Triangular, probability: Floats, from_above: bool = False) -> Floats:
    """The quantile at these probabilities, in milliseconds, counted from below or from above."""
    low, mode, high = (edge * MS_PER_MINUTE for edge in (minutes.low, minutes.mode, minutes.high))
    below = 1 - probability if from_above else probability
    above = probability if from_above else 1 - probability
    rising = low + np.sqrt(below * (high - low) * (mode - low))
    falling = high - np.sqrt(above * (high - low) * (high - mode))
    return np.where(below * (high - low) < mode - low, rising, falling)
