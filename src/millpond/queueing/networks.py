"""Steps that send people on to one another: Jackson's open network.

Poisson arrivals from outside, exponential services, each person's way drawn step by step and without memory, and no
limit to any queue. Then each step behaves in the long run as an M/M/c of its own, whatever happens at the others.

Source: J. R. Jackson, Networks of waiting lines, Operations Research 5 (1957), pages 518-521.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from millpond.errors import WrongUse
from millpond.queueing.arguments import not_negative, positive, share, stable, whole
from millpond.queueing.erlang import MORE_WORKERS, MMc, mmc

_ROUNDING = 1e-9
"""Shares written as decimals may add up to a hair more than 1."""


@dataclass(frozen=True)
class OpenStep:
    """A step of an open network.

    Attributes:
        mean_service_time: how long one service takes on average.
        workers: how many work here in parallel.
        arrival_rate: arrivals from outside, in the unit of the service time; not those from other steps.
        next: the share of people who go on to each step; the rest leave.
    """

    mean_service_time: float
    workers: int = 1
    arrival_rate: float = 0.0
    next: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class JacksonNetwork:
    """What an open network does in the long run; times in the unit of the service times.

    Attributes:
        steps: each step by name, as an M/M/c with all arrivals, from outside and from other steps.
        visits: how often somebody comes to each step, on average over everybody who enters the network.
        arrival_rate: arrivals from outside, of all steps.
        mean_in_system: the average number in the whole network.
        mean_lead_time: from entering to leaving the network, by Little's law.
    """

    steps: Mapping[str, MMc]
    visits: Mapping[str, float]
    arrival_rate: float
    mean_in_system: float
    mean_lead_time: float


def jackson(steps: Mapping[str, OpenStep]) -> JacksonNetwork:
    """An open network in the long run.

    The arrivals of each step, from outside and from other steps, solve the traffic equations
    rate[j] = outside[j] + sum over i of rate[i] * share[i, j].

    Args:
        steps: each step by its name.

    Raises:
        WrongUse: a step has a load of 1 or more, sends people to a step that is not there, sends on more than
            everybody, or belongs to a circle that nobody can leave; or nobody comes from outside.
    """
    for name, step in steps.items():
        _check(name, step, steps)
    entering = sum(step.arrival_rate for step in steps.values())
    if not entering > 0:
        raise WrongUse("Nobody enters the network.\nGive at least one step an arrival rate of more than 0.")
    _check_ways_out(steps)
    found: dict[str, MMc] = {}
    for name, rate in _traffic(steps).items():
        step = steps[name]
        stable(rate * step.mean_service_time / step.workers, MORE_WORKERS, where=f"Step '{name}'")
        found[name] = mmc(rate, step.mean_service_time, step.workers)
    present = sum(step.mean_in_system for step in found.values())
    return JacksonNetwork(
        steps=MappingProxyType(found),
        visits=MappingProxyType({name: step.arrival_rate / entering for name, step in found.items()}),
        arrival_rate=entering,
        mean_in_system=present,
        mean_lead_time=present / entering,
    )


def _check(name: str, step: OpenStep, steps: Mapping[str, OpenStep]) -> None:
    positive(f"mean service time of step '{name}'", step.mean_service_time)
    whole(f"number of workers of step '{name}'", step.workers)
    not_negative(f"arrival rate of step '{name}'", step.arrival_rate)
    for other, part in step.next.items():
        if other not in steps:
            raise WrongUse(
                f"Step '{name}' goes on to '{other}', which the network does not have.\n"
                f"Correct its 'next', or add the step '{other}'."
            )
        share(f"share of step '{name}' that goes on to '{other}'", part, below_one=False)
    if sum(step.next.values()) > 1 + _ROUNDING:
        raise WrongUse(
            f"The shares that step '{name}' sends on add up to {sum(step.next.values()):g}.\n"
            "Give shares that add up to at most 1; the rest leave."
        )


def _check_ways_out(steps: Mapping[str, OpenStep]) -> None:
    """Names the steps from which nobody ever leaves, which would leave the traffic equations without a solution."""
    leaving = {name for name, step in steps.items() if sum(step.next.values()) < 1 - _ROUNDING}
    while True:
        more = {
            name
            for name, step in steps.items()
            if name not in leaving and any(part > 0 and other in leaving for other, part in step.next.items())
        }
        if not more:
            break
        leaving |= more
    trapped = [name for name in steps if name not in leaving]
    if trapped:
        raise WrongUse(
            f"Nobody ever leaves the network from {', '.join(repr(name) for name in trapped)}.\n"
            "Let the shares in the 'next' of one of them add up to less than 1."
        )


def _traffic(steps: Mapping[str, OpenStep]) -> dict[str, float]:
    """The arrivals of each step in a unit of time, from outside and from other steps."""
    place = {name: number for number, name in enumerate(steps)}
    balance = np.eye(len(steps))
    for name, step in steps.items():
        for other, part in step.next.items():
            balance[place[other], place[name]] -= part
    rates = np.linalg.solve(balance, np.array([step.arrival_rate for step in steps.values()], dtype=float))
    # A step that nobody reaches may come out a rounding below 0.
    return {name: max(0.0, float(rates[number])) for name, number in place.items()}
