"""The ledger of imports: one row each, readable by a person, and forgiving of one who edits it."""

from __future__ import annotations

import stat
from datetime import datetime
from pathlib import Path

from millpond.records.ledger import Entry, add_to_ledger, age_group, read_ledger

MONDAY = Entry(
    imported_at=datetime.fromisoformat("2025-03-10T09:00:00+00:00"),
    source="march, first.csv",
    rows=120,
    added=118,
    updated=0,
    last_instant=datetime.fromisoformat("2025-03-09T17:00:00+00:00"),
)
TUESDAY = Entry(
    imported_at=datetime.fromisoformat("2025-03-11T09:00:00+00:00"),
    source="second.csv",
    rows=131,
    added=11,
    updated=3,
    last_instant=datetime.fromisoformat("2025-03-10T17:00:00+00:00"),
    gap_days=1,
    late={0: (4, 10), 1: (1, 12), 7: (0, 80)},
)


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    add_to_ledger(tmp_path, MONDAY)
    add_to_ledger(tmp_path, TUESDAY)
    assert read_ledger(tmp_path) == (MONDAY, TUESDAY)


def test_the_file_is_a_table_that_a_person_can_read(tmp_path: Path) -> None:
    add_to_ledger(tmp_path, MONDAY)
    add_to_ledger(tmp_path, TUESDAY)
    assert (tmp_path / "imports.csv").read_text().splitlines() == [
        "imported_at,source,rows,added,updated,last_instant,gap_days,late",
        '2025-03-10T09:00:00+00:00,"march, first.csv",120,118,0,2025-03-09T17:00:00+00:00,0,',
        "2025-03-11T09:00:00+00:00,second.csv,131,11,3,2025-03-10T17:00:00+00:00,1,0:4/10 1:1/12 7:0/80",
    ]
    assert stat.S_IMODE((tmp_path / "imports.csv").stat().st_mode) == 0o600


def test_rows_that_a_person_spoilt_are_passed_over_and_kept(tmp_path: Path) -> None:
    add_to_ledger(tmp_path, MONDAY)
    with (tmp_path / "imports.csv").open("ab") as file:
        file.write(b"a note to myself: ring the police \xa3\n2025-03-32,x,1,1,1,,,")
    add_to_ledger(tmp_path, TUESDAY)
    assert b"ring the police \xa3\n" in (tmp_path / "imports.csv").read_bytes()
    (tmp_path / "imports.csv").write_bytes((tmp_path / "imports.csv").read_bytes().replace(b"\xa3", b""))
    assert read_ledger(tmp_path) == (MONDAY, TUESDAY)


def test_no_ledger_is_no_imports(tmp_path: Path) -> None:
    assert read_ledger(tmp_path) == ()


def test_ages_are_grouped_by_day_for_a_week_and_then_by_week() -> None:
    assert [age_group(age) for age in (0, 1, 6, 7, 13, 14, 84, 90, 400)] == [0, 1, 6, 7, 7, 14, 84, 84, 84]
