"""A simulated log as tables in the shape of recorded ones.

What is simulated is told as somebody would have recorded it who forgets nothing, so that every measure and every check
works on it as on the real thing. What records cannot tell, they do not tell here either: a case that is between two
visits at the end looks closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from millpond.records.rota import Shift
from millpond.records.schema import SPELLS, VISITS
from millpond.records.zones import local_day_and_hour
from millpond.simulation.addresses import NUMBER_BITS, replication_key
from millpond.simulation.endings import endings
from millpond.simulation.replication import Replication
from millpond.simulation.shifts import shifts_of
from millpond.simulation.spells import Worked, worked_spells
from millpond.simulation.tables import Tables

Ints = npt.NDArray[np.int64]
BATCH = 200_000
"""How many visits or spells are put into words at a time."""
PRIORITIES = ("routine", "urgent")
ARROW = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "INTEGER": pa.int32(), "SMALLINT": pa.int16()}
"""The types of Arrow for those that the schemas of records name."""
_MARK_BITS = 3
_MARKS = ("", "", "", "", "s", "s", "d", "c")
"""What the highest bits of a case's number say of it: nothing where it came at random, else that it came by the
schedule, by counts of days, or was there at the start (see `millpond.simulation.addresses`)."""


@dataclass(frozen=True, eq=False)
class SimulatedRecords:
    """The records of one replication.

    Attributes:
        visits: the columns of `millpond.records.schema.VISITS`, in the order in which visits left the simulation.
        spells: the columns of `millpond.records.schema.SPELLS`.
        rota: the shifts of pools of which the service alone does not tell the capacity.
    """

    visits: pa.Table
    spells: pa.Table
    rota: tuple[Shift, ...]


def records_of(tables: Tables, replication: Replication, *, seed: int) -> SimulatedRecords:
    """The records of one replication as tables, for measures without files.

    Args:
        tables: of the service.
        replication: a replication of it, with its log.
        seed: of the simulation; what the log does not say is drawn again with it.
    """
    log = Recording(tables, replication, seed)
    return SimulatedRecords(
        visits=pa.concat_tables([_none(VISITS), *log.visit_batches()]),
        spells=pa.concat_tables([_none(SPELLS), *log.spell_batches()]),
        rota=shifts_of(tables, replication, log.key),
    )


class Recording:
    """The log of a replication as it is put into words, a batch at a time, so that memory stays bounded.

    Args:
        tables: of the service.
        replication: a replication of it, with its log.
        seed: of the simulation.

    Attributes:
        zone: of the local days.
        key: of the replication.
        worked: the spells of work.
    """

    def __init__(self, tables: Tables, replication: Replication, seed: int) -> None:
        self.tables = tables
        self.zone = tables.horizon.zone
        self.key = replication_key(seed, replication.number)
        self.lines = replication.visits
        self.worked: Worked = worked_spells(tables, replication)
        told = self.lines[:, 1]
        self.step, self.kind, self.nth = told & 0xFFFF, told >> 16 & 0xFFFF, told >> 36
        self.outcome, self.words = endings(
            tables, self.key, self.lines[:, 0], self.step, self.nth, self.kind, told >> 32 & 0xF, self.lines[:, 8]
        )
        self.workers = pa.array([person.name for person in tables.people], pa.string())

    def visit_batches(self) -> Iterator[pa.Table]:
        """The visits, some at a time."""
        for first in range(0, len(self.lines), BATCH):
            yield self._visits(slice(first, first + BATCH))

    def spell_batches(self) -> Iterator[pa.Table]:
        """The spells, some at a time."""
        for first in range(0, len(self.worked.visit), BATCH):
            yield self._spells(slice(first, first + BATCH))

    def _visits(self, some: slice) -> pa.Table:
        lines, step, kind = self.lines[some], self.step[some], self.kind[some]
        pools = [step.pool for step in self.tables.service.steps.values()]
        joined, started, ended = lines[:, 2], lines[:, 3], lines[:, 4]
        # At a step without staff nobody works, and the time that passes is no work; a moment is told as one.
        is_told = (started != -1) & (ended != -1)
        is_told &= (self.tables.fixed["step_pool"][step] >= 0) | (started == ended)
        found: dict[str, Any] = {
            "visit": self._ids(np.arange(len(self.lines))[some]),
            "case": self._cases(lines[:, 0], kind),
            "step": _named(list(self.tables.service.steps), step),
            "pool": _named(pools, step),
            "worker": _named(self.workers, lines[:, 6]),
            "outcome": _named(self.words, self.outcome[some]),
            **self._moments("joined", joined, np.ones(len(joined), dtype=np.bool_)),
            **self._moments("started", started, started != -1),
            **self._moments("ended", ended, ended != -1),
            "joined_source": pa.array(["recorded"]).take(pa.array(np.zeros(len(lines), dtype=np.int64))),
            "minutes_us": pa.array(lines[:, 5] * 1000, pa.int64(), mask=~is_told),
            "stream": _named(list(self.tables.service.streams), kind >> 1),
            "priority": _named(PRIORITIES, kind & 1),
        }
        return _shaped(found, VISITS, len(lines))

    def _spells(self, some: slice) -> pa.Table:
        worked = self.worked
        starts, ends = self._instants(worked.start[some]), self._instants(worked.end[some])
        # What is under way when the simulation stops ends in its last day; at midnight a further day would begin.
        ends = np.where(worked.end[some] == self.tables.fixed["end"], ends - 1, ends)
        found = {
            "visit": self._ids(worked.visit[some]),
            "worker": _named(self.workers, worked.worker[some]),
            "starts_us": starts,
            "ends_us": ends,
            "starts_day": local_day_and_hour(starts, self.zone)[0],
            "ends_day": local_day_and_hour(ends, self.zone)[0],
            "minutes_us": worked.amount[some] * 1000,
        }
        return _shaped(found, SPELLS, len(starts))

    def _ids(self, rows: Ints) -> pa.Array:
        """The ids of visits: the case, the step, and which visit of the case there it is."""
        steps = _named(list(self.tables.service.steps), self.step[rows])
        nth = pc.cast(pa.array(self.nth[rows] + 1), pa.string())
        return pc.binary_join_element_wise(self._cases(self.lines[rows, 0], self.kind[rows]), steps, nth, "/")

    def _cases(self, case: Ints, kind: Ints) -> pa.Array:
        """The names of cases: the stream and the number within it, with a mark where it did not come at random."""
        number = case & ((1 << NUMBER_BITS) - 1)
        streams = _named(list(self.tables.service.streams), kind >> 1)
        marks = _named(_MARKS, number >> (NUMBER_BITS - _MARK_BITS))
        numbers = pc.cast(pa.array(number & ((1 << NUMBER_BITS - _MARK_BITS) - 1)), pa.string())
        return pc.binary_join_element_wise(streams, pc.binary_join_element_wise(marks, numbers, ""), "-")

    def _moments(self, event: str, ms: Ints, is_known: npt.NDArray[np.bool_]) -> dict[str, pa.Array]:
        us = self._instants(ms)
        day, hour = local_day_and_hour(us, self.zone)
        columns = {"us": us, "day": day, "hour": hour}
        return {f"{event}_{name}": pa.array(values, mask=~is_known) for name, values in columns.items()}

    def _instants(self, ms: Ints) -> Ints:
        return np.asarray(self.tables.horizon.origin_us + ms * 1000, dtype=np.int64)


def _named(names: Any, places: Ints) -> pa.Array:
    """The name at each place; null at -1."""
    values = names if isinstance(names, pa.Array) else pa.array(names, pa.string())
    return values.take(pa.array(places, pa.int64(), mask=places < 0))


def _shaped(found: dict[str, Any], columns: dict[str, str], rows: int) -> pa.Table:
    return pa.table(
        {
            name: pa.array(found[name], ARROW[kind]) if name in found else pa.nulls(rows, ARROW[kind])
            for name, kind in columns.items()
        }
    )


def _none(columns: dict[str, str]) -> pa.Table:
    return pa.table({name: pa.array([], ARROW[kind]) for name, kind in columns.items()})
