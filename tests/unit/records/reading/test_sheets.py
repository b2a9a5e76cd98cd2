"""Workbooks: the cells become the text that a person would have written."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from millpond.errors import UnreadableFile

from .conftest import Read

HEADING = ["Ref", "Activity", "Start", "End"]


def book(path: Path, **sheets: list[list[Any]]) -> Path:
    """A workbook with these sheets."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


@pytest.fixture
def xlsx(tmp_path: Path) -> Path:
    return tmp_path / "referrals.xlsx"


def test_cells_become_text(read: Read, xlsx: Path) -> None:
    book(
        xlsx,
        Log=[
            [*HEADING, "Minutes", "Note"],
            ["007", "triage", datetime(2025, 7, 6, 9, 30, 15), datetime(2025, 7, 6, 9, 59, 59, 999_600), 12.5, True],
            [7, "triage", datetime(2025, 7, 6, 9, 30), None, time(0, 45), date(2025, 7, 6)],
            [7.5, "NA", date(2025, 7, 6), "2025-07-06 10:00", timedelta(hours=30), 0.1 + 0.2],
        ],
    )
    log = read(xlsx)
    assert log.rows("row_number", "case", "step", "started", "ended", "minutes_us", "Note") == [
        (2, "007", "triage", "2025-07-06 09:30:15", "2025-07-06 10:00", 750_000_000, "true"),
        (3, "7", "triage", "2025-07-06 09:30", None, 2_700_000_000, "2025-07-06"),
        (4, "7.5", "NA", "2025-07-06 00:00", "2025-07-06 10:00", 108_000_000_000, "0.3"),
    ]
    assert log.reading.format == "Excel or OpenDocument workbook"


def test_bare_numbers_in_a_column_of_times_are_a_spreadsheets_days(read: Read, xlsx: Path) -> None:
    book(xlsx, Log=[HEADING, ["1", "a", 45663.395833333336, 45663.5], ["2", "a", datetime(2025, 1, 7), None]])
    log = read(xlsx)
    assert log.rows("started", "ended") == [("2025-01-06 09:30", "2025-01-06 12:00"), ("2025-01-07 00:00", None)]
    assert any("days since 1899-12-30" in note for note in log.reading.notes)


def test_the_sheet_with_the_most_rows_is_read_unless_one_is_named(read: Read, xlsx: Path) -> None:
    book(
        xlsx,
        About=[["Made by AB"]],
        Old=[HEADING, ["old", "a", date(2024, 1, 6), None]],
        New=[HEADING, ["new", "a", date(2025, 1, 6), None], ["new", "b", date(2025, 1, 7), None]],
    )
    log = read(xlsx)
    assert log.column("case") == ["new", "new"]
    assert any(
        "'New' was read, which has the most rows; the workbook also has 'About' and 'Old'" in note
        for note in log.reading.notes
    )
    assert read(xlsx, sheet="Old").column("case") == ["old"]
    with pytest.raises(UnreadableFile, match=r"no sheet 'Odl'\. Did you mean 'Old'\? Its sheets: About, Old, New"):
        read(xlsx, sheet="Odl")


def test_rows_are_numbered_as_the_spreadsheet_numbers_them(read: Read, xlsx: Path) -> None:
    filled: list[list[Any]] = [[], ["Referrals of January"], [], HEADING, [], ["1", "a", date(2025, 1, 6), None]]
    filled += [[], [], ["2", "a", "soon"]]
    book(xlsx, Log=filled + [[]] * 30)
    log = read(xlsx)
    assert log.rows("row_number", "case") == [(6, "1")]
    assert [(row, reason) for row, reason, _ in log.aside()] == [
        (2, "it stands above the names of the columns"),
        (9, "what stands in 'Start' cannot be read as a time"),
    ]
    assert log.reading.counts["blank_rows"] == 3  # between the names and the last row


def test_real_dates_beside_dates_that_are_text_are_told(read: Read, xlsx: Path) -> None:
    book(xlsx, Log=[HEADING, ["1", "a", datetime(2025, 4, 3), None], ["2", "a", "13/04/2025", None]])
    log = read(xlsx)
    assert log.column("started") == ["2025-04-03 00:00", "2025-04-13 00:00"]
    assert any("mixes real dates with dates that are text" in note for note in log.reading.notes)


def test_columns_without_a_name_or_anything_in_them_are_not_kept(read: Read, xlsx: Path) -> None:
    book(xlsx, Log=[[*HEADING, None, None], ["1", "a", date(2025, 1, 6), None, None, "x"]])
    assert read(xlsx).reading.extra_columns == ("column 6",)


def test_a_workbook_without_rows_is_refused(read: Read, xlsx: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"no rows in any of its sheets \(Empty\)"):
        read(book(xlsx, Empty=[]))
    with pytest.raises(UnreadableFile, match="no rows below them"):
        read(book(xlsx, Log=[HEADING]))


def test_a_damaged_workbook_is_refused(read: Read, xlsx: Path) -> None:
    whole = book(xlsx, Log=[HEADING, ["1", "a", date(2025, 1, 6), None]]).read_bytes()
    with pytest.raises(UnreadableFile, match="damaged"):
        read(whole[: len(whole) // 2], name="half.xlsx")


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
  xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
  xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">
<office:body><office:spreadsheet><table:table table:name="Log">{rows}</table:table></office:spreadsheet></office:body>
</office:document-content>"""


def test_an_opendocument_sheet_is_read(read: Read, tmp_path: Path) -> None:
    def text(value: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    def cell(kind: str, attribute: str, value: str) -> str:
        shown = "<text:p>x</text:p>"
        return f'<table:table-cell office:value-type="{kind}" office:{attribute}="{value}">{shown}</table:table-cell>'

    heading = "".join(text(name) for name in ("Ref", "Activity", "Start"))
    first = cell("float", "value", "7") + text("NA") + cell("date", "date-value", "2025-07-06T09:30:00")
    second = text("007") + text("a") + cell("date", "date-value", "2025-07-06")
    rows = "".join(f"<table:table-row>{row}</table:table-row>" for row in (heading, first, second))
    with zipfile.ZipFile(tmp_path / "log.ods", "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", ODS.format(rows=rows))
        packed.writestr("META-INF/manifest.xml", "<manifest/>")
    log = read(tmp_path / "log.ods")
    assert log.rows("case", "step", "started") == [
        ("7", "NA", "2025-07-06 09:30"),
        ("007", "a", "2025-07-06 00:00"),
    ]
