"""The visits of a log that have both a start and an end, as arrays: what a log is compared by, and fitted from.

Visits that are still open are not in it; they are censored evidence and stand in `millpond.calibration.fitting`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]

NOBODY = -1
"""The place of a worker who is not named."""


@dataclass(frozen=True, eq=False)
class EventLog:
    """Finished visits, in the order in which they started, then ended, then stood in the log.

    Attributes:
        case: which case, a number from 0 by the order of the cases' first visits.
        step: the steps' names.
        worker: which worker, a number from 0; `NOBODY` where none is named.
        started_us, ended_us: microseconds since 1970-01-01 UTC.
        cases, workers: the ids that the numbers stand for.
        zone: whose clock tells hours and weekdays.
    """

    case: Ints
    step: Texts
    worker: Ints
    started_us: Ints
    ended_us: Ints
    cases: tuple[str, ...]
    workers: tuple[str, ...]
    zone: ZoneInfo

    def __len__(self) -> int:
        return len(self.case)

    def shifted_to(self, first_us: int) -> EventLog:
        """The same log with its first start at another instant; every time between its events stays as it is."""
        if not len(self):
            return self
        by = first_us - int(self.started_us.min())
        return replace(self, started_us=self.started_us + by, ended_us=self.ended_us + by)

    def of_cases(self, chosen: Ints) -> EventLog:
        """Only these cases, by their numbers."""
        kept = np.isin(self.case, chosen)
        return event_log(
            [self.cases[number] for number in self.case[kept]],
            self.step[kept],
            [None if number < 0 else self.workers[number] for number in self.worker[kept]],
            self.started_us[kept],
            self.ended_us[kept],
            self.zone,
        )


def event_log(cases: Any, steps: Any, workers: Any, started_us: Any, ended_us: Any, zone: ZoneInfo) -> EventLog:
    """A log from its columns.

    Args:
        cases: the cases' ids.
        steps: the steps' names.
        workers: the workers' ids; None where nobody is named.
        started_us, ended_us: microseconds since 1970-01-01 UTC.
        zone: whose clock tells hours and weekdays.
    """
    starts, ends = np.asarray(started_us, dtype=np.int64), np.asarray(ended_us, dtype=np.int64)
    order = np.lexsort((np.arange(len(starts)), ends, starts))
    case, case_ids = _numbered(np.asarray(cases, dtype=object)[order])
    worker, worker_ids = _numbered(np.asarray(workers, dtype=object)[order])
    step = np.asarray(steps, dtype=object)[order]
    return EventLog(case, step, worker, starts[order], ends[order], case_ids, worker_ids, zone)


def event_log_of(visits: pa.Table, zone: ZoneInfo, leaving_out: Collection[str] = ()) -> EventLog:
    """The finished visits of a table in the shape of records (`millpond.records.schema.VISITS`).

    A visit that tells only its end counts as done in that instant.

    Args:
        visits: the table.
        zone: whose clock tells hours and weekdays.
        leaving_out: names of steps that are not to be in it.
    """
    ended = visits.filter(visits["ended_us"].is_valid())
    if leaving_out:
        ended = ended.filter(pc.invert(pc.is_in(ended["step"], pa.array(list(leaving_out), pa.string()))))
    starts = [
        end if start is None else start
        for start, end in zip(ended["started_us"].to_pylist(), ended["ended_us"].to_pylist(), strict=True)
    ]
    columns = {name: ended[name].to_pylist() for name in ("case", "step", "worker", "ended_us")}
    return event_log(columns["case"], columns["step"], columns["worker"], starts, columns["ended_us"], zone)


def _numbered(ids: Texts) -> tuple[Ints, tuple[str, ...]]:
    """Numbers in the order in which the ids come up; `NOBODY` for None."""
    known: dict[str, int] = {}
    numbers = [NOBODY if each is None else known.setdefault(each, len(known)) for each in ids]
    return np.array(numbers, dtype=np.int64), tuple(known)
