"""The ledger of imports: when each extract came, what it brought, and how much of it was late.

It is kept as `imports.csv` in the service folder and grows by a row for each import that changed something. It holds
counts and no visit.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from millpond.records.files import write_text

NAME = "imports.csv"
COLUMNS = ("imported_at", "source", "rows", "added", "updated", "last_instant", "gap_days", "late")
AGES = (0, 1, 2, 3, 4, 5, 6, 7, 14, 21, 28, 35, 42, 49, 56, 63, 70, 77, 84)
"""Groups of ages in days, each named by its first: single days for a week, then weeks, up to 13 weeks."""


@dataclass(frozen=True)
class Entry:
    """One import.

    Attributes:
        imported_at: when, with its offset.
        source: the name of the file or table, without its folder.
        rows: rows read.
        added: visits that the folder did not have.
        updated: visits that the folder had and that changed.
        last_instant: the last recorded instant that is not in the future, with its offset; None where there is none.
        gap_days: local days between the last instant of the import before and this one; 0 for a first import and
            for an extract that is not newer.
        late: by group of ages (see `AGES`), among the visits that had joined by the last instant of the import
            before: how many came only with this import, and how many the folder now holds. The age of a visit is
            the days from its joining to that instant.
    """

    imported_at: datetime
    source: str
    rows: int
    added: int
    updated: int
    last_instant: datetime | None
    gap_days: int = 0
    late: Mapping[int, tuple[int, int]] = field(default_factory=dict)


def age_group(age: int) -> int:
    """The group of an age in days; the last group has no end."""
    return max(group for group in AGES if group <= max(age, 0))


def read_ledger(folder: Path) -> tuple[Entry, ...]:
    """The imports into a folder, oldest first; rows that cannot be read (edited by hand) are passed over."""
    try:
        text = (folder / NAME).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ()
    entries = []
    for row in csv.DictReader(io.StringIO(text, newline="")):
        try:
            entries.append(_entry(row))
        except (KeyError, ValueError, TypeError, AttributeError):
            continue
    return tuple(entries)


def add_to_ledger(folder: Path, entry: Entry) -> None:
    """Write a row at the end of the ledger; the rows before it stay as they are.

    Raises:
        millpond.errors.CannotWrite: the ledger is then as it was.
    """
    target = folder / NAME
    old = target.read_bytes().decode("utf-8", "surrogateescape") if target.exists() else ""
    if old and not old.endswith("\n"):
        old += "\n"
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if not old:
        writer.writerow(COLUMNS)
    writer.writerow(
        [
            entry.imported_at.isoformat(),
            entry.source,
            entry.rows,
            entry.added,
            entry.updated,
            entry.last_instant.isoformat() if entry.last_instant else "",
            entry.gap_days,
            " ".join(f"{group}:{late}/{total}" for group, (late, total) in sorted(entry.late.items())),
        ]
    )
    write_text(target, old + text.getvalue(), private=True)


def _entry(row: Mapping[str, str]) -> Entry:
    late = {}
    for part in row["late"].split():
        group, _, counts = part.partition(":")
        came, _, total = counts.partition("/")
        late[int(group)] = (int(came), int(total))
    return Entry(
        imported_at=datetime.fromisoformat(row["imported_at"]),
        source=row["source"],
        rows=int(row["rows"]),
        added=int(row["added"]),
        updated=int(row["updated"]),
        last_instant=datetime.fromisoformat(row["last_instant"]) if row["last_instant"] else None,
        gap_days=int(row["gap_days"] or 0),
        late=late,
    )
