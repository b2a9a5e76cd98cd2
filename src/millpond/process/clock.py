"""The working time of one set of opening hours as a scale: from instants to hours worked so far, and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from millpond.periods import WorkingTime
from millpond.process.grouped import Ints


@dataclass(frozen=True, eq=False)
class Clock:
    """Opening hours in order.

    Attributes:
        opens, closes: the instants at which each opening begins and ends, microseconds since 1970-01-01 UTC.
        before: the working time before each opening.
    """

    opens: Ints
    closes: Ints
    before: Ints

    @classmethod
    def of(cls, working: WorkingTime) -> Clock:
        """The scale of some opening hours; openings that touch are one."""
        spans: list[list[int]] = []
        for start, end in (opening for day in working.openings for opening in day):
            if spans and spans[-1][1] == start:
                spans[-1][1] = end
            else:
                spans.append([start, end])
        opens, closes = np.array(spans or [[0, 0]], dtype=np.int64).T
        return cls(opens, closes, np.concatenate(([0], np.cumsum(closes - opens)[:-1])).astype(np.int64))

    def worked(self, us: Ints) -> Ints:
        """The working time up to each instant."""
        at = np.maximum(np.searchsorted(self.opens, us, side="right") - 1, 0)
        return np.asarray(self.before[at] + np.clip(us - self.opens[at], 0, self.closes[at] - self.opens[at]))

    def reached(self, worked: Ints) -> Ints:
        """The first instant at which so much working time had passed: where hours end there, when they end."""
        at = np.minimum(np.searchsorted(self.before, worked, side="left"), len(self.before))
        at = np.maximum(at - 1, 0)
        return np.asarray(np.minimum(self.opens[at] + worked - self.before[at], self.closes[at]))

    def left(self, worked: Ints) -> Ints:
        """The last instant at which so much working time had passed: where hours end there, when the next begin."""
        at = np.searchsorted(self.before, worked, side="right") - 1
        return np.asarray(np.minimum(self.opens[at] + worked - self.before[at], self.closes[at]))
