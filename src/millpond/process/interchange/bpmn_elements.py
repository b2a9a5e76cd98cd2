"""The elements of BPMN 2.0 by name, what becomes of them, and what a file was found to hold."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from millpond.process.interchange.diagram import Diagram, Kind
from millpond.process.interchange.noted import one_line
from millpond.process.interchange.results import NotKept
from millpond.process.interchange.safe_xml import local, text_of

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
TASKS = ("task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask")
AUTOMATIC = ("serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask")
"""Tasks that no person does."""
GATEWAYS: dict[str, Kind] = {
    "exclusiveGateway": "xor",
    "parallelGateway": "and",
    "inclusiveGateway": "or",
    "eventBasedGateway": "events",
    "complexGateway": "or",
}
SUB = ("subProcess", "transaction", "adHocSubProcess")
EMPTY = ("incoming", "outgoing", "extensionElements", "laneSet", "documentation", "sequenceFlow", "ioSpecification")
REASONS = {
    "dataObject": "data is not part of a service's pathway",
    "dataObjectReference": "data is not part of a service's pathway",
    "dataStoreReference": "data is not part of a service's pathway",
    "textAnnotation": "a remark in the drawing",
    "association": "a line to a remark or to data",
    "group": "a frame around part of the drawing",
    "messageFlow": "a message between organisations moves no case here; join the two processes by a flow, or by steps",
    "standardLoopCharacteristics": "that it is repeated is not kept, because the file does not say how often; "
    "let the step lead back to itself with a share",
    "multiInstanceLoopCharacteristics": "that it is done several times over is not kept; say so in its minutes",
}


@dataclass
class Drawing:
    """What was read of a file.

    Attributes:
        diagram: the process.
        not_kept: what has no counterpart.
        notes: what was made of the rest.
        roots: elements with figures of another tool, in which more may be found.
    """

    diagram: Diagram = field(default_factory=Diagram)
    not_kept: list[NotKept] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    root: etree._Element | None = None

    def drop(self, element: etree._Element, reason: str) -> None:
        """Put an element on the list of what is not kept."""
        name = element.get("name") or ""
        if not name and local(element) == "textAnnotation":
            name = text_of(element).strip()[:60]
        self.not_kept.append(NotKept(local(element), element.get("id") or "", one_line(name), reason))


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of that name; None where there is none."""
    return next((each for each in element if local(each) == name), None)


def id_of(element: etree._Element) -> str:
    """The id of an element of BPMN; empty for one of another tool."""
    return element.get("id") or "" if str(element.tag).startswith(f"{{{BPMN}}}") else ""
