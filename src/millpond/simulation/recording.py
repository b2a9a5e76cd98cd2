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
from millpond.simulation.addresses import MARK_BITS, NUMBER_BITS, replication_key
from millpond.simulation.endings import endings
from millpond.simulation.logged import NOT_YET, Visits
from millpond.simulation.replication import Replication
from millpond.simulation.shifts import shifts_of
from millpond.simulation.spells import WorkedVisits, worked_by_part
from millpond.simulation.tables import Tables
from millpond.simulation.timely import in_order_of_time

Ints = npt.NDArray[np.int64]
PRIORITIES = ("routine", "urgent")
VISIT_ORDER = ("joined_us", "case", "step", "visit")
SPELL_ORDER = ("starts_us", "visit", "worker", "ends_us")
ARROW = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "INTEGER": pa.int32(), "SMALLINT": pa.int16()}
"""The types of Arrow for those that the schemas of records name."""
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
    parts = [
        (log.visits(visits), log.spells(WorkedVisits.of(visits, worked)))
        for visits, worked in worked_by_part(tables, replication.log)
    ]
    return SimulatedRecords(
        visits=pa.concat_tables([none(VISITS), *(visits for visits, _ in parts)]),
        spells=pa.concat_tables([none(SPELLS), *(spells for _, spells in parts)]),
        rota=shifts_of(tables, replication, log.key),
    )


class Recording:
    """The log of a replication as it is put into words, some at a time, so that memory stays bounded.

    Args:
        tables: of the service.
        replication: a replication of it, with its log.
        seed: of the simulation.

    Attributes:
        zone: of the local days.
        key: of the replication.
    """

    def __init__(self, tables: Tables, replication: Replication, seed: int) -> None:
        self.tables = tables
        self.zone = tables.horizon.zone
        self.key = replication_key(seed, replication.number)
        self._log = replication.log
        self._workers = pa.array([person.name for person in tables.people], pa.string())

    def visits_in_order(self) -> Iterator[pa.Table]:
        """The visits in the order of a file of records, some at a time."""
        parts = self._log.parts
        for window in in_order_of_time([part.joined for part in parts]):
            visits = Visits.joined_up(parts[place].visits(rows) for place, rows in window)
            yield _sorted(self.visits(visits), VISIT_ORDER)

    def spells_in_order(self) -> Iterator[pa.Table]:
        """The spells in the order of a file of work, some at a time; none where visits tell all."""
        parts = [WorkedVisits.of(*part).kept() for part in worked_by_part(self.tables, self._log)]
        for window in in_order_of_time([part["start"] for part in parts]):
            worked = WorkedVisits.joined_up(WorkedVisits.of_kept(parts[place], rows) for place, rows in window)
            yield _sorted(self.spells(worked), SPELL_ORDER)

    def visits(self, visits: Visits) -> pa.Table:
        """Visits in words."""
        step, kind = visits.step, visits.kind
        joined, started, ended = visits.joined, visits.started, visits.ended
        pools = [step.pool for step in self.tables.service.steps.values()]
        outcome, words = endings(self.tables, self.key, visits)
        # At a step without staff nobody works, and the time that passes is no work; a moment is told as one.
        is_told = (started != NOT_YET) & (ended != NOT_YET)
        is_told &= (self.tables.fixed["step_pool"][step] >= 0) | (started == ended)
        found: dict[str, Any] = {
            "visit": self._ids(visits.case, kind, step, visits.nth),
            "case": self._cases(visits.case, kind),
            "step": _named(list(self.tables.service.steps), step),
            "pool": _named(pools, step),
            "worker": _named(self._workers, visits.worker),
            "outcome": _named(words, outcome),
            **self._moments("joined", joined, np.ones(len(joined), dtype=np.bool_)),
            **self._moments("started", started, started != NOT_YET),
            **self._moments("ended", ended, ended != NOT_YET),
            "joined_source": pa.array(["recorded"]).take(pa.array(np.zeros(len(visits), dtype=np.int64))),
            "minutes_us": pa.array(visits.worked * 1000, pa.int64(), mask=~is_told),
            "stream": _named(list(self.tables.service.streams), kind >> 1),
            "priority": _named(PRIORITIES, kind & 1),
        }
        return _shaped(found, VISITS, len(visits))

    def spells(self, worked: WorkedVisits) -> pa.Table:
        """Spells in words."""
        starts, ends = self._instants(worked.start), self._instants(worked.end)
        # What is under way when the simulation stops ends in its last day; at midnight a further day would begin.
        ends = np.where(worked.end == self.tables.fixed["end"], ends - 1, ends)
        found = {
            "visit": self._ids(worked.case, worked.kind, worked.step, worked.nth),
            "worker": _named(self._workers, worked.worker),
            "starts_us": starts,
            "ends_us": ends,
            "starts_day": local_day_and_hour(starts, self.zone)[0],
            "ends_day": local_day_and_hour(ends, self.zone)[0],
            "minutes_us": worked.amount * 1000,
        }
        return _shaped(found, SPELLS, len(starts))

    def _ids(self, case: Ints, kind: Ints, step: Ints, nth: Ints) -> pa.Array:
        """The ids of visits: the case, the step, and which visit of the case there it is."""
        steps = _named(list(self.tables.service.steps), step)
        return pc.binary_join_element_wise(self._cases(case, kind), steps, pc.cast(pa.array(nth + 1), pa.string()), "/")

    def _cases(self, case: Ints, kind: Ints) -> pa.Array:
        """The names of cases: the stream and the number within it, with a mark where it did not come at random."""
        number = case & ((1 << NUMBER_BITS) - 1)
        streams = _named(list(self.tables.service.streams), kind >> 1)
        marks = _named(_MARKS, number >> (NUMBER_BITS - MARK_BITS))
        numbers = pc.cast(pa.array(number & ((1 << NUMBER_BITS - MARK_BITS) - 1)), pa.string())
        return pc.binary_join_element_wise(streams, pc.binary_join_element_wise(marks, numbers, ""), "-")

    def _moments(self, event: str, ms: Ints, is_known: npt.NDArray[np.bool_]) -> dict[str, pa.Array]:
        us = self._instants(ms)
        day, hour = local_day_and_hour(us, self.zone)
        columns = {"us": us, "day": day, "hour": hour}
        return {f"{event}_{name}": pa.array(values, mask=~is_known) for name, values in columns.items()}

    def _instants(self, ms: Ints) -> Ints:
        return np.asarray(self.tables.horizon.origin_us + ms * 1000, dtype=np.int64)


def none(columns: dict[str, str]) -> pa.Table:
    """A table of such columns without rows."""
    return pa.table({name: pa.array([], ARROW[kind]) for name, kind in columns.items()})


def _sorted(table: pa.Table, order: tuple[str, ...]) -> pa.Table:
    return table.sort_by([(name, "ascending") for name in order])


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
