"""Value and failure demand: which contacts came only because something was not done, or not done right.

A contact counts as failure demand where the records mark it, else where the same person came back for the same thing
within some days. Without a mark and without a column that names the person nothing is said: there is no usual share.
The idea is J. Seddon's (Freedom from Command and Control, Vanguard, 2003).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from ibis.expr.types import Table

from millpond.errors import WrongUse
from millpond.model.nearest import nearest
from millpond.periods import MICROSECONDS_A_MINUTE
from millpond.process.events import UNKNOWN, Events
from millpond.process.grouped import Ints
from millpond.process.sentences import percent
from millpond.records.findings import counted
from millpond.records.reading.conventions import key
from millpond.results import Result

FAILURE = "failure"
VALUE = "value"
NOT_MARKED = "not marked"
WITHIN_DAYS = 14
DAY_US = 86_400_000_000

_MARKS = {
    **dict.fromkeys(("failure", "failuredemand", "avoidable", "preventable", "f"), FAILURE),
    **dict.fromkeys(("value", "valuedemand", "v"), VALUE),
}
_MARKED = ("demand", "demandtype", "typeofdemand")
_PEOPLE = tuple(
    key(name)
    for name in [
        "person",
        "person id",
        "client",
        "client id",
        "customer",
        "customer id",
        "patient",
        "patient id",
        "service user",
        "service user id",
        "citizen",
        "citizen id",
        "resident",
        "resident id",
        "victim id",
        "survivor id",
        "nhs number",
    ]
)


@dataclass(frozen=True)
class DemandRow:
    """The contacts of one kind.

    Attributes:
        kind: ``failure``, ``value``, or ``not marked``.
        contacts: how many: visits that are marked so; cases, where repeats were looked for.
        visits: how many visits they brought.
        minutes: the minutes of work of those visits that have ended; None where nothing tells any.
        share: these minutes as a share of all; None where nothing tells them.
    """

    kind: str
    contacts: int
    visits: int
    minutes: float | None
    share: float | None


@dataclass(frozen=True)
class FailureDemand(Result):
    """Value and failure demand, and the minutes that they cost.

    Attributes:
        source: ``marked``, ``repeat contacts``, or ``unknown``.
        column: the column that marks contacts or names the person; blank where there is none.
        within_days: within how many days a contact counts as a repeat.
        sentence: all of it in words.
    """

    rows: tuple[DemandRow, ...]
    source: str
    column: str
    within_days: int
    sentence: str
    row_type: ClassVar[type] = DemandRow


def failure_demand(
    visits: Table, events: Events, work: Ints, *, person: str | None = None, within_days: int = WITHIN_DAYS
) -> FailureDemand:
    """Which contacts were failure demand, and what they cost.

    Args:
        visits: the normalised visit log that the events were read from, with its further columns.
        events: the visits.
        work: the work of each, as `millpond.process.work.work` gives it.
        person: the column that names the person; found by its name where left out. Given, repeats are looked for even
            where contacts are marked.
        within_days: a case is a repeat where one of the same person, with the same first step and segment, began at
            most so many days before it.

    Raises:
        WrongUse: there is no such column.
    """
    columns = {key(name): name for name in visits.columns}
    if person is not None and person not in visits.columns:
        meant = nearest(person, visits.columns)
        raise WrongUse(
            f"The records have no column '{person}'. "
            + (f"Did you mean '{meant}'?" if meant else "Name the column that tells who the person is.")
        )
    marked = next((columns[name] for name in _MARKED if name in columns), None)
    if marked is not None and person is None:
        return _by_mark(marked, _texts(visits, events, marked), work, within_days)
    who = person or next((columns[name] for name in _PEOPLE if name in columns), None)
    if who is None:
        sentence = (
            "Failure demand is not known: no column of the records marks it (demand, with failure or value), and none "
            "names the person, so that repeat contacts cannot be found."
        )
        return FailureDemand((), (), "unknown", "", within_days, sentence)
    return _by_repeats(who, visits, events, work, within_days)


def _by_mark(column: str, marks: Sequence[str | None], work: Ints, within_days: int) -> FailureDemand:
    kinds = np.array([_MARKS.get(key(mark), NOT_MARKED) if mark else NOT_MARKED for mark in marks], dtype=object)
    odd = sorted({mark for mark in marks if mark and key(mark) not in _MARKS})
    notes = []
    if odd:
        notes.append(f"Not read as failure or value: {', '.join(odd[:5])}{' and others' if len(odd) > 5 else ''}.")
    rows = _rows(kinds, np.arange(len(kinds)), work)
    return FailureDemand(rows, tuple(notes), "marked", column, within_days, _sentence(rows, f"marked in {column}"))


def _by_repeats(who: str, visits: Table, events: Events, work: Ints, within_days: int) -> FailureDemand:
    begins = np.flatnonzero(events.first)
    people = np.asarray(_texts(visits, events, who), dtype=object)[begins]
    segment = np.asarray(_texts(visits, events, "segment"), dtype=object)[begins]
    known = np.array([name is not None for name in people], dtype=np.bool_)
    opened = np.where(events.joined[begins] != UNKNOWN, events.joined[begins], events.seen[begins])
    earlier: dict[tuple[object, ...], int] = {}
    repeats = np.zeros(len(begins), dtype=np.bool_)
    for place in np.lexsort((np.arange(len(begins)), opened)):
        if known[place]:
            thing = (people[place], int(events.step[begins[place]]), segment[place])
            before = earlier.get(thing)
            repeats[place] = before is not None and opened[place] - before <= within_days * DAY_US
            earlier[thing] = int(opened[place])
    kinds = np.where(repeats, FAILURE, np.where(known, VALUE, NOT_MARKED)).astype(object)
    of_case = np.cumsum(events.first) - 1
    rows = _rows(kinds, of_case, work)
    notes = [
        f"A case is taken as failure demand where the same person ({who}) had come for the same thing, told by the "
        f"first step and the segment, at most {counted(within_days, 'day')} before. Some of these are new needs, and "
        "some failures come later or through another door."
    ]
    if not known.all():
        notes.append(f"{counted(int((~known).sum()), 'case')} without a person could not be looked at.")
    told = f"repeat contacts within {counted(within_days, 'day')}"
    return FailureDemand(rows, tuple(notes), "repeat contacts", who, within_days, _sentence(rows, told))


def _rows(kinds: object, of: Ints, work: Ints) -> tuple[DemandRow, ...]:
    all_kinds = np.asarray(kinds, dtype=object)
    known = work != UNKNOWN
    total = int(work[known].sum())
    rows = []
    for kind in (FAILURE, VALUE, NOT_MARKED):
        chosen = (all_kinds == kind)[of]
        us = int(work[known & chosen].sum())
        contacts = int((all_kinds == kind).sum())
        minutes = us / MICROSECONDS_A_MINUTE if (known & chosen).any() else None
        share = us / total if minutes is not None and total else None
        if contacts:
            rows.append(DemandRow(kind, contacts, int(chosen.sum()), minutes, share))
    return tuple(rows)


def _sentence(rows: tuple[DemandRow, ...], told: str) -> str:
    failure = next((row for row in rows if row.kind == FAILURE), None)
    contacts = sum(row.contacts for row in rows)
    if failure is None:
        return f"Failure demand: none of {counted(contacts, 'contact')} ({told})."
    cost = ""
    if failure.minutes is not None and failure.share is not None:
        minutes = counted(round(failure.minutes), "minute")
        cost = f", which cost {minutes} of work, {percent(failure.share)} of all that is known"
    return f"Failure demand: {failure.contacts:,} of {counted(contacts, 'contact')} ({told}){cost}."


def _texts(visits: Table, events: Events, column: str) -> list[str | None]:
    """A column of texts in the order of the events."""
    told = visits.filter(visits.joined_us <= events.as_of_us).select(column).to_pyarrow().column(column)
    return [None if text is None else str(text) for text in told.take(events.row).to_pylist()]
