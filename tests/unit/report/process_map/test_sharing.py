"""A map for sharing: nothing on it was done by few, and no subtraction tells what was left out."""

from __future__ import annotations

from collections import Counter

import pytest

from millpond.errors import WrongUse
from millpond.process.folding import fold
from millpond.process.results import ProcessMap
from millpond.report.process_map.page import map_page
from millpond.report.process_map.sharing import for_sharing
from millpond.report.process_map.tables import steps_table, ways_table
from tests.unit.process.given import mapped


def log(ways: dict[str, int]) -> str:
    """So many cases that went through some steps, one after another, an hour each."""
    rows = ["case | step | joined | started | ended | worker"]
    for way, cases in ways.items():
        for number in range(cases):
            for place, step in enumerate(way.split(" > ")):
                times = " | ".join(f"2025-01-{6 + place:02d} {hour}:00" for hour in ("09", "10", "11"))
                rows.append(f"{way} {number} | {step} | {times} | w{place}")
    return "\n".join(rows)


WAYS = {
    "triage > visit": 40,
    "triage > review": 9,
    "triage > reply": 12,
    "triage > visit > review": 3,
    "triage > rare": 2,
    "triage > seldom": 7,
}


@pytest.fixture(scope="module")
def whole() -> ProcessMap:
    return mapped(log(WAYS))


def test_what_few_did_is_left_out_and_one_more_so_that_it_cannot_be_worked_out(whole: ProcessMap) -> None:
    shared = for_sharing(whole, 5)
    # Two cases were at "rare". All visits are told, so that the smallest of the other steps goes with it.
    assert {step.step for step in whole.steps.rows} - {step.step for step in shared.steps.rows} == {"rare", "seldom"}
    shown = {(way.from_step, way.to_step): way.passages for way in shared.ways.rows}
    assert ("visit", "review") not in shown
    # From 12 visits at review and 9 that came from triage the 3 that came from a visit would be known.
    assert ("triage", "review") not in shown
    # And from 43 visits the 40 that ended there.
    assert ("visit", None) not in shown
    assert shown["triage", "visit"] == 43
    assert "left out are 2 steps, " in shared.notes[1]


@pytest.mark.parametrize("below", [2, 3, 5, 10])
def test_at_every_step_nothing_or_at_least_two_ways_are_hidden(whole: ProcessMap, below: int) -> None:
    shared = for_sharing(whole, below)
    told = {step.step for step in shared.steps.rows}
    for end in ("from_step", "to_step"):
        every, shown = (Counter(getattr(way, end) for way in one.ways.rows) for one in (whole, shared))
        for step in told:
            assert every[step] - shown[step] != 1 or every[step] == 1, (end, step)
    assert all(way.cases >= below for way in shared.ways.rows)
    assert all(step.cases >= below for step in shared.steps.rows)
    assert all(row.cases >= below for row in shared.endings.rows)
    assert all(row.visits >= below for row in shared.delays.rows)


def test_the_page_names_no_step_of_few_and_has_no_parts_of_counts(whole: ProcessMap) -> None:
    shared = for_sharing(whole, 5)
    page = map_page(fold(shared, 1))
    assert "rare" not in page
    assert "seldom" not in page
    assert "Made for sharing" in page
    for made, missing in ((steps_table(shared), "Repeats"), (ways_table(shared), "Hand-offs")):
        assert missing not in made.header


def test_a_map_of_few_cases_is_refused_and_no_limit_hides_nothing(whole: ProcessMap) -> None:
    with pytest.raises(WrongUse, match="A map of 3 cases cannot be shared"):
        for_sharing(mapped(log({"triage > visit": 3})), 5)
    assert for_sharing(whole, 0) is whole
