"""People who leave when they have waited too long: Erlang A, that is M/M/c+M.

Arrivals are Poisson, service times and patience exponential; patience runs only while waiting. There is a long run at
any load, because a long queue drives people away. It is solved from the birth and death rates, state by state.

Source: C. Palm, Research on telephone traffic carried by full availability groups (1957); A. Mandelbaum and
S. Zeltyn, Service engineering in action: the Palm/Erlang-A queue, with applications to call centers (2007).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millpond.errors import WrongUse
from millpond.queueing.arguments import positive, whole

_NEGLIGIBLE = 1e-18
"""Relative to the most probable state; smaller weights change no digit of the sums."""
_MOST_STATES = 1 << 22


@dataclass(frozen=True)
class ErlangA:
    """What M/M/c+M does in the long run; times are in the unit in which the service time was given.

    Attributes:
        workers: how many work in parallel.
        load: demand over capacity; may be 1 or more.
        utilisation: the share of the time for which each worker is busy.
        waiting_probability: the chance to find every worker busy.
        leaving_probability: the chance to leave without service.
        mean_wait: time in the queue, over all arrivals, those who leave among them.
        mean_waiting: the average number who wait.
        mean_in_system: the average number who wait or are served.
    """

    workers: int
    load: float
    utilisation: float
    waiting_probability: float
    leaving_probability: float
    mean_wait: float
    mean_waiting: float
    mean_in_system: float


def erlang_a(arrival_rate: float, mean_service_time: float, workers: int, mean_patience: float) -> ErlangA:
    """M/M/c+M in the long run.

    Args:
        arrival_rate: arrivals in a unit of time.
        mean_service_time: how long one service takes on average, in that unit.
        workers: how many work in parallel.
        mean_patience: how long people would wait on average before they leave, in that unit.

    Raises:
        WrongUse: an argument makes no sense, or the patience is so long at so high a load that millions of states
            would have to be added up; such a queue is better taken as one that nobody leaves.

    >>> round(erlang_a(1.0, 1.0, workers=1, mean_patience=1.0).leaving_probability, 6)  # exp(-1), by hand
    0.367879
    """
    positive("arrival rate", arrival_rate)
    positive("mean service time", mean_service_time)
    positive("mean patience", mean_patience)
    whole("number of workers", workers)
    offered = arrival_rate * mean_service_time
    first, chances = _window(arrival_rate, mean_service_time, int(workers), mean_patience)
    states = first + np.arange(len(chances), dtype=float)
    waiting = float(chances @ np.maximum(states - workers, 0.0))
    busy = float(chances @ np.minimum(states, float(workers)))
    return ErlangA(
        workers=int(workers),
        load=offered / workers,
        utilisation=busy / workers,
        waiting_probability=min(1.0, float(chances[states >= workers].sum())),
        leaving_probability=waiting / mean_patience / arrival_rate,
        mean_wait=waiting / arrival_rate,
        mean_waiting=waiting,
        mean_in_system=waiting + busy,
    )


def _window(rate: float, service_time: float, workers: int, patience: float) -> tuple[int, npt.NDArray[np.float64]]:
    """The lowest state that matters, and the chances from there on.

    It begins at the most probable state and grows both ways, so that a queue of a million costs no more states than
    its spread; weights are sums of logarithms, which neither overflow nor vanish.
    """
    offered = rate * service_time
    beyond = rate - workers / service_time
    mode = int(offered) if beyond <= 0 else workers + int(beyond * patience)
    reach = 512
    while reach <= _MOST_STATES:
        low, high = max(0, mode - reach), mode + reach
        states = np.arange(low + 1, high + 1, dtype=float)
        deaths = np.minimum(states, workers) / service_time + np.maximum(states - workers, 0.0) / patience
        ratios = rate / deaths
        logs = np.concatenate(([0.0], np.cumsum(np.log(ratios))))
        weights = np.exp(logs - logs.max())
        # Beyond the window each weight is at most the last ratio times the one before: a geometric tail.
        tail = weights[-1] * ratios[-1] / (1 - ratios[-1]) if ratios[-1] < 1 else np.inf
        if (low == 0 or weights[0] < _NEGLIGIBLE) and tail * high < _NEGLIGIBLE * weights.sum():
            return low, weights / weights.sum()
        reach *= 2
    raise WrongUse(
        f"The mean patience is {patience:g} at a load of {offered / workers:.4f}, which makes too many states to add "
        "up.\nGive a shorter patience, or use mmc, in which nobody leaves."
    )
