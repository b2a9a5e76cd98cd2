"""The four measures worked out the slow way, straight from their definitions: the answer to compare with.

It shares no code with the product but the service's values. Time is counted minute by minute on the local clock of
the pool, fractions are exact, and every visit is looked at by itself.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from millpond.model import Service

MINUTE = 60_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Flow:
    demand: int = 0
    activity: Fraction = field(default_factory=Fraction)
    withdrawn: int = 0


class Oracle:
    """Answers for one service and one log; all instants are whole minutes, given in microseconds."""

    def __init__(self, service: Service, visits: list[dict[str, Any]], as_of_us: int) -> None:
        self.service = service
        self.zone = ZoneInfo(service.timezone)
        self.as_of = as_of_us
        self.visits = [self._known(visit) for visit in visits if visit["joined_us"] <= as_of_us]

    def _known(self, visit: dict[str, Any]) -> dict[str, Any]:
        known = dict(visit)
        known["pool"] = self.service.steps[visit["step"]].pool
        for event in ("started_us", "ended_us"):
            if known.get(event) is not None and known[event] > self.as_of:
                # The minutes and the outcome are written down when work has been done: at the instant, not yet.
                known[event] = known["minutes_us"] = known["outcome"] = None
        return known

    def works(self, pool: str, us: int, hours: str | None = None) -> bool:
        """Whether the minute that begins at an instant lies in the pool's opening hours, or in those of a calendar."""
        moment = (EPOCH + timedelta(microseconds=us)).astimezone(self.zone)
        of_pool = self.service.pools[pool].on(moment.date())
        calendar = self.service.calendars[hours] if hours else self.service.calendar_of(of_pool)
        if moment.date() in (*self.service.extra_closures, *calendar.extra_closures):
            return False
        minute = moment.hour * 60 + moment.minute
        return any(start <= minute < end for start, end in calendar.weekly[moment.weekday()])

    def needs(self) -> list[tuple[int, list[tuple[int, Fraction]], int]]:
        """For each known visit its need, the pieces of work (minute, amount), and what was withdrawn."""
        timed = [
            (visit, visit["started_us"], visit["ended_us"] if visit["ended_us"] is not None else self.as_of)
            for visit in self.visits
            if visit.get("minutes_us") is None
            and visit["started_us"] is not None
            and visit["started_us"] < (visit["ended_us"] if visit["ended_us"] is not None else self.as_of)
        ]
        under_way: dict[tuple[str, int], int] = defaultdict(int)
        for visit, start, end in timed:
            for us in range(start, end, MINUTE):
                under_way[visit["worker"] or visit["visit"], us] += 1
        answers = []
        for visit in self.visits:
            span = next((item for item in timed if item[0] is visit), None)
            worked = elapsed = Fraction(0)
            if span:
                for us in range(span[1], span[2], MINUTE):
                    share = Fraction(MINUTE, under_way[visit["worker"] or visit["visit"], us])
                    elapsed += share
                    worked += share if self.works(visit["pool"], us) else 0
            answers.append(self._answer(visit, worked or elapsed))
        return answers

    def _answer(self, visit: dict[str, Any], spent: Fraction) -> tuple[int, list[tuple[int, Fraction]], int]:
        planned = round((self.service.steps[visit["step"]].planned_minutes or 0) * MINUTE)
        recorded, started, ended = visit.get("minutes_us"), visit["started_us"], visit["ended_us"]
        if ended is None:
            if recorded is not None:
                so_far = recorded
            elif started is None:
                so_far = 0
            else:
                so_far = int(spent)
                so_far = min(so_far, self._most(visit["pool"], visit["worker"], started))
            need, done = max(planned, so_far), so_far
            end = self.as_of
        else:
            need = recorded if recorded is not None else int(spent) if spent else planned
            done = 0 if visit["outcome"] == "withdrawn" and started is None else need
            end = ended
        begin = started if started is not None else end
        withdrawn = need - done if ended is not None and visit["outcome"] == "withdrawn" else 0
        return need, self._pieces(visit["pool"], begin, end, done), withdrawn

    def _most(self, pool: str, name: str | None, started: int) -> int:
        """What one worker can have given from a start to the end of the series, whole working days counted.

        A named worker with a calendar or direct minutes of their own gives those, and else what their home gives.
        """
        worker = self.service.workers.get(name or "")
        has_own = worker is not None and (worker.calendar, worker.minutes_per_day) != (None, None)
        hours = None
        if worker is not None and has_own:
            pool, hours = worker.pool, worker.calendar
        limit = self.service.pools[pool].minutes_per_day
        if worker is not None and worker.minutes_per_day is not None:
            limit = worker.minutes_per_day
        first, last = (
            (EPOCH + timedelta(microseconds=us)).astimezone(self.zone).date() for us in (started, self.as_of)
        )
        most = 0
        for number in range((last - first).days + 1):
            open_minutes = self._open_minutes(pool, first + timedelta(days=number), hours)
            begun = [us for us in open_minutes if us < self.as_of]
            if open_minutes and begun and started < open_minutes[-1] + MINUTE:
                whole = len(open_minutes) * MINUTE
                most += whole if limit is None else min(round(limit * MINUTE), whole)
        return most

    def _open_minutes(self, pool: str, day: date, hours: str | None) -> list[int]:
        start = datetime.combine(day, datetime.min.time(), self.zone).astimezone(UTC)
        begin = (start - EPOCH) // timedelta(microseconds=1)
        span = range(begin, begin + 26 * 60 * MINUTE, MINUTE)
        today = [us for us in span if (EPOCH + timedelta(microseconds=us)).astimezone(self.zone).date() == day]
        return [us for us in today if self.works(pool, us, hours)]

    def _pieces(self, pool: str, begin: int, end: int, amount: int) -> list[tuple[int, Fraction]]:
        if not amount:
            return []
        minutes = list(range(begin, end, MINUTE))
        working = [us for us in minutes if self.works(pool, us)] or minutes
        if not working:
            return [(end, Fraction(amount))]
        return [(us, Fraction(amount, len(working))) for us in working]

    def flows(self, label: Any) -> dict[tuple[str, str], Flow]:
        """What each pool's flows are in each period; `label` names the period of a local moment."""
        flows: dict[tuple[str, str], Flow] = defaultdict(Flow)

        def period(us: int) -> str:
            return str(label((EPOCH + timedelta(microseconds=us)).astimezone(self.zone)))

        for visit, (need, pieces, withdrawn) in zip(self.visits, self.needs(), strict=True):
            flows[visit["pool"], period(visit["joined_us"])].demand += need
            for us, amount in pieces:
                flows[visit["pool"], period(us)].activity += amount
            if withdrawn:
                flows[visit["pool"], period(visit["ended_us"])].withdrawn += withdrawn
        return flows
