"""`millpond simulate`: the worked example goes on exactly, and what it says when something is wrong."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from millpond.cli.main import run
from tests.unit.cli.folders import SERVICE, daily_totals, worked_example

SCHEDULE = ", ".join(f'"{day} 09:00" = 12' for day in ("Mon", "Tue", "Wed", "Thu", "Fri"))
STREAM = f"""
next = "closed"
[streams.police]
first_step = "advocacy"
schedule = {{ {SCHEDULE} }}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The worked example, which ends on Friday 10 January 2025 with 40 waiting, and goes on as it was."""
    return goes_on(worked_example(tmp_path / "service"))


def goes_on(folder: Path) -> Path:
    (folder / "service.toml").write_text(SERVICE.format(opening="") + STREAM, encoding="utf-8")
    return folder


def simulated(folder: Path, *options: str, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    assert run(["simulate", str(folder), "--json", *options]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def backlogs(found: dict[str, object]) -> dict[str, float]:
    days: list[dict[str, object]] = found["by_day"]  # type: ignore[assignment]
    return {str(row["day"]): row["backlog"]["value"] for row in days}  # type: ignore[index]


def test_it_goes_on_from_what_the_records_leave_open(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = simulated(folder, "--days", "9", "--replications", "2", capsys=capsys)
    assert (found["first_day"], found["start"]) == ("2025-01-11", "records")
    # 2,400 minutes wait over the weekend; then 720 join and 480 are done each working day.
    weekend = {"2025-01-11": 2400, "2025-01-12": 2400}
    week = {f"2025-01-{13 + number}": 2640 + 240 * number for number in range(5)}
    assert backlogs(found) == {**weekend, **week, "2025-01-18": 3600, "2025-01-19": 3600}
    notes = " ".join(map(str, found["notes"]))  # type: ignore[call-overload]
    assert "40 open visits are carried over, 0 of them begun" in notes
    # 240 on each of five days of nine.
    assert "the backlog will grow without end, by about 133 minutes a day" in notes


def test_an_earlier_day_begins_with_what_was_open_then(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = simulated(folder, "--days", "1", "--replications", "1", "--from", "2025-01-08", capsys=capsys)
    # What the records themselves say of that day: 1,200 before the week, and 240 more on each of three days.
    assert backlogs(found) == {"2025-01-08": 1920}


def test_a_later_day_is_not_known(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", str(folder), "--from", "2025-02-03"]) == 2
    said = capsys.readouterr().err
    assert "The records end on 2025-01-10" in said
    assert "--from 2025-01-11" in said
    assert run(["simulate", str(folder), "--from", "2025-02-03", "--start", "empty", "--days", "7"]) == 0


def test_it_can_start_empty(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = simulated(folder, "--start", "empty", "--from", "2025-01-13", "--days", "2", capsys=capsys)
    assert found["start"] == "empty"
    assert backlogs(found) == {"2025-01-13": 240, "2025-01-14": 480}


def test_without_records_it_starts_empty_today(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "records.csv").unlink()
    found = simulated(folder, "--days", "7", "--replications", "1", capsys=capsys)
    assert found["start"] == "empty"
    assert run(["simulate", str(folder), "--start", "records"]) == 4
    assert "records.csv" in capsys.readouterr().err


def test_daily_totals_do_not_tell_who_waits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = goes_on(daily_totals(tmp_path / "service"))
    found = simulated(folder, "--days", "3", "--replications", "1", capsys=capsys)
    assert (found["first_day"], found["start"]) == ("2025-01-11", "empty")
    assert run(["simulate", str(folder), "--start", "records"]) == 2
    assert "daily totals" in capsys.readouterr().err


def test_a_log_can_be_measured_like_real_records(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "possible"
    found = simulated(folder, "--days", "9", "--replications", "1", "--log", str(log), capsys=capsys)
    assert run(["measure", str(log), "--json", "--from", "2025-01-13", "--to", "2025-01-17"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [row["backlog"] for row in rows] == [2640, 2880, 3120, 3360, 3600]
    assert [row["backlog"] for row in rows] == [backlogs(found)[row["period"]] for row in rows]
    assert run(["simulate", str(folder), "--days", "1", "--log", str(log)]) == 2
    assert "is not empty" in capsys.readouterr().err


def test_a_log_can_be_one_file(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "visits.csv"
    for _ in range(2):
        simulated(folder, "--days", "3", "--replications", "1", "--log", str(log), capsys=capsys)
    with log.open(newline="") as file:
        visits = list(csv.DictReader(file))
    # 40 were there, and 12 come on Monday, of whom nobody is seen before the 40.
    assert len(visits) == 52
    assert sum(bool(visit["ended"]) for visit in visits) == 8
    assert run(["simulate", str(folder), "--days", "1", "--log", str(folder / "records2.csv")]) == 2
    assert "would be taken for real ones" in " ".join(capsys.readouterr().err.split())


def test_the_days_as_csv(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", str(folder), "--days", "3", "--csv", "-"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [float(row["backlog"]) for row in rows] == [2400, 2400, 2640]
    assert run(["simulate", str(folder), "--days", "3", "--csv", str(tmp_path / "days.csv")]) == 0
    assert "3 rows written" in capsys.readouterr().err


def test_as_text_in_eighty_columns(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", str(folder), "--days", "14", "--replications", "3"]) == 0
    said = capsys.readouterr().out
    assert "Worked example: 14 days from 11 January 2025, 3 replications, seed 1" in said
    assert "capacity, minutes a week" in said
    assert max(map(len, said.splitlines())) <= 80


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--precision", "five"], "--precision five is no share"),
        (["--precision", "5"], "such as 0.05 for 5%"),
        (["--days", "0"], "days is 0"),
        (["--from", "soon"], "is no day"),
        (["--json", "--csv", "x.csv"], "Choose one of"),
    ],
)
def test_wrong_uses(folder: Path, options: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", str(folder), *options]) == 2
    assert told in " ".join(capsys.readouterr().err.split())


def test_what_cannot_be_simulated_says_why_and_how_to_mend_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["simulate", str(worked_example(tmp_path / "service"))]) == 3
    said = capsys.readouterr().err
    assert "cannot be simulated yet" in said
    assert "Add a stream" in said
