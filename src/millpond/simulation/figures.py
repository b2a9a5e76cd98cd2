"""One replication's totals as figures that can be averaged: minutes, waits, shares, and money.

The event loop leaves whole milliseconds and counts in bins; here they become, for each pool and day, the same measures
as those of records, and for each step and kind of case the waits. What a replication has no instance of is NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from millpond.model import Service
from millpond.simulation import kernel
from millpond.simulation.cost import Prices, by_year
from millpond.simulation.histograms import counted_quantiles
from millpond.simulation.replication import Replication
from millpond.simulation.tables import Tables

Floats = npt.NDArray[np.float64]
MS_A_MINUTE = 60_000.0

DAILY = (
    "demand",
    "capacity",
    "activity",
    "withdrawn",
    "backlog",
    "overtime",
    "demand_visits",
    "activity_visits",
    "withdrawn_visits",
    "backlog_visits",
)
"""First axis of `Figures.daily`; the others are pools and days."""
_PLACE = {name: place for place, name in enumerate(DAILY)}
_MINUTES = {
    "demand": kernel.DEMAND,
    "capacity": kernel.CAPACITY,
    "activity": kernel.ACTIVITY,
    "withdrawn": kernel.WITHDRAWN,
    "overtime": kernel.OVERTIME,
}
"""What is taken over from the event loop's totals, in minutes; and what is counted."""
_VISITS = {
    "demand_visits": kernel.VISITS_JOINED,
    "activity_visits": kernel.VISITS_DONE,
    "withdrawn_visits": kernel.VISITS_LEFT,
}
POOL = (
    "demand",
    "capacity",
    "activity",
    "withdrawn",
    "backlog",
    "backlog_visits",
    "backlog_at_end",
    "utilisation",
    "load",
    "overtime",
    "cost",
)
"""First axis of `Figures.pools`."""
POLICY = ("days", "capacity", "cost")
"""Last axis of `Figures.policies`: days with somebody in, minutes that they could give, and what it cost."""
TIMES = ("number", "left", "mean", "median", "p90", "p95", "within_target")
"""Last axis of `Figures.waits` and of `Figures.lead_times`."""
QUANTILES = (0.5, 0.9, 0.95)


@dataclass(frozen=True)
class Group:
    """Some of the cases: those of a stream, of an urgency, of both, or all.

    Attributes:
        stream: the name of the stream; None for all streams.
        urgent: whether they are urgent; None for both kinds.
        classes: the indexes of the classes of the event loop that they are.
    """

    stream: str | None
    urgent: bool | None
    classes: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Figures:
    """What one replication comes to.

    Attributes:
        daily: `DAILY` x pools x days: minutes of work in the day, backlogs at its end, and visits.
        pools: `POOL` x pools, over the days that count: minutes a week, mean backlog, backlog at the end, ratios, cost.
        waits: steps x groups x `TIMES`, in minutes, of visits that joined in the days that count.
        lead_times: groups x `TIMES`, in minutes, of cases that came in the days that count and have ended.
        outcomes: how many cases ended in each way.
        policies: policies x `POLICY`, over the days that count.
        cost: the cost of all pools together.
        cost_by_year: pools without whom policies call in, then policies x years of 365 days, over the days that count.
        called_by_year: policies x years: for how many days each policy was called.
    """

    daily: Floats
    pools: Floats
    waits: Floats
    lead_times: Floats
    outcomes: Floats
    policies: Floats
    cost: Floats
    cost_by_year: Floats
    called_by_year: Floats


def groups_of(service: Service) -> tuple[Group, ...]:
    """The groups of cases of a service whose waits are told apart: all, by urgency, by stream, and by both."""
    streams = service.streams
    found = [Group(None, None, tuple(range(2 * len(streams))))]
    mixed = {name for name, stream in streams.items() if 0 < stream.share_urgent < 1}
    if mixed or len({stream.share_urgent for stream in streams.values()}) > 1:
        for urgent in (True, False):
            found.append(Group(None, urgent, tuple(range(int(urgent), 2 * len(streams), 2))))
    if len(streams) > 1:
        for place, name in enumerate(streams):
            found.append(Group(name, None, (2 * place, 2 * place + 1)))
            if name in mixed:
                found += [Group(name, urgent, (2 * place + urgent,)) for urgent in (True, False)]
    return tuple(found)


@dataclass(frozen=True, eq=False)
class Reading:
    """How the totals of one simulation are read.

    Attributes:
        tables: what was simulated.
        groups: from `groups_of`.
        prices: of the days that count.
        first: index of the first day that counts, after the warm-up.
        logs: whether the reading needs every visit by itself.
    """

    tables: Tables
    groups: tuple[Group, ...]
    prices: Prices
    first: int
    logs: bool = False

    def figures(self, replication: Replication) -> Figures:
        """The figures of one replication."""
        totals, horizon = replication.totals, self.tables.horizon
        # Laid out anew by kind once, for all that follows goes along the days.
        ms = np.ascontiguousarray(totals["daily"][:, :, : horizon.until])
        daily = self._daily(ms, totals["before"])
        counted = slice(self.first, horizon.arrivals_until)
        called = totals["policy_capacity"][:, counted]
        bill = self.prices.bill(ms[kernel.CAPACITY, :, counted], ms[kernel.OVERTIME, :, counted], called)
        times = self._times(totals)
        return Figures(
            daily=daily,
            pools=_pool_figures(
                daily[:, :, counted], ms[kernel.USED, :, counted].sum(axis=1) / MS_A_MINUTE, bill.pools
            ),
            waits=times[:-1],
            lead_times=times[-1],
            outcomes=totals["outcome_count"].astype(np.float64),
            policies=np.column_stack(
                [
                    (called > 0).sum(axis=1),
                    called.sum(axis=1) / MS_A_MINUTE,
                    bill.policies,
                ]
            ),
            cost=np.array([bill.pools.sum()]),
            cost_by_year=bill.by_year,
            called_by_year=by_year(totals["policy_called"][:, counted]).astype(np.float64),
        )

    def _daily(self, ms: npt.NDArray[np.int64], before: npt.NDArray[np.int64]) -> Floats:
        """`Figures.daily` from totals by kind, pool and day, and from what was done before the first day."""
        daily = np.empty((len(DAILY), *ms.shape[1:]))
        for name, kind in _MINUTES.items():
            np.divide(ms[kind], MS_A_MINUTE, out=daily[_PLACE[name]])
        for name, kind in _VISITS.items():
            daily[_PLACE[name]] = ms[kind]
        opening, opening_visits = self._opening
        # The identity of the measures: what there was, with what joined, less what was done and what fell away.
        left = _left(opening + before[0], ms[kernel.DEMAND], ms[kernel.ACTIVITY], ms[kernel.WITHDRAWN])
        np.divide(left, MS_A_MINUTE, out=daily[_PLACE["backlog"]])
        daily[_PLACE["backlog_visits"]] = _left(
            opening_visits + before[1], ms[kernel.VISITS_JOINED], ms[kernel.VISITS_DONE], ms[kernel.VISITS_LEFT]
        )
        return daily

    def _times(self, totals: dict[str, npt.NDArray[Any]]) -> Floats:
        """Of waits at each step, and last of lead times: (steps + 1) x groups x `TIMES`, in minutes."""
        classes = self._belongs.shape[1]

        def of_groups(kinds: npt.NDArray[Any]) -> Floats:
            # Whole numbers far below 2**53: products with 0 and 1 add up exactly in any order.
            return kinds.reshape(-1, classes) @ self._belongs.T

        def both(what: str) -> npt.NDArray[Any]:
            return np.concatenate([totals[f"wait_{what}"], totals[f"lead_{what}"]])

        counts, spread = counted_quantiles(both("bins").reshape(-1, classes, kernel.BINS), self._belongs > 0, QUANTILES)
        number, added, timely = of_groups(counts), of_groups(both("sum")), of_groups(both("within"))
        found = np.zeros((len(number), len(self.groups), len(TIMES)))
        found[..., 0] = number
        found[:-1, :, 1] = of_groups(totals["left_count"])
        with np.errstate(invalid="ignore", divide="ignore"):
            found[..., 2] = added / number / MS_A_MINUTE
            found[..., 6] = np.where(self._has_target, timely / number, np.nan)
        np.divide(spread, MS_A_MINUTE, out=found[..., 3:6])
        return found

    @cached_property
    def _has_target(self) -> npt.NDArray[np.bool_]:
        """For each step, and last for lead times, whether there is a target."""
        return np.asarray(self.tables.fixed["target_ms"] != -1)[:, None]

    @cached_property
    def _opening(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The opening backlog of each pool, in milliseconds and in visits."""
        pools = self.tables.service.pools.values()
        ms = np.array([pool.opening_backlog * MS_A_MINUTE for pool in pools]).round().astype(np.int64)
        return ms, np.array([pool.opening_backlog_visits or 0 for pool in pools]).round().astype(np.int64)

    @cached_property
    def _belongs(self) -> Floats:
        """Groups x classes: 1 where the class is in the group."""
        belongs = np.zeros((len(self.groups), 2 * len(self.tables.names.streams)))
        for place, group in enumerate(self.groups):
            belongs[place, list(group.classes)] = 1.0
        return belongs


def _pool_figures(daily: Floats, used: Floats, cost: Floats) -> Floats:
    """The figures of each pool over the days that count.

    Args:
        daily: as `Figures.daily`, of those days.
        used: for each pool the minutes of its capacity in which its workers worked.
        cost: for each pool.
    """
    days = daily.shape[2]
    sums = daily.sum(axis=2)
    demand, capacity = sums[_PLACE["demand"]], sums[_PLACE["capacity"]]
    with np.errstate(invalid="ignore", divide="ignore"):
        utilisation = np.where(capacity > 0, used / capacity, np.nan)
        load = np.where(capacity > 0, demand / capacity, np.nan)
    a_week = ("demand", "capacity", "activity", "withdrawn", "overtime")
    found = {
        **{name: sums[_PLACE[name]] / (days / 7) for name in a_week},
        **{name: sums[_PLACE[name]] / days for name in ("backlog", "backlog_visits")},
        "backlog_at_end": daily[_PLACE["backlog"], :, -1],
        "utilisation": utilisation,
        "load": load,
        "cost": cost,
    }
    return np.array([found[name] for name in POOL])


def _left(opening: npt.NDArray[np.int64], joined: Any, done: Any, fell_away: Any) -> npt.NDArray[np.int64]:
    """What is left at each day's end: pools x days."""
    left: npt.NDArray[np.int64] = np.subtract(joined, done)
    left -= fell_away
    np.cumsum(left, axis=1, out=left)
    left += opening[:, None]
    return left
