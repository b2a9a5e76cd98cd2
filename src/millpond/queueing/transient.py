"""The number in a queue over time while arrivals and staffing change: M(t)/M/c(t), from Kolmogorov's equations.

Arrivals are Poisson, services exponential, and patience too where people leave. It is exact up to a stated error, so
it tells what a simulation of the same queue has to show. A worker who goes home puts down the work in hand, and
another takes it up (nothing is lost, as exponential work has no memory).

Within a stretch the chances of each number present are found by uniformisation: a Poisson number of small steps of
one fixed chain. Every term is positive, so nothing cancels.

Source: W. J. Stewart, Introduction to the Numerical Solution of Markov Chains (1994), chapter 8; A. Jensen, Markoff
chains as an aid in the study of Markoff processes (1953).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
import numpy.typing as npt
from scipy import stats

from millpond.errors import WrongUse
from millpond.queueing.arguments import positive, whole
from millpond.queueing.stretches import Stretch, check_times, pieces

_LEFT_OUT = 1e-13
"""The chance of more small steps than are counted, for each piece of time."""
_MOST_PLACES = 1 << 17
_STEPS_AT_ONCE = 2000.0
"""Small steps a chunk; the Poisson weights of longer ones would be many numbers for nothing."""


@dataclass(frozen=True)
class OverTime:
    """What a queue is expected to do, at each of the times asked for.

    Attributes:
        times: as asked for.
        mean_in_system: the mean number who wait or are served.
        mean_waiting: the mean number who wait.
        waiting_probability: the chance that everybody is busy, so that an arrival at that time would wait.
        chance_full: the chance that the last place is taken, and arrivals are turned away.
        chances: for each time, the chance of 0, 1, 2, ... in the system.
    """

    times: tuple[float, ...]
    mean_in_system: tuple[float, ...]
    mean_waiting: tuple[float, ...]
    waiting_probability: tuple[float, ...]
    chance_full: tuple[float, ...]
    chances: npt.NDArray[np.float64]


def number_over_time(
    stretches: Sequence[Stretch],
    mean_service_time: float,
    times: Sequence[float],
    *,
    opening: int = 0,
    mean_patience: float | None = None,
    places: int | None = None,
) -> OverTime:
    """The number in the system over time.

    Args:
        stretches: arrivals and workers, from time 0 on.
        mean_service_time: how long one service takes on average, in the unit of the stretches.
        times: when to look, ascending; at the join of two stretches the workers are those of the one before.
        opening: how many are there at time 0.
        mean_patience: how long people would wait on average before they leave; None where nobody leaves.
        places: the most who can be there at once; who comes then is turned away. None for no limit: so many are
            taken into account that the chance of more is less than one in a thousand million at each of the times.

    Raises:
        WrongUse: an argument makes no sense, or without a limit more than about 130,000 would be there.

    >>> hour = number_over_time([Stretch(60, arrival_rate=0.5, workers=1)], 1.0, [60])
    >>> round(hour.mean_in_system[0], 3)  # near to its long run, which is 1
    1.0
    """
    positive("mean service time", mean_service_time)
    whole("opening number", opening, least=0)
    if mean_patience is not None:
        positive("mean patience", mean_patience)
    check_times(stretches, times)
    if places is not None:
        whole("number of places", places, least=max(1, opening))
        return _solve(stretches, mean_service_time, times, opening, mean_patience, places)
    room = 64 + 2 * opening + 2 * max(stretch.workers for stretch in stretches)
    while room <= _MOST_PLACES:
        found = _solve(stretches, mean_service_time, times, opening, mean_patience, room)
        if max(found.chance_full) < 1e-9:
            return found
        room *= 2
    raise WrongUse(
        f"More than {_MOST_PLACES} may be in the system at once.\n"
        "Give more workers, a shorter time, or a number of places; or use number_in_fluid."
    )


def _solve(
    stretches: Sequence[Stretch],
    service_time: float,
    times: Sequence[float],
    opening: int,
    patience: float | None,
    places: int,
) -> OverTime:
    states = np.arange(places + 1, dtype=float)
    chances = np.zeros(places + 1)
    chances[opening] = 1.0
    rows: list[npt.NDArray[np.float64]] = []
    workers: list[int] = []
    for length, stretch, reached in pieces(stretches, times):
        deaths = np.minimum(states, stretch.workers) / service_time
        if patience is not None:
            deaths = deaths + np.maximum(states - stretch.workers, 0.0) / patience
        chances = _after(chances, length, stretch.arrival_rate, deaths)
        if reached > len(rows):
            rows.append(chances)
            workers.append(stretch.workers)
    table = np.array(rows)
    waiting = np.maximum(states - np.array(workers, dtype=float)[:, np.newaxis], 0.0)
    busy = states >= np.array(workers, dtype=float)[:, np.newaxis]
    return OverTime(
        times=tuple(times),
        mean_in_system=tuple((table @ states).tolist()),
        mean_waiting=tuple((table * waiting).sum(axis=1).tolist()),
        waiting_probability=tuple((table * busy).sum(axis=1).tolist()),
        chance_full=tuple(table[:, -1].tolist()),
        chances=table,
    )


def _after(
    chances: npt.NDArray[np.float64], length: float, births: float, deaths: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """The chances of each number some time later, with constant rates."""
    fastest = births + float(deaths.max())
    if fastest * length == 0:
        return chances
    up = births / fastest
    down = deaths[1:] / fastest
    # Nobody is born into a full system: the last state keeps its own share of arrivals.
    stay = np.maximum(1 - deaths / fastest - up, 0.0)
    stay[-1] += up
    chunks = max(1, ceil(fastest * length / _STEPS_AT_ONCE))
    steps = fastest * length / chunks
    most = int(steps + 10 * sqrt(steps) + 30)
    weights = stats.poisson.pmf(np.arange(most + 1), steps)
    last = int(np.searchsorted(np.cumsum(weights), 1 - _LEFT_OUT)) + 1
    for _ in range(chunks):
        found = weights[0] * chances
        for weight in weights[1 : last + 1]:
            moved = stay * chances
            moved[1:] += up * chances[:-1]
            moved[:-1] += down * chances[1:]
            chances = moved
            found += weight * chances
        chances = found / found.sum()
    return chances
