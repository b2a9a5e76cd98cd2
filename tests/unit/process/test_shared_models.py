"""The models of other tools that are at hand come in whole, or say by name what of them does not."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from millpond.process.interchange.bpmn_in import read_bpmn
from millpond.process.interchange.bpmn_out import write_bpmn
from millpond.process.interchange.prosimos_in import read_prosimos

SHARED = Path(os.environ.get("MILLPOND_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason=f"the models are not at {SHARED} (MILLPOND_SHARED_DATA names another place)"
)


@pytest.mark.parametrize(
    ("name", "tasks"),
    [("academic_credentials/AcademicCredentials.bpmn", 16), ("loan_application/LoanApp_simplified.bpmn", 12)],
)
def test_a_model_comes_in_whole_and_goes_out_and_in_again(name: str, tasks: int) -> None:
    model = read_bpmn((SHARED / name).read_bytes(), name)
    assert len([step for step in model.service.steps.values() if step.pool]) == tasks
    assert {each.element for each in model.not_kept} <= {"standardLoopCharacteristics", "inclusiveGateway"}
    assert read_bpmn(write_bpmn(model.service)[0], name).service == model.service


def test_the_simulation_model_comes_in_with_its_people_and_shares() -> None:
    place = SHARED / "academic_credentials" / "AcademicCredentials"
    parameters = place.with_suffix(".json").read_bytes()
    model = read_prosimos(parameters, place.with_suffix(".bpmn").read_bytes(), "a.json", "a.bpmn")
    given = json.loads(parameters)
    assert {each.element for each in model.not_kept} == {"standardLoopCharacteristics", "task_resource_distribution"}
    people = {each["id"] for profile in given["resource_profiles"] for each in profile["resource_list"]}
    able = {each["resource_id"] for task in given["task_resource_distribution"] for each in task["resources"]}
    counted = sum(pool.workers or 0 for pool in model.service.pools.values())
    assert len(model.service.workers) + counted == len(people & able)
    shares = model.service.steps["Evaluacion curso"].next or {}
    assert shares["Validacion final"] == 0.44954128440366975
