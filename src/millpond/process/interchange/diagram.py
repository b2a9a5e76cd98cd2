"""A drawn process: nodes, the flows between them, and lanes, as BPMN has them once sub-processes are opened out.

Reading and writing BPMN meet here. What a step means to Millpond is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["task", "xor", "and", "or", "events", "start", "end", "wait", "pass", "exit", "leave"]
"""``events``: an event-based gateway. ``wait``: a timer on the way. ``pass``: an event that takes no time. ``exit``:
where a sub-process ends. ``leave``: a timer at the edge of a task, at which the case leaves it."""

Noted = Mapping[str, Any]
"""What Millpond itself noted in a file, so that reading it gives back what was written."""


@dataclass(frozen=True)
class Lane:
    """Who does the work: a band of the drawing.

    Attributes:
        id: its id.
        name: what people call it.
        noted: see `Noted`.
        participant: the pool of BPMN (an organisation) that it is part of; empty where there is only one.
    """

    id: str
    name: str
    noted: Noted = field(default_factory=dict)
    participant: str = ""


@dataclass(frozen=True)
class Node:
    """Something that a case comes to.

    Attributes:
        id: its id.
        kind: what it does with a case; see `Kind`.
        tag: its element in BPMN, such as ``userTask``.
        name: what people call it; empty where it has no name.
        lane: the id of its lane; None outside all lanes.
        minutes: of a timer, the minutes by the clock; None where they are not known.
        attached_to: the task at whose edge it is.
        noted: see `Noted`.
        says: what its documentation tells a reader.
    """

    id: str
    kind: Kind
    tag: str
    name: str = ""
    lane: str | None = None
    minutes: float | None = None
    attached_to: str | None = None
    noted: Noted = field(default_factory=dict)
    says: str = ""


@dataclass(frozen=True)
class Flow:
    """The way from one node to another.

    Attributes:
        id: its id.
        source, target: the ids of the nodes.
        name: what people call it.
        share: of the cases that leave its source; None where it is not known.
        condition: the condition in the words of the file.
        noted: see `Noted`.
        says: what its documentation tells a reader.
    """

    id: str
    source: str
    target: str
    name: str = ""
    share: float | None = None
    condition: str = ""
    noted: Noted = field(default_factory=dict)
    says: str = ""


@dataclass
class Diagram:
    """A drawn process, while it is being made or read.

    Attributes:
        name: of the process.
        nodes, lanes: by id, in the order of the drawing.
        flows: in the order of the drawing.
        noted: what Millpond noted of the service as a whole.
        default_flows: the flow of a gateway that is taken where no condition holds, by the gateway's id.
        says: what the documentation of the process tells a reader.
    """

    name: str = ""
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    lanes: dict[str, Lane] = field(default_factory=dict)
    noted: Noted = field(default_factory=dict)
    default_flows: dict[str, str] = field(default_factory=dict)
    says: str = ""

    def leaving(self) -> dict[str, list[Flow]]:
        """The flows by the node that they leave."""
        by_source: dict[str, list[Flow]] = {node: [] for node in self.nodes}
        for flow in self.flows:
            by_source[flow.source].append(flow)
        return by_source

    def coming(self) -> dict[str, list[Flow]]:
        """The flows by the node that they come to."""
        by_target: dict[str, list[Flow]] = {node: [] for node in self.nodes}
        for flow in self.flows:
            by_target[flow.target].append(flow)
        return by_target
