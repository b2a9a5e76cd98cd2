"""Cases on their way: joining, waiting in a gathering, leaving, going on, splitting and ending.

Who works on what, and when, is not known here.
"""

from __future__ import annotations

from millpond.model import Delay, Rule, Service
from millpond.simulation.quantiles import quantile_table
from tests.reference.agenda import DEADLINES, Agenda
from tests.reference.arrivals import nature
from tests.reference.clock import DAY, Clock, milliseconds
from tests.reference.draws import DELAY, PATIENCE, WORK, Luck, chosen
from tests.reference.values import Case, Piece, Split, Stay
from tests.reference.workplace import Workplace

CLOSED, WITHDRAWN = "closed", "withdrawn"
_NEVER = 2**62


class Pathway:
    """The ways of all cases of a run.

    `service` is as it stands on the day, which policies may change.
    """

    def __init__(self, service: Service, clock: Clock, luck: Luck) -> None:
        self.service, self.clock, self.luck = service, clock, luck
        self.agenda = Agenda()
        self.workplace = Workplace(service, clock, luck, self.agenda, self._ended)
        self.cases: list[Case] = []
        self.stays: list[Stay] = []
        self.gatherings: dict[str, list[Stay]] = {name: [] for name in service.steps}
        self._joined = 0

    def enters(self, now: int, stream: str, number: int) -> None:
        """A new case comes."""
        case = Case((stream, number), now, nature(self.service, stream, number, self.luck))
        self.cases.append(case)
        self._join(case, self.service.streams[stream].first_step, False, now)

    # --- joining and leaving ------------------------------------------------------------------------------------

    def _join(
        self, case: Case, name: str, is_branch: bool, now: int, misses: int = 0, came_from: str | None = None
    ) -> None:
        step = self.service.steps[name]
        nth = case.made.get(name, 0)
        case.made[name] = nth + 1
        word, route = self.luck.words(*case.name, WORK, name, nth)
        minutes = step.minutes_of(case.name[0], case.nature.urgent)
        stay = Stay(
            case, name, nth, now, quantile_table(minutes or 0.0).draw(word), route, is_branch, misses, came_from
        )
        stay.planned = milliseconds(step.planned_minutes or 0)
        self.stays.append(stay)
        if step.pool is None:
            stay.started = now
            self.agenda.add(now + stay.work, DEADLINES, (), self._passes, stay)
            return
        patience = step.patience_limit
        if patience is not None:
            stay.leads_to = patience.to
            length = quantile_table(patience.minutes).draw(self.luck.words(*case.name, PATIENCE, name, nth)[0])
            stay.deadline = now + length
            if patience.is_working_time:
                stay.deadline = self.clock.after_working_time(step.pool, now, length)
            if stay.deadline is not None:
                self.agenda.add(stay.deadline, DEADLINES, (), self._loses_patience, stay)
        if step.group is None:
            self._to_station([stay], now)
            return
        self.gatherings[name].append(stay)
        if step.group.longest_wait_minutes is not None:
            limit = now + milliseconds(step.group.longest_wait_minutes)
            self.agenda.add(limit, DEADLINES, (), self._has_gathered_long, stay)
        here = [member for member in self.gatherings[name] if member.is_live(now)]
        if len(here) >= step.group.size:
            self._session(here, now)

    def _has_gathered_long(self, now: int, stay: Stay) -> None:
        here = [member for member in self.gatherings[stay.step] if member.is_live(now)]
        if here and here[0] is stay:
            self._session(here, now)

    def stands(self, service: Service, now: int) -> None:
        """From now on the service is another; where it has no sessions, those who are gathered wait by themselves."""
        self.service = service
        for name, gathered in self.gatherings.items():
            if service.steps[name].group is None:
                for stay in [member for member in gathered if member.is_live(now)]:
                    gathered.remove(stay)
                    self._to_station([stay], now)

    def _session(self, members: list[Stay], now: int) -> None:
        for member in members:
            self.gatherings[member.step].remove(member)
            member.deadline = None
        self._to_station(members, now)

    def _to_station(self, members: list[Stay], now: int) -> None:
        """The members join the station as one piece. Its key is that of the member who is first by it."""
        first = members[0]
        step = self.service.steps[first.step]
        assert step.pool is not None
        order = self.service.pools[step.pool].order
        key = 0
        if order == "due date":
            due = [self._due(member) for member in members]
            key = min(due)
        elif order == "shortest":
            key = first.work
        elif order == "longest in service":
            key = min(member.case.entered for member in members)
        self._joined += 1
        rank = min(member.case.nature.rank for member in members)
        is_session = step.group is not None
        piece = Piece(
            members, first.step, step.pool, step.skill, step.people, is_session, rank, key, self._joined, first.work
        )
        self.workplace.join(piece, now)

    def _due(self, stay: Stay) -> int:
        """When a visit is due: so long after joining; a target in days is due when the last of them is over."""
        step = self.service.steps[stay.step]
        target = step.target
        if target is None:
            return _NEVER
        if target.unit in ("minutes", "hours"):
            return stay.joined + milliseconds(target.amount * (1 if target.unit == "minutes" else 60))
        day = self.clock.day(stay.joined)
        if target.is_working_time:
            at = self.clock.after_working_days(step.pool, stay.joined, int(target.amount))
            day = self.clock.known_days if at is None else self.clock.day(at)
        else:
            day += int(target.amount * (7 if target.unit == "weeks" else 1))
        return self.clock.midnight(min(day, self.clock.known_days - 1) + 1)

    def _loses_patience(self, now: int, stay: Stay) -> None:
        if stay.started is not None or stay.deadline is None:
            return
        if stay in self.gatherings[stay.step]:
            self.gatherings[stay.step].remove(stay)
        for queue in (self.workplace.stations, *(hand.queue for hand in self.workplace.hands)):
            queue[:] = [piece for piece in queue if stay not in piece.members]
        stay.left, stay.outcome = now, WITHDRAWN
        step = self.service.steps[stay.step]
        self._arrive(stay.case, stay.leads_to, stay.is_branch, now, stay.step)
        if step.pool is not None:
            self.workplace.retry(step.pool, step.skill, now)

    # --- going on -----------------------------------------------------------------------------------------------

    def _passes(self, now: int, stay: Stay) -> None:
        """The time of a step without staff is over."""
        stay.ended = now
        self._go_on(stay, now)

    def _ended(self, piece: Piece, now: int) -> None:
        """The work of a piece is done: what was worked is divided, and each member goes on."""
        share, rest = divmod(piece.worked, len(piece.members))
        for place, member in enumerate(piece.members):
            member.ended, member.worked = now, share + (place < rest)
        for member in piece.members:
            if piece.is_missed:
                self._missed(member, now)
            else:
                self._go_on(member, now)

    def _missed(self, stay: Stay, now: int) -> None:
        stay.outcome = "missed"
        misses = stay.misses + 1
        if misses >= self.service.steps[stay.step].missed_most:
            self._arrive(stay.case, WITHDRAWN, stay.is_branch, now, stay.step)
        else:
            self._join(stay.case, stay.step, stay.is_branch, now, misses, stay.came_from)

    def _go_on(self, stay: Stay, now: int) -> None:
        step = self.service.steps[stay.step]
        if step.all_of:
            assert step.then is not None
            stay.case.split = Split(step.then, len(step.all_of), stay.step)
            for name in step.all_of:
                self._go(stay, name, now, into_branch=True)
            return
        for rule in step.rules:
            case = stay.case
            if (
                rule.stream in (None, case.name[0])
                and rule.urgent in (None, case.nature.urgent)
                and all(case.nature.attributes.get(name) == value for name, value in rule.attributes.items())
                and stay.nth + 1 >= (rule.visits_at_least or 0)
                and rule.came_from in (None, stay.came_from)
            ):
                self._go(stay, chosen(stay.route, rule.next), now, rule=rule)
                return
        self._go(stay, chosen(stay.route, step.next or {CLOSED: 1.0}), now)

    def _go(self, stay: Stay, name: str, now: int, into_branch: bool = False, rule: Rule | None = None) -> None:
        """On from a visit to a step or outcome, at once or after a delay."""
        delay = self.service.steps[stay.step].delay_to(name, rule)
        is_branch = stay.is_branch or into_branch
        if delay is None:
            self._arrive(stay.case, name, is_branch, now, stay.step)
            return
        at = self._after(delay, stay, name, now)
        if at is not None:
            self.agenda.add(at, DEADLINES, (), self._comes_later, stay.case, name, is_branch, stay.step)

    def _comes_later(self, now: int, case: Case, name: str, is_branch: bool, came_from: str) -> None:
        self._arrive(case, name, is_branch, now, came_from)

    def _after(self, delay: Delay, stay: Stay, name: str, now: int) -> int | None:
        """When a delay is over; working time is the next step's pool's, before an outcome this step's."""
        steps = self.service.steps
        pool = steps[name].pool if name in steps else steps[stay.step].pool
        if delay.working_days is not None:
            return self.clock.after_working_days(pool, now, delay.working_days)
        word = self.luck.words(*stay.case.name, DELAY, stay.step, stay.nth)[0]
        length = quantile_table(delay.minutes or 0.0).draw(word)
        return self.clock.after_working_time(pool, now, length) if delay.is_working_time else now + length

    def _arrive(self, case: Case, name: str, is_branch: bool, now: int, came_from: str) -> None:
        """At a step, at an outcome, or with a branch where the branches meet."""
        split = case.split
        if is_branch and split is not None and (name == split.then or name not in self.service.steps):
            split.remaining -= 1
            if split.remaining == 0:
                case.split = None
                self._arrive(case, split.then, False, now, split.at)
        elif name in self.service.steps:
            self._join(case, name, is_branch, now, came_from=came_from)
        else:
            case.outcome = (name, now)
            for hand in case.holders.values():
                hand.cases.remove(case)
            for hand in sorted(case.holders.values(), key=lambda hand: hand.person.index):
                if hand in self.workplace.free:
                    self.workplace.look(hand, now)

    # --- what is seen from outside ------------------------------------------------------------------------------

    def waiting(self, pool: str, now: int) -> list[Stay]:
        """Visits at a pool's steps that have not started and have not left."""
        here = [stay for stay in self.stays if self.service.steps[stay.step].pool == pool]
        return [stay for stay in here if stay.started is None and stay.left is None and stay.is_live(now)]

    def measure(self, when: str, pool: str, now: int) -> float:
        """What a policy watches."""
        waiting = self.waiting(pool, now)
        if when == "waiting visits":
            return len(waiting)
        if when == "longest wait days":
            return max((now - stay.joined for stay in waiting), default=0) / DAY
        return self._backlog(pool, waiting, now) / 60_000

    def _backlog(self, pool: str, waiting: list[Stay], now: int) -> int:
        """What is still to do, as planned: of open visits the planned time less what they have had."""
        total = sum(stay.planned for stay in waiting)
        seen: list[Piece] = [piece for piece in self.workplace.stations if piece.members[0].started is not None]
        for hand in self.workplace.hands:
            if hand.piece is not None and hand.piece not in seen:
                seen.append(hand.piece)
        for piece in seen:
            if piece.pool == pool:
                running = [hand for hand in piece.hands if hand.since is not None]
                worked = piece.worked + sum(now - hand.since for hand in running if hand.since is not None)
                share, rest = divmod(worked, len(piece.members))
                for place, member in enumerate(piece.members):
                    total += max(0, member.planned - share - (place < rest))
        return total
