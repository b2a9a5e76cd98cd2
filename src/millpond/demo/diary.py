"""A worker's diary: the stretches of time in which they see people, and how far some minutes of work reach in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from millpond.periods import MICROSECONDS_A_MINUTE, Opening


class Diary:
    """The free stretches of one worker. All times are minutes since 1970-01-01 UTC."""

    def __init__(self, stretches: Sequence[Opening]) -> None:
        """The stretches are in microseconds, in order and apart, on whole minutes."""
        self._starts = [start // MICROSECONDS_A_MINUTE for start, _ in stretches]
        self._ends = [end // MICROSECONDS_A_MINUTE for _, end in stretches]

    def left(self, at: int) -> int:
        """The minutes left of the stretch that covers an instant; 0 where none does."""
        place = bisect_right(self._starts, at) - 1
        return max(self._ends[place] - at, 0) if place >= 0 else 0

    def next_start(self, at: int) -> int | None:
        """When the first stretch after an instant begins; None where there is none."""
        place = bisect_right(self._starts, at)
        return self._starts[place] if place < len(self._starts) else None

    def after(self, at: int, minutes: int) -> int | None:
        """The instant by which some minutes of work are done that begin at an instant; None beyond the diary."""
        place = max(bisect_right(self._starts, at) - 1, 0)
        while place < len(self._starts):
            begins = max(at, self._starts[place])
            if begins + minutes <= self._ends[place]:
                return begins + minutes
            minutes -= max(self._ends[place] - begins, 0)
            place += 1
        return None
