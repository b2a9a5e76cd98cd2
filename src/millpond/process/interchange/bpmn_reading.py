"""Reads the XML of BPMN 2.0 into a `Diagram`: sub-processes opened out, what has no counterpart listed by name.

OMG, Business Process Model and Notation 2.0.2 (2013). Positions on the page are not read: a service has none.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from millpond.errors import UnreadableFile
from millpond.process.interchange.bpmn_elements import REASONS, Drawing, child, id_of
from millpond.process.interchange.bpmn_scope import Scope
from millpond.process.interchange.diagram import Lane
from millpond.process.interchange.noted import noted_in, one_line
from millpond.process.interchange.results import NotKept
from millpond.process.interchange.safe_xml import local, parse_xml


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
    twice = [id for id, count in Counter(id_of(each) for each in root.iter() if id_of(each)).items() if count > 1]
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
            read.drop(element, REASONS["messageFlow"])
    several = len(processes) > 1
    for process in processes:
        participant = participants.get(process.get("id"))
        name = "" if participant is None else one_line(participant.get("name"))
        read.diagram.name = read.diagram.name or one_line(process.get("name")) or name
        read.diagram.noted = read.diagram.noted or noted_in(child(process, "extensionElements"))
        band: str | None = None
        if name and not any(local(each) == "lane" for each in process.iter()) and not read.diagram.noted:
            band = str(participant.get("id") if participant is not None else name)
            read.diagram.lanes[band] = Lane(band, name, {}, name if several else "")
        Scope(read, name if several else "").take(process, band)
    if not any(node.kind == "task" for node in read.diagram.nodes.values()):
        raise UnreadableFile(
            f"{source} has no task in it, so that there is no work to describe. Check that it is the right file."
        )
    _flows_lead_somewhere(read)
    return read


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
