"""The four measures: demand, capacity, activity and backlog of each pool in each period, in one unit.

    backlog[t] = backlog[t-1] + demand[t] - activity[t] - withdrawn[t]

holds exactly for every pool and period, because every visit has one need (`millpond.measures.need`), which is demand
when it joins, activity while it is worked, and backlog in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import ibis
from ibis.expr.types import Table

from millpond.errors import WrongUse
from millpond.measures.capacity import Capacity, capacities
from millpond.measures.evidence import gather, notes_on
from millpond.measures.flows import Flows, flows
from millpond.measures.homes import homes
from millpond.measures.known import known_at, pool_of
from millpond.measures.overview import Overview, overview
from millpond.measures.results import Measures
from millpond.measures.totals import Totals
from millpond.model import Service
from millpond.periods import Grid, WorkingTime, day_number, day_of, grid, moment_of, working_day_table, working_time
from millpond.records.rota import Shift

FURTHEST_SPELL_DAYS = 366
"""How many days beyond the end of the series the working time is known, for spells that run on past it."""


@dataclass(frozen=True)
class VisitLog:
    """What happened, as the measures read it.

    Attributes:
        visits: the normalised visit log.
        spells: the spells of work; may be empty.
        rota: who was available when; may be empty.
        seen: one look over it (`millpond.measures.overview.overview`).
    """

    visits: Table
    spells: Table
    rota: tuple[Shift, ...]
    seen: Overview


def measure(
    log: VisitLog,
    service: Service,
    *,
    by: str,
    as_of_us: int,
    first: date | None = None,
    last: date | None = None,
    filling_from: date | None = None,
    pool: str | None = None,
) -> Measures:
    """Demand, capacity, activity and backlog per pool and period.

    Args:
        log: the records.
        service: what the service is.
        by: ``hour``, ``day``, ``week`` or ``month``.
        as_of_us: the instant that ends the series, microseconds since 1970-01-01 UTC.
        first: the first day shown; what joined before it and is not done is in the first backlog. Default: the day
            of the first visit.
        last: the last day shown. Default: the day of `as_of_us`.
        filling_from: periods that reach this day are marked as still filling up.
        pool: the notes are to be about this pool alone. Default: about all.

    Returns:
        One row a period and pool, pools in the order of the service, all periods of the span whether or not
        anything happened in them.

    Raises:
        WrongUse: `by` is no period, or `first` lies after `last`.
    """
    if first and last and first > last:
        raise WrongUse(f"The first day, {first}, lies after the last, {last}. Exchange them.")
    as_of_day = day_of(as_of_us, service.zone)
    flow, periods, working, home_of, known = _flows(log, service, by, as_of_us, first)
    found = flow.flows.to_pyarrow().to_pylist()
    joined = [row for row in found if row["kind"] == "demand"]
    seen = gather(joined, service)
    told = seen if pool is None else gather((row for row in joined if row["pool"] == pool), service)
    capacity = capacities(service, log.rota, home_of, periods, as_of_day)
    totals = Totals(
        periods,
        found,
        covered_from=log.seen.first_day,
        taking_when_closed=cache(lambda: _taking_when_closed(known, working)),
    )
    shown = totals.shown(first, last, as_of_us)
    rows = [
        row
        for name in (working if seen.visits else ())
        for row in totals.rows(
            name, seen.unit, service, capacity.get(name), working[name], shown, as_of_us, filling_from
        )
    ]
    return Measures(
        rows=tuple(rows),
        notes=notes_on(told, service, _of_pool(capacity, pool), bool(log.rota), unit=seen.unit, pool=pool),
        unit=seen.unit,
        by=by,
        as_of=moment_of(as_of_us, service.zone).isoformat(timespec="seconds"),
        joining_unknown=told.joining_unknown,
    )


def _of_pool(capacity: Mapping[str, Capacity], pool: str | None) -> Mapping[str, Capacity]:
    return {name: value for name, value in capacity.items() if pool in (None, name)}


def needs(log: VisitLog, service: Service, as_of_us: int) -> Table:
    """The visits known at an instant with what each needs, as an expression.

    Args:
        log: the records.
        service: what the service is.
        as_of_us: the instant, microseconds since 1970-01-01 UTC.

    Returns:
        As `millpond.measures.need.with_need` describes it.
    """
    return _flows(log, service, "day", as_of_us, None)[0].needs


def _flows(
    log: VisitLog, service: Service, by: str, as_of_us: int, first: date | None
) -> tuple[Flows, Grid, dict[str, WorkingTime], dict[str, str], Table]:
    """The flows, with the periods, the working time of each pool, the homes and the visits that they rest on."""
    as_of_day = day_of(as_of_us, service.zone)
    begins = [day_number(first)] if first else []
    begins += [log.seen.first_day] if log.seen.first_day is not None else []
    periods = grid(by, min([*begins, as_of_day]), as_of_day, service.zone)
    is_past = log.seen.is_past(as_of_us)
    seen = log.seen
    if not is_past:
        # Who will take visits later is not known yet, and must not decide where anybody is at home.
        begun = ibis.coalesce(log.visits.started_us, log.visits.ended_us, log.visits.joined_us)
        seen = overview(log.visits.filter(begun <= as_of_us), log.spells, as_of_us)
    home_of = homes(service, log.rota, seen)
    known = known_at(log.visits, service, as_of_us, home_of, is_past=is_past)
    pools = _pools(service, log.seen)
    last_known = min(max(log.seen.last_spell_day or 0, periods.last_day + 1), as_of_day + FURTHEST_SPELL_DAYS)
    working = {
        name: working_time(service, service.pools[name], periods.first_day, last_known)
        if name in service.pools
        else WorkingTime(periods.first_day, ((),) * (last_known - periods.first_day + 1))
        for name in pools
    }
    spells = log.spells if log.seen.last_spell_day is not None else None
    on_the_clock = log.seen.on_the_clock > 0 or not is_past
    flow = flows(
        known, spells, service, working, periods, as_of_us, as_of_day, homes=home_of, on_the_clock=on_the_clock
    )
    return flow, periods, working, home_of, known


def _taking_when_closed(known: Table, working: Mapping[str, WorkingTime]) -> frozenset[str]:
    """The pools that some visit joined on a closed day, or after the last closing time of an open one."""
    days = working_day_table(working).select("last_close_us", closed_pool="pool", closed_day="day")
    joined = known.join(days, [("pool", "closed_pool"), ("joined_day", "closed_day")])
    late = joined.filter(joined.joined_us >= joined.last_close_us).select("pool").distinct()
    return frozenset(row["pool"] for row in late.to_pyarrow().to_pylist())


def _pools(service: Service, seen: Overview) -> tuple[str, ...]:
    """The pools of the service, then those that only the records name."""
    unstaffed = {name for name, step in service.steps.items() if step.pool is None}
    named = {pool_of(taken.step, taken.pool, service) for taken in seen.taken if taken.step not in unstaffed}
    return (*service.pools, *sorted(named - set(service.pools)))
