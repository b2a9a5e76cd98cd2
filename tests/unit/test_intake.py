"""Bringing records in: a first graph without hand editing, and nothing that a person wrote overwritten."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import millpond
from millpond.cli.main import run
from millpond.errors import WrongUse
from millpond.intake import Options, bring_in
from millpond.model import load_service

EXTRACT = """Ref No,What,Came,Began,Done,Who
1,triage,2025-01-06 09:00,2025-01-06 10:00,2025-01-06 10:30,ann
1,advice,2025-01-06 10:30,2025-01-07 10:00,2025-01-07 11:00,bob
2,triage,2025-01-07 09:00,2025-01-07 09:30,2025-01-07 10:00,ann
2,advice,2025-01-07 10:00,,,
"""
LATER = EXTRACT.replace(
    "2,advice,2025-01-07 10:00,,,", "2,advice,2025-01-07 10:00,2025-01-08 09:00,2025-01-08 10:00,bob"
)
COLUMNS = {"case": "Ref No", "step": "What", "joined": "Came", "started": "Began", "ended": "Done", "worker": "Who"}


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "extract.csv"
    path.write_text(EXTRACT)
    return path


def test_a_new_folder_measures_without_hand_editing(extract: Path, tmp_path: Path) -> None:
    folder = tmp_path / "my-service"
    brought = bring_in(extract, folder, Options(columns=COLUMNS))
    assert brought.drafted
    service = load_service(folder)
    assert service.name == "My service"
    assert set(service.steps) == {"triage", "advice"}
    assert service.steps["triage"].planned_minutes == 30
    assert service.steps["advice"].planned_minutes == 60
    with millpond.open(folder) as opened:
        result = opened.measure(by="week")
    assert sum(row.demand for row in result.rows) == 30 + 60 + 30 + 60
    assert sum(row.backlog for row in result.rows) == 60
    assert all(row.capacity for row in result.rows)


def test_what_was_estimated_is_noted_apart_and_stays_as_it_was(extract: Path, tmp_path: Path) -> None:
    folder = tmp_path / "service"
    bring_in(extract, folder, Options(columns=COLUMNS))
    noted = (folder / "drafted.toml").read_text()
    assert tomllib.loads(noted)["steps"]["triage"]["minutes"] == 30
    extract.write_text(LATER.replace("10:30,ann", "11:30,ann"))
    bring_in(extract, folder)
    assert (folder / "drafted.toml").read_text() == noted


def test_how_columns_were_mapped_is_kept_for_the_next_extract(extract: Path, tmp_path: Path) -> None:
    folder = tmp_path / "service"
    bring_in(extract, folder, Options(columns=COLUMNS))
    extract.write_text(LATER)
    brought = bring_in(extract, folder)
    assert (brought.imported.added, brought.imported.updated, brought.imported.unchanged) == (0, 1, 3)
    assert brought.drafted is None
    with millpond.open(folder) as opened:
        assert sum(row.backlog for row in opened.measure(by="week").rows) == 0


def test_the_same_extract_twice_changes_not_a_byte(extract: Path, tmp_path: Path) -> None:
    folder = tmp_path / "service"
    bring_in(extract, folder, Options(columns=COLUMNS))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    brought = bring_in(extract, folder)
    assert not brought.imported.changed
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_an_import_that_is_cut_short_leaves_no_new_folder_behind(extract: Path, tmp_path: Path) -> None:
    folder = tmp_path / "services" / "new"

    def interrupt(share: float | None, rows: int) -> None:
        if share == 1:
            assert (folder / "records.csv").exists()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring_in(extract, folder, Options(columns=COLUMNS), progress=interrupt)
    assert sorted(tmp_path.iterdir()) == [extract]


def test_what_somebody_described_meanwhile_stays(extract: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new"

    def describe_and_interrupt(share: float | None, rows: int) -> None:
        (folder / "service.toml").write_text('name = "Theirs"')
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring_in(extract, folder, Options(columns=COLUMNS), progress=describe_and_interrupt)
    assert load_service(folder).name == "Theirs"


def test_an_import_that_is_cut_short_takes_nothing_from_a_folder_that_was_there(extract: Path, tmp_path: Path) -> None:
    folder = tmp_path / "service"
    folder.mkdir()
    (folder / "rota.csv").write_text("worker,pool,starts,ends,kind\n")

    def interrupt(share: float | None, rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring_in(extract, folder, Options(columns=COLUMNS), progress=interrupt)
    assert (folder / "rota.csv").exists()


def test_what_a_person_wrote_is_never_overwritten(extract: Path, tmp_path: Path) -> None:
    folder = tmp_path / "service"
    bring_in(extract, folder, Options(columns=COLUMNS))
    described = folder / "service.toml"
    described.write_text(described.read_text().replace("[steps", "# my remark\n[steps", 1))
    before = described.read_bytes()
    extract.write_text(LATER)
    bring_in(extract, folder)
    assert described.read_bytes() == before


def test_options_for_a_new_folder_are_refused_in_an_old_one(extract: Path, tmp_path: Path) -> None:
    folder = tmp_path / "service"
    bring_in(extract, folder, Options(columns=COLUMNS))
    with pytest.raises(WrongUse, match="--timezone is for a new folder"):
        bring_in(extract, folder, Options(timezone="Europe/Paris"))


def test_daily_totals_make_a_service_too(tmp_path: Path) -> None:
    source = tmp_path / "totals.csv"
    source.write_text("Date,Team,New,Closed,Waiting\n2025-01-06,advice,5,3,2\n2025-01-07,advice,4,5,1\n")
    columns = {"date": "Date", "pool": "Team", "joined": "New", "done": "Closed", "waiting": "Waiting"}
    brought = bring_in(source, tmp_path / "service", Options(columns=columns))
    assert brought.imported.kind == "daily totals"
    with millpond.open(brought.folder) as opened:
        result = opened.measure()
    assert result.unit == "visits"
    assert [row.backlog for row in result.rows] == [2, 1]


def test_the_command_says_what_came_in(extract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mapping = [part for ours, theirs in COLUMNS.items() for part in ("--map", f"{ours}={theirs}")]
    assert run(["import", str(extract), "--into", str(tmp_path / "service"), *mapping]) == 0
    said = capsys.readouterr().out
    assert "4 visits added" in said
    assert "millpond report" in said


def test_a_mapping_that_says_nothing_is_a_wrong_use(
    extract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import", str(extract), "--into", str(tmp_path / "service"), "--map", "case"]) == 2
    assert "OURS=THEIRS" in capsys.readouterr().err
    assert not (tmp_path / "service").exists()


def test_a_delimiter_of_two_characters_is_refused_before_anything_is_written(extract: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="delimiter ';;' is not one character"):
        bring_in(extract, tmp_path / "new", Options(columns=COLUMNS, delimiter=";;"))
    assert not (tmp_path / "new").exists()


def test_a_column_that_is_said_to_be_missing_is_not_kept_in_the_description(extract: Path, tmp_path: Path) -> None:
    bring_in(extract, tmp_path / "new", Options(columns={**COLUMNS, "pool": ""}))
    mapping = load_service(tmp_path / "new").records
    assert mapping is not None
    assert mapping.columns == COLUMNS
