"""Takes the rows of a file into a staging place as they are, whatever kind of file it is."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from millpond.errors import UnreadableFile
from millpond.records.reading.opening import Source, open_source
from millpond.records.reading.parquet import take_parquet
from millpond.records.reading.sheets import take_workbook
from millpond.records.reading.staging import Staging
from millpond.records.reading.taken import Taken
from millpond.records.reading.text import take_text

_LOOKED_AT = 200


@dataclass(frozen=True)
class Options:
    """How a person says that a file is to be read; None to find out.

    Attributes:
        mapping: our name of a column to theirs.
        day_first: whether ``03/04`` is the 3rd of April.
        encoding, delimiter: of a text.
        sheet: of a workbook.
        object_type: of an object-centric log, the type of object that is the case.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    day_first: bool | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    object_type: str | None = None


def take_rows(source: Source, staging: Staging, wanted: Collection[str], options: Options) -> Taken:
    """Fill a staging place with the rows of a table.

    Args:
        source: the file.
        staging: where its rows go.
        wanted: names of columns, which tell the heading from a title above it.
        options: how it is to be read.

    Raises:
        UnreadableFile: it is no table.
    """

    def tell(_read: int, _rows: int) -> None:
        """Such tables are small."""

    if source.kind == "text":
        return take_text(
            source, staging, encoding=options.encoding, delimiter=options.delimiter, wanted=wanted, tell=tell
        )
    if source.kind == "workbook":
        return take_workbook(source, staging, sheet=options.sheet, wanted=wanted, tell=tell)
    if source.kind == "parquet":
        return take_parquet(source, staging, tell=tell)
    raise UnreadableFile(f"{source.name} is an event log, not a table. Save the table as CSV or Excel.")


def first_rows(path: Path, options: Options) -> tuple[list[str], list[list[str | None]]]:
    """The names of a file's columns and its first rows, to see what it holds.

    Raises:
        UnreadableFile: it is no table.
    """
    source = open_source(path)
    with tempfile.TemporaryDirectory(prefix="millpond-") as folder, Staging() as staging:
        if source.kind == "text":
            # A text may be very long: its beginning alone is read, without the row that is cut off.
            whole = not source.gzipped and source.size <= len(source.head)
            beginning = Path(folder) / "beginning"
            beginning.write_bytes(source.head if whole else _without_last_row(source.head))
            source = open_source(beginning)
        take_rows(source, staging, (), options)
        chosen = ", ".join(f"c{place}" for place in range(len(staging.names)))
        rows = staging.con.execute(f"SELECT {chosen} FROM raw ORDER BY row_number LIMIT {_LOOKED_AT}").fetchall()
        return list(staging.names), [list(row) for row in rows]


def _without_last_row(head: bytes) -> bytes:
    if b"\x00" in head[:4]:  # UTF-16 without a mark: a line feed is two bytes
        return head[: len(head) // 2 * 2]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head[: len(head) // 2 * 2]
    return head[: head.rfind(b"\n") + 1] or head
