"""Names that lead nowhere, and names that mean two things."""

from __future__ import annotations

import pytest

from millpond.errors import FaultyService
from millpond.model import parse_service
from tests.unit.model.examples import NORTHSHIRE


def _faults(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(FaultyService) as caught:
        parse_service(text)
    return [(fault.where, fault.what, fault.cure) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("right", "wrong", "where", "what", "cure"),
    [
        (
            "next = { advocacy = 0.9,",
            "next = { advocasy = 0.9,",
            "steps.triage.next.advocasy",
            'goes on to "advocasy", which is neither a step nor an outcome',
            'Did you mean "advocacy"? Otherwise add [steps.advocasy], or declare the outcome: outcomes = ["advocasy"].',
        ),
        (
            'next = "closed"',
            'next = "referred on"',
            'steps."closing letter".next',
            'goes on to "referred on", which is neither a step nor an outcome',
            'Add [steps."referred on"], or declare the outcome: outcomes = ["referred on"].',
        ),
        (
            'first_step = "triage"',
            'first_step = "triaje"',
            "streams.police.first_step",
            'names "triaje", which is not a step of this service',
            'Did you mean "triage"? Otherwise add [steps.triaje].',
        ),
        (
            'first_step = "triage"',
            'first_step = "closed"',
            "streams.police.first_step",
            'names "closed", which is an outcome and not a step',
            "Name the step at which its cases begin; the steps are triage, advocacy and closing letter.",
        ),
        (
            '[steps.advocacy]\npool = "advocates"',
            '[steps.advocacy]\npool = "Advocate"',
            "steps.advocacy.pool",
            'names "Advocate", which is not a pool of this service',
            'Did you mean "advocates"? Otherwise add [pools.Advocate].',
        ),
        (
            '[workers.alex]\npool = "coordinators"',
            '[workers.alex]\npool = "nobody"',
            "workers.alex.pool",
            'names "nobody", which is not a pool of this service',
            "Add [pools.nobody].",
        ),
        (
            '[workers.alex]\npool = "coordinators"',
            '[workers.alex]\npool = "coordinators"\ncalendar = "ofice"',
            "workers.alex.calendar",
            'names "ofice", which is not a calendar of this service',
            'Did you mean "office"? Otherwise add [calendars.ofice].',
        ),
        (
            'organisation = "charity"',
            'organisation = "police"',
            "pools.advocates.organisation",
            'names "police", which is not an organisation of this service',
            "Add [organisations.police].",
        ),
        (
            'calendar = "office"',
            'calendar = "late"',
            "pools.advocates.calendar",
            'names "late", which is not a calendar of this service',
            "Add [calendars.late].",
        ),
        (
            "date = 2025-09-01\n",
            'date = 2025-09-01\ncalendar = "late"\n',
            "pools.advocates.from[2].calendar",
            'names "late", which is not a calendar of this service',
            "Add [calendars.late].",
        ),
        (
            "[calendars.office]",
            '[calendars.late]\nhours = "Mon 17:00-20:00"\n\n[calendars.office]',
            "pools.coordinators.calendar",
            "is left out, and the service has several calendars",
            'Add calendar = "late" under [pools.coordinators]; the calendars are late and office.',
        ),
        (
            'holidays = "GB-ENG"',
            'outcomes = ["advocacy"]',
            "steps.advocacy",
            'is both a step and an outcome, "advocacy"',
            "Rename the step, or take the name out of outcomes.",
        ),
        (
            "[targets]",
            "[steps.withdrawn]\n[targets]",
            "steps.withdrawn",
            'is both a step and an outcome, "withdrawn"',
            "Rename the step; withdrawn is always an outcome.",
        ),
        (
            'holidays = "GB-ENG"',
            'outcomes = ["no contact"]\nwithdrawn_outcomes = ["withdrawn", "nocontact"]',
            "withdrawn_outcomes[2]",
            'names "nocontact", which is not an outcome',
            'Did you mean "no contact"? Otherwise declare it: outcomes = ["nocontact"].',
        ),
    ],
)
def test_a_name_that_leads_nowhere(right: str, wrong: str, where: str, what: str, cure: str) -> None:
    assert NORTHSHIRE.count(right) == 1
    ((found_where, found_what, found_cure),) = _faults(NORTHSHIRE.replace(right, wrong))
    assert (found_where, found_what) == (where, what)
    assert found_cure.startswith(cure)


def test_an_office_that_is_only_assumed_may_be_named() -> None:
    text = 'name = "x"\n[pools.a]\ncalendar = "{}"\n'
    assert parse_service(text.format("office")).pools["a"].calendar == "office"
    ((where, _, _),) = _faults(text.format("late"))
    assert where == "pools.a.calendar"


def test_a_misspelt_heading_is_one_fault_and_not_one_for_each_name_below_it() -> None:
    faults = _faults(NORTHSHIRE.replace("[steps.triage]", "[step.triage]"))
    assert faults == [("step", "is not a known key", "Did you mean steps?")]


def test_a_misspelt_calendar_is_one_fault() -> None:
    two = NORTHSHIRE.replace("[calendars.office]", '[calendars.late]\nhours = "Mon 17:00-20:00"\n\n[calendars.office]')
    faults = _faults(two.replace("[pools.coordinators]", '[pools.coordinators]\ncalender = "office"'))
    assert faults == [("pools.coordinators.calender", "is not a known key", "Did you mean calendar?")]


def test_a_section_that_is_no_table_is_one_fault() -> None:
    faults = _faults('name = "x"\nsteps = 3\n[streams.a]\nfirst_step = "b"\n')
    assert [(where, what) for where, what, _ in faults] == [("steps", "is the number 3, where a table belongs")]


def test_a_long_name_is_cut_short() -> None:
    faults = _faults(f'name = "x"\n[steps.a]\nnext = "{"long" * 500_000}"\n')
    assert all(len(part) < 300 for fault in faults for part in fault)
