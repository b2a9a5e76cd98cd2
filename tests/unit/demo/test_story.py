"""What the example's README and comments promise is so, by Millpond's own measures and by plain counting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from millpond.demo import write_example
from millpond.folder import Folder
from millpond.measures.results import Measures, PeriodRow
from millpond.records.schema import RECORDED_JOINED
from millpond.records.writing import write_visits
from tests.unit.demo.log import LONDON, cases, rota, service, visits

LATER = datetime(2026, 6, 1, tzinfo=UTC)
LEFT = "2025-09-08"
"""The Monday on which adviser-03 is no longer there."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folder]:
    home = tmp_path_factory.mktemp("demo") / "victim-support"
    write_example(home)
    with Folder(home, now=LATER) as opened:
        yield opened


@pytest.fixture(scope="module")
def weeks(folder: Folder) -> Measures:
    return folder.measure(by="week")


def load(rows: tuple[PeriodRow, ...]) -> float:
    return sum(row.demand for row in rows) / sum(row.capacity or 0 for row in rows)


def test_there_are_52_whole_weeks_in_minutes_from_the_rota(weeks: Measures) -> None:
    assert weeks.unit == "minutes"
    assert len(weeks.rows) == 52 * 3
    assert {row.capacity_source for row in weeks.rows} == {"rota"}
    assert not [row for row in weeks.rows if row.filling]
    # The records end before the last Saturday, and referrals come on Saturdays too.
    last = weeks.rows[-1].period
    assert {(row.period, row.pool) for row in weeks.rows if not row.complete} <= {
        (last, pool) for pool in service().pools
    }


def test_the_advocates_are_asked_for_more_than_they_have_and_nobody_else_is(weeks: Measures) -> None:
    last = {pool: load(weeks.pool(pool).rows[-8:]) for pool in service().pools}
    assert last["advocates"] > 1.2
    assert last["coordinators"] < 0.92
    assert last["counsellors"] < 0.92


def test_before_adviser_03_leaves_the_advocates_keep_up(weeks: Measures) -> None:
    before = tuple(row for row in weeks.pool("advocates").rows if row.period < LEFT)
    assert load(before) < 0.9
    assert max(row.backlog for row in before) < 1300


def test_each_month_of_the_last_quarter_the_advocates_load_is_above_1_and_their_backlog_greater(folder: Folder) -> None:
    months = [row for row in folder.measure(by="month", pool="advocates").rows if row.period >= "2025-09"][:4]
    assert [row.period for row in months] == ["2025-09", "2025-10", "2025-11", "2025-12"]
    assert all(row.load and row.load > 1.1 for row in months[1:])
    assert [row.backlog for row in months] == sorted(row.backlog for row in months)
    assert months[-1].backlog > 4 * months[0].backlog
    assert all(row.utilisation and row.utilisation > 0.95 for row in months)


def test_the_other_pools_end_the_year_with_less_waiting_than_they_had_before(weeks: Measures) -> None:
    for pool in ("coordinators", "counsellors"):
        backlogs = [row.backlog for row in weeks.pool(pool).rows]
        assert backlogs[-1] < max(backlogs[:-1])


def test_the_opening_backlog_of_the_counsellors_is_in_every_week(weeks: Measures) -> None:
    assert service().pools["counsellors"].opening_backlog == 12 * (service().steps["counselling"].planned_minutes or 0)
    assert min(row.backlog for row in weeks.pool("counsellors").rows) >= 600


def test_millpond_names_the_advocates_as_the_critical_resource(folder: Folder) -> None:
    assert folder.critical_resource().pool == "advocates"


def test_the_quality_report_finds_the_slips_that_the_readme_lists_and_nothing_else(folder: Folder) -> None:
    report = folder.quality()
    assert (report.kept, report.set_aside) == (len(visits()), 0)
    assert {found.kind for found in report.findings} == {"missing starts", "zero-length work"}
    assert report.lag.filling_from is None
    assert folder.records().notes == ()


def test_the_records_are_as_millpond_writes_them(folder: Folder, tmp_path: Path) -> None:
    records = folder.records()
    con = records.backend.con
    con.execute(f"CREATE TABLE kept AS SELECT *, joined_us AS {RECORDED_JOINED} FROM visits")
    write_visits(con, "kept", tmp_path / "records.csv", service().zone)
    assert (tmp_path / "records.csv").read_text() == (folder.path / "records.csv").read_text()


def test_cases_come_on_weekends_and_at_night_and_are_worked_on_in_office_hours() -> None:
    arrived = [rows[0].joined.astimezone(LONDON) for rows in cases().values()]
    weekend = Counter(rows[0].stream for rows in cases().values() if rows[0].joined.astimezone(LONDON).weekday() >= 5)
    assert weekend["police"] > 100
    assert weekend["self"] > 20
    assert sum(moment.hour < 7 for moment in arrived) > 50
    assert not [row for row in visits() if row.started and row.started.astimezone(LONDON).weekday() >= 5]


def test_december_is_the_busiest_month_november_the_next_and_august_the_quietest() -> None:
    days = {1: 26, 2: 28, 4: 30, 6: 30, 9: 30, 11: 30}
    arrived = Counter(rows[0].joined.astimezone(LONDON).strftime("%Y-%m") for rows in cases().values())
    a_day = {month: arrived[f"2025-{month:02d}"] / days.get(month, 31) for month in range(1, 13)}
    by_rate = sorted(a_day, key=lambda month: a_day[month])
    assert (by_rate[0], by_rate[-2:]) == (8, [11, 12])


def test_each_stream_brings_about_as_many_cases_a_week_as_it_says() -> None:
    arrived = Counter(rows[0].stream for rows in cases().values())
    urgent = Counter(rows[0].stream for rows in cases().values() if rows[0].urgent)
    for name, stream in service().streams.items():
        assert arrived[name] / 52 == pytest.approx(stream.per_week or 0, rel=0.1)
        assert urgent[name] / arrived[name] == pytest.approx(stream.share_urgent, abs=0.04)


def test_the_size_is_that_of_a_small_service() -> None:
    assert 1000 <= len(cases()) <= 1500
    assert 4000 <= len(visits()) <= 6000


def test_the_log_is_untidy_in_the_ways_that_the_readme_lists() -> None:
    made = [row for row in visits() if row.ended and row.outcome != "withdrawn"]
    share = {
        "no start": sum(row.started is None for row in made) / len(made),
        "no minutes": sum(row.minutes is None for row in made) / len(made),
        "no worker": sum(not row.worker for row in made) / len(made),
        "at once": sum(row.started == row.ended for row in made) / len(made),
    }
    assert 0.02 < share["no start"] < 0.04
    assert 0.06 < share["no minutes"] < 0.11
    assert 0.001 < share["no worker"] < 0.01
    assert 0.005 < share["at once"] < 0.02
    assert not [row for row in made if row.started == row.ended and row.minutes is not None]


def test_visits_are_waiting_in_progress_and_withdrawn_at_the_end() -> None:
    waiting = Counter(row.step for row in visits() if not row.started and not row.ended)
    assert set(waiting) == set(service().steps)
    assert waiting["advocacy"] > 60
    assert [row for row in visits() if row.started and not row.ended]
    gave_up = [row for row in visits() if row.outcome == "withdrawn"]
    assert 30 < len(gave_up) < 100
    assert {row.step for row in gave_up} <= {"assessment", "advocacy", "counselling"}


def test_six_in_ten_advocacy_visits_lead_to_another() -> None:
    advocacy = [(row, rows[place + 1 :]) for rows in cases().values() for place, row in enumerate(rows)]
    ended = [
        (row, after) for row, after in advocacy if row.step == "advocacy" and row.ended and row.outcome != "withdrawn"
    ]
    again = sum(bool(after) and after[0].step == "advocacy" for _, after in ended)
    assert again / len(ended) == pytest.approx(0.6, abs=0.03)


def test_adviser_03_is_gone_and_everybody_was_away_at_times() -> None:
    last = max(row.ended for row in visits() if row.worker == "adviser-03" and row.ended)
    assert date(2025, 9, 1) <= last.date() < date.fromisoformat(LEFT)
    assert service().workers["adviser-03"].leaves == date.fromisoformat(LEFT)
    assert [service().headcount("advocates", date(2025, 9, day)) for day in (7, 8)] == [3, 2]
    away = Counter(shift.worker for shift in rota() if shift.kind in ("leave", "sickness"))
    assert set(away) == set(service().workers)
    assert {shift.kind for shift in rota()} == {"available", "leave", "sickness", "meeting", "training"}
