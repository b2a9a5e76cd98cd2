"""Opening hours from events by weekday and hour."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from millpond.calibration.hours import Events, opening_hours
from millpond.model import Calendar
from millpond.model.hours import DAYS

WEEKS = 10


def events(*busy: tuple[str, int, int, int], dated: int = 0, weeks: float = WEEKS) -> Events:
    """Events: on these days, from an hour up to another, so many in each hour."""
    by_hour = np.zeros((7, 24))
    for days, first, last, count in busy:
        begin, _, end = days.partition("-")
        for day in range(DAYS.index(begin), DAYS.index(end or begin) + 1):
            by_hour[day, first:last] += count
    return Events(by_hour, np.full(7, float(dated)), np.full(7, float(weeks)))


OFFICE = ("Mon-Fri", 9, 17, 20)


@pytest.mark.parametrize(
    ("found", "hours"),
    [
        (events(OFFICE), "Mon-Fri 09:00-17:00"),
        # 3 of 163 events a day are within the 5% that may lie outside
        (events(OFFICE, ("Mon-Fri", 20, 23, 1)), "Mon-Fri 09:00-17:00"),
        # 2 events on Saturdays where an average day has 115 (802 / 7) are under 2%: closed
        (events(OFFICE, ("Sat", 10, 12, 1)), "Mon-Fri 09:00-17:00"),
        (events(OFFICE, ("Sat", 10, 13, 20)), "Mon-Fri 09:00-17:00, Sat 10:00-13:00"),
        (events(("Mon-Thu", 9, 17, 40), ("Fri", 9, 16, 40)), "Mon-Thu 09:00-17:00, Fri 09:00-16:00"),
        (events(("Mon", 9, 17, 20), ("Wed", 9, 17, 20)), "Mon 09:00-17:00, Wed 09:00-17:00"),
        (events(("Mon-Sun", 0, 24, 5)), "Mon-Sun 00:00-24:00"),
        (events(("Mon-Fri", 0, 24, 5)), "Mon-Fri 00:00-24:00"),
        # quiet nights, but never without work
        (events(("Mon-Sun", 0, 24, 2), ("Mon-Sun", 8, 20, 8)), "Mon-Sun 00:00-24:00"),
        (events(("Mon-Sun", 18, 24, 10), ("Mon-Sun", 0, 2, 10)), "Mon-Sun 18:00-02:00"),
        # the early hours of Saturday belong to Friday's night
        (events(("Mon-Fri", 22, 24, 30), ("Tue-Sat", 0, 6, 30)), "Mon-Fri 22:00-06:00"),
        (events(("Mon-Fri", 16, 24, 30)), "Mon-Fri 16:00-24:00"),
    ],
)
def test_hours_that_anybody_would_read_off_the_table(found: Events, hours: str) -> None:
    assert opening_hours(found).hours == hours


def test_chance_at_the_edges_of_a_weekday_moves_nothing() -> None:
    # From eight to nine there are 120 of Thursday's 1,720 events, more than the 5% that may lie outside, and 60 of
    # the 1,660 of each other day, which are fewer. That is busier on Thursday, but not so much that it opens earlier.
    found = events(("Mon-Fri", 9, 17, 200), ("Mon-Fri", 8, 9, 60), ("Thu", 8, 9, 60))
    assert opening_hours(found).hours == "Mon-Fri 09:00-17:00"


def test_an_hour_in_which_hardly_anybody_still_works_is_open_and_one_with_next_to_nothing_is_not() -> None:
    # 50 of 1,450 events, fewer than the 5% that may lie outside, but a quarter of those of other hours.
    assert opening_hours(events(("Mon-Fri", 9, 16, 200), ("Mon-Fri", 16, 17, 50))).hours == "Mon-Fri 09:00-17:00"
    assert opening_hours(events(("Mon-Fri", 9, 16, 200), ("Mon-Fri", 16, 17, 15))).hours == "Mon-Fri 09:00-16:00"


def test_few_events_say_nothing_and_hours_are_assumed_wide_enough() -> None:
    few = opening_hours(events(("Mon-Tue", 8, 12, 2)))
    assert few.hours == "Mon-Fri 08:00-17:00"
    assert few.basis.startswith("assumed")
    assert opening_hours(events(("Sat", 10, 12, 2))).hours == "Mon-Sun 09:00-17:00"


def test_times_without_a_time_of_day_tell_only_the_weekdays() -> None:
    found = events()
    found.dated[:5] = 100
    opening = opening_hours(found)
    assert opening.hours == "Mon-Fri 09:00-17:00"
    assert "no event with a time of day" in opening.basis
    found.dated[5] = 60
    assert opening_hours(found).hours == "Mon-Sat 09:00-17:00"


def test_records_of_a_few_days_do_not_close_the_weekdays_they_lack() -> None:
    found = events(("Mon-Wed", 9, 17, 20), weeks=3 / 7)
    assert opening_hours(found).hours == "Mon-Fri 09:00-17:00"


def test_an_open_day_with_little_work_is_named() -> None:
    # Saturday has 24 events; the mean of the six open days is (5 x 160 + 24) / 6.
    opening = opening_hours(events(OFFICE, ("Sat", 9, 17, 3)))
    assert opening.hours == "Mon-Sat 09:00-17:00"
    ((day, share),) = opening.quiet
    assert (day, round(share, 6)) == ("Sat", round(24 * 6 / 824, 6))


def test_the_share_of_events_outside_hours() -> None:
    opening = opening_hours(events(("Mon-Fri", 18, 24, 30), ("Tue-Sat", 0, 2, 30)))
    assert opening.hours == "Mon-Fri 18:00-02:00"
    # On Saturday 00:00 to 02:00 is Friday's shift; on Monday it is nobody's.
    assert opening.outside(events(("Sat", 1, 3, 10))) == 0.5
    assert opening.outside(events(("Mon", 1, 2, 10))) == 1.0
    assert opening.outside(events()) == 0.0


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 23), st.integers(1, 500)), max_size=60),
    st.integers(0, 100),
    st.integers(0, 60),
)
def test_whatever_the_events_the_hours_can_be_written_and_read(
    busy: list[tuple[int, int, int]], dated: int, weeks: int
) -> None:
    found = events(dated=dated, weeks=weeks)
    for day, hour, count in busy:
        found.by_hour[day, hour] += count
    opening = opening_hours(found)
    assert Calendar(hours=opening.hours).weekly
    # the hours in words are the runs, but for a whole day, which may overlap the night before
    written = sum(close - open_ for day in Calendar(hours=opening.hours).weekly for open_, close in day)
    assert written == sum(opening.minutes_open) or (0, 24) in opening.runs
