"""The models of other tools that are at hand come in whole, or say by name what of them does not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from millpond.process.interchange.bpmn_in import read_bpmn
from millpond.process.interchange.bpmn_out import write_bpmn

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
