"""BPMN 2.0 out: the pathway of a service as a model with its diagram, which other tools open.

What BPMN cannot say is noted beside each element in a namespace of our own, so that reading the file gives the same
service again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from millpond.model import Service
from millpond.process.interchange.bpmn_elements import BPMN
from millpond.process.interchange.diagram import Diagram, Node
from millpond.process.interchange.drawing import draw
from millpond.process.interchange.grid import Box
from millpond.process.interchange.layout import Layout, lay_out
from millpond.process.interchange.lengths import iso_of_minutes
from millpond.process.interchange.noted import NAMESPACE, note, one_line
from millpond.process.interchange.results import NotKept

_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "http://www.omg.org/spec/DD/20100524/DC"
_DD = "http://www.omg.org/spec/DD/20100524/DI"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NAMES = {"bpmn": BPMN, "bpmndi": _DI, "dc": _DC, "di": _DD, "xsi": _XSI, "millpond": NAMESPACE}
BPMN_MARK = b'exporter="Millpond"'
PROSIMOS_MARK = b'exporterVersion="for Prosimos"'
"""By this a model of ours is known."""
_PROCESS, _PARTICIPANT = "Process_1", "Participant_1"


def write_bpmn(service: Service) -> tuple[bytes, tuple[NotKept, ...]]:
    """A service as a BPMN 2.0 model with diagram interchange.

    Args:
        service: the service.

    Returns:
        The file, and what its drawing shows otherwise than it is meant; it is noted in the file all the same.
    """
    diagram, not_kept = draw(service)
    return diagram_xml(diagram), not_kept


def diagram_xml(diagram: Diagram, version: str = "") -> bytes:
    """A drawing as the XML of BPMN 2.0, laid out.

    Args:
        diagram: the drawing.
        version: of which kind it is, where it is not the drawing of a service or map by itself.
    """
    root = etree.Element(f"{{{BPMN}}}definitions", nsmap=_NAMES)
    root.set("id", "Definitions_1")
    root.set("targetNamespace", NAMESPACE)
    root.set("exporter", "Millpond")
    if version:
        root.set("exporterVersion", version)
    collaboration = _sub(root, "collaboration", id="Collaboration_1")
    _sub(collaboration, "participant", id=_PARTICIPANT, name=one_line(diagram.name), processRef=_PROCESS)
    process = _sub(root, "process", id=_PROCESS, name=one_line(diagram.name), isExecutable="false")
    _extensions(process, diagram.noted, diagram.says)
    _lanes(process, diagram)
    leaving, coming = diagram.leaving(), diagram.coming()
    several_starts = sum(node.kind == "start" for node in diagram.nodes.values()) > 1
    for node in diagram.nodes.values():
        element = _sub(process, node.tag, id=node.id, name=one_line(node.name))
        _extensions(element, node.noted, node.says)
        if node.attached_to:
            element.set("attachedToRef", node.attached_to)
            element.set("cancelActivity", "true")
        if node.id in diagram.default_flows:
            element.set("default", diagram.default_flows[node.id])
        for tag, flows in (("incoming", coming[node.id]), ("outgoing", leaving[node.id])):
            for flow in flows:
                _sub(element, tag).text = flow.id
        _timer(element, node)
        if node.kind == "start" and several_starts:
            # Of several starts BPMN wants to know what each begins with: a referral is a message.
            _sub(element, "messageEventDefinition", id=f"{node.id}_message")
    for flow in diagram.flows:
        element = _sub(process, "sequenceFlow", id=flow.id, sourceRef=flow.source, targetRef=flow.target)
        if flow.name:
            element.set("name", one_line(flow.name))
        _extensions(element, flow.noted, flow.says)
        if flow.condition:
            condition = _sub(element, "conditionExpression")
            condition.set(f"{{{_XSI}}}type", "bpmn:tFormalExpression")
            condition.text = one_line(flow.condition)
    _picture(root, diagram, lay_out(diagram))
    etree.indent(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"


def _lanes(process: etree._Element, diagram: Diagram) -> None:
    if not diagram.lanes:
        return
    lanes = _sub(process, "laneSet", id="LaneSet_1")
    for lane in diagram.lanes.values():
        element = _sub(lanes, "lane", id=lane.id, name=one_line(lane.name))
        _extensions(element, lane.noted)
        for node in diagram.nodes.values():
            if node.lane == lane.id:
                _sub(element, "flowNodeRef").text = node.id


def _timer(element: etree._Element, node: Node) -> None:
    if node.minutes is None or node.kind not in ("wait", "leave"):
        return
    timer = _sub(element, "timerEventDefinition", id=f"{node.id}_timer")
    duration = _sub(timer, "timeDuration")
    duration.set(f"{{{_XSI}}}type", "bpmn:tFormalExpression")
    duration.text = iso_of_minutes(node.minutes)


def _extensions(element: etree._Element, noted: Mapping[str, Any], says: str = "") -> None:
    # The schema wants the documentation first.
    if says:
        _sub(element, "documentation").text = one_line(says)
    if noted:
        _sub(element, "extensionElements").append(note(noted))


def _picture(root: etree._Element, diagram: Diagram, layout: Layout) -> None:
    picture = etree.SubElement(root, f"{{{_DI}}}BPMNDiagram", id="Diagram_1")
    plane = etree.SubElement(picture, f"{{{_DI}}}BPMNPlane", id="Plane_1", bpmnElement="Collaboration_1")
    _shape(plane, _PARTICIPANT, layout.whole, isHorizontal="true")
    for id, box in layout.lanes.items():
        _shape(plane, id, box, isHorizontal="true")
    for id, box in layout.nodes.items():
        more = {"isMarkerVisible": "true"} if diagram.nodes[id].kind == "xor" else {}
        _shape(plane, id, box, **more)
    for id, corners in layout.flows.items():
        edge = etree.SubElement(plane, f"{{{_DI}}}BPMNEdge", id=f"{id}_di", bpmnElement=id)
        for x, y in corners:
            etree.SubElement(edge, f"{{{_DD}}}waypoint", x=f"{x:.8g}", y=f"{y:.8g}")
        if id in layout.texts:
            _bounds(etree.SubElement(edge, f"{{{_DI}}}BPMNLabel"), layout.texts[id])


def _shape(plane: etree._Element, id: str, box: Box, **more: str) -> None:
    shape = etree.SubElement(plane, f"{{{_DI}}}BPMNShape", {"id": f"{id}_di", "bpmnElement": id, **more})
    _bounds(shape, box)


def _bounds(element: etree._Element, box: Box) -> None:
    place = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    etree.SubElement(element, f"{{{_DC}}}Bounds", {key: f"{value:.8g}" for key, value in place.items()})


def _sub(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    kept = {key: value for key, value in attributes.items() if value or key != "name"}
    return etree.SubElement(parent, f"{{{BPMN}}}{tag}", kept)
