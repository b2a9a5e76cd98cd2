"""What is asked about least capacity: the promise, the risk, the pools that are varied, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from millpond.errors import WrongUse
from millpond.model import Service
from millpond.model.nearest import listed, nearest
from millpond.planning.levels import Levels
from millpond.planning.promise import Promise
from millpond.planning.tries import Say, Tries
from millpond.simulation.starting import OpenVisit

DAYS, REPLICATIONS, RISK = 260, 400, 0.05
SETTLE_DAYS = 56
"""Days before those that are judged, in which a service that starts empty fills up."""


@dataclass(frozen=True, eq=False)
class Asked:
    """What is asked.

    Attributes:
        promise: what is to be kept.
        risk: the share of replications that may break it at any day's end.
        days: how many days are judged.
        pools: the pools that are varied; the others stay as they are.
        step: the smallest change, in workers.
        replications: how many decide.
        seed: of the draws.
        threads: how many run side by side.
        longer_days: look too for what longer days of those who are there would have to be.
    """

    promise: Promise
    risk: float = RISK
    days: int = DAYS
    pools: tuple[str, ...] = ()
    step: float = 1.0
    replications: int = REPLICATIONS
    seed: int = 1
    threads: int | None = None
    longer_days: bool = False

    def __post_init__(self) -> None:
        wrong = []
        if not 0 < self.risk < 1:
            wrong.append(f"risk is {self.risk:g}. Give a share between 0 and 1, such as 5%.")
        if not 7 <= self.days <= 3660:
            wrong.append(f"days are {self.days}. Give a whole number from 7 to 3,660.")
        if not 20 <= self.replications <= 100_000:
            wrong.append(f"replications are {self.replications}. Give a whole number from 20 to 100,000.")
        if wrong:
            raise WrongUse("\n".join(f"The {one}" for one in wrong))


def varied_pools(service: Service, wanted: str | None) -> tuple[str, ...]:
    """The pools whose number is varied: the one that is wanted, or all that have work.

    Raises:
        WrongUse: there is no such pool, or it has no work.
    """
    working = tuple(name for name in service.pools if any(step.pool == name for step in service.steps.values()))
    if wanted is None:
        return working
    if wanted not in service.pools:
        meant = nearest(wanted, service.pools)
        raise WrongUse(
            f"There is no pool '{wanted}' in {service.name}.\n"
            + (f"Did you mean '{meant}'?" if meant else f"Its pools are {listed(service.pools)}.")
        )
    if wanted not in working:
        raise WrongUse(f"No step has the pool '{wanted}', so that any number is enough.\nName another pool.")
    return (wanted,)


def tries_for(
    service: Service, asked: Asked, first_day: date, opening: tuple[OpenVisit, ...] | None, say: Say | None
) -> Tries:
    """What tries staffings out for a question, from a first day on, with the visits that are open then or with none.

    Raises:
        FaultyService: the service cannot be simulated as it is described; all faults are told.
    """
    settle = SETTLE_DAYS if opening is None else 0
    levels = Levels(service, first_day, settle + asked.days, asked.pools, asked.step)
    levels.check()
    return Tries(
        levels=levels,
        promise=asked.promise,
        risk=asked.risk,
        first_day=first_day,
        days=asked.days,
        settle=settle,
        opening=opening,
        replications=asked.replications,
        seed=asked.seed,
        threads=asked.threads,
        say=say,
    )
