"""When a target wait runs out, on the scale in which the target is set.

Minutes and hours are elapsed time: a wait of exactly the target is within it. Days, weeks and working days
are days of the local calendar: a target of N days is met by a start before the end of the Nth day after the
day of joining, and of N working days before the end of the Nth day after it on which the step's pool works.
"""

from __future__ import annotations

from math import ceil

import ibis
import pyarrow as pa
from ibis.expr.types import IntegerValue, Table

from millpond.model import Pool, Service, TargetWait
from millpond.periods import MICROSECONDS_A_MINUTE, day_of, working_day_table, working_time

_ELAPSED, _DAYS, _WORKING_DAYS = "elapsed", "days", "working days"
_UNITS = {
    "minutes": (_ELAPSED, MICROSECONDS_A_MINUTE),
    "hours": (_ELAPSED, 60 * MICROSECONDS_A_MINUTE),
    "days": (_DAYS, 1),
    "weeks": (_DAYS, 7),
    "working days": (_WORKING_DAYS, 1),
}

TARGET_NOTE = (
    "A target in days or weeks is met by a start before the end of the last of those days after the day of joining; "
    "one in working days counts the days on which the step's pool works."
)


def scaled(target: TargetWait) -> tuple[str, int]:
    """The scale of a target, and the target on it: microseconds of elapsed time, or a whole number of days.

    A part of a day runs to that day's end.
    """
    scale, size = _UNITS[target.unit]
    return scale, round(target.amount * size) if scale == _ELAPSED else ceil(target.amount * size - 1e-9)


def target_steps(service: Service) -> dict[str, TargetWait]:
    """The steps where somebody waits for staff and should not wait for longer than a target."""
    return {
        name: step.target for name, step in service.steps.items() if step.target is not None and step.pool is not None
    }


def against_targets(known: Table, service: Service, as_of_us: int) -> Table:
    """The visits at steps with a target wait, each with its wait on the scale of the target.

    Args:
        known: visits with their pools, as `millpond.measures.known.known_at` gives them.
        service: says the targets and when each pool works.
        as_of_us: the instant at which they are known, in microseconds since 1970-01-01 UTC.

    Returns:
        `known`, less the visits at other steps, with `target_span` (from joining to the start, else to the
        end, else to the instant), `target_so_far` (from joining to the instant) and `target_allowed`. A wait
        is beyond the target where it is more than `target_allowed`.
    """
    targets = {name: scaled(target) for name, target in target_steps(service).items()}
    table = ibis.memtable(
        pa.table(
            {
                "target_step": pa.array(targets, pa.string()),
                "target_scale": pa.array([scale for scale, _ in targets.values()], pa.string()),
                "target_allowed": pa.array([allowed for _, allowed in targets.values()], pa.int64()),
            }
        )
    )
    visits = known.join(table, known.step == table.target_step)
    as_of_day = day_of(as_of_us, service.zone)
    now_us, now_day = ibis.literal(as_of_us, "int64"), ibis.literal(as_of_day, "int32")
    visits = visits.mutate(
        until_us=ibis.coalesce(visits.started_us, visits.ended_us, now_us),
        until_day=ibis.coalesce(visits.started_day, visits.ended_day, now_day),
    )
    visits = _with_working_days(visits, service, as_of_day)

    def on_scale(us: IntegerValue, day: IntegerValue, days_before: IntegerValue) -> IntegerValue:
        taken = ibis.cases(
            (visits.target_scale == _ELAPSED, us - visits.joined_us),
            (visits.target_scale == _DAYS, (day - visits.joined_day).cast("int64")),
            else_=days_before + 1 - visits.days_at_joining,
        )
        return ibis.greatest(taken, ibis.literal(0, "int64"))

    return visits.mutate(
        target_span=on_scale(visits.until_us, visits.until_day, visits.days_before_end),
        target_so_far=on_scale(now_us, now_day, visits.days_before_now),
    ).drop(
        "target_step",
        "target_scale",
        "until_us",
        "until_day",
        "days_at_joining",
        "days_before_end",
        "days_before_now",
    )


def days_on_scale(table: Table, service: Service, target: TargetWait, first: str, last: str, as_of_us: int) -> Table:
    """The rows of a table with `target_span`, the days from one day to another on the scale of a target in
    days.

    Working days are those of the service's first calendar.

    Args:
        table: has day numbers in two columns.
        service: gives the calendar.
        target: one in days, weeks or working days.
        first: the column of the day from which the target counts.
        last: the column of the day of its end; where it is null, the day of the instant counts.
        as_of_us: the instant at which the records end, in microseconds since 1970-01-01 UTC.
    """
    as_of_day = day_of(as_of_us, service.zone)
    table = table.mutate(until_day=ibis.coalesce(table[last], ibis.literal(as_of_day, "int32")))
    if not target.is_working_time:
        days = (table.until_day - table[first]).cast("int64")
        return table.mutate(target_span=ibis.greatest(days, ibis.literal(0, "int64")))
    begins = table[first].min().to_pyarrow().as_py()
    span = range(as_of_day if begins is None else begins, as_of_day + 1)
    calendar = Pool(calendar=next(iter(service.effective_calendars)))
    opened = working_day_table({"": working_time(service, calendar, span[0], span[-1])})
    opening = opened.select(day_o="day", upto="worked_days")
    closing = opened.select(day_c="day", before=opened.worked_days - opened.working)
    joined = table.left_join(opening, table[first] == opening.day_o)
    joined = joined.left_join(closing, joined.until_day == closing.day_c)
    taken = ibis.greatest(joined.before + 1 - joined.upto, ibis.literal(0, "int64"))
    return joined.mutate(target_span=taken).drop("day_o", "day_c", "upto", "before")


def _with_working_days(visits: Table, service: Service, as_of_day: int) -> Table:
    """Adds the pool's count of working days up to and with the day of joining, and before two other days."""
    zero = ibis.literal(0, "int64")
    first = visits.filter(visits.target_scale == _WORKING_DAYS).joined_day.min().to_pyarrow().as_py()
    if first is None:
        return visits.mutate(days_at_joining=zero, days_before_end=zero, days_before_now=zero)
    pools = {
        service.steps[name].pool or "": service.pools[service.steps[name].pool or ""]
        for name, target in target_steps(service).items()
        if target.is_working_time
    }
    calendars = {name: working_time(service, pool, first, as_of_day) for name, pool in pools.items()}
    days = working_day_table(calendars)
    days = days.select("pool", "day", upto="worked_days", before=days.worked_days - days.working)
    joining = days.select(pool_j="pool", day_j="day", days_at_joining="upto")
    ending = days.select(pool_e="pool", day_e="day", days_before_end="before")
    now = days.filter(days.day == as_of_day).select(pool_n="pool", days_before_now="before")
    joined = visits.left_join(joining, [visits.pool == joining.pool_j, visits.joined_day == joining.day_j])
    joined = joined.left_join(ending, [joined.pool == ending.pool_e, joined.until_day == ending.day_e])
    joined = joined.left_join(now, joined.pool == now.pool_n)
    return joined.drop("pool_j", "day_j", "pool_e", "day_e", "pool_n")
