"""Brings an extract of visits into a folder: read, paired, merged, written, and noted in the ledger, in that order.

Rows that are set aside are written before the records, and the ledger after them: whenever the work is cut short,
importing the extract again does what is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from millpond.model import Service
from millpond.records import setting_aside
from millpond.records.extract import Extract, Source, read_extract
from millpond.records.ledger import AGES, Entry, add_to_ledger, age_group, read_ledger
from millpond.records.loading import Loaded, load_visits, records_file
from millpond.records.matching import PAIRS, match
from millpond.records.merging import DIFFERING, MERGED, Merged, merge, recorded_columns
from millpond.records.quality import QualityReport, last_instant_us, quality_report
from millpond.records.reading.progress import Progress
from millpond.records.schema import count
from millpond.records.workspace import Workspace
from millpond.records.writing import RECORDS, original_text, write_visits

DIFFERS = "differs from the closed visit already in the folder"
"""The reason for which a row of an extract is set aside that says otherwise of a closed visit."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS = AGES[-1] + 7
_ROWS = 10_000


@dataclass(frozen=True)
class Ways:
    """How an import is done.

    Attributes:
        service: the service, where it is described.
        now: what is later is in the future.
        replace_closed: the extract wins over closed visits.
        progress: told how it goes.
    """

    service: Service | None
    now: datetime
    replace_closed: bool = False
    progress: Progress | None = None

    @property
    def now_us(self) -> int:
        """The present in microseconds since 1970-01-01 UTC."""
        return (self.now - _EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True)
class VisitsImport:
    """What an import of visits came to.

    Attributes:
        extract: how the extract was read.
        merged: what became of the visits.
        records_file: the file that holds them.
        set_aside: rows added to the file of what was set aside.
        quality: the quality report of the extract, with the recording lag of the whole folder.
        notes: sentences for a person.
    """

    extract: Extract
    merged: Merged
    records_file: Path
    set_aside: int
    quality: QualityReport
    notes: tuple[str, ...]


def import_visits(source: Source, home: Path, zone: ZoneInfo, ways: Ways) -> VisitsImport:
    """Bring an extract of visits into a folder that nobody else writes to meanwhile.

    Args:
        source: what to read, and how.
        home: the folder; it exists.
        zone: the service's zone.
        ways: how it is done.

    Raises:
        MillpondError: see `millpond.records.importing.import_log`.
    """
    workspace = Workspace()
    try:
        return _imported(workspace.con, source, home, zone, ways)
    finally:
        workspace.close()


def _imported(con: duckdb.DuckDBPyConnection, source: Source, home: Path, zone: ZoneInfo, ways: Ways) -> VisitsImport:
    steps = _Steps(ways.progress)
    file = records_file(home)
    kept: Loaded | None = None
    if file is not None:
        mapping = ways.service.records if ways.service else None
        kept = load_visits(file, con, "kept", zone, mapping=mapping, progress=steps.between(0.0, 0.2))
    extract = read_extract(source, con, "came", zone, steps.between(0.2 if kept else 0.0, 0.8))
    ledger = read_ledger(home)
    last_us = last_instant_us(con, "came", ways.now_us)
    merged = _merged(con, extract, kept, last_us, ways)
    changed = bool(merged.added or merged.updated)
    table = "came" if kept is None else MERGED if changed else "kept"
    steps.at(0.85)
    aside = setting_aside.set_aside(home, _aside(con, extract, kept, changed))
    target = file or home / RECORDS
    if changed:
        write_visits(con, table, target, zone)
        entry = _entry(con, extract, merged, last_us, ledger if kept else (), zone, ways.now, table)
        add_to_ledger(home, entry)
        ledger = (*ledger, entry)
    steps.at(0.95)
    quality = quality_report(
        con,
        "came",
        zone=zone,
        now=ways.now,
        source=extract.name,
        rows=extract.reading.rows_read,
        aside="came_aside",
        service=ways.service,
        ledger=ledger,
        found_before=extract.findings,
        whole=table,
    )
    steps.at(1.0)
    notes = (*(kept.notes if kept else ()), *extract.notes)
    return VisitsImport(extract, merged, target, aside, quality, notes)


def _merged(
    con: duckdb.DuckDBPyConnection, extract: Extract, kept: Loaded | None, last_us: int | None, ways: Ways
) -> Merged:
    if kept is None:
        return Merged(added=count(con, "came"), updated=0, unchanged=0, differing=0, missing_open=0)
    known_us = last_instant_us(con, "kept", ways.now_us)
    match(con, "kept", "came", nameless=extract.nameless)
    return merge(
        con,
        "kept",
        "came",
        kept_columns=recorded_columns(kept.reading),
        came_columns=recorded_columns(extract.reading),
        last_us=last_us,
        older=known_us is not None and (last_us is None or last_us < known_us),
        replace_closed=ways.replace_closed,
        nameless=extract.nameless,
    )


def _aside(
    con: duckdb.DuckDBPyConnection, extract: Extract, kept: Loaded | None, changed: bool
) -> Iterator[setting_aside.Row]:
    """What is to be set aside: rows of the extract, and of the folder's own file if it is about to be written anew."""
    if kept is not None and changed:
        yield from ((Path(kept.reading.source).name, *row) for row in kept.aside)
    queries = ["SELECT row_number, reason, original FROM came_aside ORDER BY 1"]
    if kept is not None:
        queries.append(
            f"SELECT row_number, '{DIFFERS}', {original_text(con, 'came')} FROM came"
            f" SEMI JOIN {DIFFERING} USING (visit) ORDER BY 1"
        )
    for query in queries:
        reading = con.cursor().execute(query)
        while rows := reading.fetchmany(_ROWS):
            yield from ((extract.name, int(row), str(reason), str(text)) for row, reason, text in rows)


def _entry(
    con: duckdb.DuckDBPyConnection,
    extract: Extract,
    merged: Merged,
    last_us: int | None,
    ledger: tuple[Entry, ...],
    zone: ZoneInfo,
    now: datetime,
    table: str,
) -> Entry:
    """What the ledger keeps of an import."""
    last = None if last_us is None else (_EPOCH + timedelta(microseconds=last_us)).astimezone(zone)
    before = max((entry.last_instant for entry in ledger if entry.last_instant), default=None)
    gap, late = 0, {}
    if last is not None and before is not None and last > before:
        gap = (last.date() - before.astimezone(zone).date()).days
        late = _late(con, before, zone, table)
    return Entry(
        imported_at=now.astimezone(zone).replace(microsecond=0),
        source=extract.name,
        rows=extract.reading.rows_read,
        added=merged.added,
        updated=merged.updated,
        last_instant=last,
        gap_days=gap,
        late=late,
    )


def _late(con: duckdb.DuckDBPyConnection, before: datetime, zone: ZoneInfo, table: str) -> dict[int, tuple[int, int]]:
    """By age, the visits that had joined by the last instant of the import before: those that came now, and all."""
    before_us = (before - _EPOCH) // timedelta(microseconds=1)
    day = (before.astimezone(zone).date() - date(1970, 1, 1)).days
    near = f"joined_us <= {before_us} AND joined_day > {day - _DAYS}"
    came = con.execute(
        f"SELECT joined_day, count(*) FROM came ANTI JOIN {PAIRS} ON visit = {PAIRS}.came WHERE {near} GROUP BY 1"
    ).fetchall()
    every = con.execute(f"SELECT joined_day, count(*) FROM {table} WHERE {near} GROUP BY 1").fetchall()
    late: Counter[int] = Counter()
    total: Counter[int] = Counter()
    for counted, rows in ((late, came), (total, every)):
        for joined_day, visits in rows:
            counted[age_group(day - joined_day)] += visits
    return {group: (late[group], total[group]) for group in sorted(total)}


class _Steps:
    """Tells how the whole is going, as its parts tell how they go."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._rows = 0

    def between(self, first: float, last: float) -> Progress | None:
        """Progress for a part that takes the whole from one share to another."""
        if self._progress is None:
            return None
        progress = self._progress

        def tell(part: float | None, rows: int) -> None:
            self._rows = rows
            progress(None if part is None else first + (last - first) * part, rows)

        return tell

    def at(self, share: float) -> None:
        """Tell that this share of the whole is done."""
        if self._progress is not None:
            self._progress(share, self._rows)
