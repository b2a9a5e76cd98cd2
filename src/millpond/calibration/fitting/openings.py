"""The openings of a pool as instants one after another: working time between two instants, and the next opening."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millpond.model import Service
from millpond.periods import day_of, working_time

Ints = npt.NDArray[np.int64]
DAY_US = 86_400_000_000


@dataclass(frozen=True, eq=False)
class Openings:
    """Openings in order and apart; what lies before the first and after the last counts as closed.

    Attributes:
        starts, ends: instants, microseconds since 1970-01-01 UTC.
    """

    starts: Ints
    ends: Ints

    def until(self, us: Ints) -> Ints:
        """The working time before each instant, microseconds."""
        before = np.concatenate(([0], np.cumsum(self.ends - self.starts)))
        place = np.searchsorted(self.starts, us, side="right")
        last = np.maximum(place - 1, 0)
        within = np.clip(us - self.starts[last], 0, self.ends[last] - self.starts[last])
        return np.where(place > 0, before[last] + within, 0).astype(np.int64)

    def worked(self, first_us: Ints, last_us: Ints) -> Ints:
        """The working time between instants, microseconds."""
        return self.until(last_us) - self.until(first_us)

    def is_open(self, us: int) -> bool:
        """Whether it is open at an instant; at the instant of closing it is not."""
        place = int(np.searchsorted(self.starts, us, side="right")) - 1
        return place >= 0 and us < self.ends[place]

    def next_open(self, us: int) -> int:
        """The first instant from this one on at which it is open; the instant itself where there is none."""
        place = int(np.searchsorted(self.starts, us, side="right")) - 1
        if place >= 0 and us < self.ends[place]:
            return us
        return int(self.starts[place + 1]) if place + 1 < len(self.starts) else us

    def last_close(self, us: int) -> int:
        """The last closing at or before an instant; 0 where there is none."""
        place = int(np.searchsorted(self.ends, us, side="right")) - 1
        return int(self.ends[place]) if place >= 0 else 0

    @property
    def is_always(self) -> bool:
        """Whether it never closes."""
        return bool(len(self.starts) and np.all(self.starts[1:] == self.ends[:-1]))


def openings_of(service: Service, first_us: int, last_us: int) -> dict[str, Openings]:
    """The openings of each pool of a service from the day before one instant to a month after another."""
    first, last = day_of(first_us, service.zone) - 1, day_of(last_us, service.zone) + 31
    found = {}
    for name, pool in service.pools.items():
        spans = [span for day in working_time(service, pool, first, last).openings for span in day]
        flat = np.array(sorted(spans), dtype=np.int64).reshape(-1, 2)
        found[name] = Openings(flat[:, 0].copy(), flat[:, 1].copy())
    return found


def never_closed(first_us: int, last_us: int) -> Openings:
    """One opening over all that matters."""
    return Openings(np.array([first_us - DAY_US]), np.array([last_us + 400 * DAY_US]))
