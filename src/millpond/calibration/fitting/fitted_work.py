"""The minutes of work at a step, from its visits that started and ended, and of classes of cases where they differ."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millpond.calibration.fitting.classes import CaseFacts, classes_of
from millpond.calibration.fitting.evidence import Evidence, Learned
from millpond.calibration.fitting.history import UNKNOWN
from millpond.calibration.fitting.lengths import Lengths, Minutes, lengths_of
from millpond.calibration.fitting.moves import MINUTE_US
from millpond.calibration.fitting.openings import Openings
from millpond.calibration.fitting.seen import Seen
from millpond.calibration.fitting.sessions import alone
from millpond.periods import local_us
from millpond.records.zones import local_day_and_hour

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


def work_at(name: str, seen: Seen, facts: CaseFacts, away: Mapping[str, Collection[int]], evidence: Evidence) -> Work:
    """The minutes of a visit at a step.

    Args:
        name: the step.
        seen: what the fit looks at.
        facts: what is known of cases.
        away: the days on which people were not there, whose openings are none of their work.
        evidence: is told what each value rests on.
    """
    key = f"steps.{name}.minutes"
    places, minutes = _minutes(name, seen, away)
    if not len(minutes):
        evidence.cannot(
            key,
            "no visit here tells how long it took",
            "record when work on a visit starts and when it ends, or its minutes",
        )
        return Work(None, {})
    whole = lengths_of(minutes)
    _tell(key, whole, whole.why, evidence)
    if name in seen.sessions:
        return Work(whole.minutes, {})
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


def _minutes(name: str, seen: Seen, away: Mapping[str, Collection[int]]) -> tuple[Ints, Floats]:
    """The visits at a step that have both a start and an end, and what each took."""
    log = seen.log
    together = seen.sessions.get(name)
    usable = (log.step == name) & log.has_started & log.has_ended & (log.ended_us >= log.started_us)
    chosen = np.flatnonzero(usable if together is None else usable & alone(log, [together]))
    starts, ends = log.started_us[chosen], log.ended_us[chosen]
    minutes = (ends - starts) / MINUTE_US
    hours = seen.openings.get(name)
    if hours is not None and len(chosen):
        worked = (hours.worked(starts, ends) - _while_away(seen, chosen, hours, away)) / MINUTE_US
        # Work outside the hours took its time too: what happened wholly outside counts by the clock.
        minutes = np.where(worked > 0, worked, minutes)
    # What was recorded of the work goes before what the clock tells, as in the measures.
    recorded = log.minutes_us[chosen]
    if together is not None:
        # A session takes what was recorded of all its visits together.
        of_first = {each[0]: each for each in together.visits}
        parts = [log.minutes_us[list(of_first.get(place, (place,)))] for place in chosen.tolist()]
        recorded = np.array([UNKNOWN if (part == UNKNOWN).any() else part.sum() for part in parts], dtype=np.int64)
    return chosen, np.where(recorded != UNKNOWN, recorded / MINUTE_US, minutes)


def _while_away(seen: Seen, chosen: Ints, hours: Openings, away: Mapping[str, Collection[int]]) -> Ints:
    """The opening time of whole days within each visit on which its worker was not there, microseconds."""
    log, zone = seen.log, seen.log.zone
    missed = np.zeros(len(chosen), dtype=np.int64)
    first, last = (
        np.asarray(local_day_and_hour(at[chosen], zone)[0], dtype=np.int64) for at in (log.started_us, log.ended_us)
    )
    for place in np.flatnonzero(last - first > 1).tolist():
        gone = away.get(log.worker[chosen[place]] or "", ())
        days = np.array([day for day in range(int(first[place]) + 1, int(last[place])) if day in gone], dtype=np.int64)
        if len(days):
            midnights = np.array([[local_us(int(day) + more, 0, zone) for more in (0, 1)] for day in days])
            missed[place] = hours.worked(midnights[:, 0], midnights[:, 1]).sum()
    return missed
