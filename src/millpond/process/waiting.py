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

from dataclasses import dataclass

import numpy as np

from millpond.process.batches import batch_starts
from millpond.process.clock import Clock
from millpond.process.events import NOBODY, UNKNOWN, Events
from millpond.process.following import NONE, Following
from millpond.process.grouped import Bools, Ints, expanded, greatest_so_far, keyed, nearest_less_before, sorted_by

STAFF = "staff"
HOURS = "outside hours"
OTHERS = "somebody else"
BATCHING = "batching"
PRIORITY = "priority"
NOT_KNOWN = "unknown"
CAUSES = (STAFF, HOURS, OTHERS, BATCHING, PRIORITY, NOT_KNOWN)
_MOST_PAIRS = 2_000_000


@dataclass(frozen=True, eq=False)
class Waiting:
    """What each visit waited for; one entry a visit, in microseconds.

    Attributes:
        since: when its waiting began; `UNKNOWN` where the records do not tell.
        until: when it ended: at its start, else at its end, else at the instant at which the records end.
        by: for each cause of `CAUSES` how long it waited for that; together from `since` to `until`.
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
    turn = _turns(events, ready)
    split = [
        _Split.of(events, number, asked & events.staffed & (until > ready), ready, turn)
        for number in range(len(events.clocks))
    ]
    firing = batch_starts(events, *_free(split, len(events)))
    for one in split:
        one.share(events, firing, by)
    return Waiting(since, until, by, measured, so_far)


def _turns(events: Events, ready: Ints) -> Ints:
    """When the last visit that had joined the same pool before each one was begun; else when it was ready itself."""
    turn = ready.copy()
    queued = np.flatnonzero((events.joined != UNKNOWN) & (events.started != UNKNOWN) & events.staffed)
    # Of visits begun at once none was ahead of another: those that joined first stand last, where they are not found.
    last_first = queued[np.argsort(-events.joined[queued], kind="stable")]
    order = last_first[sorted_by(events.pool[last_first], events.started[last_first])]
    ahead = nearest_less_before(events.pool[order], events.joined[order])
    has = ahead >= 0
    mine = order[has]
    turn[mine] = np.maximum(ready[mine], events.started[order[ahead[has]]])
    return turn


@dataclass(frozen=True, eq=False)
class _Split:
    """The visits that keep one set of opening hours and have waited, with what is known of their worker's time.

    Attributes:
        clock: those opening hours.
        visits: their places.
        ready, turn, until: when each joined, came to its turn and began, as instants.
        first, last: the first and last moment on the clock, from the turn on, at which it could have been begun.
        free: whether there was any such moment.
        taken: the visits that their workers began, by worker and start.
        taken_until: until when on the clock each took its worker.
    """

    clock: Clock
    visits: Ints
    ready: Ints
    turn: Ints
    until: Ints
    first: Ints
    last: Ints
    free: Bools
    taken: Ints
    taken_until: Ints

    @classmethod
    def of(cls, events: Events, number: int, asked: Bools, ready: Ints, turn: Ints) -> _Split:
        """Finds when the workers of the visits that keep a clock were free."""
        clock = Clock.of(events.clocks[number])
        wanted = asked & (events.clock == number)
        # By worker, so that look-ups go through memory in order.
        visits = np.concatenate(
            (events.by_worker[wanted[events.by_worker]], np.flatnonzero(wanted & (events.worker == NOBODY)))
        )
        first = clock.worked(turn[visits])
        last = clock.worked(events.started[visits])
        taken, ends = _taken(events, clock, events.worker[visits])
        known = np.flatnonzero(events.worker[visits] != NOBODY)
        if len(known):
            worker = events.worker[visits][known]
            blocks = _Blocks.of(events.worker[taken], clock.worked(events.started[taken]), ends)
            first[known], last[known] = blocks.free(worker, first[known], last[known])
        free = last > first
        begins, until = clock.left(first), clock.reached(last)
        free &= until > begins
        return cls(clock, visits, ready[visits], turn[visits], events.started[visits], first, last, free, taken, ends)

    def share(self, events: Events, firing: Ints, by: dict[str, Ints]) -> None:
        """Adds the time of each visit to its causes."""
        if not len(self.visits):
            return
        at_ready, at_until = self.clock.worked(self.ready), self.clock.worked(self.until)
        begins = np.where(self.free, self.clock.left(self.first), self.until)
        ends = np.where(self.free, self.clock.reached(self.last), self.until)
        fires = firing[self.visits]
        batched = fires != UNKNOWN
        # Once a batch is begun, its visits wait for the worker who is at the others.
        ends = np.where(batched, np.minimum(ends, fires), ends)
        not_ours = ends - begins
        nobody = events.worker[self.visits] == NOBODY
        by[BATCHING][self.visits] += np.where(batched, not_ours, 0)
        by[OTHERS][self.visits] += np.where(batched | nobody, 0, not_ours)
        by[NOT_KNOWN][self.visits] += np.where(nobody, not_ours, 0)
        # Our own time before and after that; each of the two may begin while the pool is closed.
        opens = np.minimum(self.clock.left(at_ready), begins) - self.ready
        at_ends = self.clock.worked(ends)
        hours = opens + np.minimum(self.clock.left(at_ends), self.until) - ends
        by[HOURS][self.visits] += hours
        staff = (self.until - self.ready) - not_ours - hours
        # As much of it is priority as of the opening hours in it.
        open_us = (self.clock.worked(begins) - at_ready) + (at_until - at_ends)
        out_of_turn = np.minimum(self._out_of_turn(events, begins, ends), open_us)
        share = out_of_turn / np.maximum(open_us, 1)
        first = np.minimum(np.rint(staff * share).astype(np.int64), staff)
        by[PRIORITY][self.visits] += first
        by[STAFF][self.visits] += staff - first

    def _out_of_turn(self, events: Events, begins: Ints, ends: Ints) -> Ints:
        """For each visit the working time that its worker gave, while it waited, to visits that had joined later."""
        found = np.zeros(len(self.visits), dtype=np.int64)
        if not len(self.taken):
            return found
        worker, joined = events.worker[self.taken], events.joined[self.taken]
        started = events.started[self.taken]
        place = np.zeros(len(events), dtype=np.int64)
        place[self.taken] = np.arange(len(self.taken))
        own = place[self.visits]
        # Only where somebody who had joined later was taken before is there anything to add up.
        recorded = joined != UNKNOWN
        least = joined[recorded].min() if recorded.any() else np.int64(0)
        (joined_keys,) = keyed((worker, np.where(recorded, joined, least)))
        latest = joined[greatest_so_far(joined_keys)]
        before = np.maximum(own - 1, 0)
        mine = events.joined[self.visits]
        overtaken = (mine != UNKNOWN) & (own > 0) & (worker[before] == events.worker[self.visits])
        asked = np.flatnonzero(overtaken & (latest[before] > mine))
        keys, ready = keyed((worker, started), (events.worker[self.visits[asked]], self.ready[asked]))
        first = np.searchsorted(keys, ready, side="left")
        at_start = self.clock.worked(started)
        at_until = self.clock.worked(self.until)
        pairs = np.cumsum(np.maximum(own[asked] - first, 0))
        for some in np.split(np.arange(len(asked)), _parts(pairs)):
            others, of = expanded(first[some], own[asked[some]])
            visit = asked[some][of]
            outside = (started[others] < begins[visit]) | (started[others] >= ends[visit])
            counted = outside & (joined[others] > mine[visit])
            amount = np.minimum(self.taken_until[others], at_until[visit]) - at_start[others]
            # Whole microseconds are exact in double precision up to 285 years.
            sums = np.bincount(of[counted], weights=np.maximum(amount[counted], 0), minlength=len(some))
            found[asked[some]] += sums.astype(np.int64)
        return found


def _taken(events: Events, clock: Clock, workers: Ints) -> tuple[Ints, Ints]:
    """The visits that some workers began, by worker and start, and until when on the clock each took them.

    A visit takes its worker from its start to its end, but no longer than its recorded minutes. One that is still open
    tells nothing: nobody knows how much of the time since is spent on it.
    """
    wanted = np.zeros(len(events.workers) + 1, dtype=np.bool_)
    wanted[workers] = True
    wanted[NOBODY] = False
    taken = events.by_worker[wanted[events.worker[events.by_worker]]]
    begins = clock.worked(events.started[taken])
    ended, minutes = events.ended[taken], events.minutes[taken]
    until = np.where(ended == UNKNOWN, begins, clock.worked(ended))
    return taken, np.where(minutes == UNKNOWN, until, np.minimum(until, begins + np.maximum(minutes, 0)))


@dataclass(frozen=True, eq=False)
class _Blocks:
    """Stretches of a clock in which workers had something in hand, by worker and in order."""

    worker: Ints
    begins: Ints
    ends: Ints

    @classmethod
    def of(cls, worker: Ints, begins: Ints, ends: Ints) -> _Blocks:
        """Joins what overlaps or touches; given by worker and beginning."""
        (keys,) = keyed((worker, ends))
        latest = ends[greatest_so_far(keys)]
        new = np.append(True, (worker[1:] != worker[:-1]) | (begins[1:] > latest[:-1]))[: len(worker)]
        at = np.flatnonzero(new)
        final = np.append(at[1:], len(worker)) - 1
        return cls(worker[at], begins[at], latest[final])

    def free(self, worker: Ints, first: Ints, last: Ints) -> tuple[Ints, Ints]:
        """The first moment from `first` on, and the last up to `last`, at which each worker had nothing in hand."""
        keys, first_keys, last_keys = keyed((self.worker, self.begins), (worker, first), (worker, last))
        at = np.maximum(np.searchsorted(keys, first_keys, side="right") - 1, 0)
        busy = (self.worker[at] == worker) & (self.begins[at] <= first) & (self.ends[at] > first)
        from_ = np.where(busy, self.ends[at], first)
        at = np.maximum(np.searchsorted(keys, last_keys, side="left") - 1, 0)
        busy = (self.worker[at] == worker) & (self.begins[at] < last) & (self.ends[at] >= last)
        return from_, np.where(busy, self.begins[at], last)


def _free(split: list[_Split], count: int) -> tuple[Bools, Ints]:
    """For each visit whether it could have been begun earlier than it was, and the first moment at which it could."""
    could = np.zeros(count, dtype=np.bool_)
    begins = np.zeros(count, dtype=np.int64)
    for one in split:
        could[one.visits] = one.free
        begins[one.visits] = one.clock.left(one.first)
    return could, begins


def _parts(pairs: Ints) -> Ints:
    """Where to cut a list of spans so that not too many places are looked at once; given how many up to each."""
    total = int(pairs[-1]) if len(pairs) else 0
    return np.searchsorted(pairs, np.arange(_MOST_PAIRS, total, _MOST_PAIRS))
