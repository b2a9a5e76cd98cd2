"""The process map as BPMN: whole, laid out, with the shares that the records show."""

from __future__ import annotations

import pytest
from lxml import etree

from millpond.model import parse_service
from millpond.process.folding import fold
from millpond.process.interchange.bpmn_in import read_bpmn
from millpond.process.interchange.bpmn_out import write_bpmn
from millpond.process.interchange.map_out import write_map
from millpond.process.results import ProcessMap
from tests.generative.services import Example
from tests.unit.process.given import mapped

NAMES = {
    "b": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "di": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "dd": "http://www.omg.org/spec/DD/20100524/DI",
}
LOG = """
    case | step   | joined    | started   | ended     | worker | outcome
    -----+--------+-----------+-----------+-----------+--------+--------
    ada  | triage | Mon 09:00 | Mon 09:00 | Mon 10:00 | w1     |
    ada  | visit  | Mon 10:00 | Mon 11:00 | Mon 12:00 | w2     |
    ada  | visit  | Mon 12:00 | Mon 13:00 | Mon 14:00 | w2     | helped
    bob  | triage | Tue 09:00 | Tue 09:00 | Tue 10:00 | w1     |
    bob  | visit  | Tue 10:00 | Tue 11:00 | Tue 12:00 | w2     | helped
    cat  | triage | Wed 09:00 | Wed 09:00 | Wed 10:00 | w1     |
"""
REFERENCES = ("sourceRef", "targetRef", "attachedToRef", "default", "processRef", "bpmnElement")


@pytest.fixture(scope="module")
def whole() -> ProcessMap:
    return mapped(LOG)


def looks_whole(content: bytes) -> None:
    """What any tool needs to open a model: everything that is named is there, and everything has its place."""
    root = etree.fromstring(content)
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    named = [each.get(key) for each in root.iter() for key in REFERENCES if each.get(key)]
    named += [
        each.text for tag in ("incoming", "outgoing", "flowNodeRef") for each in root.iterfind(f".//b:{tag}", NAMES)
    ]
    assert set(named) <= set(ids)
    shapes = {each.get("bpmnElement"): _edges(each) for each in root.iterfind(".//di:BPMNShape", NAMES)}
    edges = {each.get("bpmnElement"): each for each in root.iterfind(".//di:BPMNEdge", NAMES)}
    process = root.find("b:process", NAMES)
    assert process is not None
    flows = process.findall("b:sequenceFlow", NAMES)
    nodes = [
        each
        for each in process
        if each.find("b:incoming", NAMES) is not None or each.find("b:outgoing", NAMES) is not None
    ]
    lanes = process.findall(".//b:lane", NAMES)
    assert set(shapes) == {each.get("id") for each in (*nodes, *lanes)} | {"Participant_1"}
    assert set(edges) == {flow.get("id") for flow in flows}
    assert all(left < right and top < bottom for left, top, right, bottom in shapes.values())
    for lane in lanes:
        for member in lane.iterfind("b:flowNodeRef", NAMES):
            assert _within(shapes[member.text], shapes[lane.get("id")])
    for flow in flows:
        points = [
            (float(each.get("x", "nan")), float(each.get("y", "nan")))
            for each in edges[flow.get("id")].iterfind("dd:waypoint", NAMES)
        ]
        assert len(points) >= 2
        assert _touches(points[0], shapes[flow.get("sourceRef")])
        assert _touches(points[-1], shapes[flow.get("targetRef")])
    texts = [_edges(label) for label in root.iterfind(".//di:BPMNLabel", NAMES)]
    assert len(texts) == sum(bool(flow.get("name")) for flow in flows)
    for boundary in process.iterfind("b:boundaryEvent", NAMES):
        left, top, right, bottom = shapes[boundary.get("id")]
        task = shapes[boundary.get("attachedToRef")]
        assert task[0] <= (left + right) / 2 <= task[2]
        assert top < task[3] < bottom


def _edges(element: etree._Element) -> tuple[float, float, float, float]:
    bounds = element.find("dc:Bounds", NAMES)
    assert bounds is not None
    x, y, width, height = (float(bounds.get(key, "nan")) for key in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def _within(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return other[0] <= one[0] and other[1] <= one[1] and one[2] <= other[2] and one[3] <= other[3]


def _touches(point: tuple[float, float], box: tuple[float, ...]) -> bool:
    x, y = point
    on_side = x in (box[0], box[2]) and box[1] <= y <= box[3]
    return on_side or (y in (box[1], box[3]) and box[0] <= x <= box[2])


@pytest.mark.parametrize("detail", [None, 0, 1])
def test_a_map_is_written_whole(whole: ProcessMap, detail: float | None) -> None:
    looks_whole(write_map(fold(whole, detail)))


@pytest.mark.parametrize("number", range(25))
def test_a_service_is_written_whole(number: int) -> None:
    looks_whole(write_bpmn(Example(number, few=0.2).service)[0])


def test_ways_have_the_shares_of_the_records(whole: ProcessMap) -> None:
    """Of three cases two went from triage to a visit; of three visits one led to another, and two to the end."""
    service = read_bpmn(write_map(fold(whole, 1)), "map.bpmn").service
    assert dict(service.steps["triage"].next or {}) == {"visit": 2 / 3, "closed": 1 / 3}
    assert dict(service.steps["visit"].next or {}) == {"visit": 1 / 3, "helped": 2 / 3}
    assert (service.streams["arrivals"].first_step, service.steps["visit"].pool) == ("triage", "team")
    assert service.steps["visit"].minutes == 60


def test_figures_stand_in_the_documentation(whole: ProcessMap) -> None:
    root = etree.fromstring(write_map(fold(whole, 1)))
    visit = next(each for each in root.iterfind(".//b:task", NAMES) if each.get("name") == "visit")
    told = visit.findtext("b:documentation", "", NAMES)
    assert told.startswith("3 visits. 1 visit directly after another one here. Work on average 60 minutes.")
    flow = next(each for each in root.iterfind(".//b:sequenceFlow", NAMES) if each.get("name") == "67%")
    assert flow.findtext("b:documentation", "", NAMES) == (
        "2 times. From triage to visit, 2 hand-offs, 2 of them between organisations; waiting on average 60 minutes."
    )


def test_a_map_of_nothing_is_a_model_all_the_same() -> None:
    empty = mapped("case | step | joined | started | ended\n")
    assert b"<bpmn:process" in write_map(fold(empty))


def test_each_of_several_starts_says_what_it_begins_with() -> None:
    stream = 'first_step = "a"\nper_week = 3\n'
    text = f'name = "x"\n[streams.post]\n{stream}[streams.phone]\n{stream}[steps.a]\nnext = "closed"\n'
    service = parse_service(text)
    content = write_bpmn(service)[0]
    assert content.count(b"<bpmn:messageEventDefinition") == 2
    assert read_bpmn(content, "x.bpmn").service == service
