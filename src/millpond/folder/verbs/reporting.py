"""The one page, and what may stand on it of the days to come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from millpond.errors import WrongUse
from millpond.folder.moments import When
from millpond.folder.opened import Tell
from millpond.folder.verbs.planning import PlannedFolder
from millpond.folder.verbs.varying import VariedFolder
from millpond.measures.clearing import clearing
from millpond.measures.critical import critical_resource

if TYPE_CHECKING:
    from millpond.report.document import Report


class ReportedFolder(VariedFolder, PlannedFolder):
    """The report of a folder."""

    def report(
        self,
        *,
        as_of: When = None,
        sharing: bool = False,
        ahead: Sequence[str] = (),
        progress: Tell | None = None,
    ) -> Report:
        """The one page: the four measures, the bottleneck, waits, arrivals, forecast, caseload, and what to mind.

        Args:
            as_of: what ends every series.
            sharing: hide numbers below the service's `suppress_below`, and the ids of cases and people.
            ahead: what is simulated for the page, which takes from seconds to minutes: ``capacity`` for the promise of
                ``service.toml``, ``plans``, ``dependence``, ``sensitivity``, or ``all`` that the service has what is
                needed for.
            progress: is told how far the reading of the records has come, or the looking ahead.

        Raises:
            WrongUse: there is no such part, or the past is asked to look ahead.
        """
        if ahead and as_of is not None:
            raise WrongUse("The page looks ahead from the last recorded instant.\nLeave out --ahead, or --as-of.")
        # Here and not above: drawing is not needed to measure, and its libraries take a second to load.
        from millpond.folder import charted, eventful
        from millpond.folder.ahead import look_ahead
        from millpond.report.charts.timeline import readable_by
        from millpond.report.document import make_report
        from millpond.report.results import ReportResults

        records = self.records(None if ahead else progress)
        looked = look_ahead(self, ahead, progress)
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
                    self.service,
                    measures,
                    critical,
                    cleared,
                    variation=charts,
                    events=problems,
                    seasonality=self.seasonality(as_of=as_of),
                    forecast=self.forecast(as_of=as_of),
                    ahead=looked,
                    sharing=sharing,
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
                seasonality=self.seasonality(as_of=as_of),
                forecast=self.forecast(as_of=as_of),
                distributions=self.distributions(as_of=as_of),
                ahead=looked,
                sharing=sharing,
            )
        )
