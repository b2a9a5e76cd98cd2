"""The distributions and hours of Prosimos, in seconds by position, and ours, in minutes by name.

The positions are those that pix-framework reads (its ``from_dict``): ``fix [mean]``, ``expon [mean, min, max]``,
``uniform [min, max]``, ``norm [mean, sd, min, max]``, ``lognorm`` and ``gamma [mean, VARIANCE, min, max]``. What is
drawn outside min and max is drawn again there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from millpond.model import Distribution, Empirical, Exponential, Fixed, Gamma, LogNormal, Triangular, Uniform, Weibull
from millpond.model.distributions import WeibullShape, mean_minutes
from millpond.model.hours import DAYS, MINUTES_A_DAY, Span, Week

LENGTHS = 100
"""How many lengths stand for a distribution that we do not have."""
_CUT = 0.01
_FAR = 1_000.0
_LONG_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


def quantiles(name: str, values: Sequence[float], count: int = LENGTHS) -> NDArray[np.float64] | None:
    """The middles of so many equally likely parts of a distribution, in seconds; None where it is not known.

    Args:
        name: as Prosimos has it.
        values: its parameters by position.
        count: how many.
    """
    from scipy import stats

    if name == "fix" and values:
        return np.full(count, max(0.0, values[0]))
    if len(values) < 2 and name != "expon":
        return None
    low, high = 0.0, math.inf
    if name == "uniform":
        law, low, high = stats.uniform(values[0], max(values[1] - values[0], 1e-9)), values[0], values[1]
    elif name == "expon" and values:
        low = values[1] if len(values) > 1 else 0.0
        high = values[2] if len(values) > 2 else math.inf
        law = stats.expon(low, max(values[0] - low, 1e-9))
    elif name in ("norm", "lognorm", "gamma"):
        mean, spread = values[0], values[1]
        low = values[2] if len(values) > 2 else 0.0
        high = values[3] if len(values) > 3 else math.inf
        if mean <= 0 or spread <= 0:
            return np.full(count, max(0.0, mean))
        if name == "norm":
            law = stats.norm(mean, spread)
        elif name == "gamma":
            law = stats.gamma(mean**2 / spread, scale=spread / mean)
        else:
            shape = math.log1p(spread / mean**2)
            law = stats.lognorm(math.sqrt(shape), scale=mean / math.exp(shape / 2))
    else:
        return None
    below, above = float(law.cdf(low)), float(law.cdf(high))
    if name in ("uniform", "expon"):
        below = 0.0
    if above <= below:
        return np.full(count, min(max(values[0], low), high))
    parts = below + (above - below) * (np.arange(count) + 0.5) / count
    return np.maximum(0.0, np.asarray(law.ppf(parts), dtype=np.float64))


def minutes_of(name: str, values: Sequence[float]) -> tuple[Any, str] | None:
    """A distribution as minutes under the keys of service.toml; None where it is not known.

    Returns:
        the number or table, and what is to be said of it; empty where it is the same distribution.
    """
    lengths = quantiles(name, values)
    if lengths is None:
        return None
    if np.ptp(lengths) < 1e-6:
        return float(lengths[0]) / 60, ""
    low = (values[2] if len(values) > 2 else 0.0) if name != "expon" else (values[1] if len(values) > 1 else 0.0)
    whole = not _is_cut(name, values)
    if name == "uniform" and values[0] >= 0:
        return {"distribution": "uniform", "low": values[0] / 60, "high": values[1] / 60}, ""
    if name == "expon" and low <= 1e-3 * values[0] and whole:
        return {"distribution": "exponential", "mean": values[0] / 60}, ""
    if name in ("gamma", "lognorm") and whole:
        kind = "gamma" if name == "gamma" else "lognormal"
        return {"distribution": kind, "mean": values[0] / 60, "sd": math.sqrt(values[1]) / 60}, ""
    why = "its limits cut off more than 1% of it" if name != "norm" else "there is no normal distribution here"
    return empirical(lengths), f"{why}; it is kept as {LENGTHS} of its lengths, each as likely as the next"


def empirical(seconds: NDArray[np.float64]) -> dict[str, Any]:
    """Lengths in seconds as an empirical distribution of minutes: means of `LENGTHS` equal parts."""
    parts = np.array_split(np.sort(seconds), min(LENGTHS, len(seconds)))
    return {"distribution": "empirical", "values": [round(float(np.mean(part)) / 60, 4) for part in parts]}


def gaps_between(name: str, values: Sequence[float]) -> tuple[NDArray[np.float64], float] | None:
    """Gaps between arrivals in seconds, equally likely, and their variance over the square of their mean.

    Returns:
        None where the distribution is not known.
    """
    gaps = quantiles(name, values, 1000)
    if gaps is None or not np.mean(gaps):
        return None
    if (
        name not in ("expon", "gamma", "lognorm")
        or _is_cut(name, values)
        or (name == "expon" and len(values) > 1 and values[1] > 1)
    ):
        return gaps, float(np.var(gaps) / np.mean(gaps) ** 2)
    # The middles of equal parts leave out the ends of a long tail; its mean and spread are known.
    return gaps * (values[0] / np.mean(gaps)), 1.0 if name == "expon" else values[1] / values[0] ** 2


def _is_cut(name: str, values: Sequence[float]) -> bool:
    """Whether limits leave out more than a hundredth of a distribution."""
    limits = values[1:] if name == "expon" else values[2:]
    if not limits:
        return False
    free = quantiles(name, [values[0]] if name == "expon" else values[:2], 1000)
    assert free is not None
    high = limits[1] if len(limits) > 1 else math.inf
    return bool(np.mean((free < limits[0] - 1e-9) | (free > high + 1e-9)) > _CUT)


def distribution_of(minutes: float | Distribution) -> tuple[str, list[float], bool]:
    """Our minutes as a distribution of Prosimos.

    Returns:
        its name, its parameters in seconds by position, and whether it is the same distribution.
    """
    mean = mean_minutes(minutes) * 60
    if isinstance(minutes, int | float | Fixed) or mean == 0:
        return "fix", [mean], True
    if isinstance(minutes, Exponential):
        return "expon", [mean, 0.0, mean * _FAR], True
    if isinstance(minutes, Uniform):
        return "uniform", [minutes.low * 60, minutes.high * 60], True
    if isinstance(minutes, Gamma | LogNormal):
        name = "gamma" if isinstance(minutes, Gamma) else "lognorm"
        return name, [mean, (minutes.sd * 60) ** 2, 0.0, mean + minutes.sd * 60 * _FAR], True
    variance = _variance(minutes) * 3600
    if variance < 1e-9:
        return "fix", [mean], True
    return "gamma", [mean, variance, 0.0, mean + math.sqrt(variance) * _FAR], False


def _variance(minutes: Distribution) -> float:
    """The variance, in square minutes."""
    if isinstance(minutes, Weibull):
        return minutes.sd**2
    if isinstance(minutes, WeibullShape):
        return minutes.scale**2 * (math.gamma(1 + 2 / minutes.shape) - math.gamma(1 + 1 / minutes.shape) ** 2)
    if isinstance(minutes, Triangular):
        a, b, c = minutes.low, minutes.high, minutes.mode
        return (a * a + b * b + c * c - a * b - a * c - b * c) / 18
    assert isinstance(minutes, Empirical)
    return float(np.var(minutes.values))


def week_of(periods: Iterable[Mapping[str, str]]) -> Week:
    """The spans of each weekday that Prosimos's ``time_periods`` say.

    Raises:
        ValueError: a day or a time cannot be read.
    """
    spans: list[list[Span]] = [[] for _ in DAYS]
    for period in periods:
        first, last = _LONG_DAYS.index(period["from"].upper()), _LONG_DAYS.index(period["to"].upper())
        opening, closing = _minute(period["beginTime"]), _minute(period["endTime"], closes=True)
        for ahead in range((last - first) % 7 + 1):
            day = (first + ahead) % 7
            if closing > opening:
                spans[day].append((opening, closing))
            elif closing < opening:
                spans[day].append((opening, MINUTES_A_DAY))
                spans[(day + 1) % 7].append((0, closing))
    return tuple(tuple(_merged(day)) for day in spans)


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for opening, closing in sorted(spans):
        if merged and opening <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closing))
        elif closing > opening:
            merged.append((opening, closing))
    return merged


def _minute(text: str, *, closes: bool = False) -> int:
    hour, minute, *rest = (int(float(part)) for part in text.split(":"))
    found = hour * 60 + minute + (1 if rest and rest[0] >= 30 else 0)
    if not 0 <= found <= MINUTES_A_DAY:
        raise ValueError(f"{text} is not on the clock")
    return MINUTES_A_DAY if closes and found == 0 else found


def hours_of(week: Week) -> str:
    """A week in the words of service.toml; days that are alike stand together."""
    alike: dict[tuple[Span, ...], list[str]] = {}
    for day, spans in zip(DAYS, week, strict=True):
        if spans:
            alike.setdefault(spans, []).append(day)
    return ", ".join(
        f"{', '.join(days)} {', '.join(f'{_clock(opening)}-{_clock(closing)}' for opening, closing in spans)}"
        for spans, days in alike.items()
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def periods_of(week: Week) -> list[dict[str, str]]:
    """A week as Prosimos's ``time_periods``."""
    return [
        {
            "from": _LONG_DAYS[day],
            "to": _LONG_DAYS[day],
            "beginTime": f"{_clock(opening)}:00",
            "endTime": "23:59:59" if closing == MINUTES_A_DAY else f"{_clock(closing)}:00",
        }
        for day, spans in enumerate(week)
        for opening, closing in spans
    ]


def arrivals_per_week(gaps: NDArray[np.float64], week: Week, weeks: int = 2000) -> float:
    """How many cases come in an average week, where gaps are by the clock and who comes while closed waits for opening.

    Args:
        gaps: equally likely gaps between arrivals, in seconds.
        week: the hours in which cases come.
        weeks: for how many weeks it is played through; the same seed gives the same figure.
    """
    mean = float(np.mean(gaps))
    if mean <= 0:
        return 0.0
    size = 7 * MINUTES_A_DAY * 60
    starts = [(day * MINUTES_A_DAY + a) * 60 for day, spans in enumerate(week) for a, _ in spans]
    ends = [(day * MINUTES_A_DAY + b) * 60 for day, spans in enumerate(week) for _, b in spans]
    if not starts or sum(ends) - sum(starts) == size:
        return size / mean
    most = 20_000
    drawn = np.random.default_rng(1).choice(gaps, size=most)
    now, came = 0.0, 0
    for gap in drawn:
        now += gap
        place = now % size
        after = int(np.searchsorted(ends, place, side="right"))
        if after == len(ends):
            now += size - place + starts[0]
        elif place < starts[after]:
            now += starts[after] - place
        came += 1
        if now > weeks * size:
            break
    return came / (now / size)
