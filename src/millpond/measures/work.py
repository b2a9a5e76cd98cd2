"""Pieces of work: how much of which visit was done from when to when, and how a piece is spread over the periods.

A visit with spells has a piece for each spell; any other visit that was worked has one, from start to end. A piece is
spread in proportion over the working time between its ends (over elapsed time where none of it was working time), by
cumulative rounding: the parts of a piece are whole microseconds and add up to the piece, whatever the periods are.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
from ibis.expr.types import IntegerValue, Table

from millpond.measures.known import with_home
from millpond.periods import Grid, day_table, period_of, worked_until

PIECE = ("pool", "home", "from_us", "from_day", "to_us", "to_day", "amount_us")
"""The columns of a table of pieces: whose queue, whose worker, from when to when, and how much."""


def spell_pieces(
    known: Table, spells: Table, working_days: Table, as_of_us: int, as_of_day: int, homes: Mapping[str, str]
) -> Table:
    """The pieces of work that spells show, up to an instant.

    Args:
        known: the visits known at the instant (`millpond.measures.known.known_at`).
        spells: the spells of work of the records.
        working_days: as `millpond.periods.working_day_table` makes it.
        as_of_us: the instant; of a spell under way then, only the part before it counts.
        as_of_day: the local day of the instant.
        homes: the home pool of each worker whose home is known.

    Returns:
        `visit`, `pool`, `worker`, `home` (of the spell's worker, who need not be the visit's), `from_us`, `from_day`,
        `to_us`, `to_day`, `amount_us`. A spell that lies outside its visit's stay is moved to the nearest instant
        within it.
    """
    stays = known.select(
        "visit", "pool", "joined_us", "joined_day", "ended_us", "ended_day", holder="worker", holder_home="home"
    )
    pieces = with_home(spells.filter(spells.starts_us <= as_of_us), homes).join(stays, "visit")
    # Somebody whose home nobody knows, and who is not the visit's own worker, is taken to belong to the pool.
    holds = pieces.worker.isnull() | (pieces.worker == pieces.holder).fill_null(False)
    otherwise = ibis.ifelse(holds, pieces.holder_home, pieces.pool)
    pieces = pieces.mutate(home=ibis.coalesce(pieces.worker_home, otherwise))
    # Named columns of the joined table, so that they stay bound to it when more columns are added.
    pieces = pieces.mutate(
        last_us=ibis.coalesce(pieces.ended_us, as_of_us),
        last_day=ibis.coalesce(pieces.ended_day, ibis.literal(as_of_day, "int32")),
    )
    last_us, last_day = pieces.last_us, pieces.last_day

    def within(us: IntegerValue, first: IntegerValue, last: IntegerValue) -> IntegerValue:
        return ibis.greatest(ibis.least(us, last), first)

    pieces = pieces.mutate(
        from_us=within(pieces.starts_us, pieces.joined_us, last_us),
        from_day=within(pieces.starts_day, pieces.joined_day, last_day),
        cut=pieces.ended_us.isnull() & (pieces.ends_us > as_of_us),
    )
    ends_us, ends_day = (
        within(pieces.ends_us, pieces.joined_us, last_us),
        within(pieces.ends_day, pieces.joined_day, last_day),
    )
    pieces = pieces.mutate(
        to_us=ibis.ifelse(pieces.cut, as_of_us, ends_us),
        to_day=ibis.ifelse(pieces.cut, ibis.literal(as_of_day, "int32"), ends_day),
        end_us=ibis.ifelse(pieces.cut, pieces.ends_us, ends_us),
        end_day=ibis.ifelse(pieces.cut, pieces.ends_day, ends_day),
    )
    pieces = _with_clock(pieces, working_days, {"from": "work_from_us", "to": "work_to_us", "end": "work_end_us"})
    worked = pieces.work_end_us > pieces.work_from_us
    begin = ibis.ifelse(worked, pieces.work_from_us, pieces.from_us)
    finish = ibis.ifelse(worked, pieces.work_end_us, pieces.end_us)
    reached = ibis.ifelse(worked, pieces.work_to_us, pieces.to_us)
    done = ibis.ifelse(
        pieces.cut & (finish > begin), part(pieces.minutes_us, begin, finish, reached), pieces.minutes_us
    )
    return pieces.select("visit", "pool", "worker", "home", "from_us", "from_day", "to_us", "to_day", amount_us=done)


def part(amount: IntegerValue, begin: IntegerValue, finish: IntegerValue, reached: IntegerValue) -> IntegerValue:
    """How much of an amount is done when its clock, which runs from `begin` to `finish`, shows `reached`.

    Whole microseconds: nothing at `begin`, all of it at `finish`, and never less later than earlier. In double
    precision, which every engine rounds alike, and exact at both ends for amounts up to 285 years.
    """
    share = (reached - begin).cast("float64") / (finish - begin).cast("float64")
    return (amount.cast("float64") * share + 0.5).floor().cast("int64")


def with_piece(needs: Table, as_of_us: int, as_of_day: int) -> Table:
    """Each visit with its piece of work, where it has no spells.

    Args:
        needs: the visits with `need_us` and `done_us` (`millpond.measures.need.with_need`).
        as_of_us: the instant that ends the series; work on an open visit ends there.
        as_of_day: its local day.

    Returns:
        `needs` with `from_us`, `from_day`, `to_us`, `to_day` and `amount_us`, which is 0 for a visit with spells.
    """
    to_us = ibis.coalesce(needs.ended_us, as_of_us)
    to_day = ibis.coalesce(needs.ended_day, ibis.literal(as_of_day, "int32"))
    # Where the start is unknown, all of the work falls on the end.
    return needs.mutate(
        from_us=ibis.coalesce(needs.started_us, to_us),
        from_day=ibis.coalesce(needs.started_day, to_day),
        to_us=to_us,
        to_day=to_day,
        amount_us=ibis.ifelse((needs.spells_us > 0).fill_null(False), ibis.literal(0, "int64"), needs.done_us),
    )


def scaled_pieces(needs: Table, spelled: Table) -> Table:
    """The pieces that spells show, scaled so that for every visit they add up to what was done of its need.

    Args:
        needs: the visits with `done_us` and `spells_us` (`millpond.measures.need.with_need`).
        spelled: as `spell_pieces` gives them.

    Returns:
        The columns of `PIECE`.
    """
    totals = needs.filter(needs.spells_us > 0).select("visit", "done_us", "spells_us")
    timed = spelled.join(totals, "visit")
    running = ibis.cumulative_window(group_by="visit", order_by=["from_us", "to_us", "amount_us", "worker"])
    timed = timed.mutate(up_to_us=timed.amount_us.sum().over(running).cast("int64"))
    nothing = ibis.literal(0, "int64")
    scaled = part(timed.done_us, nothing, timed.spells_us, timed.up_to_us) - part(
        timed.done_us, nothing, timed.spells_us, timed.up_to_us - timed.amount_us
    )
    amount = ibis.ifelse(timed.done_us == timed.spells_us, timed.amount_us, scaled)
    return timed.mutate(amount_us=amount).select(*PIECE)


def spread(pieces: Table, grid: Grid, working_days: Table, boundaries: Table) -> Table:
    """The work done in each period.

    Args:
        pieces: the columns of `PIECE`.
        grid: the periods; they cover every piece.
        working_days: as `millpond.periods.working_day_table` makes it.
        boundaries: as `millpond.periods.boundary_table` makes it, with every pool of the pieces.

    Returns:
        `pool`, `home`, `period`, `amount_us`: one row for each combination in which work was done.
    """
    first, last = day_table(grid), day_table(grid)
    first = first.rename(from_day="day", from_base="base", from_day_us="day_start_us")
    last = last.rename(to_day="day", to_base="base", to_day_us="day_start_us")
    placed = pieces.join(first, "from_day").join(last, "to_day")
    placed = placed.mutate(
        from_period=period_of(grid, placed.from_us, placed.from_base, placed.from_day_us),
        to_period=period_of(grid, placed.to_us, placed.to_base, placed.to_day_us),
    )
    single = placed.filter(placed.from_period == placed.to_period)
    single = single.select("pool", "home", "amount_us", period="to_period")
    several = placed.filter(placed.from_period < placed.to_period)
    several = _with_clock(several, working_days, {"from": "work_from_us", "to": "work_to_us"})
    several = several.mutate(period=ibis.range(several.from_period, several.to_period + 1).unnest().cast("int32"))
    several = several.join(boundaries, ["pool", "period"])
    worked = several.work_to_us > several.work_from_us
    begin = ibis.ifelse(worked, several.work_from_us, several.from_us)
    finish = ibis.ifelse(worked, several.work_to_us, several.to_us)
    opens = ibis.greatest(ibis.ifelse(worked, several.work_starts_us, several.starts_us), begin)
    closes = ibis.least(ibis.ifelse(worked, several.work_ends_us, several.ends_us), finish)
    amount = part(several.amount_us, begin, finish, closes) - part(several.amount_us, begin, finish, opens)
    several = several.select("pool", "home", "period", amount_us=amount)
    parts = ibis.union(single.select("pool", "home", "period", "amount_us"), several)
    return parts.group_by("pool", "home", "period").agg(amount_us=parts.amount_us.sum().cast("int64"))


def _with_clock(pieces: Table, working_days: Table, ends: dict[str, str]) -> Table:
    """Adds the pool's cumulative working time at each of the named ends (`from` reads `from_us` and `from_day`)."""
    columns = list(pieces.columns)
    for end, name in ends.items():
        days = working_days.rename(clock_pool="pool", clock_day="day")
        joined = pieces.left_join(days, [("pool", "clock_pool"), (f"{end}_day", "clock_day")])
        pieces = joined.select(*columns, worked_until(joined[f"{end}_us"], joined).fill_null(0).name(name))
        columns.append(name)
    return pieces
