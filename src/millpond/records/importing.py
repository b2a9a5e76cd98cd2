"""Brings an extract into a service folder: the first time, and every time after.

The same extract twice changes nothing, not a byte. A newer one adds its visits and updates those that were open; see
`merging` for what happens to each visit. Whatever is not taken is in `set-aside.csv` with its reason.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from millpond.model import Service
from millpond.records import setting_aside
from millpond.records.daily import NAME as DAILY
from millpond.records.daily import are_daily_totals
from millpond.records.daily_import import import_daily
from millpond.records.daily_quality import daily_quality
from millpond.records.extract import Source, options_for
from millpond.records.files import make_folder, sole_writer
from millpond.records.findings import counted
from millpond.records.opened import Options
from millpond.records.quality import QualityReport
from millpond.records.reading import Reading
from millpond.records.reading.progress import Progress
from millpond.records.visits_import import Ways, import_visits


@dataclass(frozen=True)
class Import:
    """What an import came to.

    Attributes:
        folder: the service folder.
        kind: ``visits`` or ``daily totals``; the counts below are of visits, or of days and pools.
        reading: how the extract was read; None for daily totals.
        records_file: the file that holds them.
        added: what the folder did not have.
        updated: what it had and the extract changed.
        unchanged: what both have alike.
        differing: closed visits of which the extract says otherwise; they stay as they were, and the extract's rows
            are set aside.
        missing_open: visits open in the folder that the extract does not have.
        set_aside: rows added to the file of what was set aside.
        set_aside_file: that file; None where the folder has none.
        quality: the quality report of the extract; its recording lag is that of the whole folder.
        notes: sentences for a person about the reading.
    """

    folder: Path
    kind: Literal["visits", "daily totals"]
    reading: Reading | None
    records_file: Path
    added: int
    updated: int
    unchanged: int
    differing: int
    missing_open: int
    set_aside: int
    set_aside_file: Path | None
    quality: QualityReport
    notes: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether the records of the folder changed."""
        return bool(self.added or self.updated)

    @property
    def sentence(self) -> str:
        """What happened, in a sentence or a few."""
        what = "visit" if self.kind == "visits" else "daily total"
        parts = [
            f"{number:,} {how}" for number, how in ((self.updated, "updated"), (self.unchanged, "unchanged")) if number
        ]
        if self.changed:
            text = ", ".join([f"{counted(self.added, what)} added", *parts]) + "."
        else:
            text = f"Nothing new: {counted(self.unchanged, what)} unchanged."
        if self.differing:
            one = self.differing == 1
            text += (
                f" {counted(self.differing, what)} {'differs' if one else 'differ'} from what the folder has and "
                f"{'stays as it was' if one else 'stay as they were'} there."
            )
        if self.missing_open:
            text += f" {counted(self.missing_open, 'visit')} open in the folder {_are(self.missing_open)} not in it."
        if self.set_aside:
            text += f" {counted(self.set_aside, 'row')} set aside in {setting_aside.NAME}."
        return text


def import_log(
    source: Path | str,
    folder: Path | str,
    *,
    service: Service | None = None,
    zone: ZoneInfo | None = None,
    mapping: Mapping[str, str] | None = None,
    day_first: bool | None = None,
    timezone: ZoneInfo | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    default_step: str = "contact",
    query: str | None = None,
    table_name: str | None = None,
    object_type: str | None = None,
    replace_closed: bool = False,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Import:
    """Bring an extract into a service folder.

    Args:
        source: a file, or the address of a database.
        folder: the service folder; it is made where there is none.
        service: the service that the folder describes, where it does: its zone, names and [records] count.
        zone: the service's zone where there is no service; Europe/London by default.
        mapping: our name of a column to theirs; goes before what the service says under [records.columns].
        day_first, encoding, delimiter, sheet, default_step: see `millpond.records.reading.read_log`.
        timezone: the zone of times without an offset, where it is not the service's.
        query, table_name: which rows of a database.
        object_type: of an object-centric log, the type of object that is the case.
        replace_closed: where the extract says otherwise of a closed visit, the extract wins.
        now: what is later is in the future; it knows its zone. By default the present.
        progress: told how much is done (0 to 1) and how many rows have been taken.

    Raises:
        UnreadableFile: the source, or the folder's own file, cannot be read. Nothing has changed.
        CannotWrite: the disk is full, or something is in the way. The folder's records are as they were.
        WrongUse: the options do not fit the source.
    """
    home = Path(folder)
    home_zone = service.zone if service else zone or ZoneInfo("Europe/London")
    ways = Ways(service, now or datetime.now(UTC), replace_closed, progress)
    asked = Options(dict(mapping or {}), day_first, encoding, delimiter, sheet, object_type)
    options, zone_of_times = options_for(service, asked)
    what = Source(source, options, timezone or zone_of_times, default_step, query, table_name)
    with _folder(home), sole_writer(home):
        if not what.is_database and are_daily_totals(Path(source), options):
            return _import_daily(Path(source), home, home_zone, options, ways)
        done = import_visits(what, home, home_zone, ways)
    return Import(
        folder=home,
        kind="visits",
        reading=done.extract.reading,
        records_file=done.records_file,
        added=done.merged.added,
        updated=done.merged.updated,
        unchanged=done.merged.unchanged,
        differing=done.merged.differing,
        missing_open=done.merged.missing_open,
        set_aside=done.set_aside,
        set_aside_file=_set_aside_file(home),
        quality=done.quality,
        notes=done.notes,
    )


@contextlib.contextmanager
def _folder(home: Path) -> Iterator[None]:
    """The folder, made where there is none, and gone again if nothing came into it."""
    made = not home.exists()
    make_folder(home)
    try:
        yield
    except BaseException:
        if made:
            with contextlib.suppress(OSError):
                home.rmdir()
        raise


def _import_daily(source: Path, home: Path, zone: ZoneInfo, options: Options, ways: Ways) -> Import:
    done = import_daily(source, home, zone, options, replace=ways.replace_closed)
    return Import(
        folder=home,
        kind="daily totals",
        reading=None,
        records_file=home / DAILY,
        added=done.added,
        updated=done.updated,
        unchanged=done.unchanged,
        differing=done.differing,
        missing_open=0,
        set_aside=done.set_aside,
        set_aside_file=_set_aside_file(home),
        quality=daily_quality(
            done.read, done.totals, source=source.name, zone=zone, now=ways.now, service=ways.service
        ),
        notes=done.read.notes,
    )


def _set_aside_file(home: Path) -> Path | None:
    file = home / setting_aside.NAME
    return file if file.exists() else None


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
