"""Working time between instants, and the days on which targets in working days fall due."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from millpond.model import Calendar, Pool, Service
from millpond.periods import day_number, grid, instant_us, local_us, working_time
from millpond.periods.spans import union, without

LONDON = ZoneInfo("Europe/London")
MINUTE = 60_000_000


def us(text: str) -> int:
    return instant_us(datetime.fromisoformat(text).replace(tzinfo=LONDON))


def service(hours: str) -> Service:
    return Service(
        name="Test", holidays="GB-ENG", calendars={"hours": Calendar(hours=hours)}, pools={"pool": Pool(workers=1)}
    )


@pytest.mark.parametrize(
    ("hours", "start", "end", "minutes"),
    [
        ("Mon-Fri 09:00-17:00", "2025-01-06 08:00", "2025-01-06 10:00", 60),
        ("Mon-Fri 09:00-17:00", "2025-01-10 16:00", "2025-01-13 10:00", 120),
        ("Mon-Fri 09:00-12:30, Mon-Fri 13:30-17:00", "2025-01-06 12:00", "2025-01-06 14:00", 60),
        ("Mon-Fri 09:00-17:00", "2025-04-17 16:00", "2025-04-22 10:00", 120),
        # The night on which the clocks go back has an hour more, the one on which they go forward an hour less.
        ("Mon-Sun 22:00-06:00", "2025-10-25 22:00", "2025-10-26 06:00", 540),
        ("Mon-Sun 22:00-06:00", "2025-03-29 22:00", "2025-03-30 06:00", 420),
    ],
)
def test_working_time_between_two_instants(hours: str, start: str, end: str, minutes: int) -> None:
    of = service(hours)
    days = [day_number(datetime.fromisoformat(text).date()) for text in (start, end)]
    working = working_time(of, of.pools["pool"], days[0], days[1])
    assert working.until(us(end), days[1]) - working.until(us(start), days[0]) == minutes * MINUTE


@pytest.mark.parametrize(
    ("joined", "working_days", "due"),
    [
        ("2025-01-06", 1, "2025-01-07"),
        ("2025-01-10", 1, "2025-01-13"),
        ("2025-01-11", 1, "2025-01-13"),
        ("2025-04-17", 1, "2025-04-22"),
        ("2025-01-06", 5, "2025-01-13"),
    ],
)
def test_the_last_of_so_many_working_days(joined: str, working_days: int, due: str) -> None:
    of = service("Mon-Fri 09:00-17:00")
    first = day_number(date(2025, 1, 1))
    working = working_time(of, of.pools["pool"], first, day_number(date(2025, 12, 31)))
    found = working.deadline_day(day_number(date.fromisoformat(joined)), working_days)
    assert found == day_number(date.fromisoformat(due))


def test_a_deadline_beyond_the_days_known_is_not_guessed() -> None:
    of = service("Mon-Fri 09:00-17:00")
    first = day_number(date(2025, 1, 6))
    assert working_time(of, of.pools["pool"], first, first + 1).deadline_day(first, 5) is None


@pytest.mark.parametrize(
    ("zone", "day", "minute", "instant"),
    [
        ("Europe/London", "2025-03-30", 90, "2025-03-30T01:30+00:00"),  # 01:30 does not exist: the clock says 02:30
        ("Europe/London", "2025-10-26", 90, "2025-10-26T00:30+00:00"),  # 01:30 comes twice: the first
        ("Asia/Kolkata", "2025-01-06", 0, "2025-01-05T18:30+00:00"),
        ("Europe/London", "2025-01-06", 1440, "2025-01-07T00:00+00:00"),
    ],
)
def test_when_a_wall_clock_shows_a_minute(zone: str, day: str, minute: int, instant: str) -> None:
    number = day_number(date.fromisoformat(day))
    assert local_us(number, minute, ZoneInfo(zone)) == instant_us(datetime.fromisoformat(instant))


@pytest.mark.parametrize(
    ("by", "labels"),
    [
        ("week", ("2024-12-30", "2025-01-06")),
        ("month", ("2025-01",)),
        ("day", ("2025-01-04", "2025-01-05", "2025-01-06")),
    ],
)
def test_periods_cover_the_days_whole(by: str, labels: tuple[str, ...]) -> None:
    made = grid(by, day_number(date(2025, 1, 4)), day_number(date(2025, 1, 6)), LONDON)
    assert made.labels == labels
    assert list(made.starts_us) == sorted(made.starts_us)
    assert len(made.starts_us) == len(labels) + 1


def test_spans_that_touch_are_one_and_what_is_taken_away_is_gone() -> None:
    assert union([(5, 6), (1, 3), (3, 4), (9, 9), (2, 3)]) == ((1, 4), (5, 6))
    assert without(((1, 10),), ((0, 2), (4, 5), (9, 12))) == ((2, 4), (5, 9))
