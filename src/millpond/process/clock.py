"""The working time of one set of opening hours as a scale: from instants to hours worked so far, and back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from millpond.periods import WorkingTime
from millpond.process.grouped import Edges, Ints


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
        at = self._by_instant.before(us)
        worked = np.minimum(us - self.opens[at], self._lengths[at])
        worked += self.before[at]
        # Only what lies before all openings is less than nothing.
        return np.asarray(np.maximum(worked, 0, out=worked))

    def reached(self, worked: Ints) -> Ints:
        """The first instant at which so much working time had passed: where hours end there, when they end."""
        return self._instant(worked, self._by_time.before(worked - 1))

    def left(self, worked: Ints) -> Ints:
        """The last instant at which so much working time had passed: where hours end there, when the next begin."""
        return self._instant(worked, self._by_time.before(worked))

    def _instant(self, worked: Ints, at: Ints) -> Ints:
        instants = worked + (self.opens - self.before)[at]
        return np.asarray(np.minimum(instants, self.closes[at], out=instants))

    @cached_property
    def _by_instant(self) -> Edges:
        return Edges(self.opens)

    @cached_property
    def _by_time(self) -> Edges:
        return Edges(self.before)

    @cached_property
    def _lengths(self) -> Ints:
        return np.asarray(self.closes - self.opens, dtype=np.int64)
