"""The spells of work of simulated visits: who worked on which visit from when to when.

The event loop keeps one spell for each stretch of time that a worker gave to a visit, or to a session of several; here
each member of a session gets its part of them. A visit of which its own start, end and minutes tell all has none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millpond.simulation.replication import Replication
from millpond.simulation.tables import Tables

Ints = npt.NDArray[np.int64]
_CASE, _PLACE, _WORKER, _START, _END = range(5)


@dataclass(frozen=True, eq=False)
class Worked:
    """Spells of work; times and amounts in milliseconds, times from the start of the simulation.

    Attributes:
        visit: of which row of the log.
        worker: by index; -1 where it is not known.
        start, end: from when to when.
        amount: how much work it was for this visit.
    """

    visit: Ints
    worker: Ints
    start: Ints
    end: Ints
    amount: Ints


def worked_spells(tables: Tables, replication: Replication) -> Worked:
    """The spells of all visits of which the log's own line does not tell when they were worked on.

    These are visits worked on in several goes or by several people, those not worked on at once at the start or up to
    the end, those begun and still open, and those begun before the simulation.

    Args:
        tables: of the service.
        replication: with its log.
    """
    lines = replication.visits
    step, started, ended, worked = lines[:, 1] & 0xFFFF, lines[:, 3], lines[:, 4], lines[:, 5]
    leader, member, members = _sessions(tables, lines, step)
    spells, visit = _placed(replication)
    count = np.bincount(visit, minlength=len(lines))
    sums = _sums(visit, spells[:, _END] - spells[:, _START], len(lines))
    # The work of a session is in the spells of the member who leads it.
    of_session, so_far = count[leader], sums[leader]
    single = np.full(len(lines), -1, dtype=np.int64)
    single[visit] = np.arange(len(visit))
    only = spells[single[leader]] if len(spells) else np.zeros((len(lines), 5), dtype=np.int64)
    at_once = (of_session == 1) & (only[:, _START] == started) & (only[:, _END] == ended)
    is_open = (started != -1) & (ended == -1)
    earlier = np.where(members == 1, worked - so_far, 0)
    listed = (of_session > 0) & (~at_once | (earlier > 0))
    dealt = _dealt(spells, visit, leader, member, members, listed)
    untouched = is_open & (of_session == 0) & (earlier <= 0)
    before = np.flatnonzero((earlier > 0) | untouched)
    # Work done before the simulation began lies in the time before it; who has begun and done nothing has a spell of
    # no length, without which the clock would be taken to tell what was done.
    joined, amount = lines[before, 2], earlier[before]
    begin = np.where((amount > 0) & (started[before] >= 0), np.maximum(joined, -amount), started[before])
    end = np.where(amount > 0, np.minimum(begin + amount, np.maximum(begin, 0)), begin)
    first = Worked(before, lines[before, 6], begin, end, amount)
    return Worked(*(np.concatenate([getattr(first, name), getattr(dealt, name)]) for name in vars(first)))


def _placed(replication: Replication) -> tuple[Ints, Ints]:
    """The spells by visit and time, and the row of the log to which each belongs."""
    lines, spells = replication.visits, replication.spells
    place_of_line = (lines[:, 1] & 0xFFFF) | (lines[:, 1] >> 36 << 16)
    cases, case_of_line = np.unique(lines[:, 0], return_inverse=True)
    places, code_of_line = np.unique(place_of_line, return_inverse=True)
    keys = case_of_line * max(len(places), 1) + code_of_line
    order = np.argsort(keys, kind="stable")
    wanted = np.searchsorted(cases, spells[:, _CASE]) * max(len(places), 1)
    wanted += np.searchsorted(places, spells[:, _PLACE])
    visit = order[np.searchsorted(keys[order], wanted)] if len(spells) else np.zeros(0, dtype=np.int64)
    in_time = np.lexsort((spells[:, _WORKER], spells[:, _START], visit))
    return spells[in_time], visit[in_time]


def _sums(group: Ints, amounts: Ints, groups: int) -> Ints:
    """The exact sum of each group; the groups are in order."""
    totals = np.concatenate([[0], np.cumsum(amounts)])
    bounds = np.searchsorted(group, np.arange(groups + 1))
    return np.asarray(totals[bounds[1:]] - totals[bounds[:-1]], dtype=np.int64)


def _sessions(tables: Tables, lines: Ints, step: Ints) -> tuple[Ints, Ints, Ints]:
    """For each visit the row of the one who leads its session, its place among the members, and their number.

    Members of a session have start, end and worker in common, and stand in the log in the order in which they joined.
    """
    leader = np.arange(len(lines))
    member, members = np.zeros(len(lines), dtype=np.int64), np.ones(len(lines), dtype=np.int64)
    grouped = np.flatnonzero((tables.fixed["group_size"][step] > 0) & (lines[:, 3] != -1))
    if not len(grouped):
        return leader, member, members
    told = np.column_stack([step[grouped], lines[grouped][:, [3, 4, 6]]])
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
    spells: Ints, visit: Ints, leader: Ints, member: Ints, members: Ints, listed: npt.NDArray[np.bool_]
) -> Worked:
    """The spells of the listed visits; those of a session are dealt out to its members millisecond by millisecond."""
    rows = np.flatnonzero(listed)
    first, last = np.searchsorted(visit, leader[rows]), np.searchsorted(visit, leader[rows], side="right")
    count = last - first
    row = np.repeat(rows, count)
    place = np.repeat(first - np.cumsum(count) + count, count) + np.arange(len(row))
    length = spells[:, _END] - spells[:, _START]
    up_to = np.cumsum(length)
    begin = np.concatenate([[0], up_to])[np.repeat(first, count)]
    after = up_to[place] - begin
    parts, nth = members[row], member[row]

    def share(amount: Ints) -> Ints:
        return np.asarray(amount // parts + (nth < amount % parts), dtype=np.int64)

    amount = share(after) - share(after - length[place])
    return Worked(row, spells[place, _WORKER], spells[place, _START], spells[place, _END], amount)
