"""The visits of a log up to an instant, as arrays that the fit reads; what happened later is not in them.

Nothing is estimated here. A visit that had not ended by the instant is open, one that had not joined is not there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

import ibis
import numpy as np
import numpy.typing as npt
from ibis.expr.types import Table

from millpond.calibration.event_log import EventLog, event_log
from millpond.model.references import WITHDRAWN

Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]

UNKNOWN = np.int64(-(1 << 62))
"""Stands for an instant that is not known: not recorded, or not yet."""


@dataclass(frozen=True, eq=False)
class History:
    """Visits in the order in which they started, then ended, then stood in the log; those not started come last.

    A visit that left before anybody began it stands where it left, and has no start. Other visits of which only the end
    is recorded start when they end.

    Attributes:
        visit, case, step: ids and names.
        worker: None where nobody is named.
        outcome: None where it has none, or had none yet.
        joined_us: when it joined, as recorded; `UNKNOWN` where only the start tells.
        started_us, ended_us: `UNKNOWN` where it has not started or ended.
        minutes_us: the work that was recorded of it; `UNKNOWN` where none was.
        as_of_us: the instant that ends the history.
        zone: whose clock tells hours and days.
    """

    visit: Texts
    case: Texts
    step: Texts
    worker: Texts
    outcome: Texts
    joined_us: Ints
    started_us: Ints
    ended_us: Ints
    minutes_us: Ints
    as_of_us: int
    zone: ZoneInfo

    def __len__(self) -> int:
        return len(self.case)

    @cached_property
    def has_ended(self) -> npt.NDArray[np.bool_]:
        """Which visits have ended."""
        return np.asarray(self.ended_us != UNKNOWN)

    @cached_property
    def has_started(self) -> npt.NDArray[np.bool_]:
        """Which visits have started."""
        return np.asarray(self.started_us != UNKNOWN)

    @cached_property
    def has_left(self) -> npt.NDArray[np.bool_]:
        """Which visits have ended though nobody ever began them."""
        return np.asarray(self.has_ended & ~self.has_started)

    @cached_property
    def by_case(self) -> dict[str, list[int]]:
        """The visits of each case, in their order."""
        found: dict[str, list[int]] = {}
        for place, case in enumerate(self.case):
            found.setdefault(case, []).append(place)
        return found

    @cached_property
    def by_worker(self) -> dict[str, list[int]]:
        """The started visits of each named worker, in their order."""
        found: dict[str, list[int]] = {}
        for place, worker in enumerate(self.worker):
            if worker is not None and self.has_started[place]:
                found.setdefault(worker, []).append(place)
        return found

    @property
    def is_single_timestamp(self) -> bool:
        """Whether the log tells one instant of each visit only: hardly any visit has an end after its start."""
        done = self.has_ended & self.has_started
        lasting = (self.ended_us > self.started_us) & done
        return bool(done.sum() == 0 or lasting.sum() < 0.02 * self.has_ended.sum())

    def finished(self) -> EventLog:
        """The visits that have ended."""
        chosen = self.has_ended
        starts = np.where(self.has_started, self.started_us, self.ended_us)
        columns = (self.case, self.step, self.worker, starts, self.ended_us)
        cases, steps, workers, started, ended = (column[chosen] for column in columns)
        return event_log(cases, steps, workers, started, ended, self.zone)


_WORKED, _FEWEST = 0.95, 10


def history(
    visits: Table,
    zone: ZoneInfo,
    as_of_us: int,
    leaving_out: frozenset[str] = frozenset(),
    withdrawn: Collection[str] = (WITHDRAWN,),
) -> History:
    """The visits known at an instant.

    A visit has left where it has an end and no start, is known to have joined, and either its outcome is a withdrawal
    or it has neither worker nor minutes, at a step where 95% of those that have one have a start too.

    Args:
        visits: the normalised visit log.
        zone: the service's zone.
        as_of_us: the instant, microseconds since 1970-01-01 UTC; events at this very instant are known.
        leaving_out: names of steps that are not to be fitted.
        withdrawn: the outcomes that are withdrawals.
    """
    known = visits.filter(visits.joined_us <= as_of_us)
    started = (known.started_us <= as_of_us).fill_null(False)
    ended = (known.ended_us <= as_of_us).fill_null(False)
    nothing = ibis.literal(int(UNKNOWN), "int64")
    tie = ["row_number"] if "row_number" in known.columns else []
    chosen = known.select(
        "visit",
        "case",
        "step",
        "worker",
        outcome=ibis.ifelse(ended, known.outcome, ibis.null("string")),
        joined=ibis.ifelse(known.joined_source == "recorded", known.joined_us, nothing),
        started=ibis.ifelse(started, known.started_us, ibis.ifelse(ended, known.ended_us, nothing)),
        ended=ibis.ifelse(ended, known.ended_us, nothing),
        unstarted=~started,
        worked=ibis.ifelse(ended, ibis.coalesce(known.minutes_us, nothing), nothing),
        order=ibis.coalesce(known.started_us, known.ended_us, known.joined_us),
        **{name: known[name] for name in tie},
    )
    rows = chosen.order_by("joined", "visit").to_pyarrow()
    columns = {
        name: np.array(rows[name].to_pylist(), dtype=object) for name in ("visit", "case", "step", "worker", "outcome")
    }
    times = {name: rows[name].to_numpy().astype(np.int64) for name in ("joined", "started", "ended", "worked")}
    left = _have_left(columns, times, np.array(rows["unstarted"].to_pylist(), dtype=np.bool_), withdrawn)
    far = np.iinfo(np.int64).max
    starts = np.where(times["started"] == UNKNOWN, far, times["started"])
    ends = np.where(times["ended"] == UNKNOWN, far, times["ended"])
    times["started"] = np.where(left, UNKNOWN, times["started"])
    last = rows["row_number"].to_numpy() if tie else np.zeros(len(rows))
    order: Ints = np.lexsort((columns["visit"].astype(str), last, ends, starts))
    order = order[~np.isin(columns["step"][order], list(leaving_out))] if leaving_out else order
    texts = {name: column[order] for name, column in columns.items()}
    return History(
        visit=texts["visit"],
        case=texts["case"],
        step=texts["step"],
        worker=texts["worker"],
        outcome=texts["outcome"],
        joined_us=times["joined"][order],
        started_us=times["started"][order],
        ended_us=times["ended"][order],
        minutes_us=times["worked"][order],
        as_of_us=as_of_us,
        zone=zone,
    )


def _have_left(
    columns: Mapping[str, Texts],
    times: Mapping[str, Ints],
    unstarted: npt.NDArray[np.bool_],
    withdrawn: Collection[str],
) -> npt.NDArray[np.bool_]:
    ended = times["ended"] != UNKNOWN
    is_worked = ended & ((columns["worker"] != np.array(None)) | (times["worked"] != UNKNOWN))
    names, step = np.unique(columns["step"].astype(str), return_inverse=True)
    worked = np.bincount(step[is_worked], minlength=len(names))
    begun = np.bincount(step[is_worked & ~unstarted], minlength=len(names))
    tells_starts = (worked >= _FEWEST) & (begun >= _WORKED * worked)
    says_so = np.isin(columns["outcome"], list(withdrawn))
    could_leave = ended & unstarted & (times["joined"] != UNKNOWN) & (times["joined"] <= times["ended"])
    return np.asarray(could_leave & (says_so | (~is_worked & tells_starts[step])))
