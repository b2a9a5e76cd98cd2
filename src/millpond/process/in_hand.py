"""What each worker had in hand at any moment of a clock: when somebody was free, and who was taken before whom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from millpond.process.clock import Clock
from millpond.process.events import UNKNOWN, Events
from millpond.process.grouped import Ints, expanded, greatest_so_far, keyed

_MOST_PAIRS = 1 << 17
"""So many at once still fit the memory that is nearest to the processor."""


@dataclass(frozen=True, eq=False)
class InHand:
    """All visits that some workers began, by worker and start.

    A visit takes its worker from its start to its end, but no longer than its recorded minutes. One that is still open
    tells nothing: nobody knows how much of the time since is spent on it.

    Attributes:
        worker: who began each.
        joined, started: when each joined and was begun, as instants.
        begins, until: from when to when on the clock it took its worker.
    """

    worker: Ints
    joined: Ints
    started: Ints
    begins: Ints
    until: Ints

    @classmethod
    def of(cls, events: Events, clock: Clock, taken: Ints) -> InHand:
        """What some workers had in hand.

        Args:
            events: all visits.
            clock: the clock that tells their time.
            taken: the places of all visits that these workers began, by worker and start.
        """
        started = events.started[taken]
        begins = clock.worked(started)
        ended, minutes = events.ended[taken], events.minutes[taken]
        until = np.where(ended == UNKNOWN, begins, clock.worked(ended))
        until = np.where(minutes == UNKNOWN, until, np.minimum(until, begins + np.maximum(minutes, 0)))
        return cls(events.worker[taken], events.joined[taken], started, begins, until)

    def free(self, worker: Ints, first: Ints, last: Ints) -> tuple[Ints, Ints]:
        """The first moment from `first` on, and the last up to `last`, at which each worker had nothing in hand."""
        who, begins, ends = self._stretches
        keys, first_keys, last_keys = keyed((who, begins), (worker, first), (worker, last))
        at = np.maximum(np.searchsorted(keys, first_keys, side="right") - 1, 0)
        busy = (who[at] == worker) & (begins[at] <= first) & (ends[at] > first)
        from_ = np.where(busy, ends[at], first)
        at = np.maximum(np.searchsorted(keys, last_keys, side="left") - 1, 0)
        busy = (who[at] == worker) & (begins[at] < last) & (ends[at] >= last)
        return from_, np.where(busy, begins[at], last)

    @cached_property
    def _stretches(self) -> tuple[Ints, Ints, Ints]:
        """Stretches in which workers had something in hand, in order: whose, and from when to when on the clock."""
        worker = self.worker
        (keys,) = keyed((worker, self.until))
        latest = self.until[greatest_so_far(keys)]
        new = np.append(True, (worker[1:] != worker[:-1]) | (self.begins[1:] > latest[:-1]))[: len(worker)]
        at = np.flatnonzero(new)
        final = np.append(at[1:], len(worker)) - 1
        return worker[at], self.begins[at], latest[final]

    def given_to_later(self, own: Ints, ready: Ints, begins: Ints, ends: Ints, until: Ints) -> Ints:
        """The working time that workers gave to visits that had joined later than some, while these waited.

        Args:
            own: where these stand among what was taken, in order.
            ready: the instant from which on each was ready.
            begins, ends: from when to when it could have been begun, which does not count.
            until: when it was begun, on the clock.
        """
        found = np.zeros(len(own), dtype=np.int64)
        if not len(own):
            return found
        worker, joined, mine = self.worker, self.joined, self.joined[own]
        # Only where somebody who had joined later was taken before is there anything to add up.
        recorded = joined != UNKNOWN
        least = joined[recorded].min() if recorded.any() else np.int64(0)
        (joined_keys,) = keyed((worker, np.where(recorded, joined, least)))
        latest = joined[greatest_so_far(joined_keys)]
        before = np.maximum(own - 1, 0)
        overtaken = (mine != UNKNOWN) & (own > 0) & (worker[before] == worker[own])
        asked = np.flatnonzero(overtaken & (latest[before] > mine))
        own, mine, who = own[asked], mine[asked], worker[own[asked]]
        bounds = [(who, each[asked]) for each in (ready, begins, ends)]
        keys, *edges = keyed((worker, self.started), *bounds)
        first, from_, to = (np.minimum(np.searchsorted(keys, edge), own) for edge in edges)
        # Two spans a visit: before it could have been begun, and after that.
        spans = np.stack((first, from_, np.maximum(from_, to), own), axis=1).reshape(-1, 2)
        found[asked] = self._given(spans, mine, until[asked])
        return found

    def _given(self, spans: Ints, mine: Ints, until: Ints) -> Ints:
        """For each two spans of what was taken the time given to those in them that had joined later."""
        found = np.zeros(len(mine), dtype=np.int64)
        pairs = np.cumsum(np.maximum(spans[:, 1] - spans[:, 0], 0))
        total = int(pairs[-1]) if len(pairs) else 0
        cuts = np.searchsorted(pairs, np.arange(_MOST_PAIRS, total, _MOST_PAIRS))
        for low, high in zip((0, *cuts), (*cuts, len(spans)), strict=True):
            others, of = expanded(*spans[low:high].T)
            visit = (low + of) // 2
            later = np.flatnonzero(self.joined[others] > mine[visit])
            if len(later):
                others, visit = others[later], visit[later]
                given = np.minimum(self.until[others], until[visit]) - self.begins[others]
                lowest = int(visit[0])
                # Whole microseconds are exact in double precision up to 285 years.
                sums = np.bincount(visit - lowest, weights=np.maximum(given, 0)).astype(np.int64)
                found[lowest : lowest + len(sums)] += sums
        return found
