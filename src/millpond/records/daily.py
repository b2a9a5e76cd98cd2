"""Daily totals: `daily.csv`, for a service that keeps no record of single visits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa

from millpond.errors import MillpondError
from millpond.model import Service
from millpond.records.checks import meant
from millpond.records.opened import Options, first_rows
from millpond.records.reading.conventions import key
from millpond.records.schema import DAILY
from millpond.records.tables import UNREADABLE, Aside, Batch, Layout, aside_notes, read_table
from millpond.records.zones import local_day_and_hour

NAME = "daily.csv"
ALL = "all"
"""The pool of totals that name none, where the service does not have exactly one."""

_OF_VISITS = frozenset(
    key(name)
    for name in (
        *("case", "case_id", "case:concept:name", "case number", "case ref", "case reference", "patient", "patient id"),
        *(
            "client",
            "client id",
            "referral id",
            "referral number",
            "reference",
            "ref",
            "person id",
            "nhs number",
            "urn",
        ),
        *("step", "concept:name", "activity name", "task", "stage", "event", "visit"),
    )
)
"""Columns that only a file with a row for each visit or case has."""

_LAYOUT = Layout(
    columns={
        "date": ("date", "day", "period"),
        "pool": ("pool", "team", "service", "role", "department", "unit"),
        "joined": ("joined", "referrals", "received", "new", "arrivals", "demand", "referred", "opened", "in"),
        "done": ("done", "completed", "closed", "activity", "discharged", "discharges", "seen", "ended", "out"),
        "waiting": ("waiting", "backlog", "queue", "waiting list", "still waiting", "open"),
        # A bare "minutes" could as well be the work of the whole day, and a wrong guess would look right.
        "minutes": ("minutes_per_visit", "minutes each", "minutes a visit"),
    },
    times=("date",),
    needed=("date", "joined", "done"),
    minutes="minutes",
    further=True,
)


@dataclass(frozen=True)
class Total:
    """The totals of one pool on one day.

    Attributes:
        day: days since 1970-01-01.
        pool: None where the file names none.
        joined, done: visits that joined and that were done in the day.
        waiting: visits waiting at its end; None where that is not kept.
        minutes: minutes of work that one visit takes; None where they are not kept.
        further: what other columns say of it: name and text.
    """

    day: int
    pool: str | None
    joined: int
    done: int
    waiting: int | None
    minutes: float | None
    further: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class DailyRead:
    """What reading a file of daily totals came to: the totals by day and pool, rows left out, notes."""

    totals: tuple[Total, ...]
    rows: int
    aside: tuple[Aside, ...]
    notes: tuple[str, ...]


def date_of(day: int) -> date:
    """The date of a day number (days since 1970-01-01)."""
    return date(1970, 1, 1) + timedelta(days=day)


def are_daily_totals(source: Path, options: Options | None = None) -> bool:
    """Whether a file holds daily totals: a date and whole numbers for what joined and what was done, and no case.

    Only its first rows are looked at, and most of them must be so: one cell with ``n/a`` makes no visit of a day. A
    file that is nothing of the kind, or cannot be read at all, is none.
    """
    asked = options or Options()
    if {"case", "step", "started", "ended"} & set(asked.mapping):
        return False
    try:
        names, rows = first_rows(source, asked)
    except MillpondError:
        return False
    keys = [key(name) for name in names]
    if set(keys) & _OF_VISITS:
        return False
    places = {}
    for ours in ("date", "joined", "done"):
        words = [asked.mapping[ours]] if ours in asked.mapping else _LAYOUT.columns[ours]
        found = [keys.index(key(word)) for word in words if key(word) in keys]
        if not found:
            return False
        places[ours] = found[0]
    for ours in ("joined", "done"):
        filled = [text for row in rows if (text := row[places[ours]]) is not None and text.strip()]
        if 2 * sum(_count(text) is not None for text in filled) <= len(filled):
            return False
    return True


def read_daily(path: Path, zone: ZoneInfo, options: Options | None = None) -> DailyRead:
    """Read daily totals.

    A row is left out, with its reason, where its date or a count cannot be read, where a count is missing (a blank is
    unknown, not none) and where another row has totals for the same day and pool.

    Raises:
        UnreadableFile: the file is no table of daily totals.
    """
    totals: dict[tuple[int, str | None], Total] = {}

    def take(batch: Batch) -> Mapping[int, str]:
        refused: dict[int, str] = {}
        dates = batch.times["date"]
        days = local_day_and_hour(np.where(dates.known, dates.us, 0), zone)[0]
        for place in range(len(batch.rows)):
            total = _total(batch, place, int(days[place]))
            if isinstance(total, str):
                refused[place] = total
            elif (total.day, total.pool) in totals:
                refused[place] = "another row has totals for the same day and pool"
            else:
                totals[total.day, total.pool] = total
        return refused

    read = read_table(path, _LAYOUT, zone, take, options)
    ordered = tuple(totals[place] for place in sorted(totals, key=lambda place: (place[0], place[1] or "")))
    return DailyRead(ordered, read.rows, read.aside, read.notes)


def load_daily(path: Path, con: duckdb.DuckDBPyConnection, table: str, service: Service) -> DailyRead:
    """Make the table of daily totals of a folder; totals that name no pool are those of the service's only one.

    Returns:
        What was read; its notes also tell what was left out and which pools the service lacks.

    Raises:
        UnreadableFile: the file is no table of daily totals.
    """
    read = read_daily(path, service.zone)
    only = next(iter(service.pools)) if len(service.pools) == 1 else ALL
    columns = ", ".join(f"{name} {kind}" for name, kind in DAILY.items())
    con.execute(f"CREATE OR REPLACE TABLE {table} ({columns})")
    rows = pa.table(
        {
            "day": pa.array([total.day for total in read.totals], pa.int32()),
            "pool": pa.array([total.pool or only for total in read.totals], pa.string()),
            "joined": pa.array([total.joined for total in read.totals], pa.int64()),
            "done": pa.array([total.done for total in read.totals], pa.int64()),
            "waiting": pa.array([total.waiting for total in read.totals], pa.int64()),
            "minutes": pa.array([total.minutes for total in read.totals], pa.float64()),
        }
    )
    con.register("millpond_daily", rows)
    con.execute(f"INSERT INTO {table} SELECT * FROM millpond_daily ORDER BY day, pool")
    con.unregister("millpond_daily")
    notes = [*read.notes, *aside_notes(path.name, read.aside)]
    strange = sorted({total.pool for total in read.totals if total.pool is not None} - set(service.pools))
    if strange and service.pools:
        listed = ", ".join(meant(pool, service.pools) for pool in strange)
        notes.append(f"{path.name} names pools that service.toml does not have: {listed}. Their totals are kept.")
    return replace(read, notes=tuple(notes))


def _total(batch: Batch, place: int, day: int) -> Total | str:
    """The totals of a row, or why there are none."""
    dates = batch.times["date"]
    if dates.unreadable[place]:
        return "what stands in 'date' cannot be read as a date"
    if not dates.known[place]:
        return "it has no date"
    counts: dict[str, int | None] = {}
    for name in ("joined", "done", "waiting"):
        text = batch.texts[name][place]
        counts[name] = None if text is None else _count(text)
        if text is not None and counts[name] is None:
            return f"what stands in '{name}' is no whole number of visits"
    joined, done = counts["joined"], counts["done"]
    if joined is None or done is None:
        return f"it has no number in '{'joined' if joined is None else 'done'}'"
    us = batch.minutes_us[place]
    if us == UNREADABLE:
        return "what stands in 'minutes_per_visit' is no number of minutes, or is negative"
    further = tuple((name, text) for name, texts in batch.further.items() if (text := texts[place]) is not None)
    minutes = None if us is None else us / 60e6
    return Total(day, batch.texts["pool"][place], joined, done, counts["waiting"], minutes, further)


def _count(text: str) -> int | None:
    """A whole number of visits: ``12``, ``1,204`` or ``12.0``, as spreadsheets write them."""
    bare = text.strip().removesuffix(".0")
    parts = bare.split(",")
    if len(parts) > 1 and (len(parts[0]) > 3 or any(len(part) != 3 for part in parts[1:])):
        return None
    bare = "".join(parts)
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 10 else None
