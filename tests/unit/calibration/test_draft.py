"""A whole first service from logs of which anybody would say what the service is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from millpond.calibration.draft import MOST_STEPS, Draft, draft_service
from millpond.errors import FaultyService
from millpond.measures.four import VisitLog, measure
from millpond.measures.overview import overview
from millpond.model import Service, parse_service
from tests.tables import at, empty_spells, visits

NOW = at("2026-01-01 12:00")


def draft(text: str, *, zone: str = "Europe/London", holidays: str | None = "GB-ENG", backend: Any = None) -> Draft:
    table = visits(text, zone=zone, backend=backend)
    made = draft_service(table, name="Northshire", timezone=zone, holidays=holidays, now_us=NOW)
    assert parse_service(made.text) == made.service
    assert made.notes
    return made


def victim_support(weeks: int = 10) -> str:
    """Two coordinators triage 8 people a day for 30 minutes each; three advisers see 6 of them for an hour each."""
    rows = ["case | step | joined | started | ended | worker | stream | outcome"]
    monday = date(2025, 6, 2)
    for day in (monday + timedelta(days=n) for n in range(7 * weeks)):
        if day.weekday() > 4 or day == date(2025, 8, 25):  # the late summer bank holiday
            continue
        for n in range(8):
            case = f"{day}-{n}"
            hour = 9 + n
            stream = "police" if n < 4 else "self"
            declined = "withdrawn" if n > 5 else ""
            rows.append(
                f"{case} | triage | {day} 08:55 | {day} {hour:02}:00 | {day} {hour:02}:30 | Coordinator {n % 2 + 1} "
                f"| {stream} | {declined}"
            )
            if n < 6:
                rows.append(
                    f"{case} | advocacy | {day} {hour:02}:30 | {day} {hour + 1:02}:00 | {day} {hour + 2:02}:00 "
                    f"| adviser {'abc'[n % 3]} | {stream} | helped"
                )
    return "\n".join(rows)


@pytest.fixture(scope="module")
def made() -> Draft:
    return draft(victim_support(weeks=13))


def test_the_steps_their_pools_and_where_cases_go(made: Draft) -> None:
    steps = made.service.steps
    assert list(steps) == ["triage", "advocacy"]
    assert {name: step.pool for name, step in steps.items()} == {
        "triage": "Coordinator",
        "advocacy": "pool of advocacy",
    }
    assert steps["triage"].next == {"advocacy": 0.75, "withdrawn": 0.25}
    assert steps["advocacy"].next == {"helped": 1.0}
    assert made.service.outcomes == ("helped",)


def test_planned_minutes_workers_and_hours(made: Draft) -> None:
    assert {name: step.minutes for name, step in made.service.steps.items()} == {"triage": 30, "advocacy": 60}
    assert {name: (pool.workers, pool.minutes_per_day) for name, pool in made.service.pools.items()} == {
        "Coordinator": (2, None),
        "pool of advocacy": (3, None),
    }
    (calendar,) = made.service.calendars.values()
    assert (calendar.hours, calendar.holidays) == ("Mon-Fri 09:00-17:00", True)


def test_streams(made: Draft) -> None:
    # 64 days from 2 June to 29 August, with 4 of each a day; the first arrival to the last are 89 days
    assert {name: (each.first_step, each.per_week) for name, each in made.service.streams.items()} == {
        "police": ("triage", 20.1),
        "self": ("triage", 20.1),
    }


def test_the_text_says_what_is_estimated(made: Draft) -> None:
    assert made.text.startswith("# A first description of the service, drafted from 896 visits of 512 cases, the last")
    assert "# Correct first," in made.text
    assert "workers = 2  # estimate: the median of the people at work on 64 days\n" in made.text
    assert "minutes = 60  # mean of 384 visits\n" in made.text
    assert "per_week = 20.1  # estimate from 256 cases\n" in made.text


def test_the_notes_are_sentences_with_what_to_correct_first(made: Draft) -> None:
    assert made.notes[0] == "2 steps and 2 pools, drafted from 896 visits of 512 cases."
    assert made.notes[1].startswith("Workers are estimates: 2 in 'Coordinator', 3 in 'pool of advocacy'. Correct them")
    assert all(note.endswith(".") for note in made.notes)


def test_the_draft_can_be_measured_without_a_touch(made: Draft) -> None:
    log = visits(victim_support(weeks=1))
    seen = overview(log, empty_spells(), NOW)
    found = measure(VisitLog(log, empty_spells(), (), seen), made.service, by="day", as_of_us=seen.last_us or 0)
    monday = {row.pool: row for row in found.rows if row.period == "2025-06-02"}
    desk, advisers = monday["Coordinator"], monday["pool of advocacy"]
    assert (desk.demand, desk.capacity) == (180 + 60, 960)  # two withdrawn after 30 minutes each
    assert (advisers.demand, advisers.capacity) == (360, 3 * 480)


def test_postgresql_drafts_the_same(postgres_backend: Any) -> None:
    text = victim_support(weeks=3)
    assert draft(text, backend=postgres_backend) == draft(text)


def test_work_on_bank_holidays_keeps_the_calendar_open() -> None:
    text = victim_support(weeks=13).replace("2025-08-22", "2025-08-25")  # a Friday's work is done on the Monday
    (calendar,) = draft(text).service.calendars.values()
    assert calendar.holidays is False


def test_a_pool_that_works_at_night_has_hours_of_its_own() -> None:
    rows = ["case | step | started | ended | worker"]
    for n in range(70):
        day, following = date(2025, 3, 3) + timedelta(days=n), date(2025, 3, 4) + timedelta(days=n)
        if day.weekday() < 5:
            rows += [
                f"d{n}-{hour} | desk | {day} {hour:02}:10 | {day} {hour:02}:50 | clerk" for hour in (9, 11, 13, 15, 16)
            ]
        rows += [f"n{n}-{hour} | night line | {day} {hour}:10 | {day} {hour}:50 | owl" for hour in (22, 23)]
        rows += [
            f"n{n}-{hour} | night line | {following} 0{hour}:10 | {following} 0{hour}:50 | owl" for hour in range(4)
        ]
    service = draft("\n".join(rows), holidays=None).service
    hours = {name: service.calendar_of(pool).hours for name, pool in service.pools.items()}
    assert hours == {"pool of desk": "Mon-Fri 09:00-17:00", "pool of night line": "Mon-Sun 22:00-04:00"}
    assert len(service.calendars) == 2


def test_local_hours_are_those_of_the_zone_and_an_end_on_the_stroke_is_before_it() -> None:
    rows = [
        f"{n}-{hour} | call | {date(2025, 3, 3) + timedelta(days=n)} {hour:02}:00 "
        f"| {date(2025, 3, 3) + timedelta(days=n)} {hour + 1:02}:00 | ann"
        for n in range(28)
        for hour in range(9, 17)
        if n % 7 < 5
    ]
    text = "case | step | started | ended | worker\n" + "\n".join(rows)
    for zone in ("Europe/London", "Asia/Kolkata", "America/St_Johns"):
        (calendar,) = draft(text, zone=zone, holidays=None).service.calendars.values()
        assert calendar.hours == "Mon-Fri 09:00-17:00"


def test_a_log_of_single_timestamps_asks_for_planned_minutes() -> None:
    made = draft("case | step | ended | worker\nada | triage | Mon 10:00 | ann\nada | advice | Tue 10:00 | bob")
    assert {step.minutes for step in made.service.steps.values()} == {None}
    assert {pool.workers for pool in made.service.pools.values()} == {1}
    assert any("give each step its planned 'minutes'" in note for note in made.notes)


def test_a_log_of_people_who_only_wait_is_described() -> None:
    made = draft("case | step | joined\nada | triage | Mon 10:00\nbob | triage | Tue 10:00")
    assert list(made.service.steps) == ["triage"]
    assert made.service.pools["team"].workers is None
    assert "The records do not say how many work here." in made.text
    assert "No case is finished yet, so where cases go from each step is a guess." in made.notes


def test_an_empty_log_and_one_in_the_future_describe_nothing() -> None:
    for text in ("case | step | joined", "case | step | joined\nada | triage | 2030-01-01 09:00"):
        made = draft(text)
        assert made.service == Service(name="Northshire", holidays="GB-ENG")


def test_a_step_with_the_name_of_an_outcome_is_left_out_and_told() -> None:
    made = draft("case | step | started | ended\nada | triage | Mon 09:00 | 09:30\nada | closed | Mon 09:30 | 09:40")
    assert list(made.service.steps) == ["triage"]
    assert any("The records have steps called 'closed'" in note for note in made.notes)


def test_names_that_toml_must_quote() -> None:
    made = draft(
        """
        case | step            | started   | ended | worker
        ada  | "first" #1 [a]. | Mon 09:00 | 09:30 | ann
        ada  | zweite = Prüfung | Mon 09:30 | 09:40 | bob
        """
    )
    assert list(made.service.steps) == ['"first" #1 [a].', "zweite = Prüfung"]


def test_with_hundreds_of_steps_the_most_frequent_are_described() -> None:
    rows = [f"c{n} | step {n % 600:03} | 2025-01-06 09:00 | 2025-01-06 09:30 | w{n % 40}" for n in range(1200)]
    rows += [f"d{n} | step 599 | 2025-01-06 09:00 | 2025-01-06 09:30 | w1" for n in range(5)]
    made = draft("case | step | started | ended | worker\n" + "\n".join(rows))
    assert len(made.service.steps) == MOST_STEPS
    assert "step 599" in made.service.steps
    assert any(note.startswith("100 steps of the records, the rarest, have no entry") for note in made.notes)


def test_a_wrong_zone_or_name_is_refused() -> None:
    with pytest.raises(FaultyService):
        draft("case | step | joined", holidays="GB")
    table = visits("case | step | joined")
    with pytest.raises(FaultyService):
        draft_service(table, name=" ", timezone="Europe/London", holidays=None, now_us=NOW)
