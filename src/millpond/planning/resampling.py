"""Days to come, made of days that were: blocks of real days put one after another, each beginning on its own weekday.

Blocks of whole weeks keep the rhythm of the week, and keep busy days beside the busy days that they came with; single
days drawn at random would lose both. Source of the method: H. R. Kuensch, The jackknife and the bootstrap for general
stationary observations, Annals of Statistics 17 (1989), pages 1217-1241.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from millpond.errors import WrongUse
from millpond.measures.results import Measures
from millpond.planning.day_level import PoolDays

Floats = npt.NDArray[np.float64]
BLOCK_DAYS = 14
FEWEST_WEEKS = 8
"""With fewer weeks of history every future would be the same few weeks over and over."""
LOOK_BACK_DAYS = 364
"""A year of whole weeks: older days tell of another service."""
REPLICATIONS = 2000


@dataclass(frozen=True, eq=False)
class Past:
    """What came to a pool on the days that are on record.

    Attributes:
        pool: its name.
        first_day: the first of them.
        demand: minutes of work that joined on each.
        is_working: whether the pool worked on each.
        minutes_a_visit: what a visit takes on average.
        backlog: minutes that wait after the last of them.
    """

    pool: str
    first_day: date
    demand: Floats
    is_working: npt.NDArray[np.bool_]
    minutes_a_visit: float
    backlog: float

    @property
    def is_enough(self) -> bool:
        """Whether days to come can be made of them."""
        return len(self.demand) >= 7 * FEWEST_WEEKS and bool(self.is_working.any()) and bool(self.demand.any())

    def days(self) -> PoolDays:
        """The days as they were."""
        weekdays = (self.first_day.weekday() + np.arange(len(self.demand))) % 7
        shape = np.asarray(self.is_working, dtype=np.float64)
        return PoolDays(self.pool, self.demand[np.newaxis], shape, weekdays, self.minutes_a_visit)

    def future(
        self,
        first_day: date,
        shape: Floats,
        *,
        opening: float = 0.0,
        judged_from: int = 0,
        seed: int = 1,
        replications: int = REPLICATIONS,
    ) -> PoolDays:
        """Days to come that are made of them.

        Args:
            first_day: the first day to come.
            shape: as `PoolDays.shape`, one for each day to come.
            opening: the minutes that wait before it.
            judged_from: the first day that is judged.
            seed: of the draws.
            replications: how many futures.

        Raises:
            WrongUse: there are too few days of history.
        """
        _check_length(len(self.demand))
        weekday, days = first_day.weekday(), len(shape)
        usual, closed = self._without_closures()
        demand = resampled(usual, self.first_day.weekday(), weekday, days, replications, seed=seed)
        weekdays = (weekday + np.arange(days)) % 7
        # On a holiday to come only so much joins as on closed days it did.
        is_holiday = (shape <= 0) & self._works_on[weekdays]
        demand[:, is_holiday] *= closed
        return PoolDays(self.pool, demand, shape, weekdays, self.minutes_a_visit, opening, judged_from)

    @property
    def _works_on(self) -> npt.NDArray[np.bool_]:
        """For each weekday whether the pool works on most of them."""
        weekdays = (self.first_day.weekday() + np.arange(len(self.demand))) % 7
        return np.array([bool(np.mean(self.is_working[weekdays == day]) > 0.5) for day in range(7)])

    def _without_closures(self) -> tuple[Floats, float]:
        """The demand with a usual day in place of each holiday; and what joins on a closed day over a working day."""
        weekdays = (self.first_day.weekday() + np.arange(len(self.demand))) % 7
        usual = self.demand.copy()
        for day in np.flatnonzero(self._works_on):
            of = weekdays == day
            usual[of & ~self.is_working] = self.demand[of & self.is_working].mean()
        on_working, on_closed = self.demand[self.is_working], self.demand[~self.is_working]
        share = float(on_closed.mean() / on_working.mean()) if len(on_closed) and on_working.any() else 0.0
        return usual, min(share, 1.0)


def pasts_of(measures: Measures) -> dict[str, Past]:
    """The last year of each pool, from the measures by day; days that are not whole on record are left out.

    Args:
        measures: by day, in minutes of work; of measures in visits nothing is known.
    """
    found = {}
    if measures.unit != "minutes":
        return {}
    for pool in dict.fromkeys(row.pool for row in measures.rows):
        rows = [row for row in measures.rows if row.pool == pool]
        whole = [row for row in rows if row.complete and not row.filling]
        days = [date.fromisoformat(row.period) for row in whole]
        # The days up to the last that is whole, as far back as none is missing.
        first = len(days) - 1
        while first > 0 and days[first] - days[first - 1] == timedelta(days=1) and len(days) - first < LOOK_BACK_DAYS:
            first -= 1
        if not days:
            continue
        of = whole[first:]
        visits = sum(row.demand_visits for row in of)
        demand = np.array([row.demand for row in of], dtype=np.float64)
        found[pool] = Past(
            pool=pool,
            first_day=days[first],
            demand=demand,
            is_working=np.array([bool(row.capacity) for row in of]),
            minutes_a_visit=float(demand.sum()) / visits if visits and demand.any() else 1.0,
            backlog=rows[-1].backlog,
        )
    return found


def resampled(
    seen: npt.ArrayLike,
    first_weekday: int,
    weekday: int,
    days: int,
    replications: int,
    *,
    seed: int = 1,
    block: int = BLOCK_DAYS,
) -> Floats:
    """Futures of so many days, resampled from a history in blocks.

    Args:
        seen: one number for each day of the history, closed days too.
        first_weekday: the weekday of its first day, Monday being 0.
        weekday: the weekday of the first day to come.
        days: how many days to come.
        replications: how many futures.
        seed: of the draws: the same seed gives the same futures.
        block: how many days belong together; whole weeks.

    Returns:
        replications x days.

    Raises:
        WrongUse: there are fewer than eight weeks of history, or a block is not of whole weeks.
    """
    history = np.asarray(seen, dtype=np.float64)
    if block < 7 or block % 7:
        raise WrongUse(f"A block of {block} days is not of whole weeks.\nGive 7, 14, 21 or more days.")
    _check_length(len(history))
    starts = np.arange(len(history) - min(block, len(history)) + 1)
    starts = starts[(first_weekday + starts) % 7 == weekday % 7]
    blocks = -(-days // block)
    drawn = np.random.Generator(np.random.Philox(seed)).integers(len(starts), size=(replications, blocks))
    places = starts[drawn][:, :, np.newaxis] + np.arange(block)
    return np.asarray(history[places.reshape(replications, blocks * block)[:, :days]])


def _check_length(days: int) -> None:
    if days < FEWEST_WEEKS * 7:
        raise WrongUse(
            f"There are {days} days of history, too few to tell what days to come may be like.\n"
            f"Keep totals for {FEWEST_WEEKS} weeks or more."
        )
