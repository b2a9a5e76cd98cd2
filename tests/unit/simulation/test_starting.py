"""A simulation begins with the visits that the records leave open: they wait, or go on, as a person would expect."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

import millpond
from millpond.measures.four import needs
from millpond.model import Service, parse_service
from millpond.periods import day_number
from millpond.simulation import kernel
from millpond.simulation.recording import records_of
from millpond.simulation.replication import replicate
from millpond.simulation.starting import CARRIED_OVER, OnTheWay, carried_over, open_visits
from millpond.simulation.tables import Tables, tables_of

SERVICE = """
name = "Small"
timezone = "Europe/London"
[calendars.office]
hours = "Mon-Fri 09:00-17:00"
[pools.team]
calendar = "office"
[workers.ann]
pool = "team"
[streams.police]
first_step = "talk"
per_week = 0
[steps.talk]
pool = "team"
minutes = 60
next = "closed"
"""
RECORDS = """case,step,joined,started,ended,worker,minutes
done,talk,2025-03-03T09:00,2025-03-03T09:00,2025-03-03T10:00,ann,60
begun,talk,2025-03-07T10:00,2025-03-07T16:40,,ann,
first,talk,2025-03-06T09:00,,,,
second,talk,2025-03-07T09:00,,,,
"""
HOUR = 3_600_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "service.toml").write_text(SERVICE)
    (tmp_path / "records.csv").write_text(RECORDS)
    return tmp_path


def from_monday(folder: Path) -> tuple[Service, Tables]:
    with millpond.open(folder) as service:
        as_of = service.as_of_us("2025-03-07")
        visits = open_visits(needs(service.log(), service.service, as_of))
        monday = day_number(date(2025, 3, 10))
        empty = tables_of(service.service, monday, 5)
        carried = carried_over(visits, service.service, empty)
        return service.service, tables_of(service.service, monday, 5, start=carried.rows)


def test_work_begun_goes_on_with_its_worker_and_those_who_wait_follow_in_order(folder: Path) -> None:
    _, tables = from_monday(folder)
    visits = replicate(tables, seed=1, number=0, logs=True).log.visits
    # 20 of 60 minutes were done on Friday: the rest takes until 09:40, then the two who wait, an hour each.
    assert visits.joined.tolist() == [-62 * HOUR, -87 * HOUR, -63 * HOUR]
    assert visits.ended.tolist() == [9 * HOUR + 40 * 60_000, 10 * HOUR + 40 * 60_000, 11 * HOUR + 40 * 60_000]
    assert visits.worked.tolist() == [HOUR, HOUR, HOUR]


def test_only_what_is_left_of_the_work_counts_as_activity(folder: Path) -> None:
    _, tables = from_monday(folder)
    totals = replicate(tables, seed=1, number=0).totals
    assert totals["daily"][1, 0, :5].tolist() == [160 * 60_000, 0, 0, 0, 0]
    # All three joined before the first day: their needs are in the first backlog, 3 hours less the 20 minutes done.
    assert totals["before"][:, 0].tolist() == [160 * 60_000, 3]


def test_the_first_day_has_its_budget_for_who_goes_on_with_work_too(folder: Path) -> None:
    limited = SERVICE.replace('pool = "team"\n[streams', 'pool = "team"\nminutes_per_day = 120\n[streams')
    (folder / "service.toml").write_text(limited)
    _, tables = from_monday(folder)
    totals = replicate(tables, seed=1, number=0).totals
    # 40 minutes are left of what was begun; of 120 then 80 are there for the first who waits, and 20 of them for the
    # second, who is finished: all of it on Monday.
    assert totals["daily"][kernel.ACTIVITY, 0, :5].tolist() == [160 * 60_000, 0, 0, 0, 0]
    assert totals["daily"][kernel.CAPACITY, 0, :5].tolist() == [120 * 60_000] * 5


def test_a_case_has_the_same_number_whoever_else_is_there(folder: Path) -> None:
    _, tables = from_monday(folder)
    numbers = {int(row[0]) & ((1 << 40) - 1) for row in tables.fixed["start"]}
    assert len(numbers) == 3 and all(number >= CARRIED_OVER for number in numbers)
    (folder / "records.csv").write_text("\n".join(RECORDS.splitlines()[:-1]) + "\n")
    fewer = {int(row[0]) & ((1 << 40) - 1) for row in from_monday(folder)[1].fixed["start"]}
    assert fewer < numbers


def test_an_unknown_step_is_left_out_and_told(folder: Path) -> None:
    (folder / "records.csv").write_text(RECORDS + "third,listen,2025-03-07T09:30,,,,\n")
    with millpond.open(folder) as service:
        visits = open_visits(needs(service.log(), service.service, service.as_of_us("2025-03-07")))
        carried = carried_over(visits, service.service, tables_of(service.service, day_number(date(2025, 3, 10)), 5))
    assert len(carried.rows) == 3
    assert carried.notes == (
        "1 open visit at listen could not be carried over, because the service does not describe that step. "
        "Add [steps.listen] to service.toml.",
    )


def test_work_that_has_already_taken_long_takes_longer_still(folder: Path) -> None:
    text = SERVICE.replace("minutes = 60", 'minutes = { distribution = "exponential", mean = 60 }')
    (folder / "service.toml").write_text(text)
    _, tables = from_monday(folder)
    begun = [replicate(tables, seed=1, number=number, logs=True).log.visits.worked[0] for number in range(200)]
    # An exponential length has no memory: on average an hour more than the 20 minutes already done.
    assert min(begun) > 20 * 60_000
    assert np.mean(begun) == pytest.approx(80 * 60_000, rel=0.2)


def test_a_case_on_its_way_comes_when_it_was_said_to_and_knows_where_it_was() -> None:
    text = SERVICE + 'rules = [{ came_from = "call", next = "withdrawn" }]\n[steps.call]\nnext = "talk"\n'
    service = parse_service(text)
    monday = day_number(date(2025, 3, 10))
    empty = tables_of(service, monday, 5)
    comes = empty.horizon.origin_us + 10 * HOUR * 1000
    coming = OnTheWay("a", "talk", "police", False, 2, comes - 7 * 24 * HOUR * 1000, "call", comes)
    tables = empty.starting_with(carried_over((), service, empty, (coming,)).rows)
    replication = replicate(tables, seed=1, number=0, logs=True)
    line = replication.log.visits
    assert [int(times[0]) for times in (line.joined, line.started, line.ended)] == [10 * HOUR, 10 * HOUR, 11 * HOUR]
    assert len(line) == 1
    # The lead time counts from when the case first joined, a week before.
    assert replication.totals["lead_sum"].tolist() == [(7 * 24 + 1) * HOUR, 0]
    (visit,) = records_of(tables, replication, seed=1).visits.to_pylist()
    assert visit["outcome"] == "withdrawn"
