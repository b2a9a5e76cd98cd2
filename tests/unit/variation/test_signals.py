"""The four rules, with the series that the tests of NHSRplotthedots use, and the choices on which sources differ."""

from __future__ import annotations

import numpy as np
import pytest

from millpond.model import ChartRules, Rebase
from millpond.variation.signals import in_two_of_three, runs, trends
from tests.unit.variation.charts import MONDAY, chart, rules, week


def _trend(values: list[float], **how: bool) -> list[int]:
    found: list[int] = trends(np.array(values, dtype=float), 7, **how).tolist()
    return found


def test_the_last_two_of_a_wide_swing_are_common_cause() -> None:
    assert rules(chart([1, -1] * 7 + [5.5, -5.5])) == [""] * 16


def test_a_point_beyond_a_limit_signals_and_one_on_it_does_not() -> None:
    # Moving ranges of 1: limits at 1.5 plus and minus 2.66.
    assert rules(chart([*[1, 2] * 6, 4.17], baseline=12))[-1] == "1"
    assert rules(chart([*[1, 2] * 6, 1.5 + 2.66], baseline=12))[-1] == ""
    assert rules(chart([*[2, 1] * 6, -1.17], baseline=12))[-1] == "1"


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([1, 2, 3, 4, 5, 6, 7], [1] * 7),
        ([7, 6, 5, 4, 3, 2, 1], [-1] * 7),
        ([1, 2, 3, 4, 5, 6], [0] * 6),
        ([1, 2, 3, 3, 4, 5, 6], [0] * 7),
        ([2, 1, 2, 3, 4, 5, 6, 7, 3], [0, 1, 1, 1, 1, 1, 1, 1, 0]),
        ([2, 7, 6, 5, 4, 3, 2, 1, 3], [0, -1, -1, -1, -1, -1, -1, -1, 0]),
        # A turning point goes on with what comes after it.
        ([1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1], [1] * 6 + [-1] * 7),
    ],
)
def test_a_trend_is_seven_points_that_rise_or_fall(values: list[float], found: list[int]) -> None:
    assert _trend(values) == found


def test_ties_end_a_trend_or_are_skipped_as_is_chosen() -> None:
    values: list[float] = [1, 2, 3, 3, 4, 5, 6, 7]
    assert _trend(values) == [0] * 8
    assert _trend(values, skip_ties=True) == [1] * 8
    assert _trend([1, 2, 3, 3, 4, 5, 6], skip_ties=True) == [0] * 7, "an equal point does not add to a trend"
    assert _trend([4, 4, 5, 6, 7, 8, 9, 10, 10], skip_ties=True) == [0, *[1] * 7, 0]


def test_two_in_three_before_only_the_close_ones_are_kept() -> None:
    one_side = np.ones(7, dtype=np.int64)
    assert in_two_of_three(np.array([0, 0, 1, 0, 1, 0, 0]) == 1, one_side).astype(int).tolist() == [0, 0, 1, 1, 1, 0, 0]
    assert in_two_of_three(np.array([0, 0, 1, 1, 0, 0, 0]) == 1, one_side).astype(int).tolist() == [0, 1, 1, 1, 1, 0, 0]
    both = np.array([1, -1, 1, -1, 1, -1, 1])
    assert not in_two_of_three(np.array([0, 0, 1, 0, 1, 0, 0]) == 1, both).any()


def test_two_in_three_flags_only_those_beyond_the_two_sigma_line() -> None:
    # Limits at 1.5 plus and minus 2.66, two-sigma lines at 1.5 plus and minus 1.773.
    close = chart([*[1, 2] * 6, 3.5, 2, 3.5], baseline=12)
    assert rules(close)[-3:] == ["3", "", "3"]
    apart = chart([*[1, 2] * 6, 3.5, 1, 3.5], baseline=12)
    assert rules(apart)[-3:] == ["", "", ""], "the one between lies on the other side"


def test_whether_points_beyond_the_limits_count_towards_two_in_three_is_a_choice() -> None:
    values = [*[1, 2] * 6, 5, 2, 3.5]
    assert rules(chart(values, baseline=12))[-3:] == ["1", "", ""]
    counted = chart(values, baseline=12, rules=ChartRules(beyond_limits_count=True))
    assert rules(counted)[-3:] == ["1 3", "", "3"]


def test_seven_on_one_side_and_a_point_on_the_mean_ends_a_run() -> None:
    assert runs(np.array([1] * 7), 7).tolist() == [1] * 7
    assert runs(np.array([1] * 6), 7).tolist() == [0] * 6
    assert runs(np.array([1, 1, 1, 0, 1, 1, 1, 1]), 7).tolist() == [0] * 8
    assert runs(np.array([-1, *[1] * 8, -1]), 7).tolist() == [0, *[1] * 8, 0]
    # Six points and the one on the mean of 1.5.
    assert rules(chart([*[1, 2] * 6, 1.8, 1.9, 1.7, 1.5, 1.8, 1.9, 1.7], baseline=12))[-7:] == [""] * 7


def test_six_points_are_enough_where_somebody_chose_six() -> None:
    values = [*[1, 2] * 6, 1.9, 1.8, 1.9, 1.8, 1.9, 1.8, 1]
    six = chart(values, baseline=12, rules=ChartRules(run=6))
    # The last of the baseline lies above the mean too: seven in a row.
    assert rules(six)[11:] == ["4"] * 7 + [""]
    values[11] = 1
    assert rules(chart(values, baseline=12))[11:] == [""] * 8
    assert trends(np.arange(6.0), 6).tolist() == [1] * 6


def test_rules_do_not_look_across_a_rebasing() -> None:
    values = [*[1, 2] * 6, *[3, 4] * 6]
    whole = chart(values)
    assert set(rules(whole)) == {"4"}
    change = Rebase(date=MONDAY.replace(month=3, day=31), reason="a worker left")
    apart = chart(values, rebase=[change])
    assert week(12) == "2025-03-31"
    assert rules(apart) == [""] * 24
    assert [(part.first, part.centre, part.reason) for part in apart.segments] == [
        ("2025-01-06", 1.5, None),
        ("2025-03-31", 3.5, "a worker left"),
    ]


def test_the_rules_come_in_their_order() -> None:
    # Beyond the limit, risen seven times, and above the mean for seven points.
    values = [*[1, 2] * 6, 1.6, 1.7, 1.8, 1.9, 2.0, 2.1, 9]
    assert rules(chart(values, baseline=12))[-1] == "1 2 4"
