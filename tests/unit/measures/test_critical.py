"""The critical resource: which pool is named, and what a person is told about it."""

from __future__ import annotations

import pytest

from millpond.errors import WrongUse
from millpond.measures.critical import CriticalResource, critical_resource
from millpond.measures.results import PeriodRow
from tests.unit.measures.days import day, measures, weeks


def judged(rows: list[PeriodRow], **labels: str) -> CriticalResource:
    return critical_resource(measures(rows), labels)


def test_the_pool_with_the_highest_load_is_named_in_a_sentence() -> None:
    # Advocates: 504 asked for and 450 there each working day, 466 done: the backlog grows by 38.
    result = judged(
        [
            *weeks(14, "coordinators", demand=300.0, capacity=400.0),
            *weeks(14, "advocates", demand=504.0, capacity=450.0, activity=466.0),
        ],
        advocates="Advocates",
    )
    assert (result.pool, result.tied) == ("advocates", ())
    assert result.sentence == (
        "The critical resource is Advocates: demand is 1.12 times capacity over the last 13 weeks, and its backlog "
        "grows by about 38 minutes a working day."
    )
    first, second = result.rows
    assert first.load == pytest.approx(1.12)
    assert (first.growth, first.low, first.high, first.trend) == (
        38.0,
        38.0,
        38.0,
        "grows",
    )
    assert (second.pool, second.load, second.growth, second.trend) == ("coordinators", 0.75, 0.0, "no clear change")


def test_a_load_beyond_one_without_growth_is_said_as_it_is() -> None:
    result = judged(weeks(13, demand=504.0, capacity=450.0, activity=504.0))
    assert result.sentence.endswith("1.12 times capacity over the last 13 weeks, and its backlog does not change.")
    assert "It is the only pool, so that there is none to compare it with." in result.notes


def test_ups_and_downs_are_no_clear_change() -> None:
    rows = [
        day(f"{row.period}", activity=row.demand + (60 if number // 7 % 2 else -60), demand=row.demand)
        for number, row in enumerate(weeks(13))
    ]
    result = judged(rows)
    assert result.rows[0].trend == "no clear change"
    assert result.sentence.endswith("its backlog shows no clear change.")


def test_growth_that_chance_may_explain_is_no_clear_change() -> None:
    rows = [
        day(row.period, demand=row.demand, activity=row.demand + (50 if number // 7 % 2 else -60))
        for number, row in enumerate(weeks(13))
    ]
    result = judged(rows).rows[0]
    assert (result.growth or 0) > 0
    assert (result.low or 0) < 0 < (result.high or 0)
    assert result.trend == "no clear change"


def test_work_for_a_pool_of_unknown_capacity_is_not_no_work() -> None:
    result = judged([*weeks(13, "a", demand=0.0), *weeks(13, "b", capacity=None, activity=690.0)])
    assert result.pool is None
    assert result.sentence == (
        "No critical resource can be named: the capacity of b is not known. The backlog of b grows by about 21 minutes "
        "a day."
    )


def test_a_shrinking_backlog_shrinks() -> None:
    result = judged(weeks(8, demand=400.0, activity=480.0, backlog=9000.0))
    assert result.rows[0].trend == "shrinks"
    assert result.sentence.endswith("over the last 8 weeks, and its backlog shrinks by about 80 minutes a working day.")


def test_three_days_are_too_few_to_tell() -> None:
    result = judged([day(f"2025-01-{number:02}", backlog=1200.0 + 240 * number) for number in (6, 7, 8)])
    assert (result.pool, result.rows[0].growth, result.rows[0].low, result.rows[0].trend) == (
        "advocates",
        240.0,
        None,
        "too short to tell",
    )
    assert result.sentence == (
        "The critical resource is advocates: demand is 1.50 times capacity over the last 3 days, and its backlog grew "
        "by about 240 minutes a working day, though that is too short a time to tell whether it will go on."
    )


def test_withdrawals_do_not_grow_a_backlog() -> None:
    rows = [
        day(
            row.period,
            demand=row.demand,
            activity=row.activity,
            capacity=row.capacity,
            withdrawn=row.demand - row.activity,
        )
        for row in weeks(13)
    ]
    assert judged(rows).rows[0].growth == 0.0


def test_of_equally_loaded_pools_the_one_whose_backlog_grows_is_named() -> None:
    result = judged(
        [
            *weeks(13, "a", demand=500.0, capacity=500.0),
            *weeks(13, "b", demand=250.0, capacity=250.0, activity=230.0),
            *weeks(13, "c", demand=100.0, capacity=500.0),
        ]
    )
    assert (result.pool, result.tied) == ("b", ("a",))
    assert result.sentence.startswith("The critical resource is b, level with a: demand is 1.00 times capacity")


def test_another_pool_whose_backlog_grows_is_noted() -> None:
    result = judged([*weeks(13, "a"), *weeks(13, "b", demand=240.0, activity=230.0)])
    assert result.pool == "a"
    assert "The backlog of b grows by about 10 minutes a working day too." in result.notes


def test_a_pool_of_unknown_capacity_is_not_ranked() -> None:
    result = judged([*weeks(13, "a", capacity=None, activity=0.0), *weeks(13, "b", demand=100.0)])
    assert result.pool == "b"
    assert [row.pool for row in result.rows] == ["b", "a"]
    assert "Not ranked, because their capacity is not known: a." in result.notes


def test_where_no_capacity_is_known_the_growing_backlog_is_still_told() -> None:
    result = critical_resource(measures(weeks(13, "a", demand=12.0, capacity=None, activity=8.0), unit="visits"))
    assert result.pool is None
    assert result.sentence == (
        "No critical resource can be named: demand is counted in visits, which capacity in minutes cannot be set "
        "against. The backlog of a grows by about 2.9 visits a day."
    )


def test_work_that_meets_no_capacity_comes_before_all() -> None:
    result = judged([*weeks(13, "a"), *weeks(13, "b", capacity=0.0, demand=10.0)])
    assert result.pool == "b"
    assert "it has no capacity for the work asked of it over the last 13 weeks" in result.sentence


def test_nothing_to_judge() -> None:
    for rows in ([], [day("2025-01-06", filling=True)], [day("2025-01-06", complete=False)]):
        result = judged(rows)
        assert (result.pool, result.sentence) == (
            None,
            "There is nothing to judge yet: no day of the records is complete.",
        )
    idle = judged([day("2025-01-06", demand=0.0, activity=0.0, backlog=0.0)])
    assert (idle.pool, idle.sentence) == (None, "No critical resource can be named: no work was asked for.")
    only_backlog = judged([day("2025-01-06", demand=0.0, activity=480.0)])
    assert only_backlog.sentence.startswith(
        "No critical resource can be named: no work came in. The backlog of advocates"
    )


def test_only_the_last_thirteen_weeks_count() -> None:
    rows = weeks(20, demand=400.0)
    busy = [day(row.period, demand=9000.0) if number < 40 else row for number, row in enumerate(rows)]
    assert judged(busy).rows[0].load == pytest.approx(400 / 480)
    assert judged(busy).rows[0].days == 91


def test_measures_by_month_are_refused() -> None:
    with pytest.raises(WrongUse, match="by month"):
        critical_resource(measures([], by="month"))
