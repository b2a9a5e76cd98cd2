"""Local days as numbers, and the instants at which they begin.

A local date is kept as the number of days since 1970-01-01, so that it can be joined and counted on any engine. An
instant is kept as microseconds since 1970-01-01 00:00 UTC. The two meet here and in no query.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = date(1970, 1, 1)
MICROSECONDS_A_MINUTE = 60_000_000
MICROSECONDS_AN_HOUR = 3_600_000_000


def day_number(day: date) -> int:
    """Days since 1970-01-01 of a date."""
    return (day - EPOCH).days


def date_of(number: int) -> date:
    """The date of a day number."""
    return EPOCH + timedelta(days=number)


def weekday(number: int) -> int:
    """The weekday of a day number, Monday = 0 (1970-01-01 was a Thursday)."""
    return (number + 3) % 7


def instant_us(moment: datetime) -> int:
    """Microseconds since 1970-01-01 UTC of a moment that knows its zone; exact, unlike `datetime.timestamp`."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def moment_of(us: int, zone: ZoneInfo) -> datetime:
    """The moment in a zone of an instant in microseconds."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)).astimezone(zone)


def local_us(number: int, minute: int, zone: ZoneInfo) -> int:
    """The instant at which a local wall clock shows a minute of a day.

    Args:
        number: the day.
        minute: minutes after midnight, 0 to 1440; 1440 is the next midnight.
        zone: whose wall clock.

    Returns:
        Microseconds since 1970-01-01 UTC. A wall-clock time that a clock change skips is taken as if the clock had
        not yet changed, so that it falls at or after the change; one that comes twice is taken the first time.
    """
    day, minute = (number, minute) if minute < 1440 else (number + 1, minute - 1440)
    wall = datetime.combine(date_of(day), datetime.min.time()) + timedelta(minutes=minute)
    return instant_us(wall.replace(tzinfo=zone).astimezone(UTC))


def day_of(us: int, zone: ZoneInfo) -> int:
    """The local day in which an instant falls."""
    return day_number(moment_of(us, zone).date())
