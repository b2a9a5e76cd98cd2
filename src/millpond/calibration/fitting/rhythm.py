"""When new cases come: a stream's rate with its interval, its hours of the week, and how bunched its days are.

The rate is the sum of what comes in each hour of the week, each over how often that hour came while cases were
recorded: records from a Monday to a Friday hold one weekend less than weeks, and in weekends few cases come.
Of less than a week nobody knows what the other days are like: all are taken to be like those that were recorded.

The hours of a day are weighed for Monday to Friday and for Saturday and Sunday together, each weekday by its own share
where the weekdays differ by more than chance (chi-square at 1%, each weekday as often as it came). Bunching is the
variance of a day's arrivals about its weekday's mean over that mean (Pearson's statistic over its degrees of freedom),
and 1 where it is not above 1 by more than chance. Cases that come by the clock, at the same minutes of every week, are
a schedule instead.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from scipy import stats

from millpond.model.hours import DAYS
from millpond.records.zones import local_day_and_hour, local_us

Ints = npt.NDArray[np.int64]
FEWEST = 20
"""With fewer arrivals nothing is said about the hours."""
_SURE = 0.01
_WORKING_DAYS, _WEEKEND, _ALL = range(5), range(5, 7), range(7)
_HOURS, _TO_MONDAY = 7 * 24, 3 * 24
"""Hours of a week, and how many of them a week that begins as 1970 does begins after Monday."""


@dataclass(frozen=True)
class Rhythm:
    """How the cases of one stream come.

    Attributes:
        per_week: new cases in an average week.
        low, high: of its 95% interval.
        pattern: hours in words, each with its weight; empty where too few cases came.
        overdispersion: variance of a day's arrivals over their mean.
        schedule: local times of the week at which cases come by the clock, and how many then; empty where they do not.
        cases: how many arrivals it rests on.
        days: over how many days.
    """

    per_week: float
    low: float
    high: float
    pattern: dict[str, float]
    overdispersion: float
    schedule: dict[str, float]
    cases: int
    days: int


def rhythm_of(arrivals_us: Sequence[int], first_us: int, last_us: int, zone: ZoneInfo) -> Rhythm:
    """The rhythm of a stream.

    Args:
        arrivals_us: when its cases came.
        first_us, last_us: the time over which cases were recorded.
        zone: whose clock tells days and hours.
    """
    at = np.array(sorted(arrivals_us), dtype=np.int64)
    day, hour = (np.asarray(each, dtype=np.int64) for each in local_day_and_hour(at, zone))
    ends, end_hours = local_day_and_hour(np.array([first_us, last_us], dtype=np.int64), zone)
    days = np.arange(int(ends[0]), int(ends[1]) + 1)
    bunching = _overdispersion(day, days)
    cases = len(at)
    first, last = (24 * int(one) + int(other) for one, other in zip(ends, end_hours, strict=True))
    times = np.bincount((np.arange(first, last + 1) + _TO_MONDAY) % _HOURS, minlength=_HOURS).reshape(7, 24)
    counts = np.bincount((24 * day + hour + _TO_MONDAY) % _HOURS, minlength=_HOURS).reshape(7, 24)
    is_whole = bool(times.all())
    weeks = _weeks(counts, times) if is_whole else _weeks(counts.sum(axis=0) * 7, times.sum(axis=0)) / 7
    spread = math.sqrt(bunching)
    low, high = _poisson_interval(cases)
    return Rhythm(
        per_week=_tidy(cases / weeks),
        low=_tidy(max(cases - (cases - low) * spread, 0.0) / weeks),
        high=_tidy((cases + (high - cases) * spread) / weeks),
        pattern=_pattern(counts, times, (_WORKING_DAYS, _WEEKEND) if is_whole else (_ALL,)) if cases >= FEWEST else {},
        overdispersion=round(bunching, 2),
        schedule=_schedule(at, zone, first_us, last_us),
        cases=cases,
        days=len(days),
    )


def _weeks(counts: Ints, times: Ints) -> float:
    """For how many weeks cases were recorded, each hour weighed by the cases in it."""
    came = times > 0
    return float(counts.sum() / (counts[came] / times[came]).sum())


_WEEK = 7 * 1440
_BY_THE_CLOCK = 5
"""So often or more, on average, cases come at each minute of the week at which any come: no chance does that."""


def _schedule(at: Ints, zone: ZoneInfo, first_us: int, last_us: int) -> dict[str, float]:
    minutes = local_us(at, zone) // 60_000_000
    # 1970-01-01 was a Thursday.
    of_week = (minutes + 3 * 1440) % _WEEK
    slots, counts = np.unique(of_week, return_counts=True)
    if len(at) < 4 * FEWEST or len(at) < _BY_THE_CLOCK * len(slots):
        return {}
    # How often each minute of the week came while cases were recorded: not the same for all, for weeks are cut off.
    begins, ends = (int(each) // 60_000_000 for each in local_us(np.array([first_us, last_us], dtype=np.int64), zone))
    wait = (slots - begins - 3 * 1440) % _WEEK
    times = np.maximum((ends - begins - wait) // _WEEK + 1, 1)
    return {
        f"{DAYS[slot // 1440]} {slot // 60 % 24:02d}:{slot % 60:02d}": _tidy(count / number)
        for slot, count, number in zip(slots.tolist(), counts.tolist(), times.tolist(), strict=True)
    }


def _poisson_interval(cases: int) -> tuple[float, float]:
    """The exact 95% interval of a Poisson mean (Garwood, 1936)."""
    low = stats.chi2.ppf(0.025, 2 * cases) / 2 if cases else 0.0
    return float(low), float(stats.chi2.ppf(0.975, 2 * cases + 2) / 2)


def _overdispersion(day: Ints, days: Ints) -> float:
    # The first and the last day are seen in part only.
    inner = days[1:-1]
    if len(inner) < 14:
        return 1.0
    counts = np.array([np.count_nonzero(day == each) for each in inner], dtype=np.float64)
    weekday = (inner + 3) % 7
    means = np.array([counts[weekday == each].mean() if np.any(weekday == each) else 0.0 for each in range(7)])
    expected = means[weekday]
    used = expected > 0
    freedom = int(used.sum()) - len(np.unique(weekday[used]))
    if freedom < 7:
        return 1.0
    statistic = float((((counts - expected) ** 2)[used] / expected[used]).sum())
    return max(statistic / freedom, 1.0) if stats.chi2.sf(statistic, freedom) < _SURE else 1.0


def _pattern(counts: Ints, times: Ints, groups: Sequence[range]) -> dict[str, float]:
    """Hours in words with their weights.

    Args:
        counts: cases by weekday and hour.
        times: how often each of these hours came.
        groups: the weekdays that share the hours of a day.
    """
    pattern: dict[str, float] = {}
    for group in groups:
        inside, came = counts[list(group)], times[list(group)]
        if not inside.any():
            continue
        by_hour = inside.sum(axis=0) * (came.sum(axis=0).max() / np.maximum(came.sum(axis=0), 1))
        by_day, often = inside.sum(axis=1), came.sum(axis=1) / came.sum()
        is_told = len(group) < len(_ALL) and by_day.sum() >= FEWEST
        differ = is_told and stats.chisquare(by_day, by_day.sum() * often).pvalue < _SURE
        shares = by_day / often if differ else np.ones(len(by_day))
        for names, share in _grouped(list(group), (shares / shares.sum()).tolist()):
            _add(pattern, names, by_hour * share)
    return pattern


def _grouped(days: list[int], shares: list[float]) -> list[tuple[str, float]]:
    if len(set(shares)) == 1:
        return [(f"{DAYS[days[0]]}-{DAYS[days[-1]]}", shares[0])]
    return [(DAYS[day], share) for day, share in zip(days, shares, strict=True) if share]


def _add(pattern: dict[str, float], days: str, weights: npt.NDArray[np.float64]) -> None:
    """Runs of hours of equal weight, without those that have none."""
    values = [_tidy(float(weight)) for weight in weights]
    start = 0
    for end in range(1, 25):
        if end == 24 or values[end] != values[start]:
            if values[start]:
                pattern[f"{days} {start:02d}:00-{end:02d}:00"] = values[start]
            start = end


def _tidy(value: float) -> float:
    return 0.0 if value <= 0 else float(f"{value:.4g}")
