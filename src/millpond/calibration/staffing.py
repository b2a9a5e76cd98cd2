"""How many people work in each pool, and how many minutes a day they give, from who was at work on which day.

The rules: a person counts in the pool where they do most, on the days on which a visit of theirs began or ended. The
workers of a pool are the median of that count over the open weekdays on which anybody of it was at work, and at least
one. Where nobody is named, they are the fewest who could have done the recorded work, and unknown where those would be
more than a service has. They are taken to give their
whole shift, unless the recorded work is less than a tenth of all their shifts: nobody is paid for that, so they must
have other duties, and are taken to give what each gave on a busy day (the 90th percentile of days with work). Where
the pool is open for more than ten hours a day, people come in shifts: a shift is eight hours, or a busy day if longer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from statistics import median

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from millpond.calibration.wording import counted
from millpond.periods import weekday

BUSY = 0.9
MUCH_LESS = 0.1
LONGEST_SHIFT = 600
"""Where a pool is open for longer than this many minutes a day, nobody works them all."""
USUAL_SHIFT = 480
MOST_WORKERS = 10_000
"""Who needs more than this many people for a busy day has minutes in the records that are none."""
_ROUNDED_UP_TO = 5

HARDLY_WORKED = "estimate: what each gave on a busy day, as far as recorded"
IN_SHIFTS = "assumed: eight hours, because nobody works all the hours that it is open"
LONG_DAYS = "estimate: what each gave on a busy day, which was longer than eight hours"


@dataclass(frozen=True)
class Staffing:
    """An estimate of a pool's staff.

    Attributes:
        workers: how many; None where the records say nothing about it.
        minutes_per_day: direct minutes of each on a working day; None for the whole shift.
        workers_basis: what the number rests on.
        minutes_basis: what the minutes rest on; None for the whole shift.
    """

    workers: int | None
    minutes_per_day: int | None
    workers_basis: str
    minutes_basis: str | None


def people_by_day(visits: Table, homes: Mapping[str, str], as_of_us: int) -> dict[str, dict[int, int]]:
    """How many people of each pool were at work on each day.

    Args:
        visits: the normalised visit log.
        homes: the pool of each person (`millpond.calibration.pools.Staff`).
        as_of_us: the instant that ends the records, microseconds since 1970-01-01 UTC.

    Returns:
        Pool to day number to people; without the days on which nobody was.
    """
    if not homes:
        return {}
    home = ibis.memtable(
        pa.table({"person": pa.array(list(homes), pa.string()), "home": pa.array(list(homes.values()), pa.string())})
    )
    starts = visits.filter(visits.started_us <= as_of_us).select("worker", day="started_day")
    ends = visits.filter(visits.ended_us <= as_of_us).select("worker", day="ended_day")
    present = ibis.union(starts, ends, distinct=True).join(home, [("worker", "person")])
    counts = present.group_by("home", "day").agg(people=present.worker.nunique())
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for row in counts.to_pyarrow().to_pylist():
        found[row["home"]][row["day"]] = row["people"]
    return dict(found)


def staffing(
    people: Mapping[int, int],
    work: Mapping[int, float],
    open_minutes: Sequence[int],
    days: range,
    *,
    is_lent_to: bool = False,
) -> Staffing:
    """The staff of one pool.

    Args:
        people: how many were at work, by day number; empty where nobody is named.
        work: minutes of work done, by day number; empty where the records do not say how long anything took.
        open_minutes: the minutes that its calendar is open on each weekday, Monday first.
        days: the day numbers that the records span.
        is_lent_to: people are named, but all of them do most of their work for other pools.

    Returns:
        An estimate; without workers where nothing tells how many.
    """
    opened = [day for day in days if open_minutes[weekday(day)]]
    shift = sum(open_minutes) / max(sum(1 for minutes in open_minutes if minutes), 1)
    done = {day: minutes for day, minutes in work.items() if minutes > 0}
    at_work = {day: count for day, count in people.items() if open_minutes[weekday(day)]} or dict(people)
    if at_work:
        workers = max(1, floor(median(at_work.values()) + 0.5))
        basis = f"estimate: the median of the people at work on {counted(len(at_work), 'day')}"
        each = [done[day] / count for day, count in at_work.items() if day in done]
    elif done:
        workers = max(1, ceil(_busy(done.values()) / min(shift, USUAL_SHIFT)))
        if workers > MOST_WORKERS:
            return Staffing(None, None, "", None)
        basis = "guess: the fewest who could have done the work of a busy day"
        each = [minutes / workers for minutes in done.values()]
    elif is_lent_to:
        return Staffing(1, None, "guess: the people who do this do most of their work in other pools", None)
    else:
        return Staffing(None, None, "", None)
    busy = _ROUNDED_UP_TO * ceil(_busy(each) / _ROUNDED_UP_TO) if each else None
    if busy is not None and sum(done.values()) < MUCH_LESS * workers * min(shift, USUAL_SHIFT) * len(opened):
        minutes, said = busy, HARDLY_WORKED
    elif shift > LONGEST_SHIFT:
        minutes = max(busy or 0, USUAL_SHIFT)
        said = IN_SHIFTS if minutes == USUAL_SHIFT else LONG_DAYS
    else:
        return Staffing(workers, None, basis, None)
    return Staffing(workers, minutes, basis, said) if minutes < shift else Staffing(workers, None, basis, None)


def _busy(amounts: Iterable[float]) -> float:
    """The 90th percentile: the least amount that nine tenths of the days do not exceed."""
    ordered = sorted(amounts)
    return ordered[ceil(BUSY * len(ordered)) - 1]
