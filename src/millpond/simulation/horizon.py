"""The days that a simulation covers, as milliseconds from the midnight that begins the first of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from millpond.model import Service
from millpond.periods import date_of, local_us, moment_of, openings

Stretch = tuple[int, int]
_HOUR_MS = 3_600_000


@dataclass(frozen=True, eq=False)
class Horizon:
    """A span of local days.

    Attributes:
        first_day: day number of the first day.
        days: how many days there are tables for: those simulated, and some beyond in which work may end.
        until: how many of them are simulated.
        arrivals_until: for how many of them cases arrive.
        zone: the service's time zone.
    """

    first_day: int
    days: int
    until: int
    arrivals_until: int
    zone: ZoneInfo
    _openings: dict[str, tuple[tuple[Stretch, ...], ...]] = field(default_factory=dict)
    kept: dict[str, tuple[Service, Any]] = field(default_factory=dict)
    """What has been worked out for these days from a service, by name, so that it is worked out once."""

    @cached_property
    def origin_us(self) -> int:
        """The midnight that begins the first day, microseconds since 1970-01-01 UTC."""
        return local_us(self.first_day, 0, self.zone)

    def date(self, index: int) -> date:
        """The date of a day by its index."""
        return date_of(self.first_day + index)

    @cached_property
    def day_starts_ms(self) -> npt.NDArray[np.int64]:
        """When each day begins, and when the last ends: one longer than `days`."""
        origin = self.origin_us
        starts = [local_us(self.first_day + index, 0, self.zone) - origin for index in range(self.days + 1)]
        return np.array(starts, dtype=np.int64) // 1000

    def local_hours(self) -> dict[str, npt.NDArray[np.int64]]:
        """Which local hour each elapsed hour of a day is, and when each local hour of a day begins.

        Returns:
            `local_hour`, 25 for each day; `hour_start`, 24 for each day, in milliseconds. An hour that the clocks leave
            out begins where the next one does.
        """
        starts = self.day_starts_ms
        local = np.tile(np.minimum(np.arange(25), 23), (self.days, 1))
        begins = starts[:-1, None] + np.arange(24)[None, :] * _HOUR_MS
        for day in np.flatnonzero(np.diff(starts) != 24 * _HOUR_MS):
            hours = [self.origin_us + (int(starts[day]) + hour * _HOUR_MS) * 1000 for hour in range(25)]
            local[day] = [moment_of(at, self.zone).hour for at in hours]
            clock = [local_us(self.first_day + int(day), hour * 60, self.zone) for hour in range(24)]
            begins[day] = [(at - self.origin_us) // 1000 for at in clock]
        return {"local_hour": local.ravel().astype(np.int64), "hour_start": begins.ravel().astype(np.int64)}

    def opened(self, service: Service, key: str) -> tuple[tuple[Stretch, ...], ...]:
        """The openings of one of the service's calendars on each day, in milliseconds."""
        if key not in self._openings:
            origin = self.origin_us
            spans = openings(service, key, self.first_day, self.first_day + self.days - 1)
            self._openings[key] = tuple(
                tuple(((start - origin) // 1000, (end - origin) // 1000) for start, end in day) for day in spans
            )
        return self._openings[key]
