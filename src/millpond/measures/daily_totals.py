"""The four measures of a service that keeps only daily totals: how many joined, were done, and are waiting.

Every visit of a pool is worth the same: the mean of the minutes that the totals say, else the mean of the planned
minutes of the pool's steps. Where the count of waiting does not follow from the day before, what is missing is
*withdrawn*: it left in another way. A count that is higher than it can be shows as negative withdrawals, and a note
says so; nothing is smoothed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import Any

from ibis.expr.types import Table

from millpond.errors import WrongUse
from millpond.measures.capacity import capacities
from millpond.measures.homes import homes
from millpond.measures.overview import Overview
from millpond.measures.results import Measures, whole_microseconds
from millpond.measures.totals import Totals
from millpond.model import Service
from millpond.periods import WorkingTime, day_number, day_of, grid, local_us, moment_of, working_time
from millpond.records.rota import Shift


@dataclass(frozen=True)
class _Day:
    """One pool's totals of one day; `waiting` and `minutes` are None where they are not known."""

    day: int
    joined: int
    done: int
    waiting: int | None
    minutes: float | None


def measure_daily(
    daily: Table,
    service: Service,
    rota: tuple[Shift, ...],
    *,
    by: str,
    now_us: int,
    as_of_us: int | None = None,
    first: date | None = None,
    last: date | None = None,
    filling_from: date | None = None,
) -> Measures:
    """Demand, capacity, activity and backlog per pool and period, from daily totals.

    Args:
        daily: one row a day and pool: `day`, `pool`, `joined`, `done`, `waiting`, `minutes` (of one visit).
        service: what the service is.
        rota: who was available when; may be empty.
        by: ``day``, ``week`` or ``month``.
        now_us: the present; later days are errors of the records and left out.
        as_of_us: the instant that ends the series. Default: the end of the last day that is not in the future.
        first: the first day shown. Default: the first day with a total.
        last: the last day shown. Default: the day in which the series ends.
        filling_from: periods that reach this day are marked as still filling up.

    Raises:
        WrongUse: by the hour, which daily totals cannot tell; or `first` lies after `last`.
    """
    if by == "hour":
        raise WrongUse("This service keeps daily totals, which do not tell the hour. Choose day, week or month.")
    if first and last and first > last:
        raise WrongUse(f"The first day, {first}, lies after the last, {last}. Exchange them.")
    zone = service.zone
    until = day_of(now_us if as_of_us is None else as_of_us, zone)
    pools = _by_pool(daily.filter(daily.day <= until))
    days = [day.day for of_pool in pools.values() for day in of_pool]
    last_day = max(days, default=until) if as_of_us is None else until
    end_us = local_us(last_day + 1, 0, zone) - 1 if as_of_us is None else as_of_us
    periods = grid(by, min([*days, last_day, *([day_number(first)] if first else [])]), last_day, zone)
    worth = {name: _minutes(service, name, of_pool) for name, of_pool in pools.items()}
    unit = "minutes" if any(minutes is not None for minutes in worth.values()) else "visits"
    names = (*service.pools, *sorted(set(pools) - set(service.pools)))
    flows: list[Mapping[str, object]] = []
    openings: dict[str, tuple[int, int]] = {}
    notes = _Notes(service)
    for name, of_pool in pools.items():
        each = whole_microseconds(worth[name] or 0)
        openings[name] = _opening(service, name, of_pool, each)
        for day, withdrawn in _with_withdrawn(of_pool, openings[name][1]):
            period = periods.day_periods[day.day - periods.first_day]
            for kind, visits in (("demand", day.joined), ("activity", day.done), ("withdrawn", withdrawn)):
                moved = {"kind": kind, "pool": name, "home": None, "period": period}
                flows.append({**moved, "amount_us": visits * each, "visits": visits})
            notes.see(name, day, withdrawn)
    home_of = homes(service, rota, Overview((), None, None))
    capacity = capacities(service, rota, home_of, periods, last_day)
    unknown = WorkingTime(periods.first_day, ((),) * (periods.last_day - periods.first_day + 2))
    working = {
        name: working_time(service, service.pools[name], periods.first_day, periods.last_day + 1)
        if name in service.pools
        else unknown
        for name in names
    }
    taking = frozenset(
        name
        for name, of_pool in pools.items()
        if any(day.joined and not working[name].is_open(day.day) for day in of_pool)
    )
    totals = Totals(periods, flows, openings, covered_from=min(days, default=None), taking_when_closed=lambda: taking)
    shown = totals.shown(first, last, end_us)
    rows = [
        row
        for name in names
        for row in totals.rows(
            name,
            unit,
            service,
            capacity.get(name),
            working[name],
            shown,
            end_us,
            filling_from,
        )
    ]
    as_of = moment_of(end_us, zone).isoformat(timespec="seconds")
    return Measures(rows=tuple(rows), notes=notes.sentences(pools, worth, unit), unit=unit, by=by, as_of=as_of)


def _by_pool(daily: Table) -> dict[str, list[_Day]]:
    """The totals of each pool in order of day; several rows of a day are added up."""
    rows: list[dict[str, Any]] = (
        daily.group_by("pool", "day")
        .agg(
            joined=daily.joined.sum(),
            done=daily.done.sum(),
            waiting=daily.waiting.sum(),
            minutes=daily.minutes.mean(),
        )
        .order_by("pool", "day")
        .to_pyarrow()
        .to_pylist()
    )
    pools: dict[str, list[_Day]] = {}
    for row in rows:
        waiting = None if row["waiting"] is None else int(row["waiting"])
        day = _Day(row["day"], int(row["joined"] or 0), int(row["done"] or 0), waiting, row["minutes"])
        pools.setdefault(row["pool"], []).append(day)
    return pools


def _minutes(service: Service, pool: str, days: list[_Day]) -> float | None:
    """What a visit of a pool is worth: one figure, so that whoever waits is worth what they were when they joined.

    The mean of what the totals say, weighted by the visits that joined and were done; else the mean of the planned
    minutes of the pool's steps; None where neither says.
    """
    stated = [(day.minutes, day.joined + day.done) for day in days if day.minutes is not None]
    if stated:
        weights = [weight for _, weight in stated]
        return fmean([minutes for minutes, _ in stated], weights if any(weights) else None)
    planned = [step.planned_minutes for step in service.steps.values() if step.pool == pool]
    known = [minutes for minutes in planned if minutes is not None]
    return fmean(known) if known else None


def _opening(service: Service, name: str, days: list[_Day], each: int) -> tuple[int, int]:
    """The backlog before the first day, in microseconds and visits: as stated, else what the first count implies."""
    pool = service.pools.get(name)
    if pool is not None and (pool.opening_backlog or pool.opening_backlog_visits is not None):
        stated = whole_microseconds(pool.opening_backlog)
        visits = pool.opening_backlog_visits
        if visits is None:
            visits = stated / each if each else 0
        return stated or round(visits * each), round(visits)
    moved = 0
    for day in days:
        moved += day.joined - day.done
        if day.waiting is not None:
            return each * (day.waiting - moved), day.waiting - moved
    return 0, 0


def _with_withdrawn(days: list[_Day], opening: int) -> list[tuple[_Day, int]]:
    """Each day with how many left in another way than by being done."""
    backlog = opening
    result = []
    for day in days:
        expected = backlog + day.joined - day.done
        backlog = expected if day.waiting is None else day.waiting
        result.append((day, expected - backlog))
    return result


class _Notes:
    """Collects what a reader must be told about the totals."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._appeared: dict[str, int] = {}
        self._uncounted: set[str] = set()

    def see(self, pool: str, day: _Day, withdrawn: int) -> None:
        if withdrawn < 0:
            self._appeared[pool] = self._appeared.get(pool, 0) - withdrawn
        if day.waiting is None:
            self._uncounted.add(pool)

    def sentences(
        self, pools: Mapping[str, list[_Day]], worth: Mapping[str, float | None], unit: str
    ) -> tuple[str, ...]:
        if not pools:
            return ("There are no daily totals up to this date, so there is nothing to measure.",)
        days = sum(len(of_pool) for of_pool in pools.values())
        notes = [f"The figures rest on {days:,} daily totals, not on single visits: waits are not known from them."]
        if unit == "visits":
            notes.append(
                "Nothing says how long a visit takes, so the figures count visits, not minutes, and capacity cannot be "
                "compared. Give each step planned 'minutes' in service.toml."
            )
        for name, minutes in worth.items():
            if unit == "minutes" and any(day.minutes is not None for day in pools[name]):
                notes.append(f"A visit to {name} counts as {minutes:.4g} minutes, the mean of what the totals say.")
                continue
            steps = [key for key, step in self._service.steps.items() if step.pool == name and step.planned_minutes]
            if unit == "minutes" and minutes is not None and len(steps) > 1:
                notes.append(f"A visit to {name} counts as {minutes:g} minutes, the mean over its {len(steps)} steps.")
            if unit == "minutes" and minutes is None and not any(day.minutes is not None for day in pools[name]):
                notes.append(f"Visits to {name} count as no work: no step of the pool has planned 'minutes'.")
        for name, visits in self._appeared.items():
            notes.append(
                f"The count of waiting at {name} rose by {visits:,} more than the totals explain; that shows as "
                "negative withdrawals. Check how it is counted."
            )
        if self._uncounted:
            listed = ", ".join(sorted(self._uncounted))
            notes.append(f"Days without a count of waiting carry the backlog on from the day before: {listed}.")
        return tuple(notes)
