"""Plans compared on services whose figures can be worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from millpond.errors import FaultyService, WrongUse
from millpond.model import Policy, Service
from millpond.planning.comparing import compare
from millpond.planning.comparison import Comparison
from tests.unit.simulation.services import service

MONDAY = date(2026, 1, 5)
POOLS = {
    "advocates": {"workers": 1, "minutes_per_day": 240, "cost_per_hour": 20, "organisation": "charity"},
    "clerks": {"workers": 2, "minutes_per_day": 300, "cost_per_hour": 12, "organisation": "council"},
}
ORGANISATIONS: dict[str, Any] = {"charity": {}, "council": {}, "police": {}}


def two_pools(**plans: Any) -> Service:
    """Six hours of work come each midnight to an advocate who gives four; two clerks have nothing to do."""
    made = service()
    return service(
        pools=POOLS,
        organisations=ORGANISATIONS,
        streams={
            "police": {
                "first_step": "advocacy",
                "organisation": "police",
                "schedule": dict(made.streams["police"].schedule),
            }
        },
        plans=plans,
    )


def compared(made: Service, days: int = 10, **options: Any) -> Comparison:
    return compare(made, MONDAY, days, replications=2, threads=1, **options)


def value(estimate: Any) -> float:
    assert estimate is not None
    return float(estimate.value)


HIRE = {"pools": {"advocates": {"workers": 2}}}
LEND = {"pool": "advocates", "workers": 1, "lent_by": "clerks"}
AGENCY = {"pool": "advocates", "workers": 1, "cost_per_hour": 40, "cost": 500, "paid_by": "council"}


def test_doing_nothing_comes_first_and_is_the_measure_of_all() -> None:
    found = compared(two_pools(hire=HIRE))
    assert [row.plan for row in found.plans.rows] == ["nothing", "hire"]
    nothing, hire = found.plans.rows
    # 120 minutes are left over on each of ten days: 120, 240, ... 1,200, on average 660.
    assert (value(nothing.backlog), nothing.backlog_change, value(nothing.backlog_at_end)) == (660, None, 1200)
    assert (value(hire.backlog), value(hire.backlog_change)) == (0, -660)
    assert (nothing.label, hire.label) == ("Doing nothing", "hire")
    # An advocate costs 4 x 20 a day, two clerks 2 x 5 x 12.
    assert (value(nothing.cost), value(hire.cost_change)) == (10 * (80 + 120), 800)
    assert value(hire.cost_per_backlog_minute) == pytest.approx(800 / 660)
    assert (found.by, found.could_be_best) == ("backlog", ("hire",))


def test_doing_more_is_a_plan_too() -> None:
    # Nine hours of work in place of six: 300 minutes are left over each day in place of 120.
    found = compared(two_pools(welcome={"streams": {"police": {"more": 0.5}}}))
    assert value(found.plan("welcome").backlog) == 300 * 5.5
    assert value(found.plan("welcome").backlog_change) == 180 * 5.5


def test_the_lender_loses_what_the_borrower_gains_and_pays_as_before() -> None:
    found = compared(two_pools(lend=LEND))
    capacity = {
        row.pool: (value(row.capacity), value(row.capacity_change)) for row in found.pools.rows if row.plan == "lend"
    }
    # In minutes a week: a clerk gives 300 a day wherever the clerk is.
    assert capacity == {"advocates": (7 * 540, 7 * 300), "clerks": (7 * 300, -7 * 300)}
    assert value(found.plan("lend").cost_change) == 0
    less = compared(two_pools(lend={**LEND, "minutes_per_day": 150}))
    changed = {row.pool: value(row.capacity_change) for row in less.pools.rows if row.plan == "lend"}
    assert changed == {"advocates": 7 * 150, "clerks": -7 * 300}
    assert value(less.plan("lend").cost_change) == 0, "pay goes on as at home"


def test_who_pays_is_who_is_named_else_whose_pool_it_is() -> None:
    plans = {"agency": AGENCY, "lend": {**LEND, "cost": 30}, "hire": HIRE}
    found = compared(two_pools(**plans))
    paid = {(row.plan, row.organisation): value(row.cost_change) for row in found.organisations.rows if row.cost_change}
    # Ten days of four hours at 40, and 500 to begin with.
    assert {who: amount for who, amount in paid.items() if amount} == {
        ("agency", "council"): 2100,
        ("lend", "council"): 30,
        ("hire", "charity"): 800,
    }


def test_a_policy_in_force_is_paid_for_by_its_pool_beside_a_plan_of_the_same_name() -> None:
    made = two_pools(extra={**AGENCY, "cost": 0})
    policy: dict[str, Any] = {"pool": "advocates", "when": "always", "workers": 1, "for_days": 99, "cost_per_hour": 10}
    found = compared(made.changed(policies={"extra": Policy(**policy)}))
    paid = {row.organisation: value(row.cost_change) for row in found.organisations.rows if row.plan == "extra"}
    assert paid == {"charity": 0, "council": 10 * 4 * 40, "police": 0}


def test_who_gains_is_whose_backlog_falls_and_whose_people_wait_less() -> None:
    found = compared(two_pools(hire=HIRE))
    rows = {row.organisation: row for row in found.organisations.rows if row.plan == "hire"}
    assert value(rows["charity"].backlog_change) == -660
    assert (rows["police"].backlog_change, value(rows["council"].backlog_change)) == (None, 0)
    assert value(rows["police"].lead_time_change) == value(found.plan("hire").lead_time_change) < 0
    assert value(rows["charity"].wait_change) == value(found.plan("hire").wait_change) < 0


def test_a_trigger_calls_when_the_line_is_passed() -> None:
    plan = {**AGENCY, "when": "backlog minutes", "above": 300, "for_days": 2, "lead_days": 1}
    found = compared(two_pools(agency=plan), days=6)
    # 120, 240, 360 are left at the ends of the first days: the fourth begins above 300, the fifth and sixth have help.
    row = next(row for row in found.pools.rows if (row.plan, row.pool) == ("agency", "advocates"))
    assert value(row.capacity_change) == pytest.approx(2 * 240 * 7 / 6)
    assert value(found.plan("agency").cost_change) == 500 + 2 * 4 * 40


SHORT = {"pool": "advocates", "when": "backlog minutes", "above": 300, "steps": {"advocacy": {"minutes": 30}}}


def test_visits_that_join_while_a_trigger_holds_are_short_and_others_are_not() -> None:
    # 120, 240, 360 are left: the fourth to the sixth day begin above 300, and are called for three days. Six come at
    # each midnight, the day's own among them, and need 180 in place of 360 minutes: 240 are done on each day.
    plan = {**SHORT, "for_days": 3, "cost_per_day": 7, "cost": 100, "cost_per_year": 365, "paid_by": "police"}
    found = compared(two_pools(short=plan), days=6)
    assert value(found.plan("nothing").backlog_at_end) == 6 * 120
    assert value(found.plan("short").backlog_at_end) == 360 - 3 * 60
    rows = {row.organisation: row for row in found.organisations.rows if row.plan == "short"}
    assert value(rows["police"].cost_change) == 100 + 3 * 7 + 3
    # Those who waited before keep their hour: the backlog at the end of the fourth day is 300, not 150.
    assert value(found.plan("short").backlog) == (120 + 240 + 360 + 300 + 240 + 180) / 6


def test_a_plan_that_is_not_called_costs_nothing() -> None:
    plan = {**SHORT, "above": 1e6, "cost": 100, "cost_per_year": 365, "cost_per_day": 7}
    found = compared(two_pools(short=plan))
    assert value(found.plan("short").cost_change) == 0


def test_cases_are_diverted_and_paid_for_while_a_trigger_holds() -> None:
    plan = {
        **{key: SHORT[key] for key in ("pool", "when", "above")},
        "streams": {"police": {"divert": 1}},
        "for_days": 2,
        "cost_per_case": 10,
        "paid_by": "police",
    }
    found = compared(two_pools(partner=plan), days=6)
    # All twelve of the fourth and fifth day; the advocate then has 360 - 2 x 240 left, which is none.
    rows = {row.organisation: row for row in found.organisations.rows if row.plan == "partner"}
    assert value(rows["police"].cost_change) == 12 * 10
    assert value(found.plan("partner").backlog_at_end) == 120


def test_more_people_and_longer_days_for_some_days_are_paid_by_the_hour() -> None:
    called = {key: SHORT[key] for key in ("pool", "when", "above")} | {"for_days": 2}
    plans = {
        "more": {**called, "pools": {"advocates": {"workers": 2}}},
        "longer": {**called, "pools": {"advocates": {"minutes_per_day": 300}}},
    }
    found = compared(two_pools(**plans), days=5)
    capacity = {
        row.plan: value(row.capacity_change)
        for row in found.pools.rows
        if row.capacity_change and row.pool == "advocates"
    }
    assert capacity == {"more": pytest.approx(2 * 240 * 7 / 5), "longer": pytest.approx(2 * 60 * 7 / 5)}
    assert value(found.plan("more").cost_change) == pytest.approx(2 * 4 * 20)
    assert value(found.plan("longer").cost_change) == pytest.approx(2 * 1 * 20)
    # 360 on the third day; two do 480 of 720, then of 600; one in five hours leaves 60 a day.
    assert value(found.plan("more").backlog_at_end) == 120
    assert value(found.plan("longer").backlog_at_end) == 480


def test_of_two_triggers_that_hold_at_once_the_later_has_its_way_until_it_is_over() -> None:
    plans = {
        "short": {**SHORT, "for_days": 9},
        "shorter": {**SHORT, "for_days": 1, "lead_days": 1, "steps": {"advocacy": {"minutes": 10}}},
    }
    found = compared(two_pools(**plans), days=6, plans=["short+shorter"])
    # From the fourth day on 180 join; on the fifth 60; on the sixth 180 again.
    assert value(found.plan("short+shorter").backlog_at_end) == 360 + 180 + 60 + 180 - 3 * 240


def test_diverted_cases_cost_each_and_wait_nowhere() -> None:
    plan = {"streams": {"police": {"divert": 0.5}}, "cost_per_case": 7, "cost_per_year": 365, "paid_by": "police"}
    found = compared(two_pools(partner=plan), days=10)
    rows = {row.organisation: row for row in found.organisations.rows if row.plan == "partner"}
    paid = value(rows["police"].cost_change)
    cases = (paid - 10) / 7
    assert 0 < cases < 60, "about half of sixty, and ten days of a year"
    assert found.plan("partner").lead_time is not None
    assert value(found.plan("partner").lead_time) >= 60, "no lead time of nought of those who went elsewhere"
    assert any("diverts" in note for note in found.notes)


def test_a_promise_is_kept_or_broken() -> None:
    found = compared(two_pools(hire=HIRE, agency=AGENCY), target="backlog <= 600 min", risk=0.4)
    assert found.target == "backlog <= 600 minutes"
    kept = {row.plan: value(row.kept) for row in found.plans.rows}
    assert kept == {"nothing": 0, "hire": 1, "agency": 1}
    assert value(found.plan("hire").kept_change) == 1
    assert found.by == "cost"


def test_with_enough_replications_the_cheapest_that_keeps_it_is_found() -> None:
    made = two_pools(hire=HIRE, agency=AGENCY)
    found = compare(made, MONDAY, 10, replications=150, target="backlog <= 600 min", threads=1)
    assert found.could_be_best == ("hire",)
    assert compare(made, MONDAY, 10, replications=20, by="cost", threads=1).could_be_best == ("nothing",)


def test_dominated_plans_name_what_is_better() -> None:
    found = compared(two_pools(hire=HIRE, agency=AGENCY, lend=LEND))
    # Lending costs nothing and leaves no backlog either: all others are worse in something.
    assert {row.plan: row.dominated_by for row in found.plans.rows} == {
        "nothing": "lend",
        "hire": "lend",
        "agency": "lend",
        "lend": None,
    }


def test_problem_days_are_counted_by_one_definition() -> None:
    found = compared(two_pools(less={"pools": {"advocates": {"minutes_per_day": 180}}}), line=500)
    days = {(row.plan, row.event): value(row.days) for row in found.events.rows if row.pool == "advocates"}
    # 360 minutes join each day: twice 180, and less than twice 240. The backlog passes 500 after 600, and after 540.
    assert days == {
        ("nothing", "demand at least twice capacity"): 0,
        ("nothing", "backlog above the line"): 6,
        ("less", "demand at least twice capacity"): 10,
        ("less", "backlog above the line"): 8,
    }
    probability = [row.probability for row in found.events.rows if row.plan == "less" and row.pool == "advocates"]
    assert [(one.value, one.low is not None and one.low < 1) for one in probability] == [(1, True), (1, True)]
    usual = compared(two_pools(hire=HIRE)).events.rows
    assert {row.pool: row.line for row in usual if row.line} == {"advocates": 2400, "clerks": 6000}


def test_money_of_later_years_is_discounted() -> None:
    found = compared(two_pools(hire=HIRE), days=730)
    row = found.plan("hire")
    assert value(row.cost_change) == 730 * 80
    assert value(row.present_cost_change) == pytest.approx(365 * 80 + 365 * 80 / 1.035)
    assert compared(two_pools(hire=HIRE)).plan("hire").present_cost_change is None


def test_costs_that_nobody_is_named_to_pay_are_told() -> None:
    pools = {name: {key: of for key, of in pool.items() if key != "organisation"} for name, pool in POOLS.items()}
    made = service(pools=pools, plans={"hire": HIRE})
    found = compared(made)
    assert {row.organisation for row in found.organisations.rows} == {None}
    assert any("nobody is named who pays" in note for note in found.notes)


def test_costs_are_unknown_where_an_hour_has_no_price() -> None:
    pools = {"advocates": {"workers": 1, "minutes_per_day": 240}}
    found = compared(service(pools=pools, plans={"hire": HIRE}))
    assert (found.plan("hire").cost, found.plan("hire").cost_per_backlog_minute) == (None, None)
    assert any("advocates has no cost_per_hour" in note for note in found.notes)


def test_a_plan_that_is_never_called_is_told() -> None:
    never = {**AGENCY, "when": "backlog minutes", "above": 1e6, "for_days": 2}
    assert any(
        "never makes" in note or "makes no difference" in note for note in compared(two_pools(agency=never)).notes
    )


def test_the_same_seed_gives_the_same_figures_and_everything_is_plain() -> None:
    made = two_pools(hire=HIRE, agency=AGENCY)
    assert (
        compared(made, target="backlog <= 600 min").to_dict() == compared(made, target="backlog <= 600 min").to_dict()
    )
    plain = compared(made).to_dict()
    assert [row["plan"] for row in plain["plans"]] == ["nothing", "hire", "agency"]
    assert set(plain) >= {"pools", "organisations", "events", "could_be_best", "notes", "rates"}
    assert "cost_change_low" in compared(made).plans.to_csv().splitlines()[0]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"plans": ["hier"]}, 'There is no plan "hier" in Worked example.\nDid you mean "hire"?'),
        ({"plans": [" "]}, "No plan is named"),
        ({"by": "costs"}, "Plans cannot be judged by 'costs'.\nDid you mean cost?"),
        ({"target": "backlog <= 100 min"}, "broken at the end of the first day, 2026-01-05, in every replication"),
        ({"target": "be quick"}, "is no promise that can be judged"),
        ({"target": "120% seen within 5 days"}, "cannot be promised"),
        ({"risk": 1}, "A risk of 1 is no share"),
        ({"line": -1}, "is no line"),
        ({"days": 0}, "cannot be compared over 0 days"),
    ],
)
def test_what_cannot_be_compared_is_told(options: dict[str, Any], told: str) -> None:
    slow = {"pools": {"clerks": {"workers": 3}}}
    with pytest.raises(WrongUse) as caught:
        compared(two_pools(hire=slow), **options)
    assert told in str(caught.value)


def test_a_service_without_plans_is_told_how_to_write_one() -> None:
    with pytest.raises(WrongUse, match=r"Worked example has no plans to compare.\nAdd one"):
        compared(service())


def test_plans_that_lend_more_than_there_are_together_are_refused() -> None:
    plans = {"one": LEND, "two": {**LEND, "workers": 2}}
    with pytest.raises(FaultyService) as caught:
        compared(two_pools(**plans), plans=["one+two"])
    assert "With the plan one+two, service.toml" in str(caught.value)
    (fault,) = caught.value.faults
    assert (fault.where, fault.what) == (
        "policies.two.workers",
        "is 2, and the pool clerks that lends them has 2 in the days simulated, of whom one lends 1",
    )
