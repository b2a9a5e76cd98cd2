"""Reads the XML of BPMN 2.0 into a `Diagram`: sub-processes opened out, what has no counterpart listed by name.

OMG, Business Process Model and Notation 2.0.2 (2013). Positions on the page are not read: a service has none.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from lxml import etree

from millpond.errors import UnreadableFile
from millpond.process.interchange.diagram import Diagram, Flow, Kind, Lane, Node
from millpond.process.interchange.lengths import minutes_of_iso
from millpond.process.interchange.noted import noted_in, one_line
from millpond.process.interchange.results import NotKept
from millpond.process.interchange.safe_xml import local, parse_xml, text_of

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
TASKS = ("task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask")
AUTOMATIC = ("serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask")
"""Tasks that no person does."""
_GATEWAYS: dict[str, Kind] = {
    "exclusiveGateway": "xor",
    "parallelGateway": "and",
    "inclusiveGateway": "or",
    "eventBasedGateway": "events",
    "complexGateway": "or",
}
_SUB = ("subProcess", "transaction", "adHocSubProcess")
_EMPTY = ("incoming", "outgoing", "extensionElements", "laneSet", "documentation", "sequenceFlow", "ioSpecification")
_WITHOUT_LOSS = ("documentation", "ioSpecification", "timerEventDefinition", "linkEventDefinition")
_REASONS = {
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


def read_diagram(content: bytes, source: str) -> Drawing:
    """Read a BPMN file.

    Args:
        content: the file.
        source: what to call it in errors.

    Raises:
        UnreadableFile: it is damaged, no BPMN, has no process, or contradicts itself.
    """
    root = parse_xml(content, source)
    if local(root) != "definitions" or not str(root.tag).startswith("{http://www.omg.org/spec/BPMN/"):
        raise UnreadableFile(f"{source} is no BPMN 2.0 model: it begins with <{local(root)}>. Export it as BPMN 2.0.")
    twice = [id for id, count in Counter(_id(each) for each in root.iter() if _id(each)).items() if count > 1]
    if twice:
        raise UnreadableFile(
            f'{source} has the id "{twice[0]}" more than once, so that nobody can say which is meant. Export it again, '
            "or give each element an id of its own."
        )
    read = Drawing(root=root)
    processes = [each for each in root if local(each) == "process"]
    participants = {
        each.get("processRef"): each for each in root.iter() if local(each) == "participant" and each.get("processRef")
    }
    for element in root.iter():
        if local(element) == "participant" and not element.get("processRef"):
            read.drop(element, "nothing is drawn inside it; what it does is not known")
        elif local(element) == "messageFlow":
            read.drop(element, _REASONS["messageFlow"])
    several = len(processes) > 1
    for process in processes:
        participant = participants.get(process.get("id"))
        name = "" if participant is None else one_line(participant.get("name"))
        read.diagram.name = read.diagram.name or one_line(process.get("name")) or name
        read.diagram.noted = read.diagram.noted or noted_in(_child(process, "extensionElements"))
        band: str | None = None
        if name and not any(local(each) == "lane" for each in process.iter()) and not read.diagram.noted:
            band = str(participant.get("id") if participant is not None else name)
            read.diagram.lanes[band] = Lane(band, name, {}, name if several else "")
        _Scope(read, name if several else "").take(process, band)
    if not any(node.kind == "task" for node in read.diagram.nodes.values()):
        raise UnreadableFile(
            f"{source} has no task in it, so that there is no work to describe. Check that it is the right file."
        )
    _flows_lead_somewhere(read)
    return read


class _Scope:
    """A process or sub-process, whose nodes and flows are taken into the one drawing."""

    def __init__(self, read: Drawing, participant: str) -> None:
        self.read = read
        self.participant = participant

    def take(self, scope: etree._Element, lane: str | None) -> None:
        """Take what is in a process or sub-process, which lies in that lane where it does not say more."""
        lanes = dict(self._lanes(scope))
        defaults = {each.get("id"): each.get("default") for each in scope if each.get("default")}
        self.read.diagram.default_flows.update({str(id): str(flow) for id, flow in defaults.items()})
        links: dict[str, str] = {}
        for element in scope:
            tag, id = local(element), element.get("id") or ""
            here = lanes.get(id, lane)
            if tag == "sequenceFlow":
                self._flow(element)
            elif tag in TASKS or tag == "callActivity":
                self._task(element, here)
            elif tag in _SUB:
                self._sub_process(element, here)
            elif tag in _GATEWAYS:
                if tag == "complexGateway":
                    self.read.drop(element, "read as a gateway that takes every way; its rule is not kept")
                self._add(element, _GATEWAYS[tag], here)
            elif tag.endswith("Event"):
                self._event(element, here, links)
            elif tag not in _EMPTY and str(element.tag).startswith(f"{{{BPMN}}}"):
                self.read.drop(element, _REASONS.get(tag, "it has no counterpart in a service"))

    def _lanes(self, scope: etree._Element) -> list[tuple[str, str]]:
        """The lane of each node; the innermost where lanes lie in lanes."""
        found: list[tuple[str, str]] = []
        for lanes in [each for each in scope if local(each) == "laneSet"]:
            for lane in [each for each in lanes.iter() if local(each) == "lane"]:
                id = lane.get("id") or ""
                members = [one_line(each.text) for each in lane if local(each) == "flowNodeRef"]
                if members:
                    noted = noted_in(_child(lane, "extensionElements"))
                    name = one_line(lane.get("name")) or self.participant or id
                    self.read.diagram.lanes[id] = Lane(id, name, noted, self.participant)
                    found += [(member, id) for member in members]
        return found

    def _add(self, element: etree._Element, kind: Kind, lane: str | None, **known: object) -> None:
        id = element.get("id") or ""
        noted = noted_in(_child(element, "extensionElements"))
        node = Node(id, kind, local(element), one_line(element.get("name")), lane, noted=noted)
        self.read.diagram.nodes[id] = replace(node, **known)  # type: ignore[arg-type]
        for child in element:
            if "LoopCharacteristics" in local(child):
                self.read.not_kept.append(
                    NotKept(
                        local(child), id, one_line(element.get("name")), _REASONS.get(local(child), "it is not kept")
                    )
                )

    def _flow(self, element: etree._Element) -> None:
        condition = _child(element, "conditionExpression")
        noted = noted_in(_child(element, "extensionElements"))
        share = noted.get("share")
        self.read.diagram.flows.append(
            Flow(
                element.get("id") or "",
                element.get("sourceRef") or "",
                element.get("targetRef") or "",
                one_line(element.get("name")),
                share if isinstance(share, int | float) and 0 <= share <= 1 else None,
                one_line(text_of(condition)),
                noted,
            )
        )

    def _task(self, element: etree._Element, lane: str | None) -> None:
        self._add(element, "task", lane)
        if local(element) == "callActivity":
            self.read.drop(element, "the process that it calls is not opened; it is one step")

    def _sub_process(self, element: etree._Element, lane: str | None) -> None:
        inside = [each for each in element if local(each) in (*TASKS, *_SUB, "callActivity", *_GATEWAYS)]
        if element.get("triggeredByEvent") == "true":
            self.read.drop(element, "it begins at any time, which a pathway cannot say; nothing inside is kept")
            for each in inside:
                self.read.drop(each, "it is part of a sub-process that begins at any time")
            return
        if not inside:
            self._add(element, "task", lane)
            return
        id = element.get("id") or ""
        begins = [each for each in element if local(each) == "startEvent"]
        diagram = self.read.diagram
        name = one_line(element.get("name"))
        self.read.notes.append(f'The sub-process "{name or id}" is opened out: its tasks are steps of the service.')
        if local(element) == "adHocSubProcess":
            self.read.drop(element, "its tasks are done in any order, which is not kept; they are done as drawn")
        self._add(element, "pass", lane)
        end = f"{id}#end"
        diagram.nodes[end] = Node(end, "exit", "subProcess", name, lane)
        # What was to leave the sub-process as a whole leaves from where it ends.
        before = len(diagram.flows)
        self.take(element, lane)
        targets = {flow.target for flow in diagram.flows[before:]}
        first = [str(each.get("id")) for each in begins] or [
            str(each.get("id")) for each in inside if each.get("id") not in targets
        ]
        for begin in first:
            diagram.flows.append(Flow(f"{id}#begin{begin}", id, begin))
            if diagram.nodes[begin].kind == "start":
                diagram.nodes[begin] = replace(diagram.nodes[begin], kind="pass")
        sources = {flow.source for flow in diagram.flows[before:]}
        members = {_id(each) for each in element}
        for node in [node for node in diagram.nodes.values() if node.id in members and node.kind != "leave"]:
            if node.kind == "end" or (node.id not in sources and node.tag not in _SUB):
                if node.kind == "end":
                    diagram.nodes[node.id] = replace(node, kind="pass")
                diagram.flows.append(Flow(f"{node.id}#out", node.id, end))
        self.read.diagram.nodes[id] = replace(diagram.nodes[id], noted={"#end": end})

    def _event(self, element: etree._Element, lane: str | None, links: dict[str, str]) -> None:
        tag = local(element)
        definitions = [each for each in element if local(each).endswith("EventDefinition")]
        kinds = [local(each) for each in definitions]
        timer = next((each for each in definitions if local(each) == "timerEventDefinition"), None)
        minutes = None if timer is None else self._minutes(element, timer)
        if tag == "boundaryEvent":
            if timer is not None and element.get("cancelActivity", "true") == "true":
                self._add(element, "leave", lane, minutes=minutes, attached_to=element.get("attachedToRef"))
            else:
                reason = (
                    "a timer that does not end the task has no counterpart"
                    if timer is not None
                    else "an event that ends a task early is not kept, because the file does not say how often it comes"
                )
                self.read.drop(element, reason)
                self._add(element, "leave", lane, attached_to="")
        elif tag == "startEvent":
            if kinds and kinds != ["messageEventDefinition"]:
                self.read.drop(element, f"what begins it ({', '.join(kinds)}) is not kept; say how many come per week")
            self._add(element, "start", lane)
        elif tag == "endEvent":
            self._add(element, "end", lane)
        elif timer is not None:
            self._add(element, "wait", lane, minutes=minutes)
        else:
            self._add(element, "pass", lane)
            for each in definitions:
                if local(each) == "linkEventDefinition":
                    self._link(element, one_line(each.get("name")) or one_line(element.get("name")), links)
            if tag == "intermediateCatchEvent" and kinds != ["linkEventDefinition"]:
                what = ", ".join(kinds) or "an event"
                self.read.drop(element, f"cases go on at once; how long they wait for it ({what}) is not in the file")
            elif tag == "intermediateThrowEvent" and kinds and kinds != ["linkEventDefinition"]:
                self.read.drop(element, "what it sends or marks is not kept; cases go on at once")

    def _link(self, element: etree._Element, name: str, links: dict[str, str]) -> None:
        """Two halves of one flow: what throws a link goes on at what catches it."""
        id = element.get("id") or ""
        catches = local(element) == "intermediateCatchEvent"
        other = links.get(f"{'throw' if catches else 'catch'} {name}")
        if other is not None:
            source, target = (other, id) if catches else (id, other)
            self.read.diagram.flows.append(Flow(f"{source}#link", source, target))
        links[f"{'catch' if catches else 'throw'} {name}"] = id

    def _minutes(self, event: etree._Element, timer: etree._Element) -> float | None:
        said = next((each for each in timer if local(each) in ("timeDuration", "timeDate", "timeCycle")), None)
        text = one_line(text_of(said))
        minutes = minutes_of_iso(text) if said is not None and local(said) == "timeDuration" else None
        if minutes is None and local(event) != "startEvent":
            shown = f'"{text}"' if text else "nothing"
            self.read.drop(event, f"its timer says {shown}, which is no length of time such as PT36H; it is left out")
        return minutes


def _flows_lead_somewhere(read: Drawing) -> None:
    """Leave out flows to and from what is not there, and let those that leave a sub-process leave from its end."""
    diagram = read.diagram
    kept = []
    for flow in diagram.flows:
        source = diagram.nodes.get(flow.source)
        if source is None or flow.target not in diagram.nodes:
            read.not_kept.append(NotKept("sequenceFlow", flow.id, flow.name, "one of its ends is not kept"))
            continue
        end = source.noted.get("#end")
        moved = end is not None and not flow.id.startswith(f"{source.id}#begin")
        kept.append(replace(flow, source=str(end)) if moved else flow)
    diagram.flows = kept
    tasks = {node.id for node in diagram.nodes.values() if node.kind == "task"}
    for node in [each for each in diagram.nodes.values() if each.kind == "leave"]:
        if node.attached_to not in tasks:
            if node.attached_to:
                reason = "at the edge of a sub-process: how long a case may stay in several steps has no counterpart"
                read.not_kept.append(NotKept(node.tag, node.id, node.name, reason))
            diagram.nodes[node.id] = replace(node, attached_to="")


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((each for each in element if local(each) == name), None)


def _id(element: etree._Element) -> str:
    return element.get("id") or "" if str(element.tag).startswith(f"{{{BPMN}}}") else ""
