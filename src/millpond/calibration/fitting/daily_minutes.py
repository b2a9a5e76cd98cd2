"""How many direct minutes a day the people of a pool give, where the records show that they stop before closing time.

Somebody who gives `minutes_per_day` begins no visit after the day's minutes are spent; a visit begun before is
finished, and what it took beyond them is missing on the next day. The minutes are thus the fewest with which nobody
ever began a visit when theirs were spent. They are told where that happened on twenty days or more, half an hour or
more before closing, and chance would hardly have kept everybody from another visit on all of those days.

What has been given when a visit begins comes near the limit and stays below it, and the limit is told as the end of a
range is told from the greatest of many numbers (Robson and Whitlock, "Estimation of a truncation point", 1964): it lies
beyond the greatest by about as much as the numbers next to that one lie apart. Where visits seldom begin that near the
limit, because little waits for people who have nearly spent their minutes, they lie further apart.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from millpond.calibration.fitting.history import History
from millpond.calibration.fitting.openings import Openings
from millpond.model import Service
from millpond.records.zones import local_day_and_hour

Ints = npt.NDArray[np.int64]

MINUTE_US = 60_000_000
FEWEST_DAYS = 20
_LEFT_US = 30 * MINUTE_US
_STRAY = 0.0005
"""So many visits in one may be begun with the day's minutes spent: somebody stays longer now and then. They must lie
further beyond the limit than chance explains, or they tell of a limit that is further out."""
_BY_CHANCE = 1e-5
_TOGETHER = 0.02
"""Where more visits than this begin while another one of the same worker is under way, minutes do not add up."""
_FINE = 0.05
"""To how many minutes the limit is found."""
_NEXT = 10
"""From so many visits that were begun next to the limit it is told how far apart they are."""
_WHOLE = 0.97
"""A limit beyond this share of the shift is none."""


@dataclass(frozen=True)
class DailyMinutes:
    """The direct minutes of a day of the people of a pool.

    Attributes:
        minutes: of each.
        low, high: of the 95% interval.
        days: on how many days somebody had spent them with half an hour or more to go.
    """

    minutes: float
    low: float
    high: float
    days: int


@dataclass(frozen=True, eq=False)
class Spent:
    """What the records tell of direct minutes.

    Attributes:
        of_pool: the pools of which they can be told.
        busy_until_us: for each visit, when its worker could next have begun another one: its end, or the opening of
            the next day where the day's minutes were spent with it.
    """

    of_pool: Mapping[str, DailyMinutes]
    busy_until_us: Ints


@dataclass(frozen=True)
class _Days:
    """The visits of one worker in the terms of working days: for each visit the day on which it begins, and what it
    takes of which days."""

    places: list[int]
    begins: list[int]
    takes: list[tuple[tuple[int, int], ...]]


def daily_minutes(log: History, drafted: Service, by_pool: Mapping[str, Openings]) -> Spent:
    """Finds the direct minutes of each pool.

    Args:
        log: the visits.
        drafted: the service, for the pool of each step.
        by_pool: the openings of each pool.
    """
    busy_until = np.where(log.has_ended, log.ended_us, log.as_of_us)
    found: dict[str, DailyMinutes] = {}
    people: dict[str, list[_Days]] = {pool: [] for pool in by_pool}
    too_much: Counter[str] = Counter()
    for places in log.by_worker.values():
        home = Counter(drafted.steps[log.step[place]].pool for place in places).most_common(1)[0][0]
        if home is None or home not in by_pool:
            continue
        starts, ends = log.started_us[places], busy_until[places]
        too_much[home] += int((starts[1:] < np.maximum.accumulate(ends)[:-1]).sum())
        people[home].append(_days_of(places, starts, ends, by_pool[home]))
    for pool, workers in people.items():
        hours = by_pool[pool]
        visits = sum(len(each.places) for each in workers)
        if not visits or hours.is_always or too_much[pool] > _TOGETHER * visits:
            continue
        days, closes, opens = _working_days(hours, log)
        longest, shift = int((closes - opens).max()), int(_usual_day(hours, days))
        stray, limit, apart = _end_of_range(workers, longest, days, round(_STRAY * visits))
        told = _told(log, workers, limit, apart, days, closes, shift, stray)
        if told is None:
            continue
        found[pool] = told
        for each in workers:
            for place, day, balance in _balances(each, limit, days):
                if balance <= 0 and log.has_ended[place]:
                    behind = 1 + (-balance) // limit if balance < 0 else 1
                    following = min(day + int(behind), len(opens) - 1)
                    busy_until[place] = max(int(busy_until[place]), int(opens[following]))
    return Spent(found, busy_until.astype(np.int64))


def _usual_day(hours: Openings, days: Ints) -> float:
    """The usual opening of a day, microseconds: the median."""
    return float(np.median(np.bincount(days, weights=hours.ends - hours.starts)))


def _working_days(hours: Openings, log: History) -> tuple[Ints, Ints, Ints]:
    """The number of the working day of each opening, and when each working day closes and opens."""
    local, _ = local_day_and_hour(hours.starts, log.zone)
    _, days = np.unique(np.asarray(local), return_inverse=True)
    opens = np.full(int(days.max()) + 1, np.iinfo(np.int64).max)
    closes = np.zeros(int(days.max()) + 1, dtype=np.int64)
    np.minimum.at(opens, days, hours.starts)
    np.maximum.at(closes, days, hours.ends)
    return days.astype(np.int64), closes, opens


def _days_of(places: list[int], starts: Ints, ends: Ints, hours: Openings) -> _Days:
    opens, closes = hours.starts.tolist(), hours.ends.tolist()
    begins: list[int] = []
    takes: list[tuple[tuple[int, int], ...]] = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        at = max(bisect_right(opens, start) - 1, 0)
        begins.append(at)
        parts: list[tuple[int, int]] = []
        while at < len(opens) and (opens[at] < end or not parts):
            parts.append((at, max(min(end, closes[at]) - max(start, opens[at]), 0)))
            at += 1
        takes.append(tuple(parts))
    return _Days(list(places), begins, takes)


def _balances(worker: _Days, limit: int, days: Ints) -> list[tuple[int, int, int]]:
    """Each visit with the working day on which it ended and what was then left of the day's minutes."""
    found = []
    day, balance = -1, 0
    for place, parts in zip(worker.places, worker.takes, strict=True):
        for opening, took in parts:
            number = int(days[opening])
            if number > day:
                # What is left lapses, what is missing is taken from the days that follow.
                balance = min(min(balance, 0) + (number - day - 1) * limit, 0) + limit if day >= 0 else limit
                day = number
            balance -= took
        found.append((place, day, balance))
    return found


def _late(worker: _Days, limit: int, days: Ints) -> int:
    """How many visits were begun with the day's minutes spent."""
    late, day, balance = 0, -1, 0
    for begins, parts in zip(worker.begins, worker.takes, strict=True):
        is_first = True
        for opening, took in parts:
            number = int(days[opening])
            if number > day:
                balance = min(min(balance, 0) + (number - day - 1) * limit, 0) + limit if day >= 0 else limit
                day = number
            if is_first and opening == begins and balance <= 0:
                late += 1
            is_first = False
            balance -= took
    return late


def _limit(workers: list[_Days], longest: int, days: Ints, stray: int) -> int:
    """The fewest minutes, in microseconds, with which no more visits than `stray` begin with them spent."""
    low, high = 0, longest
    while high - low > _FINE * MINUTE_US:
        middle = (low + high) // 2
        if sum(_late(worker, middle, days) for worker in workers) <= stray:
            high = middle
        else:
            low = middle
    return high


def _end_of_range(workers: list[_Days], longest: int, days: Ints, most: int) -> tuple[int, int, float]:
    """How many visits are no part of it, the limit without them, and how many minutes the visits next to it lie apart.

    No part of it are visits, `most` at most, that were begun further beyond all others than chance explains.
    """
    limit = _limit(workers, longest, days, most)
    for stray in range(most, -1, -1):
        apart = max((limit - _limit(workers, limit, days, stray + _NEXT)) / MINUTE_US / _NEXT, _FINE)
        if stray:
            beyond = _limit(workers, longest, days, stray - 1)
            if stats.f.sf((beyond - limit) / MINUTE_US / apart, 2, 2 * _NEXT) < _BY_CHANCE:
                break
            limit = beyond
    return stray, limit, apart


def _told(
    log: History,
    workers: list[_Days],
    limit: int,
    apart: float,
    days: Ints,
    closes: Ints,
    shift: int,
    stray: int,
) -> DailyMinutes | None:
    if limit <= MINUTE_US or limit > _WHOLE * shift:
        return None
    spent, on, off = 0, 0, 0
    for worker in workers:
        rows = _balances(worker, limit, days)
        for number, (place, day, balance) in enumerate(rows):
            if not log.has_ended[place]:
                continue
            if closes[day] - log.ended_us[place] < _LEFT_US:
                continue
            if balance <= 0:
                spent += 1
            elif balance < limit / 4:
                goes_on = number + 1 < len(rows) and days[worker.begins[number + 1]] == day
                on, off = on + goes_on, off + (not goes_on)
    if spent < FEWEST_DAYS or not on:
        return None
    # The chance that so few went on, had they gone on as often as in the last quarter of the minutes.
    goes = (on + 1) / (on + off + 2)
    if stats.binom.cdf(stray, spent + stray, goes) > _BY_CHANCE:
        return None
    minutes = limit / MINUTE_US
    # The gap beyond the greatest over the mean of those between the next is a ratio of two chi-squares.
    most = minutes + apart * float(stats.f.ppf(0.975, 2, 2 * _NEXT))
    return DailyMinutes(round(minutes + apart, 1), round(minutes - _FINE, 2), round(most, 2), spent)
