"""The best-supported distribution of lengths: of work, and of delays.

Whole families are tried by maximum likelihood and compared by AIC; the best one is taken where the lengths agree with
it (Kolmogorov-Smirnov distance below 1.36 over the root of their number, its 5% point). Else, and where one length in
twenty is nothing, the lengths that were seen are the distribution, as their quantiles.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from millpond.model.distributions import Empirical, Exponential, Gamma, LogNormal, Weibull

Floats = npt.NDArray[np.float64]
Family = Exponential | Gamma | LogNormal | Weibull
Minutes = float | Family | Empirical

FEWEST_FOR_A_FAMILY = 20
MOST_VALUES = 200
"""So many quantiles stand for lengths that follow no family."""
_NOTHING, _OFTEN_NOTHING = 1 / 60, 0.05
_KS = 1.36
_CLOSE = 0.04
"""With many lengths any family is refused by a test; one that is nowhere further off than this is good enough."""


@dataclass(frozen=True)
class Lengths:
    """A distribution of minutes.

    Attributes:
        minutes: as a step or a delay takes it; a number where it is always the same.
        mean: in minutes.
        low, high: of the 95% interval of the mean.
        count: how many lengths it rests on.
        why: the sentence that says why this one.
    """

    minutes: Minutes
    mean: float
    low: float
    high: float
    count: int
    why: str


def lengths_of(minutes: Floats, *, families: bool = True) -> Lengths:
    """The best-supported distribution.

    Args:
        minutes: one or more lengths, each 0 or more.
        families: whether a whole family may stand for them; else the lengths that were seen do.
    """
    seen = np.maximum(np.asarray(minutes, dtype=np.float64), 0.0)
    mean = float(seen.mean())
    half = _half_width(seen)
    low, high, count = max(mean - half, 0.0), mean + half, len(seen)

    def found(chosen: Minutes, why: str) -> Lengths:
        return Lengths(chosen, mean, low, high, count, why)

    if seen.max() - seen.min() < _NOTHING:
        return found(_tidy(mean), "always the same")
    nothing = float((seen < _NOTHING).mean())
    if families and nothing <= _OFTEN_NOTHING and count >= FEWEST_FOR_A_FAMILY:
        positive = np.maximum(seen, _NOTHING)
        name, distribution, distance = _best_family(positive)
        if distribution is not None and distance <= max(_KS / math.sqrt(count), _CLOSE):
            return found(distribution, f"{name} fits best of four families (by AIC; greatest gap {distance:.3f})")
        why = f"as seen: the best family, {name}, is {distance:.2f} off"
        return found(_seen(seen), why)
    why = (
        f"as seen: {100 * nothing:.0f}% take no time"
        if nothing > _OFTEN_NOTHING
        else f"as seen: {count} are too few for a family"
        if families
        else "as seen"
    )
    return found(_seen(seen), why)


def _half_width(seen: Floats) -> float:
    if len(seen) < 2:
        return float(seen.mean())
    return float(stats.t.ppf(0.975, len(seen) - 1) * seen.std(ddof=1) / math.sqrt(len(seen)))


def _best_family(seen: Floats) -> tuple[str, Family | None, float]:
    candidates: list[tuple[float, str, Family, Callable[[Floats], Floats]]] = []
    mean = float(seen.mean())
    logs = np.log(seen)
    mu, sigma = float(logs.mean()), max(float(logs.std()), 1e-6)

    def add(name: str, parameters: int, distribution: Family, frozen: stats.rv_frozen) -> None:
        likelihood = float(np.sum(frozen.logpdf(seen)))
        if math.isfinite(likelihood):
            candidates.append((2 * parameters - 2 * likelihood, name, distribution, frozen.cdf))

    add("exponential", 1, Exponential(mean=_tidy(mean)), stats.expon(scale=mean))
    whole, spread = math.exp(mu + sigma**2 / 2), math.sqrt(math.expm1(min(sigma**2, 50.0)))
    add(
        "lognormal", 2, LogNormal(mean=_tidy(whole), sd=_tidy(whole * spread)), stats.lognorm(sigma, scale=math.exp(mu))
    )
    shape = _gamma_shape(mean, mu)
    add("gamma", 2, Gamma(mean=_tidy(mean), sd=_tidy(mean / math.sqrt(shape))), stats.gamma(shape, scale=mean / shape))
    weibull = _weibull(seen, logs)
    if weibull is not None:
        form, scale = weibull
        frozen = stats.weibull_min(form, scale=scale)
        if frozen.std() > 0:
            add("weibull", 2, Weibull(mean=_tidy(float(frozen.mean())), sd=_tidy(float(frozen.std()))), frozen)
    if not candidates:
        return "none", None, 1.0
    _, name, distribution, cdf = min(candidates, key=lambda each: (each[0], each[1]))
    ordered = np.sort(seen)
    expected, place = cdf(ordered), np.arange(len(ordered))
    distance = float(max((expected - place / len(ordered)).max(), ((place + 1) / len(ordered) - expected).max()))
    return name, distribution, distance


def _gamma_shape(mean: float, mean_log: float) -> float:
    """The maximum-likelihood shape (Minka, "Estimating a gamma distribution", 2002)."""
    from scipy.special import digamma, polygamma

    s = max(math.log(mean) - mean_log, 1e-9)
    shape = (3 - s + math.sqrt((s - 3) ** 2 + 24 * s)) / (12 * s)
    for _ in range(5):
        step = (math.log(shape) - digamma(shape) - s) / (1 / shape - polygamma(1, shape))
        shape = max(shape - float(step), 1e-3)
    return min(shape, 1e6)


def _weibull(seen: Floats, logs: Floats) -> tuple[float, float] | None:
    """The maximum-likelihood shape and scale, by Newton's method on the shape."""
    shape = min(max(1.2 / max(float(logs.std()), 1e-3), 0.1), 50.0)
    scaled = seen / seen.max()
    for _ in range(50):
        powers = scaled**shape
        total = powers.sum()
        first = (powers * logs).sum() / total
        second = (powers * logs**2).sum() / total
        value = first - 1 / shape - logs.mean()
        step = value / (second - first**2 + 1 / shape**2)
        shape = min(max(shape - float(step), shape / 2, 0.05), 200.0)
        if abs(step) < 1e-9 * shape:
            break
    scale = float(seen.max()) * float((scaled**shape).mean()) ** (1 / shape)
    return (shape, scale) if math.isfinite(scale) and 0.1 <= shape <= 100 else None


def _seen(seen: Floats) -> Empirical:
    ordered = np.sort(seen)
    if len(ordered) > MOST_VALUES:
        # The mean of each part in equal parts, so that the mean of all stays what it is.
        parts = np.array_split(ordered, MOST_VALUES)
        ordered = np.array([part.mean() for part in parts])
    return Empirical(values=tuple(_tidy(float(value)) for value in ordered))


def _tidy(value: float) -> float:
    """Four significant digits."""
    return 0.0 if value <= 0 else float(f"{value:.4g}")
