"""Many workers and one queue, nobody leaving: Erlang's formulas B and C, and all of M/M/c.

Arrivals are Poisson and service times exponential; who finds every worker busy is lost (B), or waits in order of
arrival for as long as it takes (C). Who loses patience belongs to `impatience`, how many workers suffice to `staffing`.

Sources: A. K. Erlang, Solution of some problems in the theory of probabilities of significance in automatic telephone
exchanges (1917); R. B. Cooper, Introduction to Queueing Theory, second edition (1981), chapter 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

from millpond.queueing.arguments import not_negative, positive, share, stable, whole

MORE_WORKERS = "Give more workers, shorten the service time, or take in less."


@dataclass(frozen=True)
class MMc:
    """What M/M/c does in the long run; times are in the unit in which the service time was given.

    Attributes:
        workers: how many work in parallel.
        arrival_rate: arrivals in a unit of time.
        mean_service_time: how long one service takes on average.
        offered: how many workers the arrivals would keep busy on average, in erlangs.
        utilisation: the share of the time for which each worker is busy; here the same as the load.
        waiting_probability: the chance to find every worker busy.
        mean_wait: from joining to the start of service, over all arrivals.
        mean_lead_time: from joining to the end of service.
        mean_waiting: the average number who wait.
        mean_in_system: the average number who wait or are served.
    """

    workers: int
    arrival_rate: float
    mean_service_time: float
    offered: float
    utilisation: float
    waiting_probability: float
    mean_wait: float
    mean_lead_time: float
    mean_waiting: float
    mean_in_system: float

    def wait_exceeds(self, time: float) -> float:
        """The chance to wait for longer than a time, in order of arrival: Pw exp(-(c - a) t / service time).

        Raises:
            WrongUse: the time is negative.
        """
        not_negative("time", time)
        return self.waiting_probability * exp(-(self.workers - self.offered) * time / self.mean_service_time)

    def wait_quantile(self, part: float) -> float:
        """The wait that a share of all arrivals does not exceed; 0 where so many do not wait at all.

        Args:
            part: the share, such as 0.9.

        Raises:
            WrongUse: the share is negative, or 1 or more.
        """
        share("share of arrivals", part)
        if self.waiting_probability <= 1 - part:
            return 0.0
        decay = (self.workers - self.offered) / self.mean_service_time
        return log(self.waiting_probability / (1 - part)) / decay


def erlang_b(workers: int, offered: float) -> float:
    """The chance that an arrival finds every worker busy where nobody can wait (M/M/c/c, and M/G/c/c alike).

    Args:
        workers: how many there are; 0 blocks everybody.
        offered: arrival rate times mean service time, in erlangs.

    Raises:
        WrongUse: the workers are not a whole number, or the offered work is negative.

    >>> erlang_b(workers=2, offered=1.0)
    0.2
    """
    whole("number of workers", workers, least=0)
    not_negative("offered work", offered)
    blocked = 1.0
    # The recursion over the workers is exact and cannot overflow, as the factorials of the formula do.
    for count in range(1, int(workers) + 1):
        blocked = offered * blocked / (count + offered * blocked)
    return blocked


def erlang_c(workers: int, offered: float) -> float:
    """The chance that an arrival has to wait, where everybody waits for as long as it takes (M/M/c).

    Args:
        workers: how many there are.
        offered: arrival rate times mean service time, in erlangs; less than the workers.

    Raises:
        WrongUse: the load, offered over workers, is 1 or more, or an argument makes no sense.

    >>> round(erlang_c(workers=14, offered=10.0), 4)
    0.1741
    """
    whole("number of workers", workers)
    not_negative("offered work", offered)
    stable(offered / workers, MORE_WORKERS)
    blocked = erlang_b(workers, offered)
    return workers * blocked / (workers - offered * (1 - blocked))


def mmc(arrival_rate: float, mean_service_time: float, workers: int) -> MMc:
    """M/M/c in the long run; with one worker, M/M/1.

    Args:
        arrival_rate: arrivals in a unit of time.
        mean_service_time: how long one service takes on average, in that unit.
        workers: how many work in parallel.

    Raises:
        WrongUse: the load is 1 or more, or an argument makes no sense.

    >>> mmc(arrival_rate=0.5, mean_service_time=1.0, workers=1).mean_wait
    1.0
    """
    not_negative("arrival rate", arrival_rate)
    positive("mean service time", mean_service_time)
    whole("number of workers", workers)
    offered = arrival_rate * mean_service_time
    waiting_probability = erlang_c(workers, offered)
    wait = waiting_probability * mean_service_time / (workers - offered)
    return MMc(
        workers=int(workers),
        arrival_rate=arrival_rate,
        mean_service_time=mean_service_time,
        offered=offered,
        utilisation=offered / workers,
        waiting_probability=waiting_probability,
        mean_wait=wait,
        mean_lead_time=wait + mean_service_time,
        mean_waiting=arrival_rate * wait,
        mean_in_system=arrival_rate * (wait + mean_service_time),
    )
