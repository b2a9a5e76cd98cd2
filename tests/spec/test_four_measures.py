"""Demand, capacity, activity and backlog, in tables that a person can check by hand, on DuckDB and on PostgreSQL."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from millpond.model import StaffingChange
from tests.spec.given import measured, service, shift, shows

OFFICE = """
    [calendars.office]
    hours = "Mon-Fri 09:00-17:00"
    [pools.advocates]
    workers = 2
    minutes_per_day = 240
    [steps.advocacy]
    pool = "advocates"
    minutes = 60
"""


def test_what_joins_is_demand_what_is_worked_is_activity_and_the_rest_is_backlog(backend: Any) -> None:
    log = """
        case | step     | joined    | started   | ended     | minutes
        ada  | advocacy | Mon 09:00 | Mon 10:00 | Mon 11:00 | 60
        bob  | advocacy | Mon 09:30 | Tue 09:00 | Tue 09:30 | 25
        cyd  | advocacy | Tue 12:00 |           |           |
    """
    shows(
        measured(service(OFFICE), log, backend=backend),
        """
        period     | demand | capacity | activity | backlog | demand_visits | activity_visits | backlog_visits
        2025-01-06 | 85     | 480      | 60       | 25      | 2             | 1               | 1
        2025-01-07 | 60     | 480      | 25       | 60      | 1             | 1               | 1
        """,
    )


def test_the_opening_backlog_comes_before_the_first_day() -> None:
    of = service(
        OFFICE.replace("minutes_per_day", "opening_backlog = 1200\nopening_backlog_visits = 20\nminutes_per_day")
    )
    log = """
        case | step     | joined    | started   | ended     | minutes
        ada  | advocacy | Mon 09:00 | Mon 10:00 | Mon 11:00 | 60
    """
    shows(measured(of, log), "period | backlog | backlog_visits\n 2025-01-06 | 1200 | 20")


def test_periods_in_which_nothing_happens_are_zeros() -> None:
    log = """
        case | step     | joined    | started   | ended     | minutes
        ada  | advocacy | Fri 09:00 | Fri 10:00 | Fri 11:00 | 60
        bob  | advocacy | 2025-01-13 09:00 | 2025-01-13 10:00 | 2025-01-13 11:00 | 60
    """
    shows(
        measured(service(OFFICE), log),
        """
        period     | demand | capacity | activity | backlog
        2025-01-10 | 60     | 480      | 60       | 0
        2025-01-11 | 0      | 0        | 0        | 0
        2025-01-12 | 0      | 0        | 0        | 0
        2025-01-13 | 60     | 480      | 60       | 0
        """,
    )


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("week", "period | demand | activity | backlog\n 2024-12-30 | 60 | 0 | 60\n 2025-01-06 | 0 | 60 | 0"),
        ("month", "period | demand | activity | backlog\n 2025-01 | 60 | 60 | 0"),
    ],
)
def test_weeks_begin_on_monday_and_may_belong_to_two_years(by: str, expected: str) -> None:
    log = """
        case | step     | joined           | started          | ended            | minutes
        ada  | advocacy | 2025-01-01 09:00 | 2025-01-06 10:00 | 2025-01-06 11:00 | 60
    """
    shows(measured(service(OFFICE), log, by=by), expected)


def test_a_visit_across_the_end_of_the_year_is_demand_in_one_and_activity_in_both() -> None:
    log = """
        case | step     | joined           | started          | ended            | minutes
        ada  | advocacy | 2024-12-31 09:00 | 2024-12-31 16:00 | 2025-01-01 10:00 | 60
    """
    # No bank holidays are kept, so the visit spans one working hour on each side of midnight.
    shows(
        measured(service(OFFICE), log, by="month"),
        "period | demand | activity | backlog\n 2024-12 | 60 | 30 | 30\n 2025-01 | 0 | 30 | 0",
    )


def test_work_is_spread_over_working_time_around_a_closure(backend: Any) -> None:
    of = service('holidays = "GB-ENG"\n' + OFFICE)
    # Thursday 17 April 16:00 to Tuesday 22 April 10:00 holds two working hours: Good Friday, the weekend and Easter
    # Monday are closed.
    log = """
        case | step     | joined           | started          | ended            | minutes
        ada  | advocacy | 2025-04-17 15:00 | 2025-04-17 16:00 | 2025-04-22 10:00 | 50
    """
    shows(
        measured(of, log, backend=backend),
        """
        period     | capacity | activity | backlog
        2025-04-17 | 480      | 25       | 25
        2025-04-18 | 0        | 0        | 25
        2025-04-19 | 0        | 0        | 25
        2025-04-20 | 0        | 0        | 25
        2025-04-21 | 0        | 0        | 25
        2025-04-22 | 480      | 25       | 0
        """,
    )


def test_bank_holidays_are_those_of_the_subdivision() -> None:
    log = """
        case | step     | joined           | started | ended | minutes
        ada  | advocacy | 2025-04-21 09:00 |         |       |
        bob  | advocacy | 2025-04-22 09:00 |         |       |
    """
    of = service('holidays = "GB-SCT"\n' + OFFICE)
    shows(measured(of, log), "period | capacity\n 2025-04-21 | 480\n 2025-04-22 | 480")


@pytest.mark.parametrize(
    ("day", "hours", "labels"),
    [
        ("2025-03-30", 23, ("2025-03-30T00:00+00:00", "2025-03-30T02:00+01:00")),
        ("2025-10-26", 25, ("2025-10-26T01:00+01:00", "2025-10-26T01:00+00:00")),
    ],
)
def test_a_day_on_which_the_clocks_change_has_another_number_of_hours(
    day: str, hours: int, labels: tuple[str, str], backend: Any
) -> None:
    of = service(OFFICE.replace("Mon-Fri 09:00-17:00", "Mon-Sun 00:00-24:00").replace("minutes_per_day = 240", ""))
    log = f"""
        case | step     | joined      | started     | ended       | minutes
        ada  | advocacy | {day} 00:00 | {day} 00:00 | {day} 23:59 | 60
    """
    by_hour = measured(of, log, by="hour", backend=backend)
    assert len(by_hour.rows) == hours
    assert set(labels) <= {row.period for row in by_hour.rows}
    assert sum(row.activity for row in by_hour.rows) == pytest.approx(60)
    assert all(row.capacity == 120 for row in by_hour.rows)
    shows(measured(of, log, backend=backend), f"period | capacity | activity\n {day} | {hours * 120} | 60")


def test_working_time_across_a_clock_change_is_counted_on_the_clock_of_the_pool() -> None:
    of = service(OFFICE.replace("Mon-Fri 09:00-17:00", "Mon-Sun 22:00-06:00"))
    # The night of 25 October has nine hours of work; from 22:00 to 06:00, local time. No minutes are recorded.
    log = """
        case | step     | joined           | started          | ended            | worker
        ada  | advocacy | 2025-10-25 22:00 | 2025-10-25 22:00 | 2025-10-26 06:00 | w1
    """
    result = measured(of, log)
    assert sum(row.demand for row in result.rows) == 9 * 60
    assert [row.activity for row in result.rows] == [120, 420]


def test_work_that_falls_in_no_working_time_counts_by_elapsed_time() -> None:
    log = """
        case | step     | joined    | started   | ended     | worker
        ada  | advocacy | Sat 10:00 | Sat 10:00 | Sat 10:40 | w1
    """
    result = measured(service(OFFICE), log)
    shows(result, "period | demand | activity | backlog\n 2025-01-11 | 40 | 40 | 0")
    assert "1 from elapsed time from start to end" in result.notes[0]


def test_where_one_worker_is_on_several_visits_the_time_is_shared_equally(backend: Any) -> None:
    log = """
        case | step     | joined    | started   | ended     | worker
        ada  | advocacy | Mon 09:00 | Mon 09:00 | Mon 11:00 | w1
        bob  | advocacy | Mon 09:00 | Mon 10:00 | Mon 12:00 | w1
        cyd  | advocacy | Mon 09:00 | Mon 09:00 | Mon 12:00 | w2
    """
    # w1: an hour alone with ada, an hour shared, an hour alone with bob: 90 minutes each. w2: three hours.
    shows(measured(service(OFFICE), log, backend=backend), "period | demand | activity\n 2025-01-06 | 360 | 360")


def test_a_visit_that_starts_as_it_ends_needs_its_planned_minutes() -> None:
    log = """
        case | step     | joined    | started   | ended
        ada  | advocacy | Mon 09:00 | Mon 10:00 | Mon 10:00
    """
    result = measured(service(OFFICE), log)
    shows(result, "period | demand | activity\n 2025-01-06 | 60 | 60")
    assert "1 from planned minutes" in result.notes[0]


def test_a_visit_whose_start_is_unknown_is_worked_at_its_end() -> None:
    log = """
        case | step     | joined    | started | ended     | minutes
        ada  | advocacy | Mon 09:00 |         | Wed 10:00 | 45
    """
    shows(
        measured(service(OFFICE), log),
        "period|demand|activity|backlog\n2025-01-06|45|0|45\n2025-01-07|0|0|45\n2025-01-08|0|45|0",
    )


def test_who_leaves_before_being_seen_is_withdrawn_and_no_activity(backend: Any) -> None:
    log = """
        case | step     | joined    | started | ended     | outcome
        ada  | advocacy | Mon 09:00 |         | Tue 10:00 | withdrawn
    """
    shows(
        measured(service(OFFICE), log, backend=backend),
        """
        period     | demand | activity | withdrawn | backlog | withdrawn_visits | backlog_visits
        2025-01-06 | 60     | 0        | 0         | 60      | 0                | 1
        2025-01-07 | 0      | 0        | 60        | 0       | 1                | 0
        """,
    )


def test_who_leaves_half_way_takes_the_rest_of_the_work_away() -> None:
    log = """
        visit | case | step     | joined    | started   | ended     | outcome   | minutes
        v1    | ada  | advocacy | Mon 09:00 | Mon 10:00 | Tue 10:00 | withdrawn | 60
    """
    work = """
        visit | worker | starts    | ends      | minutes
        v1    | w1     | Mon 10:00 | Mon 10:20 | 20
    """
    shows(
        measured(service(OFFICE), log, work=work),
        "period|demand|activity|withdrawn|backlog\n2025-01-06|60|20|0|40\n2025-01-07|0|0|40|0",
    )


def test_spells_say_when_the_work_was_done_and_how_much(backend: Any) -> None:
    log = """
        visit | case | step     | joined    | started   | ended
        v1    | ada  | advocacy | Mon 09:00 | Mon 10:00 | Wed 10:00
        v2    | bob  | advocacy | Mon 09:00 | Tue 10:00 |
    """
    work = """
        visit | worker | starts    | ends      | minutes
        v1    | w1     | Mon 10:00 | Mon 10:30 |
        v1    | w1     | Wed 09:30 | Wed 10:00 | 15
        v2    | w2     | Tue 16:30 | Tue 17:00 | 30
    """
    shows(
        measured(service(OFFICE), log, work=work, backend=backend),
        "period|demand|activity|backlog\n2025-01-06|105|30|75\n2025-01-07|0|30|45\n2025-01-08|0|15|30",
    )


def test_recorded_minutes_win_over_spells_which_only_say_when() -> None:
    log = """
        visit | case | step     | joined    | started   | ended     | minutes
        v1    | ada  | advocacy | Mon 09:00 | Mon 10:00 | Tue 10:00 | 90
    """
    work = """
        visit | worker | starts    | ends      | minutes
        v1    | w1     | Mon 10:00 | Mon 10:20 | 20
        v1    | w1     | Tue 09:50 | Tue 10:00 | 10
    """
    shows(measured(service(OFFICE), log, work=work), "period|activity\n2025-01-06|60\n2025-01-07|30")


def test_an_open_visit_needs_its_planned_minutes_or_what_it_has_had() -> None:
    log = """
        case | step     | joined    | started   | ended | worker
        ada  | advocacy | Mon 09:00 | Mon 09:00 |       | w1
        bob  | advocacy | Mon 09:00 | Tue 10:00 |       | w2
    """
    # ada: eight hours on Monday and 80 minutes on Tuesday have passed, but a worker gives 240 minutes a day, so she has
    # had 480, spread over those 560 minutes. bob needs his 60, of which he has had 20.
    shows(
        measured(service(OFFICE), log, as_of="2025-01-07 10:20"),
        """
        period     | demand | activity | backlog
        2025-01-06 | 540    | 411.429  | 128.571
        2025-01-07 | 0      | 88.571   | 40
        """,
    )


def test_nothing_after_the_end_of_the_series_is_known(backend: Any) -> None:
    log = """
        case | step     | joined    | started   | ended     | minutes | outcome
        ada  | advocacy | Mon 09:00 | Tue 10:00 | Tue 11:00 | 25      |
        bob  | advocacy | Mon 09:00 |           | Tue 11:00 |         | withdrawn
        cyd  | advocacy | Tue 09:00 | Tue 10:00 | Tue 11:00 | 25      |
    """
    shows(
        measured(service(OFFICE), log, as_of="2025-01-06 17:00", backend=backend),
        "period|demand|activity|withdrawn|backlog|backlog_visits\n2025-01-06|120|0|0|120|2",
    )


def test_what_happens_at_the_very_end_of_the_series_is_known() -> None:
    log = """
        case | step     | joined    | started   | ended     | minutes
        ada  | advocacy | Mon 09:00 | Mon 10:00 | Mon 11:00 | 25
        bob  | advocacy | Mon 11:00 | Mon 11:00 | Mon 12:00 | 25
        cyd  | advocacy | Mon 11:01 | Mon 11:30 | Mon 12:00 | 25
    """
    shows(
        measured(service(OFFICE), log, as_of="2025-01-06 11:00"),
        "period|demand_visits|activity_visits|activity|backlog\n2025-01-06|2|1|25|60",
    )


def test_a_spell_outside_its_visit_counts_at_the_nearest_instant_within_it() -> None:
    log = """
        visit | case | step     | joined    | started   | ended
        v1    | ada  | advocacy | Tue 09:00 | Tue 10:00 | Wed 10:00
    """
    work = """
        visit | worker | starts    | ends      | minutes
        v1    | w1     | Mon 10:00 | Mon 10:30 | 30
        v1    | w1     | Thu 10:00 | Thu 10:30 | 15
    """
    shows(
        measured(service(OFFICE), log, work=work),
        "period|demand|activity|backlog\n2025-01-07|45|30|15\n2025-01-08|0|15|0\n2025-01-09|0|0|0",
    )


def test_without_any_evidence_of_duration_visits_are_counted_and_planned_minutes_asked_for() -> None:
    of = service(OFFICE.replace("minutes = 60", ""))
    log = """
        case | step     | joined    | started | ended
        ada  | advocacy | Mon 09:00 |         | Mon 12:00
        bob  | advocacy | Mon 09:00 |         | Tue 12:00
    """
    result = measured(of, log)
    assert result.unit == "visits"
    shows(result, "period|demand|capacity|activity|backlog\n2025-01-06|2||1|1\n2025-01-07|0||1|0")
    assert "planned 'minutes'" in result.notes[0]


def test_unknown_joining_times_are_said_and_the_backlog_is_work_in_progress_only() -> None:
    log = """
        case | step     | joined | started   | ended
        ada  | advocacy |        | Mon 09:00 | Mon 10:00
    """
    result = measured(service(OFFICE), log)
    assert result.joining_unknown == 1
    assert result.to_dict()["joining_unknown"] == 1
    assert result.pool("advocates").joining_unknown == 1
    assert any(note.startswith("Work in progress only") for note in result.notes)
    half = measured(service(OFFICE), log + "    bob  | advocacy | Mon 09:00 | Mon 09:00 | Mon 10:00")
    assert half.joining_unknown == 0.5


def test_identifiers_that_look_like_nothing_or_numbers_are_identifiers() -> None:
    log = """
        visit | case | step     | joined    | started   | ended     | minutes | worker
        NA    | NA   | advocacy | Mon 09:00 | Mon 10:00 | Mon 11:00 | 60      | NA
        007   | 007  | advocacy | Mon 09:00 | Mon 10:00 | Mon 11:00 | 60      | 1e5
    """
    shows(measured(service(OFFICE), log), "period|demand|demand_visits\n2025-01-06|120|2")


TWO_POOLS = """
    [calendars.office]
    hours = "Mon-Fri 09:00-17:00"
    [pools.red]
    workers = 1
    minutes_per_day = 240
    [pools.blue]
    workers = 1
    minutes_per_day = 240
    [workers.rita]
    pool = "red"
    [steps.paint]
    pool = "blue"
    minutes = 60
"""


def test_work_for_another_pool_is_lent_and_borrowed_and_capacity_counts_once(backend: Any) -> None:
    log = """
        case | step  | joined    | started   | ended     | worker | minutes
        ada  | paint | Mon 09:00 | Mon 09:00 | Mon 10:00 | rita   | 60
        bob  | paint | Mon 09:00 | Mon 09:00 | Mon 11:00 | ben    | 120
    """
    shows(
        measured(service(TWO_POOLS), log, backend=backend),
        """
        pool | demand | capacity | activity | borrowed | lent | utilisation | load
        red  | 0      | 240      | 0        | 0        | 60   | 0.25        | 0
        blue | 180    | 240      | 180      | 60       | 0    | 0.5         | 0.75
        """,
    )


def test_a_spell_is_lent_by_the_home_of_the_worker_who_did_it(backend: Any) -> None:
    log = """
        visit | case | step  | joined    | started   | ended     | worker
        v1    | ada  | paint | Mon 09:00 | Mon 09:00 | Mon 12:00 | ben
    """
    work = """
        visit | worker | starts    | ends      | minutes
        v1    | ben    | Mon 09:00 | Mon 10:00 | 60
        v1    | rita   | Mon 10:00 | Mon 10:30 | 30
        v1    | cleo   | Mon 11:00 | Mon 11:15 | 15
    """
    shows(
        measured(service(TWO_POOLS), log, work=work, backend=backend),
        "pool|demand|activity|borrowed|lent\nred|0|0|0|30\nblue|105|105|30|0",
    )


def test_the_rota_gives_capacity_less_leave_and_beyond_its_dates_the_pool_does() -> None:
    of = service(OFFICE)
    rota = [
        shift("w1", "advocates", "Mon 09:00", "Mon 17:00"),
        shift("w2", "advocates", "Mon 09:00", "Mon 17:00"),
        shift("w2", "advocates", "Mon 13:00", "Mon 15:00", "sickness"),
        shift("w1", "advocates", "Wed 09:00", "Wed 17:00"),
        shift("w1", "advocates", "Wed 09:00", "Wed 17:00", "leave"),
    ]
    log = """
        case | step     | joined    | started | ended
        ada  | advocacy | Mon 09:00 |         |
        bob  | advocacy | Thu 09:00 |         |
    """
    # Direct time is half of a shift (240 of 480 minutes): 8 h and 6 h on Monday give 420 minutes.
    result = measured(of, log, rota=rota)
    shows(
        result,
        """
        period     | capacity | capacity_source
        2025-01-06 | 420      | rota
        2025-01-07 | 0        | rota
        2025-01-08 | 0        | rota
        2025-01-09 | 480      | pool
        """,
    )
    assert any("outside the dates of the rota" in note for note in result.notes)


def test_a_change_of_staffing_does_not_rewrite_history() -> None:
    of = service(OFFICE + "\n    [[pools.advocates.from]]\n    date = 2025-01-07\n    workers = 3\n")
    log = """
        case | step     | joined    | started | ended
        ada  | advocacy | Mon 09:00 |         |
        bob  | advocacy | Tue 09:00 |         |
    """
    shows(measured(of, log), "period|capacity\n2025-01-06|480\n2025-01-07|720")


def test_a_short_friday_gives_no_more_than_its_hours() -> None:
    of = service(OFFICE.replace("Mon-Fri 09:00-17:00", "Mon-Thu 09:00-17:00, Fri 09:00-12:00"))
    log = """
        case | step     | joined    | started | ended
        ada  | advocacy | Thu 09:00 |         |
        bob  | advocacy | Fri 09:00 |         |
    """
    shows(measured(of, log), "period|capacity\n2025-01-09|480\n2025-01-10|360")


def test_hourly_utilisation_is_not_shown_where_direct_time_is_less_than_the_shift() -> None:
    log = """
        case | step     | joined    | started   | ended     | minutes
        ada  | advocacy | Mon 09:00 | Mon 09:00 | Mon 10:00 | 60
    """
    by_hour = measured(service(OFFICE), log, by="hour")
    assert {row.utilisation for row in by_hour.rows} == {None}
    assert [row.capacity for row in by_hour.rows][8:10] == [0, 60]


def test_what_joined_before_the_first_day_shown_is_in_its_backlog() -> None:
    log = """
        case | step     | joined    | started   | ended     | minutes
        ada  | advocacy | Mon 09:00 | Wed 09:00 | Wed 10:00 | 60
        bob  | advocacy | Tue 09:00 |           |           |
    """
    result = measured(service(OFFICE), log, first=date(2025, 1, 7), last=date(2025, 1, 7))
    shows(result, "period|demand|activity|backlog\n2025-01-07|60|0|120")


def test_a_step_that_needs_no_staff_is_nobodys_home() -> None:
    of = service(TWO_POOLS + "\n    [steps.letter]\n")
    log = """
        case | step   | joined    | started   | ended     | worker | minutes
        ada  | paint  | Mon 09:00 | Mon 09:00 | Mon 10:00 | ben    | 60
        ada  | letter | Mon 10:00 | Mon 10:00 | Mon 10:05 | ben    | 5
        bob  | letter | Mon 11:00 | Mon 11:00 | Mon 11:05 | ben    | 5
    """
    shows(measured(of, log), "pool|activity|borrowed|utilisation\nred|0|0|0\nblue|60|0|0.25")


def test_who_is_at_home_where_is_judged_by_what_had_been_taken() -> None:
    of = service(TWO_POOLS + '\n    [steps.sand]\n    pool = "red"\n    minutes = 30\n')
    log = """
        case | step  | joined    | started   | ended     | worker | minutes
        ada  | paint | Mon 09:00 | Mon 09:00 | Mon 10:00 | ben    | 60
        bob  | sand  | Mon 09:00 | Wed 09:00 | Wed 09:30 | ben    | 30
        cyd  | sand  | Mon 09:00 | Wed 10:00 | Wed 10:30 | ben    | 30
    """
    shows(measured(of, log, as_of="2025-01-06 17:00"), "pool|borrowed|lent\nred|0|0\nblue|0|0")


def test_minutes_recorded_for_what_starts_later_are_not_known_yet() -> None:
    log = """
        case | step     | joined    | started   | ended | minutes
        ada  | advocacy | Mon 09:00 | Wed 10:00 |       | 90
    """
    shows(
        measured(service(OFFICE), log, as_of="2025-01-06 12:00"), "period|demand|activity|backlog\n2025-01-06|60|0|60"
    )


def test_a_day_has_the_rota_or_the_pool_and_never_both() -> None:
    log = """
        case | step     | joined    | started | ended
        ada  | advocacy | Mon 09:00 |         |
        bob  | advocacy | Wed 09:00 |         |
    """
    of = service(OFFICE.replace("minutes_per_day = 240", ""))
    night = measured(of, log, rota=[shift("w1", "advocates", "Mon 22:00", "Tue 06:00")])
    shows(night, "period|capacity|capacity_source\n2025-01-06|120|rota\n2025-01-07|360|rota\n2025-01-08|960|pool")


def test_a_month_in_which_the_rota_begins_has_capacity_of_both_kinds_and_says_so() -> None:
    log = """
        case | step     | joined           | started          | ended            | minutes
        ada  | advocacy | 2025-01-02 09:00 | 2025-01-02 10:00 | 2025-01-02 11:00 | 60
        bob  | advocacy | 2025-02-28 09:00 | 2025-02-28 10:00 | 2025-02-28 11:00 | 60
    """
    rota = [shift("sam", "advocates", f"2025-{day} 09:00", f"2025-{day} 17:00") for day in ("01-30", "02-28")]
    result = measured(service(OFFICE), log, by="month", rota=rota)
    # 1 to 29 January are 21 weekdays of two advocates, 240 minutes each; then Sam's one day of 240 in each month.
    shows(result, "period | capacity | capacity_source\n2025-01 | 10320 | mixed\n2025-02 | 240 | rota")
    assert any("'mixed' for one that has days of both" in note for note in result.notes)


def test_absences_alone_are_no_rota() -> None:
    log = """
        case | step     | joined    | started | ended
        ada  | advocacy | Mon 09:00 |         |
        bob  | advocacy | Wed 09:00 |         |
    """
    rota = [
        shift("w1", "advocates", "Mon 00:00", "Wed 00:00", "leave"),
        shift("w2", "advocates", "Wed 09:00", "Wed 17:00"),
    ]
    shows(
        measured(service(OFFICE), log, rota=rota),
        "period|capacity|capacity_source\n2025-01-06|480|pool\n2025-01-07|480|pool\n2025-01-08|240|rota",
    )


def test_staff_who_come_with_a_dated_change_are_known_from_then_on() -> None:
    of = service(
        OFFICE.replace("workers = 2", "") + "\n    [[pools.advocates.from]]\n    date = 2025-01-07\n    workers = 3\n"
    )
    log = """
        case | step     | joined    | started | ended
        ada  | advocacy | Mon 09:00 |         |
        bob  | advocacy | Tue 09:00 |         |
    """
    shows(measured(of, log), "period|capacity|capacity_source\n2025-01-06||unknown\n2025-01-07|720|pool")


def test_what_an_open_visit_has_had_keeps_to_the_direct_minutes_of_each_day() -> None:
    dated = OFFICE.replace("minutes_per_day = 240", "minutes_per_day = 60")
    of = service(dated + "\n    [[pools.advocates.from]]\n    date = 2025-01-10\n    minutes_per_day = 480\n")
    log = """
        case | step     | joined    | started   | ended | worker
        ada  | advocacy | Mon 09:00 | Mon 09:00 |       | w1
    """
    result = measured(of, log, as_of="2025-01-10 17:00")
    assert sum(row.demand for row in result.rows) == 4 * 60 + 480


def test_what_an_open_visit_has_had_keeps_to_the_terms_of_a_named_worker(backend: Any) -> None:
    of = service(
        OFFICE.replace("workers = 2", 'calendar = "office"\n    workers = 2')
        + """
    [calendars.mornings]
    hours = "Mon-Wed 09:00-11:00"
    [workers.sam]
    pool = "advocates"
    minutes_per_day = 90
    [workers.kim]
    pool = "advocates"
    calendar = "mornings"
    [workers.lee]
    pool = "advocates"
    """
    )
    log = """
        case | step     | joined    | started   | ended | worker
        ada  | advocacy | Mon 09:00 | Mon 09:00 |       | sam
        bob  | advocacy | Mon 09:00 | Mon 09:00 |       | kim
        cyd  | advocacy | Mon 09:00 | Mon 09:00 |       | lee
        dan  | advocacy | Mon 09:00 | Mon 09:00 |       | nobody
    """
    # Four days: 90 minutes each of Sam's own; Kim's three mornings of 120, below the pool's 240; twice the pool's.
    result = measured(of, log, as_of="2025-01-09 17:00", backend=backend)
    assert result.rows[0].demand == 4 * 90 + 3 * 120 + 2 * 4 * 240


def test_nobody_works_on_an_open_visit_while_the_pool_is_closed() -> None:
    of = service(OFFICE.replace("minutes_per_day = 240", ""))
    log = """
        case | step     | joined    | started   | ended | worker
        ada  | advocacy | Sat 10:00 | Sat 10:00 |       | w1
    """
    result = measured(of, log, as_of="2025-01-12 12:00")
    shows(result, "period|demand|activity|backlog\n2025-01-11|60|0|60\n2025-01-12|0|0|60")


def test_hourly_utilisation_is_shown_where_direct_time_is_the_whole_shift() -> None:
    of = service(OFFICE.replace("minutes_per_day = 240", "minutes_per_day = 480"))
    log = """
        case | step     | joined    | started   | ended     | minutes
        ada  | advocacy | Mon 09:00 | Mon 09:00 | Mon 10:00 | 60
    """
    assert measured(of, log, by="hour").rows[9].utilisation == 0.5
    later = of.changed(
        pools={
            "advocates": of.pools["advocates"].changed(
                changes=(StaffingChange(date=date(2025, 1, 6), minutes_per_day=120),)
            )
        }
    )
    assert measured(later, log, by="hour").rows[9].utilisation is None


OPENING_IN_ONE = """
    [pools.red]
    workers = 1
    opening_backlog = 30
    [pools.blue]
    workers = 1
    [steps.one]
    pool = "red"
    minutes = 20
    [steps.two]
    pool = "blue"
    minutes = 45
"""
THREE_VISITS = """
    case | step | joined    | started   | ended
    ada  | one  | Mon 09:00 | Mon 10:00 | Mon 11:00
    bob  | two  | Mon 09:00 |           |
    cyd  | two  | Mon 09:00 |           |
"""


def test_a_pool_whose_backlog_starts_from_nothing_is_named_beside_one_whose_does_not() -> None:
    notes = measured(service(OPENING_IN_ONE), THREE_VISITS).notes
    told = "The backlog of blue starts from nothing on the first day of the records: it has no opening_backlog."
    assert told in notes


def test_the_notes_of_one_pool_are_about_that_pool() -> None:
    of = service(OPENING_IN_ONE)
    blue, red, all_pools = (measured(of, THREE_VISITS, pool=pool).notes for pool in ("blue", "red", None))
    assert blue[0] == "The figures rest on 2 visits. Minutes of work: 2 from planned minutes."
    assert red == ("The figures rest on 1 visit. Minutes of work: 1 from working time from start to end.",)
    assert all_pools[0].startswith("The figures rest on 3 visits.")
