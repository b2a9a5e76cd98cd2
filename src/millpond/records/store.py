"""The store: what a service folder holds about what happened, as tables that measures can be taken of.

Files are the records; the store is a view of them that lasts as long as somebody looks. It changes no file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal
from zoneinfo import ZoneInfo

import duckdb
from ibis.expr.types import Table

from millpond.errors import UnreadableFile
from millpond.model import Service
from millpond.records import daily, rota, spells
from millpond.records.daily import DailyRead
from millpond.records.daily_quality import daily_quality
from millpond.records.findings import Finding
from millpond.records.ledger import Entry, read_ledger
from millpond.records.loading import Loaded, load_visits, records_file
from millpond.records.order import put_in_order
from millpond.records.quality import QualityReport, quality_report
from millpond.records.reading import Reading
from millpond.records.reading.progress import Progress
from millpond.records.rota import Shift
from millpond.records.schema import RECORDED_JOINED, ROW_NUMBER, VISITS
from millpond.records.tables import aside_notes
from millpond.records.workspace import Workspace

Kind = Literal["visits", "daily totals", "none"]


@dataclass(frozen=True, eq=False)
class Records:
    """What a service folder holds about what happened. Close it when done, or use it in a ``with``.

    Attributes:
        folder: where it came from.
        kind: ``visits``, ``daily totals`` where only those are kept, or ``none``.
        zone: the service's zone, in which days and hours are.
        visits: the normalised visit log, without a row where the folder has no visits.
        spells: spells of work, without a row where there are none.
        daily: daily totals; None where the folder has none.
        rota: shifts by worker and time.
        reading: how the file of visits was read; None where there is none.
        findings: visits whose events were recorded in an order that cannot be, and which were put in order.
        ledger: the imports that the visits came by.
        notes: sentences for a person about all of the files.
    """

    folder: Path
    kind: Kind
    zone: ZoneInfo
    visits: Table
    spells: Table
    daily: Table | None
    rota: tuple[Shift, ...]
    reading: Reading | None
    findings: tuple[Finding, ...]
    ledger: tuple[Entry, ...]
    notes: tuple[str, ...]
    _workspace: Workspace = field(repr=False)
    _totals: DailyRead | None = field(default=None, repr=False)

    @property
    def backend(self) -> Any:
        """The Ibis connection in which the tables are."""
        return self._workspace.backend

    def quality(self, *, now: datetime, service: Service | None = None) -> QualityReport:
        """The quality report of the folder's visits, or of its daily totals where it has only those.

        Args:
            now: what is later is in the future; it knows its zone.
            service: compared with, where there is one.
        """
        if self.kind == "daily totals" and self._totals is not None:
            totals = self._totals
            return daily_quality(totals, totals.totals, source=daily.NAME, zone=self.zone, now=now, service=service)
        return quality_report(
            self._workspace.con,
            "visits",
            zone=self.zone,
            now=now,
            source=self.reading.source if self.reading else str(self.folder),
            rows=self.reading.rows_read if self.reading else 0,
            aside="visits_aside" if self.reading else None,
            service=service,
            ledger=self.ledger,
            found_before=self.findings,
        )

    def close(self) -> None:
        """Let the tables go; closing again does nothing."""
        self._workspace.close()

    def __enter__(self) -> Records:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_records(folder: Path | str, service: Service, *, progress: Progress | None = None) -> Records:
    """Load what a service folder holds about what happened.

    Args:
        folder: the service folder. Every file in it may be missing.
        service: the service that the folder describes.
        progress: told how the reading of the visits goes.

    Raises:
        UnreadableFile: there is no such folder, or a file is not what its name says.
    """
    home = Path(folder)
    if not home.is_dir():
        raise UnreadableFile(f"There is no folder {home}. Check its name, or make it with `millpond import`.")
    workspace = Workspace()
    try:
        return _loaded(home, service, workspace, progress)
    except BaseException:
        workspace.close()
        raise


def _loaded(home: Path, service: Service, workspace: Workspace, progress: Progress | None) -> Records:
    con = workspace.con
    notes: list[str] = []
    loaded = _visits(home, service, con, progress)
    if loaded is not None:
        notes += loaded.notes
        told = {"joined after started"} if loaded.reading.counts.get("joined_after_started") else set()
        notes += [found.sentence for found in loaded.findings if found.kind not in told]
    notes += _spells(home, service, con)
    shifts: tuple[Shift, ...] = ()
    if (home / rota.NAME).exists():
        shifts, rota_notes = rota.read_rota(home / rota.NAME, service)
        notes += rota_notes
    has_daily = (home / daily.NAME).exists()
    totals = None
    if has_daily:
        totals = daily.load_daily(home / daily.NAME, con, "daily", service)
        notes += totals.notes
    kind: Kind = "visits" if loaded is not None else "daily totals" if has_daily else "none"
    if kind == "none":
        notes.append(
            f"{home} has neither records.csv nor daily.csv, so there is nothing to measure yet. "
            "Bring records in with `millpond import`."
        )
    elif loaded is not None and has_daily:
        notes.append("The folder has visits as well as daily totals: the visits are measured.")
    backend = workspace.backend
    return Records(
        folder=home,
        kind=kind,
        zone=service.zone,
        visits=backend.table("visits"),
        spells=backend.table("spells"),
        daily=backend.table("daily") if has_daily else None,
        rota=shifts,
        reading=loaded.reading if loaded else None,
        findings=loaded.findings if loaded else (),
        ledger=read_ledger(home),
        notes=tuple(notes),
        _workspace=workspace,
        _totals=totals,
    )


def _visits(home: Path, service: Service, con: duckdb.DuckDBPyConnection, progress: Progress | None) -> Loaded | None:
    """The table of visits, with every column that all visits have."""
    file = records_file(home)
    if file is None:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in VISITS.items())
        con.execute(f"CREATE TABLE visits ({columns})")
        return None
    loaded = load_visits(file, con, "visits", service.zone, mapping=service.records, progress=progress)
    put_in_order(con, "visits")
    con.execute(f"ALTER TABLE visits DROP COLUMN {ROW_NUMBER}")
    con.execute(f"ALTER TABLE visits DROP COLUMN {RECORDED_JOINED}")
    assert not set(VISITS) - set(con.table("visits").columns)
    return loaded


def _spells(home: Path, service: Service, con: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    if not (home / spells.NAME).exists():
        spells.create_spells(con, "spells")
        return ()
    aside = spells.read_spells(home / spells.NAME, service.zone, con, "spells", "visits")
    return aside_notes(spells.NAME, aside)
