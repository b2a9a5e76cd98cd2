"""The map of every real log at hand: nothing is lost, and what is known of them is found."""

from __future__ import annotations

import pytest

import millpond
from millpond.intake import Options, bring_in
from millpond.process.folding import fold
from millpond.process.results import ProcessMap
from millpond.report.process_map.svg import svg
from tests.unit.records.test_shared_logs import SHARED, pytestmark

__all__ = ["pytestmark"]

LOGS = {
    "academic": "academic_credentials/AcademicCredentials.csv.gz",
    "loan": "loan_application/LoanApp_simplified_train.csv.gz",
    "insurance": "synthetic_delays/Insurance_Claims_train.csv.gz",
    "insurance delayed": "synthetic_delays/Insurance_Claims_test.csv.gz",
    "receipt": "receipt/receipt.csv.gz",
    "sepsis": "sepsis/sepsis.csv.gz",
    "patients": "patients/patients.csv.gz",
}


@pytest.fixture(scope="module")
def maps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ProcessMap]:
    found = {}
    for name, file in LOGS.items():
        home = tmp_path_factory.mktemp("maps") / "service"
        bring_in(str(SHARED / file), home, Options())
        with millpond.open(home) as folder:
            found[name] = folder.map()
    return found


@pytest.mark.parametrize("name", LOGS)
def test_nothing_is_lost_and_it_can_be_drawn(name: str, maps: dict[str, ProcessMap]) -> None:
    whole = maps[name]
    assert sum(step.visits for step in whole.steps.rows) == whole.visits
    assert sum(way.passages for way in whole.ways.rows if way.to_step is not None) == whole.visits
    drawing = fold(whole)
    assert len(drawing.steps) <= 25
    assert svg(drawing) == svg(fold(whole))


def minutes(whole: ProcessMap, cause: str) -> float:
    return sum(step.causes[cause] for step in whole.steps.rows)


def share(whole: ProcessMap, cause: str) -> float:
    return minutes(whole, cause) / sum(step.waiting_total for step in whole.steps.rows)


def test_on_a_log_without_outside_delay_none_is_found_and_on_its_sister_with_delay_it_is(
    maps: dict[str, ProcessMap],
) -> None:
    # The generator's truth: no delay at all in the first log, 0.034 hours a visit on average in the second, of which
    # the part while the worker was busy anyway cannot be seen.
    assert minutes(maps["insurance"], "others") == 0
    delayed = maps["insurance delayed"]
    mean = minutes(delayed, "others") / 60 / sum(step.waited for step in delayed.steps.rows)
    assert 0.024 < mean < 0.034


def test_where_people_are_waited_for_the_wait_is_not_our_staffs(maps: dict[str, ProcessMap]) -> None:
    assert share(maps["academic"], "others") > 0.9


@pytest.mark.parametrize("name", ["receipt", "sepsis"])
def test_with_one_timestamp_no_cause_is_claimed(name: str, maps: dict[str, ProcessMap]) -> None:
    assert share(maps[name], "unknown") == 1.0
    assert all(step.work is None for step in maps[name].steps.rows)
    assert "do not tell waiting from work" in maps[name].delays.of("step")[0].sentence
