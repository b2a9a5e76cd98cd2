"""The two parts of a history: what is fitted, and what is foreseen.

An event belongs to the earlier part of a log where its case began before the split.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millpond.calibration.distances import case_starts
from millpond.calibration.event_log import EventLog, event_log
from millpond.errors import WrongUse
from millpond.measures.four import VisitLog

FEWEST_CASES = 20


def split_day(log: VisitLog, as_of_us: int, split: float) -> int:
    """The first day of the later part.

    Args:
        log: the records.
        as_of_us: the last instant that counts.
        split: the share of visits that have joined before that day.
    """
    joined = log.visits.filter(log.visits.joined_us <= as_of_us).select("joined_day").to_pyarrow()
    days = np.sort(joined["joined_day"].to_numpy())
    if not len(days):
        raise WrongUse("There are no visits to split.")
    return int(days[min(int(split * len(days)), len(days) - 1)])


def parts_of(real: EventLog, split_us: int) -> tuple[EventLog, EventLog]:
    """The cases that began before the split, up to it, and those that began since.

    Raises:
        WrongUse: one of the two has too few cases.
    """
    if not len(real):
        raise WrongUse(_too_short("no visit has ended"))
    starts = case_starts(real)
    before = real.of_cases(np.flatnonzero(starts < split_us))
    earlier = ended_by(before, split_us - 1)
    return earlier, enough(real.of_cases(np.flatnonzero(starts >= split_us)), earlier)


def enough(later: EventLog, earlier: EventLog) -> EventLog:
    """The later part, where it and the earlier one have cases enough.

    Raises:
        WrongUse: one of the two has too few.
    """
    if min(len(earlier.cases), len(later.cases)) >= FEWEST_CASES:
        return later
    raise WrongUse(_too_short(f"{len(earlier.cases):,} cases begin before the split and {len(later.cases):,} after it"))


def _too_short(why: str) -> str:
    return (
        f"This history is too short to prove a model: {why}, and {FEWEST_CASES} are needed on either side.\n"
        "Wait for more records, or choose another split (--split)."
    )


def ended_by(log: EventLog, last_us: int) -> EventLog:
    """The visits that had ended by an instant."""
    return _chosen(log, log.ended_us <= last_us)


def _chosen(log: EventLog, kept: npt.NDArray[np.bool_]) -> EventLog:
    workers = [None if number < 0 else log.workers[number] for number in log.worker[kept]]
    cases = [log.cases[number] for number in log.case[kept]]
    return event_log(cases, log.step[kept], workers, log.started_us[kept], log.ended_us[kept], log.zone)
