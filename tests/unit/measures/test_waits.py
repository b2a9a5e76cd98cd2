"""Waits by step: what counts, what is unknown, and what a target asks, in tables that a person can check."""

from __future__ import annotations

import json
from typing import Any

import pytest

from millpond.measures.proportions import wilson
from millpond.measures.waits import WaitRow, Waits, waits
from millpond.model import Service, parse_service
from tests.tables import at, visits

SERVICE = """
name = "Northshire"
holidays = "GB-ENG"

[pools.coordinators]
workers = 1

[steps.triage]
pool = "coordinators"
target_wait = "{target}"

[steps.reply]
"""


def service(target: str = "30 minutes") -> Service:
    return parse_service(SERVICE.format(target=target))


def measured(text: str, as_of: str, backend: Any = None, target: str = "30 minutes") -> Waits:
    return waits(visits(text, backend=backend), service(target), at(as_of))


def only(result: Waits) -> WaitRow:
    assert len(result.rows) == 1
    return result.rows[0]


def test_waits_run_from_joining_to_start(backend: Any) -> None:
    row = only(
        measured(
            """
            case | step   | joined | started | ended
            -----+--------+--------+---------+------
            a    | triage | 09:00  | 09:10   | 10:00
            b    | triage | 09:00  | 09:20   | 10:00
            c    | triage | 09:00  | 09:40   |
            d    | triage | 09:30  | 10:50   | 11:00
            """,
            "12:00",
            backend,
        )
    )
    assert row == WaitRow(
        step="triage",
        pool="coordinators",
        visits=4,
        started=4,
        withdrawn=0,
        waiting=0,
        unknown=0,
        median=20.0,
        p90=80.0,
        mean_completed=37.5,
        target="30 minutes",
        within_target=0.5,
        within_target_low=row.within_target_low,
        within_target_high=row.within_target_high,
    )
    assert row.within_target_low is not None
    assert row.within_target_high is not None
    assert 0.05 < row.within_target_low < 0.5 < row.within_target_high < 0.9


def test_half_and_nine_in_ten_of_ten_waits() -> None:
    rows = "\n".join(f"{n} | triage | 09:00 | 09:{n:02}" for n in range(1, 11))
    row = only(measured(f"case | step | joined | started\n{rows}", "10:00"))
    assert (row.median, row.p90, row.mean_completed) == (5.0, 9.0, 5.5)


def test_those_still_waiting_are_kept(backend: Any) -> None:
    # At 10: one of four has started. At 20 one is last seen. At 30 one of the two left starts: 3/4 x 1/2 =
    # 3/8 more.
    result = measured(
        """
        case | step   | joined | started | ended
        a    | triage | 09:00  | 09:10   | 09:20
        b    | triage | 09:40  |         |
        c    | triage | 09:00  | 09:30   |
        d    | triage | 09:00  |         |
        """,
        "10:00",
        backend,
        target="25 minutes",
    )
    row = only(result)
    assert (row.visits, row.started, row.waiting) == (4, 2, 2)
    assert row.within_target == pytest.approx(1 / 4)
    assert row.median == 30.0  # 1/4 + 3/8 = 5/8
    assert row.p90 is None
    assert row.mean_completed == 20.0
    drawn = [(point.minutes, point.at_risk) for point in result.curves]
    assert drawn == [(10.0, 4), (30.0, 2), (60.0, 1)]
    assert [point.started for point in result.curves] == pytest.approx([0.25, 0.625, 0.625])


def test_those_who_withdrew_never_started(backend: Any) -> None:
    row = only(
        measured(
            """
            case | step   | joined | started | ended | outcome
            a    | triage | 09:00  | 09:10   | 09:20 |
            b    | triage | 09:00  |         | 09:05 | withdrawn
            c    | triage | 09:00  | 09:15   | 09:20 | withdrawn
            """,
            "10:00",
            backend,
        )
    )
    assert (row.started, row.withdrawn, row.waiting, row.unknown) == (2, 1, 0, 0)
    assert row.within_target == pytest.approx(2 / 3)  # of all who joined, not of those who stayed
    assert (row.median, row.p90) == (15.0, None)


def test_an_unknown_wait_is_not_a_wait_of_nothing(backend: Any) -> None:
    result = measured(
        """
        case | step   | joined | started | ended | joined_source
        a    | triage | 09:00  | 09:20   | 09:30 | recorded
        b    | triage |        | 09:20   | 09:30 |
        c    | triage |        |         | 09:30 |
        d    | triage | 09:00  |         | 09:30 | recorded
        e    | triage | 09:00  | 09:20   |       | estimated
        """,
        "10:00",
        backend,
    )
    row = only(result)
    assert (row.visits, row.started, row.unknown) == (5, 2, 3)
    assert (row.median, row.mean_completed, row.within_target) == (20.0, 20.0, 1.0)
    assert (row.within_target_low, row.within_target_high) == wilson(2, 2)
    text = " ".join(result.notes)
    assert "Left out for want of a recorded joining: 2 visits" in text
    assert "Left out for want of a recorded start: 1 visit that ended" in text
    assert "The time of joining is an estimate for 1 visit." in text


def test_where_starts_are_never_recorded_nothing_is_claimed(backend: Any) -> None:
    # The open visit may be under way: to call it waiting and nobody started would be a zero that looks right.
    result = measured(
        """
        case | step   | joined | started | ended
        a    | triage | 09:00  |         | 09:30
        b    | triage | 09:00  |         |
        """,
        "10:00",
        backend,
    )
    row = only(result)
    assert (row.started, row.waiting, row.unknown) == (0, 1, 1)
    assert (row.median, row.mean_completed, row.within_target, row.within_target_low) == (None,) * 4
    assert result.curves == ()
    assert any("No wait can be told at triage: no start is known there." in note for note in result.notes)


def test_where_joinings_are_never_recorded_it_is_they_that_are_missing_and_not_the_starts() -> None:
    result = measured(
        """
        case | step   | joined | started | ended | joined_source
        a    | triage | 09:00  | 09:00   | 09:30 | started
        b    | triage | 09:10  | 09:10   |       | started
        """,
        "10:00",
    )
    assert only(result).unknown == 2
    assert "No wait can be told at triage: when visits joined there is not recorded." in result.notes
    assert not any("no start is known" in note for note in result.notes)


def test_all_still_waiting_is_a_share_of_nothing_within_the_target() -> None:
    row = only(
        measured(
            """
            case | step   | joined | started | ended
            a    | triage | 09:00  |         |
            b    | triage | 09:05  |         |
            """,
            "10:00",
        )
    )
    assert (row.visits, row.waiting, row.median, row.mean_completed) == (2, 2, None, None)
    assert row.within_target == 0.0
    assert (row.within_target_low, row.within_target_high) == wilson(0, 2)


def test_a_target_longer_than_anybody_was_followed_is_not_judged() -> None:
    row = only(measured("case | step | joined\na | triage | 09:00", "09:20"))
    assert row.within_target is None


def test_what_comes_after_the_instant_is_not_known_yet(backend: Any) -> None:
    row = only(
        measured(
            """
            case | step   | joined | started | ended
            a    | triage | 09:00  | 09:20   | 09:30
            b    | triage | 09:00  | 10:30   | 11:00
            c    | triage | 10:30  | 10:30   | 11:00
            """,
            "10:00",
            backend,
        )
    )
    assert (row.visits, row.started, row.waiting) == (2, 1, 1)


def test_an_empty_log_is_no_rows_and_a_note(backend: Any) -> None:
    result = measured("case | step | joined", "10:00", backend)
    assert result.rows == ()
    assert result.curves == ()
    assert result.notes == ("No visit had joined a queue by 2025-01-06T10:00:00+00:00.",)


def test_steps_without_staff_have_no_queue() -> None:
    assert measured("case | step | joined\na | reply | 09:00", "10:00").rows == ()


def test_a_target_in_working_days_runs_to_the_end_of_the_last(backend: Any) -> None:
    # Maundy Thursday 17 April 2025; Good Friday and Easter Monday are closed: 22 and 23 April are the two days.
    table = """
        case | step   | joined           | started
        a    | triage | 2025-04-17 10:00 | 2025-04-23 23:00
        b    | triage | 2025-04-17 10:00 | 2025-04-24 00:30
    """
    assert only(measured(table, "2025-05-01 09:00", backend, target="2 working days")).within_target == 0.5


@pytest.mark.parametrize(
    ("target", "started", "within"),
    [
        ("1 hours", "10:00", 1.0),
        ("1 hours", "10:00:01", 0.0),
        ("2 days", "Wed 23:59", 1.0),
        ("2 days", "Thu 00:00", 0.0),
        ("1 weeks", "2025-01-13 23:59", 1.0),
        ("1 weeks", "2025-01-14 00:00", 0.0),
    ],
)
def test_hours_are_elapsed_and_days_are_of_the_calendar(target: str, started: str, within: float) -> None:
    table = f"case | step | joined | started | ended\na | triage | Mon 09:00 | {started} |"
    assert only(measured(table, "2025-01-20 09:00", target=target)).within_target == within


def test_a_wait_across_the_change_of_clocks_is_elapsed_time() -> None:
    # On 30 March 2025 the clocks go from 01:00 to 02:00: from 00:30 to 03:30 is two hours.
    table = "case | step | joined | started\na | triage | 2025-03-30 00:30 | 03:30"
    assert only(measured(table, "2025-03-31 09:00")).median == 120.0


def test_the_result_is_plain_values_for_json() -> None:
    result = measured("case | step | joined | started\na | triage | 09:00 | 09:10", "10:00")
    plain = json.loads(json.dumps(result.to_dict()))
    assert list(plain)[:2] == ["unit", "as_of"]
    assert plain["curves"][0]["minutes"] == 10.0
    assert result.to_pandas().step.tolist() == ["triage"]
