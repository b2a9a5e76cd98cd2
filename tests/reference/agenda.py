"""What is to happen when, in the order in which things at one instant are worked off."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

DAY_BEGINS, CLOSINGS, ENDS, OPENINGS, DEADLINES, TOLD, AT_RANDOM = range(7)
"""The kinds of event, in their order: policies; closings; ends of work; openings; delays, limits and patience;
arrivals."""


class Agenda:
    """Events to come. Those of one instant and kind are ordered by their place, then as they were added."""

    def __init__(self) -> None:
        self._events: list[tuple[int, int, tuple[int, ...], int, Callable[..., None], tuple[Any, ...]]] = []
        self._added = 0

    def add(self, at: int, kind: int, place: tuple[int, ...], happen: Callable[..., None], *what: Any) -> None:
        """Something that happens at an instant: it is called with the instant and whatever else is given."""
        self._added += 1
        heapq.heappush(self._events, (at, kind, place, self._added, happen, what))

    def work_off(self, end: int) -> None:
        """Let everything before the end happen, one event after the other."""
        while self._events and self._events[0][0] < end:
            now, _, _, _, happen, what = heapq.heappop(self._events)
            happen(now, *what)
