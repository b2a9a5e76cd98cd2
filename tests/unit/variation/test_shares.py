"""How often something happens, and how likely it is: the sums of a person, and of another program."""

from __future__ import annotations

import pytest
from statsmodels.stats.proportion import proportion_confint

from millpond.errors import WrongUse
from millpond.variation.shares import frequency


def test_six_days_in_522_as_the_sums_have_it() -> None:
    found = frequency(6, 522)
    once, most_often, least_often = found.once_in()
    assert once == 87
    # Wilson's interval of 6 in 522, worked out by hand: centre 7.9207/525.84, half width 5.145/525.84.
    assert most_often == pytest.approx(40.2, abs=0.05)
    assert least_often == pytest.approx(189.5, abs=0.05)
    # 253 working days a year, as England has in 2026; 1 - (86/87)^100.
    assert found.expected(253)[0] == pytest.approx(2.908, abs=0.0005)
    assert found.chance(100)[0] == pytest.approx(1 - (86 / 87) ** 100)
    assert round(found.chance(100)[0] or 0, 2) == 0.69


def test_one_in_a_hundred_is_likely_within_a_hundred_days() -> None:
    assert frequency(1, 100).chance(100)[0] == pytest.approx(0.634, abs=0.0005)
    assert frequency(1, 100).expected(253)[0] == pytest.approx(2.53)


@pytest.mark.parametrize(("count", "of"), [(1, 10), (6, 522), (40, 41), (7, 7)])
def test_the_interval_is_that_of_another_program(count: int, of: int) -> None:
    found = frequency(count, of)
    assert (found.low, found.high) == pytest.approx(proportion_confint(count, of, method="wilson"), abs=1e-9)


def test_what_was_never_seen_is_bounded_by_the_rule_of_three() -> None:
    found = frequency(0, 300)
    assert (found.share, found.low, found.high) == (0, 0, 0.01)
    assert found.once_in() == (None, 100, None), "fewer than 300 days cannot rule out one in a hundred"
    assert frequency(0, 299).once_in()[1] == pytest.approx(299 / 3)
    assert found.chance(100)[:2] == (0, 0)
    assert found.chance(100)[2] == pytest.approx(1 - 0.99**100)


def test_a_short_history_says_nothing_of_what_it_never_saw() -> None:
    assert frequency(0, 29).high is None
    assert frequency(0, 30).high == 0.1
    assert frequency(0, 0).share is None
    assert frequency(0, 0).chance(100) == (None, None, None)


def test_more_than_all_is_refused() -> None:
    with pytest.raises(WrongUse, match="7 of 6 days is no share"):
        frequency(7, 6)
