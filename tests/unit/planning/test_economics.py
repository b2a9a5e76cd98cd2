"""Money over years, against figures that anybody can look up or work out."""

from __future__ import annotations

import pytest

from millpond.errors import WrongUse
from millpond.planning.economics import (
    GREEN_BOOK,
    HEALTH,
    NO_DISCOUNT,
    Optimism,
    Rates,
    appraise,
    payback,
    present_value,
)


@pytest.mark.parametrize(
    ("year", "factor"), [(0, "1.0000"), (1, "0.9662"), (5, "0.8420"), (10, "0.7089"), (30, "0.3563"), (31, "0.3459")]
)
def test_the_factors_of_the_green_book(year: int, factor: str) -> None:
    assert f"{GREEN_BOOK.factors(40)[year]:.4f}" == factor


@pytest.mark.parametrize(("year", "rate"), [(0, 0.035), (30, 0.035), (31, 0.03), (75, 0.03), (76, 0.025), (125, 0.025)])
def test_the_rates_fall_with_the_years(year: int, rate: float) -> None:
    assert GREEN_BOOK.rate(year) == rate
    assert HEALTH.rate(year) == 0.015
    if year:
        factors = GREEN_BOOK.factors(year + 1)
        assert factors[year - 1] / factors[year] == pytest.approx(1 + rate)


def test_the_first_year_is_not_discounted() -> None:
    assert present_value([100]) == 100
    assert present_value([100, 100]) == pytest.approx(100 + 100 / 1.035)
    assert present_value([0] * 31 + [1]) == pytest.approx(1 / (1.035**30 * 1.03))
    assert present_value([]) == 0


def test_payback_is_the_first_year_in_which_benefits_have_come_up_to_costs() -> None:
    assert payback([100, 0, 0, 0], [0, 40, 60, 60]) == 2
    assert payback([100, 0, 0], [0, 40, 59]) is None
    assert payback([0], [0]) == 0
    # Discounted, 60 in the second year are no longer enough.
    assert payback([100, 0, 0, 0], [0, 40, 60, 60], GREEN_BOOK) == 3


def test_an_appraisal_by_hand() -> None:
    found = appraise([1000, 100], [0, 1500], rates=Rates("ten per cent", ((0, 0.1),)))
    assert [found.costs, found.benefits] == pytest.approx([1000 + 100 / 1.1, 1500 / 1.1])
    assert found.net_present_value == pytest.approx(1400 / 1.1 - 1000)
    assert found.benefit_cost_ratio == pytest.approx((1500 / 1.1) / (1000 + 100 / 1.1))
    assert found.payback_year == 1
    assert found.rates == "ten per cent"


def test_at_the_switching_values_nothing_is_left() -> None:
    found = appraise([1000, 100, 100], [0, 900, 900])
    assert found.switching_cost is not None and found.switching_benefit is not None
    dearer = appraise([cost * (1 + found.switching_cost) for cost in (1000, 100, 100)], [0, 900, 900])
    poorer = appraise([1000, 100, 100], [benefit * (1 - found.switching_benefit) for benefit in (0, 900, 900)])
    assert dearer.net_present_value == pytest.approx(0, abs=1e-9)
    assert poorer.net_present_value == pytest.approx(0, abs=1e-9)
    assert dearer.benefit_cost_ratio == pytest.approx(1)


def test_a_plan_without_costs_or_without_benefits_has_no_ratio() -> None:
    assert appraise([0, 0], [1, 1]).benefit_cost_ratio is None
    assert appraise([0, 0], [1, 1]).switching_cost is None
    assert appraise([1, 1], [0, 0]).switching_benefit is None
    assert appraise([1, 1], [0, 0]).payback_year is None


@pytest.mark.parametrize(
    ("costs_by", "benefits_by"),
    # The grades 1 to 6 of the Greater Manchester model.
    [(0, 0), (0.02, 0.05), (0.05, 0.1), (0.1, 0.15), (0.15, 0.25), (0.4, 0.4)],
)
def test_optimism_raises_costs_and_lowers_benefits(costs_by: float, benefits_by: float) -> None:
    found = appraise([1000], [2000], rates=NO_DISCOUNT, optimism=Optimism(costs_by, benefits_by))
    assert [found.costs, found.benefits] == pytest.approx([1000 * (1 + costs_by), 2000 * (1 - benefits_by)])


def test_benefits_may_have_rates_of_their_own() -> None:
    found = appraise([0, 100], [0, 100], benefit_rates=HEALTH)
    assert [found.costs, found.benefits] == pytest.approx([100 / 1.035, 100 / 1.015])
    assert found.rates == "Green Book, real; benefits: Green Book, health effects"


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: appraise([1], [1, 2]), "There are 1 years of costs and 2 of benefits"),
        (lambda: appraise([], []), "There are 0 years"),
        (lambda: Optimism(costs=-0.1), "Optimism raises costs"),
        (lambda: Optimism(benefits=1.1), "Optimism raises costs"),
        (lambda: Rates("late", ((1, 0.03),)), "need a rate from year 0"),
        (lambda: Rates("twice", ((0, 0.03), (0, 0.02))), "later years in order"),
        (lambda: Rates("all", ((0, -1.0),)), "-100% or below"),
    ],
)
def test_what_cannot_be_reckoned_is_refused(make: object, told: str) -> None:
    with pytest.raises(WrongUse, match=told):
        make()  # type: ignore[operator]
