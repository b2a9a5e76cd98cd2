"""The minutes of work of each visit that has ended, from the best evidence there is.

The same as the need of the four measures: the minutes recorded or the sum of its spells; else the working time from its
start to its end (elapsed time where none of it was working time), time in which its worker had several visits in hand
shared equally among them; else the planned minutes of its step; else nothing is known.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from ibis.expr.types import Table

from millpond.model import Service
from millpond.periods import MICROSECONDS_A_MINUTE
from millpond.process.clock import Clock
from millpond.process.events import NOBODY, UNKNOWN, Events
from millpond.process.grouped import Bools, Ints, distinct, greatest_so_far, in_order, keyed, parts_of


def work(events: Events, service: Service, spelled: Ints | None = None) -> Ints:
    """The work of each visit in microseconds; `UNKNOWN` where it has not ended or nothing tells.

    Args:
        events: the visits.
        service: has the planned minutes.
        spelled: the sum of the spells of each, `UNKNOWN` where it has none; see `spells_of`.
    """
    planned = [step.planned_minutes if (step := service.steps.get(name)) else None for name in events.steps]
    of_step = [UNKNOWN if minutes is None else round(minutes * MICROSECONDS_A_MINUTE) for minutes in planned]
    found = np.array(of_step or [UNKNOWN], dtype=np.int64)[events.step]
    ended, began = events.ended != UNKNOWN, events.started != UNKNOWN
    told = events.minutes if spelled is None else np.where(events.minutes != UNKNOWN, events.minutes, spelled)
    until = np.where(ended, events.ended, events.as_of_us)
    timed = (told == UNKNOWN) & began & (events.started < until)
    clocks = [Clock.of(hours) for hours in events.clocks]
    nobody = np.flatnonzero(timed & (events.worker == NOBODY))
    found[nobody] = _alone(events, clocks, nobody, until)
    for some in parts_of(events.worker[events.by_worker]):
        mine = events.by_worker[some]
        mine = mine[timed[mine]]
        shared = _beside_another(events, mine, until)
        for visits, minutes in ((mine[~shared], _alone), (mine[shared], _shared)):
            if len(visits):
                found[visits] = minutes(events, clocks, visits, until)
    found = np.where(told != UNKNOWN, told, found)
    # Nothing was done for somebody who left before being seen.
    unseen = events.withdrawn & ~began & (told == UNKNOWN)
    return np.where(ended & ~unseen, found, UNKNOWN)


def spells_of(events: Events, visits: Table, spells: Table) -> Ints | None:
    """The sum of the spells of each visit in microseconds, `UNKNOWN` where it has none; None where there are no spells.

    Args:
        events: the visits.
        visits: the table that they were read from.
        spells: the spells of work.
    """
    if not spells.count().to_pyarrow().as_py():
        return None
    sums = spells.group_by("visit").agg(spelled_us=spells.minutes_us.sum().cast("int64"))
    known = visits.filter(visits.joined_us <= events.as_of_us).select("visit")
    ids = known.to_pyarrow().column("visit").to_pylist()
    by_visit = {row["visit"]: row["spelled_us"] for row in sums.to_pyarrow().to_pylist()}
    amounts = np.array([by_visit.get(visit, UNKNOWN) for visit in ids], dtype=np.int64)
    return amounts[events.row]


def _beside_another(events: Events, visits: Ints, until: Ints) -> Bools:
    """Which visits, by worker and start, are of workers who ever had two of them in hand at once."""
    worker, started, ends = events.worker[visits], events.started[visits], until[visits]
    (keys,) = keyed((worker, ends))
    latest = ends[greatest_so_far(keys)]
    several = (worker[1:] == worker[:-1]) & (started[1:] < latest[:-1])
    found = np.zeros(len(events.workers) + 1, dtype=np.bool_)
    found[worker[1:][several]] = True
    return np.asarray(found[worker], dtype=np.bool_)


def _alone(events: Events, clocks: Sequence[Clock], visits: Ints, until: Ints) -> Ints:
    """The working time of each visit from its start to its end; elapsed time where none of it was working time."""
    begins, ends = events.started[visits], until[visits]
    worked = np.zeros(len(visits), dtype=np.int64)
    hours = events.hours[visits]
    for number in distinct(hours):
        some = hours == number
        clock = clocks[int(number)]
        worked[some] = clock.worked(ends[some]) - clock.worked(begins[some])
    return np.where(worked > 0, worked, ends - begins)


def _shared(events: Events, clocks: Sequence[Clock], visits: Ints, until: Ints) -> Ints:
    """The same, where it is shared by all visits that their worker has in hand at once."""
    worked, elapsed = np.zeros(len(visits), dtype=np.int64), np.zeros(len(visits), dtype=np.int64)
    hours = events.hours[visits]
    for number in distinct(hours):
        some = hours == number
        worked[some], elapsed[some] = _sums(
            clocks[int(number)], events.worker[visits], events.started[visits], until[visits], some
        )
    return np.where(worked > 0, worked, elapsed)


def _sums(clock: Clock, holder: Ints, begins: Ints, ends: Ints, wanted: Bools) -> tuple[Ints, Ints]:
    """The working and the elapsed time of the wanted visits of some holders, shared by those under way at once."""
    at = np.concatenate((begins, ends))
    change = np.concatenate((np.ones(len(begins), dtype=np.int64), -np.ones(len(ends), dtype=np.int64)))
    (keys,) = keyed((np.concatenate((holder, holder)), at))
    order = in_order(keys)
    under_way = np.cumsum(change[order])
    moments = at[order]
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    first, last = place[: len(begins)][wanted], place[len(begins) :][wanted]
    sums = []
    for scale in (clock.worked(moments), moments):
        # Where nobody is under way, as between two holders, a stretch belongs to no visit.
        lengths = np.append(np.diff(scale), 0)
        shares = np.where(under_way > 0, lengths // np.maximum(under_way, 1), 0)
        total = np.concatenate(([0], np.cumsum(shares)))
        sums.append(total[last] - total[first])
    return sums[0], sums[1]
