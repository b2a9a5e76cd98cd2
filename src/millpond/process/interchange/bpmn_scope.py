"""The nodes, flows and lanes of one process or sub-process of BPMN, taken into the one drawing."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from millpond.process.interchange.bpmn_elements import BPMN, EMPTY, GATEWAYS, REASONS, SUB, TASKS, Drawing, child, id_of
from millpond.process.interchange.diagram import Flow, Kind, Lane, Node
from millpond.process.interchange.lengths import minutes_of_iso
from millpond.process.interchange.noted import noted_in, one_line
from millpond.process.interchange.results import NotKept
from millpond.process.interchange.safe_xml import local, text_of


class Scope:
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
            elif tag in SUB:
                self._sub_process(element, here)
            elif tag in GATEWAYS:
                if tag == "complexGateway":
                    self.read.drop(element, "read as a gateway that takes every way; its rule is not kept")
                self._add(element, GATEWAYS[tag], here)
            elif tag.endswith("Event"):
                self._event(element, here, links)
            elif tag not in EMPTY and str(element.tag).startswith(f"{{{BPMN}}}"):
                self.read.drop(element, REASONS.get(tag, "it has no counterpart in a service"))

    def _lanes(self, scope: etree._Element) -> list[tuple[str, str]]:
        """The lane of each node; the innermost where lanes lie in lanes."""
        found: list[tuple[str, str]] = []
        for lanes in [each for each in scope if local(each) == "laneSet"]:
            for lane in [each for each in lanes.iter() if local(each) == "lane"]:
                id = lane.get("id") or ""
                members = [one_line(each.text) for each in lane if local(each) == "flowNodeRef"]
                if members:
                    noted = noted_in(child(lane, "extensionElements"))
                    name = one_line(lane.get("name")) or self.participant or id
                    self.read.diagram.lanes[id] = Lane(id, name, noted, self.participant)
                    found += [(member, id) for member in members]
        return found

    def _add(self, element: etree._Element, kind: Kind, lane: str | None, **known: object) -> None:
        id = element.get("id") or ""
        noted = noted_in(child(element, "extensionElements"))
        node = Node(id, kind, local(element), one_line(element.get("name")), lane, noted=noted)
        self.read.diagram.nodes[id] = replace(node, **known)  # type: ignore[arg-type]
        for each in element:
            if "LoopCharacteristics" in local(each):
                self.read.not_kept.append(
                    NotKept(local(each), id, one_line(element.get("name")), REASONS.get(local(each), "it is not kept"))
                )

    def _flow(self, element: etree._Element) -> None:
        condition = child(element, "conditionExpression")
        noted = noted_in(child(element, "extensionElements"))
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
        inside = [each for each in element if local(each) in (*TASKS, *SUB, "callActivity", *GATEWAYS)]
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
        members = {id_of(each) for each in element}
        for node in [node for node in diagram.nodes.values() if node.id in members and node.kind != "leave"]:
            if node.kind == "end" or (node.id not in sources and node.tag not in SUB):
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
