"""Text tables that a person can check by hand, turned into the tables that the measures read.

    log = visits('''
        case | step   | joined           | started | ended | worker | minutes
        -----+--------+------------------+---------+-------+--------+--------
        ada  | triage | 2025-01-06 09:00 | 09:30   | 10:00 | w1     | 20
        bob  | triage | Tue 09:00        |         |       |        |
    ''')

A blank cell is unknown. A time is a date and a time, a weekday and a time (``Tue 09:00``, in the week of the first
day), or a time alone: it then belongs to the last day named before it in its row, else to the first day. It is local
time in the zone unless it carries an offset (``2025-10-26 01:30+00:00``).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa
from ibis.expr.types import Table

FIRST_DAY = "2025-01-06"
"""The Monday to which times without a date belong."""

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_TEXTS = ("stream", "channel", "segment", "organisation", "priority")
_VISITS = pa.schema(
    [(name, pa.string()) for name in ("visit", "case", "step", "pool", "worker", "outcome")]
    + [(f"{event}_us", pa.int64()) for event in ("joined", "started", "ended")]
    + [(f"{event}_day", pa.int32()) for event in ("joined", "started", "ended")]
    + [(f"{event}_hour", pa.int16()) for event in ("joined", "started", "ended")]
    + [("joined_source", pa.string()), ("minutes_us", pa.int64())]
    + [(name, pa.string()) for name in _TEXTS]
)
_SPELLS = pa.schema(
    [
        ("visit", pa.string()),
        ("worker", pa.string()),
        ("starts_us", pa.int64()),
        ("ends_us", pa.int64()),
        ("starts_day", pa.int32()),
        ("ends_day", pa.int32()),
        ("minutes_us", pa.int64()),
    ]
)
_serial = itertools.count(1)


def visits(text: str, *, zone: str = "Europe/London", first_day: str = FIRST_DAY, backend: Any = None) -> Table:
    """A visit log from a text table, in the schema of the normalised log.

    Columns: ``case`` and ``step`` are needed; ``visit`` defaults to ``v1``, ``v2``, ... by row. A blank ``joined``
    is taken from ``started``, else ``ended``, and ``joined_source`` says so unless the table has it.

    Args:
        text: the table.
        zone: the zone of times without an offset, and of the local days and hours.
        first_day: the day of times that come without one.
        backend: an Ibis connection; an in-memory DuckDB by default.
    """
    local = ZoneInfo(zone)
    columns, rows = _cells(text)
    extra = [name for name in columns if name not in (*_VISITS.names, "joined", "started", "ended", "minutes")]
    schema = pa.schema([*_VISITS, *((name, pa.string()) for name in extra)])
    return _stored([_visit(n, row, local, first_day) for n, row in enumerate(rows, 1)], schema, "visits", backend)


def spells(text: str, *, zone: str = "Europe/London", first_day: str = FIRST_DAY, backend: Any = None) -> Table:
    """A table of spells of work from a text table with ``visit | worker | starts | ends | minutes``."""
    local = ZoneInfo(zone)
    _, rows = _cells(text)
    records = []
    for row in rows:
        instants = _instants(row, ("starts", "ends"), local, first_day)
        record: dict[str, Any] = {"visit": row["visit"], "worker": row.get("worker")}
        for event, instant in instants.items():
            record |= {f"{event}_us": micros(instant), f"{event}_day": _day(instant, local)}
        minutes = row.get("minutes")
        record["minutes_us"] = (
            round(float(minutes) * 60_000_000) if minutes else record["ends_us"] - record["starts_us"]
        )
        records.append(record)
    return _stored(records, _SPELLS, "spells", backend)


def stored_visits(records: list[dict[str, Any]], *, zone: str = "Europe/London", backend: Any = None) -> Table:
    """A visit log from records that give `joined_us` and, where known, `started_us` and `ended_us`."""
    local = ZoneInfo(zone)
    return _stored([_dated(record, local) for record in records], _VISITS, "visits", backend)


def empty_spells(*, backend: Any = None) -> Table:
    """A table of spells that holds none."""
    return _stored([], _SPELLS, "spells", backend)


def at(text: str, *, zone: str = "Europe/London", first_day: str = FIRST_DAY) -> int:
    """An instant as whole microseconds since 1970-01-01 UTC; the text is as in a table."""
    return micros(_instant(text, date.fromisoformat(first_day), ZoneInfo(zone)))


def micros(instant: datetime) -> int:
    """Whole microseconds since 1970-01-01 UTC."""
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _visit(number: int, row: dict[str, str | None], local: ZoneInfo, first_day: str) -> dict[str, Any]:
    known = _instants(row, ("joined", "started", "ended"), local, first_day)
    source = "recorded" if "joined" in known else "started" if "started" in known else "ended"
    joined = known.get("joined") or known.get("started") or known["ended"]
    stated = {name: cell for name, cell in row.items() if cell is not None}
    record: dict[str, Any] = {"visit": f"v{number}", "joined_source": source, **stated}
    for event, instant in {**known, "joined": joined}.items():
        record[f"{event}_us"] = micros(instant)
        record[f"{event}_day"] = _day(instant, local)
        record[f"{event}_hour"] = instant.astimezone(local).hour
    if row.get("minutes"):
        record["minutes_us"] = round(float(row["minutes"] or 0) * 60_000_000)
    return record


def _dated(record: dict[str, Any], local: ZoneInfo) -> dict[str, Any]:
    dated = {"joined_source": "recorded", **record}
    for event in ("joined", "started", "ended"):
        if record.get(f"{event}_us") is not None:
            moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=record[f"{event}_us"])
            dated[f"{event}_day"] = _day(moment, local)
            dated[f"{event}_hour"] = moment.astimezone(local).hour
    return dated


def _instants(
    row: dict[str, str | None], events: tuple[str, ...], local: ZoneInfo, first_day: str
) -> dict[str, datetime]:
    """The events of a row that are known; a time alone belongs to the last day named before it."""
    day = date.fromisoformat(first_day)
    known = {}
    for event in events:
        if cell := row.get(event):
            known[event] = _instant(cell, day, local)
            day = known[event].astimezone(local).date()
    return known


def _instant(cell: str, day: date, local: ZoneInfo) -> datetime:
    if cell[:3] in _WEEKDAYS:
        monday = day - timedelta(days=day.weekday())
        cell = f"{monday + timedelta(days=_WEEKDAYS.index(cell[:3]))} {cell[3:].strip()}"
    elif re.fullmatch(r"\d\d:\d\d.*", cell):
        cell = f"{day} {cell}"
    instant = datetime.fromisoformat(cell)
    return (instant if instant.tzinfo else instant.replace(tzinfo=local)).astimezone(UTC)


def _day(instant: datetime, local: ZoneInfo) -> int:
    return (instant.astimezone(local).date() - date(1970, 1, 1)).days


def _cells(text: str) -> tuple[list[str], list[dict[str, str | None]]]:
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    names = [name.strip() for name in lines[0].split("|")]
    return names, list(_rows(names, lines[1:]))


def _rows(names: list[str], lines: list[str]) -> Iterator[dict[str, str | None]]:
    for line in lines:
        if set(line) <= set("-+| "):
            continue
        cells = [cell.strip() or None for cell in line.split("|")]
        if len(cells) != len(names):
            raise ValueError(f"this row has {len(cells)} cells where the heading has {len(names)}: {line}")
        yield dict(zip(names, cells, strict=True))


def _stored(records: list[dict[str, Any]], schema: pa.Schema, kind: str, backend: Any) -> Table:
    table = pa.Table.from_pylist(records, schema=schema)
    home = _in_memory() if backend is None else backend
    stored: Table = home.create_table(f"{kind}_{next(_serial)}", table)
    return stored


@cache
def _in_memory() -> Any:
    return ibis.duckdb.connect()
