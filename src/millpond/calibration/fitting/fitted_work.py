"""The minutes of work at a step, from its visits that started and ended, and of classes of cases where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millpond.calibration.fitting.classes import CaseFacts, classes_of
from millpond.calibration.fitting.evidence import Evidence, Learned
from millpond.calibration.fitting.history import UNKNOWN
from millpond.calibration.fitting.lengths import Lengths, Minutes, lengths_of
from millpond.calibration.fitting.moves import MINUTE_US
from millpond.calibration.fitting.seen import Seen

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Work:
    """What visits at a step take.

    Attributes:
        minutes: of a visit; None where nothing tells it.
        minutes_for: of classes of cases, where they differ.
    """

    minutes: Minutes | None
    minutes_for: Mapping[str, Minutes]


def work_at(name: str, seen: Seen, facts: CaseFacts, evidence: Evidence) -> Work:
    """The minutes of a visit at a step.

    Args:
        name: the step.
        seen: what the fit looks at.
        facts: what is known of cases.
        evidence: is told what each value rests on.
    """
    key = f"steps.{name}.minutes"
    places, minutes = _minutes(name, seen)
    if not len(minutes):
        evidence.cannot(
            key,
            "no visit here tells how long it took",
            "record when work on a visit starts and when it ends, or its minutes",
        )
        return Work(None, {})
    whole = lengths_of(minutes)
    _tell(key, whole, whole.why, evidence)
    cases = seen.log.case[places]
    kinds = {
        "urgency": [facts.urgency(case) for case in cases],
        "stream": [facts.streams.get(case) for case in cases],
    }
    apart = classes_of(minutes, kinds)
    if apart is None:
        return Work(whole.minutes, {})
    of_visit = np.array(apart.of_visit, dtype=object)
    found: dict[str, Minutes] = {}
    for each in apart.names:
        lengths = lengths_of(minutes[of_visit == each])
        found[each] = lengths.minutes
        why = f"told apart by {apart.by}: the Bayesian information criterion falls by {apart.gain:.0f}; {lengths.why}"
        _tell(f"steps.{name}.minutes_for.{each}", lengths, why, evidence)
    return Work(whole.minutes, found)


def _tell(key: str, lengths: Lengths, why: str, evidence: Evidence) -> None:
    evidence.add(Learned(key, lengths.mean, lengths.low, lengths.high, lengths.count, why))


def _minutes(name: str, seen: Seen) -> tuple[Ints, Floats]:
    """The visits at a step that have both a start and an end, and what each took."""
    log = seen.log
    chosen = np.flatnonzero((log.step == name) & log.has_started & log.has_ended & (log.ended_us >= log.started_us))
    starts, ends = log.started_us[chosen], log.ended_us[chosen]
    minutes = (ends - starts) / MINUTE_US
    hours = seen.openings.get(name)
    if hours is not None and len(chosen):
        worked = hours.worked(starts, ends) / MINUTE_US
        # Work outside the hours took its time too: what happened wholly outside counts by the clock.
        minutes = np.where(worked > 0, worked, minutes)
    # What was recorded of the work goes before what the clock tells, as in the measures.
    recorded = log.minutes_us[chosen]
    return chosen, np.where(recorded != UNKNOWN, recorded / MINUTE_US, minutes)
