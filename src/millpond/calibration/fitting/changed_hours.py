"""Opening hours that changed at some day of the records, such as when the clocks did or a service moved its shifts.

Hours that hold all of history are then too wide on either side. A change is found where the hours of before and of
after, each by the rules of `millpond.calibration.hours`, are at least a twentieth shorter than those of the whole, and
either leave a twelfth or more of the other time's events outside: hours that only narrowed are chance, or a quieter
time. The day is the one that leaves the fewest events outside.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from millpond.calibration.fitting.history import History
from millpond.calibration.hours import Events, Opening, opening_hours
from millpond.periods import date_of
from millpond.records.zones import local_day_and_hour

SHORTER, OUTSIDE = 0.95, 1 / 12
FEWEST_DAYS = 28
"""So many days must lie on either side."""
_HOUR_US = 3_600_000_000


@dataclass(frozen=True)
class ChangedHours:
    """Hours before a day, and from it on.

    Attributes:
        day: the first day of the new hours.
        before, after: the hours in words.
        events: how many starts and ends they rest on.
    """

    day: date
    before: str
    after: str
    events: int


def changed_hours(log: History, steps: Collection[str]) -> ChangedHours | None:
    """The change of hours that the visits at some steps show; None where they show none.

    Args:
        log: the visits.
        steps: the steps whose staff keep the hours together.
    """
    days, first = _by_day(log, steps)
    if len(days) < 2 * FEWEST_DAYS:
        return None
    whole = _opening(days, first, 0)
    wide = sum(whole.minutes_open)
    best: tuple[float, int] | None = None
    for cut in range(FEWEST_DAYS, len(days) - FEWEST_DAYS + 1, 7):
        before, after = _opening(days[:cut], first, 0), _opening(days[cut:], first, cut)
        if before.hours == after.hours:
            continue
        length = (cut * sum(before.minutes_open) + (len(days) - cut) * sum(after.minutes_open)) / len(days)
        if length <= SHORTER * wide and (best is None or length < best[0]):
            best = (length, cut)
    if best is None:
        return None
    before, after = _opening(days[: best[1]], first, 0), _opening(days[best[1] :], first, best[1])
    outside = [_outside(days, first, hours) for hours in (before, after)]
    # Of every day to cut at: what lies outside the old hours before it and outside the new ones from it on.
    events = days.sum(axis=1)
    missed = (
        outside[0][best[1] :].sum() / events[best[1] :].sum(),
        outside[1][: best[1]].sum() / events[: best[1]].sum(),
    )
    if min(missed) < OUTSIDE:
        return None
    total = np.concatenate(([0.0], np.cumsum(outside[0]))) + np.concatenate((np.cumsum(outside[1][::-1])[::-1], [0.0]))
    inner = total[FEWEST_DAYS : len(days) - FEWEST_DAYS + 1]
    cut = FEWEST_DAYS + int(np.argmin(inner))
    return ChangedHours(date_of(first + cut), before.hours, after.hours, int(days.sum()))


def _by_day(log: History, steps: Collection[str]) -> tuple[npt.NDArray[np.float64], int]:
    """Starts and ends of work by day and hour, and the first day."""
    chosen = np.isin(log.step, list(steps))
    starts, ends = log.started_us[chosen & log.has_started], log.ended_us[chosen & log.has_ended & log.has_started]
    # An end on the stroke of an hour belongs to the hour before.
    at = np.concatenate((starts, np.where(ends % _HOUR_US == 0, ends - 1, ends)))
    if not len(at):
        return np.zeros((0, 24)), 0
    day, hour = (np.asarray(each, dtype=np.int64) for each in local_day_and_hour(at, log.zone))
    counts = np.zeros((int(day.max() - day.min()) + 1, 24))
    np.add.at(counts, (day - day.min(), hour), 1.0)
    return counts, int(day.min())


def _opening(days: npt.NDArray[np.float64], first: int, skipped: int) -> Opening:
    weekday = (np.arange(len(days)) + first + skipped + 3) % 7
    by_hour = np.zeros((7, 24))
    np.add.at(by_hour, weekday, days)
    return opening_hours(Events(by_hour, np.zeros(7), np.bincount(weekday, minlength=7).astype(np.float64)))


def _outside(days: npt.NDArray[np.float64], first: int, opening: Opening) -> npt.NDArray[np.float64]:
    """How many events of each day lie outside some hours."""
    open_hours = np.zeros((7, 24), dtype=np.bool_)
    for day, run in enumerate(opening.runs):
        for hour in range(*(run or (0, 0))):
            open_hours[(day + hour // 24) % 7, hour % 24] = True
    weekday = (np.arange(len(days)) + first + 3) % 7
    return np.asarray((days * ~open_hours[weekday]).sum(axis=1))
