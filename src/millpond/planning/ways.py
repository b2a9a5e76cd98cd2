"""The capacity that a promise takes, by closed formulas and by percentiles of demand, each with what it would lead to.

A formula looks at one pool and takes its days as independent; a percentile looks at single days and never at what is
left over from them. So beside each stand the use and the waste that it means, the backlog that the pool's own days
would have with it, and how often they would break the promise (`millpond.planning.day_level`).

Formulas, for a backlog of at most B at the end of each of n days, with a risk r: after Kingman a mean of B takes
C = D + (var D + var C) / (2 B); his exponential tail, exp(-2 (C - D) B / var), is r on a single day with ln(1/r) times
that margin, and at most r over all n days with ln(n/r) times it. For a share seen within a time, the rules for waiting
lists, and Erlang C where a pool has the shape for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from typing import ClassVar

import numpy as np

from millpond.measures.results import Result
from millpond.model import Exponential, Service
from millpond.planning.day_level import PoolDays
from millpond.planning.promise import BacklogPromise, Promise, SeenPromise
from millpond.planning.tries import clopper_pearson
from millpond.queueing.days import sufficient_capacity
from millpond.queueing.staffing import positions_needed
from millpond.queueing.waiting_list import target_capacity

PERCENTILES = (65, 80, 85)
CORRELATED = "the same, correlated"
"""The formula that allows for busy days that follow busy days."""
FORMULA, PERCENTILE, RESAMPLED, SIMULATED = "formula", "percentile", "resampled days", "simulation"


@dataclass(frozen=True)
class WayRow:
    """The capacity of one pool by one way of finding it, and what it would lead to.

    Attributes:
        pool: the pool's key in ``service.toml``.
        kind: ``formula``, ``percentile``, ``resampled days`` or ``simulation``.
        way: which one, in words.
        minutes: the capacity that it asks for, minutes a working day; None where it asks for none that can be told.
        workers: the same in whole-time places; None where it cannot be told.
        use: mean demand over that capacity; None without one.
        waste: minutes a working day that would not be used on average.
        backlog: the mean backlog at a day's end that the pool's days would have with it, minutes; None without one.
        broken: the share of replications in which the promise would be broken; None where it cannot be told.
        broken_low, broken_high: the ends of its exact 95% interval.
        optimistic: whether it takes days as independent although busy days follow busy days here.
        remark: why it is as it is, where that must be said.
    """

    pool: str
    kind: str
    way: str
    minutes: float | None
    workers: float | None
    use: float | None
    waste: float | None
    backlog: float | None
    broken: float | None
    broken_low: float | None
    broken_high: float | None
    optimistic: bool
    remark: str


@dataclass(frozen=True)
class Ways(Result):
    """What a promise takes, by each way of finding it, pool by pool."""

    rows: tuple[WayRow, ...]
    row_type: ClassVar[type] = WayRow


def ways_of(
    days: PoolDays, promise: Promise, risk: float, each: float, service: Service | None = None
) -> Iterator[WayRow]:
    """The formulas and the percentiles for one pool.

    Args:
        days: what comes to it.
        promise: what is promised of this pool alone.
        risk: the share of replications that may break it.
        each: minutes a working day that one worker gives.
        service: whose pool it is, to see whether its shape is one for Erlang C; None where nothing is known of it.
    """
    if days.mean <= 0:
        return
    found = _backlog_formulas(days, promise, risk) if isinstance(promise, BacklogPromise) else ()
    if isinstance(promise, SeenPromise):
        found = _seen_formulas(days, promise, service)
    for way, minutes, remark in found:
        hopeful = days.correlation.is_correlated and not way.startswith(CORRELATED)
        yield told(days, promise, FORMULA, way, minutes, each, hopeful, remark)
    for percent in PERCENTILES:
        way = f"{percent}th percentile of demand"
        yield told(days, promise, PERCENTILE, way, days.percentile(percent), each, days.correlation.is_correlated, "")


def told(
    days: PoolDays,
    promise: Promise,
    kind: str,
    way: str,
    minutes: float | None,
    each: float,
    optimistic: bool,
    remark: str,
) -> WayRow:
    """A row, with what the pool's own days would come to with that capacity."""
    if minutes is None:
        return WayRow(days.pool, kind, way, *(None,) * 8, False, remark)
    is_enough = minutes > days.mean
    backlog = float(days.backlog(minutes).mean())
    share = low = high = None
    if not (isinstance(promise, SeenPromise) and promise.within.unit in ("minutes", "hours")):
        broken = days.broken(promise, minutes)
        share, (low, high) = float(broken.mean()), clopper_pearson(int(broken.sum()), len(broken))
    if not is_enough:
        remark = f"{remark} Less than the mean demand: the backlog grows.".strip()
    return WayRow(
        pool=days.pool,
        kind=kind,
        way=way,
        minutes=minutes,
        workers=minutes / each if each > 0 else None,
        use=min(days.mean / minutes, 1.0) if minutes > 0 else None,
        waste=max(minutes - days.mean, 0.0),
        backlog=backlog,
        broken=share,
        broken_low=low,
        broken_high=high,
        optimistic=optimistic,
        remark=remark,
    )


def _backlog_formulas(days: PoolDays, promise: BacklogPromise, risk: float) -> Iterator[tuple[str, float | None, str]]:
    most = promise.most * (1.0 if promise.unit == "minutes" else days.minutes_a_visit)
    if most <= 0:
        yield "Kingman", None, "No capacity keeps the backlog at nothing at every day's end."
        return
    margin = sufficient_capacity(days.mean, days.sd, most, days.sd_capacity) - days.mean
    judged = int((days.working >= days.judged_from).sum())
    yield "Kingman: that backlog on average", days.mean + margin, "It bounds the mean, and promises no day."
    yield "Kingman's tail: any one day's end", days.mean + margin * log(1 / risk), "Not of all days at once."
    yield f"Kingman's tail: all of {judged} days", days.mean + margin * log(judged / risk), ""
    if days.correlation.is_correlated:
        inflated = days.mean + margin * days.correlation.inflation * log(judged / risk)
        remark = f"With the variance of many days together, {days.correlation.inflation:.2f} times as large."
        yield f"{CORRELATED}: all of {judged} days", inflated, remark


def _seen_formulas(
    days: PoolDays, promise: SeenPromise, service: Service | None
) -> Iterator[tuple[str, float | None, str]]:
    limit = promise.within
    a_week = len(days.working) / len(days.shape) * 7
    length = {"working days": 1.0, "days": a_week / 7, "weeks": a_week}.get(limit.unit)
    if length is None:
        yield "rules for waiting lists", None, "They are for waits of days, not of hours."
    elif promise.share >= 1:
        yield (
            "rules for waiting lists",
            None,
            "They take waits as exponential, and promise nothing for sure.",
        )
    else:
        factor = -log(1 - promise.share)
        visits = days.mean / days.minutes_a_visit
        cv_demand, cv_capacity = days.sd / days.mean, days.sd_capacity / days.mean
        capacity = target_capacity(visits, limit.amount * length, factor, cv_demand, cv_capacity)
        yield (
            f"rules for waiting lists, factor {factor:.2f}",
            capacity * days.minutes_a_visit,
            "It takes a list that has come to its target size, served in order of arrival.",
        )
    if service is not None:
        yield _erlang(days, promise, service)


def _erlang(days: PoolDays, promise: SeenPromise, service: Service) -> tuple[str, float | None, str]:
    """Erlang C, where the pool is a contact team of the kind that it is about."""
    reason = _why_not_erlang(days.pool, promise, service)
    if reason:
        return "Erlang C", None, f"It does not fit: {reason}."
    (step,) = (step for step in service.steps.values() if step.pool == days.pool)
    assert isinstance(step.minutes, Exponential)
    each_day = float(days.demand.mean()) / days.minutes_a_visit
    unit = {"minutes": 1.0, "hours": 60.0}[promise.within.unit]
    needed = positions_needed(
        each_day / 1440,
        step.minutes.mean,
        target_wait=promise.within.amount * unit,
        least_service_level=promise.share,
    )
    remark = f"{needed.service_level:.1%} in the long run; it promises no single four weeks."
    return "Erlang C", needed.workers * 1440.0, remark


def _why_not_erlang(pool: str, promise: SeenPromise, service: Service) -> str:
    """What keeps Erlang C from fitting a pool; empty where nothing does."""
    steps = [step for step in service.steps.values() if step.pool == pool]
    if promise.within.unit not in ("minutes", "hours"):
        return "people wait for days"
    if promise.share >= 1:
        return "it promises nothing for sure"
    if len(steps) != 1 or not isinstance(steps[0].minutes, Exponential) or steps[0].minutes_for:
        return "the work of the pool is not one step with exponential minutes"
    if steps[0].patience or steps[0].people > 1 or steps[0].group or steps[0].missed or steps[0].skill:
        return "its visits have more to them than waiting and work"
    streams = [one for one in service.streams.values() if service.steps[one.first_step] is steps[0]]
    if len(streams) != len(service.streams) or steps[0].next is None or set(steps[0].next) & set(service.steps):
        return "cases come from other steps, or again"
    if len({one.priority for one in streams}) > 1 or any(0 < one.share_urgent < 1 for one in streams):
        return "some go before others"
    if any(
        one.pattern or one.by_month or one.schedule or one.daily_counts or one.overdispersion != 1 or one.trend_per_year
        for one in streams
    ):
        return "cases do not come at one steady rate"
    of = service.pools[pool]
    if of.minutes_per_day is not None or of.absence or np.any([one.pool == pool for one in service.workers.values()]):
        return "its workers are not there all the time"
    if any(spans != ((0, 1440),) for spans in service.calendar_of(of).weekly):
        return "the pool closes"
    return ""
