"""What capacity and overtime cost: hours times the cost of an hour of the pool as staffed on the day.

Capacity is paid for whether it is used or not. It is the direct time that is counted; where a pool's workers are also
paid for time that is not direct (`minutes_per_day` below the shift), the cost of an hour has to bear it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millpond.model import Service
from millpond.periods import staffed

MS_AN_HOUR = 3_600_000


@dataclass(frozen=True, eq=False)
class Prices:
    """What an hour costs in each pool on each day, in the service's currency.

    Attributes:
        hour: pools x days; NaN where the pool has no cost.
        overtime: the same for an hour of overtime.
    """

    hour: npt.NDArray[np.float64]
    overtime: npt.NDArray[np.float64]

    def of(self, capacity: npt.NDArray[np.float64], overtime: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The cost of each pool over all days.

        Args:
            capacity: pools x days, in milliseconds.
            overtime: the same of work outside the hours.

        Returns:
            A cost for each pool; NaN where a day on which there is something to pay has no price.
        """
        # An unknown price makes the cost unknown only where there is something to pay.
        ordinary = np.where(capacity > 0, capacity * self.hour, 0.0)
        extra = np.where(overtime > 0, overtime * self.overtime, 0.0)
        return np.asarray((ordinary + extra).sum(axis=1) / MS_AN_HOUR, dtype=np.float64)


def prices_of(service: Service, first_day: int, days: int) -> Prices:
    """What an hour costs in each pool of a service on each day.

    Args:
        service: whose pools.
        first_day: day number of the first day.
        days: for how many days.
    """
    hour, overtime = [], []
    for pool in service.pools.values():
        on = [staffed(pool, first_day + index) for index in range(days)]
        hour.append([np.nan if one.cost_per_hour is None else one.cost_per_hour for one in on])
        extra = pool.overtime_cost_per_hour
        overtime.append(hour[-1] if extra is None else [extra] * days)
    shape = (len(service.pools), days)
    return Prices(np.array(hour, dtype=np.float64).reshape(shape), np.array(overtime, dtype=np.float64).reshape(shape))
