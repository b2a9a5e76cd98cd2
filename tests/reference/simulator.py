"""A service simulated event by event, in plain Python and without haste: the answer that a faster one must give.

Where the definitions leave a choice, the choice is told where it is made; these are not told elsewhere:

- the run ends just before its last midnight: what would end at that very instant is still open;
- whether a worker finishes after the close is for the home pool to say, also when helping elsewhere;
- a policy's workers have the caseload and the absence of the pool, and come after everybody else in order;
- a step without minutes takes none, a step without `next` closes the case; a step without a pool has no patience.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from millpond.model import Policy, Service
from tests.reference.agenda import CLOSINGS, DAY_BEGINS, OPENINGS
from tests.reference.arrivals import arrivals
from tests.reference.clock import Clock, Span
from tests.reference.draws import Luck
from tests.reference.pathway import Pathway
from tests.reference.roster import DayAtWork, Person, extra_people, lent_by, lent_people, people_of
from tests.reference.standing import Called, all_callings, everybody, limited_alike, standing
from tests.reference.tables import daily_flows, daily_people, split_by_day
from tests.reference.values import Hand, ReferenceRun, Spell, Visit


def simulate(
    service: Service,
    first_day: date,
    days: int,
    seed: int,
    replication: int,
    *,
    drain_days: int = 0,
    start: tuple[()] = (),
) -> ReferenceRun:
    """Everything that happens in a service in some days.

    Args:
        service: what is simulated.
        first_day: the first local day; it begins empty.
        days: for how many days cases arrive.
        seed: the seed of the experiment.
        replication: which replication, from 0.
        drain_days: how many days the run goes on after the last arrivals.
        start: cases that are there at the beginning; there is no definition of them yet, so that it is empty.

    Raises:
        NotImplementedError: `start` has cases.
    """
    if start:
        raise NotImplementedError("The reference begins empty. Leave start out.")
    clock = Clock(service, first_day, days + drain_days)
    run = _Run(service, clock, Luck(seed, replication))
    return run.to_the_end(days)


@dataclass(frozen=True)
class _Opening:
    """A stretch that begins: of whom, when it closes, and the day's work if it is the first; None who is missing."""

    hand: Hand
    closes: int
    at_work: DayAtWork | None
    is_first: bool


class _Run:
    def __init__(self, service: Service, clock: Clock, luck: Luck) -> None:
        self.service, self.clock, self.luck = service, clock, luck
        self.pathway = Pathway(service, clock, luck)
        self.extra: dict[str, list[Person]] = {}
        self.doubles: dict[int, Person] = {}
        self.lent: dict[int, set[int]] = {}
        self.busy_until = dict.fromkeys(service.policies, 0)
        self.days_called: dict[str, set[int]] = {name: set() for name in service.policies}
        self.openings: dict[int, list[_Opening]] = {}
        self.standings = {called: standing(service, called) for called in all_callings(service)}
        self.now_called: Called = ()
        own = [people_of(one, clock, luck) for one in self.standings.values()]
        self.people = everybody(own)
        extra_then: list[list[Person]] = [[] for _ in own]
        for name, policy in service.policies.items():
            if policy.lent_by is not None:
                mine = lent_by(policy, self.people, set(self.doubles), clock)
                self.extra[name] = lent_people(service, name, policy, len(self.people), mine)
                self.doubles |= {person.index: double for person, double in zip(mine, self.extra[name], strict=True)}
                for then in extra_then:
                    then += self.extra[name]
            else:
                self.extra[name] = extra_people(service, name, policy, len(self.people), clock, luck)
                for then, one in zip(extra_then, self.standings.values(), strict=True):
                    then += extra_people(one, name, policy, len(self.people), clock, luck)
            self.people += self.extra[name]
        rosters = [[*people, *extra] for people, extra in zip(own, extra_then, strict=True)]
        if len(own) > 1:
            limited_alike(rosters)
        self.rosters = {
            called: {person.name: person for person in roster}
            for called, roster in zip(self.standings, rosters, strict=True)
        }
        self.calls: dict[int, list[range]] = {person.index: [] for people in self.extra.values() for person in people}
        self.hands = [Hand(person) for person in self.people]
        self.were_there: dict[int, dict[int, DayAtWork]] = {person.index: {} for person in self.people}
        self.pathway.workplace.hands = self.hands

    def to_the_end(self, days: int) -> ReferenceRun:
        agenda, streams = self.pathway.agenda, list(self.service.streams)
        for day in range(self.clock.days):
            agenda.add(self.clock.midnight(day), DAY_BEGINS, (), self._day_begins, day)
        for at, kind, stream, number in arrivals(self.service, self.clock, days, self.luck):
            agenda.add(at, kind, (stream, number), self.pathway.enters, streams[stream], number)
        agenda.work_off(self.clock.end)
        self.pathway.workplace.stop(self.clock.end)
        return self._result()

    # --- a day ---------------------------------------------------------------------------------------------------

    def _day_begins(self, now: int, day: int) -> None:
        """Policies are judged; then the service stands for the day, and everybody has their hours of it."""
        for name, policy in self.service.policies.items():
            if day >= self.busy_until[name] and self._is_above(policy, now):
                self._call(name, range(day + policy.lead_days, day + policy.lead_days + policy.for_days))
        called = tuple(name for name in list(self.standings)[-1] if day in self.days_called[name])
        if called != self.now_called:
            self.now_called = called
            self.pathway.stands(self.standings[called], now)
            for hand in self.hands:
                # Of whom all hours were taken away that would have followed, the last are over.
                self.pathway.agenda.add(now, CLOSINGS, (1, hand.person.index), self._may_leave, hand, day - 1)
        for hand in self.hands:
            self._announce(hand, day)

    def _call(self, name: str, days: range) -> None:
        self.days_called[name] |= set(days)
        self.busy_until[name] = days.stop
        for person in self.extra[name]:
            self.calls[person.index].append(days)
        for index, double in self.doubles.items():
            if double in self.extra[name]:
                self.lent.setdefault(index, set()).update(days)

    def _announce(self, hand: Hand, day: int) -> None:
        """Put a worker's openings and closings of a day on the agenda."""
        agenda, person = self.pathway.agenda, hand.person
        stretches = self._hours(person, day)
        if not stretches or self._call_of(person, day) is None:
            return
        is_missing = self._is_missing(person, day)
        at_work = None if is_missing else self.rosters[self.now_called][person.name].days.get(day)
        if at_work is not None:
            self.were_there[person.index][day] = at_work
        for number, (opens, closes) in enumerate(stretches):
            if at_work is None and not is_missing:
                continue
            if opens not in self.openings:
                self.openings[opens] = []
                agenda.add(opens, OPENINGS, (), self._open)
            self.openings[opens].append(_Opening(hand, closes, at_work, number == 0))
            if at_work is not None:
                agenda.add(closes, CLOSINGS, (0, person.index), self.pathway.workplace.closes, hand)
        agenda.add(stretches[-1][1], CLOSINGS, (1, person.index), self._may_leave, hand, day)

    def _open(self, now: int) -> None:
        """All that open at an instant, in the order of the workers."""
        for one in sorted(self.openings.pop(now), key=lambda opening: opening.hand.person.index):
            if one.at_work is not None:
                self.pathway.workplace.opens(now, one.hand, one.closes, one.at_work.budget, one.is_first)
            elif one.is_first:
                # Who is lent, or one fewer of the pool, hands back what is in hand when the day opens without them.
                self.pathway.workplace.leaves(now, one.hand)

    def _may_leave(self, now: int, hand: Hand, day: int) -> None:
        """The hours of a day are over: a worker to whom none come as the service stands now leaves for good."""
        call = self._call_of(hand.person, day)
        if call is not None and not any(self._hours(hand.person, later) for later in range(day + 1, call.stop)):
            self.pathway.workplace.leaves(now, hand)

    def _call_of(self, person: Person, day: int) -> range | None:
        """The days of the call to which a day belongs; of the service's own workers all days."""
        if person.index not in self.calls:
            return range(self.clock.known_days)
        return next((call for call in self.calls[person.index] if day in call), None)

    def _hours(self, person: Person, day: int) -> list[Span]:
        """The hours of a worker on a day as the service stands now; of who is missing those that they would have."""
        then = self.rosters[self.now_called].get(person.name)
        if then is not None and day in then.on_paper:
            return then.on_paper[day].stretches
        if day not in person.in_the_job or (then is not None and day in then.in_the_job):
            return []
        own = self.service.workers[person.name].calendar if person.name in self.service.workers else None
        pool = self.standings[self.now_called].pools[person.pool].on(self.clock.date(day))
        return self.clock.openings(own or pool.calendar, day)

    def _is_missing(self, person: Person, day: int) -> bool:
        """Whether a worker is elsewhere on a day, or has no place as the service stands now and would have one else."""
        if day in self.lent.get(person.index, ()):
            return True
        then = self.rosters[self.now_called].get(person.name)
        return day in person.in_the_job and (then is None or day not in then.in_the_job)

    def _is_above(self, policy: Policy, now: int) -> bool:
        return policy.above is None or self.pathway.measure(policy.when, policy.pool, now) > policy.above

    def _result(self) -> ReferenceRun:
        work = self._work()
        stays = sorted(self.pathway.stays, key=lambda stay: (stay.joined, stay.case.name, stay.step, stay.nth))
        visits = [
            Visit(
                *(s.case.name, s.step, s.nth, s.joined, s.started, s.ended),
                *(s.worker, work.get(id(s), 0), s.outcome, s.left, s.planned),
            )
            for s in stays
        ]
        places = {id(stay): place for place, stay in enumerate(stays)}
        spells = sorted(
            Spell(places[id(piece.members[0])], person.name, start, end)
            for piece, person, begun, done in self.pathway.workplace.spells
            for start, end in split_by_day(self.clock, begun, done)
        )
        demand, activity, withdrawn = daily_flows(self.service, self.clock, visits, spells)
        people = [replace(person, days=self.were_there[person.index]) for person in self.people]
        capacity, used, overtime = daily_people(self.service, self.clock, people, spells)
        return ReferenceRun(
            visits=visits,
            spells=spells,
            outcomes={case.name: case.outcome for case in self.pathway.cases if case.outcome is not None},
            cases={case.name: (case.entered, case.nature) for case in self.pathway.cases},
            people=people,
            demand=demand,
            capacity=capacity,
            activity=activity,
            withdrawn=withdrawn,
            used=used,
            overtime=overtime,
        )

    def _work(self) -> dict[int, int]:
        """What was worked on each visit, added up from the spells anew; a session's divided among its members."""
        totals: dict[int, int] = {}
        pieces = {id(piece): piece for piece, *_ in self.pathway.workplace.spells}
        for piece, _, start, end in self.pathway.workplace.spells:
            totals[id(piece)] = totals.get(id(piece), 0) + end - start
        found: dict[int, int] = {}
        for key, piece in pieces.items():
            share, rest = divmod(totals[key], len(piece.members))
            found |= {id(member): share + (place < rest) for place, member in enumerate(piece.members)}
        return found
