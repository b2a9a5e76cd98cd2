"""Visits as a file: `records.csv` as a person finds it in the folder.

The rows are in a fixed order and every value is written so that reading it gives the same value again; the same
visits are the same bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from millpond.records.files import replacing
from millpond.records.schema import RECORDED_JOINED, TEXTS, count, further_columns, literal, quoted

RECORDS = "records.csv"
PARQUET = "records.parquet"

_COPIED_AT_ONCE = 1 << 20
ORDER = 'joined_us, "case", step, visit'
_EVENTS = {"joined": RECORDED_JOINED, "started": "started_us", "ended": "ended_us"}


def write_visits(con: duckdb.DuckDBPyConnection, table: str, target: Path, zone: ZoneInfo) -> None:
    """Write a table of visits to a file, readable by its owner only.

    Args:
        con: the database.
        table: a table with the columns of `millpond.records.schema.VISITS`, `recorded_joined_us` (what is written as
            ``joined``) and any further text columns.
        target: ``records.csv``, or a name that ends in ``.parquet`` for the same columns as text in Parquet.
        zone: whose local times, with their offset, are written.

    Raises:
        millpond.errors.CannotWrite: the old file is then untouched.
    """
    texts = [name for name in TEXTS if count(con, quoted(table), f"{name} IS NOT NULL")]
    columns = [*written_columns(zone, texts), *(quoted(name) for name in further_columns(con, table))]
    # Sorted before they are put into words: instants are much shorter than texts.
    copy_rows(con, f"SELECT {', '.join(columns)} FROM (FROM {quoted(table)} ORDER BY {ORDER})", target)


def copy_rows(con: duckdb.DuckDBPyConnection, rows: str, target: Path) -> None:
    """Write the rows of a query to a file, readable by its owner only.

    Args:
        con: the database.
        rows: the query.
        target: a CSV file, or a name that ends in ``.parquet``.

    Raises:
        millpond.errors.CannotWrite: the old file is then untouched.
    """
    form = "FORMAT parquet" if target.suffix == ".parquet" else "FORMAT csv, HEADER"
    with replacing(target, private=True) as unfinished:
        # DuckDB must not make a temporary file of its own: that one could be read by others.
        con.execute(f"COPY ({rows}) TO {literal(str(unfinished))} ({form}, USE_TMP_FILE false)")


def copy_tables(
    con: duckdb.DuckDBPyConnection, columns: Iterable[str], tables: Iterable[pa.Table], target: Path
) -> None:
    """Write tables to a file one after another, with no more than one of them in memory, readable by its owner only.

    Args:
        con: the database.
        columns: what is written, as SQL over the columns of a table.
        tables: at least one, all with the same columns.
        target: a CSV file, or a name that ends in ``.parquet``.

    Raises:
        millpond.errors.CannotWrite: the old file is then untouched.
    """
    query = f"SELECT {', '.join(columns)} FROM to_write"
    write = _write_parquet if target.suffix == ".parquet" else _write_csv
    with replacing(target, private=True) as unfinished:
        write(con, query, tables, unfinished)


def _write_csv(con: duckdb.DuckDBPyConnection, query: str, tables: Iterable[pa.Table], target: Path) -> None:
    # Given a stream, DuckDB would keep most of what it has written in memory until the end.
    with TemporaryDirectory(dir=target.parent, prefix=f"{target.name}.") as folder, target.open("wb") as whole:
        part = Path(folder) / "part.csv"
        for place, table in enumerate(tables):
            with _registered(con, table):
                con.execute(f"COPY ({query}) TO {literal(str(part))} (FORMAT csv, HEADER {place == 0})")
            with part.open("rb") as written:
                shutil.copyfileobj(written, whole, _COPIED_AT_ONCE)


def _write_parquet(con: duckdb.DuckDBPyConnection, query: str, tables: Iterable[pa.Table], target: Path) -> None:
    with ExitStack() as stack:
        writer: pq.ParquetWriter | None = None
        for table in tables:
            with _registered(con, table):
                words = con.execute(query).to_arrow_table()
            if writer is None:
                writer = stack.enter_context(pq.ParquetWriter(target, words.schema))
            writer.write_table(words)


@contextmanager
def _registered(con: duckdb.DuckDBPyConnection, table: pa.Table) -> Iterator[None]:
    con.register("to_write", table)
    try:
        yield
    finally:
        con.unregister("to_write")


def written_columns(zone: ZoneInfo, texts: Iterable[str], *, joined: str = RECORDED_JOINED) -> list[str]:
    """The SQL for each column of our own in a file of visits, in their order.

    What is written is what was recorded: a joining time that was only taken from the start or the end is blank again.

    Args:
        zone: whose local times, with their offset, are written.
        texts: those of the columns of texts that say something.
        joined: the column of the instants that were recorded as joining.
    """
    return [
        "visit",
        '"case"',
        "step",
        f"{iso_text(joined, zone)} AS joined",
        f"{iso_text('started_us', zone)} AS started",
        f"{iso_text('ended_us', zone)} AS ended",
        "worker",
        "pool",
        f"{minutes_text('minutes_us')} AS minutes",
        "outcome",
        *texts,
    ]


def iso_text(column: str, zone: ZoneInfo) -> str:
    """The SQL for an instant in microseconds as ISO 8601 in a zone, with its offset.

    DuckDB's own table of zones chooses the offset. The instant is right whatever it chooses, because the offset that
    is written is the one that was applied, in whole minutes.
    """
    minute, ahead = "60000000", "minutes_ahead_of_utc"
    clock = f"epoch_us(timezone({literal(zone.key)}, make_timestamptz({column})))"
    local = f"make_timestamp({column} + {ahead} * {minute})"
    seconds = "%Y-%m-%dT%H:%M:%S"
    offset = (
        f"CASE WHEN {ahead} < 0 THEN '-' ELSE '+' END"
        f" || lpad((abs({ahead}) // 60)::VARCHAR, 2, '0') || ':' || lpad((abs({ahead}) % 60)::VARCHAR, 2, '0')"
    )
    # Offsets that most files need are not put together anew for each value; and the lambda gives the offset a name, so
    # that it is looked up once: that takes half of the time.
    clock_face = f"strftime({local}, '{seconds}') ELSE strftime({local}, '{seconds}.%f')"
    text = (
        f"CASE WHEN {column} % 1000000 = 0 THEN {clock_face} END"
        f" || CASE {ahead} WHEN 0 THEN '+00:00' WHEN 60 THEN '+01:00' ELSE {offset} END"
    )
    found = f"list_transform([({clock} - {column}) // {minute}], lambda {ahead}: {text})[1]"
    return f"CASE WHEN {column} IS NOT NULL THEN {found} END"


def minutes_text(column: str) -> str:
    """The SQL for microseconds of work as minutes: whole where they are, else to a billionth of a minute.

    A microsecond is 17 billionths of a minute, so that reading the text gives the same microseconds.
    """
    rest = f"(abs({column}) % 60000000)"
    billionths = f"(({rest} * 1000000000 + 30000000) // 60000000)"
    return (
        f"CASE WHEN {column} IS NOT NULL THEN CASE WHEN {column} < 0 THEN '-' ELSE '' END"
        f" || (abs({column}) // 60000000)::VARCHAR"
        f" || CASE WHEN {rest} = 0 THEN '' ELSE '.' || rtrim(lpad({billionths}::VARCHAR, 9, '0'), '0') END END"
    )


def original_text(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """The SQL for what a row of a visit log says, in one text: ``case=ada, step=triage, joined=...`` without blanks."""
    parts = [
        *(f"'{name}=' || {quoted(name)}" for name in ("visit", "case", "step")),
        *(f"'{event}=' || {iso_text(us, ZoneInfo('UTC'))}" for event, us in _EVENTS.items()),
        "'minutes=' || " + minutes_text("minutes_us"),
        *(f"'{name}=' || {name}" for name in ("worker", "pool", "outcome", *TEXTS)),
        *(literal(f"{name}=") + " || " + quoted(name) for name in further_columns(con, table)),
    ]
    return f"concat_ws(', ', {', '.join(parts)})"
