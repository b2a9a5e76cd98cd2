"""Bringing records in: read a source, add it to a folder, and describe a new service from what the records show."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tomlkit

from millpond.calibration.daily import draft_from_totals
from millpond.calibration.draft import Draft, draft_service
from millpond.calibration.drafted import drafted_text
from millpond.errors import CannotWrite, WrongUse
from millpond.model import RecordsMapping, Service, dump_service, load_service, parse_service
from millpond.model.fitted import DRAFTED_NAME
from millpond.periods import instant_us
from millpond.records.files import replacing, sole_writer, write_text
from millpond.records.importing import Import, import_log
from millpond.records.store import open_records

SERVICE_FILE = "service.toml"


@dataclass(frozen=True)
class Options:
    """How a source is to be read, where that cannot be seen from it; None leaves it to be seen.

    Attributes:
        columns: our name of a column to the name that it has in the source.
        name: what to call the service, in a new folder.
        timezone: the service's zone, in a new folder; Europe/London if left out.
        holidays: whose bank holidays it keeps, in a new folder.
        day_first: whether 03/04/2025 is the 3rd of April.
        sheet, encoding, delimiter: of a workbook or text.
        step: the step of every row, where the source has no column for it.
        table, query: what to read of a database.
        object_type: of an object-centric log, the type of object that is the case.
        replace_closed: let the source win over visits that are closed in the folder and differ from it.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    name: str | None = None
    timezone: str | None = None
    holidays: str | None = None
    day_first: bool | None = None
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    step: str | None = None
    table: str | None = None
    query: str | None = None
    object_type: str | None = None
    replace_closed: bool = False


@dataclass(frozen=True)
class Brought:
    """What bringing a source in came to.

    Attributes:
        folder: the service folder.
        imported: what was read, added, updated and set aside, and the quality report.
        drafted: what the first ``service.toml`` rests on; None where there was one already.
    """

    folder: Path
    imported: Import
    drafted: tuple[str, ...] | None

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it in sentences, and what to do next."""
        imported = self.imported
        lines = [imported.sentence, *imported.notes, *imported.quality.sentences]
        if self.drafted is not None:
            lines += ["", f"A first {SERVICE_FILE} was written from what the records show:", *self.drafted]
        return (*lines, "", "Next:", f"  millpond report {self.folder} -o report.html")

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values, ready for JSON."""
        imported = self.imported
        counts = ("kind", "added", "updated", "unchanged", "differing", "missing_open", "set_aside")
        return {
            "folder": str(self.folder),
            **{name: getattr(imported, name) for name in counts},
            "notes": list(imported.notes),
            "quality": {
                "rows": imported.quality.rows,
                "kept": imported.quality.kept,
                "set_aside": imported.quality.set_aside,
                "findings": [asdict(found) for found in imported.quality.findings],
                "filling_from": str(imported.quality.lag.filling_from or "") or None,
                "sentences": list(imported.quality.sentences),
            },
            "drafted": None if self.drafted is None else list(self.drafted),
        }


def bring_in(
    source: str | Path,
    folder: Path,
    options: Options | None = None,
    *,
    now: datetime | None = None,
    progress: Callable[[float | None, int], None] | None = None,
) -> Brought:
    """Adds a source to a service folder; a folder without a description gets a first one.

    Args:
        source: a file, or the address of a database.
        folder: the service folder; made where it is missing.
        options: how the source is to be read, and what a new service is called.
        now: the present, instead of the clock.
        progress: is told how far the reading has come.

    Raises:
        UnreadableFile: the source is missing, empty, or not what its name says.
        WrongUse: options that fit only a new folder, or that nothing in the source fits.
        CannotWrite: the disk is full or the folder cannot be written to; what was there is untouched, and a folder
            that was not there is not there.
        FaultyService: the folder's ``service.toml`` has faults.
    """
    chosen = options or Options()
    moment = now or datetime.now(UTC)
    described = (folder / SERVICE_FILE).exists()
    service = load_service(folder) if described else _undescribed(folder, chosen)
    if described:
        _refuse_what_is_for_new_folders(chosen, folder)
    if chosen.delimiter is not None and len(chosen.delimiter) != 1:
        raise WrongUse(
            f"The delimiter '{chosen.delimiter}' is not one character. Give one, such as ';', or leave it out."
        )
    with _nothing_left_behind(folder):
        imported = import_log(
            source,
            folder,
            service=service if described else None,
            zone=service.zone,
            mapping=chosen.columns,
            day_first=chosen.day_first,
            encoding=chosen.encoding,
            delimiter=chosen.delimiter,
            sheet=chosen.sheet,
            default_step=chosen.step or _only_step(service) or "contact",
            query=chosen.query,
            table_name=chosen.table,
            object_type=chosen.object_type,
            replace_closed=chosen.replace_closed,
            now=moment,
            progress=progress,
        )
        if described:
            return Brought(folder, imported, None)
        draft = _draft(folder, service, chosen, moment)
        write_text(folder / DRAFTED_NAME, drafted_text(draft.service))
        with replacing(folder / SERVICE_FILE) as unfinished:
            unfinished.write_text(draft.text, encoding="utf-8")
        return Brought(folder, imported, draft.notes)


@contextlib.contextmanager
def _nothing_left_behind(folder: Path) -> Iterator[None]:
    """Takes a folder that was made within away again, with all that came into it, where the work is cut short.

    Records without a description would make the next try look like a second import. What another import brings into
    the same folder meanwhile is not ours to take: only the one that made the folder removes it, under the lock, and
    not once it is described.
    """
    made: list[Path] = []
    with contextlib.suppress(OSError):  # what is in the way is told by the import
        for place in reversed([place for place in (folder, *folder.parents) if not place.exists()]):
            place.mkdir()
            made.append(place)
    try:
        yield
    except BaseException:
        if folder in made and not (folder / SERVICE_FILE).exists():
            with contextlib.suppress(CannotWrite), sole_writer(folder):
                shutil.rmtree(folder, ignore_errors=True)
        for place in reversed(made):
            with contextlib.suppress(OSError):
                place.rmdir()
        raise


def _undescribed(folder: Path, options: Options) -> Service:
    """A service of which only the name, the zone and the holidays are known."""
    words = folder.resolve().name.replace("-", " ").replace("_", " ").strip() or "service"
    name = options.name or words[0].upper() + words[1:]
    kept = {"timezone": options.timezone, "holidays": options.holidays}
    return Service.from_plain(
        {"name": name, **{key: value for key, value in kept.items() if value is not None}}, "options"
    )


def _refuse_what_is_for_new_folders(options: Options, folder: Path) -> None:
    given = {"--name": options.name, "--timezone": options.timezone, "--holidays": options.holidays}
    for option, value in given.items():
        if value is not None:
            raise WrongUse(
                f"{option} is for a new folder, and {folder} has a {SERVICE_FILE}, which is yours and is not changed. "
                f"Leave {option} away, or change it in {folder / SERVICE_FILE}."
            )


def _only_step(service: Service) -> str | None:
    """The step of a service that has one: a later extract without a column for the step means that one."""
    return next(iter(service.steps)) if len(service.steps) == 1 else None


def _draft(folder: Path, service: Service, options: Options, now: datetime) -> Draft:
    mapping = None
    if options.columns or options.day_first is not None:
        mapping = RecordsMapping(
            # Blank says that a column is not there, for this reading alone: it names nothing to keep.
            columns={ours: theirs for ours, theirs in options.columns.items() if theirs},
            day_first=options.day_first,
            sheet=options.sheet,
            encoding=options.encoding,
            delimiter=options.delimiter,
        )
    with open_records(folder, service) as records:
        if records.kind == "daily totals" and records.daily is not None:
            draft = draft_from_totals(records.daily, service)
        else:
            draft = draft_service(
                records.visits,
                name=service.name,
                timezone=service.timezone,
                holidays=service.holidays,
                now_us=instant_us(now),
            )
    return draft if mapping is None else _with_mapping(draft, mapping)


def _with_mapping(draft: Draft, mapping: RecordsMapping) -> Draft:
    """The draft with how the source was read, so that the next extract is read the same way."""
    described = tomlkit.parse(draft.text)
    described["records"] = tomlkit.parse(dump_service(Service(name="-", records=mapping)))["records"]
    text = tomlkit.dumps(described)
    return replace(draft, service=parse_service(text), text=text)
