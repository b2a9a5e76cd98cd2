"""The cheapest setting of a plan that keeps a promise, where it can be worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from millpond.errors import WrongUse
from millpond.planning.optimising import PlanSettings, optimise
from tests.unit.planning.test_comparing import AGENCY, HIRE, LEND, MONDAY, two_pools

LITTLE = {**AGENCY, "minutes_per_day": 40}


def searched(plan: dict[str, Any], target: str, replications: int = 150, **options: Any) -> PlanSettings:
    made = two_pools(plan=plan, hire=HIRE)
    return optimise(
        made, options.pop("name", "plan"), MONDAY, 10, target=target, replications=replications, threads=1, **options
    )


def test_the_fewest_workers_that_keep_the_promise_are_the_cheapest() -> None:
    # 120 minutes are left over a day, each of them takes 40 away: 10 x 40 with two, none with three.
    found = searched(LITTLE, "backlog <= 410 min", most=4)
    assert [(row.workers, row.kept.value, row.verdict) for row in found.rows] == [
        (1, 0, "breaks the promise too often"),
        (2, 1, "could be the cheapest"),
        (3, 1, "costs more than one that keeps it"),
        (4, 1, "costs more than one that keeps it"),
    ]
    best = found.cheapest
    assert best is not None and best.cost is not None
    # Ten days of 80 minutes at 40 an hour and 500 to begin with, beside the staff.
    assert best.workers == 2
    assert best.cost.value == pytest.approx(2000 + 500 + 10 * 80 / 60 * 40)
    assert found.rows[0].replications == 40, "ruled out at the first look"


def test_the_line_is_searched_too() -> None:
    plan = {**AGENCY, "when": "backlog minutes", "above": 800, "for_days": 1}
    found = searched(plan, "backlog <= 700 min", most=1)
    assert [row.above for row in found.rows] == [200, 400, 600, 800, 1200, 1600]
    kept = {row.above: row.kept.value for row in found.rows}
    assert kept == {200: 1, 400: 1, 600: 0, 800: 0, 1200: 0, 1600: 0}, "called at 720, not at 600: above, not at it"
    assert found.cheapest is not None and found.cheapest.above == 400


def test_of_a_plan_that_a_line_calls_and_that_brings_nobody_lines_are_tried() -> None:
    plan = {
        "pool": "advocates",
        "when": "backlog minutes",
        "above": 800,
        "for_days": 1,
        "cost_per_day": 50,
        "steps": {"advocacy": {"minutes": 20}},
    }
    found = searched(plan, "backlog <= 700 min")
    assert [(row.workers, row.above) for row in found.rows] == [
        (None, line) for line in (200, 400, 600, 800, 1200, 1600)
    ]
    assert {row.above: row.kept.value for row in found.rows} == {200: 1, 400: 1, 600: 0, 800: 0, 1200: 0, 1600: 0}
    assert found.cheapest is not None


def test_no_more_are_tried_than_the_lender_has() -> None:
    assert [row.workers for row in searched({**LEND, "workers": 2}, "backlog <= 700 min", 20).rows] == [1, 2]


def test_nothing_is_cheapest_where_nothing_keeps_the_promise() -> None:
    found = searched(LITTLE, "backlog <= 100 min", most=2)
    assert (found.cheapest, {row.verdict for row in found.rows}) == (None, {"breaks the promise too often"})


@pytest.mark.parametrize(
    ("name", "told"), [("hire", "has no plan by which workers come or that a line calls"), ("plna", "Did you mean")]
)
def test_what_cannot_be_varied_is_told(name: str, told: str) -> None:
    with pytest.raises(WrongUse, match=told):
        searched(LITTLE, "backlog <= 410 min", name=name)
