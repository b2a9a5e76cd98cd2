"""How many days at the start to leave out: a simulation that begins empty is at first less busy than the service.

The rule is MSER-5: of the daily series, in means of five days, cut off so many at the start that the squared standard
error of what is left is least (K. P. White, M. J. Cobb and S. C. Spratt, Proceedings of the 2000 Winter Simulation
Conference, pages 755-760). The series here is the backlog of all pools, averaged over the replications, which lets the
start-up show through the noise. A least standard error in the second half tells of a series that is too short.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

DAYS_A_MEAN = 5
FEWEST_MEANS = 10
NEVER_SETTLES = (
    "Where more work comes than can be done there is no warm-up to leave out: each day is busier than the one before, "
    "and averages depend on how many days are simulated."
)
"""What to say of a service in which a backlog grows without end."""


@dataclass(frozen=True)
class WarmUp:
    """The advice for one series.

    Attributes:
        days: how many days at the start to leave out; None where the series is too short to tell.
        sentence: the same in words.
    """

    days: int | None
    sentence: str


def warm_up_advice(backlog: npt.NDArray[np.float64]) -> WarmUp:
    """How many days of a daily series to leave out, by MSER-5.

    Args:
        backlog: the backlog at the end of each day, in any unit, averaged over the replications.
    """
    count = len(backlog) // DAYS_A_MEAN
    if count < FEWEST_MEANS:
        return WarmUp(
            None,
            f"{len(backlog)} days are too few to tell how long the service takes to fill up from empty; simulate "
            f"{FEWEST_MEANS * DAYS_A_MEAN} days or more to be told.",
        )
    means = np.asarray(backlog, dtype=np.float64)[: count * DAYS_A_MEAN].reshape(count, DAYS_A_MEAN).mean(axis=1)
    errors = np.array([np.square(rest - rest.mean()).sum() / len(rest) ** 2 for rest in _rests(means)])
    # The last few means would always seem to agree with each other; they are not looked at.
    cut = int(np.argmin(errors))
    if cut > count // 2:
        return WarmUp(
            None,
            "The backlog has not settled in the days simulated, so that no warm-up can be told: simulate more days, "
            "or look whether a pool has less capacity than demand.",
        )
    days = cut * DAYS_A_MEAN
    if not days:
        return WarmUp(0, "The backlog shows no warm-up: starting from empty does not bias these figures (MSER-5).")
    return WarmUp(
        days,
        f"Starting from empty, the service takes about {days} days to fill up (MSER-5); leave them out of waits and "
        f"averages with a warm-up of {days} days.",
    )


def _rests(means: npt.NDArray[np.float64]) -> list[npt.NDArray[np.float64]]:
    """What is left after each cut, as long as five means or more are left."""
    return [means[cut:] for cut in range(len(means) - FEWEST_MEANS // 2 + 1)]
