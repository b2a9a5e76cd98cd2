"""Rows for the start and the completion of a visit, put together to visits.

By the instance's id where there is one that does tie rows together. Else in the order of time, first started first
completed, within case and step; where several were under way at once, a worker's own completion belongs to that
worker's own start before any other. A completion never takes a start that comes after it.

Lifecycle words as in the XES standard (IEEE 1849): schedule and assign say when a visit joined, start and complete
what they say, withdraw and abort that it ended without being done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa

from millpond.records.reading.conventions import TEXTS
from millpond.records.reading.finishing import EVENTS, Instants, finish
from millpond.records.reading.normalising import Normaliser
from millpond.records.reading.staging import BATCH_ROWS, Staging

WITHDRAWN = "withdrawn"
"""The outcome of a visit that was withdrawn or aborted, where none is recorded."""


def pair(staging: Staging, rows: Normaliser, zone: ZoneInfo) -> Iterator[pa.Table]:
    """The visits that rows with a lifecycle make.

    Args:
        staging: where they wait for one another.
        rows: the rows.
        zone: the zone of the local days and hours.
    """
    con = staging.con.cursor()
    if not _store(con, rows):
        return
    _by_instance(con)
    _by_order(con)
    _join_texts(con, rows.further)
    for batch in con.execute(_visits(rows.further)).to_arrow_reader(BATCH_ROWS):
        table = pa.Table.from_batches([batch])
        events = {event: _instants(table, f"{event}_us") for event in EVENTS}
        yield finish(table, events, rows.further, zone, rows.tally.counts)


def _store(con: duckdb.DuckDBPyConnection, rows: Normaliser) -> bool:
    """Write the rows down; false if there are none."""
    first = True
    for table, times in rows.batches():
        events = table.append_column("us", pa.array(times["timestamp"].us))
        con.register("millpond_events", events)
        verb = "CREATE OR REPLACE TABLE events AS" if first else "INSERT INTO events"
        con.execute(f"{verb} SELECT * FROM millpond_events")
        con.unregister("millpond_events")
        first = False
    if first:
        return False
    con.execute("CREATE OR REPLACE TABLE links (start_row BIGINT, end_row BIGINT, join_row BIGINT, join_us BIGINT)")
    return True


def _by_instance(con: duckdb.DuckDBPyConnection) -> None:
    """Tie rows with one instance id together, the n-th of each kind with the n-th of the others."""
    row = con.execute(
        'SELECT count(*) FROM (SELECT 1 FROM events WHERE instance IS NOT NULL GROUP BY "case", step, instance'
        " HAVING count(DISTINCT kind) > 1)"
    ).fetchone()
    assert row is not None
    if row[0] == 0:
        con.execute("CREATE OR REPLACE VIEW loose AS SELECT * FROM events")
        return
    con.execute("CREATE OR REPLACE VIEW loose AS SELECT * FROM events WHERE instance IS NULL")
    role = "CASE WHEN kind = 'start' THEN 's' WHEN kind IN ('schedule', 'assign') THEN 'j' ELSE 'e' END"
    con.execute(
        f"""
        INSERT INTO links
        WITH keyed AS (
            SELECT row_number, "case", step, instance, us, {role} AS role,
                row_number() OVER (PARTITION BY "case", step, instance, {role} ORDER BY us, row_number) AS n
            FROM events WHERE instance IS NOT NULL
        ), sizes AS (
            SELECT "case", step, instance,
                greatest(1, count(*) FILTER (role = 's'), count(*) FILTER (role = 'e')) AS visits
            FROM keyed GROUP BY ALL
        )
        SELECT min(row_number) FILTER (role = 's'), min(row_number) FILTER (role = 'e'),
            min(row_number) FILTER (role = 'j'), min(us) FILTER (role = 'j')
        FROM keyed JOIN sizes USING ("case", step, instance)
        GROUP BY "case", step, instance, least(n, visits)
        """
    )


def _by_order(con: duckdb.DuckDBPyConnection) -> None:
    """Tie the other rows together in the order of time."""
    # Where more than one was under way at once, a worker's rows are kept apart from the others' at first.
    con.execute(
        """
        CREATE OR REPLACE TABLE crowded AS
        SELECT DISTINCT "case", step FROM (
            SELECT "case", step, sum(CASE WHEN kind = 'start' THEN 1 ELSE -1 END) OVER (
                PARTITION BY "case", step ORDER BY us, kind <> 'start', row_number ROWS UNBOUNDED PRECEDING
            ) AS open
            FROM loose WHERE kind IN ('start', 'end', 'abort')
        ) WHERE open > 1
        """
    )
    con.execute(
        """
        CREATE OR REPLACE TABLE waiting AS
        SELECT row_number, "case", step, kind, us,
            CASE WHEN crowded.step IS NULL THEN '' ELSE coalesce(worker, '') END AS lane
        FROM loose LEFT JOIN crowded USING ("case", step)
        """
    )
    con.execute("CREATE OR REPLACE TABLE matched (opening BIGINT, closing BIGINT)")
    starts = "SELECT * FROM waiting WHERE kind = 'start' AND row_number NOT IN (SELECT opening FROM matched)"
    ends = "SELECT * FROM waiting WHERE kind IN ('end', 'abort') AND row_number NOT IN (SELECT closing FROM matched)"
    _match(con, starts, ends, '"case", step, lane')
    _match(con, starts, ends, '"case", step')
    # Each visit begins with its start, or with its end where no start is known; those take what was scheduled.
    con.execute(
        f"""
        CREATE OR REPLACE TABLE begun AS
        SELECT opening AS row_number, closing AS end_row FROM matched
        UNION ALL SELECT row_number, NULL FROM ({starts})
        UNION ALL SELECT row_number, row_number FROM ({ends})
        """
    )
    # Where visits are both scheduled and assigned, they joined when they were scheduled.
    con.execute(
        """
        CREATE OR REPLACE TABLE joining AS
        SELECT * FROM waiting WHERE kind IN ('schedule', 'assign')
        QUALIFY kind = 'schedule' OR count(*) FILTER (kind = 'schedule') OVER (PARTITION BY "case", step) = 0
        """
    )
    con.execute("DELETE FROM matched")
    takers = "SELECT * FROM waiting WHERE kind = 'withdraw' OR row_number IN (SELECT row_number FROM begun)"
    _match(con, "SELECT * FROM joining", takers, '"case", step')
    con.execute("CREATE OR REPLACE TABLE joined AS SELECT * FROM matched")
    con.execute("DELETE FROM matched")
    # A withdrawal that nothing scheduled waits for ends a visit that was under way.
    open_starts = "SELECT * FROM waiting WHERE row_number IN (SELECT row_number FROM begun WHERE end_row IS NULL)"
    withdrawals = "SELECT * FROM waiting WHERE kind = 'withdraw' AND row_number NOT IN (SELECT closing FROM joined)"
    _match(con, open_starts, withdrawals, '"case", step')
    con.execute(
        """
        INSERT INTO links
        SELECT CASE WHEN begun.row_number = end_row THEN NULL ELSE begun.row_number END,
            coalesce(end_row, ended.closing), joined.opening, joining.us
        FROM begun
        LEFT JOIN matched AS ended ON ended.opening = begun.row_number
        LEFT JOIN joined ON joined.closing = begun.row_number
        LEFT JOIN joining ON joining.row_number = joined.opening
        UNION ALL
        SELECT NULL, waiting.row_number, joined.opening, joining.us
        FROM waiting
        LEFT JOIN joined ON joined.closing = waiting.row_number
        LEFT JOIN joining ON joining.row_number = joined.opening
        WHERE waiting.kind = 'withdraw' AND waiting.row_number NOT IN (SELECT closing FROM matched)
        UNION ALL
        SELECT NULL, NULL, row_number, us FROM joining WHERE row_number NOT IN (SELECT opening FROM joined)
        """
    )


def _match(con: duckdb.DuckDBPyConnection, openings: str, closings: str, keys: str) -> None:
    """Let every closing take the earliest opening that is still open, within the keys.

    A running count of openings less closings falls to a new lowest value exactly at a closing that finds nothing
    open; of the other closings, the n-th takes the n-th opening.
    """
    con.execute(
        f"""
        INSERT INTO matched
        WITH steps AS (
            SELECT row_number, {keys}, us, 1 AS d FROM ({openings})
            UNION ALL SELECT row_number, {keys}, us, -1 FROM ({closings})
        ), counted AS (
            SELECT *, sum(d) OVER (PARTITION BY {keys} ORDER BY us, d DESC, row_number ROWS UNBOUNDED PRECEDING)
                AS open FROM steps
        ), lowest AS (
            SELECT *, least(0, coalesce(min(open) OVER (PARTITION BY {keys} ORDER BY us, d DESC, row_number
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)) AS low FROM counted
        ), numbered AS (
            SELECT *, row_number() OVER (PARTITION BY {keys}, d ORDER BY us, row_number) AS n
            FROM lowest WHERE d = 1 OR open >= low
        )
        SELECT opening.row_number, closing.row_number
        FROM (SELECT * FROM numbered WHERE d = 1) AS opening
        JOIN (SELECT * FROM numbered WHERE d = -1) AS closing USING ({keys}, n)
        """
    )


def _join_texts(con: duckdb.DuckDBPyConnection, further: Mapping[str, int]) -> None:
    """Make a visit of each link, with the texts of its rows; the worker and pool are those of its start.

    One join after the other, and in no order: all at once would need the whole log in memory.
    """
    texts = ["visit", '"case"', "step", *TEXTS, "minutes_us", *(f"x{place}" for place in range(len(further)))]
    con.execute("SET preserve_insertion_order = false")
    joined = ", ".join(f"events.{text}" for text in texts)
    started = ", ".join(f"coalesce(events.{text}, made.{text}) AS {text}" for text in texts)
    ended = ", ".join(
        f"coalesce(made.{text}, events.{text}) AS {text}"
        if text in ("worker", "pool")
        else f"coalesce(events.{text}, made.{text}) AS {text}"
        for text in texts
    )
    steps = (
        ("links", "join_row", f"made.*, {joined}"),
        ("made_0", "start_row", f"start_row, end_row, join_row, join_us, events.us AS start_us, {started}"),
        ("made_1", "end_row", f"start_row, end_row, join_row, join_us, start_us, events.us AS end_us, kind, {ended}"),
    )
    for number, (made, row, chosen) in enumerate(steps):
        con.execute(
            f"CREATE OR REPLACE TABLE made_{number} AS SELECT {chosen}"
            f" FROM {made} AS made LEFT JOIN events ON events.row_number = made.{row}"
        )
        con.execute(f"DROP TABLE {made}")


def _visits(further: Mapping[str, int]) -> str:
    """SQL for the visits in the order of the source."""
    texts = ["visit", '"case"', "step", *(name for name in TEXTS if name != "outcome"), "minutes_us"]
    texts += [f"x{place}" for place in range(len(further))]
    withdrawn = f"CASE WHEN kind IN ('withdraw', 'abort') THEN '{WITHDRAWN}' END"
    return (
        f"SELECT least(start_row, end_row, join_row) AS row_number, {', '.join(texts)},"
        f" coalesce(outcome, {withdrawn}) AS outcome, join_us AS joined_us, start_us AS started_us, end_us AS ended_us"
        " FROM made_2 ORDER BY row_number"
    )


def _instants(table: pa.Table, name: str) -> Instants:
    column = table.column(name)
    known = column.is_valid().to_numpy()
    return np.asarray(column.fill_null(0), dtype=np.int64), np.asarray(known)
