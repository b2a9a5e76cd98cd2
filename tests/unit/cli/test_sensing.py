"""`millpond sensitivity`: what it prints of the worked example."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from millpond.cli.main import run
from tests.unit.cli.folders import worked_example
from tests.unit.cli.test_simulate import goes_on

FEW = ("--days", "14", "--replications", "2", "--method", "one at a time", "--threads", "1")


def test_text_json_csv_and_charts_tell_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(goes_on(worked_example(tmp_path / "service")))
    assert run(["sensitivity", folder, *FEW, "--charts", str(tmp_path / "charts")]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert text.startswith("Worked example: what moves the backlog, 14 days from 11 January 2025")
    assert {path.name for path in (tmp_path / "charts").iterdir()} == {"tornado.svg", "tornado.png"}
    assert run(["sensitivity", folder, *FEW, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["days"], found["spread"], found["start"]) == (14, 0.1, "records")
    assert found["sentences"][0] in text
    assert {row["input"] for row in found["rows"]} >= {"steps.advocacy.minutes", "streams.police.per_week"}
    assert run(["sensitivity", folder, *FEW, "--csv", "-"]) == 0
    assert capsys.readouterr().out.startswith("input,kind,label,value,low,high,source,replications,answer_low,")
    assert run(["sensitivity", folder, *FEW, "--json", "--csv", "-"]) == 2
    assert run(["sensitivity", folder, "--spread", "much"]) == 2
    assert run(["sensitivity", folder, "--answer", "backlogs"]) == 2


def test_intervals_come_from_the_fit_but_not_of_what_service_toml_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = goes_on(worked_example(tmp_path / "service"))
    (folder / "fitted.toml").write_text(
        '[steps.advocacy]\nminutes = 50\nmissed = 0.1\n\n[intervals]\n"steps.advocacy.minutes" = [48.0, 62.0]\n'
        '"steps.advocacy.missed" = [0.08, 0.13]\n"steps.nowhere.minutes" = [1.0, 2.0]\n"steps.advocacy.next" = "much"\n'
    )
    assert run(["sensitivity", str(folder), *FEW, "--json"]) == 0
    rows = {row["input"]: row for row in json.loads(capsys.readouterr().out)["rows"]}
    assert rows["steps.advocacy.minutes"]["source"] == "assumed", "service.toml says 60 itself"
    missed = rows["steps.advocacy.missed"]
    assert (missed["source"], missed["low"], missed["high"]) == ("fitted", 0.08, 0.13)
