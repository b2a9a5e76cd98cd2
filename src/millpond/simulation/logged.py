"""The log of a simulation: every visit and every spell of work, held in as few bytes as they need.

The event loop writes lines of 64-bit words; whenever it has some ten thousand, they are taken away and kept by column
as small distances (`millpond.simulation.narrow`). What is asked for is put back into words a part at a time, so that a
log of millions of visits is read in bounded memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from millpond.simulation.addresses import MARK_BITS, NUMBER_BITS
from millpond.simulation.kernel import OPEN_VISIT
from millpond.simulation.narrow import Narrow, narrow

Ints = npt.NDArray[np.int64]
Rows = slice | Ints | npt.NDArray[np.bool_]
_PLAIN_BITS = NUMBER_BITS - MARK_BITS
NOT_YET = -1


class Columns:
    """Arrays of one length, a name each."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))  # type: ignore[arg-type]

    def taken(self, rows: Rows) -> Self:
        """Some of the rows."""
        return type(self)(**{name: values[rows] for name, values in vars(self).items()})

    @classmethod
    def joined_up(cls, parts: Iterable[Self]) -> Self:
        """The rows of several, one after another."""
        held = list(parts)
        names = [field.name for field in fields(cls)]  # type: ignore[arg-type]
        none = np.zeros(0, dtype=np.int64)
        return cls(**{name: np.concatenate([none, *(getattr(part, name) for part in held)]) for name in names})


@dataclass(frozen=True, eq=False)
class Visits(Columns):
    """Visits, in the order in which they left the simulation; times in milliseconds from its start.

    Attributes:
        case: the first word of the address of the case (see `millpond.simulation.addresses`).
        step: by its place in the service.
        kind: the class of the case, twice the place of its stream and 1 more where it is urgent.
        outcome: ``DONE_VISIT`` and others of `millpond.simulation.kernel`.
        nth: earlier visits of the case at the step.
        joined, started, ended: when; -1 where that has not happened. Who left before being seen ended then.
        worked: how much work it was, in milliseconds.
        worker: who ended it or has it at the end, by place; -1 for nobody.
        came: the step from which the case came, by place; ``NOWHERE`` for none.
    """

    case: Ints
    step: Ints
    kind: Ints
    outcome: Ints
    nth: Ints
    joined: Ints
    started: Ints
    ended: Ints
    worked: Ints
    worker: Ints
    came: Ints


@dataclass(frozen=True, eq=False)
class Spells(Columns):
    """Spells of work of visits whose own line does not tell all; times in milliseconds from the start.

    Attributes:
        case: the first word of the address of the case; of a session, of the one who joined first.
        step: by its place in the service.
        nth: earlier visits of the case at the step.
        worker: by place.
        start, end: from when to when.
    """

    case: Ints
    step: Ints
    nth: Ints
    worker: Ints
    start: Ints
    end: Ints


@dataclass(frozen=True, eq=False)
class Part:
    """Some ten thousand lines of a log, and the spells that were worked in the same time.

    Attributes:
        joined: when the visits joined, for those who look for the visits of certain days.
        kept: the other columns of the visits, as `_kept_visits` makes them.
        spells: the columns of the spells.
    """

    joined: Narrow
    kept: dict[str, Narrow]
    spells: dict[str, Narrow]

    @classmethod
    def of_lines(cls, visits: Ints, spells: Ints) -> Part:
        """Keeps lines as the event loop writes them.

        Args:
            visits: a row for each visit: the case, step | class << 16 | outcome << 32 | earlier visits << 36, joined,
                started, ended, worked, worker, and the step that it came from.
            spells: a row for each spell: the case, step | earlier visits << 16, worker, start, end.
        """
        return cls(narrow(visits[:, 2]), _kept_visits(visits), _kept_spells(spells))

    @property
    def nbytes(self) -> int:
        """The bytes that it takes."""
        return sum(column.nbytes for column in (self.joined, *self.kept.values(), *self.spells.values()))

    def visits(self, rows: Rows = slice(None)) -> Visits:
        """The visits, or some of them."""
        wide = {name: column.wide(rows) for name, column in self.kept.items()}
        joined = self.joined.wide(rows)
        last = wide.pop("last")
        took = wide.pop("took")
        has_begun = took != NOT_YET
        worked = wide.pop("more_work") + np.where(has_begun, took, 0)
        return Visits(
            case=cases_of(wide),
            joined=joined,
            started=np.where(has_begun, last - took, NOT_YET),
            ended=np.where(wide["outcome"] == OPEN_VISIT, NOT_YET, last),
            worked=worked,
            **wide,
        )

    def worked_spells(self) -> Spells:
        """The spells."""
        wide = {name: column.wide() for name, column in self.spells.items()}
        end = wide["start"] + wide.pop("length")
        return Spells(case=cases_of(wide), end=end, **wide)


@dataclass(frozen=True, eq=False)
class Log:
    """Every visit and every spell of work of a replication.

    Attributes:
        parts: in the order of time.
    """

    parts: tuple[Part, ...] = ()

    def __len__(self) -> int:
        return sum(len(part.joined) for part in self.parts)

    @property
    def nbytes(self) -> int:
        """The bytes that it takes."""
        return sum(part.nbytes for part in self.parts)

    def visits_by_part(self) -> Iterator[Visits]:
        """The visits, a part at a time."""
        return (part.visits() for part in self.parts)

    @cached_property
    def visits(self) -> Visits:
        """All visits at once, at four times the memory of the log."""
        return Visits.joined_up(self.visits_by_part())

    @cached_property
    def spells(self) -> Spells:
        """All spells at once."""
        return Spells.joined_up(part.worked_spells() for part in self.parts)


def _kept_visits(lines: Ints) -> dict[str, Narrow]:
    """The columns of visits, as differences that are small.

    When a visit ended lies close to when those before it did; how long it took and how much work beyond that it was are
    small too. What is open ends with the last of the part, which its outcome tells.
    """
    told, started, ended, worked = lines[:, 1], lines[:, 3], lines[:, 4], lines[:, 5]
    outcome = told >> 32 & 0xF
    latest = max(int(ended.max()), int(started.max())) if len(lines) else 0
    last = np.where(outcome == OPEN_VISIT, latest, ended)
    has_begun = started != NOT_YET
    took = np.where(has_begun, last - started, NOT_YET)
    columns = {
        **parts_of_cases(lines[:, 0]),
        "step": told & 0xFFFF,
        "kind": told >> 16 & 0xFFFF,
        "outcome": outcome,
        "nth": told >> 36,
        "last": last,
        "took": took,
        "more_work": worked - np.where(has_begun, took, 0),
        "worker": lines[:, 6],
        "came": lines[:, 7],
    }
    return {name: narrow(values) for name, values in columns.items()}


def _kept_spells(lines: Ints) -> dict[str, Narrow]:
    columns = {
        **parts_of_cases(lines[:, 0]),
        "step": lines[:, 1] & 0xFFFF,
        "nth": lines[:, 1] >> 16,
        "worker": lines[:, 2],
        "start": lines[:, 3],
        "length": lines[:, 4] - lines[:, 3],
    }
    return {name: narrow(values) for name, values in columns.items()}


def parts_of_cases(case: Ints) -> dict[str, Ints]:
    """The stream, how the case came, and its number within both."""
    return {
        "case_stream": case >> NUMBER_BITS,
        "case_mark": case >> _PLAIN_BITS & ((1 << MARK_BITS) - 1),
        "case_number": case & ((1 << _PLAIN_BITS) - 1),
    }


def cases_of(wide: dict[str, Any]) -> Ints:
    """The words of cases, whose parts are taken out of the columns."""
    case: Ints = wide.pop("case_stream") << NUMBER_BITS
    case |= wide.pop("case_mark") << _PLAIN_BITS
    case |= wide.pop("case_number")
    return case
