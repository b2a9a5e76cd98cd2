"""What is: the measures of the records."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from millpond.errors import WrongUse
from millpond.folder import moments
from millpond.folder.moments import When
from millpond.folder.opened import OpenedFolder, Tell
from millpond.measures.arrivals import Arrivals, HoursOfTheWeek, arrivals, arrivals_by_hour
from millpond.measures.caseload import Caseload, caseload
from millpond.measures.caseload_history import CaseloadHistory, caseload_history
from millpond.measures.clearing import Clearing, clearing
from millpond.measures.critical import CriticalResource, critical_resource
from millpond.measures.daily_totals import measure_daily
from millpond.measures.four import measure, needs
from millpond.measures.lead_times import LeadTimes, lead_times
from millpond.measures.results import Measures
from millpond.measures.waiting import Breaches, Waiting, breaches, longest_waiting
from millpond.measures.waits import Waits, waits
from millpond.measures.work_content import ArrivalContent, WorkContent, arrival_content, work_content
from millpond.model.nearest import nearest
from millpond.periods import instant_us

if TYPE_CHECKING:
    pass


class MeasuredFolder(OpenedFolder):
    """Demand, capacity, activity, backlog, waits and caseloads of a folder."""

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

    def _known_pool(self, pool: str, result: Measures) -> str:
        known = {row.pool for row in result.rows} | set(self.service.pools)
        if pool not in known:
            meant = nearest(pool, sorted(known))
            raise WrongUse(
                f"There is no pool '{pool}' in {self.service.name}. "
                + (f"Did you mean '{meant}'?" if meant else f"Its pools are {', '.join(sorted(known))}.")
            )
        return pool
