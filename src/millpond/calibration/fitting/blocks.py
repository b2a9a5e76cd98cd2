"""Steps that a case goes to all at once, found where the same steps run side by side in nearly every case.

A *block* is a group of steps that are linked by being parallel and that nearly always come together, each once. Its
branches are the steps of it that are not parallel to each other, one after another. In the model a step without staff
and without time stands where the branches part, and another where they meet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from millpond.calibration.fitting.history import History
from millpond.calibration.fitting.parallel import Pairs

NEARLY_ALWAYS = 0.9
_FEWEST = 10


@dataclass(frozen=True)
class Block:
    """Steps to which a case goes all at once.

    Attributes:
        branches: the steps of each branch in their order.
        parts: the name of the step at which the branches part.
        meets: the name of the step at which they meet.
        runs: how often cases came to it.
        whole: how many of these had each step once.
    """

    branches: tuple[tuple[str, ...], ...]
    parts: str
    meets: str
    runs: int
    whole: int

    @property
    def steps(self) -> frozenset[str]:
        """All steps of it."""
        return frozenset(step for branch in self.branches for step in branch)


@dataclass(frozen=True)
class Token:
    """A visit on the way of a case, or the visits of a block together.

    Attributes:
        visits: their places in the history.
        block: the block; None for a single visit.
    """

    visits: tuple[int, ...]
    block: Block | None


def blocks_of(log: History, parallel: Pairs) -> tuple[Block, ...]:
    """The blocks of a log.

    Args:
        log: the visits.
        parallel: the pairs of steps that run side by side.
    """
    found = []
    steps = {name for pair in parallel for name in pair}
    taken = {*log.step}
    for group in _linked(steps, parallel):
        runs = [run for places in log.by_case.values() for run in _runs(log, places, group)]
        complete = [run for run in runs if all(log.has_ended[place] for place in run)]
        whole = [run for run in complete if sorted(log.step[place] for place in run) == sorted(group)]
        if len(complete) < _FEWEST or len(whole) < NEARLY_ALWAYS * len(complete):
            continue
        order = Counter[str]()
        for run in whole:
            for place, visit in enumerate(run):
                order[log.step[visit]] += place
        apart = {(one, other) for one in group for other in group if one != other and (one, other) not in parallel}
        branches = [tuple(sorted(branch, key=lambda step: (order[step], step))) for branch in _linked(group, apart)]
        if len(branches) < 2:
            continue
        branches.sort(key=lambda branch: (order[branch[0]], branch))
        words = _listed([branch[0] for branch in branches])
        parts, meets = _free(f"{words} at once", taken), _free(f"{words} all done", taken)
        found.append(Block(tuple(branches), parts, meets, len(complete), len(whole)))
    return tuple(sorted(found, key=lambda block: block.parts))


def tokens_of(log: History, places: Sequence[int], blocks: Collection[Block]) -> list[Token]:
    """The way of a case: single visits, and the visits of a block as one."""
    of_step = {step: block for block in blocks for step in block.steps}
    found: list[Token] = []
    for place in places:
        block = of_step.get(log.step[place])
        if block is not None and found and found[-1].block is block:
            found[-1] = Token((*found[-1].visits, place), block)
        else:
            found.append(Token((place,), block))
    return found


def _runs(log: History, places: Iterable[int], group: Collection[str]) -> list[list[int]]:
    found: list[list[int]] = []
    before = False
    for place in places:
        inside = log.step[place] in group
        if inside and before:
            found[-1].append(place)
        elif inside:
            found.append([place])
        before = inside
    return found


def _linked(steps: Iterable[str], pairs: Collection[tuple[str, str]]) -> list[set[str]]:
    """The groups of steps that are linked by pairs, by their first name."""
    left, found = set(steps), []
    while left:
        group = {min(left)}
        while more := {name for name in left - group if any((name, each) in pairs for each in group)}:
            group |= more
        left -= group
        found.append(group)
    return found


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _free(name: str, taken: Collection[str]) -> str:
    return name if name not in taken else _free(f"{name} again", taken)
