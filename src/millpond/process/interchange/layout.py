"""Where the shapes and lines of a drawing stand: columns by how far a case has come, one band for each lane.

Lines turn at right angles and go between the columns and above the rows, so that none runs through a shape. One that
leads back runs below everything, so that it is never taken for a way forward.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from millpond.process.interchange.diagram import Diagram, Node

Point = tuple[float, float]
_SIZES = {"task": (120.0, 80.0), "xor": (50.0, 50.0), "and": (50.0, 50.0), "or": (50.0, 50.0), "events": (50.0, 50.0)}
_EVENT = (36.0, 36.0)
_COLUMN, _ROW = 180.0, 120.0
_LEFT, _TOP, _HEAD = 160.0, 80.0, 30.0
_CHANNEL = 12.0


@dataclass(frozen=True)
class Box:
    """A rectangle: its left upper corner, its width and its height, in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True)
class Layout:
    """Where everything stands.

    Attributes:
        nodes, lanes: a box for each, by id.
        flows: the corners of each line from its beginning to its end, by id.
        whole: the box around all lanes.
    """

    nodes: dict[str, Box]
    lanes: dict[str, Box]
    flows: dict[str, tuple[Point, ...]]
    whole: Box


def lay_out(diagram: Diagram) -> Layout:
    """Find a place for every node, lane and flow of a drawing."""
    columns = _columns(diagram)
    lanes = list(diagram.lanes) or [""]
    cells: dict[tuple[str, int], list[Node]] = defaultdict(list)
    for node in diagram.nodes.values():
        if node.kind != "leave":
            cells[_lane(node, lanes), columns[node.id]].append(node)
    rows = {lane: max([1, *(len(cell) for (where, _), cell in cells.items() if where == lane)]) for lane in lanes}
    width = _LEFT + (max(columns.values(), default=0) + 1) * _COLUMN
    nodes: dict[str, Box] = {}
    bands: dict[str, Box] = {}
    top = _TOP
    for lane in lanes:
        bands[lane] = Box(_LEFT, top, width - _HEAD, rows[lane] * _ROW)
        for column in range(max(columns.values(), default=0) + 1):
            for row, node in enumerate(cells.get((lane, column), [])):
                wide, high = _SIZES.get(node.kind, _EVENT)
                x = _LEFT + _HEAD + (column + 0.5) * _COLUMN - wide / 2
                nodes[node.id] = Box(x, top + (row + 0.5) * _ROW - high / 2, wide, high)
        top += rows[lane] * _ROW
    at_edge: dict[str, int] = defaultdict(int)
    for node in diagram.nodes.values():
        if node.kind == "leave":
            task = nodes.get(node.attached_to or "", Box(_LEFT, _TOP, 120, 80))
            offset = 20 + 40 * at_edge[node.attached_to or ""]
            at_edge[node.attached_to or ""] += 1
            nodes[node.id] = Box(task.x + offset, task.y + task.height - 18, *_EVENT)
    flows: dict[str, tuple[Point, ...]] = {}
    back = 0
    for number, flow in enumerate(diagram.flows):
        begin, end = nodes[flow.source], nodes[flow.target]
        near = 4.0 * (number % 6)
        if begin.x + begin.width >= end.x:
            back += 1
            flows[flow.id] = _around(begin, end, top + back * _CHANNEL, near)
        elif diagram.nodes[flow.source].kind == "leave":
            flows[flow.id] = _from_below(begin, end, near)
        elif _column(end) - _column(begin) == 1:
            flows[flow.id] = _next_door(begin, end, near)
        else:
            flows[flow.id] = _around(begin, end, _above(begin, bands) + 3 + near / 2, near)
    room = (back + 1) * _CHANNEL if back else 0.0
    last = bands[lanes[-1]]
    bands[lanes[-1]] = Box(last.x, last.y, last.width, last.height + room)
    whole = Box(_LEFT - _HEAD, _TOP, width, top - _TOP + room)
    return Layout(nodes, bands if diagram.lanes else {}, flows, whole)


def _lane(node: Node, lanes: list[str]) -> str:
    return node.lane if node.lane in lanes else lanes[0]


def _columns(diagram: Diagram) -> dict[str, int]:
    """How far each node is from where cases begin: one more than the furthest before it, ways back left out."""
    leaving = diagram.leaving()
    for node in diagram.nodes.values():
        if node.kind == "leave" and node.attached_to in leaving:
            leaving[node.attached_to] = [*leaving[node.attached_to], *leaving[node.id]]
    state: dict[str, int] = {}
    order: list[str] = []
    forward: dict[str, list[str]] = defaultdict(list)
    begins = [node.id for node in diagram.nodes.values() if node.kind == "start"]
    for root in [*begins, *diagram.nodes]:
        if root in state:
            continue
        # A walk by hand: a long pathway must not run into the limit of recursion.
        state[root] = 1
        walk = [(root, iter(leaving[root]))]
        while walk:
            id, ways = walk[-1]
            flow = next(ways, None)
            if flow is None:
                state[id] = 2
                order.append(id)
                walk.pop()
            elif state.get(flow.target) != 1:
                forward[id].append(flow.target)
                if flow.target not in state:
                    state[flow.target] = 1
                    walk.append((flow.target, iter(leaving[flow.target])))
    columns = dict.fromkeys(diagram.nodes, 0)
    for id in reversed(order):
        for target in forward[id]:
            columns[target] = max(columns[target], columns[id] + 1)
    return columns


def _column(box: Box) -> int:
    return int((box.middle[0] - _LEFT - _HEAD) // _COLUMN)


def _gutter(box: Box, side: int) -> float:
    """Where lines may go up and down beside the column of a box: on its left (0) or its right (1)."""
    return _LEFT + _HEAD + (_column(box) + side) * _COLUMN


def _above(box: Box, bands: dict[str, Box]) -> float:
    """The upper edge of the row that a box is in: above it nothing stands in its way."""
    band = next(each for each in bands.values() if each.y <= box.middle[1] < each.y + each.height)
    return band.y + (box.middle[1] - band.y) // _ROW * _ROW


def _next_door(begin: Box, end: Box, near: float) -> tuple[Point, ...]:
    start, goal = (begin.x + begin.width, begin.middle[1]), (end.x, end.middle[1])
    turn = _gutter(end, 0) - 10 + near
    return (start, goal) if start[1] == goal[1] else (start, (turn, start[1]), (turn, goal[1]), goal)


def _around(begin: Box, end: Box, level: float, near: float) -> tuple[Point, ...]:
    """Out to the right, along a level where nothing stands, and in from the left."""
    start, goal = (begin.x + begin.width, begin.middle[1]), (end.x, end.middle[1])
    out, into = _gutter(begin, 1) - 10 + near, _gutter(end, 0) - 10 + near
    return (start, (out, start[1]), (out, level), (into, level), (into, goal[1]), goal)


def _from_below(begin: Box, end: Box, near: float) -> tuple[Point, ...]:
    """From a timer at the lower edge of a task."""
    start, goal = (begin.middle[0], begin.y + begin.height), (end.x, end.middle[1])
    down, turn = start[1] + 3, _gutter(end, 0) - 10 + near
    return (start, (start[0], down), (turn, down), (turn, goal[1]), goal)
