"""How many work in a pool, and how much of a day they give."""

from __future__ import annotations

from typing import Any

from millpond.calibration.staffing import HARDLY_WORKED, IN_SHIFTS, LONG_DAYS, people_by_day, staffing
from tests.tables import at, visits

OFFICE = (480,) * 5 + (0, 0)
ALWAYS = (1440,) * 7
MONDAY = 20_094
WEEK = range(MONDAY, MONDAY + 7)


def days(*amounts: float) -> dict[int, float]:
    return {MONDAY + n: amount for n, amount in enumerate(amounts) if amount}


def people(*counts: int) -> dict[int, int]:
    return {MONDAY + n: count for n, count in enumerate(counts) if count}


def test_workers_are_the_median_of_those_at_work_on_open_days() -> None:
    found = staffing(people(2, 3, 3, 2, 4, 1, 1), days(*[900] * 7), OFFICE, WEEK)
    assert (found.workers, found.minutes_per_day) == (3, None)  # of 2, 2, 3, 3, 4: Saturday and Sunday are closed
    assert found.workers_basis == "estimate: the median of the people at work on 5 days"


def test_two_and_a_half_are_three() -> None:
    assert staffing(people(2, 3), {}, OFFICE, WEEK).workers == 3


def test_whose_only_work_is_on_closed_days_is_counted_on_those() -> None:
    assert staffing(people(0, 0, 0, 0, 0, 2, 2), {}, OFFICE, WEEK).workers == 2


def test_recorded_work_of_a_tenth_of_the_shifts_leaves_the_whole_shift() -> None:
    # 2 workers x 480 x 5 days = 4,800 minutes, of which a tenth is 480
    assert staffing(people(2, 2, 2, 2, 2), days(100, 100, 100, 100, 80), OFFICE, WEEK).minutes_per_day is None
    less = staffing(people(2, 2, 2, 2, 2), days(100, 100, 100, 100, 79), OFFICE, WEEK)
    assert (less.minutes_per_day, less.minutes_basis) == (50, HARDLY_WORKED)


def test_a_busy_day_is_the_one_that_nine_days_in_ten_do_not_exceed() -> None:
    ten = range(MONDAY, MONDAY + 12)  # ten working days
    at_work = {day: 1 for day in ten if (day - MONDAY) % 7 < 5}
    work = dict(zip(at_work, [10, 10, 10, 10, 10, 10, 10, 10, 12, 400], strict=True))
    # 492 of 4,800 minutes are more than a tenth; 432 are not
    assert staffing(at_work, work, OFFICE, ten).minutes_per_day is None
    work[MONDAY + 11] = 340
    assert staffing(at_work, work, OFFICE, ten).minutes_per_day == 15  # 12, rounded up to 5


def test_nobody_works_all_the_hours_of_a_service_that_never_closes() -> None:
    found = staffing(people(*[6] * 7), days(*[2000] * 7), ALWAYS, WEEK)
    assert (found.workers, found.minutes_per_day, found.minutes_basis) == (6, 480, IN_SHIFTS)
    long = staffing(people(*[1] * 7), days(*[700] * 7), ALWAYS, WEEK)
    assert (long.minutes_per_day, long.minutes_basis) == (700, LONG_DAYS)
    assert staffing(people(*[1] * 7), days(*[1440] * 7), ALWAYS, WEEK).minutes_per_day is None


def test_where_nobody_is_named_the_fewest_who_could_have_done_the_work() -> None:
    found = staffing({}, days(1000, 1000, 1000, 1000, 1000), OFFICE, WEEK)
    assert (found.workers, found.minutes_per_day) == (3, None)  # 1,000 / 480
    assert found.workers_basis.startswith("guess")


def test_where_the_records_say_nothing_so_does_the_draft() -> None:
    assert staffing({}, {}, OFFICE, WEEK).workers is None
    assert staffing({}, {}, OFFICE, WEEK, is_lent_to=True).workers == 1


def test_who_is_at_work_on_which_day_counts_at_home(backend: Any) -> None:
    log = visits(
        """
        case | step   | worker | started   | ended
        ada  | triage | ann    | Mon 09:00 | 10:00
        ada  | advice | ann    | Mon 11:00 | Tue 10:00
        bob  | triage | bea    | Mon 09:00 | 10:00
        bob  | advice | cyd    | Wed 09:00 |
        cat  | advice | SYSTEM | Wed 09:00 |
        dan  | advice | cyd    |           | Fri 09:00
        """,
        backend=backend,
    )
    homes = {"ann": "desk", "bea": "desk", "cyd": "advisers"}
    assert people_by_day(log, homes, at("Thu 09:00")) == {
        "desk": {MONDAY: 2, MONDAY + 1: 1},
        "advisers": {MONDAY + 2: 1},
    }
    assert people_by_day(log, {}, at("Thu 09:00")) == {}


def test_minutes_that_nobody_could_have_worked_tell_nothing_about_people() -> None:
    """A slip in a column of minutes must not make a service of four million people."""
    assert staffing({}, days(480 * 10_000), OFFICE, WEEK).workers == 10_000
    assert staffing({}, days(2e9), OFFICE, WEEK).workers is None
