"""Flows added up into the rows of the four measures: explicit zeros, running backlogs, and both units."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from millpond.measures.capacity import UNKNOWN, Capacity
from millpond.measures.results import MICROSECONDS_A_MINUTE, PeriodRow, whole_microseconds
from millpond.model import Pool, Service
from millpond.periods import Grid, WorkingTime, day_number, day_of

KINDS = ("demand", "activity", "withdrawn")


class Totals:
    """The flows of one log, added up by pool and period in whole microseconds and visits.

    Args:
        periods: the grid.
        flows: rows of `millpond.measures.flows.Flows.flows`.
        openings: the backlog before the first period of pools for which the service's own figures do not count,
            in microseconds and in visits.
        covered_from: the day number from which the records tell anything; None where they tell nothing.
        taking_when_closed: gives the pools that work joins while they are closed; asked only where it matters.
    """

    def __init__(
        self,
        periods: Grid,
        flows: Iterable[Mapping[str, object]],
        openings: Mapping[str, tuple[int, int]] | None = None,
        *,
        covered_from: int | None = None,
        taking_when_closed: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self._periods = periods
        self._openings = openings or {}
        self._covered_from = covered_from
        self._taking_when_closed = taking_when_closed
        count = len(periods.labels)
        self._amounts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * count)
        self._visits: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * count)
        self._borrowed: dict[str, list[int]] = defaultdict(lambda: [0] * count)
        self._lent: dict[str, list[int]] = defaultdict(lambda: [0] * count)
        for row in flows:
            kind, pool, home = str(row["kind"]), str(row["pool"]), row["home"]
            period, amount, visits = (int(str(row[name])) for name in ("period", "amount_us", "visits"))
            self._amounts[kind, pool][period] += amount
            self._visits[kind, pool][period] += visits
            if home is not None and home != pool:
                self._borrowed[pool][period] += amount
                self._lent[str(home)][period] += amount

    def shown(self, first: date | None, last: date | None, as_of_us: int) -> range:
        """The periods from the one that holds the first day to the one that holds the last day or the end."""
        periods = self._periods
        final = bisect_right(periods.starts_us, as_of_us) - 1
        if last is not None:
            until = min(day_number(last), periods.last_day) - periods.first_day
            if until < 0:
                return range(0)
            following = periods.day_periods[until + 1 :]
            end_of_day = following[0] - 1 if following and periods.by == "hour" else periods.day_periods[until]
            final = min(final, end_of_day) if following or periods.by != "hour" else final
        begin = 0
        if first is not None:
            from_day = day_number(first) - periods.first_day
            if from_day >= len(periods.day_periods):
                return range(0)
            begin = periods.day_periods[max(from_day, 0)]
        return range(begin, final + 1)

    def rows(
        self,
        pool: str,
        unit: str,
        service: Service,
        capacity: Capacity | None,
        working: WorkingTime,
        shown: range,
        as_of_us: int,
        filling_from: date | None,
    ) -> list[PeriodRow]:
        """The rows of one pool, its backlog running from before the first period of the grid.

        Args:
            pool: the pool's key.
            unit: ``minutes`` or ``visits``.
            service: gives the opening backlog.
            capacity: None where the service does not have the pool.
            working: the pool's working time, to tell whether a period is complete.
            shown: which periods make a row.
            as_of_us: the instant that ends the series.
            filling_from: periods that reach this day are marked as filling.
        """
        known = service.pools.get(pool)
        backlog_us, backlog_visits = self._openings.get(pool, _opening(known))
        filling_day = day_number(filling_from) if filling_from else None
        amounts = {kind: self._amounts[kind, pool] for kind in KINDS}
        visits = {kind: self._visits[kind, pool] for kind in KINDS}
        rows = []
        for period in range(shown.stop):
            moved = {kind: amounts[kind][period] for kind in KINDS}
            counted = {kind: visits[kind][period] for kind in KINDS}
            backlog_us += moved["demand"] - moved["activity"] - moved["withdrawn"]
            backlog_visits += counted["demand"] - counted["activity"] - counted["withdrawn"]
            if period not in shown:
                continue
            available = capacity.minutes[period] if capacity and unit == "minutes" else None
            borrowed, lent = self._borrowed[pool][period], self._lent[pool][period]
            values = {**moved, "backlog": backlog_us, "borrowed": borrowed, "lent": lent}
            if unit == "visits":
                values = {**counted, "backlog": backlog_visits, "borrowed": 0, "lent": 0}
            figures = {name: _in_unit(value, unit) for name, value in values.items()}
            own = _in_unit(moved["activity"] - borrowed + lent, unit)
            rows.append(
                PeriodRow(
                    period=self._periods.labels[period],
                    pool=pool,
                    capacity=available,
                    utilisation=_over(own, available) if self._is_comparable(capacity, period) else None,
                    load=_over(figures["demand"], available),
                    demand_visits=counted["demand"],
                    activity_visits=counted["activity"],
                    withdrawn_visits=counted["withdrawn"],
                    backlog_visits=backlog_visits,
                    capacity_source=capacity.sources[period] if capacity else UNKNOWN,
                    complete=self._is_complete(pool, period, working, as_of_us, service),
                    filling=filling_day is not None and self._reaches(period, filling_day),
                    **figures,
                )
            )
        return rows

    def _is_complete(self, pool: str, period: int, working: WorkingTime, as_of_us: int, service: Service) -> bool:
        """Whether the records tell all of the period: none of it lies before them, and none is left after the series.

        Closed days before the first record are no gap. Closed time after the end of the series is none either, unless
        work is known to join this pool while it is closed: then demand may still come.
        """
        start, end = self._periods.starts_us[period], self._periods.starts_us[period + 1]
        is_known = bool(working.before_us[-1])

        def open_time(from_us: int, until_us: int) -> int:
            first, last = (working.until(us, day_of(us, service.zone)) for us in (from_us, until_us))
            return last - first

        begins = self._records_begin_us()
        if begins > start and (not is_known or open_time(start, min(begins, end))):
            return False
        if end <= as_of_us + 1:
            return True
        if start > as_of_us or not is_known or open_time(as_of_us, end):
            return False
        return pool not in self._taking_when_closed()

    def _records_begin_us(self) -> int:
        """The beginning of the first day of the records, within the grid."""
        starts = self._periods.day_starts_us
        offset = 0 if self._covered_from is None else max(self._covered_from - self._periods.first_day, 0)
        return starts[offset] if offset < len(starts) else self._periods.starts_us[-1]

    def _is_comparable(self, capacity: Capacity | None, period: int) -> bool:
        """Direct minutes below the time on duty say nothing about which hour of it they fall in."""
        return not (self._periods.by == "hour" and capacity is not None and capacity.partly_direct[period])

    def _reaches(self, period: int, day: int) -> bool:
        offset = day - self._periods.first_day
        if offset < 0:
            return True
        starts = self._periods.day_starts_us
        return offset < len(starts) and self._periods.starts_us[period + 1] > starts[offset]


def _opening(pool: Pool | None) -> tuple[int, int]:
    if pool is None:
        return 0, 0
    return whole_microseconds(pool.opening_backlog), round(pool.opening_backlog_visits or 0)


def _in_unit(value: int, unit: str) -> float:
    return value / MICROSECONDS_A_MINUTE if unit == "minutes" else float(value)


def _over(value: float, capacity: float | None) -> float | None:
    return value / capacity if capacity else None
