"""What a budget can promise where only daily totals are kept, by sums that a person can do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from millpond.errors import WrongUse
from millpond.planning.asking import Asked
from millpond.planning.daily_envelope import best_promise_of_totals
from millpond.planning.envelope import read_open_promise
from millpond.planning.least import LeastCapacity
from millpond.report.capacity_text import capacity_text
from tests.unit.planning.test_daily_capacity import MONDAY, OFFICE, past
from tests.unit.simulation.services import service

# A worker gives 240 minutes on each of 65 working days in 91, for 20 an hour.
WORKER = 65 * 4 * 20
DEMAND = np.where(np.arange(140) % 7 < 5, 600.0, 0.0)


def best(workers: float, text: str = "backlog <= ? min", backlog: float = 0.0, **asked: Any) -> LeastCapacity:
    """What the money for so many workers can promise of 600 minutes of work on each working day."""
    pool = {"workers": 1, "minutes_per_day": 240, "cost_per_hour": 20, "organisation": "charity"}
    made = service(
        calendars=OFFICE,
        organisations={"charity": {"budget": {"2026": workers * WORKER * 365 / 91}}},
        pools={"advocates": pool, "clerks": pool},
    )
    given = {"days": 91, "pools": ("advocates",), **asked}
    start = given.pop("start", None)
    return best_promise_of_totals(
        made, Asked(read_open_promise(text, made), **given), MONDAY, past(DEMAND, backlog), start
    )


def test_what_is_left_of_the_money_buys_people_and_they_buy_the_promise() -> None:
    # One is a clerk and stays. Two do 480 of 600 minutes a day: 120 more are left on each of 65 days.
    result = best(3.5)
    assert result.answer.workers == (2.0,)
    assert result.promise == "backlog <= 7,800 minutes"
    assert result.answer.broken == 0 and result.answer.cost == pytest.approx(2 * WORKER)
    assert result.conclusions[1] == (
        "charity: 15,600 of 18,200 GBP for the 91 days, 5,200 of them for its other pools as they are."
    )
    assert "the backlog grows on" in result.conclusions[2]
    assert {row.workers: row.role for row in result.staffings.rows} == {(2.0,): "answer", (1.0,): "today"}
    assert "the budgets buy 'backlog <= 7,800" in capacity_text(result)
    assert best(4).promise == "backlog <= 0 minutes"
    # 1,200 minutes wait, and three do 120 a day more than comes: at the first day's end it is 1,080.
    assert best(4, backlog=1200).promise == "backlog <= 1,080 minutes"
    assert best(4, backlog=1200, start="cleared").promise == "backlog <= 0 minutes"


def test_half_places_and_shares() -> None:
    # Half a place more does 600 minutes a day: all that comes, on the day.
    assert best(3.5, step=0.5).promise == "backlog <= 0 minutes"
    assert best(4, "?% seen within 1 working days").promise == "100% seen within 1 working day"


def test_money_that_pays_for_nobody_more() -> None:
    with pytest.raises(WrongUse, match="does not pay for 1 in advocates beside the other pools"):
        best(1.9)
