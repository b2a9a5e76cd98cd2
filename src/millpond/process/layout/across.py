"""How far to the right each entry of each layer stands, once their order is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from millpond.process.layout.graph import Box
from millpond.process.layout.ordering import Rows

GAP = 26.0
"""The least distance between two boxes side by side."""
NARROW_GAP = 12.0
"""The least distance between two places of lines."""
PASSING = 4.0
_ROUNDS = 10

_Pull = tuple[str, float, float]
"""What an entry is linked to, half its width, and how much it pulls."""


def across(
    rows: Rows,
    places: Mapping[str, Box],
    links: Mapping[str, tuple[list[str], list[str]]],
    bands: Sequence[tuple[float, float]],
    boxes: set[str],
) -> dict[str, float]:
    """The left edge of every entry: as near to those it is linked to as the order and the lanes allow."""
    x: dict[str, float] = {}
    in_lanes = [by_lane(row, places, len(bands)) for row in rows]
    for row in in_lanes:
        for own, (low, high) in zip(row, bands, strict=True):
            wanted = [(low + high) / 2 - box.width / 2 for box in own]
            x |= _settled(own, wanted, [1.0] * len(own), low, high)
    half = {key: box.width / 2 for key, box in places.items()}
    sides: dict[str, tuple[list[_Pull], list[_Pull]]] = {}
    for key, (uppers, lowers) in links.items():
        # Long lines pull more, so that they run straight.
        strong = 1.0 if key in boxes else 4.0
        linked = [
            [(other, half[other], 1.0 if other in boxes else strong) for other in side] for side in (uppers, lowers)
        ]
        sides[key] = linked[0], linked[1]
    for turn in range(_ROUNDS):
        for number in range(len(rows)) if turn % 2 == 0 else range(len(rows) - 1, -1, -1):
            for own, (low, high) in zip(in_lanes[number], bands, strict=True):
                wanted, pull = [], []
                for box in own:
                    above, below = sides[box.key]
                    near = (above + below) if turn >= 2 else (above, below)[turn % 2] or above + below
                    middle = _pulled(near, x)
                    wanted.append(x[box.key] if middle is None else middle - box.width / 2)
                    pull.append(2.0 if box.key in boxes else 1.0)
                x |= _settled(own, wanted, pull, low, high)
    return x


def _pulled(near: Sequence[_Pull], x: Mapping[str, float]) -> float | None:
    """The weighted mean of the middles of what an entry is linked to; None where that is nothing."""
    if len(near) == 1:
        return x[near[0][0]] + near[0][1]
    total = weights = 0.0
    for key, half, strength in near:
        total += (x[key] + half) * strength
        weights += strength
    return total / weights if near else None


def _settled(
    row: Sequence[Box], wanted: Sequence[float], pull: Sequence[float], low: float, high: float
) -> dict[str, float]:
    """Places in order and apart, with the least squared distance from where they want to be, held within a band."""
    if not row:
        return {}
    offsets, at = [], 0.0
    for number, box in enumerate(row):
        offsets.append(at)
        at += box.width + (gap(box, row[number + 1]) if number + 1 < len(row) else 0.0)
    lowest, highest = low + GAP / 2, high - GAP / 2 - at
    blocks: list[tuple[float, float, int]] = []
    for target, weight, offset in zip(wanted, pull, offsets, strict=True):
        mean, total, count = target - offset, weight, 1
        while blocks and blocks[-1][0] > mean:
            before, weighed, several = blocks.pop()
            mean = (before * weighed + mean * total) / (weighed + total)
            total, count = weighed + total, count + several
        blocks.append((mean, total, count))
    found: dict[str, float] = {}
    number = 0
    for mean, _, count in blocks:
        start = min(max(mean, lowest), max(highest, lowest))
        for _ in range(count):
            found[row[number].key] = start + offsets[number]
            number += 1
    return found


def by_lane(row: Sequence[str], places: Mapping[str, Box], lanes: int) -> list[list[Box]]:
    """The entries of a layer in each lane."""
    found: list[list[Box]] = [[] for _ in range(lanes)]
    for key in row:
        found[places[key].lane].append(places[key])
    return found


def gap(one: Box, other: Box) -> float:
    """The least distance between two entries side by side."""
    return NARROW_GAP if min(one.width, other.width) <= PASSING or one.key[0] == other.key[0] == "\x01" else GAP
