"""What was measured of one kind of interval, and whether it keeps its promise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from millpond.measures.proportions import wilson

Random = np.random.Generator


@dataclass(frozen=True)
class Held:
    """How often the intervals of one kind held the truth.

    Attributes:
        of: what is told with such an interval.
        held: how many held it.
        services: of how many.
        promised: the share that is promised.
        is_least: whether at least that share is promised, as by exact tests and for sets of several.
    """

    of: str
    held: int
    services: int
    promised: float = 0.95
    is_least: bool = False

    @property
    def share(self) -> float:
        """The share that held it."""
        return self.held / self.services

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95% interval of the share."""
        found = wilson(self.held, self.services)
        assert found is not None
        return found

    @property
    def keeps(self) -> bool:
        """Whether the interval of the share contains what is promised, or lies above it where that is the least."""
        low, high = self.interval
        return self.promised <= high and (self.is_least or low <= self.promised)

    def __str__(self) -> str:
        low, high = self.interval
        promised = f"{'at least ' if self.is_least else ''}{self.promised:.0%}"
        kept = "" if self.keeps else " does not hold |"
        return f"| {self.of} | {promised} | {self.services:,} | {self.share:.1%} | {low:.1%} to {high:.1%} |{kept}"


def counted(found: dict[str, list[bool]], promised: float = 0.95, least: tuple[str, ...] = ()) -> tuple[Held, ...]:
    """One result for each kind, from whether each interval held.

    Args:
        found: by kind.
        promised: the share that is promised.
        least: the kinds of which that is the least.
    """
    return tuple(Held(of, sum(held), len(held), promised, of in least) for of, held in found.items())


def inside(low: float | None, truth: float, high: float | None) -> bool:
    """Whether a truth lies within an interval, one end of which may be open."""
    # Truths and ends are both rounded.
    slack = 1e-9 * max(abs(truth), 1.0)
    return (low is None or low <= truth + slack) and (high is None or truth - slack <= high)


def luck_of(name: str, place: int) -> Random:
    """The luck of one made-up service."""
    return np.random.Generator(np.random.PCG64([20260101, *name.encode(), place]))


Measure = Callable[[int], tuple[Held, ...]]
"""Takes how many services, and gives what was measured of each kind."""
