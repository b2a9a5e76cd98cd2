"""Centre and limits of each kind of chart: figures of other programs, and sums that a person can do."""

from __future__ import annotations

import numpy as np
import pytest

from millpond.model import ChartRules
from millpond.variation import limits
from tests.unit.variation.charts import chart

SPIKE = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
"""The series of the vignette of the R package NHSRplotthedots."""


@pytest.mark.parametrize(
    ("screen", "lower", "upper"),
    # By hand: the mean is 35/18; 17 moving ranges add up to 32 with 8 and 9 in them, and 15 of 1 without.
    [(True, -0.72, 4.60), (False, -3.06, 6.95)],
)
def test_the_vignette_of_the_r_package_with_and_without_screening(screen: bool, lower: float, upper: float) -> None:
    point = chart(SPIKE, rules=ChartRules(screen_outliers=screen)).latest
    assert (round(point.centre, 2), round(point.lower, 2), round(point.upper, 2)) == (1.94, lower, upper)


def test_a_swing_that_is_screened_leaves_narrower_limits() -> None:
    point = chart([1, -1] * 7 + [5.5, -5.5]).latest
    assert (point.lower, point.upper) == pytest.approx((-6.175, 6.175))
    assert point.upper_two == pytest.approx(4.117, abs=0.0005)


def test_screening_happens_once() -> None:
    # Nine moves of 1, one of 4.5, one of 30: their mean is 3.95, and 30 is more than 3.267 times that. By the mean of
    # the others, 1.35, the 4.5 would be an outlier too, if anybody looked again.
    values = np.cumsum([0.0, *[1, -1] * 4, 1, 4.5, 30])
    found = limits.xmr(values, len(values), screen=True)
    assert found.screened == 1
    assert found.upper[0] - found.centre[0] == pytest.approx(2.66 * (9 + 4.5) / 10)


def test_a_baseline_fixes_the_limits_from_its_own_points() -> None:
    point = chart([1, 2] * 6 + [50, 60], baseline=12).latest
    assert point.centre == 1.5
    assert point.upper == pytest.approx(1.5 + 2.66)


def test_a_series_that_never_moves_has_its_value_for_limits_and_no_signal() -> None:
    # Seven tenths summed and divided again would miss 0.1 by a hair, and every point would lie beyond its limits.
    found = chart([0.1] * 20)
    assert (found.latest.lower, found.latest.centre, found.latest.upper) == (0.1, 0.1, 0.1)
    assert not any(row.rules for row in found.rows)


def test_c_limits_are_those_of_poisson() -> None:
    point = chart([4, 12, 9, 11], kind="c").latest
    assert (point.centre, point.lower, point.upper) == (9, 0, 18)
    assert (point.lower_two, point.upper_two) == (3, 15)


def test_c_limits_do_not_go_below_nothing() -> None:
    assert chart([4, 4, 4], kind="c").latest.lower == 0


def test_p_limits_widen_where_fewer_were_looked_at() -> None:
    # 20 of 200 in all: the share is 0.1. With 100, sigma is 0.03; with 25, 0.06.
    rows = chart([10, 9, 0, 1], [100, 50, 25, 25], kind="p").rows
    assert [row.value for row in rows] == [0.1, 0.18, 0.0, 0.04]
    assert (rows[0].lower, rows[0].upper) == pytest.approx((0.01, 0.19))
    assert (rows[3].lower, rows[3].upper) == pytest.approx((0.0, 0.28))
    assert rows[3].size == 25


def test_p_limits_stay_within_nothing_and_all() -> None:
    point = chart([9, 9], [10, 10], kind="p").latest
    assert point.upper == 1
    assert point.lower == pytest.approx(0.9 - 3 * np.sqrt(0.9 * 0.1 / 10))


def test_u_limits_widen_in_shorter_weeks() -> None:
    # 36 in 9 days: 4 a day. In a week of 4 days sigma is 1, in one of 1 day 2.
    rows = chart([16, 16, 4], [4, 4, 1], kind="u").rows
    assert [row.value for row in rows] == [4, 4, 4]
    assert (rows[0].lower, rows[0].upper) == (1, 7)
    assert (rows[2].lower, rows[2].upper) == (0, 10)


def test_t_limits_are_those_of_the_power_that_makes_times_normal() -> None:
    times = np.array([1.0, 2, 3, 5, 8, 13]) ** 3.6
    found, plain = limits.t(times, 6, screen=False), limits.xmr(np.array([1.0, 2, 3, 5, 8, 13]), 6, screen=False)
    assert found.upper[0] == pytest.approx(plain.upper[0] ** 3.6)
    assert found.centre[0] == pytest.approx((32 / 6) ** 3.6)
    assert found.lower[0] == 0, "a power below nothing is no time"


def test_g_limits_are_geometric_about_the_median() -> None:
    # The mean is 3, so sigma is the root of 12.
    point = chart([0, 1, 2, 9], kind="g").latest
    assert point.centre == 1.5
    assert (point.lower, point.upper) == pytest.approx((0, 3 + 3 * np.sqrt(12)))
