"""A folder opened: its description, its records and its present.

What can be asked of it is in `millpond.folder.verbs`, a module for each subject; each verb finds what it needs here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ibis.expr.types import Table

from millpond.errors import UnreadableFile, WrongUse
from millpond.folder import moments
from millpond.folder.moments import When
from millpond.folder.promised import check_promise
from millpond.measures.four import VisitLog
from millpond.measures.overview import Overview, overview
from millpond.model import Service, label_of, load_service
from millpond.periods import instant_us, moment_of
from millpond.records.findings import counted
from millpond.records.quality import QualityReport
from millpond.records.store import Records, open_records

if TYPE_CHECKING:
    pass


Tell = Callable[[float | None, int], None]
"""Is told the share that is done (None where it cannot be known) and how many rows that is."""


@dataclass(frozen=True)
class Checked:
    """What `Folder.check` found.

    Attributes:
        service: the service, which has no faults.
        quality: what is odd in the records; None where there are none.
        lines: all of it in sentences.
    """

    service: Service
    quality: QualityReport | None
    lines: tuple[str, ...]


class OpenedFolder:
    """A service folder whose records are read when they are first needed."""

    def __init__(self, path: str | Path, *, now: datetime | None = None) -> None:
        self.path = Path(path)
        self.service: Service = load_service(self.path)
        self.now = now or datetime.now(UTC)
        self._records: Records | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<millpond service folder {self.path}: {self.service.name}>"

    def close(self) -> None:
        """Removes the temporary database; the folder's own files are never touched."""
        if self._records is not None:
            self._records.close()
            self._records = None
            for name in ("seen", "_quality"):
                self.__dict__.pop(name, None)

    def records(self, progress: Tell | None = None) -> Records:
        """The records, read now if they were not yet."""
        if self._records is None:
            self._records = open_records(self.path, self.service, progress=progress)
        return self._records

    @property
    def labels(self) -> dict[str, str]:
        """What people call each pool."""
        return {name: label_of(self.service.pools, name) for name in self.service.pools}

    @cached_property
    def seen(self) -> Overview:
        """One look over the visits."""
        records = self.records()
        return overview(records.visits, records.spells, instant_us(self.now))

    def log(self) -> VisitLog:
        """The visits, their spells of work and the rota, as the measures take them.

        Raises:
            UnreadableFile: there are no records.
            WrongUse: the service keeps daily totals.
        """
        records = self._kept()
        return VisitLog(self._visits(), records.spells, records.rota, self.seen)

    def quality(self) -> QualityReport:
        """What is odd in the records, and which recent days are still filling up."""
        return self._quality

    def check(self, progress: Tell | None = None) -> Checked:
        """Looks through the description and the records.

        Raises:
            FaultyService: ``service.toml`` has faults (most are found already on opening the folder).
        """
        records = self.records(progress)
        service = self.service
        parts = ", ".join(
            counted(len(entries), word)
            for entries, word in (
                (service.pools, "pool"),
                (service.steps, "step"),
                (service.streams, "stream"),
                (service.calendars, "calendar"),
            )
        )
        check_promise(service)
        lines = [f"service.toml has no faults: {service.name}, {parts}."]
        quality = self.quality() if records.kind != "none" else None
        lines += quality.sentences if quality else ()
        return Checked(service, quality, (*lines, *records.notes))

    def as_of_us(self, as_of: When = None) -> int:
        """The instant that ends every series, in microseconds since 1970-01-01 UTC.

        Default: the last recorded instant that is not in the future; the present where nothing is recorded.
        """
        if as_of is not None:
            return self._instant(as_of)
        last = self.seen.last_us
        return instant_us(self.now) if last is None else last

    def as_of_text(self, as_of: When = None) -> str:
        """The instant that ends every series, ISO 8601 in the service's zone."""
        return moment_of(self.as_of_us(as_of), self.service.zone).isoformat(timespec="seconds")

    @cached_property
    def _quality(self) -> QualityReport:
        return self.records().quality(now=self.now, service=self.service)

    def _kept(self, progress: Tell | None = None) -> Records:
        """The records, of which there must be some."""
        records = self.records(progress)
        if records.kind == "none":
            raise UnreadableFile(records.notes[-1])
        return records

    def _visits(self) -> Table:
        records = self._kept()
        if records.kind == "daily totals":
            raise WrongUse(
                "This service keeps daily totals, which do not tell single visits; only the four measures can be "
                "had. Import records of visits to see waits, arrivals by hour and caseloads."
            )
        return records.visits

    def _instant(self, when: str | date | datetime) -> int:
        told = moments.moment(when)
        if isinstance(told, datetime):
            return instant_us(told if told.tzinfo else told.replace(tzinfo=self.service.zone))
        # A day stands for its end, the last microsecond of it.
        following = datetime.combine(told + timedelta(days=1), time(), self.service.zone)
        return instant_us(following) - 1
