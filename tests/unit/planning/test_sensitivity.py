"""What moves an answer, on a service whose figures can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from millpond.errors import WrongUse
from millpond.planning.sensitivity import sensitivity
from millpond.planning.sensitivity_rows import Sensitivity
from millpond.simulation.intervals import Estimate
from tests.unit.simulation.services import service

MONDAY = date(2026, 1, 5)
HOURS = {"always": {"hours": "Mon-Sun 00:00-02:00"}}
POOLS = {"advocates": {"workers": 1, "cost_per_hour": 20}}


def found(days: int = 9, spread: float = 1 / 6, method: str = "one at a time", **told: Any) -> Sensitivity:
    """Six cases of an hour come at midnight, and two hours are done: 240 more each day, 1,200 on average of nine."""
    of = service(**{"pools": POOLS, "calendars": HOURS, **told.pop("changes", {})})
    return sensitivity(of, MONDAY, days, spread=spread, method=method, replications=2, threads=1, **told)


def test_each_number_moves_the_backlog_as_worked_out_by_hand() -> None:
    # A sixth more is 7 cases, or 70 minutes: 60 a day more either way. Times 5, the mean of 1 to 9.
    result = found()
    assert result.base.value == pytest.approx(1200)
    changes = {row.input: (round(row.change_low.value, 6), round(row.change_high.value, 6)) for row in result.rows}
    assert changes == {"streams.police.per_week": (-300, 300), "steps.advocacy.minutes": (-300, 300)}
    assert [row.swing.value for row in result.rows] == pytest.approx([600, 600])
    assert {row.source for row in result.rows} == {"assumed"}


def test_time_and_absence_move_it_the_other_way() -> None:
    # A quarter of four visits a day is one: 60 minutes of backlog a day, times 5.
    pools: dict[str, Any] = {"advocates": {"workers": 1, "minutes_per_day": 240}}
    result = found(spread=0.25, changes={"pools": pools, "calendars": {"always": {"hours": "Mon-Sun 00:00-24:00"}}})
    row = next(row for row in result.rows if row.kind == "direct time")
    assert [row.change_low.value, row.change_high.value] == pytest.approx([300, -300])
    pools = {"advocates": {"workers": 1, "absence": 0.5}}
    result = found(days=60, spread=0.9, changes={"pools": pools})
    row = next(row for row in result.rows if row.kind == "absence")
    # Away on 5% or on 95% of the days in place of half of them: 54 minutes a day.
    assert (row.low, row.high) == pytest.approx((0.05, 0.95))
    assert row.swing.value == pytest.approx(0.9 * 120 * 61 / 2, rel=0.2)


def test_the_sentences_name_what_to_measure() -> None:
    result = found(changes={"steps": {"advocacy": {"pool": "advocates", "minutes": 90, "next": "closed"}}})
    # 540 a day: a sixth more is 90 either way, times 5.
    assert result.sentences == (
        "Demand from 'police' moves the backlog most: 17% more adds 450 minutes (450 to 450).",
        "So many replications do not tell it apart from: minutes of work at 'advocacy'. Measure these first.",
        "Next: minutes of work at 'advocacy'; 17% more adds 450 minutes (450 to 450).",
    )
    apart = found(intervals={"streams.police.per_week": (41.0, 43.0)})
    assert [row.could_be_most for row in apart.rows] == [True, False]
    assert apart.sentences[:2] == (
        "Minutes of work at 'advocacy' move the backlog most: 17% more adds 300 minutes (300 to 300).",
        "Measure this better first.",
    )


def test_a_known_interval_takes_the_place_of_the_spread() -> None:
    result = found(intervals={"steps.advocacy.minutes": (60.0, 62.0)})
    row = next(row for row in result.rows if row.kind == "minutes of work")
    assert row.source == "fitted"
    assert [row.change_low.value, row.change_high.value] == pytest.approx([0, 60])
    assert result.told(row) == "62 in place of 60 adds 60 minutes (60 to 60)"
    assert any("1 number of 2" in note for note in result.notes)


def test_all_together_by_morris() -> None:
    # 5 x (cases x minutes - 120) over the ranges 5 to 7 and 50 to 70.
    result = found(method="morris", places=30, seed=2)
    effects = {row.kind: row for row in result.rows}
    for kind, effect in (("demand", 600), ("minutes of work", 600)):
        one = effects[kind].effect
        assert one is not None and one.low is not None and one.high is not None
        assert one.value == pytest.approx(effect, abs=25) and one.low <= effect <= one.high
    spread = effects["minutes of work"].effect_spread
    # 5 x 20 x the standard deviation of cases on four levels: 2 x 0.373.
    assert spread is not None and spread == pytest.approx(74.5, abs=25)


def test_all_together_by_sobol() -> None:
    # Variances of cases x minutes: 1,200 and 1,200, and 11 of both together, of 2,411.
    result = found(method="sobol", places=50)
    assert {row.kind for row in result.kinds.rows} == {"demand", "minutes of work"}
    for row in result.kinds.rows:
        assert row.first.low is not None and row.first.high is not None
        assert row.total.low is not None and row.total.high is not None
        assert row.first.low <= 1200 / 2411 <= row.first.high
        assert row.total.low <= 1211 / 2411 <= row.total.high
        assert row.first.high - row.first.low < 0.6
    assert "What these ranges leave unsure of the backlog hangs" in result.sentences[-1]


def test_a_change_that_takes_away_is_told_with_its_ends_in_order_and_long_waits_in_hours() -> None:
    result, one = found(), found().rows[0]
    less = replace(one, change_low=Estimate(-200, -260, -140, 2), change_high=Estimate(0, 0, 0, 2))
    assert result.told(less) == "17% less takes away 200 minutes (140 to 260)"
    unsure = replace(one, change_low=Estimate(-3, -8, 2, 2), change_high=Estimate(0, 0, 0, 2))
    assert result.told(unsure) == "17% less takes away 3 minutes (-2 to 8)"
    assert replace(result, answer="wait").told(less) == "17% less takes away 3.3 hours (2.3 to 4.3)"
    assert replace(result, answer="cost", unit="GBP").told(less) == "17% less takes away GBP 200 (140 to 260)"


def test_where_nothing_moves_it_says_so() -> None:
    result = found(answer="cost")
    # Work beyond the hours is left, and the hours cost the same.
    assert [row.input for row in result.rows if row.swing.value] == []
    assert result.unit == "GBP"
    assert result.sentences == ("None of these numbers moves the cost.",)


def test_one_pool_alone() -> None:
    result = found(pool="clerks", changes={"pools": {**POOLS, "clerks": {"workers": 1}}})
    assert result.base.value == 0 and result.pool == "clerks"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"answer": "backlogs"}, "There is no answer 'backlogs'. Did you mean backlog?"),
        ({"method": "sobel"}, "There is no method 'sobel'. Did you mean sobol?"),
        ({"pool": "advocate"}, "There is no pool 'advocate' in Worked example. Did you mean advocates?"),
        ({"pool": "advocates", "answer": "lead time"}, "A lead time is of no single pool"),
        ({"spread": 1.5}, "The spread is 1.5"),
        ({"places": 1, "method": "sobol"}, "The places are 1"),
        ({"days": 0}, "The days are 0"),
        ({"changes": {"streams": {}, "steps": {}}}, "states no number that could be varied|no stream|steps"),
    ],
)
def test_what_cannot_be_asked_is_told(told: dict[str, Any], said: str) -> None:
    with pytest.raises(WrongUse, match=said):
        found(**told)


def test_a_wait_that_nobody_has_is_told() -> None:
    of = service(pools={"advocates": {"workers": 1}}, streams={"police": {"first_step": "advocacy", "per_week": 0.5}})
    with pytest.raises(WrongUse, match="there is no wait"):
        sensitivity(of, MONDAY, 2, answer="wait", method="one at a time", replications=4, threads=1)
