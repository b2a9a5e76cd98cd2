"""Opening hours in words, as tables."""

from __future__ import annotations

import pytest

from millpond.errors import FaultyService
from millpond.model import Calendar
from millpond.model.hours import DAYS, minutes_open


def _weekly(hours: str) -> str:
    """The week as text: days that are open with their spans, as on a door."""
    return "; ".join(
        f"{day} " + " ".join(f"{_clock(opening)}-{_clock(closing)}" for opening, closing in spans)
        for day, spans in zip(DAYS, Calendar(hours=hours).weekly, strict=True)
        if spans
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@pytest.mark.parametrize(
    ("hours", "week"),
    [
        ("Mon 09:00-17:00", "Mon 09:00-17:00"),
        ("Mon 9:00-17:30", "Mon 09:00-17:30"),
        ("Mon-Wed 09:00-17:00", "Mon 09:00-17:00; Tue 09:00-17:00; Wed 09:00-17:00"),
        ("Mon,Wed 09:00-12:00", "Mon 09:00-12:00; Wed 09:00-12:00"),
        ("Mon, Wed-Thu , Sun 09:00-12:00", "Mon 09:00-12:00; Wed 09:00-12:00; Thu 09:00-12:00; Sun 09:00-12:00"),
        ("Mon 09:00-12:30, Mon 13:30-17:00", "Mon 09:00-12:30 13:30-17:00"),
        ("Mon 09:00-12:30, 13:30-17:00", "Mon 09:00-12:30 13:30-17:00"),
        ("Mon 13:30-17:00, Mon 09:00-12:30", "Mon 09:00-12:30 13:30-17:00"),
        ("Mon 09:00-12:30, 13:30-17:00, Tue 10:00-11:00", "Mon 09:00-12:30 13:30-17:00; Tue 10:00-11:00"),
        ("Mon 09:00-13:00, Mon 12:00-17:00", "Mon 09:00-17:00"),
        ("Mon 09:00-12:00, Mon 12:00-17:00", "Mon 09:00-17:00"),
        ("Mon 09:00-17:00, Mon 10:00-11:00", "Mon 09:00-17:00"),
        ("Fri-Mon 10:00-14:00", "Mon 10:00-14:00; Fri 10:00-14:00; Sat 10:00-14:00; Sun 10:00-14:00"),
        ("Sat 22:00-02:00", "Sat 22:00-24:00; Sun 00:00-02:00"),
        ("Sun 22:00-02:00", "Mon 00:00-02:00; Sun 22:00-24:00"),
        ("Fri-Sat 22:00-02:00", "Fri 22:00-24:00; Sat 00:00-02:00 22:00-24:00; Sun 00:00-02:00"),
        ("Mon 17:00-00:00", "Mon 17:00-24:00"),
        ("Mon 00:00-24:00", "Mon 00:00-24:00"),
        ("Monday 09:00-17:00", "Mon 09:00-17:00"),
        ("MON – tues 09:00 – 17:00", "Mon 09:00-17:00; Tue 09:00-17:00"),
        (" Mon  09:00-17:00 ", "Mon 09:00-17:00"),
    ],
)
def test_hours_are_read(hours: str, week: str) -> None:
    assert _weekly(hours) == week


def test_always_open_is_every_minute_of_the_week() -> None:
    week = Calendar(hours="Mon-Sun 00:00-24:00").weekly
    assert week == (((0, 1440),),) * 7
    assert minutes_open(week) == 10_080


def test_an_office_week_has_its_minutes() -> None:
    assert minutes_open(Calendar(hours="Mon-Thu 09:00-17:00, Fri 09:00-16:00").weekly) == 4 * 480 + 420


@pytest.mark.parametrize(
    ("hours", "what", "cure"),
    [
        ("", "is blank", "Write days and times"),
        ("   ", "is blank", "Write days and times"),
        ("Mon 09:00-17:00,", "has nothing where days and times belong", "Write days and times"),
        ("Mon-Fri", "has Mon without times", "Write days and times"),
        ("Mon 09:00-10:00, Tue", "has Tue without times", "Write days and times"),
        ("09:00-17:00", 'has the times "09:00-17:00" without a day', "Write days and times"),
        ("Mon-Fry 09:00-17:00", 'has "Fry", which is not a day', 'Did you mean "Fri'),
        ("Mondey 09:00-17:00", 'has "Mondey", which is not a day', 'Did you mean "Monday"?'),
        ("Mon-Mon 09:00-17:00", 'has the days "Mon-Mon", which may mean', '"Mon-Sun" for the whole week'),
        ("Mon Tue 09:00-17:00", 'has "Mon Tue", which cannot be read as days', "Write days and times"),
        ("Mon-Wed-Fri 09:00-17:00", 'has "Mon-Wed-Fri", which cannot be read as days', "Write days and times"),
        ("Mon 9-17", 'has "9-17", which cannot be read as an opening', "24-hour clock"),
        ("Mon 9am-5pm", 'has "9am-5pm", which cannot be read as an opening', "24-hour clock"),
        ("Mon 09:00", 'has "09:00", which cannot be read as an opening', "24-hour clock"),
        ("Mon 09:00-17:00 Tue 09:00-17:00", "which cannot be read as an opening", "24-hour clock"),
        ("Mon 09:00-24:01", 'has "09:00-24:01", which is not on the clock', "24:00"),
        ("Mon 09:60-10:00", 'has "09:60-10:00", which is not on the clock', "00:00 to 23:59"),
        ("Mon 24:00-10:00", 'has "24:00-10:00", which is not on the clock', "00:00 to 23:59"),
        ("Mon 09:00-09:00", "opens and closes at the same time", "00:00-24:00"),
        ("Mon 00:00-00:00", "opens and closes at the same time", "00:00-24:00"),
        ("Mon 1" + "-1" * 200_000 + " x", "is too long to be hours", "Write days and times"),
    ],
)
def test_hours_that_cannot_be_read_say_how_to_write_them(hours: str, what: str, cure: str) -> None:
    with pytest.raises(FaultyService) as caught:
        Calendar(hours=hours)
    (fault,) = caught.value.faults
    assert fault.where == "hours"
    assert what in fault.what
    assert cure in fault.cure
