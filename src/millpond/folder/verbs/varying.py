"""What is normal, and what may come of it: variation, problem events, seasons, distributions and forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from millpond.errors import WrongUse
from millpond.folder import moments
from millpond.folder.moments import When
from millpond.folder.opened import Tell
from millpond.folder.verbs.measuring import MeasuredFolder

if TYPE_CHECKING:
    from millpond.model.charts import Rebase
    from millpond.variation.chart_results import Variation
    from millpond.variation.distributions import Distributions
    from millpond.variation.event_results import Events
    from millpond.variation.forecast import Forecast
    from millpond.variation.problem_days import WhenClosed
    from millpond.variation.seasonality import Seasonality


class VariedFolder(MeasuredFolder):
    """What varies in a folder."""

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
        simulate: bool = False,
        days: int | None = None,
        replications: int | None = None,
        seed: int = 1,
        start: str | None = None,
        threads: int | None = None,
        progress: Tell | None = None,
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
            simulate: tell the same of the days to come, by simulation from the day after the last recorded instant;
                without records, of those days alone.
            days: how many days are simulated, with ``simulate``; default, 364.
            replications: how often; default, 200.
            seed: of the random draws: the same seed gives the same figures.
            start: ``records`` or ``empty``, as for `simulate`.
            threads: how many replications run side by side; default, as many as there are processors.
            progress: is told the share that is done and how many replications that is.

        Raises:
            WrongUse: there is no such pool, no whole day in these dates, or a number makes no sense; or the past is
                asked to look ahead.
            FaultyService: the service cannot be simulated as it is described.
        """
        from millpond.folder import eventful

        if simulate and as_of is not None:
            raise WrongUse(
                "The days to come are simulated from the last recorded instant.\nLeave out --simulate, or --as-of."
            )
        ahead = eventful.Ahead(days, replications, seed, start, threads, progress) if simulate else None
        if ahead is not None and self.records().kind == "none":
            if first is not None or last is not None:
                raise WrongUse(
                    "The folder has no records, of which a first or a last day could be chosen.\nLeave out --from and "
                    "--to: the days to come begin today, and --days says how many."
                )
            return eventful.foreseen(
                self, pool=pool, factor=factor, within=within, when_closed=when_closed, ahead=ahead
            )
        measured = self.measure(by="day", pool=pool, first=first, last=last, as_of=as_of)
        return eventful.events(self, measured, factor=factor, within=within, when_closed=when_closed, ahead=ahead)

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
