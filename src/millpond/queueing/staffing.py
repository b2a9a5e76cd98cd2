"""How many workers a contact team needs so that most contacts are answered in time.

It rests on Erlang C: Poisson contacts, exponential times, nobody hangs up, and a steady rate for the whole interval.
So it suits telephones within the hour; it does not suit referrals that wait for days, and where people do hang up it
asks for too many.

Source: R. B. Cooper, Introduction to Queueing Theory, second edition (1981), chapter 3; the allowance for shrinkage
is the usual practice of contact centres.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, exp, floor

from millpond.queueing.arguments import not_negative, positive, share
from millpond.queueing.erlang import erlang_b, mmc


@dataclass(frozen=True)
class Positions:
    """The fewest workers that keep the promise.

    Attributes:
        workers: at work at the same time.
        positions: on the rota, so that so many are at work after shrinkage.
        offered: the work that comes, in erlangs.
        waiting_probability: the chance that a contact waits.
        service_level: the share answered within the target wait.
        utilisation: the share of the time for which each worker is busy.
        mean_wait: over all contacts, in the unit of the service time.
    """

    workers: int
    positions: int
    offered: float
    waiting_probability: float
    service_level: float
    utilisation: float
    mean_wait: float


def service_level(arrival_rate: float, mean_service_time: float, workers: int, target_wait: float) -> float:
    """The share of arrivals whose wait is at most a target: 1 - Pw exp(-(c - a) t / service time).

    Args:
        arrival_rate: contacts in a unit of time.
        mean_service_time: how long one takes on average, in that unit.
        workers: at work at the same time.
        target_wait: the longest wait that is good enough, in that unit.

    Raises:
        WrongUse: the load is 1 or more, or an argument makes no sense.
    """
    return 1 - mmc(arrival_rate, mean_service_time, workers).wait_exceeds(target_wait)


def positions_needed(
    arrival_rate: float,
    mean_service_time: float,
    *,
    target_wait: float,
    least_service_level: float,
    most_utilisation: float = 1.0,
    shrinkage: float = 0.0,
) -> Positions:
    """The fewest workers that answer enough contacts in time and are not busier than they may be.

    Args:
        arrival_rate: contacts in a unit of time.
        mean_service_time: how long one takes on average, in that unit.
        target_wait: the longest wait that is good enough, in that unit.
        least_service_level: the share of contacts to be answered within it, such as 0.8.
        most_utilisation: the highest share of the time for which workers may be busy; 1 sets no bound.
        shrinkage: the share of rostered time that goes into leave, sickness, meetings and breaks.

    Raises:
        WrongUse: an argument makes no sense.

    >>> needed = positions_needed(100 / 30, 3, target_wait=1 / 3, least_service_level=0.8,
    ...                           most_utilisation=0.85, shrinkage=0.3)  # 100 calls in 30 minutes, 3 minutes each
    >>> needed.workers, needed.positions
    (14, 20)
    """
    positive("arrival rate", arrival_rate)
    positive("mean service time", mean_service_time)
    not_negative("target wait", target_wait)
    share("least service level", least_service_level)
    positive("highest utilisation", most_utilisation)
    share("highest utilisation", most_utilisation, below_one=False)
    share("shrinkage", shrinkage)
    offered = arrival_rate * mean_service_time
    # A hair less than the quotient, because 8.5 / 0.85 may come out as just above 10 and must not ask for an eleventh.
    workers = max(floor(offered) + 1, ceil(offered / most_utilisation - 1e-9))
    blocked = erlang_b(workers, offered)
    while True:
        waiting_probability = workers * blocked / (workers - offered * (1 - blocked))
        reached = 1 - waiting_probability * exp(-(workers - offered) * target_wait / mean_service_time)
        if reached >= least_service_level:
            break
        workers += 1
        blocked = offered * blocked / (workers + offered * blocked)
    return Positions(
        workers=workers,
        positions=ceil(workers / (1 - shrinkage) - 1e-9),
        offered=offered,
        waiting_probability=waiting_probability,
        service_level=reached,
        utilisation=offered / workers,
        mean_wait=waiting_probability * mean_service_time / (workers - offered),
    )
