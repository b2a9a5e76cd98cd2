"""`millpond dependence`: what it prints of the worked example."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from millpond.cli.main import run
from tests.unit.cli.folders import worked_example
from tests.unit.cli.test_simulate import goes_on

FEW = ("--days", "14", "--away", "5", "--replications", "2", "--threads", "1")


def test_text_json_and_csv_tell_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(goes_on(worked_example(tmp_path / "service")))
    assert run(["dependence", folder, *FEW]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert text.startswith("Worked example: each person away for 5 days from 11 January 2025, followed for 14 days")
    assert run(["dependence", folder, *FEW, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["days"], found["away"]) == (14, 5)
    assert {row["kind"] for row in found["holdings"]} >= {"pool"}
    assert f"of {found['rows'][0]['person']} " in text or "any one of them" in text
    assert run(["dependence", folder, *FEW, "--csv", "-"]) == 0
    assert capsys.readouterr().out.startswith("person,pool,alike,replications,only_one,backlog_change,")
    assert run(["dependence", folder, *FEW, "--json", "--csv", "-"]) == 2
