"""What tells a change from chance: the four rules of a control chart, as Making Data Count has them.

    1  a point beyond a limit
    2  seven points in a row that rise, or fall
    3  two of three points in a row beyond the two-sigma line, all three on the same side of the centre
    4  seven points in a row on one side of the centre

All points of a run count, not only the last. Where sources differ the `ChartRules` say what holds; the rules look at
one segment at a time and never across a rebasing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millpond.model import ChartRules
from millpond.variation.limits import Floats, Limits

Signs = npt.NDArray[np.int64]
"""For each point 1 (high, rising), -1 (low, falling) or 0 (no signal)."""

ROUNDING = 1e-9
"""What differs by less than this share of the largest figure is equal: sums of floats are not exact."""


@dataclass(frozen=True)
class Signals:
    """What each rule says of each point.

    Attributes:
        beyond, trend, near, side: the signs by rules 1 to 4.
    """

    beyond: Signs
    trend: Signs
    near: Signs
    side: Signs

    @property
    def by_rule(self) -> tuple[Signs, Signs, Signs, Signs]:
        """The four, in the order in which they come first."""
        return self.beyond, self.trend, self.near, self.side

    def at(self, point: int) -> tuple[tuple[int, int], ...]:
        """The rules by which a point signals, in their order, each with its sign."""
        return tuple((rule, int(signs[point])) for rule, signs in enumerate(self.by_rule, 1) if signs[point])


def signals(values: Floats, limits: Limits, rules: ChartRules) -> Signals:
    """What the four rules say of the points of one segment.

    Args:
        values: the points, in order of time.
        limits: centre and limits of each.
        rules: the choices on which sources differ.
    """
    slack = ROUNDING * max(float(np.abs(values).max(initial=0)), float(np.abs(limits.centre).max(initial=0)))
    sides = signs(values - limits.centre, slack)
    beyond = np.where(values > limits.upper + slack, 1, np.where(values < limits.lower - slack, -1, 0))
    past_two = np.where(values > limits.upper_two + slack, 1, np.where(values < limits.lower_two - slack, -1, 0))
    close = (past_two != 0) & (rules.beyond_limits_count | (beyond == 0))
    return Signals(
        beyond=beyond,
        trend=trends(values, rules.trend, skip_ties=rules.ties_in_trend == "skip", slack=slack),
        near=np.where(close & in_two_of_three(close, sides), past_two, 0),
        side=runs(sides, rules.run),
    )


def signs(differences: Floats, slack: float = 0.0) -> Signs:
    """The sign of each difference; 0 where it is no more than rounding."""
    return np.asarray(np.where(np.abs(differences) <= slack, 0, np.sign(differences)), dtype=np.int64)


def trends(values: Floats, length: int, *, skip_ties: bool = False, slack: float = 0.0) -> Signs:
    """The points that belong to so many in a row that rise (1) or fall (-1); a turning point goes on with the later.

    Args:
        values: the points.
        length: how many points make a trend.
        skip_ties: equal neighbours neither add to a trend nor end it; else they end it.
        slack: what counts as equal.
    """
    found = np.zeros(len(values), dtype=np.int64)
    begins, ends, points, way = 0, 0, 1, 0
    for at, move in enumerate(signs(np.diff(values), slack), 1):
        if move == 0 and skip_ties:
            # A stretch that has not begun to move begins with its last point.
            begins = begins if way else at
            continue
        if move == 0:
            begins, ends, points, way = at, at, 1, 0
            continue
        if move != way:
            begins, points = (ends if way else begins), 1
        ends, points, way = at, points + 1, int(move)
        if points >= length:
            found[begins : ends + 1] = way
    return found


def in_two_of_three(close: npt.NDArray[np.bool_], sides: Signs) -> npt.NDArray[np.bool_]:
    """The points of each three in a row of which two or more are close to a limit and all are on one side.

    >>> in_two_of_three(np.array([0, 0, 1, 0, 1, 0, 0]) == 1, np.ones(7, dtype=int)).astype(int).tolist()
    [0, 0, 1, 1, 1, 0, 0]
    """
    found = np.zeros(len(close), dtype=bool)
    for first in range(len(close) - 2):
        three = slice(first, first + 3)
        if abs(int(sides[three].sum())) == 3 and int(close[three].sum()) >= 2:
            found[three] = True
    return found


def runs(sides: Signs, length: int) -> Signs:
    """The points that belong to so many in a row on one side of the centre; a point on the centre ends a run."""
    found = np.zeros(len(sides), dtype=np.int64)
    begins = 0
    for at in range(1, len(sides) + 1):
        if at == len(sides) or sides[at] != sides[begins]:
            if sides[begins] and at - begins >= length:
                found[begins:at] = sides[begins]
            begins = at
    return found
