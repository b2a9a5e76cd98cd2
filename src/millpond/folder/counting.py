"""How many came on each whole day, as a folder hands it to seasonality and forecasts.

Days that are still filling up, or not over, are left out. Nothing is fitted here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from millpond.errors import WrongUse
from millpond.folder.moments import When
from millpond.measures.cases import cases_at
from millpond.measures.fates import KNOWN_JOINING
from millpond.measures.known import known_at
from millpond.model import label_of
from millpond.model.nearest import nearest
from millpond.periods import date_of, day_number, day_of, local_us
from millpond.periods.holidays import bank_holidays
from millpond.variation.series import Series, SpecialDays, Whole

if TYPE_CHECKING:
    from millpond.folder.verbs.measuring import MeasuredFolder

_WITHOUT_HOURS = 0.5
"""If more than this share joined at midnight, only days were recorded."""


@dataclass(frozen=True, eq=False)
class Counted:
    """Counts of whole days.

    Attributes:
        series: the counts, with the special days of the past and of a year to come.
        skip: how many days lie between the last of them and the first day to come.
        of: whose they are, as people call it.
        unit: what is counted.
        by_hour: the same by hour of the local clock, shape (days, 24); None where hours are not recorded.
        notes: what a reader must know of them.
    """

    series: Series
    skip: int
    of: str
    unit: str
    by_hour: Whole | None
    notes: tuple[str, ...]


def counted(folder: MeasuredFolder, pool: str | None, stream: str | None, as_of: When) -> Counted:
    """New cases (or the visits that join a pool) of each whole day.

    Raises:
        WrongUse: no such pool or stream, both at once, or a stream of a service that keeps daily totals.
    """
    if pool is not None and stream is not None:
        raise WrongUse("Choose one of a pool and a stream: a pool is told in visits, a stream in new cases.")
    if folder.records().kind == "daily totals":
        if stream is not None:
            raise WrongUse("This service keeps daily totals, which do not tell streams. Choose a pool, or neither.")
        return _of_totals(folder, pool, as_of)
    as_of_us = folder.as_of_us(as_of)
    rows, unknown = _rows(folder, pool, stream, as_of_us)
    last_day = day_of(as_of_us, folder.service.zone)
    over = local_us(last_day + 1, 0, folder.service.zone) - 1 <= as_of_us
    last = last_day if over else last_day - 1
    notes = [] if over else [f"{date_of(last_day)} may not be over, so it is left out."]
    filling = folder.quality().lag.filling_from if as_of is None else None
    if filling is not None and filling <= date_of(last):
        last = day_number(filling) - 1
        notes = [f"Days from {filling} on are still filling up, so they are left out."]
    # The records may begin within their first day.
    first = min((row["day"] for row in rows), default=last) + 1
    table = np.zeros((max(last - first + 1, 0), 24), dtype=np.int64)
    for row in rows:
        if first <= row["day"] <= last:
            table[row["day"] - first, row["hour"]] += row["number"]
    unit = "new cases" if pool is None else "visits"
    if unknown:
        notes.append(
            f"When they joined is not recorded of {unknown:,} {unit}; they count on the day of their start or end."
        )
    by_hour: Whole | None = table
    if table.sum() and table[:, 0].sum() > _WITHOUT_HOURS * table.sum():
        by_hour = None
        notes.append("Most of the records give only the day of joining, so hours are not told.")
    return Counted(
        series=Series(date_of(first), table.sum(axis=1), special=_special_days(folder, first, last)),
        skip=last_day - last,
        of=_name(folder, pool, stream),
        unit=unit,
        by_hour=by_hour,
        notes=tuple(notes),
    )


def _rows(
    folder: MeasuredFolder, pool: str | None, stream: str | None, as_of_us: int
) -> tuple[list[dict[str, Any]], int]:
    """How many came on each day and in each hour, and of how many it is not known when they joined."""
    visits, service = folder.log().visits, folder.service
    if pool is not None:
        known = known_at(visits, service, as_of_us)
        pools = {row["pool"] for row in known.select("pool").distinct().to_pyarrow().to_pylist()}
        must_be_known(pool, sorted(pools | set(service.pools)), "pool", folder)
        known = known.filter(known.pool == pool)
        came = known.select(
            day="joined_day", hour="joined_hour", certain=known.joined_source.isin(KNOWN_JOINING).fill_null(False)
        )
    else:
        cases = cases_at(visits, service, as_of_us)
        if stream is not None:
            streams = {row["stream"] for row in cases.select("stream").distinct().to_pyarrow().to_pylist()}
            must_be_known(stream, sorted(streams | set(service.streams)), "stream", folder)
            cases = cases.filter(cases.stream == stream)
        came = cases.select(day="opened_day", hour="opened_hour", certain="opening_known")
    found: list[dict[str, Any]] = (
        came.group_by("day", "hour")
        .agg(number=came.count(), unknown=came.count(where=~came.certain))
        .to_pyarrow()
        .to_pylist()
    )
    return found, sum(row["unknown"] for row in found)


def _of_totals(folder: MeasuredFolder, pool: str | None, as_of: When) -> Counted:
    measured = folder.measure(by="day", pool=pool, as_of=as_of)
    counts: dict[str, int] = {}
    left_out = {row.period for row in measured.rows if row.filling or not row.complete}
    for row in measured.rows:
        counts[row.period] = counts.get(row.period, 0) + row.demand_visits
    days = sorted(counts)
    whole = [day for day in days if day not in left_out]
    kept = days[: days.index(whole[-1]) + 1] if whole else []
    first = date.fromisoformat(days[0]) if days else folder.now.date()
    last = first + timedelta(days=len(kept) - 1)
    notes = (f"Days from {last + timedelta(days=1)} on are still filling up, or not over; they are left out.",)
    return Counted(
        series=Series(
            first,
            np.array([counts[day] for day in kept], dtype=np.int64),
            special=_special_days(folder, day_number(first), day_number(last)),
        ),
        skip=len(days) - len(kept),
        of=_name(folder, pool, None),
        unit="visits",
        by_hour=None,
        notes=notes if len(kept) < len(days) else (),
    )


def _special_days(folder: MeasuredFolder, first: int, last: int) -> SpecialDays:
    """Bank holidays of the years of the history and of the year after it, and the school holidays."""
    service = folder.service
    closed: frozenset[date] = frozenset()
    if service.holidays is not None:
        for year in range(date_of(first).year, date_of(last).year + 3):
            closed |= bank_holidays(service.holidays, year)
    return SpecialDays(closed, tuple((span.first, span.last) for span in service.school_holidays))


def _name(folder: MeasuredFolder, pool: str | None, stream: str | None) -> str:
    if pool is not None:
        return label_of(folder.service.pools, pool)
    return folder.service.name if stream is None else label_of(folder.service.streams, stream)


def must_be_known(name: str, known: list[str], what: str, folder: MeasuredFolder) -> None:
    """Refuses a name that nothing has.

    Args:
        name: what was asked for.
        known: the names there are.
        what: they are names of.
        folder: the service folder.

    Raises:
        WrongUse: nothing has the name.
    """
    if name not in known:
        meant = nearest(name, known)
        raise WrongUse(
            f"There is no {what} '{name}' in {folder.service.name}. "
            + (f"Did you mean '{meant}'?" if meant else f"Its {what}s are {', '.join(known)}.")
        )
