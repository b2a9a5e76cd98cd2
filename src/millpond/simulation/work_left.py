"""The work that visits under way at the start will take in all, drawn given what has been done on them already."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millpond.model import Service
from millpond.simulation.compiled import words_at
from millpond.simulation.kernel import WORK
from millpond.simulation.quantiles import quantile_table

_CASE, _CLASS, _STEP, _EARLIER, _DONE, _IN_ALL = 0, 1, 2, 3, 7, 8


def with_work_in_all(
    start: npt.NDArray[np.int64], service: Service, step_key: npt.NDArray[np.uint64], key: int
) -> npt.NDArray[np.int64]:
    """The rows of the visits carried over, with the work in all of those begun of which it is not known.

    A visit that has had 50 minutes will take longer than 50: its length is drawn from the part of the step's
    distribution that lies above. The draw has the address of the visit, as any other, so that it is the same in every
    plan.

    Args:
        start: rows as `millpond.simulation.tables.START_COLUMNS` tells.
        service: what the work at each step is.
        step_key: the steps' keys, in their place in an address.
        key: of the replication.
    """
    begun = np.flatnonzero((start[:, _DONE] > 0) & (start[:, _IN_ALL] < 0))
    if not len(begun):
        return start
    rows = start.copy()
    earlier = rows[begun, _EARLIER].astype(np.uint64) << np.uint64(8)
    words = words_at(key, rows[begun, _CASE].view(np.uint64), step_key[rows[begun, _STEP]] | earlier | np.uint64(WORK))
    streams, steps = list(service.streams), list(service.steps.values())
    for place, row in enumerate(begun):
        step, kind = steps[rows[row, _STEP]], int(rows[row, _CLASS])
        minutes = step.minutes_of(streams[kind >> 1], bool(kind & 1))
        table = quantile_table(0.0 if minutes is None else minutes)
        rows[row, _IN_ALL] = table.draw_above(int(words[place, 0]), int(rows[row, _DONE]))
    return rows
