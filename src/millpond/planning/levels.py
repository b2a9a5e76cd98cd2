"""How many work in each pool, as a thing to be varied: the service with other numbers, and what they give and cost.

Levels are in whole-time places, in whole steps (of 1, or of 0.5 where half places are possible). The minutes that each
can give on a working day stay as they are; who is named stays too, and names beyond the places share them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from millpond.errors import WrongUse
from millpond.model import Service
from millpond.periods import day_number
from millpond.simulation.checking import check_can_be_simulated
from millpond.simulation.cost import prices_of
from millpond.simulation.horizon import Horizon
from millpond.simulation.loads import MS_A_MINUTE, loads_of
from millpond.simulation.people import people_of

Floats = npt.NDArray[np.float64]
_SOME = 20.0
"""More than a visit ever needs at the same time."""
Staffing = tuple[float, ...]
"""How many work in each of the pools that are varied, in their order."""


def staffed_with(service: Service, first_day: date, places: Mapping[str, float]) -> Service:
    """The service with so many at work in some pools from a day on; later changes of their number are dropped.

    Args:
        service: the service.
        first_day: the first day of which it is asked.
        places: how many work in each of those pools.

    Raises:
        FaultyService: a number cannot be.
    """
    pools = dict(service.pools)
    for name, count in places.items():
        pool = pools[name]
        later = [change for change in pool.changes if change.date > first_day]
        # What else changes later still does.
        kept = tuple(
            change.changed(workers=None)
            for change in later
            if (change.minutes_per_day, change.calendar, change.cost_per_hour) != (None, None, None)
        )
        pools[name] = pool.on(first_day).changed(workers=float(count), changes=kept)
    return service.changed(pools=pools)


@dataclass(frozen=True, eq=False)
class Levels:
    """The pools whose number of workers is varied, over the days that are judged.

    Attributes:
        service: as it stands.
        first_day: the first day.
        days: how many days.
        pools: the pools that are varied; the others stay as they are.
        step: the smallest change, in whole-time places.
    """

    service: Service
    first_day: date
    days: int
    pools: tuple[str, ...]
    step: float = 1.0
    _given: dict[tuple[str, float], Floats] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if not 0 < self.step <= 10:
            raise WrongUse(f"The step is {self.step:g} workers.\nGive a number above 0 and up to 10, such as 0.5.")

    @cached_property
    def today(self) -> Staffing:
        """How many work in each pool as things stand on the first day."""
        return tuple(self.service.headcount(name, self.first_day) for name in self.pools)

    @cached_property
    def is_priced(self) -> bool:
        """Whether all pools that are varied have a price on all days, so that staffing is compared by money."""
        return all(not np.isnan(self._prices[name]) for name in self.pools)

    @cached_property
    def demand(self) -> dict[str, float]:
        """The minutes of work a day that cases bring to each pool over their whole way."""
        return {load.pool: load.demand for load in loads_of(self.service, self._horizon)}

    def check(self) -> None:
        """Looks whether the service can be simulated once there are people in the pools that are varied.

        Raises:
            FaultyService: it cannot; all faults are told.
        """
        check_can_be_simulated(self.service_with(tuple(max(count, _SOME) for count in self.today)), self._horizon)

    def service_with(self, staffing: Staffing) -> Service:
        """The service with that staffing."""
        return staffed_with(self.service, self.first_day, dict(zip(self.pools, staffing, strict=True)))

    def by_day(self, pool: str, places: float) -> Floats:
        """The minutes that so many in a pool can give on each day."""
        if (pool, places) not in self._given:
            changed = staffed_with(self.service, self.first_day, {pool: places})
            ms = np.zeros(self.days)
            for person in people_of(changed, self._horizon):
                if person.pool == pool and person.policy is None:
                    ms += np.where(person.budget >= 0, person.budget, person.open_ms) * (1 - person.absence)
            self._given[pool, places] = ms / MS_A_MINUTE
        return self._given[pool, places]

    def minutes(self, pool: str, places: float) -> float:
        """The minutes a day, over all days, that so many in a pool can give."""
        return float(self.by_day(pool, places).mean())

    def price(self, pool: str, places: float) -> float:
        """What so many in a pool cost over the days; in minutes of capacity where some pool has no price."""
        minutes = self.minutes(pool, places) * self.days
        return minutes * self._prices[pool] / 60 if self.is_priced else minutes

    def cost(self, staffing: Staffing) -> float:
        """What a staffing costs over the days; in minutes of capacity where some pool has no price."""
        return sum(self.price(name, places) for name, places in zip(self.pools, staffing, strict=True))

    def enough(self, pool: str, share: float = 1.0) -> float:
        """The fewest places whose minutes are more than that many times what cases bring to the pool.

        With less than their work content no pool can go on: its backlog grows without end.
        """
        places = self.step
        wanted = self.demand[pool] * share
        each = self.minutes(pool, max(1.0, self.step)) / max(1.0, self.step)
        if each <= 0:
            raise WrongUse(
                f"A worker of {pool} has no time in the days asked about, so that no number of them is enough.\n"
                "Correct its calendar or minutes_per_day."
            )
        places = max(self.step, self.step * (wanted / each // self.step - 1))
        # What is just as much, but for a rounding, is not more.
        while self.minutes(pool, places) <= wanted * (1 + 1e-9):
            places += self.step
        return round(places, 9)

    def up(self, staffing: Staffing, place: int, steps: int = 1) -> Staffing:
        """The staffing with so many steps more in one pool."""
        changed = round(staffing[place] + steps * self.step, 9)
        return (*staffing[:place], changed, *staffing[place + 1 :])

    @cached_property
    def _horizon(self) -> Horizon:
        return Horizon(day_number(self.first_day), self.days, self.days, self.days, self.service.zone)

    @cached_property
    def _prices(self) -> dict[str, float]:
        prices = prices_of(self.service, day_number(self.first_day), self.days).hour.mean(axis=1)
        return {name: float(price) for name, price in zip(self.service.pools, prices, strict=True)}


def in_words(pools: tuple[str, ...], staffing: Staffing) -> str:
    """A staffing in words: ``2 coordinators, 3.5 advocates``."""
    return ", ".join(f"{places:g} {name}" for name, places in zip(pools, staffing, strict=True))
