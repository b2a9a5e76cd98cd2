"""Reads a source from end to end: the public `read_log`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from millpond.errors import WrongUse
from millpond.records.reading.making import make_log
from millpond.records.reading.ocel import take_ocel
from millpond.records.reading.opening import Source, open_source
from millpond.records.reading.parquet import take_parquet
from millpond.records.reading.progress import Progress, Steps
from millpond.records.reading.result import Reading
from millpond.records.reading.sheets import take_workbook
from millpond.records.reading.staging import Staging
from millpond.records.reading.taken import Taken
from millpond.records.reading.text import take_text
from millpond.records.reading.xes import take_xes


def read_log(
    source: Path | str,
    *,
    into: duckdb.DuckDBPyConnection,
    table: str,
    zone: ZoneInfo,
    mapping: Mapping[str, str] | None = None,
    day_first: bool | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    default_step: str = "contact",
    allow_empty: bool = False,
    object_type: str | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Read an event log or table into a visit log.

    Makes ``table`` with the columns of the normalised visit log (``visit`` is null where no id is recorded), and
    ``row_number`` (the row in the source, from 1, the heading counted), ``recorded_joined_us`` (when the visit
    joined as recorded, even if that was after it started) and all further columns as text; and ``{table}_aside``
    with ``row_number``, ``reason`` and ``original`` for each row that could not be read. Both replace what is there.

    Args:
        source: the file.
        into: where the tables are made.
        table: the name of the visit log.
        zone: the zone of times without an offset, and of local days and hours.
        mapping: our name to their column, where a person says it; ``""`` for a column that is not to be taken.
        day_first: how dates such as 03/04/2025 are read; None to find out from the file.
        encoding, delimiter: of a text; None to find out.
        sheet: which sheet of a workbook; None for the one with the most rows.
        default_step: the step of all visits where no column names it.
        allow_empty: a source with column names and no rows makes an empty log; else it is refused.
        object_type: of an object-centric log, the type of object that is the case.
        progress: told how it goes.

    Returns:
        What was read.

    Raises:
        UnreadableFile: the source is missing, damaged, no table, or its columns were not recognised. What was in
            ``table`` before is untouched.
        CannotWrite: there is no room for the rows while they are being read.
    """
    opened = open_source(Path(source))
    wanted = mapping or {}
    steps = Steps(progress, opened.size)
    with Staging() as staging:
        taken = _take(opened, staging, encoding, delimiter, sheet, object_type, wanted, steps)
        return make_log(
            opened.name,
            staging,
            taken,
            into=into,
            table=table,
            zone=zone,
            mapping=wanted,
            day_first=day_first,
            default_step=default_step,
            allow_empty=allow_empty,
            steps=steps,
        )


def _take(
    source: Source,
    staging: Staging,
    encoding: str | None,
    delimiter: str | None,
    sheet: str | None,
    object_type: str | None,
    mapping: Mapping[str, str],
    steps: Steps,
) -> Taken:
    wanted = tuple(mapping.values())
    if sheet is not None and source.kind != "workbook":
        raise WrongUse(f"{source.name} is no workbook, so it has no sheet '{sheet}'. Leave the sheet out.")
    if object_type is not None and source.kind != "ocel":
        raise WrongUse(
            f"{source.name} is no object-centric log (OCEL), so it has no objects of the type '{object_type}'. Leave "
            "--object-type out."
        )
    if source.kind == "workbook":
        taken = take_workbook(source, staging, sheet=sheet, wanted=wanted, tell=steps.taking)
    elif source.kind == "parquet":
        taken = take_parquet(source, staging, tell=steps.taking)
    elif source.kind == "ocel":
        taken = take_ocel(source, staging, object_type=object_type, tell=steps.taking)
    elif source.kind == "xes":
        taken = take_xes(source, staging, tell=steps.taking)
    else:
        taken = take_text(source, staging, encoding=encoding, delimiter=delimiter, wanted=wanted, tell=steps.taking)
    if source.gzipped:
        taken.format += ", gzip"
    return taken
