"""Reads workbooks: .xlsx, .xlsb, .xls and .ods, through calamine.

A cell becomes the text that a person would have written: a number without a point is an id and stays one (7, not 7.0),
a date or time is ISO 8601, and rows above the names of the columns are set aside.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from itertools import chain, islice
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from millpond.errors import UnreadableFile
from millpond.records.reading.conventions import key, known_keys
from millpond.records.reading.heading import heading_row, unlike
from millpond.records.reading.opening import Source
from millpond.records.reading.staging import Staging
from millpond.records.reading.taken import Taken, Tell
from millpond.records.reading.text import ABOVE
from millpond.records.reading.typed import number_as_text
from millpond.records.reading.wording import listed, some

_HEAD_ROWS = 60
_STEP_ROWS = 10_000
_MILLISECOND = timedelta(milliseconds=1)


def take_workbook(source: Source, staging: Staging, *, sheet: str | None, wanted: Collection[str], tell: Tell) -> Taken:
    """Read one sheet of a workbook into the staging place.

    Args:
        source: the file.
        staging: where its rows go.
        sheet: the sheet's name; None for the one with the most rows.
        wanted: names of columns that a person mapped by hand, which also tell the heading.
        tell: progress.

    Raises:
        UnreadableFile: it is damaged or protected, has no rows, or no such sheet.
    """
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(source.chunks())))
        return _take_sheet(source, _chosen(source, workbook, sheet), staging, wanted, tell)
    except PasswordError as error:
        raise UnreadableFile(
            f"{source.name} is protected by a password. Save a copy without one, or save the sheet as CSV."
        ) from error
    except CalamineError as error:
        raise UnreadableFile(_damaged(source, error)) from error
    except BaseException as error:
        # A fault in calamine itself surfaces as a panic, which is no Exception.
        if type(error).__name__ == "PanicException":
            raise UnreadableFile(_damaged(source, error)) from error
        raise


def _damaged(source: Source, error: BaseException) -> str:
    return (
        f"{source.name} is damaged, or no workbook although it looks like one ({error}). Open it in a spreadsheet "
        "program and save it as .xlsx or .csv."
    )


def _chosen(source: Source, workbook: CalamineWorkbook, asked: str | None) -> tuple[CalamineSheet, list[str]]:
    """The sheet to read, and what to tell about the others."""
    names = workbook.sheet_names
    if asked is not None:
        if asked not in names:
            near = get_close_matches(asked, names, n=1)
            cure = f"Did you mean '{near[0]}'? " if near else ""
            raise UnreadableFile(f"{source.name} has no sheet '{asked}'. {cure}Its sheets: {some(names)}.")
        return workbook.get_sheet_by_name(asked), []
    sheets = []
    for name in names:
        try:
            sheets.append(workbook.get_sheet_by_name(name))
        except CalamineError:
            continue  # a sheet that is only a chart
    filled = [found for found in sheets if found.height]
    if not filled:
        raise UnreadableFile(f"{source.name} has no rows in any of its sheets ({some(names)}). Save it with its rows.")
    best = max(filled, key=lambda found: found.height)
    others = [found.name for found in filled if found is not best]
    notes = []
    if others:
        notes.append(
            f"The sheet '{best.name}' was read, which has the most rows; the workbook also has {listed(others)}."
        )
    return best, notes


def _take_sheet(
    source: Source, chosen: tuple[CalamineSheet, list[str]], staging: Staging, wanted: Collection[str], tell: Tell
) -> Taken:
    sheet, notes = chosen
    taken = Taken("Excel or OpenDocument workbook", serial_days=True, notes=notes)
    rows = ([_text(cell) for cell in row] for row in sheet.iter_rows())
    numbered = enumerate(rows, 1)  # empty rows at the top come too
    first = list(islice(numbered, _HEAD_ROWS))
    known = known_keys() | {key(name) for name in wanted}
    index = heading_row([row for _, row in first], known)
    names = unlike(first[index][1])
    with staging.filling():
        staging.add_columns(names)
        staging.put_aside([(number, ABOVE, ",".join(row)) for number, row in first[:index] if any(row)])
        _take_rows(chain(first[index + 1 :], numbered), staging, taken, source.size, sheet.height, tell)
    if any(any(row) for _, row in first[:index]):
        taken.notes.append(f"The names of the columns are in row {first[index][0]}; the rows above are set aside.")
    return taken


def _take_rows(
    rows: Iterator[tuple[int, list[str]]], staging: Staging, taken: Taken, size: int, height: int, tell: Tell
) -> None:
    blank = 0
    while step := list(islice(rows, _STEP_ROWS)):
        kept = []
        for number, row in step:
            if any(cell.strip() for cell in row):
                kept.append((number, row))
                taken.blank_rows += blank
                blank = 0
            else:
                blank += 1  # counted only if something comes below: formatted empty rows are no rows
        if kept:
            columns = zip(*(row for _, row in kept), strict=True)
            numbers = pa.array([number for number, _ in kept], pa.int64())
            staging.add(numbers, [pa.array(column, pa.string()) for column in columns])
        tell(min(size, size * step[-1][0] // max(1, height)), staging.rows)


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return number_as_text(cell)
    if isinstance(cell, datetime):
        # A workbook keeps times as fractions of a day: what is finer than a millisecond is noise.
        noise = timedelta(microseconds=(cell.microsecond + 500) // 1000 * 1000 - cell.microsecond)
        return (cell + noise).isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return str(cell)
