"""Gives every visit an id that the same visit has again in the next extract.

Where the source records no id, a visit is its case, its step, the instant that is known of it and, among visits alike
in all three, its place. The place is found from what the visits hold, never from the order of the rows.
"""

from __future__ import annotations

import duckdb

from millpond.records.reading.staging import quoted

_NOT_CONTENT = ("visit", "row_number")
_FIRST_COMPARED = ("started_us", "ended_us", "worker", "pool", "minutes_us")


def derive_visit_ids(con: duckdb.DuckDBPyConnection, table: str) -> None:
    r"""Fill in the ids that are null.

    An id is ``case|step|instant|n``: the instant is when the visit joined where that was recorded, else when it
    started, else when it ended, in UTC; n is 1 for the first of its kind. A ``\`` or ``|`` within a case or step is
    written with a ``\`` before it, so that no two different visits can have one id. Ids that are there stay.

    Args:
        con: where the table is.
        table: a visit log as `read_log` makes it.
    """
    columns = [str(row[0]) for row in con.execute(f"DESCRIBE {quoted(table)}").fetchall()]
    recorded = "CASE WHEN joined_source = 'recorded' THEN joined_us END"
    if "recorded_joined_us" in columns:
        recorded = "recorded_joined_us"
    instant = f"coalesce({recorded}, started_us, ended_us, joined_us)"
    first = [name for name in _FIRST_COMPARED if name in columns]
    rest = sorted(name for name in columns if name not in (*_NOT_CONTENT, *first))
    content = ", ".join(f"{quoted(name)} NULLS LAST" for name in [*first, *rest])
    # Hardly any visit has another like it: only those few are compared in all that they hold.
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE millpond_alike AS
        SELECT place, row_number() OVER (PARTITION BY "case", step, instant ORDER BY {content}, place) AS n
        FROM (
            SELECT log.*, log.rowid AS place, {instant} AS instant FROM {quoted(table)} AS log WHERE visit IS NULL
        )
        WHERE ("case", step, instant) IN (
            SELECT ("case", step, {instant}) FROM {quoted(table)} WHERE visit IS NULL
            GROUP BY "case", step, {instant} HAVING count(*) > 1
        )
        """
    )
    case, step = _escaped('"case"'), _escaped("step")
    derived = f"concat({case}, '|', {step}, '|', {_iso(instant)}, '|', coalesce(alike.n, 1))"
    con.execute(
        f"""
        CREATE OR REPLACE TABLE {quoted(table)} AS
        SELECT log.* REPLACE (coalesce(visit, {derived}) AS visit)
        FROM {quoted(table)} AS log LEFT JOIN millpond_alike AS alike ON alike.place = log.rowid
        """
    )
    con.execute("DROP TABLE millpond_alike")


def _escaped(column: str) -> str:
    return f"replace(replace({column}, '\\', '\\\\'), '|', '\\|')"


def _iso(us: str) -> str:
    """An instant in UTC as ISO 8601; microseconds only where there are any."""
    moment = f"make_timestamp({us})"
    return (
        f"CASE WHEN {us} % 1000000 = 0 THEN strftime({moment}, '%Y-%m-%dT%H:%M:%SZ') "
        f"ELSE strftime({moment}, '%Y-%m-%dT%H:%M:%S.%fZ') END"
    )
