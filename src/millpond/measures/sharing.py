"""Working time of visits whose worker was on several at once: the overlapping time is shared equally among them.

A sweep over each worker's starts and ends gives, for every stretch between two of them, how many visits were under
way; a stretch's time divided by that number, summed up to an instant, is a clock on which a visit's share is the
difference between its end and its start (processor sharing). No visit is compared with another, so the cost grows
with the number of visits and not with the number of pairs.
"""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from millpond.periods import worked_until


def shared_time(spans: Table, working_days: Table) -> Table:
    """What each visit gets of its worker's time.

    Args:
        spans: one row a visit: `visit`, `worker` (null where unknown: then nothing overlaps), `pool`, `from_us`,
            `from_day`, `to_us`, `to_day`, with `from_us` before `to_us`.
        working_days: as `millpond.periods.working_day_table` makes it.

    Returns:
        `visit`, `worked_us` (its share of the pool's working time between its start and its end) and `elapsed_us`
        (its share of elapsed time). A share is rounded down to a whole microsecond in each stretch.
    """
    # An unknown worker is somebody of their own for each visit.
    keyed = spans.mutate(holder=ibis.coalesce(ibis.literal("w:") + spans.worker, ibis.literal("v:") + spans.visit))
    starts = keyed.select("holder", at_us="from_us", at_day="from_day", step=ibis.literal(1, "int64"))
    ends = keyed.select("holder", at_us="to_us", at_day="to_day", step=ibis.literal(-1, "int64"))
    moments = ibis.union(starts, ends).group_by("holder", "at_us", "at_day").agg(step=lambda t: t.step.sum())
    # A worker's visits may queue in several pools, each with opening hours of its own.
    clocks = moments.join(keyed.select("holder", "pool").distinct(), "holder")
    days = working_days.rename(clock_day="day", clock_pool="pool")
    clocks = clocks.left_join(days, [("at_day", "clock_day"), ("pool", "clock_pool")])
    clocks = clocks.select("holder", "pool", "at_us", "step", work_us=worked_until(clocks.at_us, clocks).fill_null(0))
    running = ibis.cumulative_window(group_by=["holder", "pool"], order_by="at_us")
    following = ibis.window(group_by=["holder", "pool"], order_by="at_us")
    stretches = clocks.mutate(
        under_way=clocks.step.sum().over(running).cast("int64"),
        elapsed_us=(clocks.at_us.lead().over(following) - clocks.at_us).fill_null(0),
        worked_us=(clocks.work_us.lead().over(following) - clocks.work_us).fill_null(0),
    )
    # Where nobody is under way the stretch belongs to no visit, and dividing it by one harms nothing.
    several = ibis.greatest(stretches.under_way, ibis.literal(1, "int64"))
    shares = stretches.mutate(
        elapsed_us=(stretches.elapsed_us // several).cast("int64"),
        worked_us=(stretches.worked_us // several).cast("int64"),
    )
    clocks = shares.select(
        "holder",
        "pool",
        "at_us",
        elapsed_clock=shares.elapsed_us.sum().over(running).cast("int64") - shares.elapsed_us,
        worked_clock=shares.worked_us.sum().over(running).cast("int64") - shares.worked_us,
    )
    opened = clocks.rename(from_us="at_us", elapsed_from="elapsed_clock", worked_from="worked_clock")
    closed = clocks.rename(to_us="at_us", elapsed_to="elapsed_clock", worked_to="worked_clock")
    timed = keyed.join(opened, ["holder", "pool", "from_us"]).join(closed, ["holder", "pool", "to_us"])
    return timed.select(
        "visit",
        worked_us=timed.worked_to - timed.worked_from,
        elapsed_us=timed.elapsed_to - timed.elapsed_from,
    )
