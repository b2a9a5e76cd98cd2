"""How long people wait at a step before they leave, from those who left, with all others as censored.

A visit that was begun, or that still waits, tells only that its person stayed at least that long. Exponential, Weibull
and log-normal lengths are tried by maximum likelihood with right-censoring (Kaplan and Meier, 1958; Lawless,
"Statistical Models and Methods for Lifetime Data", 2003, chapter 5) and the best by AIC is taken. Where all who left
stayed equally long, that is a limit and not a distribution.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from millpond.calibration.fitting.history import UNKNOWN, History
from millpond.calibration.fitting.moves import MINUTE_US
from millpond.calibration.fitting.openings import Openings
from millpond.calibration.outcomes import Outcomes
from millpond.model import Exponential, LogNormal, Patience, Weibull

Floats = npt.NDArray[np.float64]

FEWEST = 10
"""With fewer who left nothing is said of how long people wait."""
_ALIKE = 0.01
_CLOSED, _SURE = 0.2, 0.01


@dataclass(frozen=True)
class Leaving:
    """How long people wait before they leave.

    Attributes:
        patience: as a step takes it.
        mean: of the lengths in minutes; beyond the longest that was seen it rests on the family.
        low, high: of its 95% interval.
        left: how many left.
        stayed: how many were begun or still wait.
        elsewhere: how many of those who left went elsewhere than the model has them go.
        why: the sentence that says why this one.
    """

    patience: Patience
    mean: float
    low: float
    high: float
    left: int
    stayed: int
    elsewhere: int
    why: str


def leaving_of(log: History, name: str, ends: Outcomes, hours: Openings | None) -> Leaving | None:
    """How long people wait at a step before they leave; None where fewer than ten have left.

    Args:
        log: the visits.
        name: the step.
        ends: what the words for outcomes mean.
        hours: the openings of the step's staff; None where it has none.
    """
    here = np.flatnonzero((log.step == name) & (log.joined_us != UNKNOWN))
    has_left = log.has_left[here]
    if int(has_left.sum()) < FEWEST:
        return None
    until = np.where(log.has_started[here], log.started_us[here], np.where(has_left, log.ended_us[here], log.as_of_us))
    joined = log.joined_us[here]
    is_working = hours is not None and _only_when_open(joined, until, has_left, hours)
    length = hours.worked(joined, until) if hours is not None and is_working else until - joined
    minutes = np.maximum(length / MINUTE_US, 0.0)
    goes, others = _destination(log, here[has_left], ends)
    fitted, why = _fitted(minutes, has_left)
    patience = Patience(minutes=fitted[0], time="working" if is_working else "elapsed", to=goes)
    left = int(has_left.sum())
    return Leaving(patience, *fitted[1:], left, len(here) - left, others, why)


def _only_when_open(
    joined: npt.NDArray[np.int64], until: npt.NDArray[np.int64], has_left: npt.NDArray[np.bool_], hours: Openings
) -> bool:
    """Whether people leave in opening hours only, though much of their waiting lies outside them."""
    closed = 1 - hours.worked(joined, until).sum() / max(float((until - joined).sum()), 1.0)
    leavers = until[has_left]
    # An end on the stroke of closing belongs to the hours.
    in_hours = sum(hours.is_open(int(at) - 1) or hours.is_open(int(at)) for at in leavers.tolist())
    return bool(closed >= _CLOSED and in_hours == len(leavers) and (1 - closed) ** len(leavers) < _SURE)


def _destination(log: History, leavers: npt.NDArray[np.int64], ends: Outcomes) -> tuple[str, int]:
    """Where most of those who left went, and how many went elsewhere."""
    goes: Counter[str] = Counter()
    for place in leavers.tolist():
        visits = log.by_case[log.case[place]]
        at = visits.index(place)
        goes[log.step[visits[at + 1]] if at + 1 < len(visits) else ends.meaning(log.outcome[place])] += 1
    to = min(goes, key=lambda name: (-goes[name], name))
    return to, goes.total() - goes[to]


_Fitted = tuple[float | Exponential | Weibull | LogNormal, float, float, float]


def _fitted(minutes: Floats, has_left: npt.NDArray[np.bool_]) -> tuple[_Fitted, str]:
    """The minutes, their mean with its interval, and why these."""
    left = minutes[has_left]
    rest = f"{int(has_left.sum()):,} left; {int((~has_left).sum()):,} were seen or still wait, and count as censored"
    longest = float(left.max())
    if longest - float(left.min()) <= max(_ALIKE * longest, 1 / 60):
        limit = float(np.median(left))
        return (_tidy(limit), limit, float(left.min()), longest), f"all who left stayed equally long; {rest}"
    seen = np.maximum(minutes, 1 / 60)
    found = [_exponential(seen, has_left)]
    for name, start, frozen, made in (
        ("Weibull", (0.0, math.log(seen.sum() / has_left.sum())), _weibull, _as_weibull),
        ("log-normal", (math.log(float(np.median(seen))), 0.0), _lognormal, _as_lognormal),
    ):
        each = _two_parameters(name, start, frozen, made, seen, has_left)
        if each is not None:
            found.append(each)
    _, name, fitted = min(found, key=lambda each: each[0])
    beyond = "; its mean lies beyond the longest wait that was seen" if fitted[1] > float(seen.max()) else ""
    return fitted, f"{name} fits best of three families with censoring (by AIC); {rest}{beyond}"


def _exponential(seen: Floats, has_left: npt.NDArray[np.bool_]) -> tuple[float, str, _Fitted]:
    left, exposed = int(has_left.sum()), float(seen.sum())
    mean = exposed / left
    low = 2 * exposed / float(stats.chi2.ppf(0.975, 2 * left + 2))
    high = 2 * exposed / float(stats.chi2.ppf(0.025, 2 * left))
    return 2 + 2 * left * (math.log(mean) + 1), "exponential", (Exponential(mean=_tidy(mean)), mean, low, high)


def _weibull(a: float, b: float) -> stats.rv_frozen:
    return stats.weibull_min(math.exp(a), scale=math.exp(b))


def _lognormal(a: float, b: float) -> stats.rv_frozen:
    return stats.lognorm(math.exp(b), scale=math.exp(a))


def _as_weibull(mean: float, sd: float) -> Weibull | LogNormal:
    return Weibull(mean=_tidy(mean), sd=_tidy(sd))


def _as_lognormal(mean: float, sd: float) -> Weibull | LogNormal:
    return LogNormal(mean=_tidy(mean), sd=_tidy(sd))


def _two_parameters(
    name: str,
    start: tuple[float, float],
    frozen: Callable[[float, float], stats.rv_frozen],
    made: Callable[[float, float], Weibull | LogNormal],
    seen: Floats,
    has_left: npt.NDArray[np.bool_],
) -> tuple[float, str, _Fitted] | None:
    def loss(at: Floats) -> float:
        if np.abs(at).max() > 30:
            return 1e300
        each = frozen(float(at[0]), float(at[1]))
        value = -float(each.logpdf(seen[has_left]).sum() + each.logsf(seen[~has_left]).sum())
        return value if math.isfinite(value) else 1e300

    best = optimize.minimize(loss, np.array(start), method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-6})
    at = np.asarray(best.x, dtype=np.float64)
    mean, sd = float(frozen(*at).mean()), float(frozen(*at).std())
    if best.fun >= 1e299 or not (0 < mean < 1e9 and 0 < sd < 1e9):
        return None
    spread = _spread_of_log_mean(loss, lambda where: math.log(float(frozen(*where).mean())), at)
    if spread is None:
        return None
    low, high = mean * math.exp(-1.96 * spread), mean * math.exp(1.96 * spread)
    return 4 + 2 * float(best.fun), name, (made(mean, sd), mean, low, high)


def _spread_of_log_mean(
    loss: Callable[[Floats], float], log_mean: Callable[[Floats], float], at: Floats
) -> float | None:
    """The standard error of the logarithm of the mean, by the delta method on the observed information."""
    step = np.diag([1e-3, 1e-3])
    information = np.array(
        [
            [(loss(at + a + b) - loss(at + a - b) - loss(at - a + b) + loss(at - a - b)) / (4e-6) for b in step]
            for a in step
        ]
    )
    slope = np.array([(log_mean(at + a) - log_mean(at - a)) / 2e-3 for a in step])
    try:
        variance = float(slope @ np.linalg.solve(information, slope))
    except np.linalg.LinAlgError:
        return None
    return math.sqrt(variance) if 0 < variance < 25 else None


def _tidy(value: float) -> float:
    return float(f"{value:.4g}")
