"""BPMN in, as other tools draw it, and out and in again."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from millpond.errors import UnreadableFile
from millpond.model import Service, parse_service
from millpond.process.interchange.bpmn_in import read_bpmn
from millpond.process.interchange.bpmn_out import write_bpmn
from millpond.process.interchange.drawing import draw
from millpond.process.interchange.layout import lay_out
from millpond.process.interchange.results import ModelRead
from tests.generative.services import Example

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"


def bpmn(inside: str, around: str = "") -> bytes:
    """A model with this inside its one process, and this beside it."""
    return (
        f'<definitions xmlns="{BPMN}">{around}<process id="p" name="Advice">{inside}</process></definitions>'.encode()
    )


def flows(text: str) -> str:
    """``a > b > c; b > d`` as sequence flows, each with an id such as ``a-b``."""
    pairs = [
        (one, other)
        for chain in text.split(";")
        for one, other in zip(chain.split(">"), chain.split(">")[1:], strict=False)
    ]
    return "".join(
        f'<sequenceFlow id="{one.strip()}-{other.strip()}" sourceRef="{one.strip()}" targetRef="{other.strip()}"/>'
        for one, other in pairs
    )


def read(inside: str, around: str = "") -> ModelRead:
    return read_bpmn(bpmn(inside, around), "advice.bpmn")


def reasons(model: ModelRead) -> dict[str, str]:
    """The kind of each thing that is not kept, by its id."""
    return {each.id: each.element for each in model.not_kept}


def timer(kind: str, id: str, length: str, more: str = "") -> str:
    return (
        f'<{kind} id="{id}" name="{id}" {more}><timerEventDefinition><timeDuration>{length}</timeDuration>'
        f"</timerEventDefinition></{kind}>"
    )


LANES = """<laneSet id="ls"><lane id="l1" name="Front desk"><flowNodeRef>a</flowNodeRef></lane>
    <lane id="l2" name="Advisers"><flowNodeRef>b</flowNodeRef><flowNodeRef>c</flowNodeRef></lane></laneSet>"""


@pytest.mark.parametrize(
    "kind",
    ["task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask"],
)
def test_a_task_of_any_type_is_a_step(kind: str) -> None:
    model = read(f'<startEvent id="s"/><{kind} id="a" name="Triage"/><endEvent id="e"/>' + flows("s > a > e"))
    assert list(model.service.steps) == ["Triage"]
    assert dict(model.service.steps["Triage"].next or {}) == {"closed": 1.0}
    assert model.service.streams["arrivals"].first_step == "Triage"
    assert model.not_kept == ()


def test_lanes_are_pools_and_a_task_without_one_is_told() -> None:
    model = read(
        LANES
        + '<startEvent id="s"/><userTask id="a" name="A"/><task id="b" name="B"/><serviceTask id="c" name="C"/>'
        + '<endEvent id="e" name="referred on"/>'
        + flows("s > a > b > c > e")
    )
    assert {name: step.pool for name, step in model.service.steps.items()} == {
        "A": "Front desk",
        "B": "Advisers",
        "C": "Advisers",
    }
    assert dict(model.service.steps["C"].next or {}) == {"referred on": 1.0}
    assert model.service.outcomes == ("referred on",)
    plain = read('<userTask id="a" name="A"/><serviceTask id="b" name="B"/>' + flows("a > b"))
    assert (plain.service.steps["A"].pool, plain.service.steps["B"].pool) == ("staff", None)
    assert any("no lanes" in note for note in plain.notes)
    assert any('"B"' in note and "no person" in note for note in plain.notes)


def test_gateways_one_after_another_are_worked_into_shares_that_are_equal_and_said_so() -> None:
    model = read(
        '<startEvent id="s"/><task id="a" name="A"/><task id="b" name="B"/><task id="c" name="C"/>'
        '<exclusiveGateway id="g" name="Urgent?"/><eventBasedGateway id="h"/><exclusiveGateway id="m"/>'
        '<endEvent id="e"/>' + flows("s > a > g > b > m > e; g > h > c > m; h > m")
    )
    # Half to B; of the other half, half to C and half on to the end.
    assert dict(model.service.steps["A"].next or {}) == {"B": 0.5, "C": 0.25, "closed": 0.25}
    assert any('"Urgent?"' in note and "guess" in note for note in model.notes)


def test_timers_on_the_way_are_delays_also_before_the_end() -> None:
    model = read(
        '<startEvent id="s"/><task id="a" name="A"/><task id="b" name="B"/><endEvent id="e"/>'
        + timer("intermediateCatchEvent", "w", "P2D")
        + timer("intermediateCatchEvent", "v", "PT12H")
        + timer("intermediateCatchEvent", "cooling off", "PT90M")
        + flows("s > a > w > v > b > cooling off > e")
        .replace("cooling off", "x")
        .replace("x-e", "y")
        .replace('"x"', '"cooling off"')
    )
    assert model.service.steps["A"].after == {"B": "60 hours"}
    assert model.service.steps["B"].after == {"cooling off": "90 minutes"}
    assert dict(model.service.steps["cooling off"].next or {}) == {"closed": 1.0}
    assert model.service.steps["cooling off"].pool is None


def test_a_split_meets_where_its_gateway_closes() -> None:
    model = read(
        LANES + '<startEvent id="s"/><task id="a" name="A"/><task id="b" name="B"/><task id="c" name="C"/>'
        '<task id="d" name="D"/><parallelGateway id="f"/><parallelGateway id="j"/><endEvent id="e"/>'
        + timer("intermediateCatchEvent", "w", "PT1H")
        + flows("s > a > f > b > j > d > e; f > w > c > j")
    )
    step = model.service.steps["A"]
    assert (step.all_of, step.then, dict(step.after)) == (("B", "C"), "D", {"C": "1 hours"})
    assert dict(model.service.steps["B"].next or {}) == {"D": 1.0}
    assert model.not_kept == ()


def test_a_split_within_a_split_is_done_one_after_another_and_listed() -> None:
    model = read(
        '<startEvent id="s"/><task id="a" name="A"/><task id="b" name="B"/><task id="c" name="C"/>'
        '<task id="d" name="D"/><task id="x" name="X"/><task id="y" name="Y"/><parallelGateway id="f"/>'
        '<parallelGateway id="j"/><parallelGateway id="g"/><parallelGateway id="k"/><endEvent id="e"/>'
        + flows("s > a > f > b > g > c > k > x > j > y > e; g > d > k; f > x2 > j").replace("x2", "z")
        + '<task id="z" name="Z"/>'
    )
    steps = model.service.steps
    assert (steps["A"].all_of, steps["A"].then) == (("B", "Z"), "Y")
    assert [dict(steps[name].next or {}) for name in "BCDX"] == [{"C": 1}, {"D": 1}, {"X": 1}, {"Y": 1}]
    assert [each.name for each in model.not_kept] == ["B"]


def test_an_inclusive_split_is_listed_by_name() -> None:
    model = read(
        '<startEvent id="s"/><task id="a" name="A"/><task id="b" name="B"/><task id="c" name="C"/><endEvent id="e"/>'
        '<inclusiveGateway id="g" name="Which help?"/><inclusiveGateway id="m"/>'
        + flows("s > a > g > b > m > e; g > c > m")
    )
    assert model.service.steps["A"].all_of == ("B", "C")
    assert [(each.element, each.id, each.name) for each in model.not_kept] == [("inclusiveGateway", "g", "Which help?")]


def test_a_timer_at_the_edge_of_a_task_is_patience() -> None:
    model = read(
        LANES + '<startEvent id="s"/><task id="a" name="A"/><task id="b" name="B"/><endEvent id="e"/>'
        '<endEvent id="w" name="Withdrawn"/>'
        + timer("boundaryEvent", "t", "P21D", 'attachedToRef="b"')
        + timer("boundaryEvent", "u", "P1D", 'attachedToRef="a" cancelActivity="false"')
        + '<boundaryEvent id="v" attachedToRef="a"><errorEventDefinition/></boundaryEvent>'
        + flows("s > a > b > e; t > w")
    )
    limit = model.service.steps["B"].patience_limit
    assert limit is not None
    assert (limit.minutes, limit.to) == (21 * 24 * 60, "withdrawn")
    assert set(reasons(model)) == {"t", "u", "v"}  # t is kept, and it is said what it means here


def test_a_sub_process_is_opened_out() -> None:
    model = read(
        '<startEvent id="s"/><task id="a" name="A"/><subProcess id="p1" name="Support"><startEvent id="is"/>'
        '<task id="b" name="B"/><task id="a2" name="A"/><endEvent id="ie"/>'
        + flows("is > b > a2 > ie")
        + '</subProcess><task id="c" name="C"/><endEvent id="e"/>'
        + timer("boundaryEvent", "t", "P1D", 'attachedToRef="p1"')
        + '<subProcess id="p2" name="Complaint" triggeredByEvent="true"><task id="q" name="Answer"/></subProcess>'
        + flows("s > a > p1 > c > e; t > e")
    )
    steps = model.service.steps
    assert list(steps) == ["A", "B", "A (2)", "C"]
    assert [dict(step.next or {}) for step in steps.values()] == [{"B": 1}, {"A (2)": 1}, {"C": 1}, {"closed": 1}]
    assert set(reasons(model)) == {"p2", "q", "t"}
    assert "Support" in " ".join(model.notes)


def test_everything_else_is_listed_by_name_and_never_dropped_in_silence() -> None:
    model = read(
        '<startEvent id="s"><signalEventDefinition/></startEvent>'
        '<task id="a" name="A"><multiInstanceLoopCharacteristics/></task><callActivity id="b" name="Check"/>'
        '<intermediateCatchEvent id="c" name="Letter"><messageEventDefinition/></intermediateCatchEvent>'
        '<dataObjectReference id="d" name="Form"/><textAnnotation id="t"><text>mind this</text></textAnnotation>'
        '<endEvent id="e"/>' + flows("s > a > c > b > e"),
        '<collaboration id="co"><participant id="p1" name="Us" processRef="p"/><participant id="p2" name="Police"/>'
        '<messageFlow id="m" name="report" sourceRef="p2" targetRef="a"/></collaboration>',
    )
    assert reasons(model) == {
        "s": "startEvent",
        "a": "multiInstanceLoopCharacteristics",
        "b": "callActivity",
        "c": "intermediateCatchEvent",
        "d": "dataObjectReference",
        "t": "textAnnotation",
        "p2": "participant",
        "m": "messageFlow",
    }
    assert {each.name for each in model.not_kept} >= {"Check", "Letter", "Form", "mind this", "Police", "report"}


def test_a_loop_of_gateways_alone_ends() -> None:
    model = read(
        '<task id="a" name="A"/><exclusiveGateway id="g"/><exclusiveGateway id="h"/><endEvent id="e"/>'
        + flows("a > g > h > g; h > e")
    )
    assert dict(model.service.steps["A"].next or {}) == {"closed": 1.0}
    assert "g" in reasons(model)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<definitions", "damaged"),
        (b"<html/>", "no BPMN"),
        (bpmn(""), "no task"),
        (bpmn('<task id="a"/><task id="a"/>'), "more than once"),
    ],
)
def test_what_is_no_model_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says):
        read_bpmn(content, "x.bpmn")


def test_entities_are_neither_grown_nor_looked_up(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    grown = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    for entities in (f'<!ENTITY a0 "ha">{grown}', f'<!ENTITY a11 SYSTEM "file://{secret}">'):
        inside = f'<definitions xmlns="{BPMN}"><process id="p"><task id="a" name="A"/>&a11;</process></definitions>'
        with pytest.raises(UnreadableFile):
            read_bpmn(f"<!DOCTYPE definitions [{entities}]>{inside}".encode(), "x.bpmn")


def test_a_service_comes_back_from_bpmn_as_it_was() -> None:
    for number in range(60):
        service = Example(number, few=0.3).service
        model = read_bpmn(write_bpmn(service)[0], "x.bpmn")
        assert model.service == service, number
        assert model.not_kept == (), number


ODD = """
name = "Odd \\u0007 & <names>"
outcomes = ["ended\\nearly"]
[pools."a & b"]
label = "A \\u0001"
workers = 2
[streams."x <y>"]
first_step = "  two  blanks "
[steps."  two  blanks "]
pool = "a & b"
label = "With \\"quotes\\""
next = { "  two  blanks " = 0.1, "ended\\nearly" = 0.9 }
after = { "  two  blanks " = "5 working days" }
[steps.unknown]
"""


def test_names_that_xml_cannot_hold_come_back_too() -> None:
    service = parse_service(ODD)
    assert read_bpmn(write_bpmn(service)[0], "x.bpmn").service == service


def written(service: Service) -> etree._Element:
    return etree.fromstring(write_bpmn(service)[0])


def test_what_is_written_is_whole() -> None:
    for number in range(20):
        root = written(Example(number, few=0.2).service)
        ids = [str(each.get("id")) for each in root.iter() if each.get("id")]
        assert not [id for id, count in Counter(ids).items() if count > 1]
        process = root.find(f"{{{BPMN}}}process")
        assert process is not None
        ways = {str(flow.get("id")): flow for flow in process.findall(f"{{{BPMN}}}sequenceFlow")}
        nodes = {str(each.get("id")): each for each in process if each.get("id") and each.get("id") not in ways}
        nodes.pop("LaneSet_1", None)
        for id, flow in ways.items():
            for tag, end in (("outgoing", "sourceRef"), ("incoming", "targetRef")):
                node = nodes[str(flow.get(end))]
                assert id in [each.text for each in node.findall(f"{{{BPMN}}}{tag}")]
        drawn = {each.get("bpmnElement") for each in root.iter(f"{{{DI}}}BPMNShape", f"{{{DI}}}BPMNEdge")}
        lanes = {each.get("id") for each in root.iter(f"{{{BPMN}}}lane")}
        assert drawn == {*ways, *nodes, *lanes, "Participant_1"}
        in_lanes = [each.text for each in root.iter(f"{{{BPMN}}}flowNodeRef")]
        assert sorted(in_lanes, key=str) == sorted(nodes)


def test_no_two_shapes_stand_on_one_another() -> None:
    root = written(Example(3, few=0.0).service)
    lanes = {
        each.get("id") for each in root.iter(f"{{{BPMN}}}lane", f"{{{BPMN}}}participant", f"{{{BPMN}}}boundaryEvent")
    }
    boxes = [
        tuple(float(str(shape[0].get(key))) for key in ("x", "y", "width", "height"))
        for shape in root.iter(f"{{{DI}}}BPMNShape")
        if shape.get("bpmnElement") not in lanes
    ]
    for place, (x, y, wide, high) in enumerate(boxes):
        for u, v, broad, tall in boxes[:place]:
            assert x + wide <= u or u + broad <= x or y + high <= v or v + tall <= y


def test_no_line_runs_through_a_shape() -> None:
    for number in range(12):
        diagram, _ = draw(Example(number, few=0.2).service)
        layout = lay_out(diagram)
        for flow in diagram.flows:
            for (x, y), (u, v) in pairwise(layout.flows[flow.id]):
                assert x == u or y == v
                for id, box in layout.nodes.items():
                    # A line may end at a shape; and what is at the edge of a task stands in front of it.
                    if id in (flow.source, flow.target) or "leave" in (
                        diagram.nodes[id].kind,
                        diagram.nodes[flow.source].kind,
                    ):
                        continue
                    beside = max(x, u) <= box.x or min(x, u) >= box.x + box.width
                    assert beside or max(y, v) <= box.y or min(y, v) >= box.y + box.height, (number, flow, id)
        inside = layout.whole
        for corners in layout.flows.values():
            assert all(inside.y <= y <= inside.y + inside.height for _, y in corners)


def test_what_somebody_changed_in_the_drawing_wins_over_what_was_noted() -> None:
    service = parse_service(
        'name = "x"\n[pools.team]\n[streams.post]\nfirst_step = "a"\nper_week = 3\n[steps.a]\npool = "team"\n'
        'minutes = 5\nnext = "b"\nafter = { b = "2 days" }\n[steps.b]\npool = "team"\nnext = "closed"\n'
    )
    text = write_bpmn(service)[0].decode()
    changed = (
        text.replace('name="b"', 'name="Second look"').replace(">P2D<", ">P3D<").replace('name="team"', 'name="Crew"')
    )
    read_back = read_bpmn(changed.encode(), "x.bpmn").service
    assert read_back.steps["b"].label == "Second look"
    assert read_back.steps["a"].after == {"b": "3 days"}
    assert (read_back.pools["team"].label, read_back.streams["post"].per_week) == ("Crew", 3)
    assert read_back.steps["a"].minutes == 5


def test_several_ends_of_one_name_are_one_outcome() -> None:
    model = read(
        '<startEvent id="s"/><task id="a" name="A"/><exclusiveGateway id="g"/><task id="b" name="B"/>'
        '<endEvent id="e"/><endEvent id="f"/><endEvent id="h" name="advised"/><endEvent id="i" name="advised"/>'
        + flows("s > a > g > e; g > b > f; g > h; g > i")
    )
    assert model.service.outcomes == ("advised",)
    assert set(model.service.steps["A"].next or {}) == {"closed", "advised", "B"}
    assert dict(model.service.steps["B"].next or {}) == {"closed": 1}
