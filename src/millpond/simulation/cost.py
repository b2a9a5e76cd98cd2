"""What capacity and overtime cost: hours times the cost of an hour of the pool as staffed on the day.

Capacity is paid for whether it is used or not. It is the direct time that is counted; where a pool's workers are also
paid for time that is not direct (`minutes_per_day` below the shift), the cost of an hour has to bear it. The workers of
a policy cost what the policy says; their overtime costs what the pool's does. Who is lent is paid as at home, however
much less they can give elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millpond.model import Service
from millpond.periods import staffed

Floats = npt.NDArray[np.float64]
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

    def of_policies(self, capacity: Floats) -> Floats:
        """The cost of the workers whom each policy called in, over all days; NaN where it has no price.

        Args:
            capacity: policies x days, in milliseconds.
        """
        return _paid(capacity, self.policy)

    def of_pools(self, capacity: Floats, overtime: Floats, called: Floats) -> Floats:
        """The cost of each pool over all days, with the workers who were called in.

        Args:
            capacity: pools x days, in milliseconds, with that of workers who were called in.
            overtime: the same of work outside the hours.
            called: policies x days, the part of capacity that policies brought.

        Returns:
            A cost for each pool; NaN where a day on which there is something to pay has no price.
        """
        own = capacity.copy()
        for place, pool in enumerate(self.policy_pool):
            own[pool] -= called[place]
        cost = _paid(own, self.hour) + _paid(overtime, self.overtime)
        for pool, extra in zip(self.policy_pool, self.of_policies(called), strict=True):
            cost[pool] += extra
        return cost

    def by_year(self, capacity: Floats, overtime: Floats, called: Floats) -> Floats:
        """What there is to pay in each year: of each pool without those called in, then of each policy.

        A year is 365 days from the first that counts; the last may be shorter. Arguments are as for `of_pools`.

        Returns:
            Pools and policies x years; NaN where a day on which there is something to pay has no price.
        """
        own = capacity.copy()
        for place, pool in enumerate(self.policy_pool):
            own[pool] -= called[place]
        years = years_of(0, capacity.shape[1])
        return np.array(
            [
                [
                    *(_paid(own[:, year], self.hour[:, year]) + _paid(overtime[:, year], self.overtime[:, year])),
                    *_paid(called[:, year], self.policy[:, year]),
                ]
                for year in years
            ]
        ).T


def years_of(first: int, last: int) -> list[slice]:
    """Years of 365 days from a first day up to a last that is not one of them; the last year may be shorter."""
    return [slice(start, min(start + DAYS_A_YEAR, last)) for start in range(first, last, DAYS_A_YEAR)]


def _paid(time: Floats, price: Floats) -> Floats:
    # An unknown price makes the cost unknown only where there is something to pay.
    return np.asarray(np.where(time > 0, time * price, 0.0).sum(axis=1) / MS_AN_HOUR, dtype=np.float64)


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
