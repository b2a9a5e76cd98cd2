"""Days off and absence, from attendance that can be counted by hand."""

from __future__ import annotations

import numpy as np

from millpond.calibration.fitting.attendance import Attendance, Bools
from millpond.calibration.fitting.part_time import days_off, hours_without
from millpond.model.hours import weekly_hours

WEEKS = 30
# Monday, 1 January 2024 has the number 19723.
DAYS = np.array([19723 + 7 * week + day for week in range(WEEKS) for day in range(5)])
WEEKDAY = np.tile(np.arange(5), WEEKS)


def _attendance(**here: Bools) -> Attendance:
    everybody = np.ones(len(DAYS), dtype=np.bool_)
    return Attendance(DAYS, DAYS * 0, here, dict.fromkeys(here, everybody), 0)


def test_a_weekday_on_which_somebody_never_is_is_a_day_off() -> None:
    always = np.ones(len(DAYS), dtype=np.bool_)
    found = days_off(_attendance(ann=WEEKDAY != 4, bob=always))
    assert list(found) == ["ann"]
    (friday,) = found["ann"]
    assert (friday.weekday, friday.seen, friday.days, friday.expected) == (4, 0, 30, 30.0)


def test_a_weekday_on_which_hardly_anybody_is_is_nobodys_day_off() -> None:
    seldom = (WEEKDAY != 4) | (np.arange(len(DAYS)) % 50 == 4)
    assert days_off(_attendance(ann=WEEKDAY != 4, bob=seldom)) == {}


def test_one_person_alone_has_no_days_off() -> None:
    assert days_off(_attendance(ann=WEEKDAY != 4)) == {}


def test_somebody_who_comes_at_random_has_no_days_off() -> None:
    luck = np.random.default_rng(1)
    for _ in range(50):
        here = {name: luck.random(len(DAYS)) < 0.4 for name in ("ann", "bob", "cy")}
        assert days_off(_attendance(**here)) == {}


def test_how_often_people_are_there_leaves_days_off_out() -> None:
    attendance = _attendance(ann=WEEKDAY < 2, bob=np.ones(len(DAYS), dtype=np.bool_))
    assert attendance.share_here({}) == (2 / 5 + 1) / 2
    assert attendance.share_here({"ann": {2, 3, 4}}) == 1
    assert attendance.people == 2


def test_hours_without_a_weekday() -> None:
    week = weekly_hours("Mon-Tue 09:00-12:30, 13:30-17:00")
    assert hours_without(week, {0}) == "Tue 09:00-12:30, Tue 13:30-17:00"


def test_as_many_people_at_least_as_came_on_a_usual_day_and_at_most_as_were_on_the_books() -> None:
    always, days = np.ones(len(DAYS), dtype=np.bool_), np.arange(len(DAYS))
    # Of 150 days the 95% interval of the median reaches from the 64th to the 87th in their order.
    usual = _attendance(ann=always, bob=always, cy=days >= 63)
    assert (usual.fewest, usual.most) == (3, 3)
    seldom = _attendance(ann=always, bob=always, cy=days >= 64)
    assert (seldom.fewest, seldom.most) == (2, 3)
