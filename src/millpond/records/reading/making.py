"""From the rows of a staging place to the visit log, for every kind of source."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from millpond.errors import CannotWrite, UnreadableFile
from millpond.records.reading.columns import recognise
from millpond.records.reading.combining import with_dates
from millpond.records.reading.finishing import finish
from millpond.records.reading.meaning import Meaning, decide
from millpond.records.reading.normalising import Normaliser
from millpond.records.reading.pairing import pair
from millpond.records.reading.progress import Steps
from millpond.records.reading.refusing import original_rows, reasons
from millpond.records.reading.result import Reading
from millpond.records.reading.staging import ASIDE, Staging, quoted
from millpond.records.reading.surveying import settle_day_first
from millpond.records.reading.taken import Taken
from millpond.records.reading.telling import notes_on_times
from millpond.records.reading.wording import counted


def make_log(
    name: str,
    staging: Staging,
    taken: Taken,
    *,
    into: duckdb.DuckDBPyConnection,
    table: str,
    zone: ZoneInfo,
    mapping: Mapping[str, str],
    day_first: bool | None,
    default_step: str,
    allow_empty: bool,
    steps: Steps,
) -> Reading:
    """Turn the rows of a staging place into a visit log; the arguments are those of `read_log`."""
    if staging.rows == 0 and not (allow_empty and staging.set_aside == 0):
        raise UnreadableFile(_no_rows(name, staging))
    columns = with_dates(staging, recognise(name, staging.names, mapping))
    meaning = decide(name, staging, columns, serial_days=taken.serial_days, default_step=default_step)
    orders, notes = settle_day_first(name, list(meaning.surveys.values()), day_first)
    rows = Normaliser(staging, meaning, zone, orders, default_step, lambda done: steps.making(done, staging.rows))
    visits = _visits(staging, meaning, rows, zone)
    first = next(visits, None)
    if first is None and not allow_empty:
        raise UnreadableFile(_none_kept(name, staging))
    pieces = chain([first], visits) if first is not None else iter([_empty(rows, zone)])
    counts = _put(into, {table: pieces, f"{table}_aside": _aside(staging, taken.delimiter or ",")})
    why = reasons(staging)
    steps.over(staging.rows)
    return Reading(
        source=name,
        format=taken.format,
        rows_read=staging.rows + staging.set_aside,
        rows_kept=rows.tally.kept,
        rows_set_aside=sum(why.values()),
        aside_reasons=why,
        columns={ours: meaning.columns.names[place] for ours, place in meaning.columns.ours.items()},
        extra_columns=tuple(rows.further),
        lifecycle=meaning.lifecycle,
        notes=(*taken.notes, *meaning.notes, *notes, *rows.notes, *notes_on_times(meaning, rows)),
        encoding=taken.encoding,
        delimiter=taken.delimiter,
        visits=counts[table],
        counts={"blank_rows": taken.blank_rows, **rows.tally.counts},
    )


def _visits(staging: Staging, meaning: Meaning, rows: Normaliser, zone: ZoneInfo) -> Iterator[pa.Table]:
    if meaning.lifecycle == "start/complete rows":
        yield from pair(staging, rows, zone)
        return
    for table, times in rows.batches():
        events = {ours: (found.us, found.known) for ours, found in times.items()}
        yield finish(table, events, rows.further, zone, rows.tally.counts)


def _empty(rows: Normaliser, zone: ZoneInfo) -> pa.Table:
    return finish(rows.nothing(), {}, rows.further, zone, rows.tally.counts)


def _put(into: duckdb.DuckDBPyConnection, tables: Mapping[str, Iterable[pa.Table]]) -> dict[str, int]:
    """Make tables from their pieces, all of them or none; how many rows each has.

    Piece by piece: a table made from a stream in one statement keeps most of the stream in memory.
    """
    own = not _in_transaction(into)  # if the caller has begun one, it is the caller who ends it
    if own:
        into.execute("BEGIN")
    counts = {}
    try:
        for name, pieces in tables.items():
            counts[name] = 0
            for piece in pieces:
                with _telling_of_no_room():
                    relation = into.from_arrow(piece)
                    if counts[name] == 0:
                        into.execute(f"DROP TABLE IF EXISTS {quoted(name)}")
                        relation.limit(0).create(quoted(name))
                    relation.insert_into(quoted(name))
                counts[name] += piece.num_rows
        if own:
            with _telling_of_no_room():
                into.execute("COMMIT")
    except BaseException:
        if own:
            with contextlib.suppress(duckdb.Error):
                into.execute("ROLLBACK")
        raise
    return counts


@contextlib.contextmanager
def _telling_of_no_room() -> Iterator[None]:
    """The caller's database, not the staging place, is what is full."""
    try:
        yield
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise CannotWrite(
            f"the visit log could not be written: {str(error).splitlines()[0]}. Free some space on its disk, and try "
            "again. What was there before is unchanged."
        ) from error


def _in_transaction(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the caller has begun a transaction: outside of one, every statement is one of its own."""
    first, second = (con.execute("SELECT txid_current()").fetchall() for _ in range(2))
    return bool(first == second)


def _aside(staging: Staging, delimiter: str) -> Iterator[pa.Table]:
    """The rows that were set aside; read only once the visits have been made."""
    reader = staging.con.cursor().execute(original_rows(staging, delimiter)).to_arrow_reader()
    yield ASIDE.empty_table()
    for batch in reader:
        yield pa.Table.from_batches([batch]).cast(ASIDE)


def _no_rows(name: str, staging: Staging) -> str:
    if staging.set_aside == 0:
        names = ", ".join(staging.names[:10])
        return f"{name} has names of columns ({names}) and no rows below them. Export it again, with its rows."
    staging.con.execute("CREATE OR REPLACE TABLE refused (row_number BIGINT, reason VARCHAR)")
    return _none_kept(name, staging)


def _none_kept(name: str, staging: Staging) -> str:
    found = reasons(staging)
    worst = "; ".join(f"{counted(count, 'row')}: {reason}" for reason, count in list(found.items())[:3])
    return (
        f"{name}: not one of its {counted(sum(found.values()), 'row')} could be read as a visit ({worst}), so "
        "nothing was imported. Check that the columns are what they were taken for, or map them by hand (--map)."
    )
