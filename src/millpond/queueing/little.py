"""Little's law: the average number present is the rate at which people come, times how long each stays on average.

It holds for any part of a service with a boundary (a queue, a step, the whole), whatever the order of serving and
the distributions, as long as the three are averages over the same long time and the number does not drift.

Source: J. D. C. Little, A proof for the queuing formula L = lambda W, Operations Research 9 (1961), pages 383-387.
"""

from __future__ import annotations

from millpond.queueing.arguments import not_negative, positive


def mean_number(arrival_rate: float, mean_time: float) -> float:
    """The average number present: L = lambda W.

    Args:
        arrival_rate: how many come in a unit of time.
        mean_time: how long each stays on average, in that unit.

    Raises:
        WrongUse: one of them is negative.

    >>> mean_number(arrival_rate=30, mean_time=13)  # 30 a week, each waiting 13 weeks
    390
    """
    not_negative("arrival rate", arrival_rate)
    not_negative("mean time", mean_time)
    return arrival_rate * mean_time


def mean_time(number: float, arrival_rate: float) -> float:
    """How long each stays on average: W = L / lambda.

    Args:
        number: the average number present.
        arrival_rate: how many come in a unit of time.

    Returns:
        The time in the unit of the rate.

    Raises:
        WrongUse: the number is negative, or the rate not positive.

    >>> mean_time(number=390, arrival_rate=30)
    13.0
    """
    not_negative("number", number)
    positive("arrival rate", arrival_rate)
    return number / arrival_rate


def arrival_rate(number: float, mean_time: float) -> float:
    """How many come in a unit of time: lambda = L / W.

    Args:
        number: the average number present.
        mean_time: how long each stays on average.

    Returns:
        The rate, for the unit in which the time is.

    Raises:
        WrongUse: the number is negative, or the time not positive.

    >>> arrival_rate(number=390, mean_time=13)
    30.0
    """
    not_negative("number", number)
    positive("mean time", mean_time)
    return number / mean_time
