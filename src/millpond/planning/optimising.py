"""The cheapest setting of a plan that keeps a promise: how many workers come, and above which line it is called.

All settings are played a few times; those that chance cannot save are ruled out, and the rest are played as often as
was asked for. Both looks together leave the best
setting out with a probability of at most 5%: half of it for each (see `millpond.planning.screening`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from millpond.errors import WrongUse
from millpond.model import Plan, Service
from millpond.model.planned import most_workers, plans_named, with_plans
from millpond.planning.paired import mean_of, share_of
from millpond.planning.payers import costs_by_payer
from millpond.planning.playing import Days
from millpond.planning.promise import read_promise
from millpond.planning.screening import MISTAKES, could_keep_and_be_best
from millpond.simulation.intervals import Estimate
from millpond.simulation.rows import Simulated
from millpond.simulation.running import Tell
from millpond.simulation.starting import OpenVisit

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
FIRST_LOOK = 40
"""How many replications every setting gets."""
LINES = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
"""The lines that are tried, as parts of the plan's own."""
IN, TOO_OFTEN, TOO_DEAR = "could be the cheapest", "breaks the promise too often", "costs more than one that keeps it"


@dataclass(frozen=True)
class PlanSettingRow:
    """One setting of a plan.

    Attributes:
        plan: the plan, with those that are carried out together with it.
        workers: how many workers come; None where the plan brings none.
        above: the line above which it is called; None where it holds from the first day.
        replications: how many replications it was given: fewer where it was soon ruled out.
        kept: the share of them in which the promise was kept on every day.
        cost: what everything costs together, in the service's currency; None where an hour has no price.
        verdict: ``could be the cheapest``, or why it was ruled out.
    """

    plan: str
    workers: int | None
    above: float | None
    replications: int
    kept: Estimate
    cost: Estimate | None
    verdict: str


@dataclass(frozen=True)
class PlanSettings(Simulated):
    """The settings of a plan that were tried for the cheapest that keeps a promise.

    Attributes:
        target: the promise in words.
        risk: the share of replications that may break it.
    """

    target: str
    risk: float
    rows: tuple[PlanSettingRow, ...]
    row_type: ClassVar[type] = PlanSettingRow

    @property
    def cheapest(self) -> PlanSettingRow | None:
        """Of those that could be the cheapest and kept the promise often enough, the one that cost least."""
        able = [row for row in self.rows if row.verdict == IN and row.kept.value >= 1 - self.risk and row.cost]
        return min(able, key=lambda row: row.cost.value if row.cost else 0.0, default=None)


@dataclass(eq=False)
class _Setting:
    plans: dict[str, Plan]
    workers: int | None
    above: float | None
    kept: Truths
    cost: Floats
    verdict: str = IN


def optimise(
    service: Service,
    name: str,
    first_day: date,
    days: int,
    *,
    target: str,
    risk: float = 0.05,
    replications: int = 200,
    seed: int = 1,
    opening: tuple[OpenVisit, ...] | None = None,
    most: int | None = None,
    threads: int | None = None,
    progress: Tell | None = None,
) -> PlanSettings:
    """Searches the number of workers and the line of a plan for the cheapest that keeps a promise.

    Args:
        service: the service, with its plans.
        name: a plan by which workers come or that is called above a line, or several joined by ``+`` of which one is
            such a plan.
        first_day: the first day.
        days: for how many days.
        target: the promise, such as ``backlog <= 1200 min``.
        risk: the share of replications that may break it.
        replications: how often the settings that are not soon ruled out are played.
        seed: of the random draws, which all settings share.
        opening: the visits that are open when the first day begins; None to start empty.
        most: the most workers to try; None for twice the plan's, or as many as the lender has.
        threads: how many replications run side by side.
        progress: is told how far it has come.

    Raises:
        WrongUse: no such plan, or none with workers or a line; no promise.
        FaultyService: the service cannot be simulated with the plan.
    """
    plans = plans_named(service, name)
    varied = [key for key, plan in plans.items() if plan.workers is not None or plan.above is not None]
    if len(varied) != 1:
        raise WrongUse(
            f"{name} has {'no' if not varied else 'more than one'} plan by which workers come or that a line calls, so "
            "that it is not clear what to vary.\nName one such plan, alone or together with plans of other kinds."
        )
    promise = read_promise(target, service)
    on = Days(first_day, days, seed, opening, promise, threads)
    settings = _settings(service, plans, varied[0], most)
    looks = (range(min(FIRST_LOOK, replications)), range(min(FIRST_LOOK, replications), replications))
    done, whole = 0, len(settings) * len(looks[0])
    for look in looks:
        left = [one for one in settings if one.verdict == IN]
        if not look or not left:
            break
        if look.start:
            whole = done + len(left) * len(look)
        for one in left:
            trial = on.play(service, name, one.plans, look)
            one.kept = np.concatenate([one.kept, promise.kept(trial)])
            one.cost = np.concatenate([one.cost, _cost(costs_by_payer(trial, one.plans))])
            done += len(look)
            if progress is not None:
                progress(done / whole, done)
        _rule_out(left, risk)
    return PlanSettings(
        rows=tuple(
            PlanSettingRow(
                plan=name,
                workers=one.workers,
                above=one.above,
                replications=len(one.kept),
                kept=share_of(one.kept),
                cost=mean_of(one.cost, 0.0),
                verdict=one.verdict,
            )
            for one in settings
        ),
        notes=(
            f"{len(settings)} settings were tried, each at first {len(looks[0])} times; the best is among those that "
            "could be the cheapest with 95% certainty.",
        ),
        target=promise.describe(),
        risk=risk,
    )


def _settings(service: Service, plans: Mapping[str, Plan], name: str, most: int | None) -> list[_Setting]:
    plan = plans[name]
    counts: Sequence[int | None] = (None,)
    if plan.workers is not None:
        highest = most or 2 * plan.workers
        if plan.lent_by is not None:
            highest = min(highest, int(most_workers(service, plan.lent_by)))
        counts = range(1, max(highest, 1) + 1)
    lines: Sequence[float | None] = (None,) if plan.above is None else [plan.above * part for part in LINES]
    found = []
    for count in counts:
        for line in lines:
            changed = {**plans, name: plan.changed(workers=count, above=line)}
            with_plans(service, changed)
            found.append(_Setting(changed, count, line, np.zeros(0, dtype=np.bool_), np.zeros(0)))
    return found


def _rule_out(settings: list[_Setting], risk: float) -> None:
    stays, may = could_keep_and_be_best(
        np.array([one.cost for one in settings]),
        np.array([one.kept for one in settings]),
        1 - risk,
        mistakes=MISTAKES / 2,
    )
    for one, here, keeps in zip(settings, stays, may, strict=True):
        one.verdict = IN if here else TOO_DEAR if keeps else TOO_OFTEN


def _cost(paid: Mapping[str | None, Floats]) -> Floats:
    return np.asarray(sum(yearly.sum(axis=1) for yearly in paid.values()))
