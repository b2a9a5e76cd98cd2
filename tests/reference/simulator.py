"""A service simulated event by event, in plain Python and without haste: the answer that a faster one must give.

Where the definitions leave a choice, the choice is told where it is made; these are not told elsewhere:

- the run ends just before its last midnight: what would end at that very instant is still open;
- whether a worker finishes after the close is for the home pool to say, also when helping elsewhere;
- a policy's workers have the caseload and the absence of the pool, and come after everybody else in order;
- a step without minutes takes none, a step without `next` closes the case; a step without a pool has no patience.
"""

from __future__ import annotations

from datetime import date

from millpond.model import Policy, Service
from tests.reference.agenda import CLOSINGS, DAY_BEGINS, OPENINGS
from tests.reference.arrivals import arrivals
from tests.reference.clock import Clock
from tests.reference.draws import Luck
from tests.reference.pathway import Pathway
from tests.reference.roster import Person, extra_people, lent_by, lent_people, people_of
from tests.reference.standing import all_callings, everybody, limited_alike, standing
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


class _Run:
    def __init__(self, service: Service, clock: Clock, luck: Luck) -> None:
        self.service, self.clock, self.luck = service, clock, luck
        self.pathway = Pathway(service, clock, luck)
        self.extra: dict[str, list[Person]] = {}
        self.doubles: dict[int, Person] = {}
        self.lent: dict[int, set[int]] = {}
        self.busy_until = dict.fromkeys(service.policies, 0)
        self.days_called: dict[str, set[int]] = {name: set() for name in service.policies}
        self.openings: dict[int, list[tuple[int, Hand, int, int, bool]]] = {}
        self.standings = {called: standing(service, called) for called in all_callings(service)}
        own = [people_of(one, clock, luck) for one in self.standings.values()]
        self.people = everybody(own) if len(own) > 1 else own[0]
        self.varying = len(own) > 1
        extra_then: list[list[Person]] = [[] for _ in own]
        for name, policy in service.policies.items():
            if policy.lent_by is not None:
                mine = lent_by(policy, self.people, set(self.doubles), clock)
                self.extra[name] = lent_people(service, name, policy, len(self.people), mine)
                self.doubles |= {person.index: double for person, double in zip(mine, self.extra[name], strict=True)}
            else:
                self.extra[name] = extra_people(service, name, policy, len(self.people), clock, luck)
                for then, one in zip(extra_then, self.standings.values(), strict=True):
                    then += extra_people(one, name, policy, len(self.people), clock, luck)
            self.people += self.extra[name]
        rosters = [[*people, *extra] for people, extra in zip(own, extra_then, strict=True)]
        if self.varying:
            limited_alike(rosters)
        self.rosters = {
            called: {person.name: person for person in roster}
            for called, roster in zip(self.standings, rosters, strict=True)
        }
        self.called: dict[int, set[int]] = {person.index: set() for people in self.extra.values() for person in people}
        self.hands = [Hand(person) for person in self.people]
        self.pathway.workplace.hands = self.hands

    def to_the_end(self, days: int) -> ReferenceRun:
        agenda, streams = self.pathway.agenda, list(self.service.streams)
        for hand in self.hands:
            if hand.person.index not in self.called:
                self._announce(hand, range(self.clock.known_days))
        for day in range(self.clock.days):
            agenda.add(self.clock.midnight(day), DAY_BEGINS, (), self._day_begins, day)
        for at, kind, stream, number in arrivals(self.service, self.clock, days, self.luck):
            agenda.add(at, kind, (stream, number), self.pathway.enters, streams[stream], number)
        agenda.work_off(self.clock.end)
        self.pathway.workplace.stop(self.clock.end)
        return self._result()

    def _announce(self, hand: Hand, days: range) -> None:
        """Put a worker's openings and closings on the agenda, and when they leave for good: at their last closing."""
        agenda, workplace = self.pathway.agenda, self.pathway.workplace
        index, on_paper = hand.person.index, [day for day in days if day in hand.person.on_paper]
        for day in on_paper:
            if day not in hand.person.days and index not in self.doubles and not self.varying:
                continue
            for number, (opens, closes) in enumerate(hand.person.on_paper[day].stretches):
                if opens not in self.openings:
                    self.openings[opens] = []
                    agenda.add(opens, OPENINGS, (), self._open)
                self.openings[opens].append((index, hand, closes, day, number == 0))
                if day in hand.person.days:
                    agenda.add(closes, CLOSINGS, (0, index), workplace.closes, hand)
        if on_paper:
            _, last = hand.person.on_paper[on_paper[-1]].stretches[-1]
            agenda.add(last, CLOSINGS, (1, index), workplace.leaves, hand)

    def _open(self, now: int) -> None:
        """All that open at an instant, in the order of the workers."""
        for index, hand, closes, day, is_first in sorted(self.openings.pop(now), key=lambda opening: opening[0]):
            if day not in self.lent.get(index, ()):
                if day in hand.person.days:
                    self.pathway.workplace.opens(now, hand, closes, day, is_first)
            elif is_first:
                # A worker who is lent hands back what is in hand when the first day elsewhere begins.
                self.pathway.workplace.leaves(now, hand)

    def _day_begins(self, now: int, day: int) -> None:
        for name, policy in self.service.policies.items():
            if day >= self.busy_until[name] and self._is_above(policy, now):
                first = day + policy.lead_days
                self.days_called[name] |= set(range(first, first + policy.for_days))
                self.busy_until[name] = first + policy.for_days
                for index, double in self.doubles.items():
                    if double in self.extra[name]:
                        self.lent.setdefault(index, set()).update(range(first, first + policy.for_days))
                for person in self.extra[name]:
                    called = range(first, first + policy.for_days)
                    self.called[person.index] |= set(called)
                    self._announce(self.hands[person.index], called)
        if self.varying:
            self._stand(tuple(name for name in list(self.standings)[-1] if day in self.days_called[name]), day)

    def _stand(self, called: tuple[str, ...], day: int) -> None:
        """From now on the service is as the policies that are called for the day have it."""
        self.pathway.service = self.standings[called]
        doubles = {id(double) for double in self.doubles.values()}
        for person in self.people:
            if id(person) in doubles:
                # Whoever is lent gives what they would give at home, and whose pool lends is not changed.
                continue
            then = self.rosters[called].get(person.name)
            if then is None or day not in then.on_paper:
                if day in person.on_paper:
                    self.lent.setdefault(person.index, set()).add(day)
            elif day in person.days:
                person.days[day] = then.on_paper[day]

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
        # Of the days on which they could be called, a policy's workers keep those on which they were.
        for index, called in self.called.items():
            days = self.people[index].days
            for day in set(days) - called:
                del days[day]
        for index, lent in self.lent.items():
            for day in lent & set(self.people[index].days):
                del self.people[index].days[day]
        capacity, used, overtime = daily_people(self.service, self.clock, self.people, spells)
        return ReferenceRun(
            visits=visits,
            spells=spells,
            outcomes={case.name: case.outcome for case in self.pathway.cases if case.outcome is not None},
            cases={case.name: (case.entered, case.nature) for case in self.pathway.cases},
            people=self.people,
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
