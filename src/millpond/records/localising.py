"""Local days and hours of visits in another zone than the one that their source was read in."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa

from millpond.records.schema import quoted
from millpond.records.zones import local_day_and_hour

_EVENTS = ("joined", "started", "ended")
_ROWS = 100_000


def in_zone(con: duckdb.DuckDBPyConnection, table: str, zone: ZoneInfo) -> None:
    """Find the local days and hours of a table of visits anew, in place."""
    con.execute(
        "CREATE OR REPLACE TABLE localised (place BIGINT, joined_day INTEGER, joined_hour SMALLINT,"
        " started_day INTEGER, started_hour SMALLINT, ended_day INTEGER, ended_hour SMALLINT)"
    )
    reading = con.cursor()
    rows = reading.execute(f"SELECT rowid AS place, joined_us, started_us, ended_us FROM {quoted(table)}")
    for batch in rows.to_arrow_reader(_ROWS):
        columns = {"place": batch.column("place")}
        for event in _EVENTS:
            instants = batch.column(f"{event}_us")
            unknown = np.asarray(instants.is_null())
            days, hours = local_day_and_hour(np.asarray(instants.fill_null(0), dtype=np.int64), zone)
            columns[f"{event}_day"] = pa.array(days, mask=unknown)
            columns[f"{event}_hour"] = pa.array(hours, mask=unknown)
        con.register("millpond_localised", pa.table(columns))
        con.execute("INSERT INTO localised BY NAME SELECT * FROM millpond_localised")
        con.unregister("millpond_localised")
    reading.close()
    names = [f"{event}_{part}" for event in _EVENTS for part in ("day", "hour")]
    changes = ", ".join(f"{name} = found.{name}" for name in names)
    con.execute(
        f"UPDATE {quoted(table)} SET {changes} FROM localised AS found WHERE {quoted(table)}.rowid = found.place"
    )
    con.execute("DROP TABLE localised")
