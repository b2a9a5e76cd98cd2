"""On which of a pool's days each of its people did anything, as far as visits tell.

Somebody belongs to the pool where they took most visits, and is on its books from their first recorded day to their
last. A day on which a visit of theirs was under way counts as worked, wherever it was. Days on which nobody of a whole
service did anything, where three or more are on its books, were closed for all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from millpond.calibration.fitting.history import UNKNOWN, History
from millpond.calibration.names import is_person
from millpond.model import Service
from millpond.periods import working_time
from millpond.records.zones import local_day_and_hour

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
FEWEST_DAYS, OFTEN = 20, 0.1
"""Who was there on fewer days, or on a smaller share of the days on the books, lends a hand and is not of the pool."""
_FEWEST_PEOPLE = 3


@dataclass(frozen=True, eq=False)
class Attendance:
    """A pool's people and its open days.

    Attributes:
        days: the numbers of the days on which it was open.
        opens_us: when it opened on each.
        here: for each person on which of the days they did anything.
        on_books: for each person whether the day lies strictly between their first recorded day and their last.
        closed: how many days were left out because nobody of the service did anything.
    """

    days: Ints
    opens_us: Ints
    here: Mapping[str, Bools]
    on_books: Mapping[str, Bools]
    closed: int

    @property
    def weekday(self) -> Ints:
        """The weekday of each day, Monday = 0."""
        return np.asarray((self.days + 3) % 7)

    @property
    def people(self) -> float:
        """The median of the people on the books on a day; 0 where there is nobody."""
        if not self.on_books or not len(self.days):
            return 0.0
        counts = np.sum(list(self.on_books.values()), axis=0)
        return float(np.median(counts[counts > 0])) if (counts > 0).any() else 0.0

    @property
    def fewest(self) -> int:
        """The lower end of the 95% interval of the median of the people who did anything on a day, of days with any.

        It is an order statistic (David and Nagaraja, "Order statistics", 2003): so many people at least there must be.
        """
        counts = np.sum(list(self.here.values()), axis=0)
        ordered = np.sort(counts[counts > 0])
        return int(ordered[int(stats.binom.ppf(0.025, len(ordered), 0.5))]) if len(ordered) else 0

    @property
    def most(self) -> int:
        """The most people who were on the books on one day: more there were not, but for who never did anything."""
        return int(np.sum(list(self.on_books.values()), axis=0).max(initial=0))

    def share_here(self, off: Mapping[str, Collection[int]]) -> float:
        """On which share of their days on the books people did anything.

        Args:
            off: the weekdays off of those who have any, which do not count.
        """
        there = due = 0
        for who, here in self.here.items():
            should = self.on_books[who] & ~np.isin(self.weekday, list(off.get(who, ())))
            there, due = there + int((here & should).sum()), due + int(should.sum())
        return there / due if due else 0.0


def attendances(log: History, drafted: Service) -> dict[str, Attendance]:
    """The attendance of each pool with named people.

    Args:
        log: the visits.
        drafted: the service, with its pools and calendars.
    """
    worked, homes = _worked(log, drafted)
    if not worked:
        return {}
    first = min(min(days) for days in worked.values())
    last = max(max(days) for days in worked.values())
    busy = set().union(*worked.values())
    found = {}
    for name, pool in drafted.pools.items():
        openings = working_time(drafted, pool, first, last).openings
        opened = [first + index for index, each in enumerate(openings) if each]
        staff = {who: days for who, days in worked.items() if homes[who] == name}
        usual = {who: days for who, days in staff.items() if _belongs(days, opened)}
        if not usual:
            continue
        kept = [day for day in opened if day in busy or len(worked) < _FEWEST_PEOPLE]
        days = np.array(kept, dtype=np.int64)
        found[name] = Attendance(
            days=days,
            opens_us=np.array([openings[day - first][0][0] for day in kept], dtype=np.int64),
            here={who: np.isin(days, list(at)) for who, at in usual.items()},
            on_books={who: (days > min(at)) & (days < max(at)) for who, at in usual.items()},
            closed=len(opened) - len(kept),
        )
    return found


def _belongs(days: set[int], opened: list[int]) -> bool:
    spanned = sum(min(days) <= day <= max(days) for day in opened)
    return len(days) >= FEWEST_DAYS and len(days) >= OFTEN * spanned


def _worked(log: History, drafted: Service) -> tuple[dict[str, set[int]], dict[str, str]]:
    """The days on which each person did anything, and the pool in which they took most visits."""
    starts = np.where(log.has_started, log.started_us, 0)
    ends = np.where(log.ended_us == UNKNOWN, starts, log.ended_us)
    first, last = (np.asarray(local_day_and_hour(at, log.zone)[0], dtype=np.int64) for at in (starts, ends))
    for_days = _going_on_for_days(log, first, last)
    worked: dict[str, set[int]] = defaultdict(set)
    taken: dict[str, Counter[str]] = defaultdict(Counter)
    for who, places in log.by_worker.items():
        if not is_person(who):
            continue
        for place in places:
            step = drafted.steps.get(log.step[place])
            if step is not None and step.pool is not None:
                taken[who][step.pool] += 1
                begun, over = int(first[place]), int(last[place])
                worked[who].update(range(begun, over + 1) if log.step[place] in for_days else (begun, over))
    homes = {who: min(pools, key=lambda pool: (-pools[pool], pool)) for who, pools in taken.items()}
    return dict(worked), homes


def _going_on_for_days(log: History, first: Ints, last: Ints) -> frozenset[str]:
    """The steps at which half of the visits or more do not end on the day after they began or sooner."""
    done = log.has_started & log.has_ended
    names, step = np.unique(log.step[done].astype(str), return_inverse=True)
    long = (last - first)[done] > 1
    share = np.bincount(step, weights=long, minlength=len(names)) / np.maximum(np.bincount(step), 1)
    return frozenset(name for name, each in zip(names.tolist(), share.tolist(), strict=True) if each >= 0.5)
