"""Problem events: working days on which a pool is asked for several times what it can do.

How often they come, in how many spells, how likely one is in the days ahead, how high demand over capacity goes, and
how long the backlog takes to be back to normal. All of it from the days on record, and no further than these reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from millpond.errors import WrongUse
from millpond.variation.limits import Floats
from millpond.variation.recovery import Recovery, Stretch, recovery, stretches
from millpond.variation.returns import Level, levels
from millpond.variation.shares import Frequency, come_together, frequency

WhenClosed = Literal["left out", "next day"]
"""What becomes of demand that joins while a pool is closed: left out, or added to the next working day."""


@dataclass(frozen=True)
class PoolDays:
    """The days of a pool, in order, without those that are still filling up or not told whole.

    Attributes:
        days: ISO 8601 dates.
        demand: what joined on each day.
        capacity: what could be done; NaN where it is unknown.
        backlog: what was still to do at its end.
        is_open: whether the pool's calendar is open on the day.
    """

    days: tuple[str, ...]
    demand: Floats
    capacity: Floats
    backlog: Floats
    is_open: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Event:
    """A day on which demand was at least so many times capacity.

    Attributes:
        day: ISO 8601 date.
        demand: the demand that was set against the day's capacity.
        capacity: that capacity.
        ratio: demand over capacity; infinite where there was none.
        spell: the number of its spell, from 1: event days that follow each other, working day on working day.
        normal: the backlog that was usual before the spell; None where too few days come before, and for a spell
            that began before the backlog was back from an earlier one.
        back_after: working days from the spell's last day until the backlog was back to it.
        back: whether it was back when the records ended.
    """

    day: str
    demand: float
    capacity: float
    ratio: float
    spell: int
    normal: float | None
    back_after: int | None
    back: bool


@dataclass(frozen=True)
class ProblemEvents:
    """The problem events of a pool.

    Attributes:
        days: how many working days they are, of how many, with the interval.
        spells: the same with days that follow each other counted as one.
        longest_spell: the longest spell, in working days.
        events: each event day.
        stretches: each time the backlog had to come back to normal.
        recovery: how long that takes.
        levels: how high demand over capacity goes once in so many working days.
        ratios: demand over capacity of each working day, in order.
        looked_at: the working days, in order.
        closed_days: days on which the pool was closed.
        closed_with_demand: how many of them had demand.
        closed_demand: the demand that joined on them.
        unknown_days: working days of which the capacity is not known; they are left out.
    """

    days: Frequency
    spells: Frequency
    longest_spell: int
    events: tuple[Event, ...]
    stretches: tuple[Stretch, ...]
    recovery: Recovery
    levels: tuple[Level, ...]
    ratios: Floats
    looked_at: tuple[str, ...]
    closed_days: int
    closed_with_demand: int
    closed_demand: float
    unknown_days: int


def problem_events(pool: PoolDays, *, factor: float = 2.0, when_closed: WhenClosed = "left out") -> ProblemEvents:
    """The working days on which demand was at least so many times capacity.

    A day on which the calendar is open and nobody is there is an event if anything joins. A closed day is none.

    Args:
        pool: its days.
        factor: how many times capacity.
        when_closed: what becomes of demand that joins on closed days.

    Raises:
        WrongUse: the factor is not above zero.
    """
    if not factor > 0:
        raise WrongUse(f"Demand cannot be {factor:g} times capacity. Give a factor above 0, such as 2.")
    closed = ~pool.is_open
    demand = _carried(pool.demand, pool.is_open) if when_closed == "next day" else pool.demand
    known = pool.is_open & ~np.isnan(pool.capacity)
    places = np.flatnonzero(known)
    asked, given = demand[known], pool.capacity[known]
    ratios = np.divide(asked, given, out=np.where(asked > 0, np.inf, 0.0), where=given > 0)
    hit = ratios >= factor
    spells = _spells(np.flatnonzero(hit))
    found = stretches(pool.backlog[known], spells)
    return ProblemEvents(
        days=frequency(int(hit.sum()), len(places), come_together([last - first + 1 for first, last in spells])),
        spells=frequency(len(spells), len(places)),
        longest_spell=max((last - first + 1 for first, last in spells), default=0),
        events=tuple(_events(pool, places, asked, given, ratios, spells, found)),
        stretches=found,
        recovery=recovery(found),
        levels=levels(ratios),
        ratios=ratios,
        looked_at=tuple(pool.days[place] for place in places),
        closed_days=int(closed.sum()),
        closed_with_demand=int((closed & (pool.demand > 0)).sum()),
        closed_demand=float(pool.demand[closed].sum()),
        unknown_days=int((pool.is_open & np.isnan(pool.capacity)).sum()),
    )


def _carried(demand: Floats, is_open: npt.NDArray[np.bool_]) -> Floats:
    """Demand with that of closed days added to the next open one; what comes after the last open day waits."""
    carried, waiting = np.zeros(len(demand)), 0.0
    for place, open_ in enumerate(is_open):
        waiting += float(demand[place])
        if open_:
            carried[place], waiting = waiting, 0.0
    return carried


def _spells(hits: npt.NDArray[np.int64]) -> tuple[tuple[int, int], ...]:
    """The first and last position of event days that follow each other."""
    if not len(hits):
        return ()
    breaks = [place for place, (a, b) in enumerate(pairwise(hits.tolist()), 1) if b - a > 1]
    begins, ends = [0, *breaks], [*breaks, len(hits)]
    return tuple((int(hits[first]), int(hits[end - 1])) for first, end in zip(begins, ends, strict=True))


def _events(
    pool: PoolDays,
    places: npt.NDArray[np.int64],
    asked: Floats,
    given: Floats,
    ratios: Floats,
    spells: Sequence[tuple[int, int]],
    found: Sequence[Stretch],
) -> list[Event]:
    began = {stretch.first: stretch for stretch in found}
    events = []
    for number, (first, last) in enumerate(spells, 1):
        stretch = began.get(first)
        for at in range(first, last + 1):
            events.append(
                Event(
                    day=pool.days[places[at]],
                    demand=float(asked[at]),
                    capacity=float(given[at]),
                    ratio=float(ratios[at]),
                    spell=number,
                    normal=stretch.normal if stretch else None,
                    back_after=stretch.days if stretch else None,
                    back=stretch.over if stretch else False,
                )
            )
    return events
