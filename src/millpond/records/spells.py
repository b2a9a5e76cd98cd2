"""Spells of work: `work.csv`, where a visit was worked on in several goes, or by several people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from millpond.records.schema import SPELLS, count
from millpond.records.tables import UNREADABLE, Aside, Batch, Layout, read_table
from millpond.records.zones import local_day_and_hour

NAME = "work.csv"

_LAYOUT = Layout(
    columns={
        "visit": ("visit", "visit id"),
        "worker": ("worker", "worker id", "resource", "staff", "staff member"),
        "starts": ("starts", "start", "started", "starts at", "start time", "from"),
        "ends": ("ends", "end", "ended", "ends at", "end time", "until", "to"),
        "minutes": ("minutes", "mins", "duration_minutes", "minutes of work"),
    },
    times=("starts", "ends"),
    needed=("visit", "starts", "ends"),
    minutes="minutes",
)


def create_spells(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Make an empty table of spells."""
    columns = ", ".join(f"{name} {kind}" for name, kind in SPELLS.items())
    con.execute(f"CREATE OR REPLACE TABLE {table} ({columns})")


def read_spells(
    path: Path, zone: ZoneInfo, con: duckdb.DuckDBPyConnection, table: str, visits: str
) -> tuple[Aside, ...]:
    """Read spells of work into a table.

    Minutes that are blank are the time from start to end. A spell is left out, with its reason, where it has no visit
    or none that is in the records, where a time is missing, where it ends before it starts, and where it says what
    another row says exactly.

    Args:
        path: ``work.csv``.
        zone: of the local days, and of times without an offset.
        con: the database.
        table: the table to make.
        visits: the table of visits.

    Returns:
        The rows that were left out: row, reason, what it said.

    Raises:
        UnreadableFile: the file is no table of spells.
    """
    create_spells(con, table)
    con.execute(f"ALTER TABLE {table} ADD COLUMN row_number BIGINT")

    def take(batch: Batch) -> Mapping[int, str]:
        refused, minutes = _refused(batch)
        kept = np.array([place not in refused for place in range(len(batch.rows))], dtype=np.bool_)
        starts, ends = batch.times["starts"].us[kept], batch.times["ends"].us[kept]
        places = _places(kept)
        rows = pa.table(
            {
                "visit": pa.array([batch.texts["visit"][place] for place in places], pa.string()),
                "worker": pa.array([batch.texts["worker"][place] for place in places], pa.string()),
                "starts_us": starts,
                "ends_us": ends,
                "starts_day": local_day_and_hour(starts, zone)[0],
                "ends_day": local_day_and_hour(ends, zone)[0],
                "minutes_us": np.where(minutes[kept] < 0, ends - starts, minutes[kept]),
                "row_number": batch.rows[kept],
            }
        )
        con.register("millpond_spells", rows)
        con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM millpond_spells")
        con.unregister("millpond_spells")
        return refused

    read = read_table(path, _LAYOUT, zone, take)
    aside = [*read.aside, *_strangers(con, table, visits), *_twice(con, table)]
    con.execute(f"ALTER TABLE {table} DROP COLUMN row_number")
    return tuple(sorted(aside))


def _refused(batch: Batch) -> tuple[dict[int, str], NDArray[np.int64]]:
    """Why rows are refused, by their places; and recorded minutes in microseconds, -1 where blank."""
    starts, ends = batch.times["starts"], batch.times["ends"]
    refused: dict[int, str] = {}
    minutes = np.array([-1 if us is None else us for us in batch.minutes_us], dtype=np.int64)
    for place, us in enumerate(batch.minutes_us):
        if us == UNREADABLE:
            refused[place] = "what stands in 'minutes' is no number of minutes, or is negative"
    for place in _places(starts.known & ends.known & (ends.us < starts.us)):
        refused[place] = "it ends before it starts"
    for name, times in (("starts", starts), ("ends", ends)):
        for place in _places(~times.known & ~times.unreadable):
            refused[place] = f"it has no time in '{name}'"
        for place in _places(times.unreadable):
            refused[place] = f"what stands in '{name}' cannot be read as a time"
    for place, visit in enumerate(batch.texts["visit"]):
        if visit is None:
            refused[place] = "it names no visit"
    return refused, minutes


def _places(flags: NDArray[np.bool_]) -> list[int]:
    return [int(place) for place in np.flatnonzero(flags)]


def _strangers(con: duckdb.DuckDBPyConnection, table: str, visits: str) -> list[Aside]:
    where = f"visit NOT IN (SELECT visit FROM {visits})"
    return _taken_out(con, table, where, "its visit is not in the records")


def _twice(con: duckdb.DuckDBPyConnection, table: str) -> list[Aside]:
    again = (
        f"row_number IN (SELECT row_number FROM (SELECT row_number, row_number() OVER (PARTITION BY visit, worker,"
        f" starts_us, ends_us, minutes_us ORDER BY row_number) AS n FROM {table}) WHERE n > 1)"
    )
    return _taken_out(con, table, again, "it says what another row says")


def _taken_out(con: duckdb.DuckDBPyConnection, table: str, where: str, reason: str) -> list[Aside]:
    if not count(con, table, where):
        return []
    rows = con.execute(f"SELECT row_number, visit FROM {table} WHERE {where} ORDER BY 1").fetchall()
    con.execute(f"DELETE FROM {table} WHERE {where}")
    return [(int(row), reason, str(visit)) for row, visit in rows]
