"""Reads the plain tables of a service folder (rota, spells of work, daily totals) batch by batch.

The same care as for records: any usual delimiter, encoding and form of date, every row either taken or set aside
with its reason. What a row means is decided by the module that asks for the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from millpond.errors import UnreadableFile
from millpond.records.opened import Options, take_rows
from millpond.records.reading.amounts import Comma, meaning_of_comma, read_minutes
from millpond.records.reading.conventions import key
from millpond.records.reading.opening import open_source
from millpond.records.reading.refusing import original_rows
from millpond.records.reading.staging import BATCH_ROWS, Staging
from millpond.records.reading.surveying import settle_day_first, surveys
from millpond.records.reading.times import Convention, Times, read_times

UNREADABLE = -1
"""Stands for minutes that are no number, or negative."""

Aside = tuple[int, str, str]
"""A row that was set aside: where it stood, why, and what it said."""

_SHOWN = 3


@dataclass(frozen=True)
class Layout:
    """What a table holds.

    Attributes:
        columns: our name of each column, and the names that mean it, in the order in which they are looked for.
        times: those of ours that are times.
        needed: those of ours without which the table says nothing.
        minutes: one of ours that is minutes of work, if there is one.
        further: whether columns that are not ours are kept, as text.
    """

    columns: Mapping[str, Sequence[str]]
    times: Sequence[str]
    needed: Sequence[str]
    minutes: str | None = None
    further: bool = False


@dataclass(frozen=True)
class Batch:
    """Some rows of a table.

    Attributes:
        rows: where each row stands in the file.
        texts: by our name, the texts of the columns that are no times; None where blank or where there is no such
            column.
        times: by our name, the columns of times; without those that the table lacks.
        minutes_us: minutes of work in microseconds; None where blank, and `UNREADABLE` where they are no number.
        further: by their name, the texts of the columns that are not ours, where they are kept.
    """

    rows: NDArray[np.int64]
    texts: Mapping[str, Sequence[str | None]]
    times: Mapping[str, Times]
    minutes_us: Sequence[int | None]
    further: Mapping[str, Sequence[str | None]] = field(default_factory=dict)


Take = Callable[[Batch], Mapping[int, str]]
"""Takes the rows of a batch; returns the reason for each that it refuses, by its place in the batch."""


@dataclass(frozen=True)
class TableRead:
    """What reading a table came to.

    Attributes:
        rows: rows with anything in them.
        aside: the rows that were set aside.
        notes: sentences for a person.
    """

    rows: int
    aside: tuple[Aside, ...]
    notes: tuple[str, ...]


def read_table(path: Path, layout: Layout, zone: ZoneInfo, take: Take, options: Options | None = None) -> TableRead:
    """Read a table of a service folder.

    Args:
        path: the file.
        layout: what it holds.
        zone: of times without an offset.
        take: is given every row, batch by batch in the order of the file.
        options: how to read it, where a person says so.

    Raises:
        UnreadableFile: it is no such table.
    """
    asked = options or Options()
    source = open_source(path)
    wanted = [name for names in layout.columns.values() for name in names]
    with Staging() as staging:
        taken = take_rows(source, staging, wanted, asked)
        places = _recognised(path.name, staging.names, layout, asked.mapping)
        columns, notes = _understood(path.name, staging, layout, places, zone, asked, serial_days=taken.serial_days)
        staging.con.execute("CREATE OR REPLACE TABLE refused (row_number BIGINT, reason VARCHAR)")
        chosen = ", ".join(f"c{place}" for place in range(len(staging.names)))
        reader = staging.con.cursor().execute(f"SELECT row_number, {chosen} FROM raw ORDER BY row_number")
        for rows in reader.to_arrow_reader(BATCH_ROWS):
            refused = take(columns.batch(rows))
            if refused:
                numbers = rows.column("row_number").to_pylist()
                reasons = [(numbers[place], reason) for place, reason in sorted(refused.items())]
                staging.con.executemany("INSERT INTO refused VALUES (?, ?)", reasons)
        aside = staging.con.execute(original_rows(staging, ",")).fetchall()
        return TableRead(
            rows=staging.rows + staging.set_aside,
            aside=tuple((int(row), str(reason), str(text)) for row, reason, text in aside),
            notes=(*taken.notes, *notes),
        )


@dataclass(frozen=True)
class _Columns:
    """How the columns of a staging place are read."""

    texts: Mapping[str, int | None]
    conventions: Mapping[str, tuple[int, Convention]]
    minutes: int | None
    comma: Comma
    further: Mapping[str, int]

    def batch(self, rows: pa.RecordBatch) -> Batch:
        count = rows.num_rows
        minutes_us: list[int | None] = [None] * count
        if self.minutes is not None:
            us, known, bad = read_minutes(rows.column(f"c{self.minutes}"), self.comma)
            minutes_us = pa.array(np.where(bad, UNREADABLE, us), mask=~known & ~bad).to_pylist()
        return Batch(
            rows=np.asarray(rows.column("row_number"), dtype=np.int64),
            texts={name: _texts(rows, place) for name, place in self.texts.items()},
            times={
                name: read_times(rows.column(f"c{place}"), convention)
                for name, (place, convention) in self.conventions.items()
            },
            minutes_us=minutes_us,
            further={name: _texts(rows, place) for name, place in self.further.items()},
        )


def _understood(
    name: str,
    staging: Staging,
    layout: Layout,
    places: Mapping[str, int],
    zone: ZoneInfo,
    options: Options,
    *,
    serial_days: bool,
) -> tuple[_Columns, list[str]]:
    """How to read each column, and what a person should know about that."""
    times = [ours for ours in layout.times if ours in places]
    seen = surveys(
        staging.con, [(staging.names[places[ours]], f"c{places[ours]}") for ours in times], serial_days=serial_days
    )
    orders, notes = settle_day_first(name, seen, options.day_first)
    minutes = places.get(layout.minutes) if layout.minutes else None
    comma: Comma = "unclear"
    if minutes is not None:
        comma, comma_notes = meaning_of_comma(staging.con, f"c{minutes}")
        notes = [*notes, *comma_notes]
    further = {
        theirs: place for place, theirs in enumerate(staging.names) if layout.further and place not in places.values()
    }
    texts = [ours for ours in layout.columns if ours not in (*layout.times, layout.minutes)]
    columns = _Columns(
        texts={ours: places.get(ours) for ours in texts},
        conventions={
            ours: (places[ours], one.convention(zone, orders[one.column]))
            for ours, one in zip(times, seen, strict=True)
        },
        minutes=minutes,
        comma=comma,
        further=further,
    )
    return columns, notes


def _texts(rows: pa.RecordBatch, place: int | None) -> list[str | None]:
    """The texts of a column; None where there is nothing but blanks."""
    if place is None:
        return [None] * rows.num_rows
    return [text if text and not text.isspace() else None for text in rows.column(f"c{place}").to_pylist()]


def aside_notes(name: str, aside: Sequence[Aside]) -> tuple[str, ...]:
    """A sentence for each reason for which rows of a file of the folder were set aside."""
    by_reason: dict[str, list[int]] = {}
    for row, reason, _ in aside:
        by_reason.setdefault(reason, []).append(row)
    notes = []
    for reason, rows in by_reason.items():
        shown = ", ".join(str(row) for row in rows[:_SHOWN])
        more = f" and {len(rows) - _SHOWN:,} more" if len(rows) > _SHOWN else ""
        notes.append(f"{name}: row{'' if len(rows) == 1 else 's'} {shown}{more} left out: {reason}.")
    return tuple(notes)


def _recognised(name: str, columns: Sequence[str], layout: Layout, mapping: Mapping[str, str]) -> dict[str, int]:
    """Where each of our columns stands; the first name that is found counts."""
    keys = [key(column) for column in columns]
    places: dict[str, int] = {}
    for ours, theirs in layout.columns.items():
        for word in [mapping[ours]] if ours in mapping else theirs:
            found = [place for place, other in enumerate(keys) if other == key(word) and place not in places.values()]
            if found:
                places[ours] = found[0]
                break
    missing = [ours for ours in layout.needed if ours not in places]
    if missing:
        raise UnreadableFile(
            f"{name} has no column '{missing[0]}'; its columns are {', '.join(columns)}. "
            f"Give it the columns {', '.join(layout.columns)}."
        )
    return places
