"""How often people are away on days on which they should be there.

A day without records tells nothing by itself: there may have been nothing to do. A day is *telling* for somebody where
as many visits waited as the pool opened as there are people who could have taken them: whoever was there took one. What
waits in the morning does not depend on who comes that day, so that the share of telling days without records is the
share of days away. Five telling days away in a row or more are leave, which a rota tells, and not absence; a day off
that comes every week is neither. It takes records of when visits join. Where cases stay with one worker it
cannot be told: what waits may wait for somebody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from millpond.calibration.fitting.attendance import Attendance
from millpond.calibration.fitting.history import UNKNOWN, History
from millpond.calibration.fitting.part_time import DayOff

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
LEAVE_DAYS = 5
_STAYS = 0.5


@dataclass(frozen=True)
class Away:
    """How often the people of a pool were away.

    Attributes:
        telling: days of single people on which it can be told.
        absent: of these, how many they were away for less than a week.
        leave: of these, how many they were away for longer.
    """

    telling: int
    absent: int
    leave: int


def away(
    log: History,
    attendance: Attendance,
    off: dict[str, tuple[DayOff, ...]],
    steps: Collection[str],
    joined_us: Ints,
) -> Away:
    """How often the people of a pool were away.

    Args:
        log: the visits.
        attendance: of the pool.
        off: the weekdays off of its people.
        steps: of the pool.
        joined_us: when each visit joined; `UNKNOWN` where that is not known.
    """
    telling = absent = leave = 0
    takers = _takers(log, steps, attendance)
    for who, here in attendance.here.items():
        mine = sorted(name for name, people in takers.items() if who in people)
        rivals = set().union(*(takers[name] for name in mine)) if mine else set()
        waiting = _waiting_at(log, mine, joined_us, attendance.opens_us)
        weekday_off = np.isin(attendance.weekday, [each.weekday for each in off.get(who, ())])
        should = attendance.on_books[who] & ~weekday_off
        tells = should & (waiting >= max(len(rivals), 1))
        gone = _in_runs(~here[should])
        away_days, long = tells[should] & ~here[should], gone >= LEAVE_DAYS
        telling += int(tells.sum())
        absent += int((away_days & ~long).sum())
        leave += int((away_days & long).sum())
    return Away(telling, absent, leave)


def stays_with_worker(log: History, steps: Collection[str]) -> bool:
    """Whether the cases of a pool stay with one worker: far more often than who works there explains."""
    here = np.isin(log.step, list(steps))
    again = alike = 0
    counts: Counter[str] = Counter()
    for places in log.by_case.values():
        seen = [log.worker[place] for place in places if here[place] and log.worker[place] is not None]
        counts.update(seen)
        again += max(len(seen) - 1, 0)
        alike += sum(one == other for one, other in pairwise(seen))
    if not again or len(counts) < 2:
        return False
    chance = sum((count / counts.total()) ** 2 for count in counts.values())
    return (alike / again - chance) / (1 - chance) >= _STAYS


def _takers(log: History, steps: Collection[str], attendance: Attendance) -> dict[str, set[str]]:
    """Who took visits at each step."""
    found: dict[str, set[str]] = {name: set() for name in steps}
    for who, places in log.by_worker.items():
        for name in {log.step[place] for place in places} & set(steps):
            found[name].add(who)
    return found


def _waiting_at(log: History, steps: Collection[str], joined_us: Ints, at_us: Ints) -> Ints:
    """How many visits waited at some steps at each of some instants."""
    here = np.isin(log.step, list(steps)) & (joined_us != UNKNOWN)
    far = np.iinfo(np.int64).max
    until = np.where(log.has_started, log.started_us, np.where(log.has_ended, log.ended_us, far))
    joined, gone = np.sort(joined_us[here]), np.sort(until[here])
    return np.searchsorted(joined, at_us, side="left") - np.searchsorted(gone, at_us, side="left")


def _in_runs(missing: Bools) -> Ints:
    """For each day the length of the run of missed days to which it belongs; 0 for days that were not missed."""
    if not len(missing):
        return np.zeros(0, dtype=np.int64)
    run = np.cumsum(np.append(True, missing[1:] != missing[:-1])) - 1
    return np.where(missing, np.bincount(run)[run], 0)
