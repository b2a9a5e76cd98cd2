"""Planned minutes from what finished visits took."""

from __future__ import annotations

from typing import Any

import pytest

from millpond.calibration.minutes import StepMinutes, instant_steps, rounded, step_minutes
from millpond.model import Calendar, Pool, Service, Step
from tests.tables import at, visits

SERVICE = Service(
    name="x",
    calendars={"office": Calendar(hours="Mon-Fri 09:00-17:00")},
    pools={"team": Pool()},
    steps={"triage": Step(pool="team"), "advice": Step(pool="team"), "filing": Step()},
)
MONDAY = 20_094  # 2025-01-06


def taken(text: str, backend: Any = None) -> dict[str, StepMinutes]:
    return step_minutes(visits(text, backend=backend), SERVICE, MONDAY, at("2025-06-30 09:00"))


def triage(*ended: str, extra: str = "") -> StepMinutes:
    rows = "\n".join(f"c{n} | triage | w{n} | Mon 09:00 | {end} |" for n, end in enumerate(ended))
    return taken("case | step | worker | started | ended | minutes\n" + rows + extra)["triage"]


def test_recorded_minutes_count_before_the_clock(backend: Any) -> None:
    found = taken(
        """
        case | step   | worker | started   | ended     | minutes
        -----+--------+--------+-----------+-----------+--------
        ada  | triage | ann    | Mon 09:00 | 10:00     | 20
        bob  | triage | bea    | Mon 09:00 | 09:40     |
        cat  | triage | cyd    | Mon 16:50 | Tue 09:20 |
        dan  | advice | ann    | Tue 09:00 |           |
        dan  | filing |        | Mon 09:00 | 10:00     |
        """,
        backend,
    )
    # 20 recorded, 40 on the clock, 10 + 20 within opening hours: of three, the median
    assert found["triage"].mean == 30
    assert (found["triage"].finished, found["triage"].told) == (3, 3)
    assert found["triage"].by_day == {MONDAY: (60.0, 0), MONDAY + 1: (30.0, 0)}
    assert "advice" not in found and "filing" not in found


def test_time_shared_with_another_visit_is_shared() -> None:
    found = taken(
        """
        case | step   | worker | started   | ended
        ada  | triage | ann    | Mon 09:00 | 10:00
        bob  | triage | ann    | Mon 09:00 | 10:00
        """
    )
    assert found["triage"].mean == 30


def test_of_ten_or_more_the_longest_and_the_shortest_are_left_out() -> None:
    # 1 and 999 minutes, and eight of 20
    assert triage("09:01", *["09:20"] * 8, "2025-02-03 17:00").mean == 20
    # of nine, the median
    assert triage("09:01", "09:01", "09:01", "09:02", "09:10", *["16:00"] * 4).mean == 10


def test_of_three_hundred_three_are_left_out_at_either_end() -> None:
    absurd = ["2025-03-03 17:00"] * 3
    assert triage(*["09:30"] * 294, *["09:00"] * 3, *absurd).mean == 30
    assert triage(*["09:30"] * 293, *["09:00"] * 3, *absurd, absurd[0]).mean > 30  # type: ignore[operator]


def test_visits_withdrawn_and_visits_without_evidence_do_not_count() -> None:
    found = taken(
        """
        case | step   | worker | started   | ended     | outcome
        ada  | triage | ann    | Mon 09:00 | 10:00     |
        bob  | triage | bea    | Mon 09:00 | 09:01     | withdrawn
        cat  | triage | cyd    |           | Tue 09:20 |
        """
    )["triage"]
    assert (found.mean, found.finished, found.told) == (60, 2, 1)
    # cat counts as planned, on the day it ended
    assert (found.on(MONDAY), found.on(MONDAY + 1), found.on(MONDAY + 2)) == (60, 60, 0)


def test_a_log_of_single_timestamps_has_no_minutes() -> None:
    assert taken("case | step | ended\nada | triage | Mon 09:00\nbob | triage | Mon 10:00")["triage"].mean is None


def test_a_step_of_instants_has_no_minutes() -> None:
    nine = triage(*["09:00"] * 9, "10:00")
    assert (nine.timed, nine.instant, nine.told, nine.mean) == (10, 9, 1, None)
    eight = triage(*["09:00"] * 8, "10:00", "10:00")
    assert (eight.instant, eight.mean) == (8, 60)


def test_steps_at_which_no_time_was_ever_spent() -> None:
    table = visits(
        """
        case | step   | started   | ended | minutes
        ada  | start  | Mon 09:00 | 09:00 |
        ada  | triage | Mon 09:00 | 09:01 |
        ada  | advice | Mon 09:00 | 09:00 | 5
        ada  | wait   | Mon 09:00 |       |
        """
    )
    assert instant_steps(table, at("Tue 09:00")) == {"start", "wait"}


@pytest.mark.parametrize(
    ("value", "expected"), [(27.8843, 27.9), (1234.5, 1230.0), (0.012345, 0.0123), (0.0, 0.0), (480, 480.0)]
)
def test_three_significant_digits(value: float, expected: float) -> None:
    assert rounded(value) == expected
