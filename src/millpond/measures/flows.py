"""What flowed through each pool in each period: work that joined, was done, and was withdrawn.

These are the expressions on which demand, activity and backlog rest; they run unchanged on every engine that Ibis
speaks to, and their figures are whole microseconds and counts, so that every engine gives the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from millpond.measures.need import with_need
from millpond.measures.results import whole_microseconds
from millpond.measures.work import PIECE, scaled_pieces, spell_pieces, spread, with_piece
from millpond.model import Service
from millpond.periods import (
    Grid,
    WorkingTime,
    boundary_table,
    day_table,
    openings,
    period_of,
    staffed,
    working_day_table,
)


@dataclass(frozen=True)
class Flows:
    """Two expressions over one visit log.

    Attributes:
        needs: the known visits with what each needs (`millpond.measures.need.with_need`).
        flows: `kind` (``demand``, ``activity``, ``withdrawn``), `pool`, `home` (whose worker did the work, where that
            is another pool), `need_source` and `joined_source` (of demand), `period`, `amount_us`, and
            `visits` (joined, ended as done, withdrawn).
    """

    needs: Table
    flows: Table


def flows(
    known: Table,
    spells: Table | None,
    service: Service,
    working: dict[str, WorkingTime],
    grid: Grid,
    as_of_us: int,
    as_of_day: int,
    *,
    homes: Mapping[str, str] | None = None,
    on_the_clock: bool = True,
) -> Flows:
    """The flows of a visit log.

    Args:
        known: the visits known at the instant (`millpond.measures.known.known_at`).
        spells: the spells of work on record; None where there are none, which makes a smaller query.
        service: the service.
        working: the working time of every pool in which a visit of `known` stands, over the grid's days.
        grid: periods that cover every known visit.
        as_of_us: the instant that ends the series.
        as_of_day: the local day in which it falls.
        homes: the home pool of each worker whose home is known, for spells of work.
        on_the_clock: whether there may be visits that began without recorded minutes.
    """
    working_days = working_day_table(working, partial(_direct_us, service))
    spelled = None if spells is None else spell_pieces(known, spells, working_days, as_of_us, as_of_day, homes or {})
    own_days = _own_days(service, working) if on_the_clock else {}
    needs = with_need(known, spelled, working_days, as_of_us, as_of_day, on_the_clock=on_the_clock, own_days=own_days)
    pieces = with_piece(needs, as_of_us, as_of_day)
    within = pieces.from_day == pieces.to_day if grid.by != "hour" else ibis.literal(False)
    at_once = _at_once(pieces.mutate(within=within), grid)
    longer = pieces.filter(~within, pieces.amount_us > 0).select(*PIECE)
    if spelled is not None:
        longer = ibis.union(longer, scaled_pieces(needs, spelled))
    spaced = spread(longer, grid, working_days, boundary_table(grid, working))
    spaced = spaced.mutate(
        kind=ibis.literal("activity"),
        need_source=ibis.null("int16"),
        joined_source=ibis.null("string"),
        visits=ibis.literal(0, "int64"),
    )
    return Flows(needs, ibis.union(at_once, spaced.select(*at_once.columns)))


def _direct_us(service: Service, pool: str, day: int) -> int | None:
    """What each worker of a pool can give on a working day; None where that is the whole shift."""
    known = service.pools.get(pool)
    minutes = staffed(known, day).minutes_per_day if known else None
    return None if minutes is None else whole_microseconds(minutes)


def _own_days(service: Service, working: Mapping[str, WorkingTime]) -> dict[str, Table]:
    """The days of each named worker who has hours or direct minutes of their own; what is left out is as the pool."""
    found = {}
    for name, worker in service.workers.items():
        of_pool = working.get(worker.pool)
        if of_pool is None or (worker.calendar is None and worker.minutes_per_day is None):
            continue
        kept = of_pool
        if worker.calendar is not None:
            last_day = of_pool.first_day + len(of_pool.openings) - 1
            kept = WorkingTime(of_pool.first_day, openings(service, worker.calendar, of_pool.first_day, last_day))
        own = worker.minutes_per_day

        def direct_us(pool: str, day: int, own: float | None = own) -> int | None:
            return _direct_us(service, pool, day) if own is None else whole_microseconds(own)

        found[name] = working_day_table({worker.pool: kept}, direct_us)
    return found


_EVENTS = ("join", "work", "end")


def _at_once(pieces: Table, grid: Grid) -> Table:
    """The flows that fall on one instant or within one day: joining, ending, and work begun and done in a day.

    Each visit is read once and counted up to three times, which costs less than reading the log three times.
    """
    kinds = ibis.memtable(pa.table({"event": pa.array(range(len(_EVENTS)), pa.int16())}))
    events = pieces.select(
        "pool",
        "home",
        "need_source",
        "joined_source",
        "joined_us",
        "joined_day",
        "to_us",
        "to_day",
        "ended_us",
        "withdrawn",
        "within",
        "need_us",
        "done_us",
        "amount_us",
    ).cross_join(kinds)
    joins, works, ends = (events.event == number for number in range(len(_EVENTS)))
    has_ended = events.ended_us.notnull()
    events = events.filter(joins | (works & events.within & (events.amount_us > 0)) | (ends & has_ended))
    nothing = ibis.literal(0, "int64")
    leaves = ends & events.withdrawn
    events = events.select(
        "pool",
        "event",
        leaves=leaves,
        home=ibis.ifelse(works & (events.home != events.pool), events.home, ibis.null("string")),
        need_source=ibis.ifelse(joins, events.need_source, ibis.null("int16")),
        joined_source=ibis.ifelse(joins, events.joined_source, ibis.null("string")),
        us=ibis.ifelse(joins, events.joined_us, events.to_us),
        day=ibis.ifelse(joins, events.joined_day, events.to_day),
        amount_us=ibis.cases(
            (joins, events.need_us),
            (works, events.amount_us),
            (leaves, events.need_us - events.done_us),
            else_=nothing,
        ),
        visits=ibis.ifelse(works, nothing, ibis.literal(1, "int64")),
    )
    keys = ("event", "leaves", "pool", "home", "need_source", "joined_source")
    if grid.by == "hour":
        dated = events.join(day_table(grid), "day")
        dated = dated.mutate(period=period_of(grid, dated.us, dated.base, dated.day_start_us))
        sums = _added(dated, (*keys, "period"))
    else:
        # By the day first: the days are few, and only they are then looked up in the grid.
        by_day = _added(events, (*keys, "day"))
        sums = _added(by_day.join(day_table(grid), "day").rename(period="base"), (*keys, "period"))
    kind = ibis.cases((sums.event == _EVENTS.index("join"), "demand"), (sums.leaves, "withdrawn"), else_="activity")
    return sums.mutate(kind=kind).drop("event", "leaves")


def _added(rows: Table, keys: tuple[str, ...]) -> Table:
    return rows.group_by(*keys).agg(
        amount_us=rows.amount_us.sum().cast("int64"), visits=rows.visits.sum().cast("int64")
    )
