"""The spells of work of simulated visits: who worked on which visit from when to when.

The event loop keeps one spell for each stretch of time that a worker gave to a visit, or to a session of several; here
each member of a session gets its part of them. A visit of which its own start, end and minutes tell all has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millpond.simulation.logged import NOT_YET, Columns, Log, Rows, Spells, Visits, cases_of, parts_of_cases
from millpond.simulation.narrow import Narrow, narrow
from millpond.simulation.tables import Tables

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Worked:
    """Spells of work; times and amounts in milliseconds, times from the start of the simulation.

    Attributes:
        visit: of which row of the visits.
        worker: by index; -1 where it is not known.
        start, end: from when to when.
        amount: how much work it was for this visit.
    """

    visit: Ints
    worker: Ints
    start: Ints
    end: Ints
    amount: Ints


@dataclass(frozen=True, eq=False)
class WorkedVisits(Columns):
    """Spells of work, each with what names its visit.

    Attributes:
        case, kind, step, nth: of the visit, as in `millpond.simulation.logged.Visits`.
        worker, start, end, amount: as in `Worked`.
    """

    case: Ints
    kind: Ints
    step: Ints
    nth: Ints
    worker: Ints
    start: Ints
    end: Ints
    amount: Ints

    @classmethod
    def of(cls, visits: Visits, worked: Worked) -> WorkedVisits:
        """The spells of some visits."""
        named = {name: getattr(visits, name)[worked.visit] for name in ("case", "kind", "step", "nth")}
        return cls(**named, worker=worked.worker, start=worked.start, end=worked.end, amount=worked.amount)

    def kept(self) -> dict[str, Narrow]:
        """The spells in few bytes."""
        columns = {
            **parts_of_cases(self.case),
            **{name: getattr(self, name) for name in ("kind", "step", "nth", "worker", "start")},
            "length": self.end - self.start,
            "further": self.amount - (self.end - self.start),
        }
        return {name: narrow(values) for name, values in columns.items()}

    @classmethod
    def of_kept(cls, kept: dict[str, Narrow], rows: Rows) -> WorkedVisits:
        """Some of the spells that are kept so."""
        wide = {name: column.wide(rows) for name, column in kept.items()}
        length = wide.pop("length")
        amount = wide.pop("further") + length
        return cls(case=cases_of(wide), end=wide["start"] + length, amount=amount, **wide)


def worked_by_part(tables: Tables, log: Log) -> Iterator[tuple[Visits, Worked]]:
    """The visits of a log, a part at a time, and with each part the spells of those whose own line does not tell all.

    These are visits worked on in several goes or by several people, those not worked on at once at the start or up to
    the end, those begun and still open, and those begun before the simulation.

    Args:
        tables: of the service.
        log: of a replication of it.
    """
    waiting = Spells.joined_up([])
    for part in log.parts:
        visits = part.visits()
        # What is worked on now may be a visit that leaves the simulation in a later part.
        spells, visit, waiting = _placed(visits, Spells.joined_up([waiting, part.worked_spells()]))
        yield visits, _worked(tables, visits, spells, visit)
    if len(waiting):
        raise AssertionError(f"{len(waiting)} spells of work belong to no visit of the log")


def _worked(tables: Tables, visits: Visits, spells: Spells, visit: Ints) -> Worked:
    """The spells of visits, given those of the event loop by visit and time."""
    started, ended = visits.started, visits.ended
    leader, member, members = _sessions(tables, visits)
    count = np.bincount(visit, minlength=len(visits))
    sums = _sums(visit, spells.end - spells.start, len(visits))
    # The work of a session is in the spells of the member who leads it.
    of_session, so_far = count[leader], sums[leader]
    single = np.full(len(visits), -1, dtype=np.int64)
    single[visit] = np.arange(len(visit))
    only = single[leader]
    begun, done = (np.append(times, NOT_YET)[only] for times in (spells.start, spells.end))
    at_once = (of_session == 1) & (begun == started) & (done == ended)
    is_open = (started != NOT_YET) & (ended == NOT_YET)
    # A visit that one worker had from its start to its end without a break has no spell in the log.
    is_told = (of_session == 0) & (started >= 0) & ~is_open & (visits.worked == ended - started)
    earlier = np.where((members == 1) & ~is_told, visits.worked - so_far, 0)
    listed = (of_session > 0) & (~at_once | (earlier > 0))
    dealt = _dealt(spells, visit, leader, member, members, listed)
    untouched = is_open & (of_session == 0) & (earlier <= 0)
    before = np.flatnonzero((earlier > 0) | untouched)
    # Work done before the simulation began lies in the time before it; who has begun and done nothing has a spell of
    # no length, without which the clock would be taken to tell what was done.
    joined, amount = visits.joined[before], earlier[before]
    begin = np.where((amount > 0) & (started[before] >= 0), np.maximum(joined, -amount), started[before])
    end = np.where(amount > 0, np.minimum(begin + amount, np.maximum(begin, 0)), begin)
    first = Worked(before, visits.worker[before], begin, end, amount)
    return Worked(*(np.concatenate([getattr(first, name), getattr(dealt, name)]) for name in vars(first)))


def _placed(visits: Visits, spells: Spells) -> tuple[Spells, Ints, Spells]:
    """The spells of some visits by visit and time, the row of the visit of each, and the spells of other visits."""
    place_of_line, place = visits.step | visits.nth << 16, spells.step | spells.nth << 16
    cases, case_of_line = np.unique(visits.case, return_inverse=True)
    places, code_of_line = np.unique(place_of_line, return_inverse=True)
    keys = case_of_line * max(len(places), 1) + code_of_line
    order = np.argsort(keys, kind="stable")
    case_at, is_case = _found(cases, spells.case)
    place_at, is_place = _found(places, place)
    wanted = case_at * max(len(places), 1) + place_at
    line_at, is_line = _found(keys[order], wanted)
    here = is_case & is_place & is_line
    visit = order[line_at[here]]
    mine = spells.taken(here)
    in_time = np.lexsort((mine.worker, mine.start, visit))
    return mine.taken(in_time), visit[in_time], spells.taken(~here)


def _found(known: Ints, wanted: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Where each wanted number stands among those known, which are in order; and whether it is there."""
    if not len(known):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=np.bool_)
    place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return place, known[place] == wanted


def _sums(group: Ints, amounts: Ints, groups: int) -> Ints:
    """The exact sum of each group; the groups are in order."""
    totals = np.concatenate([[0], np.cumsum(amounts)])
    bounds = np.searchsorted(group, np.arange(groups + 1))
    return np.asarray(totals[bounds[1:]] - totals[bounds[:-1]], dtype=np.int64)


def _sessions(tables: Tables, visits: Visits) -> tuple[Ints, Ints, Ints]:
    """For each visit the row of the one who leads its session, its place among the members, and their number.

    Members of a session have start, end and worker in common, and stand in the log in the order in which they joined.
    They leave in one event, so that they are in one part of it.
    """
    leader = np.arange(len(visits))
    member, members = np.zeros(len(visits), dtype=np.int64), np.ones(len(visits), dtype=np.int64)
    grouped = np.flatnonzero(tables.fixed["has_sessions"][visits.step] & (visits.started != NOT_YET))
    if not len(grouped):
        return leader, member, members
    told = np.column_stack([getattr(visits, name)[grouped] for name in ("step", "started", "ended", "worker")])
    order = np.lexsort((grouped, *told.T))
    begins = np.concatenate([[True], (told[order][1:] != told[order][:-1]).any(axis=1)])
    session = np.cumsum(begins) - 1
    first = np.flatnonzero(begins)
    size = np.diff(np.append(first, len(order)))
    rows = grouped[order]
    leader[rows] = rows[first][session]
    member[rows] = np.arange(len(rows)) - first[session]
    members[rows] = size[session]
    return leader, member, members


def _dealt(
    spells: Spells, visit: Ints, leader: Ints, member: Ints, members: Ints, listed: npt.NDArray[np.bool_]
) -> Worked:
    """The spells of the listed visits; those of a session are dealt out to its members millisecond by millisecond."""
    rows = np.flatnonzero(listed)
    first, last = np.searchsorted(visit, leader[rows]), np.searchsorted(visit, leader[rows], side="right")
    count = last - first
    row = np.repeat(rows, count)
    place = np.repeat(first - np.cumsum(count) + count, count) + np.arange(len(row))
    length = spells.end - spells.start
    up_to = np.cumsum(length)
    begin = np.concatenate([[0], up_to])[np.repeat(first, count)]
    after = up_to[place] - begin
    parts, nth = members[row], member[row]

    def share(amount: Ints) -> Ints:
        return np.asarray(amount // parts + (nth < amount % parts), dtype=np.int64)

    amount = share(after) - share(after - length[place])
    return Worked(row, spells.worker[place], spells.start[place], spells.end[place], amount)
