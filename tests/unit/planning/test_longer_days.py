"""Longer days in place of more people, on a service whose figures can be worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from millpond.planning.asking import Asked, varied_pools
from millpond.planning.capacity import least_capacity
from millpond.planning.least import LeastCapacity
from millpond.planning.longer_days import LongerDayRow
from millpond.planning.promise import read_promise
from millpond.report.capacity_text import capacity_text
from tests.unit.simulation.services import service

MONDAY = date(2026, 1, 5)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def found(promise: str = "backlog <= 0 min", *, longer_days: bool = True, **changes: Any) -> LeastCapacity:
    """Fifteen hours of work come at each midnight, 900 minutes; a worker gives 240 of a shift of 480."""
    made = service(
        calendars={"day": {"hours": "Mon-Sun 09:00-17:00"}},
        streams={"police": {"first_step": "advocacy", "schedule": {f"{day} 00:00": 15 for day in DAYS}}},
        **{"pools": {"advocates": {"workers": 2, "minutes_per_day": 240}}, **changes},
    )
    asked = Asked(
        *(read_promise(promise, made), 0.05, 21, varied_pools(made, None), 1.0, 20), threads=1, longer_days=longer_days
    )
    return least_capacity(made, asked, MONDAY)


def told(result: LeastCapacity) -> list[tuple[str, float, float | None]]:
    rows: tuple[LongerDayRow, ...] = result.longer.rows
    return [(row.who, row.today, row.minutes) for row in rows]


def test_each_of_them_gives_a_little_more_than_half_of_the_work() -> None:
    result = found()
    # Four do 960 of 900 minutes; two need 450 each for what comes, and a step more so that nothing can pile up.
    assert result.answer.workers == (4.0,)
    assert told(result) == [("each of them", 240, 465)]
    assert "each of them    240     465    480    0.0%" in capacity_text(result)
    assert found(longer_days=False).longer.rows == ()


def test_one_alone_may_not_be_enough() -> None:
    pools = {"advocates": {"minutes_per_day": 240}}
    workers = {"amina": {"pool": "advocates"}, "ben": {"pool": "advocates", "minutes_per_day": 440}}
    # Amina gives 240 and Ben 440 of 900: with 480 of hers it is 920. With 480 of his it is 720.
    assert told(found(pools=pools, workers=workers)) == [
        ("each of them", 240, 465),
        ("amina", 240, 465),
        ("ben", 440, None),
    ]


def test_where_there_are_enough_nobody_works_longer() -> None:
    assert told(found(pools={"advocates": {"workers": 4, "minutes_per_day": 240}})) == []
