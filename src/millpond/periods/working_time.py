"""Working time of a pool: how many microseconds of opening hours lie between two instants.

The answer is two look-ups in a table of cumulative working time by day, corrected within the day, so that no query
ever joins on a range. Clock changes are in the table: opening hours are instants, not wall-clock times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from millpond.model import Pool, Service
from millpond.periods.days import date_of, local_us, weekday
from millpond.periods.holidays import closed_dates
from millpond.periods.staffing import staffed

Opening = tuple[int, int]
"""An opening, as the instants at which it begins and ends."""


@dataclass(frozen=True)
class WorkingTime:
    """The openings of one pool of staff over a span of local days.

    Attributes:
        first_day: the day number of the first day covered.
        openings: for each covered day its openings, in order and apart.
    """

    first_day: int
    openings: tuple[tuple[Opening, ...], ...]

    @cached_property
    def worked_us(self) -> npt.NDArray[np.int64]:
        """The working time of each covered day, in microseconds."""
        return np.array([sum(end - start for start, end in day) for day in self.openings], dtype=np.int64)

    @cached_property
    def before_us(self) -> npt.NDArray[np.int64]:
        """The working time before each covered day, and after the last: one longer than the days."""
        return np.concatenate(([0], np.cumsum(self.worked_us))).astype(np.int64)

    @cached_property
    def days_before(self) -> npt.NDArray[np.int64]:
        """How many working days lie before each covered day, and after the last."""
        return np.concatenate(([0], np.cumsum(self.worked_us > 0))).astype(np.int64)

    def until(self, us: int, day: int) -> int:
        """The working time from the first covered day to an instant.

        Args:
            us: the instant, microseconds since 1970-01-01 UTC.
            day: the local day in which it falls, a covered one or the day after the last.
        """
        index = day - self.first_day
        within = sum(min(max(us - start, 0), end - start) for start, end in self._openings_at(index))
        return int(self.before_us[index]) + within

    def is_open(self, day: int) -> bool:
        """Whether a covered local day has any opening."""
        return bool(self._openings_at(day - self.first_day))

    def worked_between(self, first_us: int, last_us: int, day: int) -> int:
        """The working time between two instants of one local day."""
        return self.until(last_us, day) - self.until(first_us, day)

    def deadline_day(self, day: int, working_days: int) -> int | None:
        """The last of so many working days after a day; None where it lies beyond the days covered.

        The day itself does not count: one working day after a Friday is the Monday.
        """
        reached = self.days_before[day - self.first_day + 1] + working_days
        index = int(np.searchsorted(self.days_before, reached, side="left"))
        return self.first_day + index - 1 if index < len(self.days_before) else None

    def _openings_at(self, index: int) -> tuple[Opening, ...]:
        return self.openings[index] if index < len(self.openings) else ()


def working_time(service: Service, pool: Pool, first_day: int, last_day: int) -> WorkingTime:
    """The openings of a pool over a span of local days, both ends covered.

    Args:
        service: gives the zone, the bank holidays and the closures.
        pool: whose calendar, which may change from a date on.
        first_day: day number of the first day.
        last_day: day number of the last day.
    """
    days = range(first_day, last_day + 1)
    keys = [calendar_key(service, staffed(pool, day).calendar) for day in days]
    by_calendar = {key: openings(service, key, first_day, last_day) for key in set(keys)}
    return WorkingTime(first_day, tuple(by_calendar[key][index] for index, key in enumerate(keys)))


def openings(service: Service, key: str, first_day: int, last_day: int) -> tuple[tuple[Opening, ...], ...]:
    """The openings of one of a service's calendars on each local day from the first to the last."""
    calendar = service.effective_calendars[key]
    closed = closed_dates(service, calendar, date_of(first_day).year, date_of(last_day).year)
    return _opened(calendar.weekly, closed, service.zone, first_day, last_day)


def calendar_key(service: Service, named: str | None) -> str:
    """The calendar that a pool or worker keeps: the one it names, else the service's only one."""
    return named if named is not None else next(iter(service.effective_calendars))


@lru_cache(maxsize=64)
def _opened(
    weekly: tuple[tuple[tuple[int, int], ...], ...],
    closed: frozenset[date],
    zone: ZoneInfo,
    first_day: int,
    last_day: int,
) -> tuple[tuple[Opening, ...], ...]:
    """The openings of each day; kept, because plans and staffings keep the same hours on the same days."""
    return tuple(
        () if date_of(day) in closed else _openings(weekly[weekday(day)], day, zone)
        for day in range(first_day, last_day + 1)
    )


def _openings(hours: tuple[tuple[int, int], ...], day: int, zone: ZoneInfo) -> tuple[Opening, ...]:
    spans = ((local_us(day, start, zone), local_us(day, end, zone)) for start, end in hours)
    # A clock change can swallow a span whole: what it leaves empty is no opening.
    return tuple((start, end) for start, end in spans if start < end)
