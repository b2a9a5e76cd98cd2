"""Extracts come into a folder: the first, the same again, a newer one, an older one, and one that says otherwise."""

from __future__ import annotations

import csv
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from millpond.errors import CannotWrite, UnreadableFile
from millpond.model import parse_service
from millpond.records.importing import Import, import_log
from millpond.records.ledger import read_ledger

NOW = datetime(2025, 2, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "victim-support"


def extract(tmp_path: Path, text: str, name: str = "extract.csv") -> Path:
    """A file whose cells are given as a table with bars."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    file = tmp_path / name
    with file.open("w", newline="") as stream:
        csv.writer(stream).writerows(line for line in lines if not set("".join(line)) <= set("-+"))
    return file


def came(tmp_path: Path, folder: Path, text: str, *, name: str = "extract.csv", replace_closed: bool = False) -> Import:
    return import_log(extract(tmp_path, text, name), folder, now=NOW, replace_closed=replace_closed)


def records(folder: Path, *columns: str) -> list[tuple[str, ...]]:
    with (folder / "records.csv").open(newline="") as stream:
        return [tuple(row[name] for name in columns) for row in csv.DictReader(stream)]


def set_aside(folder: Path) -> list[tuple[str, ...]]:
    with (folder / "set-aside.csv").open(newline="") as stream:
        return [tuple(row.values()) for row in csv.DictReader(stream)]


def counts(done: Import) -> dict[str, int]:
    names = ("added", "updated", "unchanged", "differing", "missing_open", "set_aside")
    return {name: getattr(done, name) for name in names if getattr(done, name)}


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in sorted(folder.iterdir())}


MONDAY = """
    case | step   | joined           | started          | ended            | worker | housing
    -----+--------+------------------+------------------+------------------+--------+--------
    bob  | triage | 2025-01-06 10:00 |                  |                  |        | owned
    ada  | triage | 2025-01-06 09:00 | 2025-01-06 09:30 | 2025-01-06 10:00 | sam    | rented
    NA   | triage | 2025-01-06 11:00 | 2025-01-06 12:00 |                  | kim    |
"""


def test_a_new_folder_gets_records_in_a_fixed_order_that_only_their_owner_reads(tmp_path: Path, folder: Path) -> None:
    done = came(tmp_path, folder, MONDAY)
    assert counts(done) == {"added": 3}
    assert (folder / "records.csv").read_text().splitlines() == [
        "visit,case,step,joined,started,ended,worker,pool,minutes,outcome,housing",
        "ada|triage|2025-01-06T09:00:00Z|1,ada,triage,2025-01-06T09:00:00+00:00,2025-01-06T09:30:00+00:00,"
        "2025-01-06T10:00:00+00:00,sam,,,,rented",
        "bob|triage|2025-01-06T10:00:00Z|1,bob,triage,2025-01-06T10:00:00+00:00,,,,,,,owned",
        "NA|triage|2025-01-06T11:00:00Z|1,NA,triage,2025-01-06T11:00:00+00:00,2025-01-06T12:00:00+00:00,,kim,,,,",
    ]
    assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {
        "records.csv": 0o600,
        "imports.csv": 0o600,
    }
    assert done.sentence == "3 visits added."


def test_times_are_written_with_the_offset_of_the_zone(tmp_path: Path, folder: Path) -> None:
    text = "case | step | joined | minutes\n a | s | 2025-07-01 09:00:00.25 | 20.5\n b | s | 2025-07-01T09:00:01Z | 7"
    came(tmp_path, folder, text)
    assert records(folder, "joined", "minutes") == [
        ("2025-07-01T09:00:00.250000+01:00", "20.5"),
        ("2025-07-01T10:00:01+01:00", "7"),
    ]


def test_the_same_extract_twice_changes_nothing(tmp_path: Path, folder: Path) -> None:
    came(tmp_path, folder, MONDAY + "| triage | 2025-01-06 10:00 | | | |\n")
    before = state(folder)
    again = came(tmp_path, folder, MONDAY + "| triage | 2025-01-06 10:00 | | | |\n")
    assert state(folder) == before
    assert counts(again) == {"unchanged": 3}
    assert (again.changed, again.sentence) == (False, "Nothing new: 3 visits unchanged.")


TUESDAY = """
    case | step   | joined           | started          | ended            | worker | housing
    -----+--------+------------------+------------------+------------------+--------+--------
    ada  | triage | 2025-01-06 09:00 | 2025-01-06 09:30 | 2025-01-06 10:00 | sam    | rented
    bob  | triage | 2025-01-06 10:00 | 2025-01-07 09:00 |                  | sam    | owned
    cat  | triage | 2025-01-07 09:00 |                  |                  |        |
    NA   | triage | 2025-01-06 11:00 | 2025-01-06 12:00 | 2025-01-07 10:00 | kim    |
"""


def test_a_newer_extract_updates_open_visits_and_adds_new_ones(tmp_path: Path, folder: Path) -> None:
    came(tmp_path, folder, MONDAY)
    done = came(tmp_path, folder, TUESDAY)
    assert counts(done) == {"added": 1, "updated": 2, "unchanged": 1}
    assert done.sentence == "1 visit added, 2 updated, 1 unchanged."
    assert records(folder, "case", "started", "ended", "worker") == [
        ("ada", "2025-01-06T09:30:00+00:00", "2025-01-06T10:00:00+00:00", "sam"),
        ("bob", "2025-01-07T09:00:00+00:00", "", "sam"),
        ("NA", "2025-01-06T12:00:00+00:00", "2025-01-07T10:00:00+00:00", "kim"),
        ("cat", "", "", ""),
    ]


def test_a_newer_extract_gives_the_same_file_as_if_it_had_come_alone(tmp_path: Path, folder: Path) -> None:
    came(tmp_path, folder, MONDAY)
    came(tmp_path, folder, TUESDAY)
    came(tmp_path, tmp_path / "other", TUESDAY)
    assert (folder / "records.csv").read_bytes() == (tmp_path / "other" / "records.csv").read_bytes()


def test_an_older_extract_takes_nothing_back_and_contradicts_nothing(tmp_path: Path, folder: Path) -> None:
    came(tmp_path, folder, TUESDAY)
    before = state(folder)
    done = came(tmp_path, folder, MONDAY)
    assert counts(done) == {"unchanged": 3, "missing_open": 1}
    assert state(folder) == before


def test_a_closed_visit_that_differs_stays_and_is_set_aside(tmp_path: Path, folder: Path) -> None:
    came(tmp_path, folder, TUESDAY)
    other = TUESDAY.replace("2025-01-06 10:00 | sam    | rented", "2025-01-06 10:15 | sam    | rented")
    before = state(folder)
    done = came(tmp_path, folder, other)
    assert counts(done) == {"unchanged": 3, "differing": 1, "set_aside": 1}
    assert state(folder)["records.csv"] == before["records.csv"]
    assert state(folder)["imports.csv"] == before["imports.csv"]
    assert set_aside(folder) == [
        (
            "extract.csv",
            "2",
            "differs from the closed visit already in the folder",
            "visit=ada|triage|2025-01-06T09:00:00Z|1, case=ada, step=triage, joined=2025-01-06T09:00:00+00:00, "
            "started=2025-01-06T09:30:00+00:00, ended=2025-01-06T10:15:00+00:00, worker=sam, housing=rented",
        )
    ]
    assert stat.S_IMODE((folder / "set-aside.csv").stat().st_mode) == 0o600
    before = state(folder)
    again = came(tmp_path, folder, other)
    assert counts(again) == {"unchanged": 3, "differing": 1}
    assert state(folder) == before
    won = came(tmp_path, folder, other, replace_closed=True)
    assert counts(won) == {"updated": 1, "unchanged": 3}
    assert records(folder, "case", "ended")[0] == ("ada", "2025-01-06T10:15:00+00:00")


def test_a_visit_that_is_opened_again_differs(tmp_path: Path, folder: Path) -> None:
    """The extract goes beyond the end that the folder has, and does not know of it."""
    came(tmp_path, folder, TUESDAY)
    reopened = TUESDAY.replace("2025-01-06 09:30 | 2025-01-06 10:00", "2025-01-06 09:30 |")
    assert counts(came(tmp_path, folder, reopened))["differing"] == 1


def test_open_visits_that_the_extract_lacks_stay_and_are_counted(tmp_path: Path, folder: Path) -> None:
    came(tmp_path, folder, MONDAY)
    later = "case | step | joined\n dan | triage | 2025-01-08 09:00"
    done = came(tmp_path, folder, later)
    assert counts(done) == {"added": 1, "missing_open": 2}
    assert len(records(folder, "case")) == 4
    assert "2 visits open in the folder are not in it." in done.sentence


def test_a_visit_is_known_by_its_start_until_its_joining_is_recorded(tmp_path: Path, folder: Path) -> None:
    came(tmp_path, folder, "case | step | started\n ada | triage | 2025-01-06 09:30")
    whole = (
        "case | step | joined | started | ended\n ada | triage | 2025-01-06 09:00 | 2025-01-06 09:30 | 2025-01-06 10:00"
    )
    assert counts(came(tmp_path, folder, whole)) == {"updated": 1}
    assert records(folder, "joined", "ended") == [("2025-01-06T09:00:00+00:00", "2025-01-06T10:00:00+00:00")]
    before = state(folder)
    assert counts(came(tmp_path, folder, whole)) == {"unchanged": 1}
    assert state(folder) == before


def test_two_contacts_in_one_minute_stay_two_whatever_their_order(tmp_path: Path, folder: Path) -> None:
    """The open one ends before the other has: the place among its kin changes, and each still finds itself."""
    first = """
        case | step | joined           | started          | ended
        ada  | call | 2025-01-06 09:00 | 2025-01-06 09:10 | 2025-01-06 10:00
        ada  | call | 2025-01-06 09:00 |                  |
    """
    then = """
        case | step | joined           | started          | ended
        ada  | call | 2025-01-06 09:00 | 2025-01-06 09:10 | 2025-01-06 10:00
        ada  | call | 2025-01-06 09:00 | 2025-01-06 09:05 | 2025-01-06 10:30
    """
    came(tmp_path, folder, first)
    assert counts(came(tmp_path, folder, then)) == {"updated": 1, "unchanged": 1}
    assert sorted(records(folder, "started", "ended")) == [
        ("2025-01-06T09:05:00+00:00", "2025-01-06T10:30:00+00:00"),
        ("2025-01-06T09:10:00+00:00", "2025-01-06T10:00:00+00:00"),
    ]
    before = state(folder)
    assert counts(came(tmp_path, folder, then)) == {"unchanged": 2}
    assert state(folder) == before


def test_a_new_visit_whose_derived_id_is_taken_gets_the_next(tmp_path: Path, folder: Path) -> None:
    came(tmp_path, folder, "case | step | joined | worker\n ada | call | 2025-01-06 09:00 | zoe")
    both = "case | step | joined | worker\n ada | call | 2025-01-06 09:00 | zoe\n ada | call | 2025-01-06 09:00 | amy"
    assert counts(came(tmp_path, folder, both)) == {"added": 1, "unchanged": 1}
    assert records(folder, "visit", "worker") == [
        ("ada|call|2025-01-06T09:00:00Z|1", "zoe"),
        ("ada|call|2025-01-06T09:00:00Z|3", "amy"),
    ]
    before = state(folder)
    assert counts(came(tmp_path, folder, both)) == {"unchanged": 2}
    assert state(folder) == before


def test_recorded_ids_settle_which_visit_it_is(tmp_path: Path, folder: Path) -> None:
    came(tmp_path, folder, "visit | case | step | joined\n 007 | ada | call | 2025-01-06 09:00")
    corrected = (
        "visit | case | step | joined\n 007 | ada | visit | 2025-01-06 08:00\n 7 | ada | call | 2025-01-06 09:00"
    )
    assert counts(came(tmp_path, folder, corrected)) == {"added": 1, "updated": 1}
    assert records(folder, "visit", "step", "joined") == [
        ("007", "visit", "2025-01-06T08:00:00+00:00"),
        ("7", "call", "2025-01-06T09:00:00+00:00"),
    ]


def test_rows_without_a_case_are_not_known_by_their_place(tmp_path: Path, folder: Path) -> None:
    """A sheet with the newest referral on top: in the next one, every row stands somewhere else."""
    came(tmp_path, folder, "received | closed\n 2025-01-07 | \n 2025-01-06 | 2025-01-07\n 2025-01-06 |")
    newer = "received | closed\n 2025-01-08 | \n 2025-01-07 | 2025-01-08 \n 2025-01-06 |\n 2025-01-06 | 2025-01-07"
    done = came(tmp_path, folder, newer)
    assert counts(done) == {"added": 1, "updated": 1, "unchanged": 2}
    assert sorted((joined[:10], ended[:10]) for joined, ended in records(folder, "joined", "ended")) == [
        ("2025-01-06", ""),
        ("2025-01-06", "2025-01-07"),
        ("2025-01-07", "2025-01-08"),
        ("2025-01-08", ""),
    ]
    assert len({case for (case,) in records(folder, "case")}) == 4
    before = state(folder)
    assert counts(came(tmp_path, folder, newer)) == {"unchanged": 4}
    assert state(folder) == before


def test_further_columns_are_united(tmp_path: Path, folder: Path) -> None:
    first = "case | step | joined | ended | housing\n ada | call | 2025-01-06 09:00 | 2025-01-06 10:00 | rented"
    then = (
        "case | step | joined | ended | Need\n ada | call | 2025-01-06 09:00 | 2025-01-06 10:00 | safety\n"
        "bob | call | 2025-01-07 09:00 | | advice"
    )
    came(tmp_path, folder, first)
    assert counts(came(tmp_path, folder, then)) == {"added": 1, "updated": 1}
    assert records(folder, "case", "housing", "Need") == [("ada", "rented", "safety"), ("bob", "", "advice")]


def test_what_the_extract_has_no_column_for_stays(tmp_path: Path, folder: Path) -> None:
    came(tmp_path, folder, "case | step | joined | worker\n ada | call | 2025-01-06 09:00 | sam")
    done = came(tmp_path, folder, "case | step | joined | started\n ada | call | 2025-01-06 09:00 | 2025-01-06 10:00")
    assert counts(done) == {"updated": 1}
    assert records(folder, "started", "worker") == [("2025-01-06T10:00:00+00:00", "sam")]


def test_rows_that_were_set_aside_are_listed_once(tmp_path: Path, folder: Path) -> None:
    faulty = "ada | call | 2025-01-06 09:00\n | call | 2025-01-06 09:00\n bob | call | soon\n bob | call | soon"
    head = "case | step | joined\n"
    done = came(tmp_path, folder, head + faulty)
    assert counts(done) == {"added": 1, "set_aside": 3}
    assert set_aside(folder) == [
        ("extract.csv", "3", "it has no case", ",call,2025-01-06 09:00"),
        ("extract.csv", "4", "what stands in 'joined' cannot be read as a time", "bob,call,soon"),
        ("extract.csv", "5", "what stands in 'joined' cannot be read as a time", "bob,call,soon"),
    ]
    longer = came(
        tmp_path, folder, head + "cat | call | 2025-01-07 09:00\n" + faulty + "\ndan | | 2025-01-07", name="b.csv"
    )
    assert counts(longer) == {"added": 1, "unchanged": 1, "set_aside": 1}
    assert [row[0] for row in set_aside(folder)] == ["extract.csv"] * 3 + ["b.csv"]


def test_duplicate_rows_are_kept_once_and_the_others_set_aside(tmp_path: Path, folder: Path) -> None:
    row = "ada | call | 2025-01-06 09:00 | sam\n"
    done = came(tmp_path, folder, "case | step | joined | worker\n" + row + row + row.replace("sam", "kim") + row)
    assert counts(done) == {"added": 2, "set_aside": 2}
    assert [(place, reason) for _, place, reason, _ in set_aside(folder)] == [
        ("3", "duplicate row"),
        ("5", "duplicate row"),
    ]
    found = done.quality.of("duplicate rows")
    assert found is not None
    assert (found.count, found.examples) == (2, ("row 3", "row 5"))


def test_what_a_hand_has_spoilt_in_the_folder_is_not_lost_when_it_is_written_anew(tmp_path: Path, folder: Path) -> None:
    came(tmp_path, folder, MONDAY)
    with (folder / "records.csv").open("a") as stream:
        stream.write(",zed,triage,whenever,,,,,,,\n")
    before = state(folder)
    assert counts(came(tmp_path, folder, MONDAY)) == {"unchanged": 3}
    assert state(folder) == before
    done = came(tmp_path, folder, TUESDAY)
    assert done.changed
    assert [row[:3] for row in set_aside(folder)] == [
        ("records.csv", "5", "what stands in 'joined' cannot be read as a time")
    ]
    assert "records.csv: row 5 left out" in " ".join(done.notes)


def test_events_in_an_order_that_cannot_be_are_written_as_recorded(tmp_path: Path, folder: Path) -> None:
    text = "case | step | joined | started | ended\n ada | s | 2025-01-06 11:00 | 2025-01-06 10:00 | 2025-01-06 09:00"
    done = came(tmp_path, folder, text)
    assert records(folder, "joined", "started", "ended") == [
        ("2025-01-06T11:00:00+00:00", "2025-01-06T10:00:00+00:00", "2025-01-06T09:00:00+00:00")
    ]
    assert done.quality.of("ends before starts") is not None
    before = state(folder)
    assert counts(came(tmp_path, folder, text)) == {"unchanged": 1}
    assert state(folder) == before


def test_the_ledger_tells_which_visits_came_late(tmp_path: Path, folder: Path) -> None:
    """By Monday 11:00 two of three visits of that morning had been recorded; bob's came with Tuesday's extract."""
    head = "case | step | joined\n"
    monday = "ada | s | 2025-01-06 09:00\n cat | s | 2025-01-06 11:00\n"
    came(tmp_path, folder, head + monday, name="monday.csv")
    came(
        tmp_path, folder, head + monday + "bob | s | 2025-01-06 10:00\n dan | s | 2025-01-07 12:00", name="tuesday.csv"
    )
    first, second = read_ledger(folder)
    assert (first.source, first.rows, first.added, first.updated, first.gap_days, first.late) == (
        "monday.csv",
        2,
        2,
        0,
        0,
        {},
    )
    assert first.last_instant == datetime(2025, 1, 6, 11, tzinfo=UTC)
    assert (second.source, second.rows, second.added, second.gap_days, second.late) == (
        "tuesday.csv",
        4,
        2,
        1,
        {0: (1, 3)},
    )


def test_times_in_the_zone_of_the_source(tmp_path: Path, folder: Path) -> None:
    """A source in UTC: 23:30 on the last day of June is the first of July in London."""
    file = extract(tmp_path, "case | step | joined\n ada | s | 2025-06-30 23:30")
    import_log(file, folder, timezone=ZoneInfo("UTC"), now=datetime(2025, 8, 1, tzinfo=UTC))
    assert records(folder, "joined") == [("2025-07-01T00:30:00+01:00",)]


def test_the_mapping_of_the_service_is_used_and_what_is_asked_goes_before_it(tmp_path: Path, folder: Path) -> None:
    service = parse_service('name = "x"\n[records.columns]\ncase = "Who"\nworker = "A"\n')
    file = extract(tmp_path, "Who | step | joined | A | B\n ada | s | 2025-01-06 | x | y")
    import_log(file, folder, service=service, mapping={"worker": "B"}, now=NOW)
    assert records(folder, "case", "worker", "A") == [("ada", "y", "x")]


def test_a_source_that_cannot_be_read_leaves_no_folder_behind(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "empty.csv").touch()
    with pytest.raises(UnreadableFile, match="is empty"):
        import_log(tmp_path / "empty.csv", folder, now=NOW)
    assert not folder.exists()


def test_a_full_disk_leaves_the_records_as_they_were(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    came(tmp_path, folder, MONDAY)
    before = state(folder)

    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite, match="the disk is full"):
        came(tmp_path, folder, TUESDAY)
    assert state(folder) == before


def test_progress_goes_from_nothing_to_everything(tmp_path: Path, folder: Path) -> None:
    came(tmp_path, folder, MONDAY)
    told: list[float] = []
    import_log(extract(tmp_path, TUESDAY), folder, now=NOW, progress=lambda part, _: told.append(part or 0.0))
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_records_kept_as_parquet_stay_parquet(tmp_path: Path, folder: Path) -> None:
    import pyarrow.parquet as pq

    came(tmp_path, folder, MONDAY)
    (folder / "records.csv").unlink()
    other = tmp_path / "other"
    came(tmp_path, other, MONDAY)
    import pyarrow.csv as pacsv

    texts = pacsv.ConvertOptions(
        column_types=dict.fromkeys(pacsv.read_csv(other / "records.csv").column_names, "string")
    )
    pq.write_table(pacsv.read_csv(other / "records.csv", convert_options=texts), folder / "records.parquet")
    assert counts(came(tmp_path, folder, TUESDAY)) == {"added": 1, "updated": 2, "unchanged": 1}
    assert sorted(file.name for file in folder.iterdir()) == ["imports.csv", "records.parquet"]
    assert pq.read_table(folder / "records.parquet").column("case").to_pylist() == ["ada", "bob", "NA", "cat"]
    before = state(folder)
    assert counts(came(tmp_path, folder, TUESDAY)) == {"unchanged": 4}
    assert state(folder) == before


def test_a_quotation_mark_left_open_in_the_set_aside_file_swallows_nothing(tmp_path: Path, folder: Path) -> None:
    faulty = "case | step | joined\n ada | s | 2025-01-06 \n bob | s | soon"
    came(tmp_path, folder, faulty.replace("soon", "later"))
    with (folder / "set-aside.csv").open("a") as stream:
        stream.write('note,to,myself,"ring the police')
    assert came(tmp_path, folder, faulty).set_aside == 1
    assert set_aside(folder)[1:] == [
        ("note", "to", "myself", "ring the police"),
        ("extract.csv", "3", "what stands in 'joined' cannot be read as a time", "bob,s,soon"),
    ]
    before = state(folder)
    assert came(tmp_path, folder, faulty).set_aside == 0
    assert state(folder) == before


def test_a_ledger_without_records_tells_nothing(tmp_path: Path, folder: Path) -> None:
    came(tmp_path, folder, MONDAY)
    (folder / "records.csv").unlink()
    assert counts(came(tmp_path, folder, TUESDAY)) == {"added": 4}
    assert [entry.late for entry in read_ledger(folder)] == [{}, {}]
