"""The time grid and the working time as small tables that a query joins on equality of day or period.

The expressions made from them are plain arithmetic on 64-bit integers, so that every engine gives the same figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

import ibis
import pyarrow as pa
from ibis.expr.types import IntegerValue, Table

from millpond.periods.days import MICROSECONDS_AN_HOUR
from millpond.periods.grid import Grid
from millpond.periods.working_time import WorkingTime


def day_table(grid: Grid) -> Table:
    """One row a covered day: `day`, `base` (the period in which it begins) and `day_start_us`."""
    days = range(grid.first_day, grid.last_day + 1)
    return ibis.memtable(
        pa.table(
            {
                "day": pa.array(days, pa.int32()),
                "base": pa.array(grid.day_periods, pa.int32()),
                "day_start_us": pa.array(grid.day_starts_us, pa.int64()),
            }
        )
    )


def period_of(grid: Grid, us: IntegerValue, base: IntegerValue, day_start_us: IntegerValue) -> IntegerValue:
    """The index of the period in which an instant falls, from the columns that `day_table` gives for its local day."""
    if grid.by != "hour":
        return base
    return (base + (us - day_start_us) // MICROSECONDS_AN_HOUR).cast("int32")


def boundary_table(grid: Grid, pools: Mapping[str, WorkingTime]) -> Table:
    """One row a pool and period: `pool`, `period`, and where it begins and ends in elapsed and in working time.

    Columns `starts_us` and `ends_us` are instants; `work_starts_us` and `work_ends_us` are the pool's cumulative
    working time at those instants.
    """
    day_at = _days_at_boundaries(grid)
    columns: dict[str, list[object]] = {name: [] for name in _BOUNDARY_TYPES}
    for pool, working in pools.items():
        work = [working.until(us, day) for us, day in zip(grid.starts_us, day_at, strict=True)]
        count = len(grid.labels)
        columns["pool"] += [pool] * count
        columns["period"] += range(count)
        columns["starts_us"] += grid.starts_us[:-1]
        columns["ends_us"] += grid.starts_us[1:]
        columns["work_starts_us"] += work[:-1]
        columns["work_ends_us"] += work[1:]
    return ibis.memtable(pa.table({name: pa.array(columns[name], kind) for name, kind in _BOUNDARY_TYPES.items()}))


def working_day_table(
    pools: Mapping[str, WorkingTime], direct_us: Callable[[str, int], int | None] = lambda _pool, _day: None
) -> Table:
    """One row a pool and local day, from which `worked_until` reads the pool's cumulative working time.

    Args:
        pools: the working time of each pool.
        direct_us: what one worker of a pool can give on a day, in microseconds; None where that is the whole shift.

    Returns:
        Columns `pool`, `day`, `before_us` (working time before the day), `worked_days` (working days up to and with
        it), `working` (1 on a working day, else 0), `given_before_us` and `given_us` (what one worker can give on all
        days before it, and on the day; never more than the working time), `first_open_us` and `last_close_us` (0 on a
        closed day), and `open_1`, `close_1`, ... the instants of its openings, of no length where it has fewer.
    """
    most = max((len(day) for working in pools.values() for day in working.openings), default=0)
    spans = [name for number in range(1, most + 1) for name in (f"open_{number}", f"close_{number}")]
    given = ("given_before_us", "given_us", "first_open_us", "last_close_us")
    names = ("pool", "day", "before_us", "worked_days", "working", *given, *spans)
    columns: dict[str, list[object]] = {name: [] for name in names}
    for pool, working in pools.items():
        given_before = 0
        for index, openings in enumerate(working.openings):
            day = working.first_day + index
            instants = [us for opening in openings for us in opening]
            worked = int(working.worked_us[index])
            direct = direct_us(pool, day) if worked else None
            today = worked if direct is None else min(direct, worked)
            ends = (openings[0][0], openings[-1][1]) if openings else (0, 0)
            days = (working.before_us[index], working.days_before[index + 1], int(bool(openings)))
            row = (pool, day, *days, given_before, today, *ends)
            given_before += today
            for name, value in zip(columns, (*row, *instants, *[0] * (2 * most - len(instants))), strict=True):
                columns[name].append(value)
    kinds = {"pool": pa.string(), "day": pa.int32()}
    return ibis.memtable(
        pa.table({name: pa.array(values, kinds.get(name, pa.int64())) for name, values in columns.items()})
    )


def worked_until(us: IntegerValue, working_days: Table) -> IntegerValue:
    """The cumulative working time at an instant.

    Args:
        us: the instant, microseconds since 1970-01-01 UTC.
        working_days: a joined table whose columns are those of `working_day_table` for the instant's pool and day.
    """
    total = working_days["before_us"]
    spans = sum(1 for name in working_days.columns if name.startswith("open_"))
    for number in range(1, spans + 1):
        start, end = working_days[f"open_{number}"], working_days[f"close_{number}"]
        total = total + ibis.greatest(ibis.least(us, end) - start, ibis.literal(0, "int64"))
    return total


_BOUNDARY_TYPES = {
    "pool": pa.string(),
    "period": pa.int32(),
    "starts_us": pa.int64(),
    "ends_us": pa.int64(),
    "work_starts_us": pa.int64(),
    "work_ends_us": pa.int64(),
}


def _days_at_boundaries(grid: Grid) -> list[int]:
    """The local day in which each period begins; last, the day after the last."""
    begins: dict[int, int] = {}
    if grid.by == "hour":
        for offset, (base, after) in enumerate(pairwise((*grid.day_periods, len(grid.labels)))):
            begins |= dict.fromkeys(range(base, after), grid.first_day + offset)
    else:
        for offset, period in enumerate(grid.day_periods):
            begins.setdefault(period, grid.first_day + offset)
    return [*begins.values(), grid.last_day + 1]
