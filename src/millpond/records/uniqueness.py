"""Makes the visits of a log as it was read distinct: each row another visit, each visit an id of its own.

Nothing is dropped: a row that is taken out of the log goes to the table of rows set aside, with its reason.
"""

from __future__ import annotations

import duckdb

from millpond.records.quality import DUPLICATE
from millpond.records.reading import derive_visit_ids
from millpond.records.schema import ROW_NUMBER, columns_of, count, quoted
from millpond.records.writing import original_text

REPEATED_ID = "another row with the same visit id is further on"
"""The reason for a row whose visit another row tells more of."""

THEIR_ID = "visit (theirs)"
"""Keeps what stood in the column of ids where it turned out not to tell visits apart."""


def make_unique(con: duckdb.DuckDBPyConnection, table: str, aside: str) -> tuple[str, ...]:
    """Take out rows that say the same twice, and give every visit an id.

    * Of rows that agree in everything, the first is kept.
    * Of rows with the same recorded id, at the same step of the same case, the one that is furthest on is kept: ended
      before started before waiting, then the later end or start, then the later row.
    * An id that rows of several cases or steps share does not tell visits apart: it is kept as ``visit (theirs)``,
      and these visits get derived ids.

    Args:
        con: the database.
        table: a visit log as `millpond.records.reading.read_log` makes it.
        aside: the table of rows set aside (``row_number, reason, original``).

    Returns:
        Notes for a person.
    """
    _set_aside(con, table, aside, DUPLICATE, _same_again(con, table))
    notes = _unshare_ids(con, table)
    further = (
        f"SELECT {ROW_NUMBER} FROM (SELECT {ROW_NUMBER}, row_number() OVER (PARTITION BY visit ORDER BY"
        f" ended_us IS NULL, started_us IS NULL, ended_us DESC, started_us DESC, {ROW_NUMBER} DESC) AS n"
        f" FROM {quoted(table)} WHERE visit IN (SELECT visit FROM {quoted(table)} WHERE visit IS NOT NULL"
        f" GROUP BY visit HAVING count(*) > 1)) WHERE n > 1"
    )
    _set_aside(con, table, aside, REPEATED_ID, further)
    derive_visit_ids(con, table)
    return notes


def _same_again(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """SQL for the rows that agree in everything with an earlier one; only rows with equal hashes are compared."""
    columns = ", ".join(quoted(name) for name in columns_of(con, table) if name != ROW_NUMBER)
    return (
        f"SELECT {ROW_NUMBER} FROM (SELECT {ROW_NUMBER}, row_number() OVER (PARTITION BY {columns}"
        f" ORDER BY {ROW_NUMBER}) AS n FROM {quoted(table)} WHERE hash({columns}) IN"
        f" (SELECT h FROM (SELECT hash({columns}) AS h FROM {quoted(table)}) GROUP BY h HAVING count(*) > 1))"
        " WHERE n > 1"
    )


def _set_aside(con: duckdb.DuckDBPyConnection, table: str, aside: str, reason: str, rows: str) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE taken_out AS {rows}")
    if count(con, "taken_out"):
        chosen = f"{ROW_NUMBER} IN (FROM taken_out)"
        con.execute(
            f"INSERT INTO {quoted(aside)} SELECT {ROW_NUMBER}, ?, {original_text(con, table)}"
            f" FROM {quoted(table)} WHERE {chosen} ORDER BY {ROW_NUMBER}",
            [reason],
        )
        con.execute(f"DELETE FROM {quoted(table)} WHERE {chosen}")
    con.execute("DROP TABLE taken_out")


def _unshare_ids(con: duckdb.DuckDBPyConnection, table: str) -> tuple[str, ...]:
    shared = (
        f"SELECT visit FROM {quoted(table)} WHERE visit IS NOT NULL GROUP BY visit"
        ' HAVING count(DISTINCT ("case", step)) > 1'
    )
    where = f"visit IN ({shared})"
    rows = count(con, quoted(table), where)
    if rows == 0:
        return ()
    if THEIR_ID not in columns_of(con, table):
        con.execute(f"ALTER TABLE {quoted(table)} ADD COLUMN {quoted(THEIR_ID)} VARCHAR")
    con.execute(f"UPDATE {quoted(table)} SET {quoted(THEIR_ID)} = visit, visit = NULL WHERE {where}")
    return (
        f"{rows:,} rows have a visit id that rows of other cases or steps have too, so it does not tell visits apart: "
        f"it is kept as '{THEIR_ID}', and these visits are told apart by case, step and time.",
    )
