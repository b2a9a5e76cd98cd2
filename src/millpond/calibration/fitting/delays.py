"""The waiting before each visit, split: what our own staff caused, and what nobody in the log caused.

For each visit, *enabled* is when it could have started: the latest end in its case, not after its start, of a step that
is not parallel to it, and later by a fixed time where that time passes before every visit of the kind (a timer).
*Available* is the first instant from then on at which the worker who did it was at work and on no other visit. The
*outside delay* is what is left until the start. Where the worker had been idle for a minute before the start, nobody
of ours held the visit up just then: other work that the worker did meanwhile did not cause the delay, and the whole of
it counts, from the first opening on. Where the worker came straight from another visit or from closed hours, nobody
can tell when the delay was over, and such visits are *censored*: theirs ended after the worker was last idle (who is
idle takes what is there) and before the start.

On a log whose outside delays are known (insurance claims) this gives each of them exactly; the rule without idleness
gives four fifths of their sum.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millpond.calibration.fitting.history import UNKNOWN, History
from millpond.calibration.fitting.openings import Openings
from millpond.calibration.fitting.parallel import Pairs

Ints = npt.NDArray[np.int64]

TURNING_US = 60_000_000
"""From one visit to the next in less than this, a worker was not idle."""
_TIMER_FEWEST, _TIMER_SHARE, _ALIKE_US = 10, 0.2, 1_000_000
NOTHING = -1


@dataclass(frozen=True, eq=False)
class Split:
    """The waiting before each visit of a history, in its order; instants and lengths in microseconds.

    Attributes:
        enabler: the visit whose end enabled it; `NOTHING` for the first visit of a case and those not started.
        enabled_us: when it could have started.
        available_us: when the worker who did it could have begun; the start where nobody is named.
        outside_us: the outside delay.
        censored: whether the worker came straight from another visit or from closed hours, so that the outside delay
            may have been anything from `least_us` up to the whole gap.
        least_us: of a censored visit the least that the outside delay can have been.
        timers: the fixed times that pass between two steps, microseconds.
    """

    enabler: Ints
    enabled_us: Ints
    available_us: Ints
    outside_us: Ints
    censored: npt.NDArray[np.bool_]
    least_us: Ints
    timers: Mapping[tuple[str, str], int]

    @property
    def follows(self) -> npt.NDArray[np.bool_]:
        """The visits that another one enabled: those before which there is a waiting to split."""
        return np.asarray(self.enabler != NOTHING)


def split_waits(
    log: History, parallel: Pairs, openings: Mapping[str, Openings], busy_until_us: Ints | None = None
) -> Split:
    """Splits the waiting before each started visit.

    Args:
        log: the visits.
        parallel: the pairs of steps that run side by side.
        openings: of the staff of each step, by its name; steps that are not there are never closed.
        busy_until_us: for each visit when its worker could have begun the next one; None for its end.
    """
    enabler, enabled = _enabled(log, parallel)
    timers = _timers(log, enabler, enabled)
    for place in np.flatnonzero(enabler != NOTHING):
        enabled[place] += timers.get((log.step[enabler[place]], log.step[place]), 0)
    enabled = _as_recorded(log, enabler, enabled)
    available, outside, censored, least = _split(log, enabled, openings, busy_until_us)
    return Split(enabler, enabled, available, outside, censored, least, timers)


def _enabled(log: History, parallel: Pairs) -> tuple[Ints, Ints]:
    enabler = np.full(len(log), NOTHING)
    enabled = log.started_us.copy()
    started, ended, step = log.started_us.tolist(), log.ended_us.tolist(), log.step.tolist()
    for places in log.by_case.values():
        done = [place for place in places if log.has_ended[place]]
        for place in places:
            if not log.has_started[place]:
                continue
            best = NOTHING
            for other in done:
                # In their order: of visits without length at one instant the first enables the second.
                if other == place or started[other] > started[place] or (other > place):
                    break
                if ended[other] > started[place] or (step[other], step[place]) in parallel:
                    continue
                if best == NOTHING or ended[other] >= ended[best]:
                    best = other
            if best != NOTHING:
                enabler[place], enabled[place] = best, ended[best]
    return enabler, enabled


def _timers(log: History, enabler: Ints, enabled: Ints) -> dict[tuple[str, str], int]:
    """Times that no visit of a pair of steps undercuts, and that a fifth of them, ten or more, keep to the second."""
    gaps: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place in np.flatnonzero(enabler != NOTHING):
        gaps[log.step[enabler[place]], log.step[place]].append(int(log.started_us[place] - enabled[place]))
    found = {}
    for pair, lengths in gaps.items():
        least = min(lengths)
        alike = sum(length <= least + _ALIKE_US for length in lengths)
        if least > TURNING_US and alike >= _TIMER_FEWEST and alike >= _TIMER_SHARE * len(lengths):
            found[pair] = least
    return found


def _as_recorded(log: History, enabler: Ints, enabled: Ints) -> Ints:
    """When a visit joined is known where it is recorded; it may be earlier than what the order of ends tells."""
    recorded = (log.joined_us != UNKNOWN) & log.has_started & (log.joined_us <= log.started_us)
    return np.where(recorded, log.joined_us, enabled)


def _split(
    log: History, enabled: Ints, openings: Mapping[str, Openings], busy_until_us: Ints | None
) -> tuple[Ints, Ints, npt.NDArray[np.bool_], Ints]:
    busy_until = np.where(log.has_ended, log.ended_us, log.as_of_us) if busy_until_us is None else busy_until_us
    available = log.started_us.copy()
    outside = np.zeros(len(log), dtype=np.int64)
    censored = np.zeros(len(log), dtype=np.bool_)
    least = np.zeros(len(log), dtype=np.int64)
    for places in log.by_worker.values():
        begins: list[int] = []
        finishes: list[int] = []
        for place in places:
            start, at = int(log.started_us[place]), int(enabled[place])
            hours = openings.get(log.step[place])
            was_busy = bool(finishes) and finishes[-1] > start - TURNING_US and begins[-1] < start
            opened = _open(hours, at, start)
            comes_from_closed = hours is not None and hours.is_open(start) and not hours.is_open(start - TURNING_US)
            if was_busy or comes_from_closed:
                available[place] = _idle(begins, finishes, hours, at, start)
                censored[place] = start > at
                least[place] = max(_last_idle(begins, finishes, hours, start, was_busy) - at, 0)
            else:
                available[place] = opened
            outside[place] = start - available[place]
            end = int(busy_until[place])
            _occupy(begins, finishes, start, end)
    for place in np.flatnonzero(log.has_started).tolist():
        if log.worker[place] is None:
            available[place] = _open(openings.get(log.step[place]), int(enabled[place]), int(log.started_us[place]))
            outside[place] = log.started_us[place] - available[place]
    return available, outside, censored, least


def _open(hours: Openings | None, at: int, start: int) -> int:
    return at if hours is None else min(hours.next_open(at), start)


def _idle(begins: list[int], finishes: list[int], hours: Openings | None, at: int, start: int) -> int:
    """The first instant from `at` to `start` at which the worker is at work and on no visit."""
    while at < start:
        opened = _open(hours, at, start)
        place = bisect_right(begins, opened) - 1
        free = finishes[place] if place >= 0 and finishes[place] > opened else opened
        if free == at:
            return at
        at = free
    return start


def _last_idle(begins: list[int], finishes: list[int], hours: Openings | None, start: int, was_busy: bool) -> int:
    """The last instant before a start at which the worker was at work and on no visit, as far back as one stretch."""
    at = begins[-1] if was_busy else start
    if hours is None or hours.is_open(at - TURNING_US):
        return at
    closed = hours.last_close(at)
    ended = finishes[-2] if was_busy and len(finishes) > 1 else finishes[-1] if finishes and not was_busy else 0
    return closed if ended < closed - TURNING_US else 0


def _occupy(begins: list[int], finishes: list[int], start: int, end: int) -> None:
    """Adds a visit to the stretches in which a worker is busy, which stay in order and apart."""
    if finishes and start <= finishes[-1]:
        finishes[-1] = max(finishes[-1], end)
    elif end > start:
        begins.append(start)
        finishes.append(end)
