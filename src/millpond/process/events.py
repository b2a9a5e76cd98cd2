"""The visits known at one instant as arrays of numbers, case by case in the order in which they happened.

Names become places in lists of names and instants stay whole microseconds, so that whatever the map needs is arithmetic
on whole columns. Within a case visits stand by when they began, then ended, then as in the records.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from ibis.expr.types import Table

from millpond.model import Service
from millpond.periods import WorkingTime, day_of, openings, working_time
from millpond.process.coded import coded, numbers
from millpond.process.grouped import Bools, Ints, sorted_by

UNKNOWN = -(1 << 62)
"""Stands for an instant or an amount that the records do not tell; less than any that they do."""
NOBODY = -1
"""Stands for a worker, an organisation or an outcome that is not recorded."""
UNASSIGNED = "unassigned"
"""The pool of visits whose step the service does not describe and whose record names no pool, as measures call it."""

_Any = TypeVar("_Any", np.int64, np.bool_)
_RECORDED = ("recorded", "estimated")
_COLUMNS = ("case", "step", "pool", "worker", "organisation", "outcome")
_INSTANTS = ("joined_us", "started_us", "ended_us", "minutes_us")


@dataclass(frozen=True, eq=False)
class Events:
    """The visits of a log; every array has one entry for each of them.

    Attributes:
        cases, steps, pools, workers, organisations, outcomes: the names that the places in the arrays stand for.
        case, step, pool: places of names; every visit has them.
        worker, organisation, outcome: places of names, or `NOBODY`.
        joined: when the visit joined, where that is recorded, else `UNKNOWN`; microseconds since 1970-01-01 UTC.
        started, ended: when its work began and ended, else `UNKNOWN`.
        seen: the instant by which it is put in order: its start, else its end, else its joining.
        minutes: its recorded minutes of work in microseconds, else `UNKNOWN`.
        withdrawn: whether it ended with a withdrawn outcome.
        hours: the place of its pool's opening hours in `clocks`.
        clock: the same of its worker, where a worker has hours of their own.
        clocks: opening hours: those of the pools, and those of workers with hours of their own.
        staffed: whether its step needs staff.
        row: where it stands in the table that it was read from.
        as_of_us: the instant after which nothing is known.
    """

    cases: tuple[str, ...]
    steps: tuple[str, ...]
    pools: tuple[str, ...]
    workers: tuple[str, ...]
    organisations: tuple[str, ...]
    outcomes: tuple[str, ...]
    case: Ints
    step: Ints
    pool: Ints
    worker: Ints
    organisation: Ints
    outcome: Ints
    joined: Ints
    started: Ints
    ended: Ints
    seen: Ints
    minutes: Ints
    withdrawn: Bools
    hours: Ints
    clock: Ints
    clocks: tuple[WorkingTime, ...]
    staffed: Bools
    row: Ints
    as_of_us: int

    def __len__(self) -> int:
        return len(self.case)

    @property
    def first(self) -> Bools:
        """Whether a visit is the first of its case."""
        return np.asarray(np.diff(self.case, prepend=-1) != 0, dtype=np.bool_)

    @cached_property
    def by_worker(self) -> Ints:
        """The places of the visits that a known worker began, by worker, then start, then step."""
        taken = np.flatnonzero((self.worker != NOBODY) & (self.started != UNKNOWN))
        order = sorted_by(self.worker[taken], self.started[taken], self.step[taken])
        return np.asarray(taken[order], dtype=np.int64)


def events_of(visits: Table, service: Service, as_of_us: int) -> Events:
    """The visits known at an instant.

    Args:
        visits: the normalised visit log.
        service: says which pool works at a step, for whom and at which hours, and which outcomes are withdrawals.
        as_of_us: the instant, in microseconds since 1970-01-01 UTC; what happened later is not known.
    """
    return events_in(told_of(visits, as_of_us), service, as_of_us)


def told_of(visits: Table, as_of_us: int) -> pa.Table:
    """What events are made of, read from the visit log: of each visit that had joined by then one row."""
    known = visits.filter(visits.joined_us <= as_of_us)
    return known.select(*_COLUMNS, *_INSTANTS, recorded=known.joined_source.isin(_RECORDED)).to_pyarrow()


def events_in(told: pa.Table, service: Service, as_of_us: int) -> Events:
    """The same as `events_of`, from a table in memory.

    Args:
        told: as `told_of` reads it; no visit in it joined after the instant.
        service: see `events_of`.
        as_of_us: see `events_of`.
    """
    names: dict[str, tuple[str, ...]] = {}
    codes: dict[str, Ints] = {}
    with ThreadPoolExecutor(2) as threads:
        for column, found in zip(
            _COLUMNS, threads.map(partial(coded, missing=NOBODY), map(told.column, _COLUMNS)), strict=True
        ):
            codes[column], names[column] = found
    joined, started, ended, minutes = (numbers(told.column(column), UNKNOWN) for column in _INSTANTS)
    recorded = told.column("recorded").fill_null(False).to_numpy()
    del told  # texts take most of the memory, which is wanted again
    # What came after the instant is unknown, and so is what came with it.
    later = (started > as_of_us) | (ended > as_of_us)
    outcome = codes["outcome"]
    if later.any():
        started = np.where(started > as_of_us, UNKNOWN, started)
        ended = np.where(ended > as_of_us, UNKNOWN, ended)
        minutes = np.where(later, UNKNOWN, minutes)
        outcome = np.where(later, NOBODY, outcome)
    seen = np.where(started != UNKNOWN, started, np.where(ended != UNKNOWN, ended, joined))
    pool, pools, staffed = _pools(codes["step"], names["step"], codes["pool"], names["pool"], service)
    organisation, organisations = _organisations(codes["organisation"], names["organisation"], pool, pools, service)
    hours, clock, clocks = _clocks(service, pool, pools, codes["worker"], names["worker"], seen, ended, as_of_us)
    order = sorted_by(codes["case"], seen, np.where(ended == UNKNOWN, np.iinfo(np.int64).max, ended))
    withdrawn = _is_in(outcome, names["outcome"], service.withdrawn_outcomes) & (ended != UNKNOWN)
    as_they_stand = bool((np.diff(order) > 0).all())

    def placed(column: npt.NDArray[_Any]) -> npt.NDArray[_Any]:
        return column if as_they_stand else column[order]

    return Events(
        cases=names["case"],
        steps=names["step"],
        pools=pools,
        workers=names["worker"],
        organisations=organisations,
        outcomes=names["outcome"],
        case=placed(codes["case"]),
        step=placed(codes["step"]),
        pool=placed(pool),
        worker=placed(codes["worker"]),
        organisation=placed(organisation),
        outcome=placed(outcome),
        joined=placed(np.where(recorded, joined, UNKNOWN)),
        started=placed(started),
        ended=placed(ended),
        seen=placed(seen),
        minutes=placed(minutes),
        withdrawn=placed(withdrawn),
        hours=placed(hours),
        clock=placed(clock),
        clocks=clocks,
        staffed=placed(staffed),
        row=order,
        as_of_us=as_of_us,
    )


def _is_in(codes: Ints, names: tuple[str, ...], wanted: Any) -> Bools:
    # One place more than there are names: NOBODY looks at the last, which is never wanted.
    return np.array([*(name in wanted for name in names), False], dtype=np.bool_)[codes]


def _pools(
    step: Ints, steps: tuple[str, ...], recorded: Ints, names: tuple[str, ...], service: Service
) -> tuple[Ints, tuple[str, ...], Bools]:
    """The pool of each visit: its step's, else the recorded one, else `UNASSIGNED`; and whether it needs staff."""
    pools = tuple(dict.fromkeys((*service.pools, *names, UNASSIGNED)))
    place = {name: number for number, name in enumerate(pools)}
    described = [service.steps.get(name) for name in steps]
    of_step = np.array(
        [place[one.pool] if one is not None and one.pool else NOBODY for one in described] or [0], dtype=np.int64
    )
    of_record = np.array([*(place[name] for name in names), place[UNASSIGNED]], dtype=np.int64)
    needs = np.array([one is None or one.pool is not None for one in described] or [True], dtype=np.bool_)
    planned = of_step[step]
    return np.where(planned != NOBODY, planned, of_record[recorded]), pools, needs[step]


def _organisations(
    recorded: Ints, names: tuple[str, ...], pool: Ints, pools: tuple[str, ...], service: Service
) -> tuple[Ints, tuple[str, ...]]:
    """Who does the work of each visit: the recorded organisation, else that of its pool, else nobody known."""
    stated = [service.pools[name].organisation if name in service.pools else None for name in pools]
    organisations = tuple(dict.fromkeys((*names, *(name for name in stated if name))))
    place = {name: number for number, name in enumerate(organisations)}
    of_pool = np.array([NOBODY if name is None else place[name] for name in stated], dtype=np.int64)
    return np.where(recorded != NOBODY, recorded, of_pool[pool]), organisations


def _clocks(
    service: Service,
    pool: Ints,
    pools: tuple[str, ...],
    worker: Ints,
    workers: tuple[str, ...],
    seen: Ints,
    ended: Ints,
    as_of_us: int,
) -> tuple[Ints, Ints, tuple[WorkingTime, ...]]:
    """The opening hours of each visit's pool, and those of its worker, where they are the worker's own."""
    if not len(seen):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), ()
    first = day_of(int(seen.min()), service.zone) - 7
    last = day_of(max(int(seen.max()), int(ended.max()), as_of_us), service.zone) + 7
    clocks: dict[object, WorkingTime] = {}
    places: dict[object, int] = {}

    def place_of(key: object, made: WorkingTime | None = None) -> int:
        if key not in places:
            places[key] = len(places)
            clocks[key] = made or WorkingTime(first, openings(service, str(key), first, last))
        return places[key]

    default = next(iter(service.effective_calendars))
    of_pool = []
    for name in pools:
        described = service.pools.get(name)
        if described is None:
            of_pool.append(place_of(default))
        elif any(change.calendar for change in described.changes):
            of_pool.append(place_of(("pool", name), working_time(service, described, first, last)))
        else:
            of_pool.append(place_of(described.calendar or default))
    of_worker = [NOBODY] * (len(workers) + 1)
    for number, name in enumerate(workers):
        person = service.workers.get(name)
        if person is not None and person.calendar:
            of_worker[number] = place_of(person.calendar)
    hours = np.array(of_pool, dtype=np.int64)[pool]
    if all(place == NOBODY for place in of_worker):
        return hours, hours, tuple(clocks.values())
    own = np.array(of_worker, dtype=np.int64)[worker]
    return hours, np.where(own != NOBODY, own, hours), tuple(clocks.values())
