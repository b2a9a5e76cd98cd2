"""How long each visit waited, and for what: every minute of it has one cause, or is unknown.

A visit waits from the end of the one that it follows, or from its joining where that is earlier, until its work begins.
What the records tell of the worker who then took it splits the time.

1. Before the visit joined, where that is recorded: *somebody else*. Nothing of ours was asked yet.
2. *In line*, where joinings are recorded: until the last visit that had joined the same pool before it was begun, it
   waits its turn.
3. From then on look for moments at which the pool was open and the worker had no visit in hand. From the first to the
   last of these the visit was not begun although it could have been: it waited for *somebody else*, or until enough
   had come together (*batching*). Where the worker is not known, that time is *unknown*.
4. All other time is our own: *staff*. The part of it in which the worker had visits in hand that had joined later is
   *priority*; and where it begins while the pool is closed, the time until it opens is *outside hours*.

Nights and weekends belong to whatever held the visit in the opening hours before them: had that not been, it would have
been begun by then. So only who comes when the pool is closed, or is next in turn just as it closes, waits for it to
open.

Where no start is recorded, waiting and work cannot be told apart, and the whole time is *unknown*; where neither a
joining nor a visit before it is, not even its length is known, and the visit is left out. The causes are those of
K. Lashkevich, F. Milani, D. Chapela-Campa, I. Suvorau and M. Dumas, Why am I waiting? Data-driven analysis of waiting
times in business processes (CAiSE 2023); the rule that tells them apart is ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from millpond.process.batches import batch_starts
from millpond.process.clock import Clock
from millpond.process.events import NOBODY, UNKNOWN, Events
from millpond.process.following import NONE, Following
from millpond.process.grouped import Bools, Ints, distinct, nearest_less_before, parts_of, sorted_by
from millpond.process.in_hand import InHand

STAFF = "staff"
HOURS = "outside hours"
OTHERS = "somebody else"
BATCHING = "batching"
PRIORITY = "priority"
NOT_KNOWN = "unknown"
CAUSES = (STAFF, HOURS, OTHERS, BATCHING, PRIORITY, NOT_KNOWN)


@dataclass(frozen=True, eq=False)
class Waiting:
    """What each visit waited for; one entry a visit, in microseconds.

    Attributes:
        since: when its waiting began; `UNKNOWN` where the records do not tell.
        until: when it ended: at its start, else at its end, else at the instant at which the records end.
        by: for each cause of `CAUSES` how long it waited for that; together from `since` to `until`, and nothing where
            that is not measured.
        measured: whether its waiting is over and its length is known.
        so_far: whether it still waits, or left without being seen; its waiting up to now is not in `by`.
    """

    since: Ints
    until: Ints
    by: dict[str, Ints]
    measured: Bools
    so_far: Bools

    @property
    def total(self) -> Ints:
        """How long each visit waited; 0 where that is not known."""
        return np.asarray(np.where(self.measured, self.until - self.since, 0))


def waiting(events: Events, follows: Following) -> Waiting:
    """How long each visit waited, and for what."""
    follows_one = follows.before != NONE
    ended_before = np.where(follows_one, events.ended[follows.before], UNKNOWN) if len(events) else events.ended
    began, joined = events.started != UNKNOWN, events.joined != UNKNOWN
    since = np.where(joined & follows_one, np.minimum(ended_before, events.joined), ended_before)
    since = np.where(joined & ~follows_one, events.joined, since)
    ended = events.ended != UNKNOWN
    until = np.where(began, events.started, np.where(ended, events.ended, events.as_of_us))
    # Who left without being seen, and who still waits, tells how long but not for whom.
    so_far = ~began & (~ended | events.withdrawn) & (since != UNKNOWN)
    since = np.where(since == UNKNOWN, UNKNOWN, np.minimum(since, until))
    measured = (since != UNKNOWN) & ~so_far
    by = {cause: np.zeros(len(events), dtype=np.int64) for cause in CAUSES}
    mixed = measured & ~began
    by[NOT_KNOWN][mixed] = (until - since)[mixed]
    ready = np.where(joined, np.clip(events.joined, since, until), since)
    asked = measured & began
    by[OTHERS][asked] = (ready - since)[asked]
    # A step that needs no staff waits for nobody of ours.
    unstaffed = asked & ~events.staffed
    by[OTHERS][unstaffed] = (until - since)[unstaffed]
    clocks = [Clock.of(hours) for hours in events.clocks]
    asked &= events.staffed & (until > ready)
    turn = _turns(events, ready)
    for some in parts_of(events.worker[events.by_worker]):
        taken = events.by_worker[some]
        splits = list(_splits(events, clocks, taken, asked, ready, turn, known=True))
        could, begins = np.zeros(len(taken), dtype=np.bool_), np.zeros(len(taken), dtype=np.int64)
        for one in splits:
            could[one.own], begins[one.own] = one.free, one.begins
        firing = batch_starts(events, taken, could, begins)
        for one in splits:
            one.share(firing[one.own], by)
    nobody = np.flatnonzero(asked & (events.worker == NOBODY))
    for one in _splits(events, clocks, nobody, asked, ready, turn, known=False):
        one.share(np.full(len(one.own), UNKNOWN), by)
    return Waiting(since, until, by, measured, so_far)


def _turns(events: Events, ready: Ints) -> Ints:
    """When the last visit that had joined the same pool before each one was begun; else when it was ready itself."""
    turn = ready.copy()
    queued = np.flatnonzero((events.joined != UNKNOWN) & (events.started != UNKNOWN) & events.staffed)
    pool, joined = events.pool[queued], events.joined[queued]
    # Of visits begun at once none was ahead of another: those that joined first stand last, where they are not found.
    order = sorted_by(pool, events.started[queued], -joined)
    pool, joined, queued = pool[order], joined[order], queued[order]
    for some in parts_of(pool):
        ahead = nearest_less_before(pool[some], joined[some])
        has = np.flatnonzero(ahead >= 0)
        mine = queued[some][has]
        turn[mine] = np.maximum(ready[mine], events.started[queued[some][ahead[has]]])
    return turn


def _splits(
    events: Events, clocks: list[Clock], all_of: Ints, asked: Bools, ready: Ints, turn: Ints, *, known: bool
) -> Iterator[_Split]:
    """Some visits that have waited, by the opening hours that they keep."""
    waited, kept = asked[all_of], events.clock[all_of]
    for number in distinct(kept[waited]):
        own = np.flatnonzero(waited & (kept == number))
        yield _Split.of(events, clocks[int(number)], all_of, own, known, ready, turn)


@dataclass(frozen=True, eq=False)
class _Split:
    """Visits of some workers that keep one set of opening hours and have waited.

    Attributes:
        clock: those opening hours.
        visits: their places.
        ready, until: when each was ready and was begun, as instants.
        free: whether there was any moment, from its turn on, at which it could have been begun.
        begins, ends: the first and the last such moment; when it was begun where there was none.
        known: whether their workers are known.
        own: where they stand among all that their workers began.
        in_hand: what their workers had in hand.
    """

    clock: Clock
    visits: Ints
    ready: Ints
    until: Ints
    free: Bools
    begins: Ints
    ends: Ints
    known: bool
    own: Ints
    in_hand: InHand

    @classmethod
    def of(cls, events: Events, clock: Clock, all_of: Ints, own: Ints, known: bool, ready: Ints, turn: Ints) -> _Split:
        """Finds when the workers of some visits were free."""
        visits = all_of[own]
        in_hand = InHand.of(events, clock, all_of[:0] if not known else all_of)
        until = events.started[visits]
        first, last = clock.worked(turn[visits]), clock.worked(until)
        if known:
            first, last = in_hand.free(events.worker[visits], first, last)
        begins, ends = clock.left(first), clock.reached(last)
        free = (last > first) & (ends > begins)
        begins, ends = np.where(free, begins, until), np.where(free, ends, until)
        return cls(clock, visits, ready[visits], until, free, begins, ends, known, own, in_hand)

    def share(self, fires: Ints, by: dict[str, Ints]) -> None:
        """Adds the time of each visit to its causes; told when the batch of each was begun, or `UNKNOWN`."""
        visits, begins = self.visits, self.begins
        batched = fires != UNKNOWN
        # Once a batch is begun, its visits wait for the worker who is at the others.
        ends = np.where(batched, np.minimum(self.ends, fires), self.ends)
        not_ours = ends - begins
        if self.known:
            by[BATCHING][visits] += np.where(batched, not_ours, 0)
            by[OTHERS][visits] += np.where(batched, 0, not_ours)
        else:
            by[NOT_KNOWN][visits] += not_ours
        # Our own time before and after that; each of the two may begin while the pool is closed.
        at_ready, at_until = self.clock.worked(self.ready), self.clock.worked(self.until)
        at_ends = self.clock.worked(ends)
        opens = np.minimum(self.clock.left(at_ready), begins) - self.ready
        hours = opens + np.minimum(self.clock.left(at_ends), self.until) - ends
        by[HOURS][visits] += hours
        staff = (self.until - self.ready) - not_ours - hours
        if self.known:
            # As much of it is priority as of the opening hours in it.
            open_us = (self.clock.worked(begins) - at_ready) + (at_until - at_ends)
            later = self.in_hand.given_to_later(self.own, self.ready, begins, ends, at_until)
            share = np.minimum(later, open_us) / np.maximum(open_us, 1)
            first = np.minimum(np.rint(staff * share).astype(np.int64), staff)
            by[PRIORITY][visits] += first
            staff -= first
        by[STAFF][visits] += staff
