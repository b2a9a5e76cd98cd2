"""One replication: a service's tables go into the event loop, and what it leaves behind comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from millpond.simulation.addresses import replication_key
from millpond.simulation.compiled import compiled
from millpond.simulation.logged import Log, Part
from millpond.simulation.packing import Packing

if TYPE_CHECKING:
    from millpond.simulation.tables import Tables

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Replication:
    """What one replication left behind.

    Attributes:
        number: which replication it was.
        totals: arrays by the names of the kernel's `TOTALS`, `daily` by kind, pool and day.
        log: every visit and spell of work; empty where none was asked for.
    """

    number: int
    totals: dict[str, npt.NDArray[Any]]
    log: Log

    @property
    def wait_count(self) -> Ints:
        """How many waits are in each row of bins."""
        return np.asarray(self.totals["wait_bins"].sum(axis=1, dtype=np.int64))

    @property
    def lead_count(self) -> Ints:
        """How many lead times are in each row of bins."""
        return np.asarray(self.totals["lead_bins"].sum(axis=1, dtype=np.int64))


def replicate(tables: Tables, seed: int, number: int, *, logs: bool = False) -> Replication:
    """Simulates a service once.

    Args:
        tables: from `millpond.simulation.tables.tables_of`.
        seed: of the whole simulation, 0 or more.
        number: which replication, 0 or more; replications of a seed may run in any order.
        logs: whether to keep every visit and every spell of work.
    """
    kernel, lean, full = compiled()
    key = np.uint64(replication_key(seed, number))
    ready = _ready(tables, logs)
    model_block = ready.model.copy()
    kept = kernel.MODEL.put(model_block, tables.drawn(int(key)))
    totals_block, totals = ready.totals.fresh()
    state_block, state = ready.state.fresh()
    views = ready.state.views(state, kernel.GROWING)
    growing = tuple(views[name] for name in kernel.GROWING)
    run = lean if tables.is_lean else full
    counters, parts = ready.state.views(state, ("n",))["n"], []
    while not counters[kernel.FINISHED]:
        growing = run(model_block, state_block, totals_block, growing, key, tables.margin, logs)
        if logs:
            parts.append(_taken(kernel, counters, *growing[-2:]))
    # The blocks hold bare addresses: the arrays must outlive the run.
    del kept, state
    found = ready.totals.views(totals)
    return Replication(number, {**found, "daily": np.moveaxis(found["daily"], 2, 0)}, Log(tuple(parts)))


def _taken(kernel: Any, counters: Ints, visits: Ints, spells: Ints) -> Part:
    """Takes the lines of a log away, so that there is room for as many again."""
    lines = visits[: counters[kernel.LOG] * kernel.LOG_COLUMNS].reshape(-1, kernel.LOG_COLUMNS)
    worked = spells[: counters[kernel.SPELL] * kernel.SPELL_COLUMNS].reshape(-1, kernel.SPELL_COLUMNS)
    part = Part.of_lines(lines, worked)
    counters[kernel.LOG] = counters[kernel.SPELL] = 0
    return part


@dataclass(frozen=True, eq=False)
class _Ready:
    """What every replication of a service begins with.

    Attributes:
        model: the block of the service, but for what a replication has of its own.
        kept: the arrays to which it points.
        totals, state: the arrays of the totals and of the state, as they begin.
    """

    model: npt.NDArray[np.int64]
    kept: list[Any]
    totals: Packing
    state: Packing


_made_ready: WeakKeyDictionary[Tables, dict[bool, _Ready]] = WeakKeyDictionary()


def _ready(tables: Tables, logs: bool) -> _Ready:
    """What replications of a service begin with, made at the first and kept as long as its tables are."""
    kept = _made_ready.setdefault(tables, {})
    if logs not in kept:
        kernel, _, _ = compiled()
        fixed = tables.fixed
        row, arrays = kernel.MODEL.block({**fixed, **tables.drawn(0)})
        state = kernel.new_state(fixed, fixed["roster_at"], fixed["roster_start"], logs)
        kept[logs] = _Ready(row, arrays, Packing(kernel.TOTALS, tables.totals()), Packing(kernel.STATE, state))
    return kept[logs]
