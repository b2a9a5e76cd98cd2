"""Days without any visit, on which there are usually some: a hole in the records, or a closure nobody noted.

The rule: a run of days without a visit is a gap where so long an emptiness is surprising, its chance being below
1 in 1,000. What is usual is the mean of the same weekdays in the 8 weeks on either side, leaving out the run itself
and days on which the service is closed; four of them at least. Counts scatter more than by chance alone where visits
come in bursts, so the chance is that of a negative binomial whose variance exceeds its mean as much as the counts do.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import holidays

from millpond.model import Service

CHANCE = 0.001
WEEKS = 8
LEAST_WEEKS = 4
_YEARS = 40


@dataclass(frozen=True)
class Gap:
    """A run of days without a visit.

    Attributes:
        first, last: its first and last day on which visits are usual.
        expected: visits that would have been usual in it.
    """

    first: date
    last: date
    expected: float

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first} to {self.last}"


def gaps(counts: Mapping[date, int], closed_days: Collection[date] = ()) -> tuple[Gap, ...]:
    """Find the gaps between the first and the last day with a visit.

    Args:
        counts: visits that joined on each local day; a day that is absent had none.
        closed_days: days on which the service is closed; they are no gap and say nothing about what is usual.
    """
    closed = frozenset(closed_days)
    busy = sorted(day for day, count in counts.items() if count)
    near = _Near(counts, busy[0], busy[-1], closed) if busy else None
    if near is None:
        return ()
    runs = []
    for before, after in itertools.pairwise(busy):
        days = [before + timedelta(days=n) for n in _places((after - before).days)]
        usual = {day: near.usual(day, before, after) for day in days if day not in closed}
        runs.append({day: mean for day, mean in usual.items() if mean > 0})
    scatter = _scatter(counts, busy, runs, near)
    found = []
    for run in runs:
        expected = sum(run.values())
        if _chance_of_none(expected, scatter) < CHANCE:
            found.append(Gap(min(run), max(run), expected))
    return tuple(found)


def _chance_of_none(expected: float, scatter: float) -> float:
    """The chance of no visit: Poisson, or negative binomial where the variance is `scatter` times the mean."""
    if scatter <= 1 + 1e-9:
        return math.exp(-expected)
    return math.exp(-expected * math.log(scatter) / (scatter - 1))


def _scatter(counts: Mapping[date, int], busy: list[date], runs: list[dict[date, float]], near: _Near) -> float:
    """How many times its mean the variance of a day's count is; at least 1."""
    squares, days = 0.0, 0
    for day in busy:
        mean = near.usual(day, day, day) if day not in near.closed else 0.0
        if mean > 0:
            squares += (counts[day] - mean) ** 2 / mean
            days += 1
    for run in runs:
        squares += sum(run.values())  # a day without a visit is its whole mean away from it
        days += len(run)
    # The mean rests on up to 16 other days, whose own scatter adds about a sixteenth.
    return max(1.0, squares / days / (1 + 1 / (2 * WEEKS))) if days else 1.0


def _places(length: int) -> list[int]:
    """The days of a run, counted from the day before it; the middle of a very long run has nothing near it."""
    near = 7 * WEEKS
    return [*range(1, min(length, near + 1)), *range(max(near + 1, length - near), length)]


@dataclass(frozen=True)
class _Near:
    """Tells what is usual near a day."""

    counts: Mapping[date, int]
    first: date
    last: date
    closed: frozenset[date]

    def usual(self, day: date, before: date, after: date) -> float:
        """The mean of the same weekdays near a day: neither that day itself nor one between `before` and `after`."""
        near = []
        for weeks in range(-WEEKS, WEEKS + 1):
            number = day.toordinal() + 7 * weeks
            if not self.first.toordinal() <= number <= self.last.toordinal():
                continue
            other = date.fromordinal(number)
            if other != day and not before < other < after and other not in self.closed:
                near.append(self.counts.get(other, 0))
        return sum(near) / len(near) if len(near) >= LEAST_WEEKS else 0.0


def days_off(service: Service | None, first: date, last: date) -> frozenset[date]:
    """The days from the year of one date to that after another's on which a service may well be closed.

    They prove nothing. Bank holidays count on the day itself and on the day observed, because either may be kept.
    """
    if service is None:
        return frozenset()
    closed = set(service.extra_closures)
    if service.holiday_region is not None:
        country, part = service.holiday_region
        # A stray date in the year 1 must not ask for two thousand years of holidays.
        years = range(max(first.year, last.year - _YEARS), last.year + 2)
        closed |= set(holidays.country_holidays(country, subdiv=part, years=years))
    return frozenset(closed)
