"""Expected visits on the way of a case: an absorbing Markov chain over the steps of the pathway.

Where a case goes from a step depends on the step alone. The expected number of visits still to come solves a set of
linear equations; see J. G. Kemeny and J. L. Snell, Finite Markov Chains (Van Nostrand, 1960), chapter 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

_ROUNDING = 2e-6
"""Shares of a pathway need add up to 1 only to within 1e-6; what is missing by so little is no way out."""


@dataclass(frozen=True)
class Chain:
    """Where cases go from each step.

    Attributes:
        shares: for each step the shares of the steps that follow; what is missing to 1 leaves. Every step that
            follows is a step of the chain.

    >>> chain = Chain({"assessment": {"advocacy": 1.0}, "advocacy": {"advocacy": 0.6}})
    >>> {step: round(visits, 6) for step, visits in chain.visits_from({"assessment": 1.0}).items()}
    {'assessment': 1.0, 'advocacy': 2.5}
    """

    shares: Mapping[str, Mapping[str, float]]

    @cached_property
    def endless(self) -> frozenset[str]:
        """The steps of loops that no way leads out of; a case that comes to one visits all of its loop for ever."""
        reach = self._reach
        out = {step for step, following in self.shares.items() if sum(following.values()) < 1 - _ROUNDING}
        return frozenset(
            step
            for step in self.shares
            if not out & {step, *reach[step]} and all(step in reach[other] for other in reach[step])
        )

    def onward(self, at: Mapping[str, float]) -> dict[str, float]:
        """How many of the cases now at some steps go on to each step next."""
        following = dict.fromkeys(self.shares, 0.0)
        for step, cases in at.items():
            for name, share in self.shares[step].items():
                following[name] += cases * share
        return following

    def visits_from(self, arriving: Mapping[str, float]) -> dict[str, float | None]:
        """The expected visits at each step of cases that now arrive at some steps, these visits included.

        Args:
            arriving: how many cases arrive at each step.

        Returns:
            The expected visits, by step; None at steps that are visited without end.
        """
        starting = np.array([arriving.get(step, 0.0) for step in self._steps])
        visits = np.linalg.solve(self._equations, starting)
        # Rounding may leave a trace where no way leads at all; a case is never at a step less than not at all.
        found = {
            step: 0.0 if abs(value) < 1e-12 else float(value) for step, value in zip(self._steps, visits, strict=True)
        }
        caught = [step for step in self.endless if found[step] > 0]
        lost = {step for first in caught for step in (first, *self._reach[first])}
        return {step: None if step in lost else value for step, value in found.items()}

    @property
    def _steps(self) -> tuple[str, ...]:
        return tuple(self.shares)

    @cached_property
    def _reach(self) -> dict[str, set[str]]:
        """For each step the steps that a case may come to after it, itself where it may come back."""
        reach = {}
        for step in self.shares:
            seen: set[str] = set()
            ahead = [step]
            while ahead:
                following = {name for name, share in self.shares[ahead.pop()].items() if share > 0}
                ahead += following - seen
                seen |= following
            reach[step] = seen
        return reach

    @cached_property
    def _equations(self) -> npt.NDArray[np.float64]:
        """Visits less those that come from other visits; steps without a way out are taken as if all left there."""
        place = {step: number for number, step in enumerate(self._steps)}
        equations = np.eye(len(place))
        for step, following in self.shares.items():
            if step not in self.endless:
                for name, share in following.items():
                    equations[place[name], place[step]] -= share
        return equations
