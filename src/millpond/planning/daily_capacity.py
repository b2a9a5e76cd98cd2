"""Least capacity of a service that keeps daily totals only: its own days, resampled in blocks, instead of a simulation.

It is asked of one pool at a time, because totals do not tell how pools hang together.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from math import ceil

import numpy as np

from millpond.errors import CannotBeKept, WrongUse
from millpond.model import Service, label_of
from millpond.planning.asking import SETTLE_DAYS, Asked
from millpond.planning.concluding import correlation_note, percent
from millpond.planning.day_level import PoolDays
from millpond.planning.least import (
    ANSWER,
    FEWER,
    MORE,
    OTHER,
    TODAY,
    LeastCapacity,
    StaffingRow,
    Staffings,
    staffing_row,
)
from millpond.planning.levels import Levels
from millpond.planning.relief import MOST_EXTRA, MOST_WEEKS, ReliefRow, Reliefs, weeks_until
from millpond.planning.resampling import BLOCK_DAYS, REPLICATIONS, Past
from millpond.planning.tries import Tried
from millpond.planning.ways import RESAMPLED, Ways, told, ways_of


def least_capacity_of_totals(
    service: Service, asked: Asked, first_day: date, past: Past, start: str | None = None
) -> LeastCapacity:
    """The fewest workers of one pool that keep a promise, on days made of those on record.

    Args:
        service: the service.
        asked: what is asked; of one pool.
        first_day: the first day to come.
        past: the days of that pool that are on record.
        start: ``records`` to be judged from today with what waits, ``cleared`` or ``empty`` without; None for the first
            unless it breaks the promise whatever the staffing.

    Raises:
        CannotBeKept: no number of workers keeps it.
        WrongUse: there are fewer than eight weeks of totals, or the pool's hours are not known.
    """
    (pool,) = asked.pools
    levels = Levels(service, first_day, SETTLE_DAYS + asked.days, (pool,), asked.step)
    given = levels.by_day(pool, 1.0)
    if not given.any():
        raise WrongUse(f"Pool {pool} has no working time in the days asked about.\nCorrect its calendar.")
    each = float(given[given > 0].mean())
    shape = given / each
    begins, settle = start or "records", 0
    days = past.future(first_day, shape[: asked.days], opening=past.backlog, seed=asked.seed)
    minutes = days.least(asked.promise, asked.risk) if begins == "records" else None
    if minutes is None and start != "records":
        begins, settle = "cleared" if begins == "records" else begins, SETTLE_DAYS
        days = past.future(first_day, shape, judged_from=settle, seed=asked.seed)
        minutes = days.least(asked.promise, asked.risk)
    if minutes is None:
        raise CannotBeKept(
            f"No capacity keeps '{asked.promise.describe()}' in all but {percent(asked.risk)} of {REPLICATIONS:,} "
            f"futures made of the days on record: not even twenty times the mean demand of {days.mean:,.0f} minutes a "
            "working day.\nPromise less."
        )
    least = round(ceil(round(minutes / each / asked.step, 9)) * asked.step, 9)
    today = service.headcount(pool, first_day)
    wanted: dict[float, list[str]] = {}
    for role, count in ((ANSWER, least), (TODAY, today), (FEWER, least - asked.step), (MORE, least + asked.step)):
        wanted.setdefault(round(count, 9), []).append(role)
    for steps in (-3, -2, 2, 3):
        wanted.setdefault(round(least + steps * asked.step, 9), [OTHER])
    tried = {places: tried_on(days, levels, asked, places, each) for places in wanted if places > 0}
    if tried[least].share_broken > asked.risk:
        raise AssertionError(f"{least} workers have less than {minutes} minutes")
    rows = sorted(
        (
            staffing_row(", ".join(wanted[one.staffing[0]]), one, levels, asked.promise, asked.days)
            for one in tried.values()
        ),
        key=_order,
    )
    ways = [
        *ways_of(days, asked.promise, asked.risk, each),
        told(days, asked.promise, RESAMPLED, "the days on record, resampled", minutes, each, False, ""),
        told(days, asked.promise, RESAMPLED, "the cheapest staffing", least * each, each, False, ""),
    ]
    return LeastCapacity(
        service=service.name,
        promise=asked.promise.describe(),
        risk=asked.risk,
        first_day=first_day.isoformat(),
        days=asked.days,
        settle_days=settle,
        start=begins,
        seed=asked.seed,
        currency=service.currency if levels.is_priced else None,
        pools=(pool,),
        step=asked.step,
        conclusions=tuple(_conclusions(service, asked, tried, least, pool)),
        staffings=Staffings(tuple(rows), ()),
        ways=Ways(tuple(ways), ()),
        reliefs=Reliefs(tuple(_reliefs(past, levels, asked, days, least, each, shape)), ()),
        notes=tuple(notes_of_totals(service, past, begins, first_day, settle, pool)),
    )


def _order(row: StaffingRow) -> tuple[bool, float]:
    return not row.role.startswith(ANSWER), row.workers[0]


def tried_on(days: PoolDays, levels: Levels, asked: Asked, places: float, each: float) -> Tried:
    """What becomes of so many places on days that are made of those on record, each of which gives so many minutes."""
    figures = days.figures(asked.promise, places * each)
    broken = ~asked.promise.is_kept_by(figures).all(axis=1)
    worst = asked.promise.worst_of(figures)
    return Tried((places,), levels.cost((places,)), worst, np.asarray(broken), asked.risk, True)


def _conclusions(service: Service, asked: Asked, tried: dict[float, Tried], least: float, pool: str) -> Iterator[str]:
    label, answer = label_of(service.pools, pool), tried[least]
    low, high = answer.interval
    yield (
        f"{least:g} {pool}: the fewest that keep '{asked.promise.describe()}' at every day's end; it is broken in "
        f"{percent(answer.share_broken)} of {answer.replications:,} futures (95% {percent(low)} to {percent(high)})."
    )
    fewer = tried.get(round(least - asked.step, 9))
    if fewer is not None:
        low, high = fewer.interval
        said = "That is ruled out." if fewer.verdict == "breaks it" else "That is probable, not certain."
        yield (
            f"{label}: with {fewer.staffing[0]:g} it is broken in {percent(fewer.share_broken)} "
            f"(95% {percent(low)} to {percent(high)}). {said}"
        )


def _reliefs(
    past: Past, levels: Levels, asked: Asked, days: PoolDays, least: float, each: float, shape: np.ndarray
) -> Iterator[ReliefRow]:
    goal = float(np.quantile(days.backlog(least * each), 0.9))
    if past.backlog <= goal:
        return
    length = 7 * MOST_WEEKS
    pattern = np.resize(shape[: len(shape) // 7 * 7], length)
    ahead = past.future(levels.first_day, pattern, opening=past.backlog, seed=asked.seed, replications=400)
    for steps in range(MOST_EXTRA + 1):
        places = round(least + steps * asked.step, 9)
        weeks, most, cleared = weeks_until(ahead.backlog(places * each), goal)
        spare = (places * each * pattern.mean() - ahead.demand.mean()) * 7
        price = levels.price(levels.pools[0], places) - levels.price(levels.pools[0], least)
        yield ReliefRow(
            pool=past.pool,
            backlog=past.backlog,
            goal=goal,
            extra=round(places - least, 9),
            minutes=7 * (places - least) * each * float(pattern.mean()),
            weeks_formula=(past.backlog - goal) / float(spare) if spare > 0 else None,
            weeks=weeks,
            weeks_most=most,
            cleared=cleared,
            replications=len(ahead.demand),
            cost=price / levels.days * 7 * most if most is not None and levels.is_priced else None,
        )
        if most is not None and most <= 4:
            return


def notes_of_totals(service: Service, past: Past, start: str, first_day: date, settle: int, pool: str) -> Iterator[str]:
    """What a reader of figures that rest on daily totals must know."""
    label, days = label_of(service.pools, pool), past.days()
    yield (
        f"There are daily totals and no records of visits: days to come are made of {len(past.demand)} days on record, "
        f"from {past.first_day.isoformat()} on, in blocks of {BLOCK_DAYS} days. Every worker is taken as able to do "
        "whatever waits."
    )
    if start == "cleared":
        first = first_day + timedelta(days=settle)
        yield (
            "The promise is judged as if today's backlog, which breaks it already or was left out, had been cleared: "
            f"from {first.isoformat()} on, after {settle} days in which the service fills up."
        )
    yield correlation_note(label, days, "in the totals")
