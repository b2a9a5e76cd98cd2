"""A service folder opened: the object that a person asks.

    service = millpond.open("victim-support")
    service.measure(by="week")
    service.waits()
    service.report().save("report.html")

It finds the records, the last instant and the recent days that are still filling up, and hands them to the measures;
it computes nothing itself. Every answer is a frozen value that outlives the folder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    from millpond.calibration.backtest import Backtest
    from millpond.calibration.fitting.result import Fit
    from millpond.folder.exchanging import Exported
    from millpond.model.charts import Rebase
    from millpond.planning.comparison import Comparison
    from millpond.planning.dependence import Dependence
    from millpond.planning.least import LeastCapacity
    from millpond.planning.optimising import PlanSettings
    from millpond.process.comparing import MapComparison
    from millpond.process.conformance import Conformance
    from millpond.process.results import ProcessMap
    from millpond.report.document import Report
    from millpond.simulation.results import Simulation
    from millpond.variation.chart_results import Variation
    from millpond.variation.distributions import Distributions
    from millpond.variation.event_results import Events
    from millpond.variation.forecast import Forecast
    from millpond.variation.problem_days import WhenClosed
    from millpond.variation.seasonality import Seasonality

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
        from millpond.folder import charted, eventful
        from millpond.report.charts.timeline import readable_by
        from millpond.report.document import make_report
        from millpond.report.results import ReportResults

        records = self.records(progress)
        by_day = self.measure(by="day", as_of=as_of)
        by = readable_by(len({row.period for row in by_day.rows}))
        measures = by_day if by == "day" else self.measure(by=by, as_of=as_of)
        critical = critical_resource(by_day, self.labels)
        cleared = clearing(by_day)
        charts = charted.watched(self, {"day": by_day, measures.by: measures}, as_of)
        problems = eventful.for_page(self, by_day)
        if records.kind != "visits":
            return make_report(
                ReportResults(
                    self.service, measures, critical, cleared, sharing=sharing, variation=charts, events=problems
                )
            )
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
                variation=charts,
                events=problems,
                sharing=sharing,
            )
        )

    def variation(
        self,
        measure: str | None = None,
        *,
        pool: str | None = None,
        improvement: str | None = None,
        by: str | None = None,
        kind: str | None = None,
        of: str | None = None,
        weekday: str | None = None,
        target: float | None = None,
        baseline: int | None = None,
        rebase: Sequence[Rebase | tuple[str | date, str]] = (),
        first: str | date | None = None,
        last: str | date | None = None,
        as_of: When = None,
    ) -> Variation:
        """Control charts: what is normal for a figure, what is more than chance, and whether a target can be kept.

        Without a measure, the charts that ``service.toml`` keeps an eye on under ``[[charts]]``; its
        ``[chart_rules]`` say how charts are read.

        Args:
            measure: the figure, such as ``backlog`` or ``visits joined``.
            pool: whose; without one, a chart for each pool.
            improvement: whether more of it is good: ``increase``, ``decrease`` or ``neutral``; it has no default.
            by: ``day``, ``week`` (the default) or ``month``.
            kind: ``xmr`` (the default); of counts of visits ``c``, ``p`` or ``u``; of rare events ``t`` or ``g``.
            of: what the count is a share of (p), a rate per (u) or counted between events (g).
            weekday: only these days of the week, with ``by="day"``.
            target: the target.
            baseline: work the limits out from so many of the first points, at least 12, and keep them.
            rebase: days from which the limits are worked out anew, each with its reason.
            first: the first day looked at.
            last: the last day looked at.
            as_of: what ends the series.

        Raises:
            WrongUse: it is not said whether more is good, there is no such figure or pool, or there are too few points.
        """
        from millpond.folder import charted

        asked = {
            "measure": measure,
            "pool": pool,
            "improvement": improvement,
            "by": by,
            "kind": kind,
            "of": of,
            "weekday": weekday,
            "target": target,
            "baseline": baseline,
            "rebase": charted.rebases(rebase) or None,
        }
        span = charted.Span(moments.day(first, "from"), moments.day(last, "to"), as_of)
        return charted.variation(self, {name: value for name, value in asked.items() if value is not None}, span)

    def events(
        self,
        *,
        pool: str | None = None,
        factor: float = 2.0,
        within: int = 100,
        when_closed: WhenClosed = "left out",
        first: str | date | None = None,
        last: str | date | None = None,
        as_of: When = None,
    ) -> Events:
        """Problem events: working days on which a pool is asked for several times what it can do.

        Args:
            pool: only this pool.
            factor: how many times capacity.
            within: for how many working days ahead the chance of such a day is told.
            when_closed: ``left out``: demand that joins on closed days does not count; ``next day``: it is added to
                the next working day.
            first: the first day looked at.
            last: the last day looked at.
            as_of: what ends the series.

        Raises:
            WrongUse: there is no such pool, no whole day in these dates, or a number makes no sense.
        """
        from millpond.folder import eventful

        measured = self.measure(by="day", pool=pool, first=first, last=last, as_of=as_of)
        return eventful.events(self, measured, factor=factor, within=within, when_closed=when_closed)

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

    def fit(self, *, write: bool = True) -> Fit:
        """Learns a model from the records: arrivals, work, ways with memory, people, and delays that others cause.

        Args:
            write: whether to write it as ``fitted.toml`` beside ``service.toml``, which wins over it key by key; from
                then on this folder is described by both.

        Returns:
            Every value with its interval, the visits behind it and the reason, and what could not be learned.

        Raises:
            WrongUse: the records have no visit that has started.
            FaultyService: what ``service.toml`` says does not go together with the records.
            CannotWrite: the file could not be written.
        """
        from millpond.folder.fitting import fitted_folder

        result = fitted_folder(self, write)
        if write:
            self.service = load_service(self.path)
        return result

    def backtest(
        self, split: float = 0.7, *, replications: int = 10, seed: int = 1, progress: Tell | None = None
    ) -> Backtest:
        """How a model that is fitted on the earlier part of the records fares on the later part, which it never sees.

        Args:
            split: the share of visits in the earlier part; the later one begins with a whole day.
            replications: how often the later part is simulated.
            seed: of the random draws: the same seed gives the same figures.
            progress: is told the share that is done and how many replications that is.

        Returns:
            The seven distances beside the floor, plain figures, and the cases under way over the band of the model.

        Raises:
            WrongUse: the split is no share, or one of the parts has too few cases.
            FaultyService: what was learned and ``service.toml`` together cannot be simulated.
        """
        from millpond.folder.fitting import backtested

        return backtested(self, split, replications, seed, progress)

    def compare(
        self,
        days: int = 260,
        *,
        plans: Sequence[str] | None = None,
        replications: int = 200,
        seed: int = 1,
        start: str | None = None,
        first_day: str | date | None = None,
        target: str | None = None,
        risk: float | None = None,
        by: str | None = None,
        line: float | None = None,
        threads: int | None = None,
        progress: Tell | None = None,
    ) -> Comparison:
        """The plans of the service compared with doing nothing and with each other, all under the same luck.

        Args:
            days: over how many days.
            plans: names of plans, several together joined by ``+``; default, every plan by itself.
            replications: how often the days are simulated for each plan.
            seed: of the random draws: the same seed gives the same figures.
            start: ``records`` or ``empty``, as for `simulate`.
            first_day: the first day. Default: the day after the last recorded instant.
            target: a promise, such as ``backlog <= 1200 min`` or ``95% seen within 5 working days``.
            risk: the share of replications that may break it; default 0.05.
            by: what makes a plan the best: ``cost``, ``backlog``, ``wait`` or ``lead time``. Default: the cost among
                plans that keep the promise; without one, the backlog.
            line: the backlog of a pool above which a day is a problem day, minutes; default, ten working days' work.
            threads: how many replications run side by side; default, as many as there are processors.
            progress: is told the share that is done and how many replications that is.

        Raises:
            WrongUse: no such plan, plans that contradict each other, no promise or one that cannot be kept.
            FaultyService: the service cannot be simulated, or not with one of the plans; all faults are told.
        """
        # Here and not above: measuring needs nothing of the simulator.
        from millpond.folder.plans import compare_plans

        return compare_plans(
            self,
            days,
            plans=plans,
            replications=replications,
            seed=seed,
            start=start,
            first_day=first_day,
            target=target,
            risk=risk,
            by=by,
            line=line,
            threads=threads,
            progress=progress,
        )

    def dependence(
        self,
        days: int = 260,
        *,
        away: int = 60,
        replications: int = 100,
        seed: int = 1,
        start: str | None = None,
        first_day: str | date | None = None,
        threads: int | None = None,
        progress: Tell | None = None,
    ) -> Dependence:
        """What the absence of each person does to the service, and who might be trained against it.

        Args:
            days: over how many days.
            away: for how many of them, from the first, each person is away.
            replications: how often the days are simulated for each absence.
            seed: of the random draws: the same seed gives the same figures.
            start: ``records`` or ``empty``, as for `simulate`.
            first_day: the first day. Default: the day after the last recorded instant.
            threads: how many replications run side by side; default, as many as there are processors.
            progress: is told the share that is done and how many replications that is.

        Raises:
            WrongUse: a number out of its limits, or nobody works there.
            FaultyService: the service cannot be simulated even with everybody there.
        """
        from millpond.folder.plans import dependence_on_people

        return dependence_on_people(
            self,
            days,
            away=away,
            replications=replications,
            seed=seed,
            start=start,
            first_day=first_day,
            threads=threads,
            progress=progress,
        )

    def optimise(
        self,
        plan: str,
        days: int = 260,
        *,
        target: str,
        risk: float | None = None,
        replications: int = 200,
        seed: int = 1,
        start: str | None = None,
        first_day: str | date | None = None,
        most: int | None = None,
        threads: int | None = None,
        progress: Tell | None = None,
    ) -> PlanSettings:
        """The cheapest setting of a plan that keeps a promise: how many workers come, and above which line.

        Args:
            plan: a plan by which workers come, alone or joined by ``+`` with plans of other kinds.
            days: over how many days.
            target: the promise, such as ``backlog <= 1200 min``.
            risk: the share of replications that may break it; default 0.05.
            replications: how often the settings are simulated that are not soon ruled out.
            seed: of the random draws: the same seed gives the same figures.
            start: ``records`` or ``empty``, as for `simulate`.
            first_day: the first day. Default: the day after the last recorded instant.
            most: the most workers to try; default, twice the plan's, or as many as the pool has that lends them.
            threads: how many replications run side by side; default, as many as there are processors.
            progress: is told the share that is done and how many replications that is.

        Raises:
            WrongUse: no such plan, none by which workers come, or no promise.
            FaultyService: the service cannot be simulated with the plan; all faults are told.
        """
        from millpond.folder.plans import optimise_plan

        return optimise_plan(
            self,
            plan,
            days,
            target=target,
            risk=risk,
            replications=replications,
            seed=seed,
            start=start,
            first_day=first_day,
            most=most,
            threads=threads,
            progress=progress,
        )

    def seasonality(self, *, pool: str | None = None, stream: str | None = None, as_of: When = None) -> Seasonality:
        """How much more or less comes by hour, weekday, month, bank and school holidays, and from year to year.

        Args:
            pool: the visits that join this pool; left out, new cases.
            stream: only new cases of this stream.
            as_of: what ends the history.

        Raises:
            WrongUse: no such pool or stream, or both.
        """
        from millpond.folder.foreseeing import seasonality_of

        return seasonality_of(self, pool, stream, as_of)

    def distributions(self, of: str | None = None, *, step: str | None = None, as_of: When = None) -> Distributions:
        """Distributions fitted to the work and the waits at each step, open visits counting as at least so long.

        Args:
            of: ``work`` or ``wait``; left out, both.
            step: only this step.
            as_of: what ends the records.

        Raises:
            WrongUse: no such kind or step, or the service keeps daily totals.
        """
        from millpond.folder.foreseeing import distributions_of

        return distributions_of(self, of, step, as_of)

    def forecast(
        self,
        weeks: int = 4,
        *,
        pool: str | None = None,
        stream: str | None = None,
        as_of: When = None,
        seed: int = 1,
        progress: Tell | None = None,
    ) -> Forecast:
        """How many will come in the coming weeks, with 80% bands, and how good such forecasts would have been.

        Args:
            weeks: how many weeks from the day after the last recorded one, at most 52.
            pool: the visits that will join this pool; left out, new cases.
            stream: only new cases of this stream.
            as_of: what ends the history, as if nothing later were known.
            seed: of the draws: the same seed gives the same bands.
            progress: is told the share of the backtest that is done and how many forecasts that is.

        Raises:
            WrongUse: no such pool or stream, both, or a number of weeks out of its limits.
        """
        from millpond.folder.foreseeing import forecast_of

        return forecast_of(self, weeks, pool, stream, as_of, seed, progress)

    def map(
        self,
        *,
        as_of: When = None,
        person: str | None = None,
        within_days: int = 14,
        progress: Tell | None = None,
    ) -> ProcessMap:
        """How work really flows: steps, hand-offs, and where it waits and for what.

        Args:
            as_of: what ends the records.
            person: the column that names the person, to find repeat contacts; found by its name where left out.
            within_days: within how many days a contact of the same person for the same thing is a repeat.
            progress: is told how far the reading of the records has come.

        Raises:
            WrongUse: there is no such column, or the service keeps daily totals.
        """
        from millpond.folder.mapping import map_of

        self._kept(progress)
        return map_of(self, as_of, person, within_days)

    def compare_maps(
        self,
        other: Folder | None = None,
        *,
        before: str | date | None = None,
        by: str | None = None,
        as_of: When = None,
    ) -> MapComparison:
        """Maps beside each other: of another folder, of the cases that began before a day and from it on, or of groups.

        Args:
            other: another folder, opened.
            before: the first day of the later cases.
            by: a column of the records, such as ``stream``: a map for each of its values.
            as_of: what ends the records.

        Raises:
            WrongUse: not exactly one of the three is given, there is no such column, or there is nothing to compare.
        """
        from millpond.folder.mapping import compared_maps

        return compared_maps(self, other, before, by, as_of)

    def conformance(self, as_of: When = None) -> Conformance:
        """Whether cases went the way that service.toml draws, and where they left it.

        Raises:
            WrongUse: service.toml does not say where cases go.
        """
        from millpond.folder.mapping import conformance_of

        return conformance_of(self, as_of)

    def least_capacity(
        self,
        target: str,
        *,
        risk: float = 0.05,
        days: int = 260,
        pool: str | None = None,
        step: float = 1.0,
        replications: int = 400,
        seed: int = 1,
        start: str | None = None,
        first_day: str | date | None = None,
        threads: int | None = None,
        progress: Callable[[str, int], None] | None = None,
    ) -> LeastCapacity:
        """The cheapest staffing that keeps a promise: by formula, by percentile of demand, and by simulation.

        Args:
            target: the promise, such as ``backlog <= 1200 min``, ``advocates: backlog <= 20 visits`` or ``95% seen
                within 5 working days``.
            risk: the share of replications that may break it at any day's end.
            days: how many days are judged.
            pool: vary only this pool, and leave the others as they are.
            step: the smallest change, in whole-time places.
            replications: how many decide where it is close.
            seed: of the random draws: the same seed gives the same figures.
            start: ``records`` to be judged from today, with what is open; ``cleared`` to be judged as if that had been
                cleared; ``empty`` to begin with nobody there. Default: the records, where there are any, and cleared
                where they break the promise whatever the staffing.
            first_day: the first day simulated. Default: the day after the last recorded instant.
            threads: how many replications run side by side; default, as many as there are processors.
            progress: is told what is being tried, and how many replications have been run.

        Raises:
            WrongUse: the promise is none, or a number is out of its limits.
            CannotBeKept: no staffing keeps it; the message says what was tried.
            FaultyService: the service cannot be simulated as it is described.
        """
        # Here and not above: measuring needs nothing of the simulator.
        from millpond.folder.capacity import ask_capacity

        return ask_capacity(
            self,
            target,
            risk=risk,
            days=days,
            pool=pool,
            step=step,
            replications=replications,
            seed=seed,
            start=start,
            first_day=moments.day(first_day, "from"),
            threads=threads,
            say=progress,
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
