"""Arrivals by stream and period, and by hour of the week: zeros are there, clocks change, cases count once."""

from __future__ import annotations

from typing import Any

import pytest

from millpond.errors import WrongUse
from millpond.measures.arrivals import ArrivalRow, HourRow, HoursOfTheWeek, arrivals, arrivals_by_hour
from millpond.model import Service, parse_service
from tests.tables import at, visits

SERVICE: Service = parse_service(
    """
    name = "Northshire"
    [streams.police]
    first_step = "triage"
    [streams.self]
    first_step = "triage"
    [steps.triage]
    """
)

LOG = """
    case | step   | joined    | stream
    -----+--------+-----------+-------
    a    | triage | Mon 09:10 | police
    a    | triage | Wed 09:10 | police
    b    | triage | Mon 09:50 | police
    c    | triage | Wed 23:30 | self
"""


def table(rows: tuple[ArrivalRow, ...]) -> list[tuple[str, str, int]]:
    return [(row.period, row.stream, row.arrivals) for row in rows]


def test_a_case_arrives_once_and_a_day_without_any_is_a_zero(backend: Any) -> None:
    result = arrivals(visits(LOG, backend=backend), SERVICE, at("Thu 12:00"))
    assert table(result.rows) == [
        ("2025-01-06", "police", 2),
        ("2025-01-06", "self", 0),
        ("2025-01-07", "police", 0),
        ("2025-01-07", "self", 0),
        ("2025-01-08", "police", 0),
        ("2025-01-08", "self", 1),
        ("2025-01-09", "police", 0),
        ("2025-01-09", "self", 0),
    ]
    assert [row.complete for row in result.rows] == [True] * 6 + [False] * 2
    assert result.notes == ("A case arrives when its first visit joins: 3 cases by 2025-01-09T12:00:00+00:00.",)


@pytest.mark.parametrize(
    ("by", "as_of", "expected"),
    [
        ("week", "2025-01-14 09:00", [("2025-01-06", 2), ("2025-01-13", 0)]),
        ("month", "2025-02-01 00:00", [("2025-01", 2), ("2025-02", 0)]),
    ],
)
def test_by_week_and_by_month(backend: Any, by: str, as_of: str, expected: list[tuple[str, int]]) -> None:
    result = arrivals(visits(LOG, backend=backend), SERVICE, at(as_of), by)
    assert [(row.period, row.arrivals) for row in result.rows if row.stream == "police"] == expected


def test_the_hour_that_comes_twice_is_two_hours(backend: Any) -> None:
    # On 26 October 2025 the clocks go back at 02:00: 01:00 comes twice.
    log = visits(
        """
        case | step   | joined                 | stream
        a    | triage | 2025-10-26 01:30+01:00 | police
        b    | triage | 2025-10-26 01:30+00:00 | police
        c    | triage | 2025-10-26 01:45+00:00 | police
        """,
        backend=backend,
    )
    result = arrivals(log, SERVICE, at("2025-10-26 02:15"), "hour")
    assert [(row.period, row.arrivals) for row in result.rows if row.stream == "police"] == [
        ("2025-10-26T00:00+01:00", 0),
        ("2025-10-26T01:00+01:00", 1),
        ("2025-10-26T01:00+00:00", 2),
        ("2025-10-26T02:00+00:00", 0),
    ]
    hours = by_hour(arrivals_by_hour(log, SERVICE, at("2025-10-26 03:00")))
    assert hours[6, 1] == HourRow(weekday=6, hour=1, arrivals=3, hours=2, mean=1.5)


def by_hour(result: HoursOfTheWeek) -> dict[tuple[int, int], HourRow]:
    return {(row.weekday, row.hour): row for row in result.rows}


def test_the_hours_of_the_week_are_means_over_the_weeks_seen(backend: Any) -> None:
    log = visits(
        """
        case | step   | joined           | stream
        a    | triage | 2025-01-06 09:10 | police
        b    | triage | 2025-01-06 09:50 | self
        c    | triage | 2025-01-13 09:00 | self
        d    | triage | 2025-01-14 08:59 | self
        e    | triage | 2025-01-14 10:05 | self
        """,
        backend=backend,
    )
    result = arrivals_by_hour(log, SERVICE, at("2025-01-14 10:10"))
    hours = by_hour(result)
    assert len(result.rows) == 168
    assert (result.rows[0].weekday, result.rows[0].hour) == (0, 0)
    assert hours[0, 9] == HourRow(weekday=0, hour=9, arrivals=3, hours=2, mean=1.5)
    assert hours[1, 8] == HourRow(weekday=1, hour=8, arrivals=1, hours=2, mean=0.5)
    # The hour from 10:00 is under way: what it holds so far says nothing about a whole one.
    assert hours[1, 10] == HourRow(weekday=1, hour=10, arrivals=0, hours=1, mean=0.0)
    assert result.notes[-1] == "Left out of the hours of the week, because their hour was not over: 1 case."
    assert hours[5, 9] == HourRow(weekday=5, hour=9, arrivals=0, hours=1, mean=0.0)


def test_hours_that_the_records_do_not_hold_have_no_mean() -> None:
    hours = by_hour(arrivals_by_hour(visits(LOG), SERVICE, at("Mon 10:00")))
    assert hours[0, 9].mean == 2.0
    assert hours[1, 9] == HourRow(weekday=1, hour=9, arrivals=0, hours=0, mean=None)


def test_no_arrivals_are_no_rows_and_a_note(backend: Any) -> None:
    empty = visits("case | step | joined", backend=backend)
    for result in (arrivals(empty, SERVICE, at("09:00")), arrivals_by_hour(empty, SERVICE, at("09:00"))):
        assert result.rows == ()
        assert result.notes == ("No case had arrived by 2025-01-06T09:00:00+00:00.",)


def test_an_arrival_that_is_not_recorded_is_said() -> None:
    log = visits("case | step | joined | started\na | triage | | 09:00\nb | triage | 09:00 |")
    result = arrivals(log, SERVICE, at("10:00"))
    assert table(result.rows) == [
        ("2025-01-06", "police", 0),
        ("2025-01-06", "self", 0),
        ("2025-01-06", "not stated", 2),
    ]
    assert "That is not recorded of 1 case, " in result.notes[1]


def test_an_unknown_period_is_refused() -> None:
    with pytest.raises(WrongUse, match="There is no period 'year'"):
        arrivals(visits(LOG), SERVICE, at("Mon 10:00"), "year")
