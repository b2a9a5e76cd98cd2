"""A day, or a year, cut into stretches in which neither arrivals nor staffing change.

It is what the two models over time, `transient` and `fluid`, are given. Rates that change smoothly are given as short
stretches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from millpond.errors import WrongUse
from millpond.queueing.arguments import not_negative, positive, whole


@dataclass(frozen=True)
class Stretch:
    """Time in which nothing changes.

    Attributes:
        length: how long it is.
        arrival_rate: arrivals in a unit of that time.
        workers: how many are at work; 0 while closed.
    """

    length: float
    arrival_rate: float
    workers: int

    def __post_init__(self) -> None:
        positive("length of a stretch", self.length)
        not_negative("arrival rate of a stretch", self.arrival_rate)
        whole("number of workers of a stretch", self.workers, least=0)


def check_times(stretches: Sequence[Stretch], times: Sequence[float]) -> None:
    """Raises WrongUse where times do not ascend from 0 or go on after the last stretch, or there are none."""
    if len(stretches) == 0 or len(times) == 0:
        raise WrongUse("There is no time to look at.\nGive at least one Stretch, and one time within it.")
    not_negative("first time", times[0])
    if any(later < earlier for earlier, later in pairwise(times)):
        raise WrongUse("The times do not ascend.\nSort them.")
    end = sum(stretch.length for stretch in stretches)
    # Many short stretches may add up to a hair less than the hour they were cut from.
    if times[-1] > end * (1 + 1e-9):
        raise WrongUse(f"The time {times[-1]:g} is after the end of the last stretch, {end:g}.\nGive more stretches.")


def pieces(stretches: Sequence[Stretch], times: Sequence[float]) -> Iterator[tuple[float, Stretch, int]]:
    """The way through the stretches from one time to the next.

    Yields:
        How long to go on, in which stretch, and how many of the times are reached then, in all.
    """
    now, reached, ends = 0.0, 0, 0.0
    for number, stretch in enumerate(stretches):
        ends += stretch.length
        last = number == len(stretches) - 1
        while reached < len(times) and (times[reached] <= ends or last):
            yield max(0.0, times[reached] - now), stretch, reached + 1
            now = max(now, times[reached])
            reached += 1
        if reached == len(times):
            return
        yield ends - now, stretch, reached
        now = ends
