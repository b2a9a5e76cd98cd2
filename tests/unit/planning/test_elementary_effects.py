"""Elementary effects of functions whose effects are known by hand."""

from __future__ import annotations

import numpy as np
import pytest

from millpond.planning.elementary_effects import Floats, elementary_effects


def test_of_a_sum_they_are_its_factors_wherever_it_is_asked() -> None:
    found = elementary_effects(lambda points, row: (points @ np.array([4.0, -2, 0]))[:, np.newaxis], 3, 5)
    assert [one.mean.value for one in found] == pytest.approx([4, -2, 0])
    assert [one.size.value for one in found] == pytest.approx([4, 2, 0])
    assert [one.spread for one in found] == pytest.approx([0, 0, 0], abs=1e-9)
    assert (found[0].mean.low, found[0].mean.high) == pytest.approx((4, 4))


def test_where_two_inputs_multiply_the_spread_shows_it() -> None:
    # The effect of x in x * y is y, on four levels from 0 to 1: mean 1/2, variance (1 + 1/9) / 4 - ... = 5/36.
    found = elementary_effects(lambda points, row: (points[:, 0] * points[:, 1])[:, np.newaxis], 2, 4000)
    for one in found:
        assert one.mean.value == pytest.approx(1 / 2, abs=0.02)
        assert one.spread == pytest.approx(np.sqrt(5 / 36), abs=0.02)


def test_what_goes_up_here_and_down_there_has_a_size_and_no_mean() -> None:
    # x * (y - 1/2): at the four levels of y the effect of x is -1/2, -1/6, 1/6, 1/2.
    found = elementary_effects(lambda points, row: (points[:, 0] * (points[:, 1] - 0.5))[:, np.newaxis], 2, 4000)
    assert found[0].mean.value == pytest.approx(0, abs=0.02)
    assert found[0].size.value == pytest.approx(1 / 3, abs=0.02)


def test_luck_that_points_share_falls_out_and_other_luck_is_no_spread() -> None:
    def model(points: Floats, row: int) -> Floats:
        random = np.random.default_rng([1, row])
        shared = 50 * random.normal(size=(1, 6))
        return np.asarray((points @ np.array([4.0, -2]))[:, np.newaxis] + shared + random.normal(size=(len(points), 6)))

    found = elementary_effects(model, 2, 4000)
    assert [one.mean.value for one in found] == pytest.approx([4, -2], abs=0.05)
    assert [one.spread for one in found] == pytest.approx([0, 0], abs=0.3)


def test_points_stay_inside_the_cube_and_move_one_input_at_a_time() -> None:
    seen: list[Floats] = []

    def model(points: Floats, row: int) -> Floats:
        seen.append(points)
        return np.zeros((len(points), 1))

    elementary_effects(model, 4, 50)
    for points in seen:
        assert points.shape == (5, 4)
        assert points.min() > -1e-12 and points.max() < 1 + 1e-12
        moves = np.abs(np.diff(points, axis=0))
        assert np.allclose(np.sort(moves, axis=1), [[0, 0, 0, 2 / 3]] * 4)
        assert np.allclose(moves.sum(axis=0), 2 / 3)
