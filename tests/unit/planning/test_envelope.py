"""The best promise that a budget buys, by sums that a person can do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from millpond.errors import FaultyService, WrongUse
from millpond.model import Organisation, Service
from millpond.planning.asking import Asked, varied_pools
from millpond.planning.envelope import best_promise, is_open, read_open_promise
from millpond.planning.least import LeastCapacity
from millpond.report.capacity_text import capacity_text
from millpond.report.charts.risk import risk_chart
from tests.unit.simulation.services import service

MONDAY = date(2026, 1, 5)


def funded(money: float, days: str = "Mon 00:00", cases: int = 21) -> Service:
    """All work of the week, an hour each, comes on Monday; a worker gives 28 hours a week for 20 an hour."""
    return service(
        organisations={"charity": {"budget": {"2026": money}}},
        pools={
            "advocates": {"workers": 1, "minutes_per_day": 240, "cost_per_hour": 20, "organisation": "charity"},
        },
        streams={"police": {"first_step": "advocacy", "schedule": {days: cases}}},
    )


def best(of: Service, target: str, **asked: Any) -> LeastCapacity:
    given = {"days": 35, "replications": 20, "pools": varied_pools(of, None), "threads": 1, **asked}
    return best_promise(of, Asked(read_open_promise(target, of), **given), MONDAY)


def test_money_buys_people_and_they_buy_the_promise() -> None:
    # A worker costs 80 a day, 29,200 a year. 21 hours come on Mondays; two give eight of them on the day itself.
    result = best(funded(2.5 * 29_200), "backlog <= ? min")
    assert result.answer.workers == (2.0,)
    assert result.promise == "backlog <= 780 minutes"  # 21 hours less 8
    assert result.answer.could_promise == 780 and result.answer.broken == 0
    assert result.answer.cost == 35 * 80 * 2
    assert result.conclusions[0].startswith("2 advocates: the best that the budgets buy.")
    assert "On other luck" in result.conclusions[1] and "broken in 0.0% of 20" in result.conclusions[1]
    assert "charity: 5,600 of 7,000 GBP for the 35 days, on advocates." in result.conclusions[2]
    assert capacity_text(result).startswith("Worked example: the budgets buy 'backlog <= 780 minutes'")
    with pytest.raises(WrongUse, match="no risk to draw"):
        risk_chart(result)
    assert best(funded(3 * 29_200), "backlog <= ? min").promise == "backlog <= 540 minutes"


def test_a_share_can_be_bought_too() -> None:
    # Of the 21 of a Monday two see two each hour while they have time: two at once, two after an hour, and so on.
    result = best(funded(2.5 * 29_200), "advocates: ?% seen within 1 hours")
    assert result.promise == "advocates: 19% seen within 1 hour"  # 4 of 21 are 19.05%
    assert result.pools == ("advocates",)


def test_a_promise_that_was_lucky_is_told_to_be() -> None:
    of = funded(3 * 29_200)
    random = of.changed(streams={"police": of.streams["police"].changed(schedule={}, per_week=42)})
    told = {}
    for seed in range(1, 7):
        result = best(random, "backlog <= ? min", seed=seed)
        share = float(result.conclusions[1].split("broken in ")[1].split("%")[0])
        told[seed] = (share > 5, "That is more than the 5.0% that are allowed" in result.conclusions[2])
    assert all(lucky == warned for lucky, warned in told.values())
    assert {lucky for lucky, _ in told.values()} == {True, False}


def test_too_little_money_is_said_to_be_too_little() -> None:
    result = best(funded(1.2 * 29_200, cases=35), "backlog <= ? visits")
    assert result.answer.workers == (1.0,)
    assert any("less than the work that comes to advocates" in one for one in result.conclusions)
    with pytest.raises(WrongUse, match="does not pay for 1 in each of advocates"):
        best(funded(0.5 * 29_200), "backlog <= ? min")


@pytest.mark.parametrize("target", ["backlog <= ? pounds", "95% seen within ? days", "?"])
def test_what_cannot_be_left_open(target: str) -> None:
    assert is_open(target)
    with pytest.raises(WrongUse) as error:
        read_open_promise(target, service())
    assert "1000000000" not in str(error.value) and "Write" in str(error.value)


def test_budgets_that_are_not_there() -> None:
    with pytest.raises(WrongUse, match="No organisation that pays for a pool has a budget"):
        best(service(), "backlog <= ? min")
    with pytest.raises(WrongUse, match="has no budget for 2027-01-01"):
        best(funded(100_000), "backlog <= ? min", days=330)
    unpriced = funded(100_000)
    pools = {"advocates": unpriced.pools["advocates"].changed(cost_per_hour=None)}
    with pytest.raises(WrongUse, match="has no price"):
        best(unpriced.changed(pools=pools), "backlog <= ? min")


def test_a_budget_is_of_a_year_or_of_a_financial_year() -> None:
    of = Organisation.from_plain({"budget": {"2026": 365, "2027-28": 36.6, "2025-26": 730}})
    # 2026 stands first: where years overlap, the first that has the day counts. 2028 has a leap day.
    days = [date(2026, 1, 1), date(2025, 4, 1), date(2027, 3, 31), date(2027, 4, 1), date(2028, 3, 31)]
    assert [of.budget_on(day) for day in days] == [1.0, 2.0, None, pytest.approx(0.1), pytest.approx(0.1)]
    for year in ("26", "2026-28", "2026/27", "next"):
        with pytest.raises(FaultyService, match=r"has the year .*, which is none"):
            Organisation.from_plain({"budget": {year: 1}})
    assert Organisation.from_plain({"budget": {"1999-00": 1}}).budget_on(date(2000, 3, 31)) is not None


def test_of_the_ways_to_spend_it_the_best_is_taken() -> None:
    # Four places between two pools. One coordinator passes all 21 on within the day; each advocate does four of them.
    of = funded(4 * 29_200)
    steps = {
        "triage": {"pool": "coordinators", "minutes": 10, "next": "advocacy"},
        "advocacy": {"pool": "advocates", "minutes": 60, "next": "closed"},
    }
    pools = {name: of.pools["advocates"].model_dump(exclude_unset=True) for name in ("coordinators", "advocates")}
    two = service(
        organisations={"charity": {"budget": {"2026": 4 * 29_200}}},
        pools=pools,
        steps=steps,
        streams={"police": {"first_step": "triage", "schedule": {"Mon 00:00": 21}}},
    )
    result = best(two, "backlog <= ? min")
    assert result.answer.workers == (1.0, 3.0) and result.promise == "backlog <= 540 minutes"  # 21 less 12
    assert [row.could_promise for row in result.staffings.rows if row.role == "tried"] == [780, 1020]
    assert "Of 3 ways to spend the money to the last step" in result.conclusions[-1]
