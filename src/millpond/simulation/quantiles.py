"""Any distribution of work as a table from which compiled code draws with one 64-bit word, whatever the distribution.

A table holds lengths of work in milliseconds. It knows nothing of steps, of seeds or of where its words come from.

A distribution is cut into 1,024 cells of equal probability. The first and the last are cut into 1,024 again, and the
outermost of those once more, so that the ends are known down to a probability of 2**-30. A draw is uniform within
its cell, and every cell keeps the mean and the variance that the distribution has there: mean and variance of the
whole are therefore right, and its distribution function is out by a part of one cell only.

Method: stratified inversion with the first two moments of each stratum (Devroye, Non-Uniform Random Variate
Generation, 1986, chapters II.2 and III.2). The moments are integrals of the quantile function over the cell, by
Gauss-Legendre nodes, and by Gauss-Laguerre nodes over the logarithm of the probability in the two outermost cells.
They are chosen over differences of partial expectations because the variance in a cell a millionth of the mean wide
has no correct digit left in such a difference. The upper half is worked from the survival function throughout.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from millpond.model import distributions as family
from millpond.simulation.quantile_functions import MS_PER_MINUTE, Floats, Quantile, quantile_functions

FIXED, CELLS, EMPIRICAL = 0, 1, 2
ROWS = 5 * 1024
# 285,000 years: longer work counts as this long, so that sums of a few lengths stay inside 64 bits.
LONGEST_MS = 2.0**53
_MASK = 2**64 - 1
# Cells from, cells below, Gauss-Legendre nodes. Cell k spans probabilities k to k + 1 times the level's unit, so that
# the singularity at 0 is k cells away: the nearer it is, the more nodes.
_NODES = ((1, 16, 8), (16, 64, 4), (64, 1024, 2))


@dataclass(frozen=True, eq=False)
class QuantileTable:
    """A distribution of lengths of work, ready to draw from.

    Attributes:
        kind: `FIXED` (0), `CELLS` (1) or `EMPIRICAL` (2): how a word chooses the row.
        cells: float64, read-only, shape (rows, 2): the least length in the row and the row's width, milliseconds.
            Fixed: one row of width 0. Empirical: one row of width 0 for each value, sorted. Cells: 5,120 rows:

            ========== =========================== =======================================
            rows       of probability              chosen by
            ========== =========================== =======================================
            0-1023     2**-10 each                 the word's top 10 bits; 0 and 1023 are refined, never drawn
            1024-2047  2**-20 each, the low end    the next 10 bits; 1024 is refined, never drawn
            2048-3071  2**-20 each, the high end   the next 10 bits; 3071 is refined, never drawn
            3072-4095  2**-30 each, the low end    the 10 bits after those
            4096-5119  2**-30 each, the high end   the 10 bits after those
            ========== =========================== =======================================
        mean_ms: the mean of the distribution itself, milliseconds.
    """

    kind: int
    cells: Floats
    mean_ms: float

    def draw(self, word: int) -> int:
        """The length of work that a word stands for: slow, and exactly what compiled code does.

        The row: 0 where fixed; ``word * rows >> 64`` where empirical; else as `cells` says, after ``b`` = 10, 20 or
        30 bits. The fraction of the word that is left is ``((word << b) mod 2**64) >> 11`` times 2**-53, a float64
        in [0, 1). The length is ``int(low + width * fraction + 0.5)``: rounded, halves up.

        Args:
            word: a whole number from 0 to 2**64 - 1, every one as likely.

        Returns:
            Whole milliseconds, never negative.
        """
        row, bits = 0, 0
        if self.kind == EMPIRICAL:
            row = word * len(self.cells) >> 64
        elif self.kind == CELLS:
            row, bits = _row(word)
        low, width = self.cells[row]
        return int(low + width * _fraction(word, bits) + 0.5)

    def probability_below(self, ms: float) -> float:
        """The probability that a length drawn from the table is, before it is rounded, below this one.

        Args:
            ms: a length in milliseconds.

        Returns:
            From 0 to 1.
        """
        rows, chances = _in_order(self.kind, len(self.cells))
        low, width = self.cells[rows].T
        return min(1.0, float(chances @ _share(ms - low, width)))

    def draw_above(self, word: int, ms: int) -> int:
        """A length of work given that it is longer than this one: what work in progress may still come to.

        The word is a share of the probability that remains above `ms`, counted from the shortest cells to the
        longest, so that a greater word draws from no lower a cell.

        Args:
            word: a whole number from 0 to 2**64 - 1, every one as likely.
            ms: the length that it is known to exceed, whole milliseconds.

        Returns:
            Whole milliseconds, `ms` or more; `ms` itself where the table has nothing above it.
        """
        rows, chances = _in_order(self.kind, len(self.cells))
        low, width = self.cells[rows].T
        high = low + width
        reach = np.cumsum(chances * _share(high - ms, width))
        if not reach[-1] > 0:
            return ms
        target = _fraction(word, 0) * reach[-1]
        # The product may round up to the whole, which is beyond every cell: then the last cell with anything in it.
        at = int(np.searchsorted(reach, target, side="right"))
        at = min(at, int(np.searchsorted(reach, reach[-1])))
        before = reach[at - 1] if at else 0.0
        least = max(low[at], float(ms))
        return max(ms, int(least + (high[at] - least) * (target - before) / (reach[at] - before) + 0.5))


@lru_cache(maxsize=1024)
def quantile_table(minutes: float | family.Distribution) -> QuantileTable:
    """The table of a length of work; the same object for the same minutes.

    Args:
        minutes: a number of minutes, or a distribution of minutes.

    Returns:
        Its table. Mean and variance are the distribution's, but for two things. A cell whose uniform would begin
        below 0 begins at 0 and is made narrower: it keeps its mean and loses variance (cells at the low end, where
        lengths are nearly 0 already, and the last 2**-30 of the heaviest tails: a Weibull of shape 0.1 loses a tenth
        of its variance, a log-normal with a standard deviation of 100 means a fifth, one of 10 means nothing). And
        lengths over `LONGEST_MS` count as that.

    Raises:
        TypeError: the minutes are of a distribution that has no quantile function here.
    """
    if not isinstance(minutes, family.Distribution):
        minutes = family.Fixed(value=float(minutes))
    mean_ms = minutes.mean * MS_PER_MINUTE
    if isinstance(minutes, family.Fixed | family.Empirical):
        values = minutes.values if isinstance(minutes, family.Empirical) else (minutes.value,)
        whole = np.floor(np.sort(np.array(values)) * MS_PER_MINUTE + 0.5)
        kind = EMPIRICAL if isinstance(minutes, family.Empirical) else FIXED
        return QuantileTable(kind, _read_only(np.column_stack([whole, np.zeros_like(whole)])), mean_ms)
    return QuantileTable(CELLS, _cells(*quantile_functions(minutes)), mean_ms)


@cache
def standard_exponential() -> Floats:
    """The cells of an exponential distribution with mean 1, for gaps between arrivals.

    Returns:
        Rows as in `QuantileTable.cells`, but in units of the mean; draws from them are not to be rounded.
    """
    return _cells(lambda p: -np.log1p(-p), lambda s: -np.log(s))


def _row(word: int) -> tuple[int, int]:
    """The row of a table of cells that a word chooses, and how many of the word's bits that took."""
    coarse, middle, fine = word >> 54, word >> 44 & 1023, word >> 34 & 1023
    if 0 < coarse < 1023:
        return coarse, 10
    if coarse == 0:
        return (1024 + middle, 20) if middle > 0 else (3072 + fine, 30)
    return (2048 + middle, 20) if middle < 1023 else (4096 + fine, 30)


def _fraction(word: int, bits: int) -> float:
    return ((word << bits & _MASK) >> 11) * 2.0**-53


def _share(inside: Floats, width: Floats) -> Floats:
    """How much of each cell, 0 to 1, lies within so many milliseconds of its end; a cell without width: all or none."""
    with np.errstate(over="ignore"):
        share: Floats = np.divide(inside, width, out=(inside > 0).astype(float), where=width > 0)
    return np.clip(share, 0, 1)


@lru_cache(maxsize=256)
def _in_order(kind: int, count: int) -> tuple[NDArray[np.intp], Floats]:
    """The rows that can be drawn, shortest first, and the probability of each."""
    if kind != CELLS:
        return np.arange(count), np.full(count, 1 / count)
    parts = [(3072, 4096, -30), (1025, 2048, -20), (1, 1023, -10), (2048, 3071, -20), (4096, 5120, -30)]
    rows = np.concatenate([np.arange(first, end) for first, end, _ in parts])
    return rows, np.concatenate([np.full(end - first, 2.0**power) for first, end, power in parts])


def _cells(lower: Quantile, upper: Quantile) -> Floats:
    """The 5,120 rows, from what a probability lies below and from what a probability lies above."""
    means, variances = np.zeros(ROWS), np.zeros(ROWS)
    inner, outer = np.arange(1, 512), np.arange(1, 1024)
    for quantile, rows in (
        (lower, (inner, 1024 + outer, 3072 + outer, 3072)),
        (upper, (1023 - inner, 3071 - outer, 5119 - outer, 5119)),
    ):
        for level, bits in enumerate((10, 20, 30)):
            means[rows[level]], variances[rows[level]] = _level(quantile, bits)
        nodes, weights = _laguerre(64)
        means[rows[3]], variances[rows[3]] = _moments(quantile, 2.0**-30 * np.exp(-nodes), weights)
    # What a refined cell has in all, though it is never drawn.
    for row, first in ((1024, 3072), (0, 1024), (3071, 4096), (1023, 2048)):
        parts = slice(first, first + 1024)
        means[row] = means[parts].mean()
        variances[row] = variances[parts].mean() + means[parts].var()
    half = np.minimum(np.sqrt(3 * variances), means)
    return _read_only(np.column_stack([means - half, 2 * half]))


def _level(quantile: Quantile, bits: int) -> tuple[Floats, Floats]:
    """Mean and variance in cells 1 to 511 (of the top level, 10 bits) or 1 to 1023 (of the others)."""
    found = []
    for first, end, count in _NODES:
        nodes, weights = _legendre(count)
        cells = np.arange(first, min(end, 512 if bits == 10 else 1024), dtype=float)
        found.append(_moments(quantile, (cells[:, None] + nodes) * 2.0**-bits, weights))
    return np.concatenate([means for means, _ in found]), np.concatenate([variances for _, variances in found])


def _moments(quantile: Quantile, probabilities: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Mean and variance over the last axis of the probabilities, whose weights sum to 1."""
    with np.errstate(over="ignore"):
        lengths = np.minimum(quantile(probabilities), LONGEST_MS)
    means = lengths @ weights
    return means, (lengths - means[..., None]) ** 2 @ weights


@cache
def _legendre(count: int) -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return (nodes + 1) / 2, weights / 2


@cache
def _laguerre(count: int) -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.laguerre.laggauss(count)
    return nodes, weights / weights.sum()


def _read_only(cells: Floats) -> Floats:
    cells.flags.writeable = False
    return cells
