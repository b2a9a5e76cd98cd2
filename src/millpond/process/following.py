"""Which visit of its case each visit follows, steps that run side by side kept apart.

A visit follows the one that ended when it joined, to the minute; where none did, or its joining is not recorded, the
one that ended last before it began. So two steps that overlap both follow what came before the two, and neither the
other; what comes after them follows the one that it had to wait for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from millpond.periods import MICROSECONDS_A_MINUTE
from millpond.process.events import UNKNOWN, Events
from millpond.process.grouped import Bools, Ints, greatest_so_far, in_order, keyed

NONE = -1
"""The place of what a first visit follows."""


@dataclass(frozen=True)
class Following:
    """How the visits of each case follow one another.

    Attributes:
        before: for each visit the place of the one that it follows, or `NONE`.
        last: whether it is what its case ended with: all visits known of the case have ended, and it did so last.
        open: whether a visit known of its case has not ended.
        beside: whether it ended with nothing following it while its case went on elsewhere.
    """

    before: Ints
    last: Bools
    open: Bools
    beside: Bools


def following(events: Events) -> Following:
    """How the visits of each case follow one another."""
    count = len(events)
    if not count:
        none = np.zeros(0, dtype=np.bool_)
        return Following(np.zeros(0, dtype=np.int64), none, none, none)
    over = events.ended != UNKNOWN
    # An open visit can be followed by nothing: it counts as if it had ended before everything.
    least = int(events.seen.min()) - 2
    ends = np.where(over, events.ended, least)
    recorded = events.joined != UNKNOWN
    joining = np.where(recorded, np.minimum(events.joined + MICROSECONDS_A_MINUTE, events.seen), events.seen)
    (end_keys,) = keyed((events.case, ends))
    latest = greatest_so_far(end_keys)
    before = np.concatenate(([NONE], latest[:-1]))
    before[events.first] = NONE
    before[(before != NONE) & ~over[before]] = NONE
    overlapping = np.flatnonzero((before != NONE) & (ends[before] > events.seen))
    asked = np.flatnonzero((before != NONE) & (ends[before] > joining))
    if len(asked):
        # Only where visits of a case overlap, or one joined before another had ended, is there anything to look for.
        end_keys, seen_keys, joining_keys = keyed(*((events.case, each) for each in (ends, events.seen, joining)))
        look = _Ends(events.case, end_keys, over)
        before[overlapping] = look.last(overlapping, seen_keys[overlapping])
        found = look.last(asked, joining_keys[asked])
        fits = (found != NONE) & (ends[found] >= events.joined[asked] - MICROSECONDS_A_MINUTE)
        before[asked[fits]] = found[fits]
    open_cases = np.bincount(events.case, weights=~over, minlength=len(events.cases)) > 0
    final = latest[np.flatnonzero(np.append(np.diff(events.case) != 0, True))]
    last = np.zeros(count, dtype=np.bool_)
    last[final] = True
    still_open = open_cases[events.case]
    followed = np.zeros(count, dtype=np.bool_)
    followed[before[before != NONE]] = True
    return Following(before, last & ~still_open, still_open, over & ~followed & ~(last & ~still_open))


class _Ends:
    """The ends of visits in order, to find the last one up to an instant in a case."""

    def __init__(self, case: Ints, keys: Ints, over: Bools) -> None:
        self.case, self.over = case, over
        self.order = in_order(keys)
        self.keys = keys[self.order]

    def last(self, visits: Ints, until: Ints) -> Ints:
        """For some visits the one of their case that ended last up to a moment, itself and what comes later left out.

        Args:
            visits: their places.
            until: the moments, keyed as the ends are.
        """
        at = np.searchsorted(self.keys, until, side="right") - 1
        while True:
            found = np.where(at >= 0, self.order[np.maximum(at, 0)], NONE)
            found[(found != NONE) & (self.case[found] != self.case[visits])] = NONE
            # Visits without length at the very instant stand in each other's way: only an earlier one can be followed.
            late = (found != NONE) & (found >= visits)
            if not late.any():
                break
            at = np.where(late, at - 1, at)
        found[(found != NONE) & ~self.over[found]] = NONE
        return np.asarray(found, dtype=np.int64)
