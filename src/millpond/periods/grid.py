"""The time grid: half-open periods by hour, day, week or month that cover a span of local days without a gap.

Weeks begin on Monday. An hour is an hour of elapsed time counted from local midnight, so that a day on which the
clocks change has 23 or 25 of them, and its label carries the offset.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from millpond.errors import WrongUse
from millpond.periods.days import MICROSECONDS_AN_HOUR, date_of, day_number, local_us, moment_of

By = Literal["hour", "day", "week", "month"]


@dataclass(frozen=True)
class Grid:
    """Periods in order, and which of them each local day begins in.

    Attributes:
        by: how long a period is.
        first_day: the day number of the first local day covered.
        day_starts_us: the instant at which each covered day begins.
        day_periods: the index of the period in which each covered day begins.
        labels: the label of each period.
        starts_us: the instant at which each period begins; period `i` is ``[starts_us[i], starts_us[i + 1])``.
            One longer than `labels`: the last entry is the end of the last period.
    """

    by: By
    first_day: int
    day_starts_us: tuple[int, ...]
    day_periods: tuple[int, ...]
    labels: tuple[str, ...]
    starts_us: tuple[int, ...]

    @property
    def last_day(self) -> int:
        """The day number of the last local day covered."""
        return self.first_day + len(self.day_periods) - 1


def grid(by: str, first_day: int, last_day: int, zone: ZoneInfo) -> Grid:
    """The periods that contain every instant from the first local day to the last.

    Args:
        by: ``hour``, ``day``, ``week`` or ``month``.
        first_day: day number of the first day that must be covered; a week or month around it is covered whole.
        last_day: day number of the last day that must be covered, not before the first.
        zone: the service's time zone.

    Raises:
        WrongUse: `by` is none of the four.
    """
    if by not in get_args(By):
        raise WrongUse(f"There is no period '{by}'. Choose one of: {', '.join(get_args(By))}.")
    first, last = _whole_periods(by, date_of(first_day), date_of(last_day))
    days = range(day_number(first), day_number(last) + 1)
    day_starts = tuple(local_us(day, 0, zone) for day in days)
    end = local_us(days[-1] + 1, 0, zone)
    periods: list[int] = []
    labels: list[str] = []
    starts: list[int] = []
    for day, starts_at, ends_at in zip(days, day_starts, (*day_starts[1:], end), strict=True):
        if by == "hour":
            periods.append(len(labels))
            hours = range(starts_at, ends_at, MICROSECONDS_AN_HOUR)
            labels.extend(moment_of(hour, zone).isoformat(timespec="minutes") for hour in hours)
            starts.extend(hours)
            continue
        label = _label(by, date_of(day))
        if not labels or labels[-1] != label:
            labels.append(label)
            starts.append(starts_at)
        periods.append(len(labels) - 1)
    return Grid(by, days[0], day_starts, tuple(periods), tuple(labels), (*starts, end))  # type: ignore[arg-type]


def _whole_periods(by: str, first: date, last: date) -> tuple[date, date]:
    if by == "week":
        return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    if by == "month":
        after = (last.replace(day=28) + timedelta(days=4)).replace(day=1)
        return first.replace(day=1), after - timedelta(days=1)
    return first, last


def _label(by: str, day: date) -> str:
    if by == "week":
        return (day - timedelta(days=day.weekday())).isoformat()
    return day.strftime("%Y-%m") if by == "month" else day.isoformat()
