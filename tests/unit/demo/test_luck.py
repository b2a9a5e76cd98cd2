"""Draws with addresses, and the distributions made of them, against values worked out by hand or by counting."""

from __future__ import annotations

import hashlib
import math

import pytest

from millpond.demo.luck import SEED, chosen, count, lognormal, uniform


def test_a_draw_belongs_to_its_address() -> None:
    digest = hashlib.sha256(f"{SEED}/minutes/police/20094/0/1".encode()).hexdigest()
    assert uniform("minutes", "police/20094/0", 1) == (int(digest[:13], 16) + 0.5) / 2**52
    assert uniform("minutes", "police/20094/0", 1) != uniform("minutes", "police/20094/0", 2)


def test_draws_lie_between_0_and_1_and_are_spread_evenly() -> None:
    draws = [uniform("spread", n) for n in range(10_000)]
    assert 0 < min(draws) < max(draws) < 1
    for tenth in range(10):
        assert sum(tenth / 10 <= draw < (tenth + 1) / 10 for draw in draws) == pytest.approx(1000, abs=100)


@pytest.mark.parametrize(
    ("draw", "name"), [(0.0, "a"), (0.199, "a"), (0.201, "b"), (0.699, "b"), (0.701, "c"), (0.9999999, "c")]
)
def test_a_name_is_chosen_as_often_as_its_share(draw: float, name: str) -> None:
    assert chosen({"a": 0.2, "never": 0.0, "b": 0.5, "c": 0.3, "nor this": 0.0}, draw) == name


def test_weights_need_not_add_up_to_1() -> None:
    assert [chosen({"a": 3, "b": 1}, draw) for draw in (0.1, 0.74, 0.76)] == ["a", "a", "b"]


def test_rounding_never_leaves_a_draw_without_a_name() -> None:
    assert chosen({"a": 0.1, "b": 0.1, "c": 0.0}, 1.0) == "b"


def test_the_lognormal_has_the_mean_and_deviation_that_were_asked_for() -> None:
    drawn = [lognormal(60, 25, (n + 0.5) / 20_000) for n in range(20_000)]
    mean = math.fsum(drawn) / len(drawn)
    assert mean == pytest.approx(60, rel=0.001)
    assert math.sqrt(math.fsum((x - mean) ** 2 for x in drawn) / len(drawn)) == pytest.approx(25, rel=0.01)
    # The median of a log-normal is its mean over the root of 1 + (sd / mean)^2.
    assert lognormal(60, 25, 0.5) == pytest.approx(60 / math.sqrt(1 + (25 / 60) ** 2))


def test_a_poisson_count_is_as_in_the_tables() -> None:
    # P(X <= 0, 1, 2) with mean 2 is 0.1353, 0.4060, 0.6767.
    assert [count(2, 1, draw) for draw in (0.135, 0.136, 0.405, 0.407, 0.676, 0.677)] == [0, 1, 1, 2, 2, 3]


@pytest.mark.parametrize("overdispersion", [1.0, 1.3, 3.0])
def test_counts_have_the_mean_and_the_variance_that_were_asked_for(overdispersion: float) -> None:
    drawn = [count(2.5, overdispersion, (n + 0.5) / 20_000) for n in range(20_000)]
    mean = sum(drawn) / len(drawn)
    assert mean == pytest.approx(2.5, rel=0.001)
    assert sum((x - mean) ** 2 for x in drawn) / len(drawn) == pytest.approx(2.5 * overdispersion, rel=0.01)


def test_nothing_comes_where_nothing_is_expected() -> None:
    assert count(0, 1.3, 0.999) == 0
