"""Workers and what waits for them: who takes what, and work begun, broken off, gone on with and ended.

Where a case goes afterwards is not known here.
"""

from __future__ import annotations

from collections.abc import Callable

from millpond.model import Service
from tests.reference.agenda import ENDS, Agenda
from tests.reference.clock import Clock, milliseconds
from tests.reference.draws import PATIENCE, Luck, happens
from tests.reference.roster import Person
from tests.reference.values import Hand, Piece

FarSpell = tuple[Piece, Person, int, int]


class Workplace:
    """All workers, with the stations of their pools.

    Args:
        ended: what is called when a piece has been finished, with the instant.
    """

    def __init__(
        self, service: Service, clock: Clock, luck: Luck, agenda: Agenda, ended: Callable[[Piece, int], None]
    ) -> None:
        self.service, self.clock, self.luck, self.agenda, self.ended = service, clock, luck, agenda, ended
        self.hands: list[Hand] = []
        self.free: list[Hand] = []
        self.stations: list[Piece] = []
        self.spells: list[FarSpell] = []
        self._fronts = 0

    # --- queues -------------------------------------------------------------------------------------------------

    def join(self, piece: Piece, now: int) -> None:
        """A piece comes to its station, or to the queue of the worker who has the case."""
        holder = piece.members[0].case.holders.get(piece.pool)
        if holder is not None:
            holder.queue.append(piece)
            if holder in self.free:
                self.look(holder, now)
            return
        self.stations.append(piece)
        self.retry(piece.pool, piece.skill, now)
        if piece.is_urgent and self.service.pools[piece.pool].urgent_preempts and piece in self.stations:
            self._interrupt_for(piece, now)

    def retry(self, pool: str, skill: str | None, now: int) -> None:
        """The first of a station starts, and the next, as long as there are workers free for it.

        Those at home go before helpers; of several the one free the longest, of helpers the first in order.
        """
        while (head := self._head(pool, skill, now)) is not None:
            able = [hand for hand in self.free if hand.may_start(now) and self._at_home(hand, head)]
            if len(able) < head.people:
                able = [] if head.people > 1 else [hand for hand in self.hands if self._can_help(hand, head, now)]
            if not able:
                return
            self.start(head, able[: head.people], now)

    def remove(self, piece: Piece) -> None:
        """A piece whose member has gone leaves the queue that it is in."""
        for queue in (self.stations, *(hand.queue for hand in self.hands)):
            if piece in queue:
                queue.remove(piece)

    def look(self, hand: Hand, now: int) -> bool:
        """A worker without work takes the first thing that there is, if any."""
        if hand.piece is not None or not hand.may_start(now):
            return False
        own = [piece for piece in hand.queue if piece.is_live(now)]
        if own:
            self.start(min(own, key=lambda piece: piece.place), [hand], now)
            return True
        for pool in (hand.person.pool, *hand.person.also):
            found = []
            for skill in {piece.skill: None for piece in self.stations if piece.pool == pool}:
                head = self._head(pool, skill, now)
                team = None if head is None else self._team(hand, head, now)
                if head is not None and team is not None:
                    found.append((head.place, head, team))
            if found:
                _, piece, team = min(found, key=lambda entry: entry[0])
                self.start(piece, team, now)
                if piece.people > 1:
                    # Somebody free may have stood behind it.
                    self.retry(piece.pool, piece.skill, now)
                return True
        return False

    def _head(self, pool: str, skill: str | None, now: int) -> Piece | None:
        waiting = [p for p in self.stations if p.pool == pool and p.skill == skill and p.is_live(now)]
        return min(waiting, key=lambda piece: piece.place, default=None)

    def _team(self, hand: Hand, piece: Piece, now: int) -> list[Hand] | None:
        """Who does the piece when that worker takes it: those longest free besides, first; None where it cannot be."""
        if piece.people == 1:
            can = self._at_home(hand, piece) if hand.person.pool == piece.pool else self._may_help(hand, piece)
            return [hand] if can else None
        if not self._at_home(hand, piece):
            return None
        others = [o for o in self.free if o is not hand and o.may_start(now) and self._at_home(o, piece)]
        return [*others[: piece.people - 1], hand] if len(others) >= piece.people - 1 else None

    def _at_home(self, hand: Hand, piece: Piece) -> bool:
        limited = self.service.pools[piece.pool].caseload is not None
        has_room = not limited or hand.open_cases < (hand.person.caseload or 0)
        return hand.person.pool == piece.pool and self._is_skilled(hand, piece) and has_room

    def _may_help(self, hand: Hand, piece: Piece) -> bool:
        limited = self.service.pools[piece.pool].caseload is not None
        return piece.pool in hand.person.also and self._is_skilled(hand, piece) and not limited

    def _can_help(self, hand: Hand, piece: Piece, now: int) -> bool:
        return hand in self.free and hand.may_start(now) and self._may_help(hand, piece)

    def _is_skilled(self, hand: Hand, piece: Piece) -> bool:
        return piece.skill is None or piece.skill in hand.person.skills

    # --- work ---------------------------------------------------------------------------------------------------

    def start(self, piece: Piece, team: list[Hand], now: int) -> None:
        """Those workers begin a piece, or go on with one that was interrupted."""
        self.remove(piece)
        piece.hands = list(team)
        if piece.members[0].started is None:
            self._first_start(piece, team[0], now)
        for hand in team:
            if hand in self.free:
                self.free.remove(hand)
            hand.piece, hand.left, hand.began = piece, piece.remaining, now
            self._go_on(hand, now)

    def _first_start(self, piece: Piece, hand: Hand, now: int) -> None:
        step = self.service.steps[piece.step]
        for member in piece.members:
            member.started = now
        stay = piece.members[0]
        if step.missed:
            word = self.luck.words(*stay.case.name, PATIENCE, stay.step, stay.nth)[1]
            piece.is_missed = happens(word, step.missed)
            if piece.is_missed and step.missed_minutes is not None:
                piece.remaining = milliseconds(step.missed_minutes)
        if self.service.pools[piece.pool].caseload is not None and piece.pool not in stay.case.holders:
            stay.case.holders[piece.pool] = hand
            hand.cases.append(stay.case)
            # Another branch of the case may wait at the pool: it is this worker's from now on.
            for other in [p for p in self.stations if p.pool == piece.pool and p.members[0].case is stay.case]:
                self.stations.remove(other)
                hand.queue.append(other)

    def _go_on(self, hand: Hand, now: int) -> None:
        hand.since = now
        hand.turn += 1
        self.agenda.add(now + hand.left, ENDS, (hand.person.index,), self._end_of_work, hand, hand.turn)

    def _book(self, hand: Hand, now: int) -> None:
        """Enter in the books what a worker has done up to now."""
        assert hand.since is not None and hand.piece is not None
        done = now - hand.since
        if done:
            self.spells.append((hand.piece, hand.person, hand.since, now))
            hand.piece.worked += done
            hand.left -= done
            hand.balance -= done if hand.has_budget else 0
        hand.since = now

    def _end_of_work(self, now: int, hand: Hand, turn: int) -> None:
        if turn != hand.turn or hand.piece is None:
            return
        piece = hand.piece
        self._book(hand, now)
        self._lets_go(hand, piece, now)
        self._becomes_free(hand, now)

    def _lets_go(self, hand: Hand, piece: Piece, now: int) -> None:
        """A worker has done their part; when the last has, the piece has ended."""
        hand.piece = hand.since = None
        hand.turn += 1
        piece.hands.remove(hand)
        if not piece.hands:
            for member in piece.members:
                member.worker = hand.person.name
            self.ended(piece, now)

    def _becomes_free(self, hand: Hand, now: int) -> None:
        if hand.may_start(now) and not self.look(hand, now) and hand not in self.free:
            self.free.append(hand)

    def _interrupt_for(self, piece: Piece, now: int) -> None:
        """The piece takes a worker from one that is not urgent, which goes back to the front of its rank."""
        if piece.people > 1 or piece.is_session or self._head(piece.pool, piece.skill, now) is not piece:
            return
        found = []
        for hand in self.hands:
            held = hand.piece
            if held is None or held.is_urgent or held.people > 1 or held.is_session or held.pool != piece.pool:
                continue
            if self._at_home(hand, piece) and hand.may_start(now):
                found.append(((-held.rank, -hand.began, hand.person.index), hand))
        if found:
            _, hand = min(found, key=lambda entry: entry[0])
            held = hand.piece
            assert held is not None
            self._book(hand, now)
            self._put_back(hand, held)
            self.start(piece, [hand], now)
            self.retry(held.pool, held.skill, now)

    def _put_back(self, hand: Hand, held: Piece) -> None:
        """What a worker has in hand goes to the front of its rank, with what is left of it."""
        self._fronts -= 1
        held.remaining, held.order, held.hands = hand.left, self._fronts, []
        self.stations.append(held)
        hand.piece = hand.since = None
        hand.turn += 1

    # --- hours --------------------------------------------------------------------------------------------------

    def opens(self, now: int, hand: Hand, closes: int, budget: int | None, is_first: bool) -> None:
        """A stretch of a worker begins, on a day with that budget."""
        hand.until = closes
        running = hand.piece is not None and hand.since is not None
        if running:
            self._book(hand, now)
        if is_first:
            hand.has_budget = budget is not None
            if budget is not None:
                hand.balance = min(hand.balance, 0) + budget
        if hand.piece is None:
            self._becomes_free(hand, now)
        elif not running:
            self._go_on(hand, now)

    def closes(self, now: int, hand: Hand) -> None:
        """A stretch of a worker ends."""
        if hand in self.free:
            self.free.remove(hand)
        if hand.piece is not None:
            self._book(hand, now)
            if self.service.pools[hand.person.pool].at_closing == "suspend" and hand.left > 0:
                hand.since = None
                hand.turn += 1

    def leaves(self, now: int, hand: Hand) -> None:
        """A worker's last stretch is over for good: what they had goes back to the stations.

        Of a piece that several do, the others finish it. Who has left already has nothing that could go back.
        """
        held, given_back = hand.piece, []
        for case in hand.cases:
            del case.holders[hand.person.pool]
        hand.cases = []
        waiting, hand.queue = sorted(hand.queue, key=lambda piece: piece.place), []
        if held is not None and hand.left > 0 and self.service.pools[hand.person.pool].at_closing == "suspend":
            if held.people > 1:
                self._lets_go(hand, held, now)
            else:
                self._put_back(hand, held)
                self.stations.remove(held)
                given_back.append(held)
        for piece in (*given_back, *waiting):
            self.stations.append(piece)
            self.retry(piece.pool, piece.skill, now)

    def stop(self, now: int) -> None:
        """The run ends: what is in hand goes into the books as it stands."""
        for hand in self.hands:
            if hand.piece is not None:
                if hand.since is not None:
                    self._book(hand, now)
                for member in hand.piece.members:
                    member.worker = hand.person.name
