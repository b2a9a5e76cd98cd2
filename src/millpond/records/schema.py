"""The columns of the normalised visit log, and the ones that a file of records is written with.

One shape for everything that was recorded or simulated; what a source lacks is there as a column of nulls of the right
type. What a source has beyond these is kept as text under its own name.
"""

from __future__ import annotations

import duckdb

VISITS = {
    "visit": "VARCHAR",
    "case": "VARCHAR",
    "step": "VARCHAR",
    "pool": "VARCHAR",
    "worker": "VARCHAR",
    "outcome": "VARCHAR",
    "joined_us": "BIGINT",
    "started_us": "BIGINT",
    "ended_us": "BIGINT",
    "joined_day": "INTEGER",
    "started_day": "INTEGER",
    "ended_day": "INTEGER",
    "joined_hour": "SMALLINT",
    "started_hour": "SMALLINT",
    "ended_hour": "SMALLINT",
    "joined_source": "VARCHAR",
    "minutes_us": "BIGINT",
    "stream": "VARCHAR",
    "channel": "VARCHAR",
    "segment": "VARCHAR",
    "organisation": "VARCHAR",
    "priority": "VARCHAR",
}
"""The columns of the table of visits, with their types in DuckDB."""

SPELLS = {
    "visit": "VARCHAR",
    "worker": "VARCHAR",
    "starts_us": "BIGINT",
    "ends_us": "BIGINT",
    "starts_day": "INTEGER",
    "ends_day": "INTEGER",
    "minutes_us": "BIGINT",
}
"""The columns of the table of spells of work."""

DAILY = {
    "day": "INTEGER",
    "pool": "VARCHAR",
    "joined": "BIGINT",
    "done": "BIGINT",
    "waiting": "BIGINT",
    "minutes": "DOUBLE",
}
"""The columns of the table of daily totals."""

TEXTS = ("stream", "channel", "segment", "organisation", "priority")
"""The columns of visits that a file has only where there is something to say in them."""

ROW_NUMBER = "row_number"
"""Where in its source a row stood; while a source is being read, and not in the log."""

RECORDED_JOINED = "recorded_joined_us"
"""When a visit joined as recorded, null where it was not; while records are being read or written, not in the log."""

WHILE_READING = (ROW_NUMBER, RECORDED_JOINED)


def quoted(name: str) -> str:
    """A name as SQL writes it, whatever characters it has."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def columns_of(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """The columns of a table with their types, in order."""
    rows = con.execute(f"SELECT name, type FROM pragma_table_info({literal(table)}) ORDER BY cid").fetchall()
    return dict(rows)


def further_columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The columns that a table of visits has beyond those that all have, in order."""
    return [name for name in columns_of(con, table) if name not in VISITS and name not in WHILE_READING]


def count(con: duckdb.DuckDBPyConnection, table: str, where: str = "TRUE") -> int:
    """How many rows of a table meet a condition."""
    row = con.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()
    assert row is not None
    return int(row[0])
