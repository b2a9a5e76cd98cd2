"""The order within each layer, so that few lines cross: medians of neighbours, then swaps of those side by side."""

from __future__ import annotations

import itertools
from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence

_SWEEPS = 12

Rows = list[list[str]]


def ordered(rows: Rows, lanes: Mapping[str, int], links: Mapping[str, tuple[list[str], list[str]]]) -> Rows:
    """The entries of each row in an order with few crossings, those of a lane together and lanes in their order.

    Args:
        rows: the entries of each layer, from top to bottom.
        lanes: the lane of each entry.
        links: for each entry those that it is linked to in the row above, and in the row below.
    """
    best = [sorted(row, key=lambda key: lanes[key]) for row in rows]
    fewest = crossings(best, links)
    current = best
    for sweep in range(_SWEEPS):
        downwards = sweep % 2 == 0
        current = _swept(current, lanes, links, downwards)
        current = _swapped(current, lanes, links)
        count = crossings(current, links)
        if count < fewest:
            best, fewest = current, count
    return best


def crossings(rows: Sequence[Sequence[str]], links: Mapping[str, tuple[list[str], list[str]]]) -> int:
    """How many pairs of links between neighbouring rows cross."""
    total = 0
    for row, following in itertools.pairwise(rows):
        place = {key: number for number, key in enumerate(following)}
        ends = [[place[other] for other in links[key][1]] for key in row]
        seen: list[int] = []
        for targets in ends:
            total += sum(len(seen) - bisect_right(seen, target) for target in targets)
            for target in targets:
                insort(seen, target)
    return total


def _swept(rows: Rows, lanes: Mapping[str, int], links: Mapping[str, tuple[list[str], list[str]]], down: bool) -> Rows:
    swept = [list(row) for row in rows]
    places = range(1, len(rows)) if down else range(len(rows) - 2, -1, -1)
    for number in places:
        beside = swept[number - 1 if down else number + 1]
        place = {key: position for position, key in enumerate(beside)}
        own = {key: position for position, key in enumerate(swept[number])}
        scale = len(beside) / max(len(own), 1)

        def wanted(key: str, place: dict[str, int] = place, own: dict[str, int] = own, scale: float = scale) -> float:
            linked = links[key][0 if down else 1]
            if not linked:
                return own[key] * scale
            if len(linked) == 1:  # most are places of long lines
                return place[linked[0]]
            neighbours = sorted([place[other] for other in linked])
            half = len(neighbours) // 2
            return neighbours[half] if len(neighbours) % 2 else (neighbours[half - 1] + neighbours[half]) / 2

        swept[number] = sorted(swept[number], key=lambda key: (lanes[key], wanted(key), own[key]))
    return swept


def _swapped(rows: Rows, lanes: Mapping[str, int], links: Mapping[str, tuple[list[str], list[str]]]) -> Rows:
    """Swaps neighbours as long as that takes crossings away."""
    swapped = [list(row) for row in rows]
    for number, row in enumerate(swapped):
        beside = [
            {key: place for place, key in enumerate(swapped[other])} if 0 <= other < len(swapped) else {}
            for other in (number - 1, number + 1)
        ]
        # The rows beside stay as they are, so that two who were once looked at need it again only in other company.
        new_beside = [True] * (len(row) - 1)
        rounds = 0
        while any(new_beside) and rounds < len(row):
            rounds += 1
            for left in range(len(row) - 1):
                if not new_beside[left]:
                    continue
                new_beside[left] = False
                one, other = row[left], row[left + 1]
                if lanes[one] == lanes[other] and _gain(links[one], links[other], beside) > 0:
                    row[left], row[left + 1] = other, one
                    for near in (left - 1, left + 1):
                        if 0 <= near < len(new_beside):
                            new_beside[near] = True
    return swapped


def _gain(
    one: tuple[list[str], list[str]], other: tuple[list[str], list[str]], beside: Sequence[Mapping[str, int]]
) -> int:
    """How many crossings a swap of two neighbours takes away."""
    gain = 0
    for side, place in enumerate(beside):
        for a in one[side]:
            for b in other[side]:
                gain += (place[a] > place[b]) - (place[a] < place[b])
    return gain
