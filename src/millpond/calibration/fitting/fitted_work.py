"""The minutes of work at a step, from its visits that started and ended."""

from __future__ import annotations

import numpy as np

from millpond.calibration.fitting.history import UNKNOWN
from millpond.calibration.fitting.lengths import Lengths, lengths_of
from millpond.calibration.fitting.moves import MINUTE_US
from millpond.calibration.fitting.seen import Seen


def work_at(name: str, seen: Seen) -> Lengths | None:
    """The minutes of a visit at a step; None where no visit there has both a start and an end."""
    log = seen.log
    chosen = np.flatnonzero((log.step == name) & log.has_started & log.has_ended & (log.ended_us >= log.started_us))
    if not len(chosen):
        return None
    starts, ends = log.started_us[chosen], log.ended_us[chosen]
    minutes = (ends - starts) / MINUTE_US
    hours = seen.openings.get(name)
    if hours is not None:
        worked = hours.worked(starts, ends) / MINUTE_US
        # Work outside the hours took its time too: what happened wholly outside counts by the clock.
        minutes = np.where(worked > 0, worked, minutes)
    # What was recorded of the work goes before what the clock tells, as in the measures.
    recorded = log.minutes_us[chosen]
    return lengths_of(np.where(recorded != UNKNOWN, recorded / MINUTE_US, minutes))
