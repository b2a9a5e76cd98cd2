"""Pools and workers over time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from millpond.errors import FaultyService
from millpond.model import Policy, Pool, StaffingChange, Worker

APRIL, SEPTEMBER = date(2025, 4, 1), date(2025, 9, 1)
POOL = Pool(
    workers=2,
    minutes_per_day=240,
    cost_per_hour=22.5,
    calendar="office",
    changes=(
        StaffingChange(date=SEPTEMBER, workers=3, calendar="evenings"),
        StaffingChange(date=APRIL, cost_per_hour=23.1, minutes_per_day=0),
    ),
)


@pytest.mark.parametrize(
    ("day", "workers", "minutes", "cost", "calendar"),
    [
        (date(2025, 3, 31), 2, 240, 22.5, "office"),
        (APRIL, 2, 0, 23.1, "office"),
        (date(2025, 8, 31), 2, 0, 23.1, "office"),
        (SEPTEMBER, 3, 0, 23.1, "evenings"),
        (date(2030, 1, 1), 3, 0, 23.1, "evenings"),
    ],
)
def test_a_pool_is_as_staffed_on_the_day(day: date, workers: float, minutes: float, cost: float, calendar: str) -> None:
    staffed = POOL.on(day)
    assert (staffed.workers, staffed.minutes_per_day) == (workers, minutes)
    assert (staffed.cost_per_hour, staffed.calendar) == (cost, calendar)
    assert staffed.changes == ()


def test_changes_of_staffing_stand_in_the_order_of_their_dates() -> None:
    assert [change.date for change in POOL.changes] == [APRIL, SEPTEMBER]


@pytest.mark.parametrize(
    ("changes", "where", "what"),
    [
        ([{"date": APRIL, "workers": 1}, {"date": APRIL, "workers": 2}], "from", "has two changes from 2025-04-01"),
        ([{"date": APRIL, "workers": 1}, {"date": SEPTEMBER}], "from[2]", "does not say what changes"),
        ([{"workers": 1}], "from[1].date", "is missing"),
        ([{"date": "2025-04-01", "workers": 1}], "from[1].date", 'is the text "2025-04-01", where a date belongs'),
        ([{"date": APRIL, "workers": -1}], "from[1].workers", "is -1, which is below 0"),
        ([{"date": APRIL, "minutes_per_day": 1441}], "from[1].minutes_per_day", "is 1441, which is above 1440"),
        ({"date": APRIL, "workers": 1}, "from", "is a table, where a list belongs"),
        ([3], "from[1]", "is the number 3, where a table belongs"),
    ],
)
def test_faulty_changes_are_named_by_their_place(changes: object, where: str, what: str) -> None:
    with pytest.raises(FaultyService) as caught:
        Pool(**{"from": changes})  # type: ignore[arg-type]
    assert [(fault.where, what in fault.what) for fault in caught.value.faults] == [(where, True)]


@pytest.mark.parametrize(
    ("day", "here"),
    [
        (date(2025, 3, 31), False),
        (APRIL, True),
        (date(2025, 8, 31), True),
        (SEPTEMBER, False),
    ],
)
def test_a_worker_is_here_from_starting_until_leaving(day: date, here: bool) -> None:
    assert Worker(pool="advocates", starts=APRIL, leaves=SEPTEMBER).is_here(day) is here


def test_a_worker_without_dates_is_always_here() -> None:
    assert Worker(pool="advocates").is_here(date(1999, 12, 31))
    assert Worker(pool="advocates", starts=APRIL).is_here(date(2999, 12, 31))
    assert not Worker(pool="advocates", leaves=APRIL).is_here(APRIL)


@pytest.mark.parametrize("leaves", [APRIL, date(2025, 3, 1)])
def test_a_worker_leaves_after_starting(leaves: date) -> None:
    with pytest.raises(FaultyService) as caught:
        Worker(pool="advocates", starts=APRIL, leaves=leaves)
    (fault,) = caught.value.faults
    assert fault.where == "leaves"
    assert f"is {leaves}, which is not after the worker starts on 2025-04-01" in fault.what


@pytest.mark.parametrize(
    ("fields", "where", "what"),
    [
        ({"order": "due dates"}, "order", 'is the text "due dates", which is not known'),
        ({"at_closing": "stop"}, "at_closing", 'is the text "stop", which is not known'),
        ({"caseload": 0}, "caseload", "is 0, which is below 1"),
        ({"caseload": 2.5}, "caseload", "where a whole number belongs"),
        ({"absence": 4}, "absence", "is 4, which is above 1"),
        ({"overtime_cost_per_hour": -1}, "overtime_cost_per_hour", "is -1, which is below 0"),
        ({"urgent_preempts": True, "order": "shortest"}, "order", 'is "shortest" together with urgent_preempts'),
        ({"urgent_preempts": True, "caseload": 3}, "caseload", "is given together with urgent_preempts"),
    ],
)
def test_faulty_pools_are_told(fields: dict[str, Any], where: str, what: str) -> None:
    with pytest.raises(FaultyService) as caught:
        Pool(**fields)
    (fault,) = caught.value.faults
    assert fault.where == where
    assert what in fault.what


@pytest.mark.parametrize(
    ("also", "what"),
    [(["a", "b", "a"], "has a pool twice"), (["a", "home"], "has the worker's home pool")],
)
def test_a_worker_helps_in_other_pools(also: list[str], what: str) -> None:
    with pytest.raises(FaultyService) as caught:
        Worker(pool="home", also=also)  # type: ignore[arg-type]
    (fault,) = caught.value.faults
    assert (fault.where, fault.what) == ("also", what)


@pytest.mark.parametrize(
    ("fields", "where", "what"),
    [
        ({"when": "backlog"}, "when", 'is the text "backlog", which is not known'),
        ({"workers": 0}, "workers", "is 0, which is below 1"),
        ({"for_days": 0}, "for_days", "is 0, which is below 1"),
        ({"lead_days": -1}, "lead_days", "is -1, which is below 0"),
        ({"above": -1}, "above", "is -1, which is below 0"),
    ],
)
def test_faulty_policies_are_told(fields: dict[str, Any], where: str, what: str) -> None:
    right = {"pool": "a", "when": "backlog minutes", "above": 600, "workers": 1, "for_days": 7}
    assert Policy(**right).lead_days == 0  # type: ignore[arg-type]
    with pytest.raises(FaultyService) as caught:
        Policy(**{**right, **fields})
    (fault,) = caught.value.faults
    assert fault.where == where
    assert what in fault.what
