"""Instants and local clock times agree with zoneinfo, for any zone and any instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from millpond.records import zones

EPOCH = datetime(1970, 1, 1)
ZONES = [
    "Europe/London",
    "Europe/Dublin",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/New_York",
    "Africa/Casablanca",
    "Pacific/Apia",
    "Africa/Monrovia",
    "America/Argentina/San_Luis",
    "Antarctica/Troll",
    "Asia/Kathmandu",
    "UTC",
]


def us(moment: datetime) -> int:
    """Microseconds since 1970-01-01 on whatever clock the moment was read."""
    return (moment.replace(tzinfo=None) - EPOCH) // timedelta(microseconds=1)


def read(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "instant", "day", "hour"),
    [
        ("Europe/London", "2025-01-06 23:30", "2025-01-06", 23),
        ("Europe/London", "2025-06-30 23:30", "2025-07-01", 0),  # summer time: already the next day
        ("Europe/London", "2025-03-30 00:59:59.999999", "2025-03-30", 0),
        ("Europe/London", "2025-03-30 01:00", "2025-03-30", 2),  # the clocks have gone forward
        ("Europe/London", "1969-06-01 23:30", "1969-06-02", 0),  # British Standard Time, before 1970
        ("Asia/Kolkata", "2025-01-06 18:30", "2025-01-07", 0),
        ("Australia/Lord_Howe", "2025-04-05 14:59", "2025-04-06", 1),  # half an hour of summer time
        ("Australia/Lord_Howe", "2025-04-05 15:00", "2025-04-06", 1),
        ("Pacific/Apia", "2011-12-30 09:59", "2011-12-29", 23),
        ("Pacific/Apia", "2011-12-30 10:00", "2011-12-31", 0),  # Samoa had no 30 December 2011
    ],
)
def test_the_local_day_and_hour_of_an_instant(zone: str, instant: str, day: str, hour: int) -> None:
    days, hours = zones.local_day_and_hour(np.array([us(read(instant))]), ZoneInfo(zone))
    assert (date(1970, 1, 1) + timedelta(days=int(days[0]))).isoformat() == day
    assert hours[0] == hour


@pytest.mark.parametrize(
    ("zone", "clock", "instant", "kind"),
    [
        ("Europe/London", "2025-01-06 09:00", "2025-01-06 09:00", ""),
        ("Europe/London", "2025-07-06 09:00", "2025-07-06 08:00", ""),
        ("Europe/London", "2025-03-30 00:59", "2025-03-30 00:59", ""),
        ("Europe/London", "2025-03-30 01:30", "2025-03-30 01:30", "skipped"),  # becomes 02:30 on the clock
        ("Europe/London", "2025-03-30 02:00", "2025-03-30 01:00", ""),
        ("Europe/London", "2025-10-26 00:59", "2025-10-25 23:59", ""),
        ("Europe/London", "2025-10-26 01:30", "2025-10-26 00:30", "repeated"),
        ("Europe/London", "2025-10-26 02:00", "2025-10-26 02:00", ""),
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 22:00", "skipped"),  # becomes noon on the 31st
    ],
)
def test_the_instant_of_a_local_clock_time(zone: str, clock: str, instant: str, kind: str) -> None:
    found = zones.from_local(np.array([us(read(clock))]), ZoneInfo(zone))
    assert EPOCH + timedelta(microseconds=int(found.us[0])) == read(instant)
    assert (bool(found.skipped[0]), bool(found.repeated[0])) == (kind == "skipped", kind == "repeated")


moments = st.lists(st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29)), min_size=1, max_size=20)


@given(st.sampled_from(ZONES), moments)
def test_any_instant_has_the_local_time_that_zoneinfo_gives(name: str, instants: list[datetime]) -> None:
    zone = ZoneInfo(name)
    ours = zones.local_us(np.array([us(moment) for moment in instants]), zone)
    theirs = [us(moment.replace(tzinfo=UTC).astimezone(zone)) for moment in instants]
    assert ours.tolist() == theirs


@given(st.sampled_from(ZONES), moments)
def test_any_clock_time_has_the_instant_that_zoneinfo_gives(name: str, clock: list[datetime]) -> None:
    zone = ZoneInfo(name)
    ours = zones.from_local(np.array([us(moment) for moment in clock]), zone)
    theirs = [us(moment.replace(tzinfo=zone).astimezone(UTC)) for moment in clock]
    assert ours.us.tolist() == theirs


@given(
    st.sampled_from(ZONES),
    st.integers(1950, 2036),
    st.lists(st.integers(0, 366 * 24 * 4), min_size=50, max_size=200),
)
def test_quarters_of_an_hour_through_a_year_keep_every_change(name: str, year: int, quarters: list[int]) -> None:
    zone = ZoneInfo(name)
    clock = [datetime(year, 1, 1) + timedelta(minutes=15 * quarter) for quarter in quarters]
    ours = zones.from_local(np.array([us(moment) for moment in clock]), zone)
    aware = [moment.replace(tzinfo=zone) for moment in clock]
    assert ours.us.tolist() == [us(moment.astimezone(UTC)) for moment in aware]
    back = [us(moment.astimezone(UTC).astimezone(zone)) for moment in aware]
    assert ours.skipped.tolist() == [there != us(moment) for there, moment in zip(back, clock, strict=True)]
    twice = [
        moment.replace(fold=1).utcoffset() != moment.utcoffset() and not skipped
        for moment, skipped in zip(aware, ours.skipped.tolist(), strict=True)
    ]
    assert ours.repeated.tolist() == twice


def test_nothing_in_gives_nothing_out() -> None:
    empty = np.array([], dtype=np.int64)
    assert zones.from_local(empty, ZoneInfo("Europe/London")).us.tolist() == []
    assert zones.offsets_us(empty, ZoneInfo("Europe/London")).tolist() == []
