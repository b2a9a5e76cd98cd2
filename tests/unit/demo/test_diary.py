"""A diary with two stretches, 09:00-12:00 and 13:00-17:00, and the day after from 09:00 to 10:00."""

from __future__ import annotations

import pytest

from millpond.demo.diary import Diary

MINUTE = 60_000_000
DAY = 24 * 60


def at(clock: str, day: int = 0) -> int:
    hours, minutes = clock.split(":")
    return day * DAY + int(hours) * 60 + int(minutes)


@pytest.fixture
def diary() -> Diary:
    stretches = [(at("09:00"), at("12:00")), (at("13:00"), at("17:00")), (at("09:00", 1), at("10:00", 1))]
    return Diary([(start * MINUTE, end * MINUTE) for start, end in stretches])


@pytest.mark.parametrize(
    ("clock", "left"),
    [("08:59", 0), ("09:00", 180), ("11:59", 1), ("12:00", 0), ("12:30", 0), ("13:00", 240), ("17:00", 0)],
)
def test_what_is_left_of_a_stretch(diary: Diary, clock: str, left: int) -> None:
    assert diary.left(at(clock)) == left


@pytest.mark.parametrize(
    ("begins", "minutes", "done"),
    [
        (at("09:00"), 60, at("10:00")),
        (at("09:00"), 180, at("12:00")),
        (at("09:00"), 181, at("13:01")),
        (at("11:30"), 60, at("13:30")),
        (at("12:10"), 60, at("14:00")),
        (at("07:00"), 60, at("10:00")),
        (at("16:50"), 20, at("09:10", 1)),
        (at("09:00"), 180 + 240 + 60, at("10:00", 1)),
        (at("09:00"), 180 + 240 + 61, None),
        (at("10:00", 1), 1, None),
        (at("10:00", 1), 0, at("10:00", 1)),
    ],
)
def test_how_far_some_minutes_reach(diary: Diary, begins: int, minutes: int, done: int | None) -> None:
    assert diary.after(begins, minutes) == done


@pytest.mark.parametrize(
    ("clock", "starts"),
    [("08:00", at("09:00")), ("09:00", at("13:00")), ("13:00", at("09:00", 1)), ("17:30", at("09:00", 1))],
)
def test_when_the_next_stretch_begins(diary: Diary, clock: str, starts: int) -> None:
    assert diary.next_start(at(clock)) == starts


def test_nothing_comes_after_the_last_stretch(diary: Diary) -> None:
    assert diary.next_start(at("09:30", 1)) is None
    assert diary.left(at("09:30", 5)) == 0


def test_a_diary_may_be_empty() -> None:
    assert (Diary([]).left(0), Diary([]).next_start(0), Diary([]).after(0, 5)) == (0, None, None)
