"""Times as people and programs write them, each with the instant that it means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millpond.errors import UnreadableFile
from millpond.records.reading.surveying import Survey, settle_day_first, surveys
from millpond.records.reading.times import Times, read_times
from tests.searching import examples

from .conftest import Read

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def times_of(
    texts: list[str | None], *, zone: str = "Europe/London", day_first: bool | None = None, serial_days: bool = False
) -> tuple[Times, Survey]:
    """A column of texts, surveyed and read."""
    con = duckdb.connect()
    con.from_arrow(pa.table({"c0": pa.array(texts, pa.string())})).create("raw")
    seen = surveys(con, [("When", "c0")], serial_days=serial_days)[0]
    orders, _ = settle_day_first("log.csv", [seen], day_first)
    return read_times(pa.array(texts, pa.string()), seen.convention(ZoneInfo(zone), orders["c0"])), seen


def utc(text: str, **asked: Any) -> str | None:
    """The one instant of a column of one text."""
    found, _ = times_of([text], **asked)
    if not found.known[0]:
        return None
    moment = EPOCH + timedelta(microseconds=int(found.us[0]))
    return moment.replace(tzinfo=None).isoformat(sep=" ")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        # ISO 8601 and what is nearly it; in January the clock in London shows UTC, in July an hour more
        ("2025-01-06T09:30:15", "2025-01-06 09:30:15"),
        ("2025-07-06T09:30:15", "2025-07-06 08:30:15"),
        ("2025-07-06 09:30", "2025-07-06 08:30:00"),
        ("2025-01-06 9:05", "2025-01-06 09:05:00"),
        ("2025-01-06T09:30:15.5", "2025-01-06 09:30:15.500000"),
        ("2025-01-06T09:30:15,25", "2025-01-06 09:30:15.250000"),
        ("2025-01-06T09:30:15.123456", "2025-01-06 09:30:15.123456"),
        ("2025-01-06T09:30:15.123456999", "2025-01-06 09:30:15.123456"),
        ("2025-07-06T09:30:15Z", "2025-07-06 09:30:15"),
        ("2025-07-06T09:30:15z", "2025-07-06 09:30:15"),
        ("2025-07-06 09:30:15 UTC", "2025-07-06 09:30:15"),
        ("2025-07-06 09:30:15+00:00", "2025-07-06 09:30:15"),
        ("2025-07-06T09:30:15+01:00", "2025-07-06 08:30:15"),
        ("2025-07-06T09:30:15+0100", "2025-07-06 08:30:15"),
        ("2025-07-06T09:30:15+01", "2025-07-06 08:30:15"),
        ("2025-07-06 09:30:15.250 -05:30", "2025-07-06 15:00:15.250000"),
        ("2025-07-06T09:30+01:00[Europe/London]", "2025-07-06 08:30:00"),
        ("2025/07/06 09:30", "2025-07-06 08:30:00"),
        ("2025-07-06", "2025-07-05 23:00:00"),
        ("20250706", "2025-07-05 23:00:00"),
        ("20250706T09:30", "2025-07-06 08:30:00"),
        ("20250106093015", "2025-01-06 09:30:15"),
        ("202501060930", "2025-01-06 09:30:00"),
        ("  2025-01-06\u00a009:30 ", "2025-01-06 09:30:00"),
        ("2025-01-06T24:00:00", "2025-01-07 00:00:00"),
        ("2024-02-29", "2024-02-29 00:00:00"),
        ("9999-12-31", "9999-12-31 00:00:00"),
        ("1899-12-30 12:00", "1899-12-30 12:00:00"),
        # day, month, year
        ("06/01/2025", "2025-01-06 00:00:00"),
        ("6/1/2025 9:05", "2025-01-06 09:05:00"),
        ("6.1.2025, 09:05:10", "2025-01-06 09:05:10"),
        ("06-01-25 09:05", "2025-01-06 09:05:00"),
        ("06/01/99", "1999-01-06 00:00:00"),
        ("Mon 06/01/2025 09:05", "2025-01-06 09:05:00"),
        ("6/1/2025 9:05 am", "2025-01-06 09:05:00"),
        ("6/1/2025 12:05AM", "2025-01-06 00:05:00"),
        ("6/1/2025 12:05 p.m.", "2025-01-06 12:05:00"),
        ("6/1/2025 11:05:30 PM", "2025-01-06 23:05:30"),
        # months in letters
        ("6 Jan 2025", "2025-01-06 00:00:00"),
        ("06-JAN-2025 09:05", "2025-01-06 09:05:00"),
        ("6th January 2025 9:05", "2025-01-06 09:05:00"),
        ("Monday, 6 January 2025 09:05:00", "2025-01-06 09:05:00"),
        ("Jan 6, 2025 9:05 PM", "2025-01-06 21:05:00"),
        ("1 Sept 2025", "2025-08-31 23:00:00"),
        ("2025-Jan-06", "2025-01-06 00:00:00"),
        ("06-Jan-25", "2025-01-06 00:00:00"),
    ],
)
def test_a_time_means_one_instant(text: str, instant: str) -> None:
    assert utc(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2025-13-01",
        "2025-02-29",
        "2025-02-30 09:00",
        "2025-00-10",
        "2025-01-00",
        "0000-01-01",
        "2025-01-06 25:00",
        "2025-01-06 24:01",
        "2025-01-06 09:60",
        "2025-01-06 09:00:61",
        "2025-01-06T09:00+24:00",
        "2025-01-06T09:00+01:60",
        "31/04/2025",
        "6/1/2025 13:05 PM",
        "6/1/2025 0:05 AM",
        "6 Foo 2025",
        "6 Jan",
        "09:30",
        "2025-01",
        "2025-01-06 09",
        "1736155800",  # alone it is a time, see below; with other times around it, it is not
        "45663.5",
        "٢٠٢٥-٠١-٠٦",
    ],
)
def test_what_is_no_time_is_unreadable_and_never_blank(text: str) -> None:
    found, _ = times_of([text, "2025-01-06"])
    assert (found.known.tolist(), found.unreadable.tolist()) == ([False, True], [True, False])


@pytest.mark.parametrize("text", [None, "", "   ", "NULL", "null", "NA", "n/a", "NaT", "None", "\\N", "-", "\u00a0"])
def test_what_programs_write_for_no_time_is_blank(text: str | None) -> None:
    found, _ = times_of([text, "2025-01-06"])
    assert (found.known.tolist(), found.unreadable.tolist()) == ([False, True], [False, False])


def test_the_hour_that_the_clocks_skip_moves_forward_and_of_the_repeated_one_the_first_counts() -> None:
    texts: list[str | None] = [
        "2025-03-30 00:30",
        "2025-03-30 01:30",  # there is no such time: 02:30 on the clock
        "2025-10-26 01:30",  # twice: at 00:30 and 01:30 UTC
        "2025-03-30T01:30+01:00",
    ]
    found, _ = times_of(texts)
    instants = [str(EPOCH + timedelta(microseconds=us))[:16] for us in found.us.tolist()]
    assert instants == ["2025-03-30 00:30", "2025-03-30 01:30", "2025-10-26 00:30", "2025-03-30 00:30"]
    assert found.skipped.tolist() == [False, True, False, False]
    assert found.repeated.tolist() == [False, False, True, False]


def test_times_without_a_time_of_day_are_told_apart() -> None:
    found, _ = times_of(["2025-01-06", "2025-01-06 00:00", "2025-07-05T23:00Z", "2025-01-06 00:01"])
    assert found.day_only.tolist() == [True, False, False, False]
    assert found.midnight.tolist() == [True, True, True, False]  # by the clock in London


@pytest.mark.parametrize(
    ("texts", "day_first", "first"),
    [
        (["03/04/2025", "13/04/2025"], None, "2025-04-03"),
        (["03/04/2025", "04/13/2025"], None, "2025-03-04"),
        (["03/04/2025", "05/06/2025"], None, "2025-04-03"),  # nothing tells: the day comes first
        (["03/04/2025", "05/06/2025"], False, "2025-03-04"),
        (["03/04/2025", "13/04/2025"], False, "2025-03-04"),
        (["03/04/2025"] + ["13/04/2025"] * 20 + ["04/13/2025"], None, "2025-04-03"),
        (["03/04/2025"] + ["04/13/2025"] * 20 + ["13/04/2025"], None, "2025-03-04"),
    ],
)
def test_the_order_of_day_and_month_is_that_of_the_whole_column(
    texts: list[str], day_first: bool | None, first: str
) -> None:
    found, _ = times_of(list(texts), zone="UTC", day_first=day_first)
    assert str(EPOCH + timedelta(microseconds=int(found.us[0])))[:10] == first


def test_dates_in_both_orders_are_a_question_for_the_person(read: Read) -> None:
    rows = "1,a,13/04/2025\n2,a,04/13/2025\n3,a,01/02/2025\n"
    with pytest.raises(UnreadableFile, match=r"both orders in 'started': 1 such as 13/04/2025.*--day-first"):
        read("case,step,started\n" + rows)
    log = read("case,step,started\n" + rows, day_first=True)
    assert log.rows("case", "started") == [("1", "2025-04-13 00:00"), ("3", "2025-02-01 00:00")]
    assert log.aside() == [(3, "what stands in 'started' cannot be read as a time", "2,a,04/13/2025")]
    assert any("Others may have been turned round" in note for note in log.reading.notes)


def test_years_of_two_digits_that_come_first_are_a_question_for_the_person() -> None:
    texts: list[str | None] = [f"25-01-{day:02d}" for day in range(6, 14)]
    with pytest.raises(UnreadableFile, match=r"in 'When' seem to begin with the year.*four digits"):
        times_of(texts)
    found, _ = times_of(texts, day_first=True)  # the person knows better
    assert found.known.all()
    january, _ = times_of([f"{day:02d}-01-25" for day in range(6, 14)])
    assert str(EPOCH + timedelta(microseconds=int(january.us[0])))[:10] == "2025-01-06"


def test_one_column_tells_the_order_for_the_others(read: Read) -> None:
    log = read("case,step,started,ended\n1,a,01/02/2025,13/02/2025\n")
    assert log.rows("started", "ended") == [("2025-02-01 00:00", "2025-02-13 00:00")]
    assert any(
        "Dates such as 03/04/2025 in 'started' and 'ended' were read day first, because of dates such as 13/02/2025."
        in note
        for note in log.reading.notes
    )


def test_an_order_that_nothing_tells_is_a_note(read: Read) -> None:
    notes = read("case,step,started\n1,a,01/02/2025\n").reading.notes
    assert any("read day first, but nothing in the file says so: say --month-first" in note for note in notes)


@pytest.mark.parametrize(
    ("texts", "scale", "instant"),
    [
        (["1736155800", "1736155801"], "seconds", "2025-01-06 09:30:00"),
        (["1736155800000", "1736155801000"], "milliseconds", "2025-01-06 09:30:00"),
    ],
)
def test_a_whole_column_of_numbers_counts_from_1970(texts: list[str], scale: str, instant: str) -> None:
    found, seen = times_of(list(texts), zone="Asia/Kolkata")
    assert seen.scale == scale
    assert str((EPOCH + timedelta(microseconds=int(found.us[0]))).replace(tzinfo=None)) == instant


def test_a_spreadsheet_counts_days() -> None:
    # 45663 is 6 January 2025; the clock is the local one
    found, seen = times_of(["45663", "45663.395833333336", "45844.5", "2025-01-06"], serial_days=True)
    assert seen.scale == "Excel days"
    assert [str(EPOCH + timedelta(microseconds=us))[:19] for us in found.us.tolist()] == [
        "2025-01-06 00:00:00",
        "2025-01-06 09:30:00",
        "2025-07-06 11:00:00",
        "2025-01-06 00:00:00",
    ]


offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.lists(st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=offsets), min_size=1, max_size=8)


@settings(max_examples=examples(80))
@given(moments)
def test_any_iso_time_is_the_instant_that_python_says(values: list[datetime]) -> None:
    found, _ = times_of([value.isoformat(sep="T" if value.second % 2 else " ") for value in values])
    assert found.us.tolist() == [(value - EPOCH) // timedelta(microseconds=1) for value in values]


forms = st.sampled_from(["%d/%m/%Y %H:%M:%S", "%d %B %Y %H:%M", "%d-%b-%Y %I:%M %p", "%Y/%m/%d %H:%M", "%A, %d %b %Y"])


@settings(max_examples=examples(80))
@given(st.lists(st.tuples(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), forms), min_size=1, max_size=12))
def test_any_written_time_is_the_clock_time_that_python_says(values: list[tuple[datetime, str]]) -> None:
    texts: list[str | None] = [value.strftime(form) for value, form in values]
    found, _ = times_of(texts, zone="UTC", day_first=True)
    clock = [datetime.strptime(value.strftime(form), form).replace(tzinfo=UTC) for value, form in values]
    assert found.us.tolist() == [(value - EPOCH) // timedelta(microseconds=1) for value in clock]
