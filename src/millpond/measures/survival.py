"""How long until something happens, where some have not reached it yet and some never will.

The Aalen-Johansen estimate of cumulative incidence with one competing risk and right censoring: the share of
all who entered to whom the event has happened by each time. Those still waiting count as waiting for as long
as they were seen, and those who left otherwise stay in the denominator. The variance is of the Greenwood
type.

Sources: O. O. Aalen and S. Johansen, An empirical transition matrix for non-homogeneous Markov chains based
on censored observations, Scandinavian Journal of Statistics 5 (1978), pages 141-150; for the variance E.
Marubini and M. G. Valsecchi, Analysing survival data from clinical trials and observational studies (Wiley,
1995), chapter 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
import numpy.typing as npt

from millpond.measures.proportions import Z_95, wilson

Counts = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]

_ROUNDING = 1e-9
"""A share this close below a level has reached it: products of fractions fall a hair short of it."""


@dataclass(frozen=True, eq=False)
class Incidence:
    """Cumulative incidence at each time at which somebody had the event, left otherwise or was last seen.

    Attributes:
        times: the distinct durations in ascending order, in the unit in which they came.
        at_risk: how many were still waiting just before each time.
        share: of all who entered, the share that had had the event by each time.
        other: the share that had left otherwise.
        surviving: the share still waiting; the three add up to 1.
        variance: of `share`.
        settled: how many had had the event or left otherwise by each time.
    """

    times: Counts
    at_risk: Counts
    share: Shares
    other: Shares
    surviving: Shares
    variance: Shares
    settled: Counts

    def at(self, time: float) -> float | None:
        """The share that had had the event by a time, that time included.

        None where nobody entered, or where the records do not reach: the last person seen was seen for less
        long than that and was still waiting.
        """
        if not self._reaches(time):
            return None
        index = self._index(time)
        return 0.0 if index < 0 else float(self.share[index])

    def interval(self, time: float) -> tuple[float, float] | None:
        """The 95% interval of `at`, on the log(-log) scale, so that it stays between 0 and 1.

        Where the share is 0 or 1 that scale has no interval, and Wilson's for those whose fate by then is
        known is given instead.
        """
        share = self.at(time)
        if share is None:
            return None
        index = self._index(time)
        if index < 0:
            return wilson(0, int(self.at_risk[0]))
        if share < _ROUNDING or share > 1 - _ROUNDING:
            # Everybody who was followed this far had one fate; those seen for less long say nothing about it.
            later = int(self.at_risk[index + 1]) if index + 1 < len(self.times) else 0
            known = later + int(self.settled[index])
            return wilson(known if share > 0.5 else 0, known)
        width = Z_95 * sqrt(float(self.variance[index])) / (share * -log(share))
        return share ** exp(width), share ** exp(-width)

    def reached(self, level: float) -> int | None:
        """The first time by which a share of all who entered had had the event; None where not reached."""
        index = int(np.searchsorted(self.share, level - _ROUNDING))
        return int(self.times[index]) if index < len(self.times) else None

    def points(self, most: int = 200) -> tuple[int, ...]:
        """Positions of the times that draw the curve: the first, the last, and up to `most` between them.

        They are spread evenly over the share that has had its fate, so that no step higher than 1 in `most` is
        missed.
        """
        if not len(self.times):
            return ()
        levels = np.linspace(0, 1, most + 1)
        steps = np.searchsorted(1 - self.surviving, levels - _ROUNDING)
        wanted = {0, len(self.times) - 1, *(int(step) for step in steps if step < len(self.times))}
        return tuple(sorted(wanted))

    def _reaches(self, time: float) -> bool:
        if not len(self.times):
            return False
        return time <= self.times[-1] or float(self.surviving[-1]) < _ROUNDING

    def _index(self, time: float) -> int:
        return int(np.searchsorted(self.times, time, side="right")) - 1


def cumulative_incidence(times: Counts, events: Counts, others: Counts, censored: Counts) -> Incidence:
    """The Aalen-Johansen estimate from counts by duration.

    Args:
        times: distinct durations in ascending order, whole numbers of any unit, none negative.
        events: how many had the event after exactly each duration.
        others: how many left otherwise after exactly each duration.
        censored: how many were still waiting when last seen, after exactly each duration. They count as
            waiting at that duration, so that an event at the same duration comes first.

    Returns:
        The incidence at each duration that has a count. Without anybody censored it is the plain share.
    """
    seen = (events + others + censored) > 0
    # Counts may come in fewer bits to save room on the way; their sums may not.
    times, events, others, censored = (
        column[seen].astype(np.int64, copy=False) for column in (times, events, others, censored)
    )
    leaving = events + others + censored
    at_risk = leaving[::-1].cumsum()[::-1]
    gone = events + others
    left = at_risk - gone
    surviving = np.cumprod(left / at_risk)
    before = np.concatenate(([1.0], surviving[:-1]))
    share = np.cumsum(before * events / at_risk)
    other = np.cumsum(before * others / at_risk)
    variance = _variance(at_risk, events, gone, before, share)
    return Incidence(times, at_risk, share, other, surviving, variance, np.cumsum(gone))


def _variance(at_risk: Counts, events: Counts, gone: Counts, before: Shares, share: Shares) -> Shares:
    n, d = at_risk.astype(np.float64), events.astype(np.float64)
    left = n - gone
    # Where everybody leaves at once nothing follows whose doubt this term could add to.
    hazard = np.divide(gone, n * left, out=np.zeros_like(n), where=left > 0)
    own = before * d / n**2
    squared = share**2 * np.cumsum(hazard) - 2 * share * np.cumsum(share * hazard) + np.cumsum(share**2 * hazard)
    crossed = share * np.cumsum(own) - np.cumsum(share * own)
    variance = squared + np.cumsum(before**2 * d * (n - d) / n**3) - 2 * crossed
    return np.asarray(variance.clip(min=0.0), dtype=np.float64)
