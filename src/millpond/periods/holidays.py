"""Which dates a calendar is closed on, beyond its weekly hours: bank holidays as observed, and extra closures.

The `holidays` library lists a holiday that falls on a weekend twice, on the day itself and on the working day that
stands in for it. Only the day observed is a closure: a service that is open on Saturdays is open on such a Saturday.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

from millpond.model import Calendar, Service

_OBSERVED = " (observed)"
_FURTHEST_DAYS = 4
"""How far the day observed lies from the holiday itself, at most."""


def closed_dates(service: Service, calendar: Calendar, first_year: int, last_year: int) -> frozenset[date]:
    """The dates from one year to another on which a calendar is closed whatever its weekly hours say."""
    closed = {*service.extra_closures, *calendar.extra_closures}
    if service.holidays and calendar.holidays:
        for year in range(first_year, last_year + 1):
            closed |= bank_holidays(service.holidays, year)
    return frozenset(closed)


@lru_cache(maxsize=1024)
def bank_holidays(region: str, year: int) -> frozenset[date]:
    """The bank holidays of a year as observed.

    Args:
        region: a country, or a country and subdivision joined by a hyphen, such as ``GB-SCT``.
        year: the calendar year.
    """
    country, _, subdivision = region.partition("-")
    listed = holidays.country_holidays(
        country, subdiv=subdivision or None, years=(year - 1, year, year + 1), language="en_US", expand=False
    )
    names = {day: listed.get_list(day) for day in sorted(listed)}
    return frozenset(day for day in names if day.year == year and not _has_moved(day, names))


def _has_moved(day: date, names: dict[date, list[str]]) -> bool:
    """Whether everything that a date is a holiday for is observed on another day near it, and nothing on the date."""
    nearby = {
        name.removesuffix(_OBSERVED)
        for shift in range(-_FURTHEST_DAYS, _FURTHEST_DAYS + 1)
        if shift
        for name in names.get(day + timedelta(days=shift), ())
        if name.endswith(_OBSERVED)
    }
    return all(name in nearby and not name.endswith(_OBSERVED) for name in names[day])
