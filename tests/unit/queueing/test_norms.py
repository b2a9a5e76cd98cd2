"""Workers by a published norm: SafeLives' worked figures for independent domestic violence advisers."""

from __future__ import annotations

import pytest

from millpond.errors import WrongUse
from millpond.queueing.norms import expected_cases, workers_by_norm


def test_the_norm_for_advisers() -> None:
    # 100,000 adult women: 40 cases for 10,000; 100 a year for each adviser, 400 for each administrator.
    cases = expected_cases(100_000, 40, 10_000)
    assert (cases, workers_by_norm(cases, 100), workers_by_norm(cases, 400)) == (400, 4, 1)


def test_a_case_more_than_they_take_asks_for_one_more() -> None:
    assert [workers_by_norm(cases, 100) for cases in (0, 1, 100, 101)] == [0, 1, 1, 2]
    assert workers_by_norm(0.3, 0.1) == 3


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(WrongUse, match="number of people is -1"):
        expected_cases(-1, 40, 10_000)
    with pytest.raises(WrongUse, match="number of people of the norm is 0"):
        expected_cases(1, 40, 0)
    with pytest.raises(WrongUse, match="number of cases for each worker is 0"):
        workers_by_norm(1, 0)
