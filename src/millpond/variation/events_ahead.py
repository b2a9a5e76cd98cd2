"""Problem events of the days to come, counted in many simulated futures as they are counted in the records.

Within one future days hang together, and futures do not: every interval is that of so many futures, and not of so many
days. Where no future has such a day the rule of three tells how seldom it is at least.

Sources: for shares, as in `millpond.variation.shares`, with the effective number of days taken from the spread between
futures; for levels R. S. Woodruff, Confidence intervals for medians and other position measures, Journal of the
American Statistical Association 47 (1952), pages 635-646.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain
from math import ceil, floor, sqrt
from typing import Any, ClassVar

import numpy as np

from millpond.results import Result
from millpond.variation.event_results import ReturnLevel, ReturnLevels, told_ratio
from millpond.variation.limits import Floats
from millpond.variation.problem_days import ProblemEvents
from millpond.variation.recovery import recovery
from millpond.variation.returns import PERIODS
from millpond.variation.shares import frequency

FAR_PERIODS = (*PERIODS, 500, 1000)
"""Working days: futures reach further than the records."""
_FEWEST_ABOVE = 10
"""So many days must lie above a level in all futures together, or it is not told."""
_Z_95 = 1.959963984540054


@dataclass(frozen=True)
class PoolEventsAhead:
    """The problem events of one pool in the days to come. Intervals are 95%, across futures.

    Attributes:
        pool: the pool's key in ``service.toml``.
        futures: how many times the days were simulated.
        of: the working days in each.
        days: problem days in all of them together.
        share, share_low, share_high: the share of working days that are.
        once_in, once_in_low, once_in_high: one such day in so many working days; none where none was seen.
        a_year, a_year_low, a_year_high: such days to expect in a year.
        hit: in how many futures there is at least one in the working days ahead for which the chance is told.
        chance, chance_low, chance_high: the chance of that.
        stretches: how many times, in all futures, the backlog had to come back to normal after a spell.
        stretches_over: how many of them were over when the future ended.
        back_after: working days until half of them were over; none where too many are still under way, or too few are
            known.
    """

    pool: str
    futures: int
    of: int
    days: int
    share: float | None
    share_low: float | None
    share_high: float | None
    once_in: float | None
    once_in_low: float | None
    once_in_high: float | None
    a_year: float | None
    a_year_low: float | None
    a_year_high: float | None
    hit: int
    chance: float | None
    chance_low: float | None
    chance_high: float | None
    stretches: int
    stretches_over: int
    back_after: float | None


@dataclass(frozen=True)
class EventsAhead(Result):
    """Problem events of the days to come, by simulation.

    Attributes:
        first_day: the first day that is counted, ISO 8601.
        days: how many days are counted in each future.
        settle_days: how many days before those a service that starts empty fills up in.
        start: ``records`` where the visits that they leave open were carried over, else ``empty``.
        seed: of the random draws.
        replications: how many futures.
        levels: how high demand over capacity goes.
        ratios: for each pool, futures by working days, demand over capacity; not written as JSON.
    """

    rows: tuple[PoolEventsAhead, ...]
    first_day: str
    days: int
    settle_days: int
    start: str
    seed: int
    replications: int
    levels: ReturnLevels
    ratios: Mapping[str, Floats] = field(compare=False, repr=False)
    row_type: ClassVar[type] = PoolEventsAhead

    def to_dict(self) -> dict[str, Any]:
        """The whole result as plain values, ready for JSON."""
        names = ("first_day", "days", "settle_days", "start", "seed", "replications")
        return {
            **{name: getattr(self, name) for name in names},
            "rows": [asdict(row) for row in self.rows],
            "levels": [asdict(row) for row in self.levels.rows],
            "notes": list(self.notes),
        }

    def of_pool(self, pool: str) -> PoolEventsAhead | None:
        """The row of a pool; None where it was not simulated."""
        return next((row for row in self.rows if row.pool == pool), None)


def pool_ahead(pool: str, futures: Sequence[ProblemEvents], within: int, working_days_a_year: int) -> PoolEventsAhead:
    """What comes to a pool in some futures of the same days.

    Args:
        pool: its key.
        futures: the problem events of each, 2 or more.
        within: for how many working days from the first the chance is told; no more than each future has.
        working_days_a_year: how many working days a year has.
    """
    counts = np.array([future.days.count for future in futures], dtype=np.float64)
    of, days = futures[0].days.of, int(counts.sum())
    found = frequency(days, of * len(futures), _together(counts, of))
    begun = [{event.day for event in future.events} & set(future.looked_at[:within]) for future in futures]
    hit = sum(1 for seen in begun if seen)
    chance = frequency(hit, len(futures))
    stretches = recovery(list(chain.from_iterable(future.stretches for future in futures)))
    once_in, once_in_low, once_in_high = found.once_in()
    a_year, a_year_low, a_year_high = found.expected(working_days_a_year)
    return PoolEventsAhead(
        pool=pool,
        futures=len(futures),
        of=of,
        days=days,
        share=found.share,
        share_low=found.low,
        share_high=found.high,
        once_in=once_in,
        once_in_low=once_in_low,
        once_in_high=once_in_high,
        a_year=a_year,
        a_year_low=a_year_low,
        a_year_high=a_year_high,
        hit=hit,
        chance=chance.share,
        chance_low=chance.low,
        chance_high=chance.high,
        stretches=stretches.stretches,
        stretches_over=stretches.over,
        back_after=stretches.median,
    )


def levels_ahead(pool: str, ratios: Floats, periods: Sequence[float] = FAR_PERIODS) -> tuple[ReturnLevel, ...]:
    """What demand over capacity reaches once in so many working days, in all futures together.

    Args:
        pool: its key.
        ratios: futures by working days.
        periods: the numbers of working days.
    """
    ordered = np.sort(ratios, axis=None)[::-1]
    count, futures = ordered.size, len(ratios)
    rows = []
    for period in periods:
        if count / period < _FEWEST_ABOVE:
            rows.append(ReturnLevel(pool, period, None, None, None))
            continue
        level = ordered[round(count / period) - 1]
        # The share of days above the level has the interval of so many futures; the levels at its ends are the level's.
        above = (ratios >= level).mean(axis=1)
        half = _Z_95 * float(above.std(ddof=1)) / sqrt(futures)
        most, fewest = ceil(count * (1 / period + half)), floor(count * (1 / period - half))
        rows.append(
            ReturnLevel(
                pool,
                period,
                told_ratio(level),
                told_ratio(ordered[most - 1]) if most <= count else None,
                told_ratio(ordered[fewest - 1]) if fewest >= 1 else None,
            )
        )
    return tuple(rows)


def _together(counts: Floats, of: int) -> float:
    """How many problem days count as one: the variance of their number between futures over that of independent days.

    At least one: that days keep apart from each other is not relied on.
    """
    share = float(counts.mean()) / of if of else 0.0
    if not 0 < share < 1:
        return 1.0
    return max(float(counts.var(ddof=1)) / (of * share * (1 - share)), 1.0)
