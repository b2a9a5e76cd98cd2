"""Enough workers for everybody: M/M/infinity and M/G/infinity, in the long run and over time from empty.

Nobody waits, so it tells how many are in service: open cases on a caseload without a waiting list, people on a
pathway, deliveries under way. The long-run number is Poisson whatever the distribution of the service time.

Source: S. G. Eick, W. A. Massey and W. Whitt, The physics of the M_t/G/infinity queue, Operations Research 41 (1993),
pages 731-742.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import expm1

from scipy import integrate, stats

from millpond.queueing.arguments import not_negative, positive, share


@dataclass(frozen=True)
class InService:
    """How many are in service at once: a Poisson number.

    Attributes:
        mean: its average, which is its variance too.
    """

    mean: float

    def chance_of(self, number: int) -> float:
        """The chance that exactly so many are in service."""
        return float(stats.poisson.pmf(number, self.mean))

    def exceeds(self, number: int) -> float:
        """The chance that more than so many are in service."""
        return float(stats.poisson.sf(number, self.mean))

    def quantile(self, part: float) -> int:
        """The smallest number that is not exceeded for a share of the time.

        Raises:
            WrongUse: the share is negative, or 1 or more.
        """
        share("share of the time", part)
        # At 0 the quantile of a Poisson number is by convention -1; the smallest that can be is 0.
        return max(0, int(stats.poisson.ppf(part, self.mean)))


def in_service(arrival_rate: float, mean_service_time: float) -> InService:
    """The number in service in the long run (M/G/infinity): Poisson, with mean lambda times the mean service time.

    Args:
        arrival_rate: arrivals in a unit of time.
        mean_service_time: how long one service takes on average, in that unit.

    Raises:
        WrongUse: one of them is negative.
    """
    not_negative("arrival rate", arrival_rate)
    not_negative("mean service time", mean_service_time)
    return InService(arrival_rate * mean_service_time)


def in_service_from_empty(time: float, arrival_rate: float, mean_service_time: float) -> InService:
    """The number in service some time after opening empty (M/M/infinity): mean lambda s (1 - exp(-t / s)).

    Args:
        time: since opening.
        arrival_rate: arrivals in a unit of that time.
        mean_service_time: of exponential services, in that unit.

    Raises:
        WrongUse: the time or rate is negative, or the service time not positive.
    """
    not_negative("time", time)
    not_negative("arrival rate", arrival_rate)
    positive("mean service time", mean_service_time)
    return InService(arrival_rate * mean_service_time * -expm1(-time / mean_service_time))


def in_service_any_time(
    time: float, arrival_rate: Callable[[float], float] | float, lasts_longer: Callable[[float], float]
) -> InService:
    """The number in service some time after opening empty, for any service time and changing arrivals (Mt/G/infinity).

    The mean is the integral over u from 0 to t of lambda(t - u) P(service > u).

    Args:
        time: since opening.
        arrival_rate: arrivals in a unit of that time: a number, or a function of the time since opening.
        lasts_longer: the chance that a service lasts longer than a given time.

    Raises:
        WrongUse: the time is negative.
    """
    not_negative("time", time)
    rate = arrival_rate if callable(arrival_rate) else None
    if rate is None:
        constant = float(arrival_rate)  # type: ignore[arg-type]
        not_negative("arrival rate", constant)
        integral, _ = integrate.quad(lasts_longer, 0.0, time, limit=500)
        return InService(constant * integral)
    integral, _ = integrate.quad(lambda age: rate(time - age) * lasts_longer(age), 0.0, time, limit=500)
    return InService(float(integral))
