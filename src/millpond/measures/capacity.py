"""Capacity: the minutes that each pool's own workers can give, from the rota or else from pools and calendars.

A worker's direct share is the pool's `minutes_per_day` over the minutes of that weekday's opening hours: of every
hour on duty, so much goes to visits. Capacity is that share of the time available, less leave, sickness, meetings and
whatever else the rota says keeps a worker away. It belongs to the worker's home pool and counts once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from millpond.measures.results import MICROSECONDS_A_MINUTE
from millpond.model import Pool, Service, Worker
from millpond.periods import Grid, Opening, calendar_key, date_of, day_of, openings, staffed, weekday
from millpond.periods.spans import Span, union, without
from millpond.records.rota import Shift

ROTA, POOL, MIXED, UNKNOWN = "rota", "pool", "mixed", "unknown"
AVAILABLE = "available"


@dataclass(frozen=True)
class Capacity:
    """The capacity of one pool in each period of a grid.

    Attributes:
        minutes: for each period the minutes available; None where nothing is known about the pool's staff.
        sources: for each period ``rota``, ``pool``, ``mixed`` or ``unknown``.
        partly_direct: for each period whether somebody's direct time is less than their time on duty, so that it is
            not known which part of the period it falls in.
    """

    minutes: tuple[float | None, ...]
    sources: tuple[str, ...]
    partly_direct: tuple[bool, ...]


def capacities(
    service: Service, rota: tuple[Shift, ...], homes: Mapping[str, str], grid: Grid, last_day: int
) -> dict[str, Capacity]:
    """The capacity of every pool of a service.

    Args:
        service: its pools, named workers, calendars and closures.
        rota: the shifts on record; days outside the dates that they cover for a pool use the pool's own figures.
        homes: the home pool of each worker (`millpond.measures.homes.homes`).
        grid: the periods.
        last_day: day number of the last day counted, the one in which the series ends.

    Returns:
        Pool to capacity.
    """
    on_rota: dict[str, dict[str, list[Shift]]] = defaultdict(lambda: defaultdict(list))
    for shift in rota:
        home = homes.get(shift.worker, shift.pool)
        if home is not None:
            on_rota[home][shift.worker].append(shift)
    staff = _Staff(service, grid, last_day)
    return {name: staff.capacity(name, on_rota.get(name, {})) for name in service.pools}


class _Staff:
    """Adds up one service's available time over one grid."""

    def __init__(self, service: Service, grid: Grid, last_day: int) -> None:
        self.service = service
        self.grid = grid
        self.days = range(grid.first_day, min(last_day, grid.last_day) + 1)
        self._openings: dict[str, tuple[tuple[Opening, ...], ...]] = {}

    def capacity(self, name: str, shifts: Mapping[str, list[Shift]]) -> Capacity:
        pool = self.service.pools[name]
        named = {key: worker for key, worker in self.service.workers.items() if worker.pool == name}
        covered = self._covered(shifts)
        count = len(self.grid.labels)
        microseconds = [0.0] * count
        partly = [False] * count
        used: list[set[str]] = [set() for _ in range(count)]
        for index, day in enumerate(self.days):
            if day in covered:
                continue
            source = POOL if staffed(pool, day).workers is not None or named else UNKNOWN
            used[self.grid.day_periods[index]].add(source)
            if self.grid.by == "hour":
                for period in self._periods_of(index):
                    used[period].add(source)
            for key, share, number in self._on_duty(pool, named, day):
                for span in self._opened(key, day) if number else ():
                    self._add(microseconds, span, index, share * number)
                    self._mark(partly, index, share)
        for index, span, share in self._rostered(pool, shifts):
            self._add(microseconds, span, index, share)
            self._mark(partly, index, share)
        for day in covered:
            for period in self._periods_of(day - self.grid.first_day):
                used[period].add(ROTA)
        minutes = tuple(
            None if UNKNOWN in sources else round(amount / MICROSECONDS_A_MINUTE, 6)
            for amount, sources in zip(microseconds, used, strict=True)
        )
        return Capacity(minutes, tuple(_named_source(sources) for sources in used), tuple(partly))

    def _covered(self, shifts: Mapping[str, list[Shift]]) -> range:
        """The counted days from the first to the last on which the rota has anybody available.

        Absences alone are no rota: who would otherwise be in is not known from them.
        """
        on = [shift for of_worker in shifts.values() for shift in of_worker if shift.kind == AVAILABLE]
        on = [shift for shift in on if shift.starts_us < shift.ends_us]
        if not on:
            return range(0)
        zone = self.service.zone
        first = min(day_of(shift.starts_us, zone) for shift in on)
        last = max(day_of(shift.ends_us - 1, zone) for shift in on)
        return range(max(first, self.days.start), min(last + 1, self.days.stop))

    def _on_duty(self, pool: Pool, named: Mapping[str, Worker], day: int) -> Iterator[tuple[str, float, float]]:
        """Who is on duty on an open day: their calendar, the share of it that is direct time, and how many."""
        on_the_day = staffed(pool, day)
        present = [worker for worker in named.values() if worker.is_here(date_of(day))]
        places = len(present) if on_the_day.workers is None else on_the_day.workers
        # The pool's number of workers holds, in whole-time places: names beyond it share them, places beyond the
        # names are held by somebody unnamed.
        for worker in present:
            yield *self._terms(on_the_day, worker, day), min(places / len(present), 1.0)
        yield *self._terms(on_the_day, None, day), max(places - len(present), 0.0)

    def _terms(self, on_the_day: Pool, worker: Worker | None, day: int) -> tuple[str, float]:
        """The calendar that somebody keeps, and the share of it that is direct time on a day."""
        own = worker.calendar if worker else None
        key = calendar_key(self.service, own or on_the_day.calendar)
        minutes = worker.minutes_per_day if worker else None
        return key, self._share(key, on_the_day.minutes_per_day if minutes is None else minutes, day)

    def _rostered(self, pool: Pool, shifts: Mapping[str, list[Shift]]) -> Iterator[tuple[int, Span, float]]:
        """The time that a rota leaves available, cut at midnights, with the share of it that is direct time."""
        for name, of_worker in shifts.items():
            on = union((shift.starts_us, shift.ends_us) for shift in of_worker if shift.kind == AVAILABLE)
            off = union((shift.starts_us, shift.ends_us) for shift in of_worker if shift.kind != AVAILABLE)
            for start, end in without(on, off):
                for index, span in self._by_day((start, end)):
                    day = self.days[index]
                    on_the_day = staffed(pool, day)
                    yield index, span, self._terms(on_the_day, self.service.workers.get(name), day)[1]

    def _share(self, calendar: str, minutes_per_day: float | None, day: int) -> float:
        if minutes_per_day is None:
            return 1.0
        week = [sum(end - start for start, end in spans) for spans in self.service.effective_calendars[calendar].weekly]
        open_days = [minutes for minutes in week if minutes]
        # A rota may have people in on a weekday on which the calendar is closed: the usual day stands in for it.
        usual = week[weekday(day)] or (sum(open_days) / len(open_days) if open_days else 0)
        return min(minutes_per_day / usual, 1.0) if usual else 0.0

    def _opened(self, key: str, day: int) -> tuple[Opening, ...]:
        if key not in self._openings:
            self._openings[key] = openings(self.service, key, self.days.start, self.days.stop - 1)
        return self._openings[key][day - self.days.start]

    def _by_day(self, span: Span) -> Iterator[tuple[int, Span]]:
        starts = self.grid.day_starts_us
        ends = (*starts[1:], self.grid.starts_us[-1])
        index = max(bisect_right(starts, span[0]) - 1, 0)
        while index < len(self.days) and starts[index] < span[1]:
            piece = (max(span[0], starts[index]), min(span[1], ends[index]))
            if piece[0] < piece[1]:
                yield index, piece
            index += 1

    def _periods_of(self, index: int) -> range:
        following = self.grid.day_periods[index + 1] if index + 1 < len(self.grid.day_periods) else None
        base = self.grid.day_periods[index]
        if self.grid.by != "hour":
            return range(base, base + 1)
        return range(base, len(self.grid.labels) if following is None else following)

    def _mark(self, partly: list[bool], index: int, share: float) -> None:
        if share < 1:
            for period in self._periods_of(index):
                partly[period] = True

    def _add(self, microseconds: list[float], span: Span, index: int, factor: float) -> None:
        if self.grid.by != "hour":
            microseconds[self.grid.day_periods[index]] += (span[1] - span[0]) * factor
            return
        for period in self._periods_of(index):
            start, end = self.grid.starts_us[period], self.grid.starts_us[period + 1]
            overlap = min(end, span[1]) - max(start, span[0])
            if overlap > 0:
                microseconds[period] += overlap * factor


def _named_source(sources: set[str]) -> str:
    if UNKNOWN in sources or not sources:
        return UNKNOWN
    return MIXED if len(sources) > 1 else next(iter(sources))
