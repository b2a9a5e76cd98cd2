"""Reading small files that a test writes as text, and looking at the visit log as a person would."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from millpond.records.reading import Reading, read_log

EVENTS = ("joined", "started", "ended")


class Log:
    """A visit log that was read, and what reading it came to."""

    def __init__(self, con: duckdb.DuckDBPyConnection, reading: Reading, zone: ZoneInfo) -> None:
        self.con = con
        self.reading = reading
        self.zone = zone

    def rows(self, *columns: str) -> list[tuple[Any, ...]]:
        """Some columns of all visits in the order of the source; ``joined``, ``started``, ``ended`` in local time."""
        names = [f"{name}_us" if name in EVENTS else '"' + name.replace('"', '""') + '"' for name in columns]
        found = self.con.execute(f"SELECT {', '.join(names)} FROM log ORDER BY row_number, ended_us").fetchall()
        return [
            tuple(self._local(value) if name in EVENTS else value for name, value in zip(columns, row, strict=True))
            for row in found
        ]

    def column(self, name: str) -> list[Any]:
        """One column of all visits in the order of the source."""
        return [row[0] for row in self.rows(name)]

    def aside(self) -> list[tuple[Any, ...]]:
        """The rows that were set aside: row number, reason, original text."""
        return self.con.execute("FROM log_aside ORDER BY row_number").fetchall()

    def _local(self, us: int | None) -> str | None:
        if us is None:
            return None
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)
        local = moment.astimezone(self.zone)
        text = local.strftime("%Y-%m-%d %H:%M")
        if local.second or local.microsecond:
            text += local.strftime(":%S")
        if local.microsecond:
            text += local.strftime(".%f").rstrip("0")
        return text


Read = Callable[..., Log]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write a file, read it into a fresh database, and hand back the log."""

    def reader(content: str | bytes | Path, name: str = "log.csv", zone: str = "Europe/London", **asked: Any) -> Log:
        if isinstance(content, Path):
            path = content
        else:
            path = tmp_path / name
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        con = duckdb.connect()
        reading = read_log(path, into=con, table="log", zone=ZoneInfo(zone), **asked)
        return Log(con, reading, ZoneInfo(zone))

    return reader
