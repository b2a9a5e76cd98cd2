"""Who was seen in time: visits counted on the day on which their limit runs out, whether or not anybody has seen them.

A share of the visits that started counts survivors only: who still waits, or left unseen, is missing from it. Here each
visit that joins within the days is counted once, on the day of its limit: as seen where its work began by then, and
else as not seen, be it begun late, waiting still, or gone. Visits that were there at the start are not counted, because
those of their time that were seen before are not there to be counted beside them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from pydantic_core import PydanticCustomError

from millpond.errors import WrongUse
from millpond.model.duration import Unit, length_of_time
from millpond.periods import WorkingTime, working_time
from millpond.simulation.figures import Figures, Reading
from millpond.simulation.logged import Log, Visits
from millpond.simulation.replication import Replication

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_MS = {"minutes": 60_000, "hours": 3_600_000}
_DAYS = {"days": 1, "weeks": 7, "working days": 1}


@dataclass(frozen=True)
class Limit:
    """How long somebody may wait to be seen.

    Attributes:
        amount: how many of the unit.
        unit: minutes, hours, days, weeks or working days; days and weeks run to the end of their last day.
        is_opening_time: of minutes and hours, whether only opening hours of the step's pool count.
    """

    amount: float
    unit: Unit
    is_opening_time: bool = False

    @classmethod
    def parse(cls, text: str) -> Limit:
        """Reads a limit such as ``5 working days`` or ``4 working hours``.

        Raises:
            WrongUse: it is no length of time that can be counted.
        """
        plain, opening = re.subn(r"\bworking\s+(?=(?:hours?|minutes?|mins?)\b)", "", text, flags=re.IGNORECASE)
        try:
            amount, unit = length_of_time(plain)
        except PydanticCustomError as error:
            told = error.context or {}
            raise WrongUse(f"The limit of the promise {told['what']}.\n{told['cure']}") from None
        if unit in _DAYS and amount != int(amount):
            raise WrongUse(
                f"The limit of the promise is {text.strip()}: days are counted whole.\nWrite whole days, or hours."
            )
        return cls(amount, unit, bool(opening))

    def describe(self) -> str:
        """The limit in words: ``5 working days``, ``4 working hours``, ``1 day``."""
        unit = self.unit[:-1] if self.amount == 1 else self.unit
        return f"{self.amount:.12g} {'working ' if self.is_opening_time else ''}{unit}"


@dataclass(frozen=True, eq=False)
class SeenFigures(Figures):
    """What one replication comes to, with who was seen in time.

    Attributes:
        due: steps x days: visits whose limit ran out in the day.
        timely: steps x days: those of them whose work began by then.
    """

    due: Floats
    timely: Floats


@dataclass(frozen=True, eq=False)
class SeenReading(Reading):
    """Reads who was seen in time too, which takes the visits one by one.

    Attributes:
        limit: how long somebody may wait; None where nobody asks.
    """

    limit: Limit | None = None
    logs: bool = True

    def figures(self, replication: Replication) -> SeenFigures:
        """The figures of one replication."""
        due, timely = self._counted(replication.log)
        return SeenFigures(**vars(super().figures(replication)), due=due, timely=timely)

    def _counted(self, log: Log) -> tuple[Floats, Floats]:
        steps, days = len(self.tables.names.steps), self.tables.horizon.until
        due, timely = np.zeros((steps, days)), np.zeros((steps, days))
        for visits in log.visits_by_part():
            self._count(visits, due, timely)
        return due, timely

    def _count(self, visits: Visits, due: Floats, timely: Floats) -> None:
        """Adds visits to those whose limit ran out in each day, and to those of them who were seen by then."""
        days = self.tables.horizon.until
        for place, name in enumerate(self.tables.names.steps):
            pool = self.tables.service.steps[name].pool
            if pool is None:
                continue
            of_step = visits.taken((visits.step == place) & (visits.joined >= 0))
            last, in_time = self._limits(pool, of_step.joined, of_step.started)
            inside = last < days
            due[place] += np.bincount(last[inside], minlength=days)
            timely[place] += np.bincount(last[inside & in_time], minlength=days)

    def _limits(self, pool: str, joined: Ints, started: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
        """For each visit the day of its limit, and whether it was seen by then."""
        limit = self.limit
        assert limit is not None
        seen = started >= 0
        if limit.unit in _DAYS:
            last = self._last_days[pool][self._day_of(joined)]
            return last, seen & (self._day_of(started) <= last)
        most = round(limit.amount * _MS[limit.unit])
        if not limit.is_opening_time:
            return self._day_of(joined + most), seen & (started - joined <= most)
        times, worked = self._openings[pool]
        began = np.interp(joined, times, worked)
        in_time = seen & (np.interp(started, times, worked) - began <= most)
        # The first instant at which so much of the opening hours has passed.
        place = np.searchsorted(worked, began + most, side="left")
        reached = np.where(place < len(times), 0, self._starts[-1])
        inside = place < len(times)
        at = np.minimum(place, len(times) - 1)
        reached[inside] = (times[at] - (worked[at] - began - most))[inside].astype(np.int64)
        return self._day_of(reached), in_time

    @cached_property
    def _last_days(self) -> dict[str, Ints]:
        """For each pool and each day on which a visit joins, the last day on which its start is in time."""
        return {pool: self._last_days_of(pool) for pool in self.tables.service.pools}

    def _last_days_of(self, pool: str) -> Ints:
        limit, horizon = self.limit, self.tables.horizon
        assert limit is not None
        count = int(limit.amount) * _DAYS[limit.unit]
        if limit.unit != "working days":
            return np.minimum(np.arange(horizon.days) + count, horizon.days)
        opened = self._working(pool)
        found = [opened.deadline_day(horizon.first_day + day, count) for day in range(horizon.days)]
        return np.array([horizon.days if day is None else day - horizon.first_day for day in found], dtype=np.int64)

    def first_day_due(self, pool: str) -> int:
        """The day of the limit of a visit that joins as the first day begins."""
        start = np.zeros(1, dtype=np.int64)
        return int(self._limits(pool, start, start)[0][0])

    @cached_property
    def _starts(self) -> Ints:
        return self.tables.horizon.day_starts_ms

    def _day_of(self, at: Ints) -> Ints:
        return np.asarray(np.searchsorted(self._starts, at, side="right") - 1, dtype=np.int64)

    def _working(self, pool: str) -> WorkingTime:
        horizon, service = self.tables.horizon, self.tables.service
        return working_time(service, service.pools[pool], horizon.first_day, horizon.first_day + horizon.days - 1)

    @cached_property
    def _openings(self) -> dict[str, tuple[Floats, Floats]]:
        """For each pool the ends of its openings, in milliseconds from the start, and the opening time until then."""
        origin, found = self.tables.horizon.origin_us, {}
        for pool in self.tables.service.pools:
            times, worked, total = [0.0], [0.0], 0.0
            for day in self._working(pool).openings:
                for start, end in day:
                    length = (end - start) // 1000
                    times += [(start - origin) // 1000, (end - origin) // 1000]
                    worked += [total, total + length]
                    total += length
            found[pool] = np.array(times, dtype=np.float64), np.array(worked)
        return found
