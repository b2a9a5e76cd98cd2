"""Puts the events of each visit in an order that can have happened: joined, then started, then ended.

Everything measured rests on that order, so it is settled here, once, when the records are loaded. The files keep what
was recorded.

* A visit that **ended before it started** keeps its end, because the end decides whether it is still open, and loses
  its start: which of the two is wrong cannot be known, so its start is unknown. Its need is then its recorded or
  planned minutes, its wait is unknown and not negative, and all of its work counts at its end.
* A visit that **joined after it started** joined when it started; one that joined after it ended (and whose start is
  unknown) joined when it ended.

Both are reported.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from millpond.records.findings import Finding, counted, examples, finding
from millpond.records.schema import RECORDED_JOINED, count, quoted

_BACKWARDS = "ended_us < started_us"
_START = "CASE WHEN ended_us < started_us THEN NULL ELSE started_us END"
_JOINED_LATE = f"{RECORDED_JOINED} > coalesce({_START}, ended_us)"


def put_in_order(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Settle the order of events in a table of visits as it was read, in place.

    Args:
        con: the database.
        table: a table with the columns of `millpond.records.schema.VISITS` and `recorded_joined_us`.
    """
    name = quoted(table)
    con.execute(
        f"UPDATE {name} SET started_us = NULL, started_day = NULL, started_hour = NULL,"
        " joined_source = CASE WHEN joined_source = 'started' THEN 'ended' ELSE joined_source END"
        f" WHERE {_BACKWARDS}"
    )
    con.execute(
        f"UPDATE {name} SET joined_us = ended_us, joined_day = ended_day, joined_hour = ended_hour"
        " WHERE joined_us > ended_us"
    )


def disorder(con: duckdb.DuckDBPyConnection, table: str) -> Iterator[Finding]:
    """What `put_in_order` has to settle in a table of visits as it was read.

    Args:
        con: the database.
        table: as for `put_in_order`.
    """
    name = quoted(table)
    total = count(con, name)
    if backwards := count(con, name, _BACKWARDS):
        sentence = (
            f"{counted(backwards, 'visit')} ended before {'it' if backwards == 1 else 'they'} started. The end is kept "
            "and the start is treated as unknown."
        )
        yield finding("ends before starts", backwards, total, sentence, examples(con, name, _BACKWARDS))
    if late := count(con, name, _JOINED_LATE):
        sentence = (
            f"{counted(late, 'visit')} joined after {'it' if late == 1 else 'they'} started or ended. "
            f"{'It is' if late == 1 else 'They are'} taken to have joined then."
        )
        yield finding("joined after started", late, total, sentence, examples(con, name, _JOINED_LATE))
