"""Wilson's interval, against values anybody can compute and against another library."""

import pytest
from statsmodels.stats.proportion import proportion_confint

from millpond.measures.proportions import wilson


def test_a_share_of_nothing_has_no_interval() -> None:
    assert wilson(0, 0) is None


def test_the_ends_are_the_ends() -> None:
    low, high = wilson(0, 10) or (None, None)
    assert low == 0.0
    assert high == pytest.approx(1.96**2 / (10 + 1.96**2), abs=1e-4)  # z2 / (n + z2)
    assert (wilson(10, 10) or (0, 0))[1] == 1.0


@pytest.mark.parametrize(("count", "of"), [(1, 3), (8, 10), (63, 100), (1, 10_000)])
def test_statsmodels_gives_the_same_interval(count: int, of: int) -> None:
    assert wilson(count, of) == pytest.approx(proportion_confint(count, of, method="wilson"))
