"""Figures that QBP, BIMP and Apromore note in a model."""

from __future__ import annotations

import pytest

from millpond.process.interchange.bpmn_in import read_bpmn
from millpond.process.interchange.results import ModelRead
from tests.unit.process.test_bpmn import BPMN, flows

QBP = """<qbp:processSimulationInfo xmlns:qbp="http://www.qbp-simulator.com/Schema201212"
  processInstances="100" currency="EUR">
  <qbp:arrivalRateDistribution type="EXPONENTIAL" mean="NaN" arg1="1800" arg2="NaN"><qbp:timeUnit>minutes</qbp:timeUnit>
  </qbp:arrivalRateDistribution>
  <qbp:timetables><qbp:timetable id="QBP_DEFAULT_TIMETABLE" name="Office"><qbp:rules>
    <qbp:rule fromTime="09:00:00.000+00:00" toTime="17:00:00.000+00:00"
    fromWeekDay="MONDAY" toWeekDay="FRIDAY"/></qbp:rules></qbp:timetable></qbp:timetables>
  <qbp:resources><qbp:resource id="r" name="Clerk" totalAmount="3" costPerHour="25"
    timetableId="QBP_DEFAULT_TIMETABLE"/>
  </qbp:resources>
  <qbp:elements>
    <qbp:element elementId="a"><qbp:durationDistribution type="NORMAL" mean="600" arg1="60" arg2="NaN"/>
      <qbp:resourceIds><qbp:resourceId>r</qbp:resourceId></qbp:resourceIds></qbp:element>
    <qbp:element elementId="b"><qbp:durationDistribution type="FIXED" mean="300" arg1="NaN" arg2="NaN"/>
      <qbp:resourceIds><qbp:resourceId>r</qbp:resourceId></qbp:resourceIds></qbp:element>
    <qbp:element elementId="c"><qbp:durationDistribution type="TRIANGULAR" mean="0" arg1="1" arg2="2"/></qbp:element>
  </qbp:elements>
  <qbp:sequenceFlows><qbp:sequenceFlow elementId="g-b" executionProbability="0.2"/>
    <qbp:sequenceFlow elementId="g-c" executionProbability="0.8"/></qbp:sequenceFlows>
</qbp:processSimulationInfo>"""


def test_the_figures_of_a_model_come_with_it() -> None:
    inside = (
        '<startEvent id="s"/><task id="a" name="A"/><task id="b" name="B"/><task id="c" name="C"/>'
        '<exclusiveGateway id="g"/><endEvent id="e"/>' + flows("s > a > g > b > e; g > c > e")
    )
    text = f'<definitions xmlns="{BPMN}"><process id="p" name="x">{inside}</process>{QBP}</definitions>'
    model = read_bpmn(text.encode(), "x.bpmn")
    service = model.service
    assert dict(service.steps["A"].next or {}) == {"B": 0.2, "C": 0.8}
    assert service.steps["A"].planned_minutes == pytest.approx(10, abs=0.01)
    assert service.steps["B"].minutes == 5
    pool = service.pools["Clerk"]
    assert (pool.workers, pool.cost_per_hour, service.currency) == (3, 25, "EUR")
    assert {name: step.pool for name, step in service.steps.items()} == {"A": "Clerk", "B": "Clerk", "C": None}
    assert service.calendars["Office"].weekly == (((540, 1020),),) * 5 + ((), ())
    # A case in each half hour of the 40 in which the office is open.
    assert service.streams["arrivals"].per_week == 80
    assert {each.element for each in model.not_kept} == {"element", "processInstances"}
    assert [each.name for each in model.not_kept if each.id == "c"] == ["C"]


def lengths(*laws: str) -> ModelRead:
    """A model with a task for each of some distributions."""
    tasks = "".join(f'<task id="t{number}" name="T{number}"/>' for number in range(len(laws)))
    chain = " > ".join(f"t{number}" for number in range(len(laws)))
    inside = f'<startEvent id="s"/>{tasks}<endEvent id="e"/>' + flows(f"s > {chain} > e")
    told = "".join(f'<qbp:element elementId="t{number}">{law}</qbp:element>' for number, law in enumerate(laws))
    space = 'xmlns:qbp="http://www.qbp-simulator.com/Schema201212"'
    info = f"<qbp:processSimulationInfo {space}><qbp:elements>{told}</qbp:elements></qbp:processSimulationInfo>"
    # Apromore keeps the extension within the process, BIMP beside it.
    text = f'<definitions xmlns="{BPMN}"><process id="p" name="x"><extensionElements>{info}</extensionElements>{inside}'
    return read_bpmn(f"{text}</process></definitions>".encode(), "x.bpmn")


def law(kind: str, mean: str, first: str, second: str, unit: str) -> str:
    unit = f"<qbp:timeUnit>{unit}</qbp:timeUnit>"
    return (
        f'<qbp:durationDistribution type="{kind}" mean="{mean}" arg1="{first}" arg2="{second}">{unit}'
        "</qbp:durationDistribution>"
    )


@pytest.mark.parametrize(
    ("distribution", "minutes"),
    [
        (law("FIXED", "1800", "0", "0", "minutes"), 30),
        (law("FIXED", "1800", "0", "0", "seconds"), 30),
        (law("EXPONENTIAL", "NaN", "7200", "NaN", "hours"), 120),
        (law("UNIFORM", "NaN", "600", "1200", "minutes"), 15),
        (law("NORMAL", "3600", "60", "NaN", "hours"), 60),
        (law("LOGNORMAL", "3600", "360000", "NaN", "hours"), 60),
        (law("GAMMA", "86400", "100000000", "NaN", "days"), 1440),
    ],
)
def test_numbers_are_seconds_whatever_unit_is_shown_with_them_and_that_is_told(distribution: str, minutes: int) -> None:
    model = lengths(distribution)
    assert model.service.steps["T0"].planned_minutes == pytest.approx(minutes, rel=0.01)
    told = next(note for note in model.notes if "read as seconds" in note)
    assert f"takes {minutes} minutes" in told
    assert not any("Shorter than one" in note for note in model.notes)


def test_lengths_that_look_as_if_they_were_not_in_seconds_are_named() -> None:
    model = lengths(law("FIXED", "30", "0", "0", "minutes"), law("FIXED", "1800", "0", "0", "minutes"))
    told = next(note for note in model.notes if "Shorter than one" in note)
    assert '"T0" (30, minutes).' in told
    assert "T1" not in told
