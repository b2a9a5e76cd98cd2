"""A service folder as tables: what is there, what is missing, and what a hand has spoilt."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from millpond.errors import UnreadableFile
from millpond.model import Service, parse_service
from millpond.records.reading import Reading
from millpond.records.rota import Shift
from millpond.records.schema import VISITS
from millpond.records.store import Records, open_records

HOUR = 3_600_000_000
MONDAY = 1_736_121_600_000_000  # 2025-01-06 00:00 UTC
SERVICE = parse_service(
    """
    name = "Northshire"
    [pools.advocates]
    workers = 2
    [pools.coordinators]
    workers = 1
    [workers.sam]
    pool = "advocates"
    [steps.triage]
    pool = "coordinators"
    """
)


def opened(folder: Path, service: Service = SERVICE, **files: str) -> Records:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text("\n".join(line.strip() for line in text.strip().splitlines()) + "\n")
    return open_records(folder, service)


def rows(table: Any, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in table.select(*columns).order_by(*columns).to_pyarrow().to_pylist()]


def test_visits_have_every_column_even_where_the_file_lacks_it(tmp_path: Path) -> None:
    with opened(
        tmp_path,
        records="""
        visit,case,step,joined,started,ended,worker,minutes,housing
        v1,ada,triage,2025-01-06T09:00:00+00:00,2025-01-06T09:30:00+00:00,2025-01-06T10:00:00+00:00,sam,20.5,rented
        """,
    ) as records:
        assert records.kind == "visits"
        assert isinstance(records.reading, Reading)
        types = {name: str(kind) for name, kind in records.visits.schema().items()}
        ours = {"VARCHAR": "string", "BIGINT": "int64", "INTEGER": "int32", "SMALLINT": "int16"}
        assert types == {**{name: ours[kind] for name, kind in VISITS.items()}, "housing": "string"}
        (row,) = records.visits.to_pyarrow().to_pylist()
        assert row == {
            **dict.fromkeys(VISITS),
            "visit": "v1",
            "case": "ada",
            "step": "triage",
            "worker": "sam",
            "joined_us": MONDAY + 9 * HOUR,
            "started_us": MONDAY + 9 * HOUR + HOUR // 2,
            "ended_us": MONDAY + 10 * HOUR,
            "joined_day": 20094,
            "started_day": 20094,
            "ended_day": 20094,
            "joined_hour": 9,
            "started_hour": 9,
            "ended_hour": 10,
            "joined_source": "recorded",
            "minutes_us": 1_230_000_000,
            "housing": "rented",
        }
        assert records.notes == ()


def test_a_row_that_a_hand_has_spoilt_is_left_out_with_its_row_and_reason(tmp_path: Path) -> None:
    with opened(
        tmp_path,
        records="""
        visit,case,step,joined,started,ended
        v1,ada,triage,2025-01-06T09:00:00+00:00,,
        v2,,triage,2025-01-06T09:00:00+00:00,,
        v3,cat,triage,next Tuesday,,
        v4,NA,triage,2025-01-06T09:00:00+00:00,,
        v1,ada,triage,2025-01-06T09:00:00+00:00,,
        """,
    ) as records:
        assert rows(records.visits, "visit", "case") == [("v1", "ada"), ("v4", "NA")]
        assert records.notes == (
            "records.csv: row 3 left out: it has no case.",
            "records.csv: row 4 left out: what stands in 'joined' cannot be read as a time.",
            "records.csv: row 6 left out: duplicate row.",
        )


def test_our_own_names_count_even_beside_names_of_other_conventions(tmp_path: Path) -> None:
    with opened(
        tmp_path,
        records="""
        visit,case,step,joined,started,ended,case_id,concept:name,timestamp,lifecycle
        v1,ada,triage,2025-01-06T09:00:00+00:00,,,77,x,2020-01-01,start
        """,
    ) as records:
        assert rows(records.visits, "case", "step", "joined_us") == [("ada", "triage", MONDAY + 9 * HOUR)]
        assert rows(records.visits, "case_id", "concept:name", "timestamp", "lifecycle") == [
            ("77", "x", "2020-01-01", "start")
        ]


def test_a_file_of_somebody_else_is_read_by_the_mapping_of_the_service(tmp_path: Path) -> None:
    service = parse_service(
        """
        name = "x"
        [records]
        day_first = true
        [records.columns]
        case = "Client"
        joined = "In on"
        """
    )
    with opened(tmp_path, service, records="Client;In on;Activity\nada;02/01/2025 09:00;triage") as records:
        assert rows(records.visits, "case", "step", "joined_us") == [
            ("ada", "triage", MONDAY - 4 * 24 * HOUR + 9 * HOUR)
        ]


def test_events_in_an_order_that_cannot_be_are_put_in_order_and_told(tmp_path: Path) -> None:
    with opened(
        tmp_path,
        records="""
        visit,case,step,joined,started,ended
        v1,ada,triage,2025-01-06T08:00:00Z,2025-01-06T10:00:00Z,2025-01-06T09:00:00Z
        v2,bob,triage,2025-01-06T11:00:00Z,2025-01-06T10:00:00Z,
        v3,cat,triage,,2025-01-06T10:00:00Z,2025-01-06T09:00:00Z
        """,
    ) as records:
        assert rows(records.visits, "visit", "joined_us", "joined_source", "started_us", "ended_us") == [
            ("v1", MONDAY + 8 * HOUR, "recorded", None, MONDAY + 9 * HOUR),
            ("v2", MONDAY + 10 * HOUR, "recorded", MONDAY + 10 * HOUR, None),
            ("v3", MONDAY + 9 * HOUR, "ended", None, MONDAY + 9 * HOUR),
        ]
        assert [(found.kind, found.count, found.examples) for found in records.findings] == [
            ("ends before starts", 2, ("v1", "v3")),
            ("joined after started", 1, ("v2",)),
        ]
        assert "2 visits ended before they started" in " ".join(records.notes)
        quality = records.quality(now=datetime(2025, 2, 1, tzinfo=UTC))
        assert [(found.kind, found.count) for found in quality.findings] == [
            ("ends before starts", 2),
            ("joined after started", 1),
            ("missing joins", 1),
            ("missing starts", 2),
        ]


def test_visits_without_ids_get_some_that_differ(tmp_path: Path) -> None:
    with opened(
        tmp_path,
        records="""
        case,step,joined,worker
        ada,triage,2025-01-06T09:00:00Z,sam
        ada,triage,2025-01-06T09:00:00Z,kim
        """,
    ) as records:
        assert rows(records.visits, "visit", "worker") == [
            ("ada|triage|2025-01-06T09:00:00Z|1", "kim"),
            ("ada|triage|2025-01-06T09:00:00Z|2", "sam"),
        ]


def test_an_id_that_does_not_tell_visits_apart_is_kept_under_another_name(tmp_path: Path) -> None:
    with opened(
        tmp_path,
        records="""
        visit,case,step,joined
        1,ada,triage,2025-01-06T09:00:00Z
        1,ada,advocacy,2025-01-06T10:00:00Z
        2,bob,triage,2025-01-06T11:00:00Z
        """,
    ) as records:
        assert rows(records.visits, "visit", "visit (theirs)") == [
            ("2", None),
            ("ada|advocacy|2025-01-06T10:00:00Z|1", "1"),
            ("ada|triage|2025-01-06T09:00:00Z|1", "1"),
        ]
        assert "does not tell visits apart" in records.notes[0]


def test_records_may_be_kept_as_parquet(tmp_path: Path) -> None:
    table = pa.table(
        {"case": ["NA", "007"], "step": ["s", "s"], "joined": ["2025-01-06T09:00:00Z", "2025-01-06T10:00Z"]}
    )
    pq.write_table(table, tmp_path / "records.parquet")
    with open_records(tmp_path, SERVICE) as records:
        assert rows(records.visits, "case", "joined_hour") == [("007", 10), ("NA", 9)]


def test_spells_of_work(tmp_path: Path) -> None:
    with opened(
        tmp_path,
        records="visit,case,step,joined\nv1,ada,triage,2025-01-06T09:00:00Z",
        work="""
        visit,worker,starts,ends,minutes
        v1,sam,2025-01-06 10:00,2025-01-06 10:20,
        v1,kim,2025-01-06 23:50,2025-01-07 00:20,7.5
        v1,sam,2025-01-06 10:00,2025-01-06 09:00,
        v9,sam,2025-01-06 10:00,2025-01-06 11:00,
        v1,sam,2025-01-06 10:00,,
        ,sam,2025-01-06 10:00,2025-01-06 11:00,
        v1,sam,2025-01-06 10:00,2025-01-06 10:20,
        v1,sam,2025-01-06 11:00,2025-01-06 11:20,-5
        v1,sam,2025-01-06 11:00,soon,
        """,
    ) as records:
        assert rows(records.spells, "worker", "starts_us", "ends_us", "starts_day", "ends_day", "minutes_us") == [
            ("kim", MONDAY + 23 * HOUR + HOUR * 5 // 6, MONDAY + 24 * HOUR + HOUR // 3, 20094, 20095, 450_000_000),
            ("sam", MONDAY + 10 * HOUR, MONDAY + 10 * HOUR + HOUR // 3, 20094, 20094, 1_200_000_000),
        ]
        assert records.notes == (
            "work.csv: row 4 left out: it ends before it starts.",
            "work.csv: row 5 left out: its visit is not in the records.",
            "work.csv: row 6 left out: it has no time in 'ends'.",
            "work.csv: row 7 left out: it names no visit.",
            "work.csv: row 8 left out: it says what another row says.",
            "work.csv: row 9 left out: what stands in 'minutes' is no number of minutes, or is negative.",
            "work.csv: row 10 left out: what stands in 'ends' cannot be read as a time.",
        )


def test_a_rota_of_absences_alone_is_told_to_count_for_nothing(tmp_path: Path) -> None:
    leave = "worker,pool,starts,ends,kind\n        sam,advocates,2025-01-06,2025-01-06,leave"
    with opened(tmp_path, rota=leave) as records:
        assert len(records.rota) == 1
        assert [note for note in records.notes if "only absences" in note] == [
            "rota.csv has only absences, which are not counted: who would otherwise be in is not known from them, "
            "so capacity comes from the pools. Add a row of kind 'available' for each shift."
        ]
    with opened(tmp_path, rota=leave.replace("leave", "available")) as records:
        assert not [note for note in records.notes if "only absences" in note]


def test_a_rota_of_shifts_and_absences(tmp_path: Path) -> None:
    """The clocks go forward on Sunday 2025-03-30: leave on that day alone is 23 hours long."""
    sunday = 1_743_292_800_000_000
    with opened(
        tmp_path,
        rota="""
        worker,pool,starts,ends,kind
        sam,advocates,2025-01-06 09:00,2025-01-06 17:00,
        sam,,2025-01-06 12:00,2025-01-06 13:00,Meeting
        sam,,2025-03-30,2025-03-30,leave
        sma,advocate,2025-01-06 09:00,2025-01-06 17:00,available
        sam,,2025-01-06 13:00,2025-01-06 12:00,meeting
        ,,2025-01-06 13:00,2025-01-06 12:00,meeting
        """,
    ) as records:
        assert records.kind == "none"
        assert records.rota == (
            Shift("sam", "advocates", MONDAY + 9 * HOUR, MONDAY + 17 * HOUR, "available"),
            Shift("sam", None, MONDAY + 12 * HOUR, MONDAY + 13 * HOUR, "meeting"),
            Shift("sam", None, sunday, sunday + 23 * HOUR, "leave"),
            Shift("sma", "advocate", MONDAY + 9 * HOUR, MONDAY + 17 * HOUR, "available"),
        )
        assert records.notes[:4] == (
            "rota.csv: row 6 left out: it does not end after it starts.",
            "rota.csv: row 7 left out: it names no worker.",
            "rota.csv names pools that service.toml does not have: 'advocate' (did you mean 'advocates'?). "
            "Their shifts are kept.",
            "rota.csv names workers that service.toml does not have: 'sma' (did you mean 'sam'?). "
            "Their shifts are kept.",
        )


def test_daily_totals(tmp_path: Path) -> None:
    day = (date(2025, 1, 6) - date(1970, 1, 1)).days
    with opened(
        tmp_path,
        daily="""
        date,pool,joined,done,waiting,minutes_per_visit
        2025-01-07,advocates,12,8,24,480
        2025-01-06,advocates,12,8,20,
        2025-01-06,coordinators,"1,204",12.0,,
        2025-01-06,advocates,1,1,1,
        2025-01-08,advocates,,1,1,
        2025-01-09,advocates,-3,1,1,
        2025-01-32,advocates,3,1,1,
        2025-01-10,advocate,3,1,1,
        """,
    ) as records:
        assert records.kind == "daily totals"
        assert records.daily is not None
        assert rows(records.daily, "day", "pool", "joined", "done", "waiting", "minutes") == [
            (day, "advocates", 12, 8, 20, None),
            (day, "coordinators", 1204, 12, None, None),
            (day + 1, "advocates", 12, 8, 24, 480.0),
            (day + 4, "advocate", 3, 1, 1, None),
        ]
        assert [note.partition(": ")[2] for note in records.notes[:4]] == [
            "row 5 left out: another row has totals for the same day and pool.",
            "row 6 left out: it has no number in 'joined'.",
            "row 7 left out: what stands in 'joined' is no whole number of visits.",
            "row 8 left out: what stands in 'date' cannot be read as a date.",
        ]
        assert "did you mean 'advocates'?" in records.notes[4]
        assert records.visits.count().to_pyarrow().as_py() == 0


def test_daily_totals_without_a_pool_belong_to_the_only_one(tmp_path: Path) -> None:
    text = "date,joined,done\n06/01/2025,3,2\n13/01/2025,3,2"
    one = parse_service('name = "x"\n[pools.team]\nworkers = 1\n')
    with opened(tmp_path, one, daily=text) as records:
        assert records.daily is not None
        assert rows(records.daily, "day", "pool") == [(20094, "team"), (20101, "team")]
    with opened(tmp_path, SERVICE) as records:
        assert records.daily is not None
        assert rows(records.daily, "pool") == [("all",), ("all",)]


def test_an_empty_folder_has_tables_without_rows_and_says_so(tmp_path: Path) -> None:
    with open_records(tmp_path, SERVICE) as records:
        assert records.kind == "none"
        assert set(records.visits.columns) == set(VISITS)
        assert records.visits.count().to_pyarrow().as_py() == 0
        assert records.spells.count().to_pyarrow().as_py() == 0
        assert (records.daily, records.rota) == (None, ())
        assert "nothing to measure yet" in records.notes[0]


def test_records_with_a_heading_alone_are_no_visits(tmp_path: Path) -> None:
    with opened(tmp_path, records="visit,case,step,joined,started,ended") as records:
        assert records.kind == "visits"
        assert records.visits.count().to_pyarrow().as_py() == 0
        assert records.quality(now=datetime(2025, 2, 1, tzinfo=UTC)).findings == ()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"no folder .*nowhere"):
        open_records(tmp_path / "nowhere", SERVICE)


def test_a_table_without_the_needed_columns_is_named_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"rota.csv has no column 'starts'; its columns are worker, from when"):
        opened(tmp_path, rota="worker,from when\nsam,9")


def test_closing_removes_the_temporary_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "folder").mkdir()
    records = opened(tmp_path / "folder", records="case,step,joined\nada,s,2025-01-06T09:00:00Z")
    assert [item.stat().st_mode & 0o777 for item in tmp_path.glob("millpond-*")] == [0o700]
    records.close()
    records.close()
    assert list(tmp_path.glob("millpond-*")) == []


def test_opening_changes_no_file(tmp_path: Path) -> None:
    text = "case,step,joined\nada,s,2025-01-06T09:00:00Z\nada,s,2025-01-06T09:00:00Z\n"
    with opened(tmp_path, records=text):
        pass
    assert [(item.name, item.read_text()) for item in tmp_path.iterdir()] == [("records.csv", text)]
