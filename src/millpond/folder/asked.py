"""A service folder opened: the object that a person asks.

    service = millpond.open("victim-support")
    service.measure(by="week")
    service.waits()
    service.report().save("report.html")

It finds the records, the last instant and the recent days that are still filling up, and hands them to the measures;
it computes nothing itself. Every answer is a frozen value that outlives the folder.
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
from millpond.measures.arrivals import Arrivals, HoursOfTheWeek, arrivals, arrivals_by_hour
from millpond.measures.caseload import Caseload, caseload
from millpond.measures.caseload_history import CaseloadHistory, caseload_history
from millpond.measures.clearing import Clearing, clearing
from millpond.measures.critical import CriticalResource, critical_resource
from millpond.measures.daily_totals import measure_daily
from millpond.measures.four import VisitLog, measure, needs
from millpond.measures.lead_times import LeadTimes, lead_times
from millpond.measures.overview import Overview, overview
from millpond.measures.results import Measures
from millpond.measures.waiting import Breaches, Waiting, breaches, longest_waiting
from millpond.measures.waits import Waits, waits
from millpond.measures.work_content import ArrivalContent, WorkContent, arrival_content, work_content
from millpond.model import Service, label_of, load_service
from millpond.model.nearest import nearest
from millpond.periods import instant_us, moment_of
from millpond.records.findings import counted
from millpond.records.quality import QualityReport
from millpond.records.store import Records, open_records

if TYPE_CHECKING:
    from millpond.folder.exchanging import Exported
    from millpond.report.document import Report
    from millpond.simulation.results import Simulation

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


class Folder:
    """One service folder, and what it can be asked.

    The records are read when they are first needed and kept in a temporary database until the folder is closed;
    use it in a ``with`` block, or `close` it, or let the process end.

    Args:
        path: the folder that holds ``service.toml``.
        now: the present, instead of the clock; later instants in the records are errors.

    Raises:
        UnreadableFile: there is no such folder, or it has no ``service.toml``.
        FaultyService: ``service.toml`` has faults.
    """

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

    def measure(
        self,
        by: str = "day",
        *,
        pool: str | None = None,
        first: str | date | None = None,
        last: str | date | None = None,
        as_of: When = None,
        progress: Tell | None = None,
    ) -> Measures:
        """Demand, capacity, activity and backlog per pool and period.

        Args:
            by: ``hour``, ``day``, ``week`` or ``month``.
            pool: only this pool.
            first: the first day shown; what joined before and is not done is in the first backlog.
            last: the last day shown.
            as_of: what ends the series, as if nothing later were known.
            progress: is told how far the reading of the records has come.

        Raises:
            WrongUse: no such period or pool, or dates that do not fit together.
        """
        records = self._kept(progress)
        begins, ends = moments.day(first, "from"), moments.day(last, "to")
        filling = self.quality().lag.filling_from if as_of is None else None
        if records.kind == "daily totals" and records.daily is not None:
            result = measure_daily(
                records.daily,
                self.service,
                records.rota,
                by=by,
                now_us=instant_us(self.now),
                as_of_us=None if as_of is None else self._instant(as_of),
                first=begins,
                last=ends,
                filling_from=filling,
            )
        else:
            result = measure(
                self.log(),
                self.service,
                by=by,
                as_of_us=self.as_of_us(as_of),
                first=begins,
                last=ends,
                filling_from=filling,
                pool=pool,
            )
        return result if pool is None else result.pool(self._known_pool(pool, result))

    def as_of_us(self, as_of: When = None) -> int:
        """The instant that ends every series, in microseconds since 1970-01-01 UTC.

        Default: the last recorded instant that is not in the future; the present where nothing is recorded.
        """
        if as_of is not None:
            return self._instant(as_of)
        last = self.seen.last_us
        return instant_us(self.now) if last is None else last

    def waits(self, as_of: When = None) -> Waits:
        """How long visits wait at each step, open and withdrawn ones in the sum."""
        return waits(self._visits(), self.service, self.as_of_us(as_of))

    def lead_times(self, as_of: When = None) -> LeadTimes:
        """How long cases take from their first joining to their end."""
        return lead_times(self._visits(), self.service, self.as_of_us(as_of))

    def arrivals(self, by: str = "day", as_of: When = None) -> Arrivals:
        """New cases by stream and period."""
        return arrivals(self._visits(), self.service, self.as_of_us(as_of), by)

    def arrivals_by_hour(self, as_of: When = None) -> HoursOfTheWeek:
        """New cases by weekday and hour of the day."""
        return arrivals_by_hour(self._visits(), self.service, self.as_of_us(as_of))

    def caseload(self, as_of: When = None) -> Caseload:
        """Open cases per worker now."""
        return caseload(self._visits(), self.service, self.as_of_us(as_of))

    def caseload_history(self, by: str = "week", as_of: When = None) -> CaseloadHistory:
        """Open cases per pool and worker over time."""
        return caseload_history(self._visits(), self.service, self.as_of_us(as_of), by)

    def longest_waiting(self, most: int = 20, as_of: When = None) -> Waiting:
        """The visits that have waited longest and still wait."""
        return longest_waiting(self._visits(), self.service, self.as_of_us(as_of), most)

    def breaches(self, as_of: When = None) -> Breaches:
        """How often the target wait of each step was missed."""
        return breaches(self._visits(), self.service, self.as_of_us(as_of))

    def work_content(self, as_of: When = None) -> WorkContent:
        """The minutes of work still to come from open cases, over their whole way."""
        instant = self.as_of_us(as_of)
        log = self.log()
        return work_content(needs(log, self.service, instant), log.visits, self.service, instant)

    def arrival_content(self, as_of: When = None) -> ArrivalContent:
        """The minutes of work that a case of each stream brings to each pool over its whole way."""
        instant = self.as_of_us(as_of)
        log = self.log()
        return arrival_content(needs(log, self.service, instant), log.visits, self.service, instant)

    def clearing(self, as_of: When = None) -> Clearing:
        """How long it would take each pool to clear its backlog at the present rate."""
        return clearing(self.measure(by="day", as_of=as_of))

    def critical_resource(self, as_of: When = None) -> CriticalResource:
        """The pool that holds the service up."""
        return critical_resource(self.measure(by="day", as_of=as_of), self.labels)

    def quality(self) -> QualityReport:
        """What is odd in the records, and which recent days are still filling up."""
        return self._quality

    def check(self, progress: Tell | None = None) -> Checked:
        """Looks through the description and the records.

        Raises:
            FaultyService: ``service.toml`` has faults (already on opening the folder).
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
        lines = [f"service.toml has no faults: {service.name}, {parts}."]
        quality = self.quality() if records.kind != "none" else None
        lines += quality.sentences if quality else ()
        return Checked(service, quality, (*lines, *records.notes))

    def report(self, *, as_of: When = None, sharing: bool = False, progress: Tell | None = None) -> Report:
        """The one page: the four measures, the bottleneck, waits, arrivals, caseload, and what to mind.

        Args:
            as_of: what ends every series.
            sharing: hide numbers below the service's `suppress_below`, and the ids of cases.
            progress: is told how far the reading of the records has come.
        """
        # Here and not above: drawing is not needed to measure, and its libraries take a second to load.
        from millpond.report.charts.timeline import readable_by
        from millpond.report.document import make_report
        from millpond.report.results import ReportResults

        records = self.records(progress)
        by_day = self.measure(by="day", as_of=as_of)
        by = readable_by(len({row.period for row in by_day.rows}))
        measures = by_day if by == "day" else self.measure(by=by, as_of=as_of)
        critical = critical_resource(by_day, self.labels)
        cleared = clearing(by_day)
        if records.kind != "visits":
            return make_report(ReportResults(self.service, measures, critical, cleared, sharing=sharing))
        return make_report(
            ReportResults(
                service=self.service,
                measures=measures,
                critical=critical,
                clearing=cleared,
                work_content=self.work_content(as_of),
                waits=self.waits(as_of),
                waiting=self.longest_waiting(as_of=as_of),
                breaches=self.breaches(as_of),
                lead_times=self.lead_times(as_of),
                arrivals=self.arrivals_by_hour(as_of),
                caseload=self.caseload(as_of),
                quality=self.quality(),
                sharing=sharing,
            )
        )

    def simulate(
        self,
        days: int = 364,
        *,
        replications: int | None = None,
        precision: float | None = None,
        seed: int = 1,
        start: str | None = None,
        first_day: str | date | None = None,
        warm_up_days: int = 0,
        drain_days: int = 0,
        log: Path | str | None = None,
        threads: int | None = None,
        dask: str | None = None,
        progress: Tell | None = None,
    ) -> Simulation:
        """What may come: the same days many times over, with the luck that they may have.

        Args:
            days: for how many days new cases come.
            replications: how often the days are simulated; default 100, or with a precision as often as it takes.
            precision: simulate until the mean lead time and the mean backlog are known to this share of themselves,
                such as 0.05; at most 10,000 times, or as often as `replications` says.
            seed: of the random draws: the same seed gives the same figures.
            start: ``records`` to carry over the visits that they leave open, ``empty`` to begin with nobody there.
                Default: the records, where there are records of visits.
            first_day: the first day simulated. Default: the day after the last recorded instant; today without records.
            warm_up_days: how many days at the start to leave out of waits, lead times and the figures of pools.
            drain_days: how many days more to simulate, in which no new cases come.
            log: where to write the first replication in the shape of real records: a new folder, which can be opened
                like any other, or a file whose name ends in ``.csv`` or ``.parquet``.
            threads: how many replications run side by side; default, as many as there are processors.
            dask: the address of a Dask scheduler whose workers are to run the replications.
            progress: is told the share that is done and how many replications that is.

        Raises:
            WrongUse: a number is out of its limits, or the records cannot be started from on that day.
            FaultyService: the service cannot be simulated as it is described; all faults are told.
            CannotWrite: the log could not be written.
        """
        # Here and not above: measuring needs nothing of the simulator.
        from millpond.folder.beginning import beginning
        from millpond.simulation.replications import simulate

        first, opening = beginning(self, moments.day(first_day, "from"), start)
        return simulate(
            self.service,
            first_day=first,
            days=days,
            replications=replications,
            precision=precision,
            seed=seed,
            opening=opening,
            warm_up_days=warm_up_days,
            drain_days=drain_days,
            log=log,
            threads=threads,
            dask=dask,
            progress=progress,
        )

    def export(self, target: str | Path) -> Exported:
        """Writes the service, or its visits, for another tool.

        Args:
            target: a file; its ending says in which format: ``.bpmn`` (BPMN 2.0 with its diagram), ``.json`` (the
                simulation parameters of Prosimos, with their model beside them) or ``.xes`` (the visits).

        Returns:
            The files, and by name what the format cannot say.

        Raises:
            WrongUse: the name has another ending, or a model is there that another tool wrote.
            UnreadableFile: visits are wanted, and the folder has none.
            CannotWrite: the file could not be written.
        """
        from millpond.folder.exchanging import export

        return export(self, target)

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

    def _known_pool(self, pool: str, result: Measures) -> str:
        known = {row.pool for row in result.rows} | set(self.service.pools)
        if pool not in known:
            meant = nearest(pool, sorted(known))
            raise WrongUse(
                f"There is no pool '{pool}' in {self.service.name}. "
                + (f"Did you mean '{meant}'?" if meant else f"Its pools are {', '.join(sorted(known))}.")
            )
        return pool

    def _instant(self, when: str | date | datetime) -> int:
        told = moments.moment(when)
        if isinstance(told, datetime):
            return instant_us(told if told.tzinfo else told.replace(tzinfo=self.service.zone))
        # A day stands for its end, the last microsecond of it.
        following = datetime.combine(told + timedelta(days=1), time(), self.service.zone)
        return instant_us(following) - 1

    def as_of_text(self, as_of: When = None) -> str:
        """The instant that ends every series, ISO 8601 in the service's zone."""
        return moment_of(self.as_of_us(as_of), self.service.zone).isoformat(timespec="seconds")
