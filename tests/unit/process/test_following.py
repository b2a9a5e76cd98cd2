"""Which visit follows which: one after another, side by side, back again, and with nothing but an end."""

from __future__ import annotations

import pytest

from millpond.process.following import NONE
from tests.unit.process.given import looked_at


def followed(log: str, as_of: str = "2025-01-31 17:00") -> dict[str, str | None]:
    """For each step of a case (with a number from its second visit on) the step that it follows."""
    shown = looked_at(log, as_of=as_of)
    events = shown.events
    names: list[str] = []
    for place in range(len(events)):
        name = events.steps[events.step[place]]
        again = len([other for other in names if other.split(" ")[0] == name])
        names.append(f"{name} {again + 1}" if again else name)
    return {
        name: None if before == NONE else names[before]
        for name, before in zip(names, shown.follows.before.tolist(), strict=True)
    }


def test_visits_follow_one_another_in_the_order_in_which_they_began() -> None:
    assert followed("""
        case | step | joined | started   | ended
        -----+------+--------+-----------+----------
        ada  | c    |        | Wed 09:00 | Wed 10:00
        ada  | a    |        | Mon 09:00 | Mon 10:00
        ada  | b    |        | Tue 09:00 | Tue 10:00
        ada  | b    |        | Tue 11:00 | Tue 12:00
    """) == {"a": None, "b": "a", "b 2": "b", "c": "b 2"}


def test_two_steps_side_by_side_both_follow_what_came_before_and_neither_the_other() -> None:
    log = """
        case | step | joined | started   | ended
        -----+------+--------+-----------+----------
        ada  | a    |        | Mon 09:00 | Mon 10:00
        ada  | b    |        | Mon 11:00 | Mon 15:00
        ada  | c    |        | Mon 12:00 | Mon 13:00
        ada  | d    |        | Mon 16:00 | Mon 17:00
    """
    # What comes after the two follows the one that it had to wait for.
    assert followed(log) == {"a": None, "b": "a", "c": "a", "d": "b"}
    shown = looked_at(log)
    assert shown.follows.beside.tolist() == [False, False, True, False]
    assert shown.follows.last.tolist() == [False, False, False, True]


def test_a_visit_follows_the_one_that_ended_as_it_joined() -> None:
    # D became possible when B had ended; C went on beside it and ended before D was begun.
    assert followed("""
        case | step | joined    | started   | ended
        -----+------+-----------+-----------+----------
        ada  | a    | Mon 09:00 | Mon 09:00 | Mon 10:00
        ada  | b    | Mon 10:00 | Mon 10:00 | Mon 11:00
        ada  | c    | Mon 10:00 | Mon 10:30 | Mon 12:00
        ada  | d    | Mon 11:00 | Mon 14:00 | Mon 15:00
    """) == {"a": None, "b": "a", "c": "a", "d": "b"}


def test_a_joining_that_is_the_same_for_the_whole_case_tells_nothing_of_the_order() -> None:
    assert followed("""
        case | step | joined    | started   | ended
        -----+------+-----------+-----------+----------
        ada  | a    | Mon 09:00 | Mon 10:00 | Mon 11:00
        ada  | b    | Mon 09:00 | Tue 10:00 | Tue 11:00
        ada  | c    | Mon 09:00 | Wed 10:00 | Wed 11:00
    """) == {"a": None, "b": "a", "c": "b"}


def test_side_by_side_and_with_joinings_that_tell_nothing_both_follow_what_came_before() -> None:
    assert followed("""
        case | step | joined    | started   | ended
        -----+------+-----------+-----------+----------
        ada  | a    | Mon 08:00 | Mon 09:00 | Mon 10:00
        ada  | b    | Mon 08:00 | Mon 11:00 | Mon 15:00
        ada  | c    | Mon 08:00 | Mon 12:00 | Mon 13:00
    """) == {"a": None, "b": "a", "c": "a"}


def test_with_ends_alone_they_follow_by_their_ends() -> None:
    assert followed("""
        case | step | joined | started | ended
        -----+------+--------+---------+----------
        ada  | b    |        |         | Tue 10:00
        ada  | a    |        |         | Mon 10:00
        bob  | z    |        |         | Sun 10:00
    """) == {"a": None, "b": "a", "z": None}


def test_visits_without_length_at_one_instant_stand_as_in_the_records() -> None:
    assert followed("""
        case | step | joined | started   | ended
        -----+------+--------+-----------+----------
        ada  | c    |        | Mon 09:00 | Mon 09:00
        ada  | a    |        | Mon 09:00 | Mon 09:00
        ada  | b    |        | Mon 09:00 | Mon 09:00
    """) == {"c": None, "a": "c", "b": "a"}


def test_nothing_follows_a_visit_that_is_still_open() -> None:
    log = """
        case | step | joined    | started   | ended
        -----+------+-----------+-----------+----------
        ada  | a    | Mon 09:00 | Mon 09:00 | Mon 10:00
        ada  | b    | Mon 10:00 | Mon 10:00 |
        ada  | c    | Mon 12:00 | Mon 12:00 | Mon 13:00
    """
    assert followed(log) == {"a": None, "b": "a", "c": "a"}
    shown = looked_at(log)
    assert shown.follows.open.all() and not shown.follows.last.any()


def test_an_end_after_the_instant_is_not_known() -> None:
    log = """
        case | step | joined    | started   | ended
        -----+------+-----------+-----------+----------
        ada  | a    | Mon 09:00 | Mon 09:00 | Mon 10:00
        ada  | b    | Mon 10:00 | Mon 11:00 | Mon 12:00
    """
    shown = looked_at(log, as_of="Mon 10:30")
    assert shown.follows.open.all() and shown.waits.so_far.tolist() == [False, True]


@pytest.mark.parametrize("digits", ["", ".000001"])
def test_very_many_cases_over_a_long_time_are_told_apart_to_the_microsecond(digits: str) -> None:
    import numpy as np

    from millpond.process.grouped import greatest_so_far, keyed, nearest_less_before, sorted_by

    draw = np.random.default_rng(3)
    group = np.sort(draw.integers(0, 1 << 40, 500))
    value = draw.integers(0, 1 << 50, 500) * (1_000_000 if not digits else 1)
    (keys,) = keyed((group, value))
    pairs = list(zip(group.tolist(), value.tolist(), strict=True))
    order = sorted(range(500), key=lambda place: (pairs[place], place))
    assert sorted_by(group, value).tolist() == order
    assert (np.diff(keys[order]) >= 0).all()
    slow = [max((p for p in range(n + 1) if group[p] == group[n]), key=lambda p: (value[p], p)) for n in range(500)]
    assert greatest_so_far(keys).tolist() == slow
    few = np.sort(draw.integers(0, 9, 300))
    numbers = draw.integers(0, 20, 300)
    before = [
        max((p for p in range(n) if few[p] == few[n] and numbers[p] < numbers[n]), default=-1) for n in range(300)
    ]
    assert nearest_less_before(few, numbers).tolist() == before
