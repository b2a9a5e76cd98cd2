"""Waiting by cause, each rule as a small day at the office that can be followed with a finger on the table."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.process.given import looked_at, service, waited

ONE_VISIT = """
    case | step   | joined    | started   | ended     | worker
    -----+--------+-----------+-----------+-----------+-------
    ada  | triage | {joined}  | {started} | Fri 17:00 | w1
"""


@pytest.mark.parametrize(
    ("joined", "started", "expected"),
    [
        ("Tue 10:00", "Tue 10:00", {}),
        # The worker has nothing in hand, the desk is open: it waits for somebody else.
        ("Tue 10:00", "Tue 11:00", {"others": 60}),
        # It comes before opening, and is begun at opening.
        ("Tue 07:00", "Tue 09:00", {"hours": 120}),
        # It comes before opening, and nobody begins it for an hour after.
        ("Tue 07:00", "Tue 10:00", {"hours": 120, "others": 60}),
        # Ten minutes before closing nobody begins it; then it waits for the next opening.
        ("Mon 16:50", "Tue 09:00", {"others": 10, "hours": 16 * 60}),
        # The same over a weekend.
        ("2025-01-10 18:00", "2025-01-13 09:00", {"hours": 63 * 60}),
        # Held for two days with a free worker: the nights between belong to whoever held it.
        ("Tue 10:00", "Thu 12:00", {"others": 50 * 60}),
        # Held until closing on Wednesday, begun at opening on Thursday: the last night may be ours.
        ("Tue 10:00", "Thu 09:00", {"others": 31 * 60, "hours": 16 * 60}),
        # Begun out of hours: what was free until closing was not begun, what follows is out of hours.
        ("Tue 16:00", "Tue 18:00", {"others": 60, "hours": 60}),
    ],
)
def test_one_visit_and_a_worker_with_nothing_else_in_hand(
    joined: str, started: str, expected: dict[str, float]
) -> None:
    assert waited(looked_at(ONE_VISIT.format(joined=joined, started=started)), "ada", "triage") == expected


def test_until_the_worker_has_ended_the_visit_before_it_waits_for_staff_and_then_for_somebody_else() -> None:
    shown = looked_at("""
        case | step   | joined    | started   | ended     | worker
        -----+--------+-----------+-----------+-----------+-------
        ada  | triage | Tue 09:00 | Tue 09:00 | Tue 10:00 | w1
        bob  | triage | Tue 09:30 | Tue 10:45 | Tue 11:00 | w1
    """)
    assert waited(shown, "bob", "triage") == {"staff": 30, "others": 45}


def test_a_night_after_a_day_in_line_is_waiting_for_staff() -> None:
    # Bob came in opening hours; had anybody been free he would not have been there at night.
    shown = looked_at("""
        case | step   | joined    | started   | ended     | worker
        -----+--------+-----------+-----------+-----------+-------
        ada  | triage | Mon 15:00 | Mon 15:00 | Mon 17:00 | w1
        bob  | triage | Mon 16:00 | Tue 09:00 | Tue 10:00 | w1
    """)
    assert waited(shown, "bob", "triage") == {"staff": 17 * 60}


def test_as_long_as_somebody_is_ahead_in_the_line_it_waits_for_staff_whatever_the_worker_does() -> None:
    # Between 10 and 12 the log shows nothing in the worker's hands: notes, calls, a meeting. Ada is still ahead of Bob.
    shown = looked_at("""
        case | step   | joined    | started   | ended     | worker
        -----+--------+-----------+-----------+-----------+-------
        ada  | triage | Tue 09:00 | Tue 12:00 | Tue 12:30 | w1
        bob  | triage | Tue 10:00 | Tue 12:30 | Tue 13:00 | w1
    """)
    assert waited(shown, "ada", "triage") == {"others": 180}
    assert waited(shown, "bob", "triage") == {"staff": 150}


def test_without_joining_times_nobody_is_known_to_be_ahead() -> None:
    shown = looked_at("""
        case | step   | joined | started   | ended     | worker
        -----+--------+--------+-----------+-----------+-------
        ada  | triage |        | Tue 09:00 | Tue 10:00 | w1
        ada  | visit  |        | Tue 12:00 | Tue 12:30 | w2
        bob  | triage |        | Tue 10:00 | Tue 10:30 | w1
        bob  | visit  |        | Tue 12:30 | Tue 13:00 | w2
    """)
    assert waited(shown, "ada", "visit") == {"others": 120}
    # Bob is ready at 10:30, w2 has nothing in hand until 12:00, then Ada until 12:30.
    assert waited(shown, "bob", "visit") == {"others": 90, "staff": 30}
    assert waited(shown, "ada", "triage") == {}
    assert shown.waits.measured.tolist() == [False, True, False, True]


def test_those_who_joined_later_and_were_taken_first_are_priority() -> None:
    shown = looked_at("""
        case | step   | joined    | started   | ended     | worker
        -----+--------+-----------+-----------+-----------+-------
        ada  | triage | Tue 09:00 | Tue 09:00 | Tue 10:00 | w1
        bob  | triage | Tue 09:15 | Tue 11:00 | Tue 11:30 | w1
        cleo | triage | Tue 09:50 | Tue 10:00 | Tue 11:00 | w1
    """)
    assert waited(shown, "bob", "triage") == {"staff": 45, "priority": 60}
    assert waited(shown, "cleo", "triage") == {"staff": 10}


def test_of_the_visits_taken_before_it_only_those_that_joined_later_are_priority() -> None:
    shown = looked_at("""
        case | step   | joined    | started   | ended     | worker
        -----+--------+-----------+-----------+-----------+-------
        ada  | triage | Tue 09:00 | Tue 09:00 | Tue 10:00 | w1
        dan  | triage | Tue 09:10 | Tue 10:00 | Tue 10:30 | w1
        bob  | triage | Tue 09:15 | Tue 11:00 | Tue 11:30 | w1
        cleo | triage | Tue 09:50 | Tue 10:30 | Tue 11:00 | w1
    """)
    assert waited(shown, "bob", "triage") == {"staff": 75, "priority": 30}


def test_several_begun_at_one_instant_were_kept_for_each_other() -> None:
    shown = looked_at("""
        case | step   | joined    | started   | ended     | worker
        -----+--------+-----------+-----------+-----------+-------
        ada  | review | Tue 09:00 | Tue 12:00 | Tue 13:00 | w1
        bob  | review | Tue 11:00 | Tue 12:00 | Tue 13:00 | w1
        cleo | review | Tue 12:00 | Tue 12:00 | Tue 13:00 | w1
    """)
    assert waited(shown, "ada", "review") == {"batching": 180}
    assert waited(shown, "bob", "review") == {"batching": 60}
    assert waited(shown, "cleo", "review") == {}


def test_three_in_a_row_that_could_all_have_begun_before_are_a_batch_and_two_are_none() -> None:
    rows = """
        case | step   | joined | started   | ended     | worker
        -----+--------+--------+-----------+-----------+-------
        ada  | triage |        | Mon 09:00 | Mon 10:00 | w1
        ada  | review |        | Tue 14:00 | Tue 14:10 | w2
        bob  | triage |        | Mon 10:00 | Mon 11:00 | w1
        bob  | review |        | Tue 14:10 | Tue 14:20 | w2
    """
    third = """
        cleo | triage |        | Mon 11:00 | Mon 12:00 | w1
        cleo | review |        | Tue 14:20 | Tue 14:30 | w2
    """
    assert waited(looked_at(rows), "bob", "review") == {"others": 27 * 60, "staff": 10}
    batch = looked_at(rows.rstrip() + third)
    assert waited(batch, "ada", "review") == {"batching": 28 * 60}
    # From the moment at which the batch is begun Cleo waits for the worker, who is at the other two.
    assert waited(batch, "cleo", "review") == {"batching": 26 * 60, "staff": 20}


def test_time_between_two_visits_before_the_second_joins_is_somebody_elses() -> None:
    shown = looked_at("""
        case | step   | joined    | started   | ended     | worker
        -----+--------+-----------+-----------+-----------+-------
        ada  | triage | Mon 09:00 | Mon 09:00 | Mon 10:00 | w1
        ada  | visit  | Wed 10:00 | Wed 10:00 | Wed 11:00 | w2
    """)
    assert waited(shown, "ada", "visit") == {"others": 48 * 60}


def test_a_step_without_staff_waits_for_nobody_of_ours() -> None:
    shown = looked_at("""
        case | step   | joined    | started   | ended     | worker
        -----+--------+-----------+-----------+-----------+-------
        ada  | triage | Mon 16:00 | Mon 16:00 | Mon 17:00 | w1
        ada  | reply  | Mon 17:00 | Tue 09:00 | Tue 09:00 |
    """)
    assert waited(shown, "ada", "reply") == {"others": 16 * 60}


def test_without_a_worker_only_the_time_before_opening_is_known() -> None:
    shown = looked_at(ONE_VISIT.format(joined="Tue 07:00", started="Tue 10:00").replace("w1", ""))
    assert waited(shown, "ada", "triage") == {"hours": 120, "unknown": 60}


def test_with_one_timestamp_waiting_and_work_are_one_and_unknown() -> None:
    shown = looked_at("""
        case | step   | joined | started | ended     | worker
        -----+--------+--------+---------+-----------+-------
        ada  | triage |        |         | Tue 09:00 | w1
        ada  | visit  |        |         | Tue 11:30 | w2
    """)
    assert waited(shown, "ada", "visit") == {"unknown": 150}
    assert shown.waits.measured.tolist() == [False, True]
    assert shown.waits.total.tolist() == [0, 150 * 60_000_000]


def test_who_still_waits_or_left_unseen_stands_apart() -> None:
    shown = looked_at(
        """
        case | step   | joined    | started | ended     | worker | outcome
        -----+--------+-----------+---------+-----------+--------+----------
        ada  | triage | Tue 09:00 |         |           |        |
        bob  | triage | Tue 09:00 |         | Tue 12:00 |        | withdrawn
        """,
        as_of="Tue 15:00",
    )
    assert waited(shown, "ada", "triage") == {} == waited(shown, "bob", "triage")
    assert shown.waits.so_far.all() and not shown.waits.measured.any()
    assert ((shown.waits.until - shown.waits.since) // 60_000_000).tolist() == [360, 180]


def test_a_worker_with_hours_of_their_own_keeps_those() -> None:
    of = service("""
        [calendars.office]
        hours = "Mon-Fri 09:00-17:00"
        [calendars.tuesdays]
        hours = "Tue 09:00-17:00"
        [pools.desk]
        calendar = "office"
        [workers.w1]
        pool = "desk"
        calendar = "tuesdays"
        [steps.triage]
        pool = "desk"
    """)
    log = ONE_VISIT.format(joined="Mon 12:00", started="Tue 09:00")
    assert waited(looked_at(log, of), "ada", "triage") == {"hours": 21 * 60}
    assert waited(looked_at(log), "ada", "triage") == {"others": 300, "hours": 960}


def test_a_visit_takes_its_worker_no_longer_than_its_recorded_minutes() -> None:
    shown = looked_at("""
        case | step   | joined | started   | ended     | worker | minutes
        -----+--------+--------+-----------+-----------+--------+--------
        ada  | triage |        | Tue 09:00 | Wed 16:00 | w1     | 30
        bob  | visit  |        | Tue 09:00 | Tue 09:10 | w2     |
        bob  | triage |        | Tue 11:00 | Tue 12:00 | w1     |
    """)
    assert waited(shown, "bob", "triage") == {"staff": 20, "others": 90}


@pytest.mark.parametrize("seed", range(4))
def test_the_causes_add_up_to_the_waiting_and_none_is_negative(seed: int) -> None:
    draw = np.random.default_rng(seed)
    lines = ["case | step | joined | started | ended | worker | minutes"]
    for case in range(40):
        at = int(draw.integers(0, 6000))
        for _ in range(int(draw.integers(1, 6))):
            begins = at + int(draw.integers(0, 900)) * int(draw.integers(0, 2))
            ends = begins + int(draw.integers(0, 90))
            joined = _clock(max(0, at - int(draw.integers(0, 3)) * 20)) if draw.random() < 0.7 else ""
            started = _clock(max(begins, at)) if draw.random() < 0.9 else ""
            step = ("triage", "visit", "review", "reply")[int(draw.integers(0, 4))]
            worker = f"w{draw.integers(0, 3)}" if draw.random() < 0.9 else ""
            lines.append(f"c{case} | {step} | {joined} | {started} | {_clock(max(ends, at))} | {worker} | ")
            at = max(ends, at)
    shown = looked_at("\n".join(lines))
    total = np.sum(list(shown.waits.by.values()), axis=0)
    assert np.array_equal(total, shown.waits.total)
    assert all((amount >= 0).all() for amount in shown.waits.by.values())
    assert shown.waits.measured.any() and shown.waits.total.sum() > 0


def _clock(minute: int) -> str:
    return f"2025-01-{6 + minute // 1440:02d} {minute % 1440 // 60:02d}:{minute % 60:02d}"
