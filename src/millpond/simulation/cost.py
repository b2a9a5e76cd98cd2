"""What capacity and overtime cost: hours times the cost of an hour of the pool as staffed on the day.

Capacity is paid for whether it is used or not. It is the direct time that is counted; where a pool's workers are also
paid for time that is not direct (`minutes_per_day` below the shift), the cost of an hour has to bear it. The workers of
a policy cost what the policy says; their overtime costs what the pool's does. Who is lent is paid as at home, however
much less they can give elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from millpond.model import Service
from millpond.periods import staffed

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
MS_AN_HOUR = 3_600_000
DAYS_A_YEAR = 365


@dataclass(frozen=True, eq=False)
class Prices:
    """What an hour costs on each day, in the service's currency; NaN where there is no price.

    Attributes:
        hour: pools x days, of a pool's own workers.
        overtime: pools x days, an hour of overtime.
        policy: policies x days, of a worker whom the policy calls in.
        policy_pool: the index of the pool of each policy.
    """

    hour: Floats
    overtime: Floats
    policy: Floats
    policy_pool: tuple[int, ...]

    def bill(self, capacity: Ints, overtime: Ints, called: Ints) -> Bill:
        """What there is to pay.

        A year is 365 days from the first that counts; the last may be shorter.

        Args:
            capacity: pools x days, in milliseconds, with that of workers who were called in.
            overtime: the same of work outside the hours.
            called: policies x days, the part of capacity that policies brought.
        """
        if not self.policy_pool:
            of_pools = self._of_pools(capacity, overtime)
            return Bill(of_pools.sum(axis=1), np.zeros(0), by_year(of_pools))
        places = list(self.policy_pool)
        own = capacity.copy()
        np.subtract.at(own, places, called)
        of_pools = self._of_pools(own, overtime)
        of_policies = _paid(called, self.policy, has_gaps=bool(np.isnan(self.policy).any()))
        days = np.concatenate([of_pools, of_policies])
        pools, policies = of_pools.sum(axis=1), of_policies.sum(axis=1)
        np.add.at(pools, places, policies)
        return Bill(pools, policies, by_year(days))

    def _of_pools(self, own: Ints, overtime: Ints) -> Floats:
        """What the pools' own workers cost on each day."""
        in_hours, beyond = self._has_gaps
        paid = _paid(own, self.hour, has_gaps=in_hours)
        if overtime.any():
            paid += _paid(overtime, self.overtime, has_gaps=beyond)
        return paid

    @cached_property
    def _has_gaps(self) -> tuple[bool, bool]:
        """Whether an hour, and an hour of overtime, has no price somewhere."""
        return bool(np.isnan(self.hour).any()), bool(np.isnan(self.overtime).any())


@dataclass(frozen=True, eq=False)
class Bill:
    """What there is to pay; NaN where a day on which there is something to pay has no price.

    Attributes:
        pools: for each pool over all days, with the workers who were called in.
        policies: for each policy the cost of the workers whom it called in.
        by_year: pools without those called in, then policies x years.
    """

    pools: Floats
    policies: Floats
    by_year: Floats


def by_year(days: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Sums over years of 365 days, of which the last may be shorter, along the last of two axes."""
    return np.asarray(np.add.reduceat(days, range(0, days.shape[1], DAYS_A_YEAR), axis=1))


def _paid(time: Ints, price: Floats, *, has_gaps: bool) -> Floats:
    """The cost of each day, where some prices may be unknown."""
    paid = time * price
    if has_gaps:
        # An unknown price makes the cost unknown only where there is something to pay.
        paid[time <= 0] = 0.0
    paid /= MS_AN_HOUR
    return paid


def prices_of(service: Service, first_day: int, days: int, paid_hours: Mapping[str, Floats] | None = None) -> Prices:
    """What an hour costs in each pool of a service on each day.

    Args:
        service: whose pools.
        first_day: day number of the first day.
        days: for how many days.
        paid_hours: by policy that lends workers, for each day how many hours of pay at home each hour that they give
            elsewhere stands for; None for one. It counts where the policy has no price of its own.
    """
    hour: dict[str, list[float]] = {}
    overtime = []
    for name, pool in service.pools.items():
        on = [staffed(pool, first_day + index) for index in range(days)]
        hour[name] = [np.nan if one.cost_per_hour is None else one.cost_per_hour for one in on]
        extra = pool.overtime_cost_per_hour
        overtime.append(hour[name] if extra is None else [extra] * days)
    policies = service.policies.values()
    called = [
        list(hour[one.lent_by or one.pool] * (paid_hours or {}).get(name, np.ones(days)))
        if one.cost_per_hour is None
        else [one.cost_per_hour] * days
        for name, one in service.policies.items()
    ]
    places = list(service.pools)

    def table(rows: list[list[float]]) -> Floats:
        return np.array(rows, dtype=np.float64).reshape(len(rows), days)

    return Prices(
        table(list(hour.values())), table(overtime), table(called), tuple(places.index(one.pool) for one in policies)
    )
