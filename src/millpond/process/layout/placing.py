"""Gives every box a place: the whole layout from boxes and lines, deterministic to the last digit.

Between any two layers of boxes lies a layer for the texts of lines, in which each text has a place of its own, so that
no text meets a box or another text. A line that passes a layer has a narrow place in it too, and meets no box either.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from millpond.process.layout.across import GAP, NARROW_GAP, PASSING, across, by_lane, gap
from millpond.process.layout.graph import Box, Layout, Line, PlacedBox, PlacedLine, Point
from millpond.process.layout.layering import downward_order, layers
from millpond.process.layout.ordering import Rows, ordered

LAYER_GAP = 20.0
MARGIN = 14.0
_STRAIGHTENINGS = 4


@dataclass(frozen=True)
class _Chain:
    """A line as it goes down: through which places, and in which of them its text stands."""

    line: Line
    keys: tuple[str, ...]
    text: str
    upwards: bool


def lay_out(boxes: Sequence[Box], lines: Sequence[Line], lane_widths: Sequence[float] = ()) -> Layout:
    """Places boxes and lines.

    Args:
        boxes: the first stands at the top; keys are unique.
        lines: between different boxes; no two with the same ends.
        lane_widths: the least width of each lane; empty for one lane.

    Raises:
        ValueError: a line has an end that no box is.
    """
    known = {box.key for box in boxes}
    for line in lines:
        if line.source not in known or line.target not in known or line.source == line.target:
            raise ValueError(f"a line from {line.source!r} to {line.target!r} joins no two boxes")
    order = downward_order(boxes, lines)
    layer = {key: 2 * number for key, number in layers(boxes, lines, order).items()}
    places = {box.key: box for box in boxes}
    chains = [_chain(number, line, layer, order, places) for number, line in enumerate(lines)]
    rows = _rows(places, layer, chains)
    links = _links(places, chains)
    rows = ordered(rows, {key: box.lane for key, box in places.items()}, links)
    least = list(lane_widths) or [0.0] * (1 + max((box.lane for box in boxes), default=0))
    bands = _bands(rows, places, least)
    x = straightened(across(rows, places, links, bands, known), rows, places, bands, chains)
    y, heights = _down(rows, places)
    placed = {
        box.key: PlacedBox(
            box, round(x[box.key], 1), round(y[layer[box.key]] + (heights[layer[box.key]] - box.height) / 2, 1)
        )
        for box in boxes
    }
    at = {key: (x[key] + places[key].width / 2, y[layer[key]], heights[layer[key]]) for row in rows for key in row}
    return Layout(
        boxes=tuple(placed[box.key] for box in boxes),
        lines=_lines(chains, placed, at),
        lanes=tuple(bands),
        width=round(bands[-1][1] + MARGIN, 1),
        height=round(y[-1] + heights[-1] + MARGIN, 1),
    )


def _chain(number: int, line: Line, layer: dict[str, int], order: Mapping[str, int], places: dict[str, Box]) -> _Chain:
    """The places of a line, which it makes: one in each layer that it passes."""
    upwards = order[line.source] > order[line.target]
    upper, lower = (line.target, line.source) if upwards else (line.source, line.target)
    keys, text = [upper], ""
    between = range(layer[upper] + 1, layer[lower])
    texts_at = between[-1] if upwards else between[0]
    for level in between:
        key = f"\x01{number}:{level}"
        is_text = level == texts_at
        # A line leaves the lane that it comes from at once, so that it does not run through a lane that it does not
        # belong to.
        lane = places[line.target].lane if not is_text else places[line.source].lane
        width, height = (line.width, line.height) if is_text else (PASSING, 0.0)
        places[key] = Box(key, width, height, lane)
        layer[key] = level
        keys.append(key)
        text = key if is_text else text
    return _Chain(line, (*keys, lower), text, upwards)


def _rows(places: Mapping[str, Box], layer: Mapping[str, int], chains: Sequence[_Chain]) -> Rows:
    rows: Rows = [[] for _ in range(max(layer.values()) + 1)]
    for key in places:
        rows[layer[key]].append(key)
    return rows


def _links(places: Mapping[str, Box], chains: Sequence[_Chain]) -> dict[str, tuple[list[str], list[str]]]:
    links: dict[str, tuple[list[str], list[str]]] = {key: ([], []) for key in places}
    for chain in chains:
        for upper, lower in zip(chain.keys, chain.keys[1:], strict=False):
            links[upper][1].append(lower)
            links[lower][0].append(upper)
    return links


def _needed(row: Sequence[Box]) -> float:
    return sum(box.width for box in row) + sum(gap(one, other) for one, other in itertools.pairwise(row))


def _bands(rows: Rows, places: Mapping[str, Box], least: Sequence[float]) -> list[tuple[float, float]]:
    """From where to where each lane reaches: wide enough for its fullest layer and for its heading."""
    widths = list(least)
    for row in rows:
        for lane, own in enumerate(by_lane(row, places, len(widths))):
            widths[lane] = max(widths[lane], _needed(own) + GAP)
    bands, at = [], MARGIN
    for width in widths:
        bands.append((at, at + width))
        at += width
    return bands


def straightened(
    x: dict[str, float],
    rows: Rows,
    places: Mapping[str, Box],
    bands: Sequence[tuple[float, float]],
    chains: Sequence[_Chain],
) -> dict[str, float]:
    """Lets long lines run straight down wherever their neighbours leave room for it, the heaviest first."""
    beside = {key: (row, number) for row in rows for number, key in enumerate(row)}
    ranked = sorted(chains, key=lambda chain: -chain.line.weight)

    def room(key: str) -> tuple[float, float]:
        row, number = beside[key]
        box = places[key]
        low, high = bands[box.lane][0] + NARROW_GAP / 2, bands[box.lane][1] - NARROW_GAP / 2
        if number and places[row[number - 1]].lane == box.lane:
            other = places[row[number - 1]]
            low = x[other.key] + other.width + gap(other, box)
        if number + 1 < len(row) and places[row[number + 1]].lane == box.lane:
            other = places[row[number + 1]]
            high = x[other.key] - gap(box, other)
        return low + box.width / 2, high - box.width / 2

    for _ in range(_STRAIGHTENINGS):
        for chain in ranked:
            run: list[str] = []
            low, high = float("-inf"), float("inf")
            for key in (*chain.keys[1:-1], None):
                least, most = room(key) if key is not None else (float("inf"), float("-inf"))
                if run and min(high, most) < max(low, least):
                    middles = sorted(x[own] + places[own].width / 2 for own in run)
                    middle = min(max(middles[len(middles) // 2], low), high)
                    x |= {own: middle - places[own].width / 2 for own in run}
                    run, low, high = [], float("-inf"), float("inf")
                if key is not None:
                    run.append(key)
                    low, high = max(low, least), min(high, most)
    return x


def _down(rows: Rows, places: Mapping[str, Box]) -> tuple[list[float], list[float]]:
    """The top and the height of each layer."""
    heights = [max((places[key].height for key in row), default=0.0) for row in rows]
    tops, at = [], MARGIN
    for height in heights:
        tops.append(at)
        at += height + LAYER_GAP
    return tops, heights


def _lines(
    chains: Sequence[_Chain], placed: Mapping[str, PlacedBox], at: Mapping[str, tuple[float, float, float]]
) -> tuple[PlacedLine, ...]:
    """The points of each line; where several meet a box, they stand side by side in the order of where they go."""
    ends: dict[tuple[str, bool], list[tuple[float, int]]] = {}
    for number, chain in enumerate(chains):
        ends.setdefault((chain.keys[0], True), []).append((at[chain.keys[1]][0], number))
        ends.setdefault((chain.keys[-1], False), []).append((at[chain.keys[-2]][0], number))
    meets: dict[tuple[int, bool], float] = {}
    for (key, below), several in ends.items():
        box = placed[key]
        room = min(box.box.width * 0.8, 22.0 * (len(several) - 1))
        for place, (_, number) in enumerate(sorted(several)):
            share = place / (len(several) - 1) - 0.5 if len(several) > 1 else 0.0
            meets[number, below] = box.middle + share * room
    lines = []
    for number, chain in enumerate(chains):
        upper, lower = placed[chain.keys[0]], placed[chain.keys[-1]]
        points: list[Point] = [(meets[number, True], upper.y + upper.box.height)]
        for key in chain.keys[1:-1]:
            x, top, height = at[key]
            points += [(x, top), (x, top + height)]
        points.append((meets[number, False], lower.y))
        x, top, height = at[chain.text]
        rounded = tuple((round(a, 1), round(b, 1)) for a, b in points)
        way = tuple(reversed(rounded)) if chain.upwards else rounded
        lines.append(PlacedLine(chain.line, way, (round(x, 1), round(top + height / 2, 1)), chain.upwards))
    return tuple(lines)
