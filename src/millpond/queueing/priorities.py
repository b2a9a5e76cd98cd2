"""Queues in which the urgent go first: mean waits by class, with and without interrupting the work in hand.

Arrivals of every class are Poisson; within a class the order is that of arrival. Priority moves waiting from one class
to another; it makes none vanish, and at a high load it is the last class that pays.

Sources: A. Cobham, Priority assignment in waiting line problems, Operations Research 2 (1954), pages 70-76;
L. Kleinrock, Queueing Systems, volume 2 (1976), chapter 3, where the rule for interrupted work is derived too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from millpond.errors import WrongUse
from millpond.queueing.arguments import not_negative, positive, stable
from millpond.queueing.erlang import MORE_WORKERS, mmc


@dataclass(frozen=True)
class PriorityClass:
    """One class of arrivals.

    Attributes:
        arrival_rate: arrivals in a unit of time.
        mean_service_time: how long one service takes on average, in that unit.
        sd_service_time: the standard deviation of service times; the mean for exponential ones.
    """

    arrival_rate: float
    mean_service_time: float
    sd_service_time: float

    def __post_init__(self) -> None:
        not_negative("arrival rate", self.arrival_rate)
        positive("mean service time", self.mean_service_time)
        not_negative("standard deviation of service times", self.sd_service_time)

    @property
    def load(self) -> float:
        """The work of this class over the time of one worker."""
        return self.arrival_rate * self.mean_service_time


@dataclass(frozen=True)
class Interrupted:
    """One class where the more urgent interrupt; times in the unit of the service time.

    Attributes:
        mean_wait: from joining to the first start of service.
        mean_lead_time: from joining to the end of service, interruptions included.
    """

    mean_wait: float
    mean_lead_time: float


def cobham_mean_waits(classes: Sequence[PriorityClass]) -> tuple[float, ...]:
    """Mean waits before one worker who finishes what is in hand and then takes the most urgent (M/G/1).

    Wk = sum of lambda E[S^2] / 2 over all classes, over (1 - s(k-1)) (1 - s(k)), where s(k) is the load of the classes
    up to k. With one class it is Pollaczek and Khinchine's formula.

    Args:
        classes: the most urgent first.

    Returns:
        For each class, from joining to the start of service.

    Raises:
        WrongUse: there is no class, or the loads add up to 1 or more.
    """
    loads = _loads(classes)
    stable(loads[-1], MORE_WORKERS)
    residual = _residuals(classes)[-1]
    return tuple(residual / ((1 - before) * (1 - after)) for before, after in pairwise(loads))


def cobham_mean_waits_many_workers(
    arrival_rates: Sequence[float], mean_service_time: float, workers: int
) -> tuple[float, ...]:
    """Mean waits before several workers who finish what is in hand; all classes with the same exponential service.

    Wk = C(c, a) * service time / c / ((1 - s(k-1)) (1 - s(k))), where s(k) is the load of the classes up to k.

    Args:
        arrival_rates: of each class in a unit of time, the most urgent first.
        mean_service_time: how long one service takes on average, in that unit.
        workers: how many work in parallel.

    Returns:
        For each class, from joining to the start of service.

    Raises:
        WrongUse: there is no class, the load is 1 or more, or an argument makes no sense.
    """
    if not arrival_rates:
        raise WrongUse("There are no arrival rates.\nGive one for each class, the most urgent first.")
    for rate in arrival_rates:
        not_negative("arrival rate", rate)
    together = mmc(sum(arrival_rates), mean_service_time, workers)
    loads = [0.0, *accumulate(rate * mean_service_time / workers for rate in arrival_rates)]
    residual = together.waiting_probability * mean_service_time / workers
    return tuple(residual / ((1 - before) * (1 - after)) for before, after in pairwise(loads))


def preemptive_means(classes: Sequence[PriorityClass]) -> tuple[Interrupted, ...]:
    """Waits and lead times before one worker who drops what is in hand for the more urgent, and resumes it later.

    The wait of class k is that of a queue with the classes up to k alone, over 1 - s(k-1) once more; the service is
    stretched to service time / (1 - s(k-1)). Exact for M/M/1 (give the mean as the standard deviation) and M/G/1.

    Args:
        classes: the most urgent first.

    Returns:
        For each class its mean wait and lead time.

    Raises:
        WrongUse: there is no class, or the loads add up to 1 or more.
    """
    loads = _loads(classes)
    stable(loads[-1], f"{MORE_WORKERS} The more urgent classes alone can be asked about: nobody below delays them.")
    found = []
    for kind, residual, before, after in zip(classes, _residuals(classes), loads, loads[1:], strict=False):
        wait = residual / ((1 - before) * (1 - after))
        found.append(Interrupted(mean_wait=wait, mean_lead_time=wait + kind.mean_service_time / (1 - before)))
    return tuple(found)


def _loads(classes: Sequence[PriorityClass]) -> list[float]:
    """0, then the load of the first class, of the first two, and so on."""
    if not classes:
        raise WrongUse("There are no classes.\nGive at least one PriorityClass, the most urgent first.")
    return [0.0, *accumulate(kind.load for kind in classes)]


def _residuals(classes: Sequence[PriorityClass]) -> list[float]:
    """The work in hand that an arrival finds on average, of the first class, of the first two, and so on."""
    return list(
        accumulate(kind.arrival_rate * (kind.mean_service_time**2 + kind.sd_service_time**2) / 2 for kind in classes)
    )
