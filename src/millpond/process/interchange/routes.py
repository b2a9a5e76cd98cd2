"""The corners of lines and the places of their texts, once shapes have theirs.

Lines turn at right angles and go between the columns and above the rows, so that none runs through a shape; those that
share a passage run side by side. One that leads back runs below everything, so that it is never taken for a way
forward.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from millpond.process.interchange.diagram import Diagram, Flow
from millpond.process.interchange.grid import CHANNEL, COLUMN, HEAD, LEFT, ROW, Box, Point

_ASIDE, _WIDEST = 6.0, 44.0
"""How far apart lines run between two columns, and within how much room."""
_ABOVE, _HIGHEST = 4.0, 14.0
"""The same above a row."""
_LETTER, _LINE, _MOST_LABEL = 6.2, 14.0, 90.0
_MOST_TEXTS = 400
"""With more texts than these nobody reads the drawing without a tool, which then places them itself."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Route:
    """A line: where it begins and ends, through which passages between columns, and in which channel above a row."""

    flow: Flow
    start: Point
    goal: Point
    passages: tuple[int, ...]
    row: float | None = None
    back: int | None = None
    below: bool = False


def routes(
    diagram: Diagram, nodes: Mapping[str, Box], bands: Sequence[Box], bottom: float
) -> tuple[dict[str, tuple[Point, ...]], int]:
    """The corners of each line by id, and how many lead back below everything.

    Args:
        diagram: what is drawn.
        nodes: where its shapes stand.
        bands: its lanes, or one band for all.
        bottom: below which nothing stands.
    """
    planned: list[_Route] = []
    back = 0
    for flow in diagram.flows:
        begin, end = nodes[flow.source], nodes[flow.target]
        start, goal = (begin.x + begin.width, begin.middle[1]), (end.x, end.middle[1])
        out, into = _column(begin) + 1, _column(end)
        if diagram.nodes[flow.source].kind == "leave" and begin.x + begin.width < end.x:
            below = (begin.middle[0], begin.y + begin.height)
            planned.append(_Route(flow, below, goal, (into,), below=True))
        elif begin.x + begin.width >= end.x:
            back += 1
            planned.append(_Route(flow, start, goal, (out, into), back=back))
        elif out == into:
            planned.append(_Route(flow, start, goal, () if start[1] == goal[1] else (into,)))
        else:
            planned.append(_Route(flow, start, goal, (out, into), row=_above(begin, bands)))
    across = _side_by_side(
        [(route.flow.id, gutter, abs(route.goal[1] - route.start[1])) for route in planned for gutter in route.passages]
    )
    above = _side_by_side([(route.flow.id, route.row, route.goal[0]) for route in planned if route.row is not None])
    found: dict[str, tuple[Point, ...]] = {}
    for route in planned:
        id, (start, goal) = route.flow.id, (route.start, route.goal)
        turns = []
        for gutter in route.passages:
            place, several = across[id, gutter]
            turns.append(LEFT + HEAD + gutter * COLUMN + (place - (several - 1) / 2) * min(_ASIDE, _WIDEST / several))
        if route.below:
            down = start[1] + 3
            found[id] = (start, (start[0], down), (turns[0], down), (turns[0], goal[1]), goal)
        elif not turns:
            found[id] = (start, goal)
        elif len(turns) == 1:
            found[id] = (start, (turns[0], start[1]), (turns[0], goal[1]), goal)
        else:
            level = bottom + (route.back or 0) * CHANNEL
            if route.row is not None:
                place, several = above[id, route.row]
                level = route.row + _ABOVE + place * min(_ABOVE, _HIGHEST / several)
            out_x, into_x = turns
            corners = ((out_x, start[1]), (out_x, level), (into_x, level), (into_x, goal[1]))
            found[id] = (start, *corners, goal)
    return found, back


def _side_by_side(uses: Sequence[tuple[str, float, float]]) -> dict[tuple[str, float], tuple[int, int]]:
    """The place of each line among those in the same passage, and how many these are: who goes furthest comes first.

    So lines from one shape to several do not cross: the one to the furthest turns first.
    """
    by_passage: dict[float, list[tuple[float, int, str]]] = defaultdict(list)
    for number, (id, passage, far) in enumerate(uses):
        by_passage[passage].append((-far, number, id))
    return {
        (id, passage): (place, len(several))
        for passage, several in by_passage.items()
        for place, (_, _, id) in enumerate(sorted(several))
    }


def _column(box: Box) -> int:
    return int((box.middle[0] - LEFT - HEAD) // COLUMN)


def _above(box: Box, bands: Sequence[Box]) -> float:
    """The upper edge of the row that a box is in: above it nothing stands in its way."""
    band = next(each for each in bands if each.y <= box.middle[1] < each.y + each.height)
    return band.y + (box.middle[1] - band.y) // ROW * ROW


def texts(diagram: Diagram, nodes: Mapping[str, Box], lines: Mapping[str, Sequence[Point]]) -> dict[str, Box]:
    """A place for the text of each line, on no shape, no other text and, where there is room, no other line."""
    named = [flow for flow in diagram.flows if flow.name]
    if len(named) > _MOST_TEXTS:
        return {}
    taken = [_edges(box) for box in nodes.values()]
    # The names of events and gateways stand below them.
    taken += [
        _edges(Box(box.x - 27, box.y + box.height, box.width + 54, 2 * _LINE))
        for id, box in nodes.items()
        if diagram.nodes[id].kind != "task" and diagram.nodes[id].name
    ]
    strokes = np.array([(*a, *b) for corners in lines.values() for a, b in pairwise(corners)] or [(0, 0, 0, 0)])
    strokes = np.concatenate(
        (np.minimum(strokes[:, :2], strokes[:, 2:]), np.maximum(strokes[:, :2], strokes[:, 2:])), axis=1
    )
    found: dict[str, Box] = {}
    for flow in named:
        wide = min(_LETTER * len(flow.name) + 4, _MOST_LABEL)
        high = _LINE * -(-_LETTER * len(flow.name) // _MOST_LABEL)
        boxes = list(_beside(lines[flow.id], wide, high))
        shapes = np.array(taken)
        best = min(
            range(len(boxes)),
            key=lambda number: (
                _meets(boxes[number], shapes) > 0,
                _meets(boxes[number], strokes),
                number,
            ),
        )
        found[flow.id] = boxes[best]
        taken.append(_edges(boxes[best]))
    return found


def _beside(corners: Sequence[Point], wide: float, high: float) -> Iterator[Box]:
    """Places along a line, at its longest pieces first; at last where it leaves its shape, beside its neighbours."""
    first, *pieces = pairwise(corners)
    pieces.sort(key=lambda piece: -abs(piece[1][0] - piece[0][0]) - abs(piece[1][1] - piece[0][1]))
    for (x1, y1), (x2, y2) in [*pieces, first]:
        for share in (0.5, 0.25, 0.75, 0.1, 0.9):
            x, y = x1 + (x2 - x1) * share, y1 + (y2 - y1) * share
            if y1 == y2:
                yield Box(x - wide / 2, y - high - 2, wide, high)
                yield Box(x - wide / 2, y + 2, wide, high)
            else:
                yield Box(x + 3, y - high / 2, wide, high)
                yield Box(x - wide - 3, y - high / 2, wide, high)


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.x, box.y, box.x + box.width, box.y + box.height


def _meets(box: Box, others: Floats) -> int:
    left, top, right, bottom = _edges(box)
    inside = (others[:, 0] < right) & (others[:, 2] > left) & (others[:, 1] < bottom) & (others[:, 3] > top)
    return int(inside.sum())
