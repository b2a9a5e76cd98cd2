"""Days to clear a backlog, worked by hand."""

from __future__ import annotations

import pytest

from millpond.errors import WrongUse
from millpond.measures.clearing import ClearingRow, clearing
from millpond.measures.results import PeriodRow
from tests.unit.measures.days import day, measures, weeks


def row(rows: list[PeriodRow], window: int = 28) -> ClearingRow:
    return clearing(measures(rows), window).rows[0]


def test_the_worked_example_is_never_cleared() -> None:
    found = row([day(f"2025-01-{number:02}", backlog=1200.0 + 240 * number) for number in (6, 7, 8)])
    assert found == ClearingRow(
        pool="advocates",
        backlog=3120.0,
        demand=720.0,
        capacity=480.0,
        load=1.5,
        growth=240.0,
        days=None,
        outlook="never at this rate",
        first="2025-01-06",
        last="2025-01-08",
        working_days=3,
    )


def test_backlog_over_the_capacity_to_spare_in_working_days() -> None:
    # 480 there and 400 asked for each working day: 80 to spare, 1,200 / 80 = 15 working days.
    found = row([*weeks(3, demand=400.0, backlog=1200.0)][:-1])
    assert (found.backlog, found.days, found.outlook, found.working_days) == (1200.0, 15.0, "clears", 15)
    assert found.load == pytest.approx(400 / 480)


def test_demand_at_weekends_is_met_on_working_days() -> None:
    rows = [
        day("2025-01-10", demand=300.0),
        day("2025-01-11", demand=60.0, capacity=0.0),
        day("2025-01-12", demand=0.0, capacity=0.0),
    ]
    found = row(rows)
    assert (found.demand, found.capacity, found.growth, found.days) == (360.0, 480.0, -120.0, 10.0)


def test_only_the_last_weeks_count() -> None:
    quiet = weeks(4, demand=400.0)
    busy = [day(f"2024-12-{number}", demand=9000.0) for number in range(10, 32)]
    assert row(busy + quiet).load == pytest.approx(400 / 480)


def test_days_that_cannot_be_judged_are_left_out() -> None:
    rows = [
        day("2025-01-06", demand=400.0, backlog=800.0),
        day("2025-01-07", demand=100.0, backlog=0.0, filling=True),
        day("2025-01-08", demand=0.0, backlog=0.0, complete=False),
    ]
    found = row(rows)
    assert (found.last, found.backlog, found.days) == ("2025-01-06", 800.0, 10.0)


def test_no_backlog_is_clear_only_where_capacity_is_beyond_demand() -> None:
    assert (
        row([day("2025-01-06", demand=400.0, backlog=0.0)]).outlook,
        row([day("2025-01-06", backlog=0.0)]).outlook,
    ) == (
        "clear",
        "never at this rate",
    )
    equal = row([day("2025-01-06", demand=480.0)])
    assert (equal.outlook, equal.growth, equal.days) == ("never at this rate", 0.0, None)


def test_unknown_capacity_is_unknown() -> None:
    result = clearing(measures([day("2025-01-06"), day("2025-01-07", capacity=None)]))
    assert (result.rows[0].outlook, result.rows[0].capacity, result.rows[0].days) == ("unknown", None, None)
    assert "Not known for advocates" in result.notes[-1]


def test_no_capacity_at_all_never_clears_anything() -> None:
    found = row([day("2025-01-06", capacity=0.0)])
    assert (found.outlook, found.capacity, found.days, found.load) == ("never at this rate", 0.0, None, None)


def test_nothing_to_judge() -> None:
    assert clearing(measures([])).rows == ()
    found = row([day("2025-01-06", filling=True)])
    assert (found.outlook, found.first, found.backlog) == ("unknown", None, None)


def test_measures_by_week_are_refused() -> None:
    with pytest.raises(WrongUse, match="by week; they can be judged by day only"):
        clearing(measures([], by="week"))
