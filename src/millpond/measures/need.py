"""The need of each visit: the minutes of work that it takes in all, as a whole number of microseconds.

Every visit has one need, from the best evidence there is of it: the minutes recorded or the sum of its spells; the
working time between its start and its end, shared where its worker was on several visits at once; the planned
minutes of its step; or nothing. Kept as whole microseconds, sums of needs are exact in any order.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
from ibis.expr.types import IntegerValue, Table

from millpond.measures.sharing import shared_time

RECORDED = "recorded minutes"
SPELLS = "spells of work"
WORKING_TIME = "working time from start to end"
ELAPSED_TIME = "elapsed time from start to end"
SO_FAR = "work so far"
PLANNED = "planned minutes"
NOTHING = "no evidence"
SOURCES = (RECORDED, SPELLS, WORKING_TIME, ELAPSED_TIME, SO_FAR, PLANNED, NOTHING)
"""The kinds of evidence, the best first; a table of visits holds the place of its kind in this list."""


def with_need(
    known: Table,
    spells: Table | None,
    working_days: Table,
    as_of_us: int,
    as_of_day: int,
    *,
    on_the_clock: bool = True,
    own_days: Mapping[str, Table] | None = None,
) -> Table:
    """Each known visit with what it needs, what of that has been done, and on what evidence.

    Args:
        known: the visits as `millpond.measures.known.known_at` gives them.
        spells: the pieces of work that spells show, as `millpond.measures.work.spell_pieces` gives them.
        working_days: as `millpond.periods.working_day_table` makes it.
        as_of_us: the instant that ends the series, microseconds since 1970-01-01 UTC.
        as_of_day: the local day in which it falls.
        on_the_clock: whether there may be visits that began without recorded minutes; False makes a smaller query.
        own_days: for each named worker with hours or direct minutes of their own, the days of that worker, as
            `millpond.periods.working_day_table` makes them; the others give what the visit's pool gives.

    Returns:
        `known` with `need_us`, `done_us` (of the need, what was done up to the instant), `need_source` (the
        place of its evidence in `SOURCES`) and `spells_us` (the sum of its spells; null where it has none).
    """
    visits = _with_spells(known, spells)
    if not on_the_clock:
        return _judged(visits.mutate(**dict.fromkeys(_TIMES, ibis.null("int64")))).drop(*_TIMES)
    by_the_clock = (
        visits.minutes_us.isnull()
        & visits.spells_us.isnull()
        & (visits.started_us < ibis.coalesce(visits.ended_us, as_of_us)).fill_null(False)
    )
    # Apart, because only these visits need any look-up of working time; most logs have few of one of the two kinds.
    timed = _with_time(visits.filter(by_the_clock), working_days, own_days or {}, as_of_us, as_of_day)
    others = visits.filter(~by_the_clock).mutate(**dict.fromkeys(_TIMES, ibis.null("int64")))
    return _judged(ibis.union(timed, others.select(*timed.columns))).drop(*_TIMES)


_GIVEN = ("whose", "day", "given_before_us", "given_us", "first_open_us", "last_close_us")
_TIMES = ("worked_us", "elapsed_us", "cap_us")


def _with_spells(known: Table, spells: Table | None) -> Table:
    if spells is None:
        return known.mutate(spells_us=ibis.null("int64"))
    spelled = spells.group_by("visit").agg(spells_us=spells.amount_us.sum().cast("int64"))
    return known.left_join(spelled, "visit").drop("visit_right")


def _with_time(
    visits: Table, working_days: Table, own_days: Mapping[str, Table], as_of_us: int, as_of_day: int
) -> Table:
    """Adds each visit's share of its worker's time, and the most that one worker can have given since it started."""
    spans = visits.select(
        "visit",
        "worker",
        "pool",
        from_us="started_us",
        from_day="started_day",
        to_us=ibis.coalesce(visits.ended_us, as_of_us),
        to_day=ibis.coalesce(visits.ended_day, ibis.literal(as_of_day, "int32")),
    )
    visits = visits.join(shared_time(spans, working_days), "visit")
    # What one worker can have given: whole days, without a start after closing time or an end before opening time.
    # Whose days they are: those of a worker with terms of their own, else those of the pool.
    days = working_days.mutate(whose=ibis.literal("pool:") + working_days.pool).select(*_GIVEN)
    for name, of_worker in own_days.items():
        days = ibis.union(days, of_worker.mutate(whose=ibis.literal(f"worker:{name}")).select(*_GIVEN))
    whose = ibis.literal("pool:") + visits.pool
    if own_days:
        is_own = visits.worker.isin(list(own_days)).fill_null(False)
        whose = ibis.ifelse(is_own, ibis.literal("worker:") + visits.worker, whose)
    visits = visits.mutate(whose=whose)
    until = days.filter(days.day == as_of_day)
    reached = ibis.ifelse(until.first_open_us < as_of_us, until.given_us, ibis.literal(0, "int64"))
    until = until.select(now_whose="whose", given_now=until.given_before_us + reached)
    begun = days.select("given_before_us", "given_us", "last_close_us", start_whose="whose", start_day="day")
    visits = visits.left_join(until, [("whose", "now_whose")])
    visits = visits.left_join(begun, [("whose", "start_whose"), ("started_day", "start_day")])
    missed = ibis.ifelse(visits.started_us < visits.last_close_us, ibis.literal(0, "int64"), visits.given_us)
    cap: IntegerValue = visits.given_now - visits.given_before_us - missed
    return visits.mutate(cap_us=ibis.greatest(cap, ibis.literal(0, "int64"))).drop(
        *("whose", "now_whose", "given_now", "given_before_us", "given_us", "last_close_us", "start_whose", "start_day")
    )


def _judged(visits: Table) -> Table:
    """Adds the need, what was done of it, and the evidence, from all that is known of each visit."""
    ended = visits.ended_us.notnull()
    nothing = ibis.literal(0, "int64")
    of_hours = (visits.worked_us > 0).fill_null(False)
    spent = ibis.ifelse(of_hours, visits.worked_us, visits.elapsed_us)
    planned = ibis.coalesce(visits.planned_us, nothing)
    # Work so far on an open visit is no more than its worker can give on the working days since its start.
    given = ibis.ifelse(visits.cap_us < spent, visits.cap_us, spent)
    so_far = ibis.coalesce(visits.minutes_us, visits.spells_us, given, nothing)
    evidence = ibis.coalesce(visits.minutes_us, visits.spells_us, spent)
    need = ibis.ifelse(ended, ibis.coalesce(evidence, planned), ibis.greatest(so_far, planned))
    source = ibis.cases(
        (ended & visits.minutes_us.notnull(), _place(RECORDED)),
        (ended & visits.spells_us.notnull(), _place(SPELLS)),
        (ended & of_hours, _place(WORKING_TIME)),
        (ended & spent.notnull(), _place(ELAPSED_TIME)),
        (~ended & (so_far > planned), _place(SO_FAR)),
        (visits.planned_us.notnull(), _place(PLANNED)),
        else_=_place(NOTHING),
    )
    never_started = visits.started_us.isnull() & visits.spells_us.isnull()
    done = ibis.cases(
        (visits.withdrawn & never_started, nothing),
        (visits.withdrawn, ibis.least(ibis.coalesce(visits.spells_us, need), need)),
        (ended, need),
        else_=so_far,
    )
    return visits.mutate(need_us=need, done_us=done, need_source=source)


def _place(source: str) -> IntegerValue:
    return ibis.literal(SOURCES.index(source), "int16")
