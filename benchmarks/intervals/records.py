"""Intervals of what records tell: effects of the calendar, lengths of work, and problem days."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from benchmarks.intervals.measured import Held, Random, counted, inside, luck_of
from scipy import stats

from millpond.variation.fitting import FAMILIES, fit
from millpond.variation.kaplan_meier import Lengths, kaplan_meier
from millpond.variation.problem_days import PoolDays, problem_events
from millpond.variation.returns import levels
from millpond.variation.seasonality import seasonality
from millpond.variation.series import Series, SpecialDays
from millpond.variation.shares import Frequency, frequency

FIRST = date(2023, 1, 2)
"""A Monday."""
YEARS = 3


def effects(services: int) -> tuple[Held, ...]:
    """Effects of the calendar, of services whose days and weeks scatter by more than chance."""
    found: dict[str, list[bool]] = defaultdict(list)
    for place in range(services):
        random = luck_of("effects", place)
        days = [FIRST + timedelta(days=number) for number in range(YEARS * 365 + 1)]
        special = _special(random)
        weekday = np.exp(random.normal(0, 0.3, 7)) * np.where(np.arange(7) < 5, 1.0, random.uniform(0.2, 1.0))
        month, bank = np.exp(random.normal(0, 0.1, 12)), random.uniform(0.4, 1.2)
        school, growth = random.uniform(0.7, 1.2), random.uniform(0.9, 1.2)
        mean = np.exp(random.uniform(np.log(3), np.log(60))) * np.array(
            [
                weekday[day.weekday()]
                * month[day.month - 1]
                * (bank if day in special.bank_holidays else 1)
                * (school if special.is_school_holiday(day) else 1)
                * growth ** (number / 365.25)
                for number, day in enumerate(days)
            ]
        )
        weeks = np.exp(random.normal(0, random.uniform(0, 0.1), len(days) // 7 + 1))[np.arange(len(days)) // 7]
        scatter = random.uniform(0.005, 0.1)
        counts = random.negative_binomial(1 / scatter, 1 / (1 + scatter * mean * weeks))
        hours = random.dirichlet(np.full(24, 3.0))
        by_hour = np.array([random.multinomial(count, hours) for count in counts])
        told = seasonality(Series(FIRST, counts, special=special), of="x", unit="visits", by_hour=by_hour)
        truths = {
            "weekday": weekday / weekday.mean() - 1,
            "hour": 24 * hours - 1,
            "month": month / month.mean() - 1,
            "bank holiday": [bank - 1],
            "school holiday": [school - 1],
            "trend": [growth - 1],
        }
        for kind, all_of in truths.items():
            rows = told.kind(kind)
            one = int(random.integers(len(rows)))
            found[f"effect: {kind}"].append(inside(rows[one].low, float(all_of[one]), rows[one].high))
    return counted(found)


def _special(random: Random) -> SpecialDays:
    """Eight bank holidays and five stretches without school each year, on days of their own in each service."""
    bank, school = set(), []
    for year in range(YEARS):
        begins = FIRST + timedelta(days=365 * year)
        bank |= {begins + timedelta(days=int(day)) for day in random.choice(365, 8, replace=False)}
        for start in range(0, 350, 70):
            first = begins + timedelta(days=start + int(random.integers(40)))
            school.append((first, first + timedelta(days=int(random.integers(5, 25)))))
    return SpecialDays(frozenset(bank), tuple(school))


def lengths(services: int) -> tuple[Held, ...]:
    """The mean of fitted distributions, and the curve of the records, where some lengths are not over yet."""
    found: dict[str, list[bool]] = defaultdict(list)
    for place in range(services):
        random = luck_of("lengths", place)
        family = FAMILIES[place % len(FAMILIES)]
        true = _distribution(family.name, random)
        number = int(random.integers(60, 600))
        minutes = true.rvs(number, random_state=random)
        seen = random.exponential(true.mean() * random.uniform(1.5, 8), number)
        sample = _lengths(np.minimum(minutes, seen), minutes <= seen)
        fitted = {each.name: fit(sample, each) for each in FAMILIES}
        own = fitted[family.name]
        found["mean of a fitted distribution"].append(inside(own.mean_low, true.mean(), own.mean_high))
        best = min(fitted.values(), key=lambda each: each.aic)
        found["mean of the best of four"].append(inside(best.mean_low, true.mean(), best.mean_high))
        curve, share = kaplan_meier(sample), float(random.uniform(0.15, 0.85))
        at = int(np.searchsorted(curve.minutes, true.ppf(1 - share), side="right")) - 1
        low, high = (float("nan"),) * 2 if at < 0 else (float(curve.low[at]), float(curve.high[at]))
        found["share that lasts longer"].append(bool(low <= share <= high))
    return counted(found)


def _distribution(name: str, random: Random) -> Any:
    scale = random.uniform(10, 90)
    if name == "exponential":
        return stats.expon(scale=scale)
    if name == "gamma":
        return stats.gamma(random.uniform(1.5, 5), scale=scale / 3)
    if name == "lognormal":
        return stats.lognorm(random.uniform(0.3, 0.9), scale=scale)
    return stats.weibull_min(random.uniform(1.2, 2.5), scale=scale)


def _lengths(minutes: Any, over: Any) -> Lengths:
    values, place = np.unique(minutes, return_inverse=True)
    ended, open_ = (np.bincount(place, which, len(values)).astype(np.int64) for which in (over, ~over))
    return Lengths(values, ended, open_)


def problem_days(services: int) -> tuple[Held, ...]:
    """How often problem days come, the chance of one, and the level that comes once in so many days."""
    found: dict[str, list[bool]] = defaultdict(list)
    for place in range(services):
        random = luck_of("problem days", place)
        share, days = float(np.exp(random.uniform(np.log(0.004), np.log(0.1)))), int(random.integers(150, 1000))
        # One in so many days and days a year are the same two ends in other words.
        alone = _told(random.random(days) < share)
        found["share of problem days that come by themselves"].append(inside(alone.low, share, alone.high))
        hit, true = _in_spells(random, days)
        told = _told(hit)
        found["share of problem days that bring the next"].append(inside(told.low, true, told.high))
        scatter, period = random.uniform(0.2, 0.8), float(random.choice([20, 50, 100]))
        level = levels(np.exp(random.normal(0, scatter, days)), (period,))[0]
        truth = float(np.exp(scatter * stats.norm.ppf(1 - 1 / period)))
        found["level once in so many days"].append(inside(level.low, truth, level.high))
    return counted(found, least=("level once in so many days", "share of problem days that come by themselves"))


def as_if_alone(services: int) -> tuple[Held, ...]:
    """What is not done any more: days that bring the next counted as if each came by itself."""
    held = 0
    for place in range(services):
        random = luck_of("as if alone", place)
        days = int(random.integers(150, 1000))
        hit, true = _in_spells(random, days)
        told = frequency(int(hit.sum()), days)
        held += inside(told.low, true, told.high)
    return (Held("share of problem days that bring the next, as if each came by itself", held, services),)


def _told(hit: npt.NDArray[np.bool_]) -> Frequency:
    """How often problem days come, by `millpond events`: of three times capacity where there is one, else of it."""
    days, ones = tuple(str(place) for place in range(len(hit))), np.ones(len(hit))
    pool = PoolDays(days, np.where(hit, 3.0, 1.0), ones, ones, np.ones(len(hit), dtype=np.bool_))
    return problem_events(pool).days


def _in_spells(random: Random, days: int) -> tuple[npt.NDArray[np.bool_], float]:
    """Days of which a problem day brings the next more often than another day does, and the share of them."""
    begins, goes_on = random.uniform(0.01, 0.05), random.uniform(0.3, 0.6)
    hit, luck = [False], random.random(days + 50)
    for one in luck:
        hit.append(bool(one < (goes_on if hit[-1] else begins)))
    return np.array(hit[-days:]), begins / (1 + begins - goes_on)
