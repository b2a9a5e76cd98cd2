"""Longer days in place of more people: how much of each working day those who are there would have to give.

For each pool in which the answer has more people than there are, the least direct minutes a working day are looked for
with which the promise is kept: of all of today's workers alike, and of each named worker alone while the others stay as
they are. The number of people is today's there, and the answer's in all other pools. Nobody can give more than a whole
shift. It is found by halving, which takes more minutes never to be worse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from millpond.errors import FaultyService
from millpond.measures.results import Result
from millpond.model import Calendar, Service
from millpond.planning.levels import Levels, Staffing
from millpond.planning.trial import try_out
from millpond.planning.tries import Tries, clopper_pearson

STEP = 15
"""Minutes a working day, to which answers are rounded up."""
LOOK = 60
"""Replications by which is decided where to look; the answer has had all."""
EACH = "each of them"


@dataclass(frozen=True)
class LongerDayRow:
    """How much of each working day somebody would have to give.

    Attributes:
        pool: the pool's key in ``service.toml``.
        who: ``each of them`` for all of today's workers alike, or the key of one named worker.
        today: direct minutes a working day today.
        minutes: the least that keep the promise; None where not even the whole shift does.
        shift: the longest shift, minutes: nobody can give more.
        replications: how many the share rests on.
        broken: the share of replications that break the promise with these minutes, or with the whole shift.
        low, high: the ends of its exact 95% interval.
    """

    pool: str
    who: str
    today: float
    minutes: float | None
    shift: float
    replications: int
    broken: float
    low: float
    high: float


@dataclass(frozen=True)
class LongerDays(Result):
    """What longer days would have to be, pool by pool."""

    rows: tuple[LongerDayRow, ...]
    row_type: ClassVar[type] = LongerDayRow


NOT_ASKED = LongerDays((), ())
"""Where nobody asked."""


def longer_days(tries: Tries, answer: Staffing) -> Iterator[LongerDayRow]:
    """What longer days of those who are there would have to be to keep the promise.

    Args:
        tries: what the answer was found with.
        answer: how many work in each pool.
    """
    levels = tries.levels
    for place, pool in enumerate(levels.pools):
        if not 0 < levels.today[place] < answer[place]:
            continue
        staffed = levels.service_with((*answer[:place], levels.today[place], *answer[place + 1 :]))
        for who in (EACH, *staffed.workers_of(pool, levels.first_day)):
            yield _row(tries, staffed, pool, who)


def _row(tries: Tries, service: Service, pool: str, who: str) -> LongerDayRow:
    calendar = service.calendar_of(service.pools[pool] if who == EACH else service.workers[who])
    shift = _longest_shift(calendar)
    own = None if who == EACH else service.workers[who].minutes_per_day
    stated = service.pools[pool].minutes_per_day if own is None else own
    today = min(shift if stated is None else stated, shift)
    # From what they give today on, in whole steps, and last the whole shift.
    grid = [today, *range((floor(today / STEP) + 1) * STEP, ceil(shift), STEP), shift]
    wanted = sorted(set(grid))
    low, high = 0, len(wanted) - 1
    while low < high:
        middle = (low + high) // 2
        if _keeps(tries, _with(service, pool, who, wanted[middle]), pool, LOOK):
            high = middle
        else:
            low = middle + 1
    broken = _broken(tries, _with(service, pool, who, wanted[low]), tries.replications)
    while broken.mean() > tries.risk and low < len(wanted) - 1:
        low += 1
        broken = _broken(tries, _with(service, pool, who, wanted[low]), tries.replications)
    is_kept = broken.mean() <= tries.risk and _is_enough(tries.levels, _with(service, pool, who, wanted[low]), pool)
    ends = clopper_pearson(int(broken.sum()), len(broken))
    return LongerDayRow(
        pool=pool,
        who=who,
        today=float(today),
        minutes=float(wanted[low]) if is_kept else None,
        shift=float(shift),
        replications=len(broken),
        broken=float(broken.mean()),
        low=ends[0],
        high=ends[1],
    )


def _with(service: Service, pool: str, who: str, minutes: float) -> Service:
    """The service in which they give so many minutes on each working day, whatever is dated or said of single ones."""
    if who != EACH:
        return service.changed(workers={**service.workers, who: service.workers[who].changed(minutes_per_day=minutes)})
    one = service.pools[pool]
    kept = []
    for change in one.changes:
        if (change.workers, change.calendar, change.cost_per_hour) != (None, None, None):
            kept.append(change.changed(minutes_per_day=None))
    workers = {
        name: worker.changed(minutes_per_day=None) if worker.pool == pool else worker
        for name, worker in service.workers.items()
    }
    pools = {**service.pools, pool: one.changed(minutes_per_day=minutes, changes=tuple(kept))}
    return service.changed(pools=pools, workers=workers)


def _keeps(tries: Tries, service: Service, pool: str, replications: int) -> bool:
    if not _is_enough(tries.levels, service, pool):
        return False
    return bool(_broken(tries, service, min(replications, tries.replications)).mean() <= tries.risk)


def _is_enough(levels: Levels, service: Service, pool: str) -> bool:
    """Whether they can do more than the work that cases bring: else the backlog grows, whatever few days may show."""
    given = Levels(service, levels.first_day, levels.days, (pool,), levels.step)
    return given.minutes(pool, given.today[0]) > levels.demand[pool] * (1 + 1e-9)


def _broken(tries: Tries, service: Service, replications: int) -> npt.NDArray[np.bool_]:
    """For each replication whether it breaks the promise; all of them where the service cannot be run."""
    if tries.say is not None:
        tries.say("Trying longer days", tries.run)
    try:
        trial = try_out(
            service,
            tries.first_day,
            tries.settle + tries.days,
            replications=replications,
            seed=tries.seed,
            opening=tries.opening,
            limit=tries.promise.limit,
            threads=tries.threads,
        )
    except FaultyService:
        return np.ones(replications, dtype=bool)
    tries.run += replications
    return np.asarray(~tries.promise.is_kept_by(tries.figures(trial)).all(axis=1))


def _longest_shift(calendar: Calendar) -> float:
    return float(max(sum(end - start for start, end in day) for day in calendar.weekly))
