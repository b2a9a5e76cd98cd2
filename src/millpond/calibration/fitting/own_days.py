"""Steps that are only ever worked on one or two fixed weekdays, though their people work on others too.

A panel that sits on Tuesdays is such a step: its visits wait for the day and are then done one after another. Nineteen
starts in twenty or more lie on these days, in eight weeks or more, where the other steps of the same people have
fewer than six in ten on them, and chance would not give so many once in a million. The model gives such a step a pool
of its own that is open on these days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from millpond.calibration.fitting.evidence import Evidence, Learned, share_interval
from millpond.calibration.fitting.history import History
from millpond.model import Calendar, Pool, Service
from millpond.model.hours import DAYS
from millpond.records.zones import local_day_and_hour

Ints = npt.NDArray[np.int64]
HELD, OTHERS, FEWEST, WEEKS, SURE = 0.95, 0.6, 40, 8, 1e-6
_SELDOM = 0.01


@dataclass(frozen=True)
class OwnDays:
    """The days of a step.

    Attributes:
        weekdays: Monday = 0.
        starts: how many starts it rests on.
        inside: how many of them are on these days.
        others: the share of the other steps' starts that are.
    """

    weekdays: tuple[int, ...]
    starts: int
    inside: int
    others: float


def with_own_days(drafted: Service, own: Mapping[str, Any], log: History, evidence: Evidence) -> Service:
    """The service with a pool of its own for each step that is only worked on one or two weekdays.

    Args:
        drafted: the service so far.
        own: what a person says of the service; a step whose pool is said keeps it.
        log: the visits.
        evidence: is told what each rests on.
    """
    pools, calendars, steps = dict(drafted.pools), dict(drafted.effective_calendars), dict(drafted.steps)
    of_pool: dict[str, list[str]] = defaultdict(list)
    for name, step in drafted.steps.items():
        if step.pool is not None:
            of_pool[step.pool].append(name)
    for pool, names in of_pool.items():
        for name in names:
            if "pool" in own.get("steps", {}).get(name, {}):
                continue
            found = own_days(log, name, [other for other in names if other != name])
            if found is None:
                continue
            days = " and ".join(DAYS[day] for day in found.weekdays)
            calendar, mine = f"{days} for {name}", f"{pool} on {days} for {name}"
            hours = _hours(log, name, found.weekdays)
            calendars[calendar] = Calendar(hours=hours, holidays=drafted.calendar_of(drafted.pools[pool]).holidays)
            pools[mine] = Pool(calendar=calendar, workers=_people(log, name))
            steps[name] = steps[name].changed(pool=mine)
            low, high = share_interval(found.inside, found.starts)
            why = (
                f"work on it begins on {days} only, while {100 * found.others:.0f}% of what the same people do else "
                f"begins on these days; hours {hours}"
            )
            share = found.inside / found.starts
            evidence.add(Learned(f"steps.{name}.pool", share, low, high, found.starts, why))
            evidence.cannot(
                f"pools.{mine}.workers",
                f"they are people of {pool} too, and the model counts them twice in the hours {hours}",
                "calendars of single workers, written by somebody who knows",
            )
    if len(pools) == len(drafted.pools):
        return drafted
    named = {name: pool.changed(calendar=pool.calendar or drafted.calendar_name(pool)) for name, pool in pools.items()}
    return drafted.changed(pools=named, calendars=calendars, steps=steps)


def own_days(log: History, name: str, others: list[str]) -> OwnDays | None:
    """The one or two weekdays on which a step is worked; None where there are none, or other steps show the same.

    Args:
        log: the visits.
        name: the step.
        others: the other steps of the same people.
    """
    mine, theirs = _by_weekday(log, [name]), _by_weekday(log, others)
    starts, usual = int(mine.sum()), int(theirs.sum())
    if starts < FEWEST or usual < FEWEST or _weeks(log, name) < WEEKS:
        return None
    for count in (1, 2):
        best = max(combinations(range(7), count), key=lambda days: int(mine[list(days)].sum()))
        inside, share = int(mine[list(best)].sum()), float(theirs[list(best)].sum()) / usual
        unlikely = float(stats.binom.sf(inside - 1, starts, share)) < SURE
        if inside >= HELD * starts and share < OTHERS and unlikely:
            return OwnDays(best, starts, inside, share)
    return None


def _started(log: History, names: list[str]) -> tuple[Ints, Ints]:
    chosen = np.isin(log.step, names) & log.has_started
    day, hour = (np.asarray(each, dtype=np.int64) for each in local_day_and_hour(log.started_us[chosen], log.zone))
    return day, hour


def _by_weekday(log: History, names: list[str]) -> Ints:
    return np.bincount((_started(log, names)[0] + 3) % 7, minlength=7)


def _weeks(log: History, name: str) -> int:
    return len(np.unique((_started(log, [name])[0] + 3) // 7))


def _hours(log: History, name: str, weekdays: tuple[int, ...]) -> str:
    """The hours on its days: from the first to the last with a hundredth of the starts and ends."""
    chosen = (log.step == name) & log.has_started & log.has_ended
    by_hour = np.zeros((7, 24))
    for at in (log.started_us[chosen], log.ended_us[chosen] - 1):
        day, hour = (np.asarray(each, dtype=np.int64) for each in local_day_and_hour(at, log.zone))
        weekday = (day + 3) % 7
        inside = np.isin(weekday, weekdays)
        np.add.at(by_hour, (weekday[inside], hour[inside]), 1.0)
    clock = np.flatnonzero(by_hour.sum(axis=0) >= _SELDOM * by_hour.sum())
    first, last = int(clock.min()), int(clock.max()) + 1
    names = ",".join(DAYS[day] for day in weekdays)
    return f"{names} {first:02d}:00-{last:02d}:00"


def _people(log: History, name: str) -> int:
    """The median of the people who worked on a step on a day with any."""
    chosen = (log.step == name) & log.has_started
    day = np.asarray(local_day_and_hour(log.started_us[chosen], log.zone)[0], dtype=np.int64)
    by_day: dict[int, set[str]] = defaultdict(set)
    for at, who in zip(day.tolist(), log.worker[chosen].tolist(), strict=True):
        if who is not None:
            by_day[at].add(who)
    return max(1, round(float(np.median([len(each) for each in by_day.values()])))) if by_day else 1
