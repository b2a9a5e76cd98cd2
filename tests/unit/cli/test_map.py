"""`millpond map`: what it prints and writes, and what it says when something is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import millpond
from millpond.cli.main import run
from millpond.errors import WrongUse
from millpond.process.conformance import Conformance
from tests.unit.cli.folders import SERVICE, daily_totals, worked_example, written

PATHWAY = f"""{SERVICE.format(opening="")}
next = {{ triage = 0.5, closed = 0.5 }}
[steps.triage]
pool = "advocates"
next = "closed"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two cases that keep to the pathway, and one that goes backwards; of two streams."""
    rows = ["case,step,joined,started,ended,worker,minutes,stream,client"]
    rows += [
        "a,advocacy,2025-01-06 09:00,2025-01-06 09:00,2025-01-06 10:00,w1,60,police,p1",
        "a,triage,2025-01-06 10:00,2025-01-06 11:00,2025-01-06 12:00,w2,60,police,p1",
        "b,advocacy,2025-01-07 09:00,2025-01-07 09:00,2025-01-07 10:00,w1,60,self,p2",
        "c,triage,2025-01-08 09:00,2025-01-08 09:00,2025-01-08 10:00,w1,60,police,p1",
        "c,advocacy,2025-01-08 10:00,2025-01-08 12:00,2025-01-08 13:00,w1,60,police,p1",
    ]
    return written(tmp_path / "service", rows, PATHWAY)


def test_it_says_where_time_is_lost(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["map", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "Worked example: 5 visits of 3 cases, 2 steps, 1 hand-off, 0 of them between" in told
    assert "1. advocacy: 3 visits waited 40 minutes each, 2 hours together (67% of all" in told
    assert "Failure demand: none of 3 contacts" in told


def test_json_has_every_step_and_way(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["map", str(folder), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {row["step"] for row in told["steps"]} == {"advocacy", "triage"}
    assert told["demand"]["column"] == "client"


@pytest.mark.parametrize("ending", ["svg", "html"])
def test_it_writes_a_file_and_says_so(ending: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["map", str(folder), "-o", str(folder / f"map.{ending}"), "--detail", "1"]) == 0
    assert f"The map of Worked example is in {folder / f'map.{ending}'}" in capsys.readouterr().out
    assert "advocacy" in (folder / f"map.{ending}").read_text("utf-8")


def test_days_and_the_person_of_repeats_can_be_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["map", str(folder), "--person", "stream", "--within", "9", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["demand"]["within_days"] == 9
    assert run(["map", str(folder), "--within", "0"]) == 2
    assert "at least 1, not 0" in capsys.readouterr().err


def test_streams_stand_beside_each_other(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["map", str(folder), "--by", "stream", "-o", str(folder / "two.html")]) == 0
    assert "advocacy  police" in capsys.readouterr().out
    page = (folder / "two.html").read_text("utf-8")
    assert page.count("<svg") == 2 and "self" in page


def test_before_and_after(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["map", str(folder), "--before", "2025-01-08", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cases"] == {"before 2025-01-08": 2, "from 2025-01-08": 1}


def test_another_folder(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = worked_example(tmp_path / "other")
    assert run(["map", str(folder), "--compare", str(other), "--json"]) == 0
    assert list(json.loads(capsys.readouterr().out)["cases"].values()) == [3, 80]


def test_the_pathway(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["map", str(folder), "--pathway"]) == 0
    told = capsys.readouterr().out
    assert "2 of 3 cases that have ended (67%) kept to the pathway of service.toml." in told
    assert run(["map", str(folder), "--pathway", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"][0]["kind"] == "goes on elsewhere"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--by", "strem"], "no column 'strem'. Did you mean 'stream'?"),
        (["--by", "case"], "There is nothing to compare"),
        (["--by", "stream", "--before", "2025-01-08"], "in one way"),
        (["--by", "stream", "-o", "two.svg"], "Give the file the ending .html"),
        (["--before", "2024-01-08"], "no case belongs to before 2024-01-08"),
        (["--before", "soon"], "'soon' (before) is no day"),
        (["-o", "map.doc"], "its ending says no known kind of file"),
        (["-o", "map.svg", "--detail", "2"], "a detail from 0 to 1, not 2"),
        (["--pathway", "--by", "stream"], "leave -o, --compare, --before and --by out"),
        (["--person", "clint"], "no column 'clint'. Did you mean 'client'?"),
    ],
)
def test_what_cannot_be_is_said(
    options: list[str], said: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    if options == ["--by", "case"]:
        (folder / "records.csv").write_text("case,step,joined\na,advocacy,2025-01-06 09:00\n", "utf-8")
    assert run(["map", str(folder), *options]) == 2
    told = capsys.readouterr()
    assert said in told.err and told.out == ""
    assert not list(folder.glob("*.svg")) + list(folder.glob("two.*"))


def test_daily_totals_have_no_map(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["map", str(daily_totals(tmp_path / "totals"))]) == 2
    assert "do not tell single visits" in capsys.readouterr().err


def test_from_python(folder: Path) -> None:
    with millpond.open(folder) as opened:
        whole, kept = opened.map(), opened.conformance()
        with pytest.raises(WrongUse, match="in one way"):
            opened.compare_maps()
    assert isinstance(kept, Conformance) and kept.following == 2
    assert whole.delays.of("step")[0].place == "advocacy"
    assert kept.table().num_rows == len(kept.rows)


def test_it_writes_bpmn_and_nothing_over_a_model_of_another_tool(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "map.bpmn"
    for _ in range(2):  # our own is written again
        assert run(["map", str(folder), "-o", str(file)]) == 0
    assert b'exporter="Millpond"' in file.read_bytes()
    file.write_text("<definitions/>", encoding="utf-8")
    assert run(["map", str(folder), "-o", str(file)]) == 2
    assert "not written by Millpond" in capsys.readouterr().err


def test_a_map_for_sharing_is_a_file_that_others_may_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["map", str(folder), "--sharing"]) == 2
    assert "Give the file with -o" in capsys.readouterr().err
    assert run(["map", str(folder), "-o", str(folder / "map.html"), "--sharing"]) == 2
    assert "A map of 3 cases cannot be shared" in capsys.readouterr().err
    described = folder / "service.toml"
    described.write_text(f"suppress_below = 3\n{described.read_text('utf-8')}", encoding="utf-8")
    assert run(["map", str(folder), "-o", str(folder / "map.html"), "--sharing"]) == 0
    assert (folder / "map.html").stat().st_mode & 0o044
    assert "fewer than 3 cases" in (folder / "map.html").read_text("utf-8")
