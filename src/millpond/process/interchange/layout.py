"""Where the shapes and lines of a drawing stand: columns by how far a case has come, one band for each lane."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from millpond.process.interchange.diagram import Diagram, Node
from millpond.process.interchange.grid import CHANNEL, COLUMN, HEAD, LEFT, ROW, TOP, Box, Point
from millpond.process.interchange.routes import routes, texts

_SIZES = {"task": (120.0, 80.0), "xor": (50.0, 50.0), "and": (50.0, 50.0), "or": (50.0, 50.0), "events": (50.0, 50.0)}
_EVENT = (36.0, 36.0)


@dataclass(frozen=True)
class Layout:
    """Where everything stands.

    Attributes:
        nodes, lanes: a box for each, by id.
        flows: the corners of each line from its beginning to its end, by id.
        texts: a box for the text of each line that has one, by id; empty where there are too many.
        whole: the box around all lanes.
    """

    nodes: dict[str, Box]
    lanes: dict[str, Box]
    flows: dict[str, tuple[Point, ...]]
    texts: dict[str, Box]
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
    width = LEFT + (max(columns.values(), default=0) + 1) * COLUMN
    nodes: dict[str, Box] = {}
    bands: dict[str, Box] = {}
    top = TOP
    for lane in lanes:
        bands[lane] = Box(LEFT, top, width - HEAD, rows[lane] * ROW)
        for column in range(max(columns.values(), default=0) + 1):
            for row, node in enumerate(cells.get((lane, column), [])):
                wide, high = _SIZES.get(node.kind, _EVENT)
                x = LEFT + HEAD + (column + 0.5) * COLUMN - wide / 2
                nodes[node.id] = Box(x, top + (row + 0.5) * ROW - high / 2, wide, high)
        top += rows[lane] * ROW
    at_edge: dict[str, int] = defaultdict(int)
    for node in diagram.nodes.values():
        if node.kind == "leave":
            task = nodes.get(node.attached_to or "", Box(LEFT, TOP, 120, 80))
            offset = 20 + 40 * at_edge[node.attached_to or ""]
            at_edge[node.attached_to or ""] += 1
            nodes[node.id] = Box(task.x + offset, task.y + task.height - 18, *_EVENT)
    flows, back = routes(diagram, nodes, list(bands.values()), top)
    room = (back + 1) * CHANNEL if back else 0.0
    last = bands[lanes[-1]]
    bands[lanes[-1]] = Box(last.x, last.y, last.width, last.height + room)
    whole = Box(LEFT - HEAD, TOP, width, top - TOP + room)
    return Layout(nodes, bands if diagram.lanes else {}, flows, texts(diagram, nodes, flows), whole)


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
