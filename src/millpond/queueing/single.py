"""One worker and one queue: M/M/1 and M/G/1, which are exact, and rules of thumb for anything else.

Kingman's formula shows the three causes of waiting apart: variation, utilisation and time. It is an approximation,
except where it meets M/M/1 and M/G/1; more workers are added to it by Sakasegawa's rule.

Sources: F. Pollaczek (1930) and A. Khinchine (1932), in L. Kleinrock, Queueing Systems, volume 1 (1975), section 5.6;
J. F. C. Kingman, The single server queue in heavy traffic, Proceedings of the Cambridge Philosophical Society 57
(1961), pages 902-904; H. Sakasegawa, An approximation formula, Annals of the Institute of Statistical Mathematics 29
(1977), pages 67-75; the form by utilisation is that of W. J. Hopp and M. L. Spearman, Factory Physics.
"""

from __future__ import annotations

from math import sqrt

from millpond.queueing.arguments import not_negative, positive, stable, whole
from millpond.queueing.erlang import MORE_WORKERS, MMc, mmc


def mm1(arrival_rate: float, mean_service_time: float) -> MMc:
    """M/M/1 in the long run: `mmc` with one worker.

    Args:
        arrival_rate: arrivals in a unit of time.
        mean_service_time: how long one service takes on average, in that unit.

    Raises:
        WrongUse: the load is 1 or more, or an argument makes no sense.
    """
    return mmc(arrival_rate, mean_service_time, 1)


def mg1_mean_wait(arrival_rate: float, mean_service_time: float, sd_service_time: float) -> float:
    """The mean wait before one worker, for any distribution of service times (Pollaczek and Khinchine).

    Wq = lambda E[S^2] / (2 (1 - load)), with Poisson arrivals; exact, and the same for every order of serving that
    does not look at how long services take.

    Args:
        arrival_rate: arrivals in a unit of time.
        mean_service_time: how long one service takes on average, in that unit.
        sd_service_time: the standard deviation of service times; the mean for exponential ones, 0 for equal ones.

    Returns:
        From joining to the start of service, in the same unit.

    Raises:
        WrongUse: the load is 1 or more, or an argument makes no sense.

    >>> mg1_mean_wait(arrival_rate=0.5, mean_service_time=1.0, sd_service_time=0.0)  # half of M/M/1
    0.5
    """
    not_negative("arrival rate", arrival_rate)
    positive("mean service time", mean_service_time)
    not_negative("standard deviation of service times", sd_service_time)
    load = arrival_rate * mean_service_time
    stable(load, MORE_WORKERS)
    return arrival_rate * (mean_service_time**2 + sd_service_time**2) / (2 * (1 - load))


def vut_mean_wait(
    utilisation: float, mean_service_time: float, *, cv_arrivals: float, cv_service: float, workers: int = 1
) -> float:
    """The mean wait as variation times utilisation times time: Kingman's rule, with Sakasegawa's for more workers.

    Wq = (ca^2 + cs^2) / 2 * u^(sqrt(2 (m + 1)) - 1) / (m (1 - u)) * service time. For one worker the middle term is
    u / (1 - u). Exact for M/M/1 and M/G/1; elsewhere an approximation that is best at high utilisation.

    Args:
        utilisation: the share of the time for which each worker is busy, which is the load here.
        mean_service_time: how long one service takes on average.
        cv_arrivals: standard deviation over mean of the times between arrivals; 1 where they are Poisson.
        cv_service: standard deviation over mean of the service times; 1 where they are exponential.
        workers: how many work in parallel (m).

    Returns:
        From joining to the start of service, in the unit of the service time.

    Raises:
        WrongUse: the utilisation is 1 or more, or an argument makes no sense.

    >>> round(vut_mean_wait(0.9, 30, cv_arrivals=1, cv_service=1), 6)
    270.0
    """
    not_negative("utilisation", utilisation)
    positive("mean service time", mean_service_time)
    not_negative("coefficient of variation of arrivals", cv_arrivals)
    not_negative("coefficient of variation of service times", cv_service)
    whole("number of workers", workers)
    stable(utilisation, MORE_WORKERS)
    variation = (cv_arrivals**2 + cv_service**2) / 2
    crowding: float = utilisation ** (sqrt(2 * (workers + 1)) - 1) / (workers * (1 - utilisation))
    return variation * crowding * mean_service_time
