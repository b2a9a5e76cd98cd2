"""Where cases go from a step and how long they take there, with memory where the records show it.

A *move* is what followed a visit: the next step of the case, or its end. The moves from a step become a list of
conditions, as the rules of `service.toml` are: of all conditions on where the case came from and on how often it has
been here, the one that explains most is taken first, then the next for what is left, as long as one lowers the
Bayesian information criterion. Shares under a condition lean on those of all moves by as many as there are
outcomes (Witten and Bell, 1991), so that what was seen three times decides nothing.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

FEWEST = 10
"""A condition that fewer visits meet is not looked at."""
TIMES = (2, 3, 5, 8)
MOST_RULES = 12
_BINS = 4


@dataclass(frozen=True)
class Move:
    """What followed a visit.

    Attributes:
        step: where the visit was.
        came_from: the step before it; None for the first of its case.
        times: how many visits the case had made at this step by then, this one counted.
        to: a step, or an outcome.
        elapsed, working: minutes until the next visit could have joined, by the clock and in the opening hours of the
            next step's staff; 0 for an outcome.
        is_sure: whether the delay is known; else `elapsed` and `working` are the most that it can have been.
        elapsed_from, elapsed_to, working_from, working_to: the least and the most that the delay can have been; the
            latter infinite where it was over in closed hours.
    """

    step: str
    came_from: str | None
    times: int
    to: str
    elapsed: float = 0.0
    working: float = 0.0
    is_sure: bool = True
    elapsed_from: float = 0.0
    elapsed_to: float = 0.0
    working_from: float = 0.0
    working_to: float = 0.0


@dataclass(frozen=True)
class Condition:
    """Which cases go by a list of shares; both parts None for all that are left."""

    came_from: str | None = None
    at_least: int | None = None

    def holds(self, move: Move) -> bool:
        """Whether a move is of such a case."""
        return (self.came_from is None or move.came_from == self.came_from) and (
            self.at_least is None or move.times >= self.at_least
        )


@dataclass(frozen=True)
class Ways:
    """The moves of the cases that meet a condition and none before it.

    Attributes:
        condition: which cases.
        shares: where they go.
        moves: the moves that it rests on.
    """

    condition: Condition
    shares: Mapping[str, float]
    moves: tuple[Move, ...]


def ways_of(moves: Sequence[Move], *, memory: bool = True) -> tuple[Ways, ...]:
    """The ways on from one step: those under conditions first, in their order, those of all others last.

    Args:
        moves: from the step, one or more.
        memory: whether to look for conditions.
    """
    whole = Counter(move.to for move in moves)
    symbols = _symbols(moves)
    left = list(range(len(moves)))
    found: list[Ways] = []
    while memory and len(found) < MOST_RULES:
        best, gain = None, 0.0
        for condition in _conditions([moves[place] for place in left]):
            inside = [place for place in left if condition.holds(moves[place])]
            if not FEWEST <= len(inside) <= len(left) - FEWEST:
                continue
            outside = [place for place in left if not condition.holds(moves[place])]
            worth = max(_gain([moves[p].to for p in inside], [moves[p].to for p in outside]),
                        _gain([symbols[p] for p in inside], [symbols[p] for p in outside]))  # fmt: skip
            if worth > gain:
                best, gain = condition, worth
        if best is None:
            break
        inside = [place for place in left if best.holds(moves[place])]
        left = [place for place in left if not best.holds(moves[place])]
        chosen = tuple(moves[place] for place in inside)
        found.append(Ways(best, leaning(Counter(move.to for move in chosen), whole), chosen))
    rest = tuple(moves[place] for place in left)
    found.append(Ways(Condition(), leaning(Counter(move.to for move in rest), whole), rest))
    return tuple(found)


def leaning(counts: Mapping[str, int], whole: Mapping[str, int]) -> dict[str, float]:
    """Shares that lean on those of a larger whole by as many visits as there are different outcomes."""
    number, kinds = sum(counts.values()), len(counts)
    total = sum(whole.values())
    lean = kinds / (number + kinds) if counts != dict(whole) else 0.0
    shares = {name: (1 - lean) * counts.get(name, 0) / max(number, 1) + lean * whole[name] / total for name in whole}
    kept = {name: share for name, share in shares.items() if share >= 0.0005}
    return rounded_shares(kept)


def rounded_shares(shares: Mapping[str, float]) -> dict[str, float]:
    """Shares in ten-thousandths that add up to exactly 1, the largest first."""
    ordered = sorted(shares, key=lambda name: (-shares[name], name))
    whole = sum(shares.values())
    parts = {name: int(10_000 * shares[name] / whole) for name in ordered}
    parts[ordered[0]] += 10_000 - sum(parts.values())
    return {name: parts[name] / 10_000 for name in ordered if parts[name]}


def _conditions(moves: Iterable[Move]) -> list[Condition]:
    froms: Counter[str] = Counter()
    most = 1
    for move in moves:
        if move.came_from is not None:
            froms[move.came_from] += 1
        most = max(most, move.times)
    before: list[str | None] = [name for name, count in sorted(froms.items()) if count >= FEWEST]
    times: list[int | None] = [number for number in TIMES if number <= most]
    return [
        Condition(came_from, at_least)
        for came_from in [None, *before]
        for at_least in [None, *times]
        if (came_from, at_least) != (None, None)
    ]


def _symbols(moves: Sequence[Move]) -> list[tuple[str, int]]:
    """Where each case goes and in which quarter of the delays of that way it comes there."""
    by_way: dict[str, list[float]] = defaultdict(list)
    for move in moves:
        by_way[move.to].append(move.elapsed)
    edges = {
        name: np.quantile(delays, np.arange(1, _BINS) / _BINS) if len(delays) >= 4 * FEWEST else np.array([])
        for name, delays in by_way.items()
    }
    return [(move.to, int(np.searchsorted(edges[move.to], move.elapsed, side="left"))) for move in moves]


def _gain(inside: Sequence[object], outside: Sequence[object]) -> float:
    """By how much the criterion falls when the two are told apart."""
    one, other = Counter(inside), Counter(outside)
    both = one + other
    fit = _likelihood(one) + _likelihood(other) - _likelihood(both)
    further = len(one) + len(other) - len(both) or 1
    # What the one has and the other lacks costs nothing in the difference of free shares, but must be paid for too.
    further = max(further, min(len(one), len(other)) - 1, 1)
    return 2 * fit - further * math.log(len(inside) + len(outside))


def _likelihood(counts: Counter[object]) -> float:
    total = sum(counts.values())
    return sum(count * math.log(count / total) for count in counts.values())
