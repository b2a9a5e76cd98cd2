"""What must hold in the log of any honest service, checked row by row in the example's own files."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from tests.unit.demo.log import LONDON, Row, cases, rota, service, visits

BANK_HOLIDAYS = {
    date.fromisoformat(day)
    for day in (
        "2025-04-18",  # Good Friday
        "2025-04-21",  # Easter Monday
        "2025-05-05",
        "2025-05-26",
        "2025-08-25",
        "2025-12-25",
        "2025-12-26",
        "2026-01-01",
    )
}


def withdrawn(row: Row) -> bool:
    return row.outcome == "withdrawn"


def made() -> list[Row]:
    """The visits that somebody made, or is making."""
    return [row for row in visits() if row.started or (row.ended and not withdrawn(row))]


def timed() -> list[Row]:
    """The visits whose true start is on record: those clicked open and shut at once have only their end."""
    return [row for row in visits() if row.started and row.started != row.ended]


def day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


def test_visits_and_cases_are_numbered_as_they_come() -> None:
    assert [row.visit for row in visits()] == [f"V{n:04d}" for n in range(1, len(visits()) + 1)]
    assert list(cases()) == [f"NS-{n:04d}" for n in range(1, len(cases()) + 1)]
    assert [row.joined for row in visits()] == sorted(row.joined for row in visits())


def test_every_name_is_known_to_the_service() -> None:
    for row in visits():
        assert row.pool == service().steps[row.step].pool
        assert row.stream in service().streams
        assert row.outcome in ("", *service().all_outcomes)
    assert {row.worker for row in visits()} - {""} == set(service().workers)
    assert {shift.worker for shift in rota()} == set(service().workers)
    for shift in rota():
        assert shift.pool == service().workers[shift.worker].pool


def test_visits_join_before_they_start_and_start_before_they_end() -> None:
    for row in visits():
        assert row.started is None or row.joined <= row.ready <= row.started
        assert row.ended is None or (row.started or row.joined) <= row.ended


def test_everything_lies_within_the_52_weeks() -> None:
    moments = [moment for row in visits() for moment in (row.joined, row.started, row.ended) if moment]
    assert date(2025, 1, 6) == day(min(moments))
    assert day(max(moments)) == date(2026, 1, 4)


def test_times_carry_the_offset_of_their_day_in_london() -> None:
    for row in visits():
        for moment in (row.joined, row.started, row.ended):
            assert moment is None or moment.utcoffset() == moment.astimezone(LONDON).utcoffset()


def test_a_case_has_one_visit_at_a_time_and_the_next_joins_when_it_ends() -> None:
    for rows in cases().values():
        for row, following in pairwise(rows):
            assert row.ended == following.joined
            assert row.outcome == ""
        assert bool(rows[-1].ended) == bool(rows[-1].outcome)


def test_cases_take_only_the_ways_that_service_toml_shows() -> None:
    for rows in cases().values():
        assert rows[0].step == service().streams[rows[0].stream].first_step
        for row, following in pairwise(rows):
            assert following.step in (service().steps[row.step].next or {})
        last = rows[-1]
        assert last.outcome in ("", "withdrawn", *(service().steps[last.step].next or {}))


def test_a_withdrawn_visit_was_never_begun() -> None:
    for row in visits():
        if withdrawn(row):
            assert (row.started, row.worker, row.minutes) == (None, "", None)


def test_an_open_visit_has_no_minutes_yet() -> None:
    assert not [row for row in visits() if row.ended is None and row.minutes is not None]
    assert not [row for row in visits() if row.started is None and row.ended is None and row.worker]


def test_no_worker_is_on_two_visits_at_once() -> None:
    for worker in service().workers:
        own = sorted(
            (row.started, row.ended or datetime.max.replace(tzinfo=UTC))
            for row in timed()
            if row.started and row.worker == worker
        )
        for (_, ended), (following, _) in pairwise(own):
            assert ended <= following


def test_workers_begin_and_end_visits_only_while_the_rota_has_them_available() -> None:
    for worker in service().workers:
        own = [shift for shift in rota() if shift.worker == worker]
        on = [(shift.starts, shift.ends) for shift in own if shift.kind == "available"]
        off = [(shift.starts, shift.ends) for shift in own if shift.kind != "available"]
        for row in made():
            for moment in (row.started, row.ended) if row.worker == worker else ():
                assert moment is None or any(starts <= moment <= ends for starts, ends in on)
                assert moment is None or not any(starts < moment < ends for starts, ends in off)


def test_the_rota_keeps_to_the_calendars_the_bank_holidays_and_who_is_there() -> None:
    for shift in (shift for shift in rota() if shift.kind == "available"):
        worker = service().workers[shift.worker]
        assert day(shift.starts) == day(shift.ends) not in BANK_HOLIDAYS
        assert worker.is_here(day(shift.starts))
        opened = service().calendar_of(worker).weekly[shift.starts.weekday()]
        assert [(shift.starts.hour * 60 + shift.starts.minute, shift.ends.hour * 60 + shift.ends.minute)] == [*opened]
    shifts_a_day = Counter((shift.worker, day(shift.starts)) for shift in rota() if shift.kind == "available")
    assert set(shifts_a_day.values()) == {1}


def test_each_pool_begins_urgent_visits_first() -> None:
    for pool in service().pools:
        rows = [row for row in timed() if row.pool == pool]
        standard = sorted(row.started for row in rows if row.started and not row.urgent)
        for row in rows:
            if row.urgent and row.started:
                overtaken_by = standard[bisect_right(standard, row.ready) :]
                assert not overtaken_by or overtaken_by[0] >= row.started, row


def test_each_pool_takes_the_longest_waiting_of_the_same_urgency_first() -> None:
    for pool in service().pools:
        for urgent in (True, False):
            rows = [row for row in timed() if (row.pool, row.urgent) == (pool, urgent)]
            in_turn = sorted(rows, key=lambda row: (row.ready, row.started or row.ready))
            starts = [row.started for row in in_turn if row.started]
            assert starts == sorted(starts)


def test_recorded_minutes_are_the_time_from_start_to_end_to_the_nearest_five() -> None:
    compared = 0
    for row in timed():
        if row.started and row.ended and row.minutes is not None and day(row.started) == day(row.ended):
            clock = (row.ended - row.started) / timedelta(minutes=1)
            assert abs(row.minutes - clock) <= 2.5, row
            compared += 1
    assert compared > 4000


def test_work_that_closing_time_interrupts_ends_soon_after() -> None:
    overnight = [row for row in timed() if row.started and row.ended and day(row.started) != day(row.ended)]
    assert 50 < len(overnight) < 250
    for row in overnight:
        assert row.started and row.ended and row.ended - row.started < timedelta(days=4)


def test_partner_agencies_refer_nobody_on_bank_holidays_and_weekends() -> None:
    for rows in cases().values():
        if rows[0].stream == "partners":
            assert day(rows[0].joined) not in BANK_HOLIDAYS
            assert rows[0].joined.astimezone(LONDON).weekday() < 5
