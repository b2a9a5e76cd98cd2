"""Growth of a backlog: weeks, the typical one, and an interval that keeps its promise."""

from __future__ import annotations

import random
from itertools import product

import pytest

from millpond.measures.growth import Change, typical_change, weekly


def test_weeks_are_counted_back_from_the_last_day() -> None:
    assert weekly([100.0, *[1.0] * 7, *[2.0] * 7]) == (7.0, 14.0)
    assert weekly([1.0] * 6) == ()
    assert weekly([]) == ()
    assert weekly([0.1, 0.2, -0.3, 0.0, 0.0, 0.0, 0.0]) == (0.0,)


def test_the_typical_change_worked_by_hand() -> None:
    # The means of all pairs of 1, 2 and 6, each with itself too: 1, 1.5, 2, 3.5, 4, 6.
    assert typical_change([1, 2, 6]) == Change(typical=2.75, low=None, high=None)
    assert typical_change([]) is None


def test_steady_growth_leaves_no_doubt() -> None:
    assert typical_change([240.0] * 6) == Change(240.0, 240.0, 240.0)


def test_one_odd_week_moves_it_little() -> None:
    usual = typical_change([10.0, 12, 11, 9, 13, 11, 10, 12, 9, 13, 10, 11, 12])
    odd = typical_change([10.0, 12, 11, 9, 13, 11, 10, 12, 9, 13, 10, 11, 5000])
    assert usual is not None
    assert odd is not None
    assert odd.typical == pytest.approx(usual.typical, abs=0.5)


@pytest.mark.parametrize(
    ("weeks", "critical"),
    [(6, 0), (7, 2), (8, 3), (9, 5), (10, 8), (11, 10), (12, 13), (13, 17), (20, 52)],  # the usual printed table
)
def test_the_interval_cuts_off_what_the_printed_tables_say(weeks: int, critical: int) -> None:
    values = [2.0**k for k in range(weeks)]
    pairs = sorted((a + b) / 2 for i, a in enumerate(values) for b in values[i:])
    found = typical_change(values)
    assert found is not None
    assert (found.low, found.high) == (pairs[critical], pairs[-1 - critical])


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    # All 128 patterns of signs of seven weeks with sizes 1 to 7 are alike likely where nothing changes.
    held = 0
    for signs in product((-1, 1), repeat=7):
        found = typical_change([sign * size for sign, size in zip(signs, range(1, 8), strict=True)])
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0 <= found.high
    assert held / 128 == 1 - 6 / 128  # of the patterns, three on either side have a rank sum of at most 2


def test_thirteen_weeks_of_chance() -> None:
    draw, held = random.Random(3), 0
    for _ in range(1000):
        found = typical_change([draw.gauss(5, 20) for _ in range(13)])
        assert found is not None
        held += (found.low or 0) <= 5 <= (found.high or 0)
    assert 0.93 < held / 1000 < 0.98
