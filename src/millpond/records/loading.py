"""Loads the file of visits of a service folder, as a person may have left it.

Both the store and an import begin here, so that they agree on what the folder holds.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pyarrow.parquet as pq

from millpond.model import RecordsMapping
from millpond.records.findings import Finding
from millpond.records.order import disorder
from millpond.records.reading import Reading, read_log
from millpond.records.reading.conventions import NAMES, TIMES
from millpond.records.reading.progress import Progress
from millpond.records.tables import Aside, aside_notes
from millpond.records.uniqueness import make_unique
from millpond.records.writing import PARQUET, RECORDS

_HEAD_BYTES = 1 << 16


@dataclass(frozen=True)
class Loaded:
    """What loading a file of visits came to.

    Attributes:
        reading: how it was read.
        aside: rows that were left out: row, reason, what they said.
        findings: visits whose events are in an order that cannot be.
        notes: sentences for a person.
    """

    reading: Reading
    aside: tuple[Aside, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


def records_file(folder: Path) -> Path | None:
    """The file of visits of a folder: ``records.csv``, else ``records.parquet``, else None."""
    return next((folder / name for name in (RECORDS, PARQUET) if (folder / name).exists()), None)


def load_visits(
    file: Path,
    con: duckdb.DuckDBPyConnection,
    table: str,
    zone: ZoneInfo,
    *,
    mapping: RecordsMapping | None = None,
    progress: Progress | None = None,
) -> Loaded:
    """Load a folder's file of visits.

    Args:
        file: ``records.csv`` or ``records.parquet``.
        con: the database.
        table: the visit log to make, as `read_log` makes it; every visit has an id of its own. ``{table}_aside``
            holds the rows that were left out.
        zone: the service's zone.
        mapping: how to read a file that somebody else wrote; not used for one with our own columns.
        progress: told how it goes.

    Raises:
        UnreadableFile: it is no table of visits.
    """
    ours = _our_columns(file)
    if ours is not None:
        # A further column may well be called `case_id`; in our own file, only our own names mean anything.
        reading = read_log(file, into=con, table=table, zone=zone, mapping=ours, allow_empty=True, progress=progress)
    else:
        reading = read_log(
            file,
            into=con,
            table=table,
            zone=zone,
            mapping=mapping.columns if mapping else None,
            day_first=mapping.day_first if mapping else None,
            encoding=mapping.encoding if mapping else None,
            delimiter=mapping.delimiter if mapping else None,
            sheet=mapping.sheet if mapping else None,
            progress=progress,
        )
    notes = list(reading.notes)
    notes += make_unique(con, table, f"{table}_aside")
    aside = con.execute(f"SELECT row_number, reason, original FROM {table}_aside ORDER BY 1").fetchall()
    left_out = tuple((int(row), str(reason), str(text)) for row, reason, text in aside)
    return Loaded(
        reading=reading,
        aside=left_out,
        findings=tuple(disorder(con, table)),
        notes=(*notes, *aside_notes(file.name, left_out)),
    )


def _our_columns(file: Path) -> Mapping[str, str] | None:
    """Each of our names to itself where the file has our columns; None where somebody else's file stands there."""
    names = _names(file)
    if not {"case", "step"} <= names or not names & {"joined", "started", "ended"}:
        return None
    lifecycle_free = {name: "" for name in NAMES if name not in names}
    return {**lifecycle_free, **{name: name for name in NAMES if name in names and name in _OURS}}


_OURS = frozenset(NAMES) - (frozenset(TIMES) - {"joined", "started", "ended"}) - {"lifecycle", "instance"}


def _names(file: Path) -> frozenset[str]:
    """The names of the columns of a comma-separated or Parquet file; empty where it is neither."""
    try:
        if file.suffix == ".parquet":
            return frozenset(pq.read_schema(file).names)
        with file.open("rb") as stream:
            head = stream.read(_HEAD_BYTES).decode("utf-8-sig", "replace")
        return frozenset(next(csv.reader(io.StringIO(head, newline="")), []))
    except (OSError, ValueError, csv.Error):
        return frozenset()
