"""`millpond measure`: the worked example exactly, and what it says when something is wrong."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from millpond.cli.main import run
from tests.unit.cli.folders import SERVICE, daily_totals, worked_example, written


def test_the_worked_example_comes_out_exactly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = worked_example(tmp_path / "service")
    assert run(["measure", str(folder), "--by", "day", "--json", "--from", "2025-01-06"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["unit"], result["by"]) == ("minutes", "day")
    figures = [tuple(row[name] for name in ("demand", "capacity", "activity", "backlog")) for row in result["rows"]]
    assert figures == [(720, 480, 480, 1440 + 240 * number) for number in range(5)]
    assert result["rows"][0]["period"] == "2025-01-06"
    assert result["rows"][0]["pool"] == "advocates"
    assert result["notes"]


def test_daily_totals_give_the_same_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = daily_totals(tmp_path / "service")
    assert run(["measure", str(folder), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    figures = [tuple(row[name] for name in ("demand", "capacity", "activity", "backlog")) for row in result["rows"]]
    assert figures == [(720, 480, 480, 1440 + 240 * number) for number in range(5)]
    assert [row["backlog_visits"] for row in result["rows"]] == [24, 28, 32, 36, 40]


def test_daily_totals_cannot_tell_the_hour(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["measure", str(daily_totals(tmp_path / "service")), "--by", "hour"]) == 2
    assert "Choose day, week or month" in capsys.readouterr().err


def test_what_left_unexplained_shows_as_withdrawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = daily_totals(tmp_path / "service")
    with (folder / "daily.csv").open("a") as file:
        # 40 waited; 12 join and 8 are done, so 44 should wait: four have left in another way. Then three appear.
        file.write("2025-01-13,advocates,12,8,40\n2025-01-14,advocates,0,0,43\n")
    assert run(["measure", str(folder), "--json", "--from", "2025-01-13"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert [row["withdrawn"] for row in result["rows"]] == [240, -180]
    assert any("rose by 3 more" in note for note in result["notes"])


def test_the_table_fits_eighty_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["measure", str(worked_example(tmp_path / "service")), "--by", "week"]) == 0
    printed = capsys.readouterr().out
    assert "3,600" in printed
    assert max(len(line) for line in printed.splitlines()) <= 80


def test_csv_to_a_file_and_to_standard_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, target = worked_example(tmp_path / "service"), tmp_path / "out.csv"
    assert run(["measure", str(folder), "--csv", str(target)]) == 0
    capsys.readouterr()
    assert run(["measure", str(folder), "--csv", "-"]) == 0
    assert target.read_text() == capsys.readouterr().out
    rows = list(csv.DictReader(io.StringIO(target.read_text())))
    assert (rows[1]["demand"], rows[1]["capacity"], rows[1]["load"]) == ("720", "480", "1.5")


def test_as_of_a_day_is_the_end_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = worked_example(tmp_path / "service")
    assert run(["measure", str(folder), "--json", "--as-of", "2025-01-07"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["rows"][-1]["period"] == "2025-01-07"
    assert result["rows"][-1]["backlog"] == 1680
    assert result["rows"][-1]["complete"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--pool", "advocats"], 2, "Did you mean 'advocates'?"),
        (["--as-of", "yesterday"], 2, "Write a day such as 2025-03-31"),
        (["--from", "2025-02-30"], 2, "is no day"),
        (["--from", "2025-02-01", "--to", "2025-01-01"], 2, "Exchange them"),
        (["--json", "--csv", "x.csv"], 2, "Choose one"),
        (["--by", "fortnight"], 2, "fortnight"),
        (["--csv", "no/such/folder/x.csv"], 5, "folder does not exist"),
    ],
)
def test_a_mistake_is_a_sentence_and_an_exit_code(
    arguments: list[str], code: int, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = worked_example(tmp_path / "service")
    assert run(["measure", str(folder), *arguments]) == code
    said = capsys.readouterr().err
    assert says in said
    assert "Traceback" not in said


def test_a_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["measure", str(tmp_path / "nowhere")]) == 4
    assert "nowhere" in capsys.readouterr().err


def test_every_fault_of_the_description_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = SERVICE.format(opening="colour = 'red'") + "next = { advocasy = 1.0 }\n"
    folder = written(tmp_path / "service", ["case,step,joined"], service=text)
    assert run(["measure", str(folder)]) == 3
    said = capsys.readouterr().err
    assert "2 faults" in said
    assert "pools.advocates.colour" in said
    assert "advocacy" in said


def test_records_without_a_row_and_a_folder_without_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = written(tmp_path / "empty", ["case,step,joined,started,ended,minutes"])
    assert run(["measure", str(empty)]) == 0
    assert "nothing to measure" in " ".join(capsys.readouterr().out.split())
    (empty / "records.csv").unlink()
    assert run(["measure", str(empty)]) == 4
    assert "millpond import" in capsys.readouterr().err


def test_blank_and_duplicate_rows_change_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = worked_example(tmp_path / "service")
    assert run(["measure", str(folder), "--json"]) == 0
    before = json.loads(capsys.readouterr().out)["rows"]
    records = folder / "records.csv"
    lines = records.read_text().splitlines()
    records.write_text("\n".join([*lines[:30], "", ",,,,,", *lines[30:], ""]) + "\n")
    assert run(["measure", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == before


def test_an_id_that_is_the_text_na_is_an_id(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        "case,step,joined,started,ended,minutes",
        "NA,advocacy,2025-01-06 09:00,,,",
        "007,advocacy,2025-01-06 09:00,,,",
    ]
    assert run(["measure", str(written(tmp_path / "service", rows)), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"][0]["backlog_visits"] == 2


def test_blank_and_duplicate_rows_count_for_nothing_and_an_id_is_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path / "service", [])
    (folder / "records.csv").unlink()
    (tmp_path / "referrals.csv").write_text(
        "case,step,joined,started,ended,minutes\n"
        "NA,advocacy,2025-01-06 09:00,2025-01-06 09:00,2025-01-06 10:00,60\n"
        "NA,advocacy,2025-01-06 09:00,2025-01-06 09:00,2025-01-06 10:00,60\n"
        ",,,,,\n"
        "007,advocacy,2025-01-06 09:30,,,\n"
        "\n"
        "7,advocacy,2025-01-07 09:00,2025-01-07 10:00,2025-01-07 10:30,30\n"
        "1e5,advocacy,2025-01-07 09:00,,2025-01-07 11:00,\n"
    )
    assert run(["import", str(tmp_path / "referrals.csv"), "--into", str(folder)]) == 0
    for _ in range(2):
        capsys.readouterr()
        assert run(["measure", str(folder), "--csv", "-"]) == 0
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        names = ("period", "demand", "activity", "backlog", "demand_visits", "backlog_visits")
        assert [tuple(row[name] for name in names) for row in rows] == [
            # NA needs 60, done; 007 needs the 60 that are planned, and waits.
            ("2025-01-06", "120", "60", "60", "2", "1"),
            # 7 needs 30, 1e5 the 60 that are planned, all of it at its end.
            ("2025-01-07", "90", "90", "60", "2", "1"),
        ]
        # The same extract a second time changes nothing.
        assert run(["import", str(tmp_path / "referrals.csv"), "--into", str(folder)]) == 0
