"""`millpond export`, and `millpond import` of a model: files in, files out, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from millpond.cli.main import run
from millpond.model import load_service
from tests.unit.cli.folders import daily_totals, worked_example, written

MODEL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p" name="Advice line">
<startEvent id="s"/><userTask id="a" name="Triage"/><inclusiveGateway id="g" name="Which?"/><task id="b" name="B"/>
<task id="c" name="C"/><sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
<sequenceFlow id="f2" sourceRef="a" targetRef="g"/>
<sequenceFlow id="f3" sourceRef="g" targetRef="b"/>
<sequenceFlow id="f4" sourceRef="g" targetRef="c"/></process></definitions>"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "advice.bpmn"
    file.write_text(MODEL, encoding="utf-8")
    return file


def test_a_model_makes_a_new_folder_and_tells_what_is_not_kept(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "new"
    assert run(["import", str(model), "--into", str(home), "--timezone", "Europe/Berlin"]) == 0
    told = capsys.readouterr().out
    assert '- inclusiveGateway "Which?": an inclusive split' in told
    service = load_service(home)
    assert (service.name, service.timezone) == ("Advice line", "Europe/Berlin")
    assert set(service.steps) == {"Triage", "B", "C"}
    text = (home / "service.toml").read_text(encoding="utf-8")
    assert "# Not kept as it was" in text
    assert run(["check", str(home)]) == 0


def test_a_description_that_is_there_is_not_written_over(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = worked_example(tmp_path / "mine")
    before = (home / "service.toml").read_bytes()
    assert run(["import", str(model), "--into", str(home)]) == 2
    assert "is yours and is not written over" in capsys.readouterr().err
    assert (home / "service.toml").read_bytes() == before


def test_bpmn_goes_out_and_comes_in_as_the_same_service(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = worked_example(tmp_path / "mine")
    assert run(["export", str(home), "-o", str(tmp_path / "out.bpmn"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["files"], told["not_kept"]) == ([str(tmp_path / "out.bpmn")], [])
    assert run(["import", str(tmp_path / "out.bpmn"), "--into", str(tmp_path / "again")]) == 0
    assert load_service(tmp_path / "again") == load_service(home)


def test_prosimos_goes_out_with_its_model_and_comes_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = worked_example(tmp_path / "mine")
    assert run(["export", str(home), "-o", str(tmp_path / "out.json")]) == 0
    assert "minutes_per_day is not told to Prosimos" in capsys.readouterr().out
    assert (tmp_path / "out.bpmn").exists()
    assert run(["import", str(tmp_path / "out.json"), "--into", str(tmp_path / "again"), "--json"]) == 0
    service = load_service(tmp_path / "again")
    assert service.steps["advocacy"].minutes == 60
    (tmp_path / "out.bpmn").rename(tmp_path / "elsewhere.bpmn")
    capsys.readouterr()
    assert run(["import", str(tmp_path / "out.json"), "--into", str(tmp_path / "third")]) == 4
    assert "--diagram FILE" in capsys.readouterr().err
    named = ["--diagram", str(tmp_path / "elsewhere.bpmn")]
    assert run(["import", str(tmp_path / "out.json"), "--into", str(tmp_path / "third"), *named]) == 0


def test_a_drawing_of_another_tool_is_not_written_over(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = worked_example(tmp_path / "mine")
    for target in ("advice.bpmn", "advice.json"):
        assert run(["export", str(home), "-o", str(tmp_path / target)]) == 2
        assert "was not written by Millpond" in capsys.readouterr().err
    assert model.read_text(encoding="utf-8") == MODEL
    assert not (tmp_path / "advice.json").exists()
    for _ in range(2):  # what we wrote ourselves may be written anew
        assert run(["export", str(home), "-o", str(tmp_path / "ours.json")]) == 0


def test_the_drawing_and_the_model_for_prosimos_do_not_take_each_other_s_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = worked_example(tmp_path / "mine")
    for first, then in (("one.bpmn", "one.json"), ("two.json", "two.bpmn")):
        assert run(["export", str(home), "-o", str(tmp_path / first)]) == 0
        before = {file.name: file.read_bytes() for file in tmp_path.glob("*.*")}
        assert run(["export", str(home), "-o", str(tmp_path / then)]) == 2
        assert "would take its place. Name another file." in capsys.readouterr().err
        assert {file.name: file.read_bytes() for file in tmp_path.glob("*.*")} == before
        assert run(["export", str(home), "-o", str(tmp_path / first)]) == 0


VISITS = [
    "visit,case,step,joined,started,ended,worker,pool,minutes,outcome,stream,remark",
    "v1,007,advocacy,2025-01-06 09:00,2025-01-06 10:00,2025-01-06 10:30,Ann,advocates,12.5,,police,a & b",
    "v2,007,advocacy,2025-01-06 09:00,2025-01-06 10:00,2025-01-06 11:30,Bob,advocates,,withdrawn,police,",
    "v3,NA,advocacy,2025-01-06 09:30,,,,,,,post,",
    "v4,NA,advocacy,,2025-01-06 10:00:00.000001,,Ann,advocates,,,post,",
    "v5,x,advocacy,,,2025-01-07 12:00,,,7,,,",
]


def test_visits_go_out_as_xes_and_come_in_as_they_were(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = written(tmp_path / "mine", VISITS)
    assert run(["export", str(home), "-o", str(tmp_path / "log.xes")]) == 0
    assert "5 visits" in capsys.readouterr().out
    assert (tmp_path / "log.xes").stat().st_mode & 0o777 == 0o600
    assert run(["import", str(tmp_path / "log.xes"), "--into", str(tmp_path / "again")]) == 0
    assert run(["import", str(home / "records.csv"), "--into", str(tmp_path / "straight")]) == 0
    again = (tmp_path / "again" / "records.csv").read_text(encoding="utf-8").splitlines()
    straight = (tmp_path / "straight" / "records.csv").read_text(encoding="utf-8").splitlines()
    assert columns(again) == columns(straight)


def columns(lines: list[str]) -> list[dict[str, str]]:
    names = lines[0].split(",")
    kept = set(VISITS[0].split(","))
    rows = [dict(zip(names, line.split(","), strict=True)) for line in lines[1:]]
    return sorted([{name: value for name, value in row.items() if name in kept} for row in rows], key=str)


def test_what_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = daily_totals(tmp_path / "totals")
    assert run(["export", str(home), "-o", str(tmp_path / "log.xes")]) == 2
    assert "daily totals" in capsys.readouterr().err
    assert run(["export", str(home), "-o", str(tmp_path / "log.svg")]) == 2
    assert ".bpmn" in capsys.readouterr().err
    assert run(["export", str(home), "-o", str(tmp_path / "none" / "x.bpmn")]) == 5
    assert not (tmp_path / "log.xes").exists()


def test_diagram_is_for_models_alone(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", str(model), "--into", str(tmp_path / "a"), "--diagram", str(model)]) == 2
    file = tmp_path / "visits.csv"
    file.write_text("\n".join(VISITS), encoding="utf-8")
    assert run(["import", str(file), "--into", str(tmp_path / "b"), "--diagram", str(model)]) == 2
    assert capsys.readouterr().err.count("--diagram belongs to") == 2
    assert not (tmp_path / "a").exists()
