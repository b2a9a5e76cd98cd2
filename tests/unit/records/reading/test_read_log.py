"""The visit log as a whole: its columns, its days and hours, and what happens when something goes wrong."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from millpond.errors import CannotWrite, UnreadableFile
from millpond.records.reading import making, read_log
from millpond.records.reading.staging import Staging

from .conftest import Read

TWO = "case,step,joined,started,ended\n1,a,2025-06-30 23:30,2025-07-01 09:00,2025-07-01 09:20\n2,a,2025-07-01 10:00,,\n"


def test_the_log_has_the_columns_of_the_normalised_visit_log(read: Read) -> None:
    log = read(TWO.replace("step", "step,extra").replace(",a", ",a,x"))
    described = [(name, kind) for name, kind, *_ in log.con.execute("DESCRIBE log").fetchall()]
    assert described == [
        ("row_number", "BIGINT"),
        *((name, "VARCHAR") for name in ("visit", "case", "step", "pool", "worker", "outcome")),
        *((f"{event}_us", "BIGINT") for event in ("joined", "started", "ended")),
        *((f"{event}_day", "INTEGER") for event in ("joined", "started", "ended")),
        *((f"{event}_hour", "SMALLINT") for event in ("joined", "started", "ended")),
        ("joined_source", "VARCHAR"),
        ("minutes_us", "BIGINT"),
        *((name, "VARCHAR") for name in ("stream", "channel", "segment", "organisation", "priority")),
        ("recorded_joined_us", "BIGINT"),
        ("extra", "VARCHAR"),
    ]


def test_days_and_hours_are_local(read: Read) -> None:
    log = read(TWO)
    days = [
        [None if day is None else str(date(1970, 1, 1) + timedelta(day)) for day in row]
        for row in log.rows("joined_day", "started_day", "ended_day")
    ]
    assert days == [["2025-06-30", "2025-07-01", "2025-07-01"], ["2025-07-01", None, None]]
    assert log.rows("joined_hour", "started_hour", "ended_hour") == [(23, 9, 9), (10, None, None)]
    # at 22:30 UTC on the last of June
    assert log.rows("joined_us")[0] == (1_751_322_600_000_000,)


def test_the_same_instants_are_other_days_elsewhere(read: Read) -> None:
    rows = "case,step,started\n1,a,2025-06-30T22:30Z\n"
    london, kolkata = read(rows), read(rows, zone="Asia/Kolkata")
    assert london.rows("started_us", "started_hour") == [(1_751_322_600_000_000, 23)]
    assert kolkata.rows("started_us", "started_hour") == [(1_751_322_600_000_000, 4)]
    assert kolkata.column("started_day")[0] == london.column("started_day")[0] + 1


def test_joining_is_recorded_or_taken_from_the_start_or_the_end(read: Read) -> None:
    log = read(
        "case,step,joined,started,ended\n"
        "1,a,2025-01-06 09:00,2025-01-06 10:00,2025-01-06 11:00\n"
        "2,a,,2025-01-06 10:00,2025-01-06 11:00\n"
        "3,a,,,2025-01-06 11:00\n"
        "4,a,2025-01-06 12:00,2025-01-06 10:00,2025-01-06 11:00\n"
        "5,a,2025-01-06 12:00,,2025-01-06 11:00\n"
        "6,a,,,\n"
    )
    assert log.rows("case", "joined", "joined_source") == [
        ("1", "2025-01-06 09:00", "recorded"),
        ("2", "2025-01-06 10:00", "started"),
        ("3", "2025-01-06 11:00", "ended"),
        ("4", "2025-01-06 10:00", "recorded"),  # it cannot have joined after it started
        ("5", "2025-01-06 12:00", "recorded"),
    ]
    assert log.reading.counts["joined_after_started"] == 1
    assert log.column("recorded_joined_us")[3] == 1_736_164_800_000_000  # 12:00
    assert log.aside() == [(7, "it has no time at all", "6,a,,,")]


def test_enabled_time_is_joining(read: Read) -> None:
    log = read("case_id,activity,enabled_time,start_time,end_time\n1,a,2025-01-06,2025-01-07,2025-01-08\n")
    assert log.rows("joined", "joined_source") == [("2025-01-06 00:00", "recorded")]


def test_a_blank_case_or_step_is_set_aside_and_blank_texts_are_null(read: Read) -> None:
    log = read(
        "case,step,started,worker,outcome,note\n"
        ",a,2025-01-06,,,\n"
        '"  ",a,2025-01-06,,,\n'
        '3,"\u00a0 ",2025-01-06,,,\n'
        "4,a,2025-01-06, ,,\n"
        "NA,NA,2025-01-06,NA,NA,NA\n"
    )
    assert [(row, reason) for row, reason, _ in log.aside()] == [
        (2, "it has no case"),
        (3, "it has no case"),
        (4, "it has no step"),
    ]
    assert log.rows("case", "step", "worker", "outcome", "note") == [
        ("4", "a", None, None, None),
        ("NA", "NA", "NA", "NA", "NA"),
    ]


def test_a_row_set_aside_can_be_read_again(read: Read) -> None:
    text = 'case,step,started,note\n1,a,soon,"with, comma and ""marks""\nand lines"\n2,a,2025-01-06,\n'
    log = read(text)
    assert log.aside() == [
        (2, "what stands in 'started' cannot be read as a time", '1,a,soon,"with, comma and ""marks""\nand lines"')
    ]


def test_if_no_row_can_be_read_nothing_is_imported_and_the_reasons_are_told(read: Read) -> None:
    with pytest.raises(UnreadableFile, match=r"not one of its 3 rows could be read.*2 rows: .*1 row: it has no step"):
        read("case,step,started\n1,a,soon\n2,a,later\n3,,2025-01-06\n", mapping={"started": "started"})
    with pytest.raises(UnreadableFile, match=r"not one of its 2 rows .*2 rows: it has 3 fields where"):
        read("case,step,started,ended\n1,a,2025-01-06\n2,a,2025-01-06\n")


def test_what_was_there_before_stays_when_something_goes_wrong(
    read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "good.csv").write_text(TWO)
    (tmp_path / "bad.csv").write_text("case,step,started\n1,a,soon\n")
    con = duckdb.connect()
    zone = ZoneInfo("Europe/London")
    read_log(tmp_path / "good.csv", into=con, table="log", zone=zone)

    def count() -> int:
        return con.execute("SELECT count(*) FROM log").fetchall()[0][0]  # type: ignore[no-any-return]

    with pytest.raises(UnreadableFile):
        read_log(tmp_path / "bad.csv", into=con, table="log", zone=zone)
    assert count() == 2

    def breaks(*_: object) -> None:
        raise RuntimeError("half-way")

    (tmp_path / "one.csv").write_text("case,step,started\n1,a,2025-01-06\n")
    with monkeypatch.context() as patch:
        patch.setattr(making, "original_rows", breaks)
        with pytest.raises(RuntimeError, match="half-way"):
            read_log(tmp_path / "one.csv", into=con, table="log", zone=zone)
    assert count() == 2
    read_log(tmp_path / "one.csv", into=con, table="log", zone=zone)
    assert count() == 1


def test_it_can_be_part_of_the_callers_own_transaction(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(TWO)
    con = duckdb.connect()
    con.execute("BEGIN")
    read_log(tmp_path / "log.csv", into=con, table="log", zone=ZoneInfo("UTC"))
    con.execute("ROLLBACK")
    assert con.execute("SHOW TABLES").fetchall() == []


def test_a_table_may_have_any_name(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(TWO)
    con = duckdb.connect()
    read_log(tmp_path / "log.csv", into=con, table="my log, 2", zone=ZoneInfo("UTC"))
    assert sorted(row[0] for row in con.execute("SHOW TABLES").fetchall()) == ["my log, 2", "my log, 2_aside"]


def test_progress_goes_from_nothing_to_all_and_never_back(read: Read) -> None:
    told: list[tuple[float | None, int]] = []
    rows = "".join(f"{row},a,2025-01-06\n" for row in range(150_000))
    # A stray mark at the end makes the careful reader start again
    read("case,step,started\n" + rows + '9,a "b,2025-01-06\n', progress=lambda part, rows: told.append((part, rows)))
    parts = [part for part, _ in told if part is not None]
    assert len(parts) == len(told) > 5
    assert parts == sorted(parts) and parts[-1] == 1.0
    assert told[-1][1] == 150_001


def test_no_trace_is_left_of_the_rows(read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    with Staging() as staging:
        folder = next(place.iterdir())
        assert folder.stat().st_mode & 0o777 == 0o700
        assert staging.rows == 0
    read(TWO)
    with pytest.raises(UnreadableFile):
        read("case,step,started\n1,a,soon\n")
    assert list(place.iterdir()) == []


FULL_DISK = """
import resource, sys
from pathlib import Path
from zoneinfo import ZoneInfo
import duckdb
from millpond.errors import CannotWrite
from millpond.records.reading import read_log

path, target = sys.argv[1:]
con = duckdb.connect(target)
con.execute("CREATE TABLE log AS SELECT 42 AS before")
con.execute("CHECKPOINT")
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
try:
    read_log(Path(path), into=con, table="log", zone=ZoneInfo("UTC"))
except CannotWrite as error:
    print(error)
print(con.execute("SELECT before FROM log").fetchall())
"""


def test_a_disk_that_fills_up_leaves_what_was_there(tmp_path: Path) -> None:
    pytest.importorskip("resource", reason="this system has no limits on the size of files")
    rows = "".join(f"{row},a,2025-01-06,{row * 7919 % 1_000_003}\n" for row in range(200_000))
    (tmp_path / "log.csv").write_text("case,step,started,note\n" + rows)
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "log.csv"), str(tmp_path / "into.duckdb")],
        capture_output=True,
        text=True,
        check=True,
    )
    told, kept = done.stdout.strip().splitlines()
    assert "no room for the rows" in told and "TMPDIR" in told
    assert kept == "[(42,)]"


def test_a_database_without_room_is_told_apart(tmp_path: Path) -> None:
    rows = "".join(f"{row},a,2025-01-06,{row * 7919 % 1_000_003}\n" for row in range(200_000))
    (tmp_path / "log.csv").write_text("case,step,started,note\n" + rows)
    con = duckdb.connect(config={"memory_limit": "8MB", "temp_directory": ""})
    with pytest.raises(CannotWrite, match=r"the visit log could not be written.*What was there before is unchanged"):
        read_log(tmp_path / "log.csv", into=con, table="log", zone=ZoneInfo("UTC"))
