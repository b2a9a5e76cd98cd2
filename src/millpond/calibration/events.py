"""When in the week work began and ended, counted for each step: the evidence for opening hours.

An end on the stroke of an hour belongs to the hour before, because the work was done then. An event on the stroke of
midnight most likely had no time of day recorded: it counts for its weekday and for no hour.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import ibis
import numpy as np
from ibis.expr.types import IntegerValue, Table

from millpond.calibration.hours import Events
from millpond.calibration.outcomes import LEFT
from millpond.periods import MICROSECONDS_AN_HOUR, moment_of, weekday

_CLOCK = "{}_us", "{}_day", "{}_hour"


@dataclass(frozen=True)
class Work:
    """Starts and ends of work up to an instant.

    Attributes:
        by_step: for each step its events.
        by_day: events by day number, at all steps that need staff.
    """

    by_step: dict[str, Events]
    by_day: dict[int, int]

    def of(self, steps: Collection[str]) -> Events:
        """The events of several steps together."""
        found = [self.by_step[step] for step in steps if step in self.by_step]
        days = next((events.days for events in self.by_step.values()), np.zeros(7))
        by_hour = sum((events.by_hour for events in found), np.zeros((7, 24)))
        return Events(by_hour, sum((events.dated for events in found), np.zeros(7)), days)


def work_events(visits: Table, staffed: Collection[str], zone: ZoneInfo, as_of_us: int) -> Work:
    """Counts the starts and ends of work.

    Args:
        visits: the normalised visit log.
        staffed: the steps that need staff; the others work at any hour.
        zone: the service's zone.
        as_of_us: the instant that ends the records, microseconds since 1970-01-01 UTC; later events are left out.
    """
    # The zone's distance from whole hours (India's is 30 minutes), so that the stroke of an hour can be told.
    offset = moment_of(as_of_us, zone).utcoffset() or timedelta()
    beyond = int(offset.total_seconds()) % 3600 * 1_000_000
    events = _events(visits.filter(visits.step.isin(list(staffed))), beyond, as_of_us)
    hours = events.group_by("step", "weekday", "hour", "dated").agg(events=events.count())
    days = events.group_by("day").agg(events=events.count())
    by_day = {int(row["day"]): int(row["events"]) for row in days.to_pyarrow().to_pylist()}
    spanned = _weekdays(by_day)
    by_step: dict[str, Events] = {}
    for row in hours.to_pyarrow().to_pylist():
        found = by_step.setdefault(row["step"], Events(np.zeros((7, 24)), np.zeros(7), spanned))
        if row["dated"]:
            found.dated[row["weekday"]] += row["events"]
        else:
            found.by_hour[row["weekday"], row["hour"]] += row["events"]
    return Work(by_step, by_day)


def _events(visits: Table, beyond: int, as_of_us: int) -> Table:
    """One row a start or end: `step`, `day`, `weekday`, `hour`, and `dated` where only the day is known."""

    def stroke(us: IntegerValue) -> ibis.Value:
        return (us + beyond) % MICROSECONDS_AN_HOUR == 0

    starts = visits.filter(visits.started_us <= as_of_us)
    starts = starts.select(
        "step", day="started_day", hour="started_hour", dated=stroke(starts.started_us) & (starts.started_hour == 0)
    )
    # Who left before anybody began did so at any hour: that was nobody's work.
    left = visits.started_us.isnull() & visits.outcome.strip().lower().isin(LEFT).fill_null(False)
    ends = visits.filter((visits.ended_us <= as_of_us) & ~left)
    midnight = stroke(ends.ended_us) & (ends.ended_hour == 0)
    before = stroke(ends.ended_us) & ~midnight & (ends.started_us < ends.ended_us).fill_null(False)
    ends = ends.select(
        "step",
        day="ended_day",
        hour=ibis.ifelse(before, ends.ended_hour - 1, ends.ended_hour),
        dated=midnight,
    )
    columns = {"day": "int32", "hour": "int32"}
    both = ibis.union(
        *(each.mutate(**{name: each[name].cast(kind) for name, kind in columns.items()}) for each in (starts, ends))
    )
    return both.mutate(weekday=((both.day + 3) % 7 + 7) % 7)


def _weekdays(days: Collection[int]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """How many of each weekday lie from the first day to the last."""
    counts = np.zeros(7)
    if days:
        first, last = min(days), max(days)
        whole, rest = divmod(last - first + 1, 7)
        counts += whole
        for number in range(rest):
            counts[weekday(first + number)] += 1
    return counts
