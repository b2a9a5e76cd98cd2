"""Local days, opening hours and working time in whole milliseconds from the midnight that begins the first day.

Days are numbered from 0, the first one. Who works in the hours is not known here.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil

from millpond.model import Service
from millpond.periods import calendar_key, day_number, day_of, local_us, moment_of, openings

HOUR = 3_600_000
DAY = 24 * HOUR
Span = tuple[int, int]


def milliseconds(minutes: float) -> int:
    """Minutes as whole milliseconds, half a millisecond up."""
    return int(minutes * 60_000 + 0.5)


class Clock:
    """The local clock of a service from a first day on.

    Args:
        service: gives the zone, the calendars and the closures.
        first_day: the day numbered 0.
        days: how many days the run lasts.
        beyond: for how many days after it the hours are known; working time is not looked for after those.
    """

    def __init__(self, service: Service, first_day: date, days: int, beyond: int = 90) -> None:
        self.service, self.first_day, self.days = service, first_day, days
        self.known_days = days + beyond
        self._zero_us = local_us(day_number(first_day), 0, service.zone)
        self._openings: dict[tuple[str, int], list[Span]] = {}

    def date(self, day: int) -> date:
        return self.first_day + timedelta(days=day)

    def number(self, day: int) -> int:
        """Days since 1970-01-01."""
        return day_number(self.date(day))

    def at(self, day: int, minute: int) -> int:
        """The instant at which the wall clock shows a minute of a day."""
        return (local_us(self.number(day), minute, self.service.zone) - self._zero_us) // 1000

    def midnight(self, day: int) -> int:
        return self.at(day, 0)

    @property
    def end(self) -> int:
        """The instant at which the run ends."""
        return self.midnight(self.days)

    def day(self, ms: int) -> int:
        """The day in which an instant falls."""
        return day_of(self._zero_us + ms * 1000, self.service.zone) - self.number(0)

    def hours(self, day: int) -> list[tuple[int, int, int]]:
        """The elapsed hours of a day: start, end, and the local hour of the week (Monday 00:00 is 0) at its start."""
        found = []
        start, end = self.midnight(day), self.midnight(day + 1)
        while start < end:
            shown = moment_of(self._zero_us + start * 1000, self.service.zone)
            found.append((start, min(start + HOUR, end), shown.weekday() * 24 + shown.hour))
            start += HOUR
        return found

    def openings(self, calendar: str | None, day: int) -> list[Span]:
        """The opening hours of a calendar (None: the service's only one) on a day."""
        key = (calendar_key(self.service, calendar), day)
        if key not in self._openings:
            (spans,) = openings(self.service, key[0], self.number(day), self.number(day))
            self._openings[key] = [((o - self._zero_us) // 1000, (c - self._zero_us) // 1000) for o, c in spans]
        return self._openings[key]

    def openings_of_pool(self, pool: str | None, day: int) -> list[Span]:
        """The opening hours of a pool on a day, on paper; of no pool, of the service's first calendar."""
        calendar = None if pool is None else self.service.pools[pool].on(self.date(day)).calendar
        return self.openings(calendar, day)

    def after_working_time(self, pool: str | None, start: int, length: int) -> int | None:
        """The first instant at which so much working time of a pool has passed; None where it is not known."""
        if length == 0:
            return start
        for day in range(self.day(start), self.known_days):
            for opens, closes in self.openings_of_pool(pool, day):
                begins = max(opens, start)
                if begins < closes:
                    if length <= closes - begins:
                        return begins + length
                    length -= closes - begins
        return None

    def after_working_days(self, pool: str | None, start: int, count: float) -> int | None:
        """The same time of day on the working day that is so many after the day of an instant.

        The day itself does not count; a part of a day counts as one. None where it is not known.
        """
        first, left = self.day(start), ceil(count)
        for day in range(first + 1, self.known_days):
            left -= bool(self.openings_of_pool(pool, day))
            if left == 0:
                shown = moment_of(self._zero_us + start * 1000, self.service.zone)
                within = ((shown.minute * 60 + shown.second) * 1000) + shown.microsecond // 1000
                return self.at(day, shown.hour * 60) + within
        return None
