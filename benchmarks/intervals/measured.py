"""What was measured of one kind of interval, and whether it keeps its promise."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

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


def counted(
    found: Mapping[str, Sequence[float]], promised: float = 0.95, least: tuple[str, ...] = ()
) -> tuple[Held, ...]:
    """One result for each kind, from whether each interval held, or the chance that it does.

    Args:
        found: by kind, for each service 1 or 0, or a chance that was worked out.
        promised: the share that is promised.
        least: the kinds of which that is the least.
    """
    return tuple(Held(of, round(sum(held)), len(held), promised, of in least) for of, held in found.items())


def inside(low: float | None, truth: float, high: float | None) -> bool:
    """Whether a truth lies within an interval, one end of which may be open."""
    # Truths and ends are both rounded.
    slack = 1e-9 * max(abs(truth), 1.0)
    return (low is None or low <= truth + slack) and (high is None or truth - slack <= high)


def chance_to_hold(share: float, of: int, ends: Callable[[int], tuple[float | None, float | None]]) -> float:
    """The chance that the interval of a share holds it, by the binomial law of the count that it is made of.

    A count is whole, so that no interval holds a share just as often as it promises: some a little more often, others
    less. Worked out and not drawn, there is no luck in it.

    Args:
        share: the truth.
        of: how many are counted.
        ends: the interval that a count gives.
    """
    chances = binom.pmf(np.arange(of + 1), of, share)
    held = 0.0
    for count in np.flatnonzero(chances > 1e-9).tolist():
        low, high = ends(count)
        held += float(chances[count]) * inside(low, share, high)
    return held


def luck_of(name: str, place: int) -> Random:
    """The luck of one made-up service."""
    return np.random.Generator(np.random.PCG64([20260101, *name.encode(), place]))


Measure = Callable[[int], tuple[Held, ...]]
"""Takes how many services, and gives what was measured of each kind."""
