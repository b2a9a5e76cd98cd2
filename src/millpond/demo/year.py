"""The year itself: workers on shift take the queue of their pool, urgent cases first, then first come first served.

A simulation of events on the clock. It knows the routes, pools and planned minutes from `service.toml` and tells what
really happened; what of that is written down is the business of `recording`.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from millpond.demo.arrivals import Case
from millpond.demo.diary import Diary
from millpond.demo.luck import chosen, lognormal, uniform
from millpond.model import LogNormal, Service
from millpond.periods import MICROSECONDS_A_MINUTE, day_of, local_us, weekday

FOLLOW_UP_DAYS: Mapping[str, int] = {"advocacy": 1, "counselling": 6}
"""How many days after a visit the next at the same step is at the earliest: nobody is seen twice on a day."""

PATIENCE_DAYS = (60.0, 60.0)
"""Mean and standard deviation of how long people wait for one visit before they give up."""
GIVES_UP_AT = (9 * 60, 18 * 60)
"""Between which minutes of the day they say so."""

LONGEST_BREAK = 3 * 24 * 60
"""Work that a closing time interrupts goes on after it, unless that is further off than these minutes."""


@dataclass
class Visit:
    """One visit as it really was. All times are minutes since 1970-01-01 UTC.

    Attributes:
        joined: when it joined the queue.
        ready: when it may be taken at the earliest.
        nth: which visit of its case at its step it is, from 1.
        worker: who took it; None while nobody has.
        minutes: what it takes in all.
    """

    joined: int
    case: Case
    step: str
    nth: int
    ready: int
    minutes: int
    started: int | None = None
    ended: int | None = None
    worker: str | None = None
    outcome: str | None = None


class Year:
    """The service at work from its first case to the end."""

    def __init__(self, service: Service, cases: Sequence[Case], diaries: Mapping[str, Diary], ends: int) -> None:
        """The diaries are by worker; nothing is known of what happens at `ends` or later."""
        self._service = service
        self._diaries = diaries
        self._ends = ends
        self._events: list[tuple[int, int, str, Visit | str]] = []
        self._queues: dict[str, list[tuple[bool, int, int, Visit]]] = {pool: [] for pool in service.pools}
        self._idle: dict[str, list[str]] = {pool: [] for pool in service.pools}
        self._busy_until: dict[str, int | None] = dict.fromkeys(diaries, 0)
        self._serial = 0
        self.visits: list[Visit] = []
        for worker, diary in diaries.items():
            self._at(diary.next_start(0), "free", worker)
        for case in cases:
            self._join(case, service.streams[case.stream].first_step, 1, case.arrived)

    def run(self) -> list[Visit]:
        """Everything that happened, in the order in which visits joined."""
        while self._events and self._events[0][0] < self._ends:
            now, _, kind, subject = heapq.heappop(self._events)
            if isinstance(subject, str):
                self._look_for_work(subject, now)
            elif kind == "ready":
                self._queue(subject, now)
            elif kind == "gives up":
                self._give_up(subject, now)
            else:
                self._finish(subject, now)
        return sorted(self.visits, key=lambda visit: (visit.joined, visit.case.name, visit.step))

    def _at(self, when: int | None, kind: str, subject: Visit | str) -> None:
        if when is not None:
            self._serial += 1
            heapq.heappush(self._events, (when, self._serial, kind, subject))

    def _join(self, case: Case, step: str, nth: int, now: int) -> None:
        visit = Visit(now, case, step, nth, now, self._takes(case, step, nth))
        if nth > 1:
            visit.ready = self._minute_of(now, FOLLOW_UP_DAYS.get(step, 0), 0)
        self.visits.append(visit)
        self._at(visit.ready, "ready", visit)
        # Before anybody has spoken to them there is nobody to tell that they no longer want to wait.
        if step != self._service.streams[case.stream].first_step:
            days = math.ceil(lognormal(*PATIENCE_DAYS, uniform("patience", case.luck, step, nth)))
            starts, ends = GIVES_UP_AT
            minute = starts + int((ends - starts) * uniform("gives up", case.luck, step, nth))
            self._at(self._minute_of(now, days, minute), "gives up", visit)

    def _takes(self, case: Case, step: str, nth: int) -> int:
        planned = self._service.steps[step].minutes
        if isinstance(planned, LogNormal):
            drawn = lognormal(planned.mean, planned.sd, uniform("minutes", case.luck, step, nth))
            return max(round(drawn), 5)
        return round(self._service.steps[step].planned_minutes or 0)

    def _queue(self, visit: Visit, now: int) -> None:
        pool = self._service.steps[visit.step].pool or ""
        self._serial += 1
        heapq.heappush(self._queues[pool], (not visit.case.urgent, visit.ready, self._serial, visit))
        for worker in tuple(self._idle[pool]):
            if self._begin(worker, now):
                self._idle[pool].remove(worker)
                return

    def _look_for_work(self, worker: str, now: int) -> None:
        until = self._busy_until[worker]
        if until is None or now < until:
            return  # work came before the shift that this event announces
        idle = self._idle[self._service.workers[worker].pool]
        if worker in idle:
            idle.remove(worker)
        if not self._begin(worker, now):
            idle.append(worker)
            self._at(self._diaries[worker].next_start(now), "free", worker)

    def _begin(self, worker: str, now: int) -> bool:
        """The worker takes whoever is first in the queue, where there is time enough left to begin."""
        queue = self._queues[self._service.workers[worker].pool]
        while queue and queue[0][3].ended is not None:
            heapq.heappop(queue)  # gave up while waiting
        diary = self._diaries[worker]
        if not queue or diary.left(now) < self._least_time(queue[0][3].step):
            return False
        visit = heapq.heappop(queue)[3]
        visit.started, visit.worker = now, worker
        closes, reopens = now + diary.left(now), diary.next_start(now)
        if reopens is None or reopens - closes > LONGEST_BREAK:
            visit.minutes = min(visit.minutes, closes - now)
        ends = diary.after(now, visit.minutes)
        self._at(ends, "done", visit)
        afterwards = self._afterwards(worker, visit.minutes, now)
        self._busy_until[worker] = None if ends is None else diary.after(ends, afterwards)
        self._at(self._busy_until[worker], "free", worker)
        return True

    def _least_time(self, step: str) -> float:
        """A session of fixed length must fit; other work is begun when half of what is planned can be done."""
        planned = self._service.steps[step].planned_minutes or 0
        return planned / 2 if isinstance(self._service.steps[step].minutes, LogNormal) else planned

    def _afterwards(self, worker: str, minutes: int, now: int) -> int:
        """The minutes that a visit costs besides: notes, calls, travel, as `minutes_per_day` leaves room for."""
        described = self._service.workers[worker]
        pool = self._service.pools[described.pool]
        week = self._service.calendar_of(described).weekly
        shift = sum(end - start for start, end in week[weekday(self._day(now))])
        direct = described.minutes_per_day or pool.minutes_per_day or shift
        return round(minutes * (shift / direct - 1))

    def _give_up(self, visit: Visit, now: int) -> None:
        if visit.started is None:
            visit.ended, visit.outcome = now, "withdrawn"

    def _finish(self, visit: Visit, now: int) -> None:
        visit.ended = now
        following = self._service.steps[visit.step].next or {"closed": 1.0}
        way = chosen(following, uniform("next", visit.case.luck, visit.step, visit.nth))
        if way in self._service.steps:
            self._join(visit.case, way, visit.nth + 1 if way == visit.step else 1, now)
        else:
            visit.outcome = way

    def _minute_of(self, at: int, days: int, minute: int) -> int:
        """The instant at which the local clock shows a minute of the day some days after an instant's."""
        return local_us(self._day(at) + days, minute, self._service.zone) // MICROSECONDS_A_MINUTE

    def _day(self, at: int) -> int:
        return day_of(at * MICROSECONDS_A_MINUTE, self._service.zone)
