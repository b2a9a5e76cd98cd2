"""The number in a queue over time as if people were a liquid: no chance, only rates.

It is what a large service comes near to while it is overloaded, and shows how a rush builds up and drains. It says
nothing of waits that come from chance: where capacity is ample it shows no queue at all.

Source: A. Mandelbaum, W. A. Massey and M. I. Reiman, Strong approximations for Markovian service networks, Queueing
Systems 30 (1998), pages 149-201.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import expm1, inf, log

from millpond.queueing.arguments import not_negative, positive
from millpond.queueing.stretches import Stretch, check_times, pieces


def number_in_fluid(
    stretches: Sequence[Stretch],
    mean_service_time: float,
    times: Sequence[float],
    *,
    opening: float = 0.0,
    mean_patience: float | None = None,
) -> tuple[float, ...]:
    """The number in the system over time: dx/dt = lambda - min(x, c) / service - max(x - c, 0) / patience.

    It is solved in closed form from one crossing of the number of workers to the next.

    Args:
        stretches: arrivals and workers, from time 0 on.
        mean_service_time: how long one service takes on average, in the unit of the stretches.
        times: when to look, ascending.
        opening: how many are there at time 0.
        mean_patience: how long people would wait on average before they leave; None where nobody leaves.

    Returns:
        For each time, how many wait or are served.

    Raises:
        WrongUse: an argument makes no sense.

    >>> number_in_fluid([Stretch(10, arrival_rate=3, workers=2)], 1.0, [10], opening=5)  # grows by 1 each time
    (15.0,)
    """
    positive("mean service time", mean_service_time)
    not_negative("opening number", opening)
    if mean_patience is not None:
        positive("mean patience", mean_patience)
    check_times(stretches, times)
    number = float(opening)
    found: list[float] = []
    for length, stretch, reached in pieces(stretches, times):
        number = _after(number, length, stretch, mean_service_time, mean_patience)
        if reached > len(found):
            found.append(number)
    return tuple(found)


def _after(number: float, length: float, stretch: Stretch, service_time: float, patience: float | None) -> float:
    """The number some time later, with constant rates."""
    workers = float(stretch.workers)
    spare = workers / service_time - stretch.arrival_rate
    # At the number of workers it goes below where capacity is left over, and above where it is not.
    below = number < workers or (number == workers and spare > 0)
    if below:
        pull, aim = 1 / service_time, stretch.arrival_rate * service_time
    else:
        pull = 0.0 if patience is None else 1 / patience
        aim = workers if patience is None else workers - spare * patience
    leaves = aim > workers if below else spare > 0
    until = inf
    if leaves and number != workers:
        until = log((aim - number) / (aim - workers)) / pull if pull else (number - workers) / spare
    if until >= length:
        return number + (aim - number) * -expm1(-pull * length) if pull else number - spare * length
    return _after(workers, length - until, stretch, service_time, patience)
