"""Least capacity: the cheapest staffing that keeps a promise, by formula, by percentile and by simulation.

The simulation's answer is the answer; the other two stand beside it, for a single pool each, with what they would lead
to. For a service that keeps daily totals only see `millpond.planning.daily_capacity`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from millpond.errors import CannotBeKept
from millpond.model import Service
from millpond.planning.asking import Asked, tries_for
from millpond.planning.concluding import conclusions_of, notes_of, what_was_tried
from millpond.planning.day_level import PoolDays
from millpond.planning.least import (
    ANSWER,
    BELOW,
    FEWER,
    MORE,
    OTHER,
    OTHER_LUCK,
    PLENTY,
    TODAY,
    LeastCapacity,
    StaffingRow,
    Staffings,
    staffing_row,
)
from millpond.planning.levels import Staffing
from millpond.planning.longer_days import LongerDays, longer_days
from millpond.planning.promise import BacklogPromise, Promise, SeenPromise
from millpond.planning.relief import ReliefRow, Reliefs, reliefs_of
from millpond.planning.resampling import Past
from millpond.planning.search import MOST_PLENTY, Found, cheapest, plenty
from millpond.planning.search import PLENTY as PLENTY_OF_WORK
from millpond.planning.trial import Trial
from millpond.planning.tries import Say, Tried, Tries
from millpond.planning.ways import RESAMPLED, SIMULATED, WayRow, Ways, told, ways_of
from millpond.simulation.starting import OpenVisit

_OF_DEMAND, _FOR_PICTURE = 100, 60
"""Replications from which is taken what comes to each pool."""


def least_capacity(
    service: Service,
    asked: Asked,
    first_day: date,
    *,
    opening: tuple[OpenVisit, ...] | None = None,
    start: str | None = None,
    history: Mapping[str, Past] | None = None,
    say: Say | None = None,
) -> LeastCapacity:
    """The cheapest staffing that keeps a promise.

    Args:
        service: the service.
        asked: what is asked.
        first_day: the first day.
        opening: the visits that are open then; None to start empty.
        start: ``records`` to be judged from today, with those visits; ``cleared`` to be judged as if they had been
            cleared; None for the first, or where they break the promise whatever the staffing, for the second.
        history: for each pool its days on record, to be resampled and shown beside.
        say: is told what is being done.

    Raises:
        CannotBeKept: no staffing keeps it; the message says what was tried.
        WrongUse: the search takes too long, or a pool cannot be varied.
        FaultyService: the service cannot be simulated as it is described.
    """
    begins = "empty" if opening is None else start or "records"
    tries = tries_for(service, asked, first_day, None if begins == "cleared" else opening, say)
    # Whoever could clear today's backlog in a day is no staffing for a year: that is for relief.
    begin = plenty(tries, PLENTY_OF_WORK if begins == "records" and start is None else MOST_PLENTY)
    if begin is None and begins == "records" and start is None:
        begins, tries = "cleared", tries_for(service, asked, first_day, None, say)
        begin = plenty(tries)
    if begin is None:
        raise CannotBeKept(what_was_tried(tries, asked))
    found = cheapest(tries, begin)
    levels = tries.levels
    # As things stand, unless that cannot even be run.
    if min(levels.today) > 0:
        tries.of(levels.today, most=200)
    # Two steps to either side, for the picture.
    for pool in _judged(service, asked):
        for steps in (-2, -1, 1, 2):
            changed = levels.up(found.answer.staffing, levels.pools.index(pool), steps)
            if min(changed) > 0:
                tries.of(changed, most=_FOR_PICTURE)
    # What comes to a pool hangs on what it gets done: where cases come again, with the staffing that is asked for.
    usual = tries.trial(found.answer.staffing, _OF_DEMAND)
    days_of = {pool: _pool_days(tries, usual, pool) for pool in _judged(service, asked)}
    ways = tuple(_ways(service, tries, found, days_of, history or {}))
    reliefs = () if opening is None else tuple(_reliefs(tries, found.answer.staffing, opening, usual, days_of))
    again = tries.on_other_luck(found.answer)
    rows = (*_rows(tries, found), staffing_row(OTHER_LUCK, again, levels, asked.promise, asked.days))
    return LeastCapacity(
        service=service.name,
        promise=asked.promise.describe(),
        risk=asked.risk,
        first_day=first_day.isoformat(),
        days=asked.days,
        settle_days=tries.settle,
        start=begins,
        seed=asked.seed,
        currency=service.currency if levels.is_priced else None,
        pools=levels.pools,
        step=levels.step,
        conclusions=tuple(conclusions_of(service, tries, found, again)),
        staffings=Staffings(rows, ()),
        ways=Ways(ways, ()),
        reliefs=Reliefs(reliefs, ()),
        longer=LongerDays(tuple(longer_days(tries, found.answer.staffing)) if asked.longer_days else (), ()),
        notes=tuple(notes_of(service, tries, begins, days_of, history or {})),
    )


def _judged(service: Service, asked: Asked) -> tuple[str, ...]:
    """The pools that the promise is about, of those that are varied."""
    promise = asked.promise
    pool = service.steps[promise.step].pool if promise.step else promise.pool
    return tuple(name for name in asked.pools if pool in (None, name))


def _pool_days(tries: Tries, trial: Trial, pool: str) -> PoolDays:
    demand = trial.by_day("demand", pool)
    # Of its own workers alone: whom policies call in come in some replications and not in others.
    given = tries.levels.by_day(pool, trial.service.headcount(pool, trial.first_day))
    working = given > 0
    mean = float(given[working].mean())
    flows = [trial.by_day(name, pool)[:, 0] for name in ("backlog", "activity", "withdrawn", "demand")]
    opening = float((flows[0] + flows[1] + flows[2] - flows[3]).mean()) - _on_which_nobody_works(tries, pool)
    is_helped = any(policy.pool == pool for policy in trial.service.policies.values())
    capacity = trial.by_day("capacity", pool)[:, working]
    spread = 0.0 if is_helped else float((capacity - capacity.mean(axis=0)).std())
    # Absences of independent workers: the spread of fewer workers is smaller, and as a share of them larger.
    fewer = spread * np.sqrt(min(1.0, float(demand.sum(axis=1).mean()) / max(float(given.sum()), 1e-9)))
    weekdays = np.array([(trial.first_day + timedelta(days=day)).weekday() for day in range(trial.days)])
    visits = float(trial.by_day("demand_visits", pool).sum())
    return PoolDays(
        pool=pool,
        demand=demand,
        shape=given / mean,
        weekdays=weekdays,
        minutes_a_visit=float(demand.sum()) / visits if visits else 1.0,
        opening=max(opening, 0.0),
        judged_from=tries.settle,
        sd_capacity=float(fewer),
    )


def _on_which_nobody_works(tries: Tries, pool: str) -> float:
    """The backlog that a pool is said to have had before all records, on which nobody works."""
    return float(tries.levels.service.pools[pool].opening_backlog)


def _of_pool(promise: Promise, pool: str, share: float) -> Promise:
    """What a promise about several pools asks of one: of a backlog its part, by its part of the demand."""
    if isinstance(promise, BacklogPromise) and promise.pool is None:
        return replace(promise, pool=pool, most=promise.most * share)
    return promise


def _shares(days_of: Mapping[str, PoolDays]) -> dict[str, float]:
    total = sum(days.mean * len(days.working) for days in days_of.values())
    return {pool: days.mean * len(days.working) / total if total else 1.0 for pool, days in days_of.items()}


def _ways(
    service: Service, tries: Tries, found: Found, days_of: Mapping[str, PoolDays], history: Mapping[str, Past]
) -> Iterator[WayRow]:
    shares, levels = _shares(days_of), tries.levels
    for pool, days in days_of.items():
        part = _of_pool(tries.promise, pool, shares[pool])
        place = levels.pools.index(pool)
        workers = found.answer.staffing[place]
        # Minutes a working day, of a day on average over all days.
        minutes = levels.minutes(pool, workers) * len(days.shape) / max(len(days.working), 1)
        each = minutes / workers
        yield from ways_of(days, part, tries.risk, each, service)
        if pool in history and history[pool].is_enough and _can_be_judged(part):
            past = history[pool].future(
                tries.first_day, days.shape, opening=days.opening, judged_from=days.judged_from, seed=tries.seed
            )
            least = past.least(part, tries.risk)
            remark = "" if least is not None else "No capacity keeps it on the days of the records."
            yield told(past, part, RESAMPLED, "the days of the records, resampled", least, each, False, remark)
        row = told(days, part, SIMULATED, "the cheapest staffing", minutes, each, False, "")
        low, high = found.answer.interval
        yield replace(
            row,
            workers=workers,
            broken=found.answer.share_broken,
            broken_low=low,
            broken_high=high,
            remark="Broken counts the whole promise, of all pools." if len(days_of) > 1 else "",
        )


def _can_be_judged(promise: Promise) -> bool:
    return not (isinstance(promise, SeenPromise) and promise.within.unit in ("minutes", "hours"))


def _reliefs(
    tries: Tries,
    staffing: Staffing,
    opening: tuple[OpenVisit, ...],
    usual: Trial,
    days_of: Mapping[str, PoolDays],
) -> Iterator[ReliefRow]:
    levels = tries.levels
    goals = {}
    for pool in days_of:
        # What is usual with the least staffing, at the busy end of it, once today's backlog is gone: nobody can ask for
        # less than that.
        backlog = usual.by_day("backlog", pool)[:, -(tries.days // 2) :]
        goals[pool] = float(np.quantile(backlog, 0.9))
    yield from reliefs_of(levels, staffing, opening, goals, seed=tries.seed, threads=tries.threads)


def _rows(tries: Tries, found: Found) -> Iterator[StaffingRow]:
    groups: list[tuple[str, tuple[Tried | None, ...]]] = [
        (ANSWER, (found.answer,)),
        (TODAY, (tries.found.get(tries.levels.today),)),
        (FEWER, found.fewer),
        (MORE, found.more),
        (BELOW, found.below),
        (PLENTY, (found.plenty,)),
    ]
    roles: dict[Staffing, list[str]] = {}
    for role, group in groups:
        for one in group:
            if one is not None:
                roles.setdefault(one.staffing, []).append(role)
    for one in sorted(tries.found.values(), key=lambda one: (one.cost, one.staffing)):
        roles.setdefault(one.staffing, [OTHER])
    for staffing, of in roles.items():
        yield staffing_row(", ".join(of), tries.found[staffing], tries.levels, tries.promise, tries.days)
