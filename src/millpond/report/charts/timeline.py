"""Where periods stand on a chart's time axis, and which ticks a reader can use.

Charts draw the service's own clock: a label's wall-clock time is written as if it were UTC, so that no machine's time
zone can move it. Hours keep the offset of the first period, so that the hours around a change of the clocks stay apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import altair as alt

from millpond.report import wording

DAILY_AT_MOST = 35
"""Days that a chart can show one by one; beyond five weekends the weeks hide what the days go through."""
WEEKLY_AT_MOST = 3 * 366
"""Days that a chart can show by week; a longer span is read by month."""


def readable_by(days: int) -> str:
    """The grain at which a span can be read on one chart: ``day``, ``week`` or ``month``.

    Args:
        days: from the first to the last day of the span.
    """
    return "day" if days <= DAILY_AT_MOST else "week" if days <= WEEKLY_AT_MOST else "month"


@dataclass(frozen=True)
class Timeline:
    """The time axis of a chart.

    Attributes:
        by: ``hour``, ``day``, ``week`` or ``month``.
        first: start of the first period, on the service's clock.
        last: end of the last period.
    """

    by: str
    first: datetime
    last: datetime

    @classmethod
    def of(cls, labels: Sequence[str], by: str) -> Timeline:
        """The axis that holds these periods, which are in order of time."""
        return cls(by, start(labels[0], by, labels[0]), end(labels[-1], by, labels[0]))

    @property
    def days(self) -> float:
        """How long it is, in days."""
        return (self.last - self.first) / timedelta(days=1)

    @property
    def domain(self) -> list[int]:
        """First and last instant in milliseconds, as Vega counts them."""
        return [milliseconds(self.first), milliseconds(self.last)]

    def axis(self, narrow: bool = False) -> alt.Axis:
        """Tick positions and labels: no more than there is room for, on dates that people use.

        Args:
            narrow: half as many.
        """
        room = 6 if narrow else 13
        ticks, form = self._ticks(room)
        values = [milliseconds(at) for at in ticks]
        return alt.Axis(values=values, labelExpr=form, title=None, labelOverlap=False, labelFlush=False)

    def _ticks(self, room: int) -> tuple[list[datetime], str]:
        if self.days <= 2.5 and self.by == "hour":
            step = next((h for h in (1, 2, 3, 6, 12) if self.days * 24 / h <= room), 24)
            first = self.first.replace(minute=0) - timedelta(hours=self.first.hour % step)
            form = "[utcFormat(datum.value, '%H:%M'), utchours(datum.value) < 1 || datum.index == 0"
            return self._each(first, timedelta(hours=step)), form + " ? utcFormat(datum.value, '%-d %b') : '']"
        if self.days <= 62:
            midnight = datetime.combine(self.first.date(), time(), UTC)
            form = "[utcFormat(datum.value, '%-d %b'), datum.index == 0 ? utcFormat(datum.value, '%Y') : '']"
            if self.days <= room:
                return self._each(midnight, timedelta(days=1)), form
            step = next(weeks for weeks in (1, 2, 4, 8) if self.days / 7 / weeks <= room)
            monday = midnight - timedelta(days=midnight.weekday())
            return self._each(monday, timedelta(days=7 * step)), form
        months = self.days / 30.4
        step = next((m for m in (1, 2, 3, 6, 12, 24) if months / m <= room), 60)
        # A label for every month of a year needs its name only; its year stands below where it changes.
        form = "[utcFormat(datum.value, '%b'), datum.index == 0 || utcmonth(datum.value) == 0"
        form += " ? utcFormat(datum.value, '%Y') : '']"
        if step >= 12:
            form = "utcFormat(datum.value, '%Y')"
        number = self.first.year * 12 + self.first.month - 1
        number -= number % step
        ticks = []
        while (at := datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)) <= self.last:
            if at >= self.first:
                ticks.append(at)
            number += step
        return ticks, form

    def _each(self, at: datetime, step: timedelta) -> list[datetime]:
        ticks = []
        while at <= self.last:
            if at >= self.first:
                ticks.append(at)
            at += step
        return ticks


def start(label: str, by: str, first: str) -> datetime:
    """The start of a period on the clock of the chart.

    Args:
        label: the period.
        by: its length.
        first: the label of the chart's first period, whose offset the hours keep.
    """
    if by == "hour":
        offset = datetime.fromisoformat(first).utcoffset() or timedelta()
        return datetime.fromisoformat(label).astimezone(UTC) + offset
    return datetime.combine(wording.first_day(label, by), time(), UTC)


def end(label: str, by: str, first: str) -> datetime:
    """The end of a period on the clock of the chart: the first instant that no longer belongs to it."""
    if by == "hour":
        return start(label, by, first) + timedelta(hours=1)
    return datetime.combine(wording.last_day(label, by) + timedelta(days=1), time(), UTC)


def instant(value: str, first: str, by: str) -> datetime:
    """An instant with its offset, such as ``as_of``, on the clock of the chart."""
    at = datetime.fromisoformat(value)
    if by == "hour":
        return at.astimezone(UTC) + (datetime.fromisoformat(first).utcoffset() or timedelta())
    return at.replace(tzinfo=UTC)


def milliseconds(at: datetime) -> int:
    """An instant as Vega counts it."""
    return round(at.timestamp() * 1000)


def written(at: datetime) -> str:
    """An instant as it stands in a specification."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def days_between(first: date, last: date) -> int:
    """Days from first to last, both counted."""
    return (last - first).days + 1
