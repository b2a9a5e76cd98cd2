"""The quality report: what a person should know about the records before they trust a figure from them.

It reads a table of visits and changes nothing. Each question is asked in `checks`, `gaps` and `lag`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import PurePath
from zoneinfo import ZoneInfo

import duckdb

from millpond.model import Service
from millpond.records import checks
from millpond.records.findings import EXAMPLES, Finding, counted, finding
from millpond.records.gaps import days_off, gaps
from millpond.records.lag import RecordingLag, recording_lag
from millpond.records.ledger import Entry
from millpond.records.schema import count, quoted
from millpond.records.stray import stray_days

DUPLICATE = "duplicate row"
"""The reason with which a row is set aside that says exactly what another says."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_REASONS = 10


@dataclass(frozen=True)
class QualityReport:
    """What is odd in the records, most serious first.

    Attributes:
        source: what was looked at, by its name alone: where it lies is nobody else's business.
        rows: rows read.
        kept: visits made of them.
        set_aside: rows set aside; each is in ``set-aside.csv`` with its reason.
        findings: what was found.
        lag: which recent days are still filling up.
        unit: what is kept: a ``visit``, or a ``day`` of totals.
    """

    source: str
    rows: int
    kept: int
    set_aside: int
    findings: tuple[Finding, ...]
    lag: RecordingLag
    unit: str = "visit"

    def of(self, kind: str) -> Finding | None:
        """The first finding of a kind; None where there is none."""
        return next((found for found in self.findings if found.kind == kind), None)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The whole report in sentences, the rows first and the recording lag last."""
        head = f"{counted(self.rows, 'row')} read from {self.source}: {counted(self.kept, self.unit)} kept"
        head += f", {counted(self.set_aside, 'row')} set aside." if self.set_aside else "."
        return (head, *(found.sentence for found in self.findings), self.lag.sentence)


def quality_report(
    con: duckdb.DuckDBPyConnection,
    table: str,
    *,
    zone: ZoneInfo,
    now: datetime,
    source: str,
    rows: int | None = None,
    aside: str | None = None,
    service: Service | None = None,
    ledger: Sequence[Entry] = (),
    found_before: Sequence[Finding] = (),
    whole: str | None = None,
) -> QualityReport:
    """Look through a table of visits.

    Args:
        con: the database.
        table: a table with the columns of `millpond.records.schema.VISITS`.
        zone: the service's zone.
        now: what is later is in the future; it knows its zone.
        source: what is looked at, for the sentences.
        rows: rows that were read; by default those kept and those set aside.
        aside: the table of rows set aside (``row_number, reason, original``), if there is one.
        service: compared with, where there is one: its names and its holidays.
        ledger: earlier imports, for the recording lag.
        found_before: findings of the reading itself, which come first.
        whole: the table of all visits of the folder, for the recording lag, where `table` is only a part of them.
    """
    name = quoted(table)
    kept = count(con, name)
    set_aside = count(con, quoted(aside)) if aside else 0
    now_us = (now - _EPOCH) // timedelta(microseconds=1)
    counts = daily_counts(con, table, now_us)
    today = now.astimezone(zone).date()
    off = days_off(service, min(counts, default=today), max(counts, default=today))
    findings = [
        *(_rows_set_aside(con, quoted(aside), set_aside, rows or kept + set_aside) if aside and set_aside else ()),
        *found_before,
        *checks.missing_joins(con, name),
        *checks.missing_starts(con, name, *([service.withdrawn_outcomes] if service else ())),
        *checks.zero_length(con, name),
        *checks.overlaps(con, name),
        *checks.future_dates(con, name, now_us),
        *checks.names_alike(con, name),
        *(checks.unknown_names(con, name, service) if service else ()),
        *stray_days(counts),
        *gap_findings(counts, off),
    ]
    return QualityReport(
        source=PurePath(source).name or source,
        rows=kept + set_aside if rows is None else rows,
        kept=kept,
        set_aside=set_aside,
        findings=tuple(findings),
        lag=lag_of(con, whole or table, zone=zone, now=now, ledger=ledger, closed_days=off),
    )


def lag_of(
    con: duckdb.DuckDBPyConnection,
    table: str,
    *,
    zone: ZoneInfo,
    now: datetime,
    ledger: Sequence[Entry] = (),
    closed_days: frozenset[date] = frozenset(),
) -> RecordingLag:
    """Which recent days of a table of visits are still filling up; see `millpond.records.lag`.

    Args:
        con, table, zone, now, ledger: as for `quality_report`. A day that is today is not over.
        closed_days: days on which the service is closed.
    """
    now_us = (now - _EPOCH) // timedelta(microseconds=1)
    last_us = last_instant_us(con, table, now_us)
    if last_us is None:
        return RecordingLag(None, "There is no visit that could tell whether recent days are still filling up.", "none")
    last_day = (_EPOCH + timedelta(microseconds=last_us)).astimezone(zone).date()
    today = now.astimezone(zone).date()
    counts = daily_counts(con, table, now_us)
    return recording_lag(counts, last_day, as_of=today, ledger=ledger, closed_days=closed_days)


def last_instant_us(con: duckdb.DuckDBPyConnection, table: str, now_us: int) -> int | None:
    """The last recorded instant of a table of visits that is not in the future; None where there is none."""
    events = ("joined_us", "started_us", "ended_us")
    latest = ", ".join(f"max({event}) FILTER ({event} <= {now_us})" for event in events)
    row = con.execute(f"SELECT greatest({latest}) FROM {quoted(table)}").fetchone()
    return None if row is None or row[0] is None else int(row[0])


def daily_counts(con: duckdb.DuckDBPyConnection, table: str, now_us: int) -> dict[date, int]:
    """How many visits joined on each local day, those in the future left out."""
    rows = con.execute(
        f"SELECT joined_day, count(*) FROM {quoted(table)} WHERE joined_us <= {now_us} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return {date(1970, 1, 1) + timedelta(days=day): visits for day, visits in rows}


def _rows_set_aside(con: duckdb.DuckDBPyConnection, aside: str, total: int, rows: int) -> Iterator[Finding]:
    found = con.execute(
        f"SELECT reason, count(*), min(row_number, {EXAMPLES}) FROM {aside} GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    for reason, number, shown in found[:_REASONS]:
        kind = "duplicate rows" if reason == DUPLICATE else "set aside"
        sentence = f"{counted(number, 'row')} set aside: {reason}."
        yield finding(kind, number, rows, sentence, [f"row {place}" for place in shown])
    if len(found) > _REASONS:
        number = total - sum(others for _, others, _ in found[:_REASONS])
        yield finding("set aside", number, rows, f"{counted(number, 'row')} set aside for other reasons.")


def gap_findings(counts: Mapping[date, int], off: frozenset[date]) -> Iterator[Finding]:
    """The finding that there are gaps, if there are; see `millpond.records.gaps`."""
    found = gaps(counts, off)
    if found:
        longest = sorted(found, key=lambda gap: (-gap.expected, gap.first))[:EXAMPLES]
        shown = ", ".join(str(gap) for gap in sorted(longest, key=lambda gap: gap.first))
        sentence = (
            f"{counted(len(found), 'gap')} in the records: days without any visit, where visits are usual ({shown}"
            f"{', and others' if len(found) > EXAMPLES else ''}). Ask whether the service was closed or the extract "
            "is not complete."
        )
        yield finding("gaps in days", len(found), None, sentence, [str(gap) for gap in longest])
