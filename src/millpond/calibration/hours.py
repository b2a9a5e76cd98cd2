"""Opening hours, found from when in the week work happens.

The rules, chosen so that a person can check them against a table of events by weekday and hour:

* The day is whole hours. The hours of a weekday are the shortest run that holds 95% of its events, and the hours
  right after it that have a tenth of the events of an average hour of it: who is done early leaves little in the last
  ones. A run over midnight is taken where it is at least two hours shorter than one that is not, and belongs to the
  weekday on which it begins.
* A weekday is closed where it has under 2% of the events of an average day.
* Where even the quietest hour of the day has a tenth of the events of an average hour, the service never closes.
* Weekdays share one run; one opens or closes at another hour only where the hours between are busy on the one and
  hardly so on the other.
* Too few events say nothing: then Mon-Fri 09:00-17:00, wide enough for the events that there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from millpond.calibration.wording import counted
from millpond.model.calendars import ASSUMED_HOURS
from millpond.model.hours import DAYS

Counts = npt.NDArray[np.float64]

HELD = 0.95
LAST_HOURS = 0.1
CLOSED_BELOW = 0.02
NEVER_QUIET = 0.1
FEWEST_EVENTS = 50
"""Below this many events nothing is said about the hours."""
FEWEST_DAYS = 14
"""In fewer days, a weekday without events may be one that the records happen not to have."""
_CLEAR_EVENTS, _CLEAR_TIMES = 5, 4
_OPENS, _CLOSES = 9, 17

Run = tuple[int, int]
"""From an hour up to but without another, counted from the midnight on which the weekday begins; may pass 24."""


@dataclass(frozen=True)
class Events:
    """How often work began or ended, by when in the week, on the local clock.

    Attributes:
        by_hour: events by weekday (Monday = 0) and hour.
        dated: events of which only the day is known, by weekday.
        days: how many of each weekday the records span.
    """

    by_hour: Counts
    dated: Counts
    days: Counts

    @property
    def total(self) -> int:
        """All events whose hour is known."""
        return int(self.by_hour.sum())


@dataclass(frozen=True)
class Opening:
    """Opening hours, and how sure they are.

    Attributes:
        runs: the run of each weekday; None where it is closed.
        basis: one sentence that says what they rest on.
        quiet: the open weekdays that have less than half of the events of an average open day, with that share.
    """

    runs: tuple[Run | None, ...]
    basis: str
    quiet: tuple[tuple[str, float], ...] = ()

    @property
    def hours(self) -> str:
        """The hours in words, such as ``Mon-Thu 09:00-17:00, Fri 09:00-16:00``."""
        parts = []
        for run, days in groupby(range(7), key=lambda day: self.runs[day]):
            if run is not None:
                each = list(days)
                name = DAYS[each[0]] if len(each) == 1 else f"{DAYS[each[0]]}-{DAYS[each[-1]]}"
                parts.append(f"{name} {_times(run)}")
        return ", ".join(parts)

    @property
    def minutes_open(self) -> tuple[int, ...]:
        """The opening minutes of each weekday; those after midnight belong to the day on which the run begins."""
        return tuple(0 if run is None else 60 * (run[1] - run[0]) for run in self.runs)

    @property
    def is_always(self) -> bool:
        """Whether it never closes."""
        return self.minutes_open == (24 * 60,) * 7

    def outside(self, events: Events) -> float:
        """The share of some events that lie outside these hours."""
        inside = sum(
            events.by_hour[(day + hour // 24) % 7, hour % 24]
            for day, hour in {
                ((day + hour // 24) % 7, hour % 24)
                for day, run in enumerate(self.runs)
                for hour in range(*(run or (0, 0)))
            }
        )
        return float(1 - inside / events.total) if events.total else 0.0


def opening_hours(events: Events) -> Opening:
    """The opening hours that events show, by the rules of this module."""
    total = events.total
    if total < FEWEST_EVENTS:
        return _assumed(events)
    by_clock = events.by_hour.sum(axis=0)
    if total >= 4 * FEWEST_EVENTS and by_clock.min() >= NEVER_QUIET * total / 24:
        is_open = _open_days(events.by_hour.sum(axis=1) + events.dated, events.days)
        runs: tuple[Run | None, ...] = tuple((0, 24) if open_ else None for open_ in is_open)
        return Opening(runs, f"the {total:,} starts and ends of work come at all hours of the day")
    cut = _quiet_hour(by_clock)
    by_day = _from(events.by_hour, cut)
    is_open = _open_days(by_day.sum(axis=1) + events.dated, events.days)
    runs = _runs(by_day, is_open, cut)
    basis = f"these hours hold 95% of {total:,} starts and ends of work"
    return Opening(runs, basis, _quiet(by_day.sum(axis=1), is_open, events.days))


def _assumed(events: Events) -> Opening:
    """Office hours, wide enough for the few events that there are."""
    hours = np.flatnonzero(events.by_hour.sum(axis=0))
    first = min(int(hours.min()), _OPENS) if hours.size else _OPENS
    last = max(int(hours.max()) + 1, _CLOSES) if hours.size else _CLOSES
    is_open = _open_days(events.by_hour.sum(axis=1) + events.dated, events.days)
    if events.total + events.dated.sum() < FEWEST_EVENTS:
        is_open = _week_or_working_week(events.by_hour.sum(axis=1) + events.dated)
    runs = tuple((first, last) if open_ else None for open_ in is_open)
    few = f"only {counted(events.total, 'event')} with a time of day" if events.total else "no event with a time of day"
    return Opening(runs, f"assumed, widened where work was recorded outside {ASSUMED_HOURS}: the records have {few}")


def _open_days(events: Counts, days: Counts) -> list[bool]:
    if days.sum() < FEWEST_DAYS:
        return _week_or_working_week(events)
    rates = events / np.maximum(days, 1)
    return [bool(rate >= CLOSED_BELOW * rates.mean() and rate > 0) for rate in rates]


def _week_or_working_week(events: Counts) -> list[bool]:
    return [day < 5 or bool(events[5:].any()) for day in range(7)]


def _quiet_hour(by_clock: Counts) -> int:
    """The hour at which the day's events are cut: midnight, unless work clearly runs over it."""
    start, end = _shortest(by_clock)
    around_start, around_end = _shortest(np.concatenate((by_clock, by_clock)), by_clock.sum())
    length = around_end - around_start
    if around_end <= 24 or around_start >= 24 or length > end - start - 2:
        return 0
    return (around_end + (24 - length) // 2) % 24


def _from(by_hour: Counts, cut: int) -> Counts:
    """The events by the weekday on which their day begins, at the hour `cut`, and the hours since then."""
    following = np.roll(by_hour, -1, axis=0)
    return np.concatenate((by_hour[:, cut:], following[:, :cut]), axis=1)


def _shortest(counts: Counts, whole: float | None = None) -> Run:
    """The shortest run that holds `HELD` of the whole; of several, the one that holds most, then the earliest."""
    target = HELD * (counts.sum() if whole is None else whole) - 1e-9
    before = np.concatenate(([0.0], np.cumsum(counts)))
    for length in range(1, 25):
        sums = before[length:] - before[:-length]
        best = int(np.argmax(sums))
        if sums[best] >= target:
            return best, best + length
    return 0, 24


def _with_last_hours(counts: Counts, run: Run) -> Run:
    """The run with the hours right after it that have a tenth of the events of an average hour in it."""
    start, end = run
    enough = LAST_HOURS * counts[start:end].mean()
    while end < len(counts) and counts[end] >= enough > 0:
        end += 1
    return start, end


def _runs(by_day: Counts, is_open: Sequence[bool], cut: int) -> tuple[Run | None, ...]:
    usual = [day for day in range(7) if is_open[day] and day < 5] or [day for day in range(7) if is_open[day]]
    together = by_day[usual].sum(axis=0)
    shared = _with_last_hours(together, _shortest(together))
    # Once more without the weekdays that keep hours of their own, which would blur the shared ones.
    alike = [day for day in usual if _run_of(by_day[day], shared, by_day[usual].sum(axis=0)) == shared] or usual
    others = by_day[alike].sum(axis=0)
    shared = _with_last_hours(others, _shortest(others))
    runs = [_run_of(by_day[day], shared, others) for day in range(7)]
    return tuple(_placed(run, cut) if open_ else None for run, open_ in zip(runs, is_open, strict=True))


def _run_of(counts: Counts, shared: Run, others: Counts) -> Run:
    """A weekday's own run, at either end only where it clearly differs from the shared one."""
    total = counts.sum()
    if not total:
        return shared
    own = _with_last_hours(counts, _shortest(counts))
    here, there = counts / total, others / max(others.sum(), 1)

    def clearly(one: int, other: int) -> bool:
        hours = slice(min(one, other), max(one, other))
        mine, theirs = float(here[hours].sum()), float(there[hours].sum())
        # An edge of the 95% is moved by chance: only hours that are busy on the one and hardly so on the other count.
        return abs(mine - theirs) * total >= _CLEAR_EVENTS and min(mine, theirs) <= max(mine, theirs) / _CLEAR_TIMES

    start = own[0] if clearly(own[0], shared[0]) else shared[0]
    end = own[1] if clearly(own[1], shared[1]) else shared[1]
    return (start, end) if start < end else own


def _placed(run: Run, cut: int) -> Run:
    """The run in hours since midnight; one of nearly a whole day is the whole day."""
    if run[1] - run[0] >= 23:
        return 0, 24
    # What begins after midnight would belong to the next weekday: it is begun before, so that it stays with its own.
    return min(run[0] + cut, 23), run[1] + cut


def _quiet(by_day: Counts, is_open: Sequence[bool], days: Counts) -> tuple[tuple[str, float], ...]:
    rates = by_day / np.maximum(days, 1)
    usual = rates[[day for day in range(7) if is_open[day]]].mean()
    return tuple(
        (DAYS[day], float(rates[day] / usual))
        for day in range(7)
        if is_open[day] and days[day] and rates[day] < usual / 2
    )


def _times(run: Run) -> str:
    start, end = run
    return f"{start:02d}:00-{24 if end == 24 else end % 24:02d}:00"
