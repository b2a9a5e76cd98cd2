"""Looks through a table of visits for what is odd in it, with one pass of SQL for each question.

No question compares every visit with every other: overlaps come from one sweep over each worker's visits in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import duckdb

from millpond.model import Service
from millpond.model.nearest import nearest
from millpond.records.findings import EXAMPLES, Finding, counted, examples, finding, percent
from millpond.records.schema import count

MINUTE_US = 60_000_000
WITHDRAWN_OUTCOMES = ("withdrawn",)
"""The outcome that says that somebody left, where no service says otherwise."""


def missing_starts(
    con: duckdb.DuckDBPyConnection, table: str, withdrawn: Iterable[str] = WITHDRAWN_OUTCOMES
) -> Iterator[Finding]:
    """Visits that ended and have no start, so that their waits are unknown.

    Who withdrew before being seen has no start to be missing: that wait is known, and ended when they left.

    Args:
        con: the database.
        table: the visits.
        withdrawn: the outcomes that say that somebody left.
    """
    left = ", ".join("'" + outcome.replace("'", "''") + "'" for outcome in withdrawn) or "NULL"
    where = f"started_us IS NULL AND ended_us IS NOT NULL AND (outcome IS NULL OR outcome NOT IN ({left}))"
    total = count(con, table)
    if number := count(con, table, where):
        sentence = (
            f"{counted(number, 'visit')} ({percent(number, total)}) ended without a recorded start: their waits are "
            "unknown, and their work counts when they ended."
        )
        yield finding("missing starts", number, total, sentence, examples(con, table, where))


def missing_joins(con: duckdb.DuckDBPyConnection, table: str) -> Iterator[Finding]:
    """Visits whose joining time was taken from another event."""
    where, total = "joined_source IN ('started', 'ended')", count(con, table)
    if number := count(con, table, where):
        sentence = (
            f"{counted(number, 'visit')} ({percent(number, total)}) {'has' if number == 1 else 'have'} no recorded "
            "joining time: they are taken to join when they start (else when they end), their waits are unknown, and "
            "the backlog shows work in progress only."
        )
        yield finding("missing joins", number, total, sentence, examples(con, table, where))


def zero_length(con: duckdb.DuckDBPyConnection, table: str) -> Iterator[Finding]:
    """Visits that started and ended at the same instant and have no minutes."""
    where, total = "started_us = ended_us AND minutes_us IS NULL", count(con, table)
    if number := count(con, table, where):
        sentence = (
            f"{counted(number, 'visit')} ({percent(number, total)}) started and ended at the same instant and have no "
            "minutes: the planned minutes of their steps count."
        )
        yield finding("zero-length work", number, total, sentence, examples(con, table, where))


def future_dates(con: duckdb.DuckDBPyConnection, table: str, now_us: int) -> Iterator[Finding]:
    """Visits with an event after `now_us`."""
    where, total = f"greatest(joined_us, started_us, ended_us) > {now_us}", count(con, table)
    if number := count(con, table, where):
        sentence = (
            f"{counted(number, 'visit')} ({percent(number, total)}) {'has' if number == 1 else 'have'} a time in the "
            "future: what has not happened yet is not counted."
        )
        yield finding("future dates", number, total, sentence, examples(con, table, where))


def overlaps(con: duckdb.DuckDBPyConnection, table: str) -> Iterator[Finding]:
    """Visits of one worker that ran at the same time, and the minutes that are there more than once."""
    row = con.execute(
        f"""
        WITH swept AS (
            SELECT coalesce(visit, "case") AS visit, started_us, ended_us,
                   max(ended_us) OVER (PARTITION BY worker ORDER BY started_us, ended_us, visit
                                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until_us,
                   lead(started_us) OVER (PARTITION BY worker ORDER BY started_us, ended_us, visit) AS next_us
            FROM {table} WHERE worker IS NOT NULL AND started_us < ended_us)
        SELECT count(*) FILTER (busy_until_us > started_us OR next_us < ended_us),
               coalesce(sum(least(busy_until_us, ended_us) - started_us) FILTER (busy_until_us > started_us), 0),
               count(*),
               min((started_us, visit), {EXAMPLES}) FILTER (busy_until_us > started_us)
        FROM swept"""
    ).fetchone()
    assert row is not None
    number, shared_us, total, shown = row
    if number:
        sentence = (
            f"{counted(number, 'visit')} ({percent(number, total)} of those with a worker, a start and an end) ran at "
            f"the same time as another of the same worker, {counted(round(shared_us / MINUTE_US), 'minute')} in all: "
            "the time that they share is divided among them."
        )
        yield finding("overlaps", number, total, sentence, [visit for _, visit in shown])


def unknown_names(con: duckdb.DuckDBPyConnection, table: str, service: Service) -> Iterator[Finding]:
    """Steps, pools and workers that the service does not describe, each with the nearest name that it does."""
    known = {"step": service.steps, "pool": service.pools, "worker": service.workers}
    what_then = {
        "step": "Such visits count in the pool that is recorded for them, else as unassigned",
        "pool": "Such visits count in the pool that service.toml gives their step, else in the one recorded",
        "worker": "Such workers belong to the pool that is recorded with them",
    }
    total = count(con, table)
    for column, names in known.items():
        if not names:
            continue
        found = con.execute(
            f"SELECT {column}, count(*) FROM {table} WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
        strange = [(name, visits) for name, visits in found if name not in names]
        if strange:
            number = sum(visits for _, visits in strange)
            listed = ", ".join(meant(name, names) for name, _ in strange[:EXAMPLES])
            more = f" and {len(strange) - EXAMPLES} more" if len(strange) > EXAMPLES else ""
            sentence = (
                f"{counted(len(strange), column)} {'is' if len(strange) == 1 else 'are'} not in service.toml: "
                f"{listed}{more}, with {counted(number, 'visit')} ({percent(number, total)}). {what_then[column]}."
            )
            yield finding(f"unknown {column}s", number, total, sentence, [name for name, _ in strange])


def names_alike(con: duckdb.DuckDBPyConnection, table: str) -> Iterator[Finding]:
    """Steps, pools and workers whose names differ only in capitals and in blanks around or within them.

    They stay as they are: which of them was meant is the person's to say.
    """
    total = count(con, table)
    for column in ("step", "pool", "worker"):
        found = con.execute(
            rf"""
            WITH names AS (
                SELECT {column} AS name, count(*) AS visits FROM {table} WHERE {column} IS NOT NULL GROUP BY 1
            )
            SELECT list(name ORDER BY visits DESC, name), sum(visits) - max(visits)
            FROM names GROUP BY lower(regexp_replace(trim(name), '\s+', ' ', 'g')) HAVING count(*) > 1
            ORDER BY sum(visits) DESC, 1"""
        ).fetchall()
        if found:
            listed = "; ".join(" and ".join(f"'{name}'" for name in names[:EXAMPLES]) for names, _ in found[:EXAMPLES])
            more = f"; and {len(found) - EXAMPLES} more" if len(found) > EXAMPLES else ""
            number = sum(int(visits) for _, visits in found)
            sentence = (
                f"Some {column}s differ only in capitals or blanks, and count as different: {listed}{more}. "
                f"{counted(number, 'visit')} ({percent(number, total)}) would join another's: write them alike at the "
                "source if they are the same."
            )
            yield finding(f"{column}s alike", number, total, sentence, [names[0] for names, _ in found])


def meant(name: str, known: Iterable[str]) -> str:
    """A name in quotes, with the known name that was probably meant."""
    near = nearest(name, known)
    return f"'{name}' (did you mean '{near}'?)" if near else f"'{name}'"
