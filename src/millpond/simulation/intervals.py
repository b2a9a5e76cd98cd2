"""Means over replications with their 95% intervals, folded in one replication at a time.

Replications are independent and alike, so the interval of a mean over them is Student's: the mean plus and minus the
97.5% point of t with n - 1 degrees of freedom times s / sqrt(n). It holds for whatever one number a replication gives,
a mean or a quantile alike (A. M. Law, Simulation Modeling and Analysis, 5th edition, 2015, section 9.4.1). Sums are
carried as mean and squared deviations (B. P. Welford, Technometrics 4, 1962), so that no replication has to be kept.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

Floats = npt.NDArray[np.float64]
LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A mean over replications, with its doubt.

    Attributes:
        value: the mean, in the unit of the figure.
        low, high: the ends of its 95% interval; None with one replication, which tells nothing of its own luck.
        replications: how many replications it is the mean of.
    """

    value: float
    low: float | None
    high: float | None
    replications: int

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            return f"{self.value:,.4g} (1 replication)"
        places = decimals(self)
        value, low, high = (f"{number:,.{places}f}" for number in (self.value, self.low, self.high))
        return f"{value} (95% {low} to {high}, {self.replications:,} replications)"


def decimals(estimate: Estimate) -> int:
    """How many places after the point an estimate deserves: to the first figure of half its interval, at most 4."""
    half = 0.0 if estimate.low is None or estimate.high is None else (estimate.high - estimate.low) / 2
    if half <= 0:
        return 0 if estimate.value == round(estimate.value) else 2
    return min(4, max(0, -math.floor(math.log10(half))))


class Moments:
    """The running mean and spread of an array of figures; what is not a number in a replication is left out of it.

    Adding the same arrays in the same order gives the same bytes.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.count = np.zeros(shape, dtype=np.int64)
        self.mean = np.zeros(shape)
        self.squares = np.zeros(shape)
        self._half: Floats | None = None

    def add(self, figures: Floats) -> None:
        """Folds in the figures of one replication.

        Args:
            figures: an array of the shape of the others; NaN where the replication has no such figure.
        """
        self._half = None
        known = ~np.isnan(figures)
        if known.all():
            # The same as below, with fewer passes: most figures are there in every replication.
            self.count += 1
            difference = figures - self.mean
            self.mean += difference / self.count
            self.squares += difference * (figures - self.mean)
            return
        self.count += known
        difference = np.where(known, figures - self.mean, 0.0)
        self.mean += difference / np.maximum(self.count, 1)
        self.squares += difference * np.where(known, figures - self.mean, 0.0)

    def part(self, some: slice, shape: tuple[int, ...]) -> Moments:
        """Some of the figures of a row of them, in an array of another shape; they follow what is added to the row."""
        found = Moments(())
        found.count = self.count[some].reshape(shape)
        found.mean, found.squares = self.mean[some].reshape(shape), self.squares[some].reshape(shape)
        return found

    def half_widths(self) -> Floats:
        """Half the width of each 95% interval; NaN with fewer than two replications."""
        if self._half is None:
            self._half = half_widths(self.count, self.squares)
        return self._half

    def estimate(self, *place: int, least: float = -math.inf, most: float = math.inf) -> Estimate | None:
        """One figure as an estimate; None where no replication has it.

        Args:
            place: where the figure stands in the array.
            least, most: what the figure cannot be below or above; the interval is cut there.
        """
        count = int(self.count[place])
        if not count:
            return None
        value = float(self.mean[place])
        if count < 2:
            return Estimate(value, None, None, count)
        half = float(self.half_widths()[place])
        return Estimate(value, min(max(value - half, least), value), max(min(value + half, most), value), count)


def half_widths(count: npt.NDArray[np.int64], squares: Floats) -> Floats:
    """Half the width of Student's 95% interval of each mean.

    Args:
        count: how many numbers each is the mean of.
        squares: their squared deviations from it, added up.

    Returns:
        float64; NaN where there are fewer than two numbers.
    """
    freedom = np.maximum(count - 1, 1)
    half = stdtrit(freedom, 0.5 + LEVEL / 2) * np.sqrt(np.maximum(squares, 0.0) / freedom / np.maximum(count, 1))
    return np.asarray(np.where(count > 1, half, np.nan), dtype=np.float64)
