"""A plan played through: each replication brought down to one figure for each question that plans are judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from millpond.errors import FaultyService
from millpond.model import Plan, Service
from millpond.model.planned import with_plans
from millpond.model.plans import NOTHING
from millpond.planning.payers import Payer, costs_by_payer
from millpond.planning.problems import EVENTS, problem_days
from millpond.planning.promise import Promise
from millpond.planning.trial import Trial, try_out
from millpond.simulation.figures import TIMES
from millpond.simulation.running import Tell
from millpond.simulation.starting import OpenVisit

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Days:
    """What all plans of a comparison are played on.

    Attributes:
        first_day: the first day.
        days: how many.
        seed: of the random draws.
        opening: the visits that are open when the first day begins; None to start empty.
        promise: what is to be kept; None for nothing.
        threads: how many replications run side by side; None for one for each processor.
    """

    first_day: date
    days: int
    seed: int
    opening: tuple[OpenVisit, ...] | None
    promise: Promise | None
    threads: int | None

    def play(
        self,
        service: Service,
        name: str,
        plans: Mapping[str, Plan],
        replications: range,
        progress: Tell | None = None,
    ) -> Trial:
        """The service with some plans, tried out on these days.

        Args:
            service: the service as it is.
            name: what the plans are called together.
            plans: by name; none for doing nothing.
            replications: the numbers of the replications.
            progress: is told how far it has come.

        Raises:
            FaultyService: the service cannot be simulated, or not with these plans.
        """
        try:
            return try_out(
                with_plans(service, plans),
                self.first_day,
                self.days,
                replications=len(replications),
                first_replication=replications.start,
                seed=self.seed,
                opening=self.opening,
                limit=None if self.promise is None else self.promise.limit,
                threads=self.threads,
                progress=progress,
            )
        except FaultyService as error:
            if name == NOTHING:
                raise
            raise FaultyService(error.faults, f"With the plan {name}, service.toml") from None


@dataclass(frozen=True, eq=False)
class Played:
    """A plan played through: for each question one figure in each replication; NaN where a replication has none.

    Attributes:
        plan: its name.
        label: what people call it.
        figures: by name.
        costs: by payer, replications x years.
        of_payers: by payer and question: the backlog of its pools, its waits, the lead times of its streams.
        of_pools: by pool: capacity, backlog and utilisation.
        of_events: by pool and event: on how many days.
        kept: whether the promise is kept; None without one.
        is_hopeless: whether the promise is broken at the very first day's end in every replication.
    """

    plan: str
    label: str
    figures: dict[str, Floats]
    costs: dict[Payer, Floats]
    of_payers: dict[tuple[Payer, str], Floats]
    of_pools: dict[tuple[str, str], Floats]
    of_events: dict[tuple[str, str], Floats]
    kept: Truths | None
    is_hopeless: bool


def played(
    trial: Trial, name: str, plans: Mapping[str, Plan], promise: Promise | None, lines: Mapping[str, float]
) -> Played:
    """What a trial of some plans came to.

    Args:
        trial: of the service with the plans.
        name: what the plans are called together.
        plans: by name.
        promise: what is to be kept; None for nothing.
        lines: the backlog of each pool above which a day is a problem day, minutes.
    """
    service = trial.service
    costs = costs_by_payer(trial, plans)
    overall = sum(costs.values(), np.zeros_like(next(iter(costs.values()))))
    pools = list(trial.pools)
    figures = {
        "backlog": trial.by_day("backlog").mean(axis=1),
        "backlog_at_end": trial.by_day("backlog")[:, -1],
        "wait": mean_wait(trial, pools),
        "lead_time": trial.lead_time("mean"),
        "overtime": sum((trial.of_pool("overtime", pool) for pool in pools), np.zeros(trial.replications)),
        "cost": overall.sum(axis=1),
    }
    of_payers: dict[tuple[Payer, str], Floats] = {}
    for payer in costs:
        mine = [pool for pool in pools if payer is not None and service.pools[pool].organisation == payer]
        if mine:
            of_payers[payer, "backlog"] = sum(
                (trial.by_day("backlog", pool).mean(axis=1) for pool in mine), np.zeros(trial.replications)
            )
            of_payers[payer, "wait"] = mean_wait(trial, mine)
        sent = [stream for stream, one in service.streams.items() if payer is not None and one.organisation == payer]
        if sent:
            of_payers[payer, "lead_time"] = _lead_time_of(trial, sent)
    kept = None if promise is None else promise.kept(trial)
    return Played(
        plan=name,
        label=" and ".join(plan.label or key for key, plan in plans.items()) or "Doing nothing",
        figures=figures,
        costs=costs,
        of_payers=of_payers,
        of_pools={
            (pool, measure): trial.of_pool(measure, pool)
            for pool in pools
            for measure in ("capacity", "backlog", "utilisation")
        },
        of_events={(pool, event): problem_days(trial, event, pool, lines) for pool in pools for event in EVENTS},
        kept=kept,
        is_hopeless=promise is not None and not promise.is_kept_by(promise.by_day(trial)[:, 0]).any(),
    )


def mean_wait(trial: Trial, pools: list[str]) -> Floats:
    """The mean wait of all visits to some pools that started, in each replication."""
    steps = [place for place, step in enumerate(trial.steps) if trial.service.steps[step].pool in pools]
    return _weighted(trial.waits[:, steps, 0])


def _lead_time_of(trial: Trial, streams: list[str]) -> Floats:
    if len(trial.service.streams) == 1:
        return trial.lead_time("mean")
    groups = [place for place, group in enumerate(trial.groups) if group.stream in streams and group.urgent is None]
    return _weighted(trial.lead_times[:, groups])


def _weighted(times: Floats) -> Floats:
    """The mean over several kinds of visits, weighted by how many there are; NaN where there are none.

    Args:
        times: replications x kinds x `TIMES`.
    """
    number, mean = times[..., TIMES.index("number")], times[..., TIMES.index("mean")]
    total = np.where(number > 0, number * mean, 0.0).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(total / number.sum(axis=1))
