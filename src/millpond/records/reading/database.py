"""Reads a table or the answer to a query from a database, through Ibis, a batch at a time.

PostgreSQL and DuckDB files. The database writes its values as text itself, so that an instant that Python has no word
for (``infinity``) is a row set aside and not the end of the import. A password is never repeated.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa

from millpond.errors import UnreadableFile, WrongUse
from millpond.records.reading.heading import unlike
from millpond.records.reading.making import make_log
from millpond.records.reading.progress import Progress, Steps
from millpond.records.reading.result import Reading
from millpond.records.reading.staging import Staging
from millpond.records.reading.taken import Taken
from millpond.records.reading.typed import as_text
from millpond.records.reading.wording import some

_SCHEMES = {"postgresql": "PostgreSQL", "postgres": "PostgreSQL", "duckdb": "DuckDB"}
_BATCH_ROWS = 50_000
_CONNECT_SECONDS = 15


def is_database(source: str) -> bool:
    """Whether a source names a database rather than a file."""
    return "://" in source


def read_database(
    url: str,
    *,
    query: str | None = None,
    table_name: str | None = None,
    into: duckdb.DuckDBPyConnection,
    table: str,
    zone: ZoneInfo,
    mapping: Mapping[str, str] | None = None,
    day_first: bool | None = None,
    default_step: str = "contact",
    allow_empty: bool = False,
    progress: Progress | None = None,
) -> Reading:
    """Read a table or the answer to a query into a visit log, as `read_log` does a file.

    Args:
        url: ``postgresql://user@host:5432/database`` or ``duckdb:///path/of/file``.
        query: SQL in the database's own words; give this or `table_name`.
        table_name: a table or view, with its schema before a dot where it needs one.
        into, table, zone, mapping, day_first, default_step, allow_empty, progress: as for `read_log`. How many rows
            will come is not known, so progress has no fraction while they do.

    Returns:
        What was read; the first row has the number 1, and rows come in the database's order.

    Raises:
        WrongUse: neither or both of a query and a table, or a kind of database that is not read.
        UnreadableFile: the database does not answer, there is no such table, or the query is at fault; and what
            `read_log` raises.
        CannotWrite: there is no room for the rows while they are being read.
    """
    shown = without_password(url)
    if (query is None) == (table_name is None):
        raise WrongUse(f"{shown}: say which rows, with either a table (--table NAME) or a query (--query SQL).")
    scheme = urlsplit(url).scheme.split("+")[0]
    if scheme not in _SCHEMES:
        raise WrongUse(
            f"{shown} is a kind of database that is not read here ({', '.join(sorted(set(_SCHEMES.values())))} are). "
            "Save the rows as CSV or Parquet."
        )
    steps = Steps(progress, None)
    with Staging() as staging:
        connection = _connected(url, scheme, shown)
        try:
            with warnings.catch_warnings():
                # Ibis 12 calls names of DuckDB's that DuckDB 1.5 is giving up.
                warnings.simplefilter("ignore", DeprecationWarning)
                _take_rows(connection, query, table_name, shown, staging, steps)
        finally:
            connection.disconnect()
        name = f"{shown}, {table_name}" if table_name else f"{shown}, a query"
        return make_log(
            name,
            staging,
            Taken(_SCHEMES[scheme]),
            into=into,
            table=table,
            zone=zone,
            mapping=mapping or {},
            day_first=day_first,
            default_step=default_step,
            allow_empty=allow_empty,
            steps=steps,
        )


def without_password(url: str) -> str:
    """A database's address as it may be shown: without password and options."""
    parts = urlsplit(url)
    user = f"{parts.username}@" if parts.username else ""
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{user}{host}{port}{parts.path}"


def _connected(url: str, scheme: str, shown: str) -> Any:
    import ibis

    options: dict[str, Any] = {"read_only": True} if scheme == "duckdb" else {"connect_timeout": _CONNECT_SECONDS}
    try:
        return ibis.connect(url, **options)
    except Exception as error:
        raise UnreadableFile(
            f"{shown} cannot be opened: {_first_line(error)}. Check the address, the name and the password, and that "
            "the database is running."
        ) from error


def _take_rows(
    connection: Any, query: str | None, table_name: str | None, shown: str, staging: Staging, steps: Steps
) -> None:
    try:
        if query is not None:
            rows = connection.sql(query.strip().rstrip(";"))
        else:
            rows = _table(connection, str(table_name), shown)
        schema = rows.schema()
        names = list(schema.names)
        texts = [rows[name] if schema[name].is_floating() else rows[name].cast("string") for name in names]
        chosen = rows.select(**{f"c{place}": text for place, text in enumerate(texts)})
        with staging.filling():
            staging.add_columns(unlike(names))
            for batch in chosen.to_pyarrow_batches(chunk_size=_BATCH_ROWS):
                numbers = np.arange(staging.rows + 1, staging.rows + batch.num_rows + 1)
                staging.add(pa.array(numbers), [as_text(column) for column in batch.columns])
                steps.taking(0, staging.rows)
    except (UnreadableFile, duckdb.IOException, duckdb.OutOfMemoryException):
        raise
    except Exception as error:
        what = "the query" if query is not None else f"the table '{table_name}'"
        raise UnreadableFile(
            f"{shown}: {what} could not be read: {_first_line(error)}. Try it in the database's own program first."
        ) from error


def _table(connection: Any, name: str, shown: str) -> Any:
    schema, dot, plain = name.rpartition(".")
    try:
        return connection.table(plain, database=schema) if dot else connection.table(name)
    except Exception as error:
        there = connection.list_tables(database=schema) if dot else connection.list_tables()
        raise UnreadableFile(f"{shown} has no table '{name}'. Its tables: {some(sorted(there)) or 'none'}.") from error


def _first_line(error: Exception) -> str:
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0].rstrip(".")
