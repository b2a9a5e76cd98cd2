"""One look over a whole visit log: who took visits at which steps, how many, and from when to when.

It is small however long the log is, and answers what must be known before anything can be measured: the first day,
the last recorded instant, the pools, and each worker's home.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
from ibis.expr.types import Table


@dataclass(frozen=True)
class Taken:
    """The visits that one worker took at one step, with one recorded pool.

    Attributes:
        worker: None where unknown.
        step: the step's name.
        pool: the recorded pool; None where none is recorded.
        visits: how many.
        first_day: the first day number on which one of them joined.
        last_us: the last instant recorded for any of them that is not in the future, microseconds UTC; None where
            all are.
        latest_us: the last instant recorded for any of them, in the future or not.
        on_the_clock: how many of them began without recorded minutes, so that only the clock tells what they took.
    """

    worker: str | None
    step: str
    pool: str | None
    visits: int
    first_day: int
    last_us: int | None
    latest_us: int
    on_the_clock: int


@dataclass(frozen=True)
class Overview:
    """What a whole log holds.

    Attributes:
        taken: every combination of worker, step and recorded pool.
        last_spell_us: the last instant of a spell that is not in the future; None where there are no spells.
        last_spell_day: the last day number on which a spell ends; None where there are no spells.
    """

    taken: tuple[Taken, ...]
    last_spell_us: int | None
    last_spell_day: int | None

    @property
    def visits(self) -> int:
        """How many visits the log holds."""
        return sum(taken.visits for taken in self.taken)

    @property
    def first_day(self) -> int | None:
        """The day number on which the first visit joined; None where the log is empty."""
        return min((taken.first_day for taken in self.taken), default=None)

    @property
    def last_us(self) -> int | None:
        """The last recorded instant that is not in the future; None where there is none."""
        stamps = [*(taken.last_us for taken in self.taken), self.last_spell_us]
        return max((us for us in stamps if us is not None), default=None)

    def is_past(self, us: int) -> bool:
        """Whether everything that the visit log records has happened by an instant."""
        return all(taken.latest_us <= us for taken in self.taken)

    @property
    def on_the_clock(self) -> int:
        """How many visits began without recorded minutes."""
        return sum(taken.on_the_clock for taken in self.taken)


def overview(visits: Table, spells: Table, now_us: int) -> Overview:
    """Looks over a log once.

    Args:
        visits: the normalised visit log.
        spells: the spells of work; may be empty.
        now_us: the present, microseconds since 1970-01-01 UTC; later instants are errors of the records.
    """

    def past(name: str, table: Table) -> ibis.Value:
        return table[name].max(where=table[name] <= now_us)

    groups = visits.group_by("worker", "step", "pool").agg(
        visits=visits.count(),
        first_day=visits.joined_day.min(),
        joined=past("joined_us", visits),
        started=past("started_us", visits),
        ended=past("ended_us", visits),
        latest_joined=visits.joined_us.max(),
        latest_started=visits.started_us.max(),
        latest_ended=visits.ended_us.max(),
        on_the_clock=visits.count(where=visits.started_us.notnull() & visits.minutes_us.isnull()),
    )
    last = spells.agg(starts=past("starts_us", spells), ends=past("ends_us", spells), day=spells.ends_day.max())
    found = [_taken(row) for row in groups.to_pyarrow().to_pylist()]
    taken = sorted(found, key=lambda group: (group.worker or "", group.step, group.pool or ""))
    spell = last.to_pyarrow().to_pylist()[0]
    return Overview(tuple(taken), _latest(spell["starts"], spell["ends"]), spell["day"])


def _taken(row: dict[str, Any]) -> Taken:
    last = _latest(row["joined"], row["started"], row["ended"])
    latest = _latest(row["latest_joined"], row["latest_started"], row["latest_ended"])
    assert latest is not None, "every visit has at least a joining time"
    return Taken(
        row["worker"], row["step"], row["pool"], row["visits"], row["first_day"], last, latest, row["on_the_clock"]
    )


def _latest(*stamps: int | None) -> int | None:
    return max((stamp for stamp in stamps if stamp is not None), default=None)
