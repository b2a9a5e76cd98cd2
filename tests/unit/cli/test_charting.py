"""`millpond variation` and `millpond events`."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from millpond.cli.main import run
from tests.unit.cli.folders import SERVICE, worked_example

ASKED = ["--measure", "backlog", "--by", "day", "--improvement", "decrease", "--from", "2025-01-06"]


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(worked_example(tmp_path / "service"))


def test_a_chart_as_text_json_and_csv(folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["variation", folder, *ASKED, "--target", "1200"]) == 0
    text = capsys.readouterr().out
    # Four whole days: 1,440 and 240 more each day, about a mean of 1,800 with limits 638.4 to either side.
    assert "Normal is 1,162 to 2,438 minutes, about a mean of 1,800" in text
    assert run(["variation", folder, *ASKED, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["value"] for row in told["charts"][0]["rows"]] == [1440, 1680, 1920, 2160]
    assert told["charts"][0]["segments"][0]["upper"] == pytest.approx(1800 + 2.66 * 240)
    target = tmp_path / "points.csv"
    assert run(["variation", folder, *ASKED, "--csv", str(target)]) == 0
    assert "4 rows written" in capsys.readouterr().err
    assert run(["variation", folder, *ASKED, "--csv", "-"]) == 0
    printed = capsys.readouterr().out
    assert target.read_text() == printed
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert (rows[0]["chart"], rows[0]["value"]) == ("advocates backlog by day", "1440")


def test_events_as_text_json_and_csv(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["events", folder, "--factor", "1.5", "--from", "2025-01-06"]
    assert run(asked) == 0
    text = capsys.readouterr().out
    assert "Demand at least 1.5 times capacity: 4 days in 4, once in 1 working day (" in text
    assert run([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["factor"], told["within"], told["when_closed"]) == (1.5, 100, "left out")
    assert [day["ratio"] for day in told["days"]] == [1.5] * 4
    assert run([*asked, "--csv", "-"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("advocates,2025-01-06,720,480,1.5,1,")


def test_days_to_come_stand_beside_those_on_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    service = SERVICE.format(opening="") + 'next = "closed"\n[streams.police]\nfirst_step = "advocacy"\nper_week = 60\n'
    folder = worked_example(tmp_path / "service")
    (folder / "service.toml").write_text(service, encoding="utf-8")
    asked = ["events", str(folder), "--from", "2025-01-06"]
    assert run(asked) == 0
    assert "--simulate" in capsys.readouterr().out
    asked += ["--simulate", "--days", "28", "--replications", "40", "--within", "10"]
    pictures = tmp_path / "pictures"
    assert run([*asked, "--charts", str(pictures), "--format", "svg"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "Simulated, 40 possible futures of 28 days from 11 January 2025: once in" in text
    assert "chance (" in text and "in the next 10 working days" in text
    assert "Simulated" in (pictures / "return-levels-advocates.svg").read_text()
    assert run([*asked, "--json"]) == 0
    ahead = json.loads(capsys.readouterr().out)["ahead"]
    assert (ahead["replications"], ahead["start"], ahead["rows"][0]["of"]) == (40, "records", 20)
    assert [row["once_in"] for row in ahead["levels"]] == [20, 50, 100, 250, 500, 1000]
    assert run([*asked, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ahead"] == ahead, "the same seed gives the same figures"


def test_days_to_come_can_be_told_of_a_service_that_has_no_records_yet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Six cases of an hour each for 480 minutes of capacity, every working day: never twice as much.
    days = ", ".join(f'"{day} 09:00" = 6' for day in ("Mon", "Tue", "Wed", "Thu", "Fri"))
    weekly = f'next = "closed"\n[streams.police]\nfirst_step = "advocacy"\nschedule = {{ {days} }}\n'
    (tmp_path / "service.toml").write_text(SERVICE.format(opening="") + weekly, encoding="utf-8")
    asked = ["events", str(tmp_path), "--simulate", "--days", "28", "--replications", "20", "--within", "10"]
    assert run(asked) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "advocates Days on which demand is at least twice capacity. Simulated, 20 possible futures" in text
    assert "no such day in any of them" in text
    assert "nothing is told of days gone by" in text
    assert run([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["days"], told["ahead"]["start"]) == ([], [], "empty")
    assert [(row["pool"], row["days"], row["of"]) for row in told["ahead"]["rows"]] == [("advocates", 0, 20)]
    for more, says in (
        (["--pool", "advocate"], 'Did you mean "advocates"?'),
        (["--from", "2025-01-06"], "Leave out --from and --to"),
        (["--within", "0"], "Look at least 1 working day ahead"),
    ):
        assert run([*asked, *more]) == 2
        assert says in " ".join(capsys.readouterr().err.split())


def test_charts_become_pictures(folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pictures = tmp_path / "pictures"
    assert run(["variation", folder, *ASKED, "--charts", str(pictures)]) == 0
    assert run(["events", folder, "--charts", str(pictures), "--format", "svg"]) == 0
    assert "1 picture is in" in capsys.readouterr().err
    names = sorted(path.name for path in pictures.iterdir())
    assert names == [
        "control-advocates-backlog-by-day.png",
        "control-advocates-backlog-by-day.svg",
        "return-levels-advocates.svg",
    ]
    assert (pictures / names[0]).read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["variation", "--measure", "backlog"], "Millpond does not assume it"),
        (["variation"], "service.toml has no charts, and no figure was asked for"),
        (["variation", *ASKED, "--rebase", "2025-01-08"], "gives no reason"),
        (["variation", *ASKED, "--rebase", "2025-01-09=a worker left"], "cannot begin anew on 2025-01-09"),
        (["variation", *ASKED, "--json", "--csv", "x.csv"], "Choose one"),
        (["variation", *ASKED, "--format", "svg"], "Add --charts FOLDER"),
        (["events", "--charts", "x", "--format", "gif"], "There is no format 'gif'"),
        (["events", "--factor", "0"], "Give a factor above 0"),
        (["events", "--days", "30"], "Add --simulate"),
        (["events", "--simulate", "--as-of", "2025-01-08"], "Leave out --simulate, or --as-of"),
        (["events", "--simulate", "--days", "3"], "Give a whole number from 7"),
        (["events", "--closed", "never"], "never"),
    ],
)
def test_a_mistake_is_a_sentence(
    arguments: list[str], says: str, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([arguments[0], folder, *arguments[1:]]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert "Traceback" not in said
