"""Quantile tables: against SciPy's distributions, closed forms, and counts that can be made by hand."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from millpond.model.distributions import (
    Distribution,
    Empirical,
    Exponential,
    Fixed,
    Gamma,
    LogNormal,
    Triangular,
    Uniform,
    Weibull,
    WeibullShape,
)
from millpond.simulation.quantiles import CELLS, EMPIRICAL, FIXED, LONGEST_MS, quantile_table, standard_exponential

ALL = 2**64
# Where a row begins among all words, and how many words it has: the layout that the docstring promises.
ROWS = [
    *((3072 + k, k << 34, 1 << 34) for k in range(1024)),
    *((1024 + k, k << 44, 1 << 44) for k in range(1, 1024)),
    *((k, k << 54, 1 << 54) for k in range(1, 1023)),
    *((2048 + k, (1023 << 54) + (k << 44), 1 << 44) for k in range(1023)),
    *((4096 + k, (1023 << 54) + (1023 << 44) + (k << 34), 1 << 34) for k in range(1024)),
]
ORDER = np.array([row for row, _, _ in ROWS])
CHANCES = np.array([words / ALL for _, _, words in ROWS])


def lognormal(mean: float, cv: float) -> tuple[Distribution, stats.rv_frozen]:
    sigma = math.sqrt(math.log1p(cv**2))
    return LogNormal(mean=mean, sd=mean * cv), stats.lognorm(sigma, scale=mean * math.exp(-(sigma**2) / 2))


def gamma(mean: float, cv: float) -> tuple[Distribution, stats.rv_frozen]:
    return Gamma(mean=mean, sd=mean * cv), stats.gamma(cv**-2, scale=mean * cv**2)


def weibull(shape: float, scale: float) -> tuple[Distribution, stats.rv_frozen]:
    return WeibullShape(shape=shape, scale=scale), stats.weibull_min(shape, scale=scale)


USUAL = [
    (Exponential(mean=60), stats.expon(scale=60)),
    *(gamma(60, cv) for cv in (0.0001, 0.009, 0.02, 0.5, 1, 2)),
    *(lognormal(20, cv) for cv in (0.05, 0.5, 1)),
    *(weibull(shape, 60) for shape in (0.5, 1, 1.5, 5)),
    # A Weibull of shape 2 is Rayleigh's distribution: mean s sqrt(pi/2), standard deviation s sqrt(2 - pi/2).
    (Weibull(mean=60 * math.sqrt(math.pi / 2), sd=60 * math.sqrt(2 - math.pi / 2)), stats.rayleigh(scale=60)),
    (Triangular(low=15, mode=30, high=90), stats.triang(15 / 75, 15, 75)),
    (Triangular(low=0, mode=0, high=3), stats.triang(0, 0, 3)),
    (Triangular(low=0, mode=3, high=3), stats.triang(1, 0, 3)),
    (Uniform(low=15, high=45), stats.uniform(15, 30)),
]
EXTREME = [lognormal(20, 5), gamma(60, 10), gamma(60, 0.00001), weibull(0.1, 1e-6), weibull(1000, 60)]
EITHER = [pytest.param(*pair, id=repr(pair[0])) for pair in USUAL + EXTREME]


def moments(cells: np.ndarray) -> tuple[float, float, float]:
    """Mean, variance and skewness of what is drawn from these cells."""
    low, width = cells[ORDER].T
    mean = float(CHANCES @ (low + width / 2))
    away = low + width / 2 - mean
    variance = float(CHANCES @ (away**2 + width**2 / 12))
    return mean, variance, float(CHANCES @ (away**3 + away * width**2 / 4)) / variance**1.5


def words(count: int) -> list[int]:
    """The same words every time, as a good generator would give them."""
    return [int(word) for word in np.random.Generator(np.random.Philox(2026)).integers(0, ALL, count, dtype=np.uint64)]


@pytest.mark.parametrize(("minutes", "peer"), EITHER)
def test_mean_and_variance_are_the_distributions(minutes: Distribution, peer: stats.rv_frozen) -> None:
    table = quantile_table(minutes)
    mean, variance, _ = moments(table.cells)
    assert table.kind == CELLS
    assert table.mean_ms == pytest.approx(peer.mean() * 60_000, rel=1e-12)
    assert mean == pytest.approx(table.mean_ms, rel=1e-9)
    # The heaviest tail keeps its mean and loses variance: the uniform of its last 2**-30 would begin below 0.
    heaviest = isinstance(minutes, WeibullShape) and minutes.shape == 0.1
    assert variance == pytest.approx(peer.var() * 60_000**2, rel=0.12 if heaviest else 3e-9)


@pytest.mark.parametrize(("minutes", "peer"), [pytest.param(*pair, id=repr(pair[0])) for pair in USUAL])
def test_skewness_is_the_distributions(minutes: Distribution, peer: stats.rv_frozen) -> None:
    assert moments(quantile_table(minutes).cells)[2] == pytest.approx(float(peer.stats("s")), rel=1e-4, abs=1e-4)


@pytest.mark.parametrize(("minutes", "peer"), EITHER)
def test_the_distribution_function_is_near_everywhere(minutes: Distribution, peer: stats.rv_frozen) -> None:
    shares = np.concatenate([2.0 ** -np.arange(10, 34), np.linspace(0.001, 0.999, 300)])
    lengths = np.concatenate([peer.ppf(shares), peer.isf(shares)]) * 60_000
    # Between whole milliseconds, since draws are whole: what lies far below one is a draw of 0 whatever it is.
    lengths = np.unique(np.floor(lengths)) + 0.5
    table = quantile_table(minutes)
    found = np.array([table.probability_below(ms) for ms in lengths])
    assert np.max(np.abs(found - peer.cdf(lengths / 60_000))) <= 3e-4


@pytest.mark.parametrize(("minutes", "peer"), EITHER)
def test_cells_are_finite_and_never_below_zero(minutes: Distribution, peer: stats.rv_frozen) -> None:
    cells = quantile_table(minutes).cells
    assert cells.shape == (5120, 2)
    assert np.isfinite(cells).all()
    assert (cells >= 0).all()
    assert not cells.flags.writeable


@pytest.mark.parametrize(
    "minutes",
    [
        LogNormal(mean=1e9, sd=1e-300),
        LogNormal(mean=1e-300, sd=1e9),
        Gamma(mean=1e9, sd=1e-300),
        Gamma(mean=1e-300, sd=1e9),
        Weibull(mean=1e9, sd=1e-300),
        Weibull(mean=1e-300, sd=1e9),
        WeibullShape(shape=0.1, scale=1e9),
        Triangular(low=0, mode=1e-300, high=1e9),
        Uniform(low=0, high=1e-300),
    ],
    ids=repr,
)
def test_whatever_the_model_takes_can_be_drawn(minutes: Distribution) -> None:
    table = quantile_table(minutes)
    assert np.isfinite(table.cells).all()
    assert (table.cells >= 0).all()
    assert all(0 <= table.draw(word) <= 2 * LONGEST_MS for word in (0, 1 << 54, 1 << 63, ALL - 1))


def test_conditional_moments_in_the_ends_are_the_closed_forms() -> None:
    table = standard_exponential()
    # Above its quantile at 2**-30 an exponential is that quantile and another exponential: variance 1, width sqrt(12).
    assert table[5119] == pytest.approx([30 * math.log(2) + 1 - math.sqrt(3), math.sqrt(12)], rel=1e-12)
    # Below probability 2**-30 it is uniform, but for parts in a thousand million.
    assert table[3072] == pytest.approx([0, 2.0**-30], rel=1e-8, abs=1e-17)
    assert moments(table)[:2] == pytest.approx((1, 1), rel=1e-9)
    # A log-normal above z = 6: mean exp(s^2/2) Phi(s - z) / Phi(-z), by the closed form of its partial expectation.
    sigma, z = math.sqrt(math.log1p(25)), -stats.norm.ppf(2.0**-30)
    share = [
        20**k * math.exp((k * k - k) * sigma**2 / 2) * stats.norm.sf(z - k * sigma) / stats.norm.sf(z) for k in (1, 2)
    ]
    low, width = quantile_table(LogNormal(mean=20, sd=100)).cells[5119] / 60_000
    assert low + width / 2 == pytest.approx(share[0], rel=1e-9)
    assert width**2 / 12 == pytest.approx(share[1] - share[0] ** 2, rel=1e-6)


def test_a_uniform_draw_is_a_share_of_its_width_by_hand() -> None:
    table = quantile_table(Uniform(low=0, high=1))  # 60,000 ms
    assert [table.draw(word) for word in (0, ALL // 4, ALL // 2, ALL // 4 * 3, ALL - 1)] == [
        0,
        15000,
        30000,
        45000,
        60000,
    ]


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.sampled_from(ROWS), st.integers(0, 2**64 - 1))
def test_a_word_draws_from_the_row_that_the_layout_says(row: tuple[int, int, int], word: int) -> None:
    index, first, count = row
    table = quantile_table(Gamma(mean=60, sd=30))
    low, width = table.cells[index]
    within = word % count
    assert table.draw(first + within) == pytest.approx(low + width * within / count, abs=0.501)


@pytest.mark.parametrize(("minutes", "peer"), [USUAL[0], USUAL[4], lognormal(20, 1), weibull(0.5, 60)])
def test_draws_cannot_be_told_from_scipys(minutes: Distribution, peer: stats.rv_frozen) -> None:
    table = quantile_table(minutes)
    drawn = np.array([table.draw(word) for word in words(4000)]) / 60_000
    assert stats.kstest(drawn, peer.cdf).pvalue > 0.01
    theirs = peer.rvs(4000, random_state=np.random.Generator(np.random.Philox(7)))
    assert stats.ks_2samp(drawn, theirs).pvalue > 0.01


def test_fixed_work_is_always_the_same() -> None:
    for minutes in (Fixed(value=1.5), 1.5):
        table = quantile_table(minutes)
        assert (table.kind, table.mean_ms, table.cells.tolist()) == (FIXED, 90_000, [[90_000, 0]])
        assert {table.draw(word) for word in (0, 5 << 60, ALL - 1)} == {90_000}
        assert [table.probability_below(ms) for ms in (89_999, 90_000, 90_001)] == [0, 0, 1]
        assert [table.draw_above(ALL - 1, ms) for ms in (0, 89_999, 90_000, 100_000)] == [
            90_000,
            90_000,
            90_000,
            100_000,
        ]


def test_no_minutes_take_no_time() -> None:
    assert {quantile_table(0).draw(word) for word in (0, ALL - 1)} == {0}
    assert quantile_table(0).draw_above(3, 0) == 0


def test_seen_values_are_drawn_equally_often() -> None:
    table = quantile_table(Empirical(values=(40, 12, 15, 15)))
    assert table.kind == EMPIRICAL
    drawn = Counter(table.draw(ALL // 400 * k) for k in range(400))
    # 400 words evenly over all: the first of each hundred lies a hair below its edge, but for the first of all.
    assert drawn == {720_000: 101, 900_000: 200, 2_400_000: 99}
    assert [table.probability_below(ms) for ms in (720_000, 720_001, 900_001, 2_400_001)] == [0, 0.25, 0.75, 1]
    assert {table.draw_above(word, 900_000) for word in words(20)} == {2_400_000}
    assert table.draw_above(0, 2_400_000) == 2_400_000


def test_what_remains_of_an_exponential_is_as_long_as_a_new_one() -> None:
    table = quantile_table(Exponential(mean=60))
    for had in (30, 180, 600):
        more = np.array([table.draw_above(word, had * 60_000) for word in words(2000)]) / 60_000 - had
        assert more.min() >= 0
        assert stats.kstest(more, stats.expon(scale=60).cdf).pvalue > 0.01


def test_a_draw_above_nothing_is_a_draw() -> None:
    table = quantile_table(Uniform(low=15, high=45))
    assert all(abs(table.draw_above(word, 0) - table.draw(word)) <= 1 for word in words(200))
    assert table.probability_below(30 * 60_000) == pytest.approx(0.5, abs=1e-12)
    assert table.draw_above(ALL // 2, 30 * 60_000) == pytest.approx(37.5 * 60_000, abs=1)
    assert table.draw_above(ALL // 2, 45 * 60_000) == 45 * 60_000


def test_the_same_minutes_share_one_table() -> None:
    assert quantile_table(LogNormal(mean=20, sd=10)) is quantile_table(LogNormal(mean=20, sd=10))
    assert standard_exponential() is standard_exponential()


def test_a_distribution_without_quantiles_is_told() -> None:
    class Odd(Distribution):
        distribution: str = "odd"
        mean: float = 1

    with pytest.raises(TypeError, match=r"type Odd cannot be drawn from.*\n.*add its quantile function"):
        quantile_table(Odd())
