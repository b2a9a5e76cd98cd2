"""Hours that a plan with a trigger changes: what can be added up by hand. The slow simulator says the same of all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from millpond.model import Service
from millpond.planning.comparing import compare
from tests.unit.simulation.triggered import FRIDAY, clock, minutes, told, work

SATURDAY = {"pool": "team", "when": "backlog minutes", "above": 100, "for_days": 1}
"""The trigger of a plan that is called on Saturday, because work is left on Friday."""


def service(**parts: Any) -> Service:
    """One worker in the week, visits of a hundred minutes, eight of which come on Friday morning."""
    plain: dict[str, Any] = {
        "name": "a service",
        "timezone": "UTC",
        "calendars": {
            "week": {"hours": "Mon-Fri 09:00-17:00"},
            "six days": {"hours": "Mon-Fri 09:00-17:00, Sat 09:00-13:00"},
            "nights": {"hours": "Mon-Sun 00:00-08:00"},
        },
        "pools": {"team": {"calendar": "week", "workers": 1, "cost_per_hour": 30}},
        "streams": {"post": {"first_step": "work", "schedule": {"Fri 09:00": 8}}},
        "steps": {"work": {"pool": "team", "minutes": 100, "next": "closed"}},
        "plans": {"open": {**SATURDAY, "pools": {"team": {"calendar": "six days"}}}},
    }
    return Service.from_plain({**plain, **parts})


def post(count: int) -> dict[str, Any]:
    """So many visits come on Friday morning."""
    return {"post": {"first_step": "work", "schedule": {"Fri 09:00": count}}}


def test_on_a_saturday_that_a_trigger_opens_work_goes_on_where_friday_left_it() -> None:
    found = told(service())
    # 480 of the 800 minutes are done on Friday; 240 of the 320 left on Saturday; and 80 are too few for Sunday.
    assert work(found, "Fri")[-1] == "15:40-17:00 5 team 1"
    assert work(found, "Sat") == [
        "09:00-09:20 5 team 1",
        "09:20-11:00 6 team 1",
        "11:00-12:40 7 team 1",
        "12:40-13:00 8 team 1",
    ]
    assert work(found, "Mon") == ["09:00-10:20 8 team 1"]
    assert minutes(found, "capacity") == [480, 240, 0, 480, 480]
    assert minutes(found, "used") == [480, 240, 0, 80, 0]


def test_what_is_billed_is_what_was_open() -> None:
    found = compare(service(), FRIDAY, 7, replications=3, threads=1)
    change = found.plan("open").cost_change
    assert change is not None
    assert change.value == 4 * 30


def test_who_keeps_other_hours_than_the_pool_keeps_them() -> None:
    both = {"Ann": {"pool": "team"}, "Bob": {"pool": "team", "calendar": "week"}}
    # On Friday each does four, and 80 minutes of a fifth.
    found = told(service(workers=both, pools={"team": {"calendar": "week"}}, streams=post(12)))
    assert work(found, "Sat") == ["09:00-09:20 9 Ann", "09:20-11:00 11 Ann", "11:00-12:40 12 Ann"]
    assert work(found, "Mon") == ["09:00-09:20 10 Bob"]


def test_what_the_day_before_owes_comes_off_the_day_that_is_opened() -> None:
    pool = {"calendar": "week", "workers": 1, "minutes_per_day": 210}
    found = told(service(pools={"team": pool}))
    # Three visits on Friday, for 10 minutes are left of the budget after two: it is overdrawn by 90. Saturday's hours
    # hold its 210 minutes, of which 120 are left: two visits, and 80 too much.
    assert [line[12:] for line in work(found, "Fri")] == ["1 team 1", "2 team 1", "3 team 1"]
    assert work(found, "Sat") == ["09:00-10:40 4 team 1", "10:40-12:20 5 team 1"]
    # Sunday is called and closed, and gives nothing; on Monday 130 are left: two more.
    assert [line[12:] for line in work(found, "Mon")] == ["6 team 1", "7 team 1"]
    assert minutes(found, "capacity") == [210, 210, 0, 210, 210]


def test_what_two_do_together_goes_on_with_what_each_has_left() -> None:
    steps = {"work": {"pool": "team", "people": 2, "minutes": 600, "next": "closed"}}
    streams = {"post": {"first_step": "work", "schedule": {"Fri 15:00": 1}}}
    pools = {"team": {"calendar": "week", "workers": 2}}
    found = told(service(pools=pools, steps=steps, streams=streams))
    # Each gives ten hours: two on Friday, four on Saturday, and after hours have changed twice four on Monday.
    assert work(found, "Sat") == ["09:00-13:00 1 team 1", "09:00-13:00 1 team 2"]
    assert work(found, "Mon") == ["09:00-13:00 1 team 1", "09:00-13:00 1 team 2"]


def test_of_two_visits_that_go_on_in_new_hours_the_later_begun_is_broken_off() -> None:
    pools = {"team": {"calendar": "week", "workers": 2, "urgent_preempts": True}}
    steps = {"work": {"pool": "team", "minutes": 300, "next": "closed"}}
    streams = {
        "post": {"first_step": "work", "schedule": {"Fri 16:00": 1, "Fri 16:30": 1}},
        "calls": {"first_step": "work", "schedule": {"Sat 09:10": 1}, "share_urgent": 1},
    }
    found = told(service(pools=pools, steps=steps, streams=streams))
    # The second worker began at half past four, and takes the call at ten past nine.
    assert [spell.worker for spell in sorted(found.spells) if spell.stream == "calls"][:1] == ["team 2"]


def test_hours_that_begin_at_midnight_have_the_budget_of_their_day() -> None:
    pool = {"calendar": "week", "workers": 1, "minutes_per_day": 100}
    streams = {"post": {"first_step": "work", "schedule": {"Fri 16:00": 3}}}
    steps = {"work": {"pool": "team", "minutes": 150, "next": "closed"}}
    plan = {**SATURDAY, "pools": {"team": {"calendar": "nights"}}}
    found = told(service(pools={"team": pool}, streams=streams, steps=steps, plans={"nights": plan}))
    # Of the 100 minutes of Saturday 90 go to what Friday left; with the ten that remain one more is begun.
    assert work(found, "Fri") == ["16:00-17:00 1 team 1"]
    assert work(found, "Sat") == ["00:00-01:30 1 team 1", "01:30-04:00 2 team 1"]
    # Saturday then owes 140, for which the 100 of Sunday are not enough; on Monday 60 are left.
    assert work(found, "Sun") == []
    assert work(found, "Mon") == ["00:00-02:30 3 team 1"]


def test_a_visit_that_is_finished_in_overtime_goes_on_into_the_new_hours() -> None:
    pool = {"calendar": "week", "workers": 1, "at_closing": "finish"}
    plan = {**SATURDAY, "pools": {"team": {"calendar": "nights"}}}
    steps = {"work": {"pool": "team", "minutes": 600, "next": "closed"}}
    found = told(service(pools={"team": pool}, steps=steps, plans={"nights": plan}, streams=post(2)))
    # The first takes from nine to seven, two hours of them beyond five; the second begins at midnight, with the hours
    # of the night, and goes on for two hours beyond their end at eight.
    assert work(found, "Fri") == ["09:00-19:00 1 team 1"]
    assert work(found, "Sat") == ["00:00-10:00 2 team 1"]
    assert minutes(found, "used") == [480, 480, 0, 0, 0]
    assert minutes(found, "overtime") == [120, 120, 0, 0, 0]


def test_overtime_over_midnight_is_ordinary_time_once_the_new_hours_begin() -> None:
    pool = {"calendar": "week", "workers": 1, "at_closing": "finish"}
    plan = {**SATURDAY, "pools": {"team": {"calendar": "nights"}}}
    steps = {"work": {"pool": "team", "minutes": 1080, "next": "closed"}}
    found = told(service(pools={"team": pool}, steps=steps, plans={"nights": plan}, streams=post(1)))
    # Eighteen hours from nine: eight in hours, seven beyond them until midnight, three of the night.
    assert [spell.end - spell.start for spell in found.spells] == [1080 * 60_000]
    assert minutes(found, "used") == [480, 180, 0, 0, 0]
    assert minutes(found, "overtime") == [420, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("ann", "monday"),
    [
        ({}, ["09:00-09:40 19 Ann", "09:00-09:40 20 Bob"]),
        ({"leaves": date(2025, 6, 9)}, ["09:00-09:40 20 Bob", "09:40-10:20 19 Bob"]),
    ],
)
def test_who_has_no_hours_left_when_the_old_ones_hold_again_hands_back_what_is_in_hand(
    ann: dict[str, Any], monday: list[str]
) -> None:
    calendars = {"week": {"hours": "Mon-Fri 09:00-17:00"}, "all days": {"hours": "Mon-Sun 09:00-17:00"}}
    people = {"Ann": {"pool": "team", **ann}, "Bob": {"pool": "team"}}
    plan = {**SATURDAY, "pools": {"team": {"calendar": "all days"}}}
    parts = {
        "calendars": calendars,
        "workers": people,
        "pools": {"team": {"calendar": "week"}},
        "plans": {"open": plan},
    }
    found = told(service(**parts, streams=post(20)))
    # Both have the same on Saturday, also where Ann's last day in the week was Friday: she hands her ninth back then,
    # and is the first to take it up on Saturday. With 40 minutes left of two, Sunday is not called.
    assert work(found, "Sat")[:2] == ["09:00-09:20 9 Ann", "09:00-09:20 10 Bob"]
    assert work(found, "Sat")[-2:] == ["16:00-17:00 19 Ann", "16:00-17:00 20 Bob"]
    assert work(found, "Sun") == []
    assert work(found, "Mon") == monday


def test_what_a_midnight_brings_about_comes_before_what_was_next_without_it() -> None:
    made = service(
        calendars={"week": {"hours": "Mon-Fri 09:00-17:00"}, "all days": {"hours": "Mon-Sun 09:00-17:00"}},
        pools={"team": {"calendar": "week"}, "front": {"calendar": "all days", "workers": 1}},
        workers={name: {"pool": "team", "leaves": date(2025, 6, 9)} for name in ("Ann", "Bob")},
        steps={
            "work": {"pool": "team", "people": 2, "minutes": 600, "next": "note"},
            "note": {"minutes": 1, "next": "check"},
            "check": {"pool": "front", "minutes": 10, "next": "closed"},
        },
        streams={
            "letters": {"first_step": "check", "schedule": {"Fri 20:00": 1, "Sun 08:00": 1}},
            "post": {"first_step": "work", "schedule": {"Sat 16:00": 1}},
        },
        plans={
            "open": {
                "pool": "front",
                "when": "waiting visits",
                "above": 0,
                "for_days": 1,
                "pools": {"team": {"calendar": "all days"}},
            }
        },
    )
    # Both leave at Sunday's midnight, which ends what they did together. The note takes a minute, so that the check
    # stands before that of the letter of eight o'clock, which was next until then.
    ways = [(visit.step, clock(visit.started), clock(visit.ended)) for visit in told(made).visits[1:]]
    assert ways == [
        ("work", "Sat 16:00", "Sun 00:00"),
        ("note", "Sun 00:00", "Sun 00:01"),
        ("check", "Sun 09:00", "Sun 09:10"),
        ("check", "Sun 09:10", "Sun 09:20"),
    ]
