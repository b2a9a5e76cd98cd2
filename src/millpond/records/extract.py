"""Reads a new extract, whatever it is, into a table of distinct visits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from millpond.model import Service
from millpond.records.findings import Finding
from millpond.records.localising import in_zone
from millpond.records.opened import Options
from millpond.records.order import disorder
from millpond.records.reading import Reading, derive_visit_ids, is_database, read_database, read_log
from millpond.records.reading.progress import Progress
from millpond.records.schema import quoted
from millpond.records.uniqueness import make_unique

NAMELESS = "unnamed"


@dataclass(frozen=True)
class Source:
    """What is to be read, and how.

    Attributes:
        source: a file, or the address of a database.
        options: how it is to be read, where a person says so.
        timezone: the zone of its times without an offset; None for the service's.
        default_step: the step of all visits where no column names it.
        query, table_name: which rows of a database.
    """

    source: Path | str
    options: Options
    timezone: ZoneInfo | None = None
    default_step: str = "contact"
    query: str | None = None
    table_name: str | None = None

    @property
    def is_database(self) -> bool:
        """Whether the rows come from a database rather than a file."""
        return isinstance(self.source, str) and is_database(self.source)


@dataclass(frozen=True)
class Extract:
    """An extract as a table of visits.

    Attributes:
        reading: how it was read.
        name: what the ledger and the set-aside rows call it: without folder and password.
        findings: visits whose events are in an order that cannot be.
        notes: sentences for a person.
    """

    reading: Reading
    name: str
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]

    @property
    def nameless(self) -> bool:
        """Whether the extract names no cases, so that every row is a case of its own."""
        return "case" not in self.reading.columns


def options_for(service: Service | None, asked: Options) -> tuple[Options, ZoneInfo | None]:
    """What is asked for, and where nothing is, what the service says under [records]; and its zone for times."""
    kept = service.records if service is not None else None
    if kept is None:
        return asked, None
    options = Options(
        mapping={**kept.columns, **asked.mapping},
        day_first=kept.day_first if asked.day_first is None else asked.day_first,
        encoding=asked.encoding or kept.encoding,
        delimiter=asked.delimiter or kept.delimiter,
        sheet=asked.sheet or kept.sheet,
        object_type=asked.object_type,
    )
    return options, ZoneInfo(kept.timezone) if kept.timezone else None


def read_extract(
    source: Source, con: duckdb.DuckDBPyConnection, table: str, zone: ZoneInfo, progress: Progress | None
) -> Extract:
    """Read an extract.

    Args:
        source: what to read.
        con: the database.
        table: the visit log to make; ``{table}_aside`` gets the rows that were set aside. Each visit has an id.
        zone: the service's zone.
        progress: told how it goes.

    Raises:
        MillpondError: it cannot be read.
    """
    zone_of_times = source.timezone or zone
    options = source.options
    if source.is_database:
        reading = read_database(
            str(source.source),
            query=source.query,
            table_name=source.table_name,
            into=con,
            table=table,
            zone=zone_of_times,
            mapping=options.mapping,
            day_first=options.day_first,
            default_step=source.default_step,
            progress=progress,
        )
    else:
        reading = read_log(
            source.source,
            into=con,
            table=table,
            zone=zone_of_times,
            mapping=options.mapping,
            day_first=options.day_first,
            encoding=options.encoding,
            delimiter=options.delimiter,
            sheet=options.sheet,
            default_step=source.default_step,
            object_type=options.object_type,
            progress=progress,
        )
    if zone_of_times.key != zone.key:
        in_zone(con, table, zone)
    notes = list(reading.notes)
    if "case" not in reading.columns:
        # The place of a row is no name: it is another one in the next extract.
        con.execute(f'UPDATE {quoted(table)} SET "case" = ? WHERE visit IS NULL', [NAMELESS])
        con.execute(f'UPDATE {quoted(table)} SET "case" = visit WHERE visit IS NOT NULL')
        derive_visit_ids(con, table)
        con.execute(f'UPDATE {quoted(table)} SET "case" = visit')
    notes += make_unique(con, table, f"{table}_aside")
    name = reading.source if source.is_database else Path(source.source).name
    return Extract(reading, name, tuple(disorder(con, table)), tuple(notes))
