"""How many new cases come: by stream and period, and by weekday and hour of the day.

A case arrives when its first visit joins, on the local clock. A period or hour without arrivals is a zero, not an
absence.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import Any, ClassVar

import ibis
from ibis.expr.types import Table

from millpond.measures.cases import cases_at
from millpond.measures.results import MICROSECONDS_A_MINUTE, Result
from millpond.measures.sentences import counted
from millpond.model import Service
from millpond.periods import Grid, day_of, grid, moment_of, weekday

_QUARTER_US = 15 * MICROSECONDS_A_MINUTE


@dataclass(frozen=True)
class ArrivalRow:
    """The new cases of one stream in one period.

    Attributes:
        period: the period's label, as in `millpond.measures.results.PeriodRow`.
        stream: the stream's name.
        arrivals: how many cases arrived.
        complete: False where the period runs on beyond the end of the records.
    """

    period: str
    stream: str
    arrivals: int
    complete: bool


@dataclass(frozen=True)
class Arrivals(Result):
    """New cases by period and stream.

    Attributes:
        unit: ``cases``.
        by: ``hour``, ``day``, ``week`` or ``month``.
        as_of: the instant at which the records end, ISO 8601 in the service's zone.
    """

    rows: tuple[ArrivalRow, ...]
    unit: str
    by: str
    as_of: str
    row_type: ClassVar[type] = ArrivalRow


@dataclass(frozen=True)
class HourRow:
    """The new cases of one hour of the week.

    Attributes:
        weekday: Monday = 0.
        hour: of the local clock, 0 to 23.
        arrivals: how many cases arrived in such an hour.
        hours: how often such an hour lies within the records. A clock change skips one or gives one twice.
        mean: arrivals for each such hour; None where the records hold none.
    """

    weekday: int
    hour: int
    arrivals: int
    hours: int
    mean: float | None


@dataclass(frozen=True)
class HoursOfTheWeek(Result):
    """New cases by weekday and hour of the day: 168 rows, Monday 00:00 first.

    Attributes:
        unit: ``cases an hour``.
        as_of: the instant at which the records end, ISO 8601 in the service's zone.
    """

    rows: tuple[HourRow, ...]
    unit: str
    as_of: str
    row_type: ClassVar[type] = HourRow


def arrivals(visits: Table, service: Service, as_of_us: int, by: str = "day") -> Arrivals:
    """The new cases of each stream in each period.

    Args:
        visits: the normalised visit log.
        service: says the streams and the zone.
        as_of_us: the instant at which the records end, in microseconds since 1970-01-01 UTC.
        by: ``hour``, ``day``, ``week`` or ``month``.

    Returns:
        A row for every period from that of the first arrival to that of `as_of_us`, and every stream that the
        service describes or the records name. No rows where no case had arrived.

    Raises:
        WrongUse: `by` is none of the four.
    """
    as_of_day = day_of(as_of_us, service.zone)
    cases = cases_at(visits, service, as_of_us)
    # Quarter hours are fine enough to tell every hour of any zone, and the hour that a clock change gives twice.
    finer = cases.opened_us // _QUARTER_US if by == "hour" else ibis.literal(0, "int64")
    found = _counted(cases.mutate(finer=finer), "stream", "opened_day", "finer")
    first_day = min((row["opened_day"] for row in found), default=as_of_day)
    periods = grid(by, first_day, as_of_day, service.zone)
    totals: Counter[tuple[int, str]] = Counter()
    for row in found:
        totals[_period(periods, row["opened_day"], row["first_us"]), row["stream"]] += row["cases"]
    streams = list(dict.fromkeys([*service.streams, *sorted({row["stream"] for row in found})]))
    rows = [
        ArrivalRow(label, stream, totals[number, stream], complete=periods.starts_us[number + 1] <= as_of_us)
        for number, label in enumerate(periods.labels)
        for stream in streams
        if found and periods.starts_us[number] <= as_of_us
    ]
    as_of = moment_of(as_of_us, service.zone).isoformat(timespec="seconds")
    return Arrivals(rows=tuple(rows), notes=_notes(found, as_of), unit="cases", by=by, as_of=as_of)


def arrivals_by_hour(visits: Table, service: Service, as_of_us: int) -> HoursOfTheWeek:
    """The mean number of new cases in each hour of the week.

    The hours run from midnight of the day of the first arrival to the last full hour before the records end; what
    arrived after that is left out.

    Args:
        visits: the normalised visit log.
        service: says the zone.
        as_of_us: the instant at which the records end, in microseconds since 1970-01-01 UTC.

    Returns:
        168 rows; none where no case had arrived.
    """
    zone = service.zone
    as_of_day = day_of(as_of_us, zone)
    today = grid("hour", as_of_day, as_of_day, zone).starts_us
    under_way = today[bisect_right(today, as_of_us) - 1]
    cases = cases_at(visits, service, as_of_us)
    found = _counted(cases.mutate(late=cases.opened_us >= under_way), "opened_day", "opened_hour", "late")
    as_of = moment_of(as_of_us, zone).isoformat(timespec="seconds")
    notes = _notes(found, as_of)
    if not found:
        return HoursOfTheWeek(rows=(), notes=notes, unit="cases an hour", as_of=as_of)
    seen: Counter[tuple[int, int]] = Counter()
    for start in grid("hour", min(row["opened_day"] for row in found), as_of_day, zone).starts_us:
        if start < under_way:
            moment = moment_of(start, zone)
            seen[moment.weekday(), moment.hour] += 1
    totals: Counter[tuple[int, int]] = Counter()
    for row in found:
        if not row["late"]:
            totals[weekday(row["opened_day"]), row["opened_hour"]] += row["cases"]
    late = sum(row["cases"] for row in found if row["late"])
    if late:
        notes += (f"Left out of the hours of the week, because their hour was not over: {counted(late, 'case')}.",)
    rows = [_hour_row(day, hour, totals[day, hour], seen[day, hour]) for day in range(7) for hour in range(24)]
    return HoursOfTheWeek(rows=tuple(rows), notes=notes, unit="cases an hour", as_of=as_of)


def _counted(cases: Table, *keys: str) -> list[dict[str, Any]]:
    groups = cases.group_by(*keys).agg(
        cases=cases.count(),
        unknown=cases.count(where=~cases.opening_known),
        first_us=cases.opened_us.min(),
    )
    rows: list[dict[str, Any]] = groups.to_pyarrow().to_pylist()
    return rows


def _hour_row(day: int, hour: int, cases: int, hours: int) -> HourRow:
    return HourRow(weekday=day, hour=hour, arrivals=cases, hours=hours, mean=cases / hours if hours else None)


def _period(periods: Grid, day: int, us: int) -> int:
    if periods.by == "hour":
        return bisect_right(periods.starts_us, us) - 1
    return periods.day_periods[day - periods.first_day]


def _notes(found: list[dict[str, Any]], as_of: str) -> tuple[str, ...]:
    cases = sum(row["cases"] for row in found)
    unknown = sum(row["unknown"] for row in found)
    if not cases:
        return (f"No case had arrived by {as_of}.",)
    notes = [f"A case arrives when its first visit joins: {counted(cases, 'case')} by {as_of}."]
    if unknown:
        notes.append(
            f"That is not recorded of {counted(unknown, 'case')}, which count when their first visit started or ended."
        )
    return tuple(notes)
