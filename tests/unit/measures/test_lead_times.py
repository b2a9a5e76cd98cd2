"""Lead times by stream: when a case opens, when it is judged closed, and what stays in the sum."""

from __future__ import annotations

from typing import Any

import pytest

from millpond.measures.cases import cases_at
from millpond.measures.lead_times import LeadTimeRow, LeadTimes, lead_times
from millpond.model import Service, parse_service
from tests.tables import at, visits

ONE_STREAM = """
[streams.police]
first_step = "triage"
"""
SERVICE = """
name = "Northshire"
{targets}
[pools.coordinators]
workers = 1

[steps.triage]
pool = "coordinators"

[steps.reply]
{streams}
"""


def service(target: str | None = None, streams: str = ONE_STREAM) -> Service:
    targets = "" if target is None else f'[targets]\nlead_time = "{target}"'
    return parse_service(SERVICE.format(targets=targets, streams=streams))


def measured(text: str, as_of: str, backend: Any = None, target: str | None = None) -> LeadTimes:
    return lead_times(visits(text, backend=backend), service(target), at(as_of))


def overall(result: LeadTimes) -> LeadTimeRow:
    row: LeadTimeRow = result.rows[0]
    assert row.stream is None
    return row


def test_a_case_runs_from_its_first_joining_to_its_last_end(backend: Any) -> None:
    result = measured(
        """
        case | step   | joined | started | ended
        -----+--------+--------+---------+------
        a    | triage | 10:00  | 10:00   | 10:30
        a    | triage | 09:00  | 09:00   | 09:30
        a    | reply  | 09:30  | 09:30   | 11:00
        b    | triage | 09:00  | 09:10   | 09:20
        """,
        "12:00",
        backend,
        target="1 hour",
    )
    assert [row.stream for row in result.rows] == [None, "police"]
    row = overall(result)
    assert (row.cases, row.closed, row.withdrawn, row.open, row.unknown) == (2, 2, 0, 0, 0)
    assert (row.median, row.p90, row.mean_completed) == (20.0, 120.0, 70.0)  # the unstaffed reply took until 11:00
    assert (row.target, row.within_target) == ("1 hour", 0.5)
    assert any("No visit on record is open." in note for note in result.notes)


def test_a_case_with_an_open_visit_is_open_however_many_have_ended(backend: Any) -> None:
    row = overall(
        measured(
            """
            case | step   | joined | started | ended
            a    | triage | 09:00  | 09:00   | 09:30
            a    | triage | 09:30  |         |
            b    | triage | 09:00  | 09:10   | 10:00
            """,
            "12:00",
            backend,
        )
    )
    assert (row.cases, row.closed, row.open) == (2, 1, 1)
    assert (row.median, row.p90, row.mean_completed) == (60.0, None, 60.0)


def test_what_ends_after_the_instant_is_open_at_it(backend: Any) -> None:
    row = overall(
        measured(
            """
            case | step   | joined | started | ended | outcome
            a    | triage | 09:00  | 09:00   | 10:01 | withdrawn
            b    | triage | 09:00  | 09:00   | 10:00 |
            b    | triage | 10:30  | 10:30   | 11:00 |
            """,
            "10:00",
            backend,
        )
    )
    assert (row.cases, row.closed, row.withdrawn, row.open, row.median) == (2, 1, 0, 1, 60.0)


def test_a_case_is_withdrawn_where_its_last_visit_was(backend: Any) -> None:
    row = overall(
        measured(
            """
            case | step   | joined | started | ended | outcome
            a    | triage | 09:00  | 09:00   | 09:30 |
            a    | triage | 09:30  |         | 10:00 | withdrawn
            b    | triage | 09:00  |         | 09:30 | withdrawn
            b    | triage | 09:30  | 09:30   | 10:00 | done
            """,
            "12:00",
            backend,
        )
    )
    assert (row.cases, row.closed, row.withdrawn) == (2, 1, 1)
    assert (row.median, row.p90) == (60.0, None)  # half have closed; the other half never will


def test_the_stream_is_that_of_the_earliest_visit_that_names_one(backend: Any) -> None:
    log = visits(
        """
        case | step   | joined | started | ended | stream
        a    | triage | 09:00  | 09:00   | 09:30 |
        a    | triage | 11:00  | 11:00   | 11:30 | self
        a    | triage | 10:00  | 10:00   | 10:30 | police
        b    | triage | 09:00  | 09:00   | 09:30 | self
        c    | triage | 09:00  | 09:00   | 10:30 |
        """,
        backend=backend,
    )
    result = lead_times(log, service(streams=""), at("12:00"))
    assert [(row.stream, row.cases, row.median) for row in result.rows] == [
        (None, 3, 90.0),
        ("not stated", 1, 90.0),
        ("police", 1, 150.0),
        ("self", 1, 30.0),
    ]


def test_streams_with_cases_of_the_same_length_add_up() -> None:
    log = visits(
        """
        case | step   | joined | ended | stream
        a    | triage | 09:00  | 09:30 | police
        b    | triage | 10:00  | 10:30 | self
        c    | triage | 10:00  | 10:30 | self
        d    | triage | 10:00  | 11:00 | self
        """
    )
    row = overall(lead_times(log, service(), at("12:00")))
    assert (row.cases, row.median, row.p90, row.mean_completed) == (4, 30.0, 60.0, 37.5)


def test_a_first_joining_that_is_not_recorded_is_said(backend: Any) -> None:
    result = measured(
        """
        case | step   | joined | started | ended
        a    | triage |        | 09:00   | 10:00
        b    | triage |        |         | 10:00
        c    | triage |        |         | 09:00
        c    | triage |        |         | 11:00
        """,
        "12:00",
        backend,
    )
    row = overall(result)
    assert (row.cases, row.closed, row.unknown, row.shortened) == (3, 2, 1, 2)
    assert (row.median, row.p90) == (60.0, 120.0)  # the case with one instant only is not one of no length
    assert any("The first joining is not recorded of 2 cases" in note for note in result.notes)


@pytest.mark.parametrize(
    ("target", "in_time", "late"),
    [
        ("2 days", "Wed 23:00", "Thu 01:00"),
        ("5 working days", "2025-01-13 23:00", "2025-01-14 01:00"),
    ],
)
def test_a_target_in_days_runs_to_the_end_of_the_last(backend: Any, target: str, in_time: str, late: str) -> None:
    table = f"""
        case | step   | joined    | started   | ended
        a    | triage | Mon 09:00 | Mon 10:00 | {in_time}
        b    | triage | Mon 09:00 | Mon 10:00 | {late}
    """
    assert overall(measured(table, "2025-01-20 09:00", backend, target)).within_target == 0.5


def test_all_open_and_none_at_all(backend: Any) -> None:
    row = overall(measured("case | step | joined\na | triage | 09:00", "10:00", backend, "30 minutes"))
    assert (row.cases, row.open, row.median, row.mean_completed, row.within_target) == (1, 1, None, None, 0.0)
    result = measured("case | step | joined", "10:00", backend, "5 working days")
    assert result.rows == ()
    assert result.notes == ("No case had opened by 2025-01-06T10:00:00+00:00.",)


def test_cases_carry_the_local_day_and_hour_of_their_opening(backend: Any) -> None:
    log = visits(
        """
        case | step   | joined           | started | ended | outcome
        a    | triage | 2025-07-08 00:30 | 00:40   | 00:50 |
        a    | triage | 2025-07-07 23:10 | 23:20   | 23:30 |
        old  | triage | 1969-12-31 23:10 |         | 23:40 | withdrawn
        """,
        backend=backend,
    )
    found = {row["case"]: row for row in cases_at(log, service(), at("2025-07-09 00:00")).to_pyarrow().to_pylist()}
    assert (found["a"]["opened_us"], found["a"]["opened_hour"]) == (at("2025-07-07 23:10"), 23)
    assert found["a"]["closed_day"] == found["a"]["opened_day"] + 1
    assert (found["a"]["withdrawn"], found["a"]["opening_known"]) == (False, True)
    assert (found["old"]["opened_hour"], found["old"]["withdrawn"]) == (23, True)
