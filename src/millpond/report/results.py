"""The results that one page is made of, as the folder's measures give them."""

from __future__ import annotations

from dataclasses import dataclass

from millpond.measures.arrivals import HoursOfTheWeek
from millpond.measures.caseload import Caseload
from millpond.measures.clearing import Clearing
from millpond.measures.critical import CriticalResource
from millpond.measures.lead_times import LeadTimes
from millpond.measures.results import Measures
from millpond.measures.waiting import Breaches, Waiting
from millpond.measures.waits import Waits
from millpond.measures.work_content import WorkContent
from millpond.model import Service
from millpond.records.quality import QualityReport
from millpond.report.ahead import Ahead
from millpond.report.tables import Names
from millpond.variation.chart_results import Variation
from millpond.variation.distributions import Distributions
from millpond.variation.event_results import Events
from millpond.variation.forecast import Forecast
from millpond.variation.seasonality import Seasonality


@dataclass(frozen=True)
class ReportResults:
    """What was measured of a service. What was not measured is None, and the page does without it.

    Attributes:
        service: what the service is; it has the labels.
        measures: the four measures, by the period at which their span can be read on a chart
            (`millpond.report.charts.timeline.readable_by`); a finer one is brought together for the charts.
        critical: the critical resource and the load of every pool.
        clearing: how long it would take to clear each backlog.
        work_content: the work still to come from open cases.
        waits: waits by step.
        waiting: who has waited longest.
        breaches: target waits.
        lead_times: how long cases take.
        arrivals: new cases by hour of the week.
        caseload: open cases per worker.
        quality: what is odd in the records.
        variation: the control charts that the service keeps an eye on.
        events: days on which demand was several times capacity.
        seasonality: how much more or less comes at which time.
        forecast: how many will come.
        distributions: how long work and waits last.
        ahead: what was simulated for the page, where that was asked for.
        sharing: make figures for sharing: no ids of cases or workers, and small counts of people hidden.
    """

    service: Service
    measures: Measures
    critical: CriticalResource | None = None
    clearing: Clearing | None = None
    work_content: WorkContent | None = None
    waits: Waits | None = None
    waiting: Waiting | None = None
    breaches: Breaches | None = None
    lead_times: LeadTimes | None = None
    arrivals: HoursOfTheWeek | None = None
    caseload: Caseload | None = None
    quality: QualityReport | None = None
    variation: Variation | None = None
    events: Events | None = None
    seasonality: Seasonality | None = None
    forecast: Forecast | None = None
    distributions: Distributions | None = None
    ahead: Ahead | None = None
    sharing: bool = False

    @property
    def pools(self) -> tuple[str, ...]:
        """The pools, the critical resource first, then by load; else as they are measured."""
        measured = dict.fromkeys(row.pool for row in self.measures.rows)
        ranked = [row.pool for row in self.critical.rows if row.pool in measured] if self.critical else []
        return tuple(dict.fromkeys([*ranked, *measured]))

    @property
    def backlogs(self) -> dict[str, float]:
        """The backlog of each pool at the end of the series."""
        return {row.pool: row.backlog for row in sorted(self.measures.rows, key=lambda row: row.period)}

    @property
    def labels(self) -> dict[str, str]:
        """What each pool is called, by its key."""
        return {pool: self.names.pool(pool) for pool in self.service.pools}

    @property
    def names(self) -> Names:
        """How the parts of the service are called, and what may be told."""
        return Names(self.service, self.service.suppress_below if self.sharing else 0)
