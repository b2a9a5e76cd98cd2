"""Sobol indices of functions whose indices are known."""

from __future__ import annotations

import numpy as np
import pytest

from millpond.planning.variance_shares import Floats, variance_shares


def ishigami(points: Floats, row: int) -> Floats:
    """T. Ishigami and T. Homma (1990): sin x + 7 sin(y)^2 + 0.1 z^4 sin x on the cube from -pi to pi."""
    x, y, z = (np.pi * (2 * points - 1)).T
    return np.asarray(np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))[:, np.newaxis]


def with_luck(points: Floats, row: int) -> Floats:
    """The same in eight replications that share their luck, of which there is more where y is large."""
    random = np.random.default_rng([3, row])
    return ishigami(points, row) + random.normal(0, 5, (1, 8)) + points[:, 1:2] * random.normal(0, 3, (1, 8))


FIRST, TOTAL = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)
"""Of Ishigami's function, worked out by integrals: V = 49/8 + 0.1 pi^4/5 + 0.01 pi^8/18 + 1/2."""


@pytest.mark.parametrize("model", [ishigami, with_luck])
def test_ishigami(model: object) -> None:
    found = variance_shares(model, [[0], [1], [2]], 3000)  # type: ignore[arg-type]
    assert found is not None
    for place, one in enumerate(found):
        assert one.first.value == pytest.approx(FIRST[place], abs=0.03)
        assert one.total.value == pytest.approx(TOTAL[place], abs=0.03)
        assert one.first.low is not None and one.first.high is not None
        assert 0.01 < one.first.high - one.first.low < 0.15


def test_a_group_has_what_its_inputs_do_together() -> None:
    found = variance_shares(ishigami, [[0, 2], [1]], 3000)
    assert found is not None
    # x and z interact with each other alone: together all that is not y.
    assert [one.first.value for one in found] == pytest.approx([0.5576, 0.4424], abs=0.03)
    assert [one.total.value for one in found] == pytest.approx([0.5576, 0.4424], abs=0.03)


def test_in_a_sum_the_shares_are_those_of_the_variances() -> None:
    # Variances 16, 4 and 1 of 21; nothing interacts.
    found = variance_shares(lambda points, row: (points @ np.array([4.0, 2, 1]))[:, np.newaxis], [[0], [1], [2]], 3000)
    assert found is not None
    for one, share in zip(found, (16 / 21, 4 / 21, 1 / 21), strict=True):
        assert one.first.value == pytest.approx(share, abs=0.02)
        assert one.total.value == pytest.approx(share, abs=0.02)


def test_what_does_not_vary_or_only_by_luck_has_no_shares() -> None:
    assert variance_shares(lambda points, row: np.ones((len(points), 1)), [[0], [1]], 20) is None

    def luck(points: Floats, row: int) -> Floats:
        return np.random.default_rng(row).normal(size=(len(points), 4))

    assert variance_shares(luck, [[0], [1]], 20) is None


def test_the_same_seed_gives_the_same_shares() -> None:
    assert variance_shares(ishigami, [[0], [1], [2]], 16, seed=5) == variance_shares(
        ishigami, [[0], [1], [2]], 16, seed=5
    )
