"""What a service costs with its plans, year by year, and who pays: the organisation of each pool, or the plan's own.

Somebody who is lent costs the pool that lends nothing meanwhile; the plan costs the hours instead, at its own price.
Where nobody is named, the payer is unknown and told as such. A plan with a trigger costs something on the days only for
which it is called, and its setting up when it first is.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from millpond.model import Plan, Service
from millpond.model.plans import DIVERTED
from millpond.planning.trial import Trial

Floats = npt.NDArray[np.float64]
DAYS_A_YEAR = 365
Payer = str | None
"""An organisation's name; None where nobody says who pays."""


def costs_by_payer(trial: Trial, plans: Mapping[str, Plan]) -> dict[Payer, Floats]:
    """What each payer pays in each replication and year of a trial, in the order of the service's organisations.

    Args:
        trial: of the service with those plans.
        plans: by name.

    Returns:
        For each organisation, and for None where something is paid by nobody who is named: replications x years.
    """
    service = trial.service
    years = trial.cost_by_year.shape[2]
    paid: dict[Payer, Floats] = {name: np.zeros((trial.replications, years)) for name in service.organisations}
    unnamed = np.zeros((trial.replications, years))

    def pays(payer: Payer, amount: Floats) -> None:
        (unnamed if payer is None else paid[payer])[...] += amount

    for place, pool in enumerate(trial.pools):
        pays(service.pools[pool].organisation, trial.cost_by_year[:, place])
    calling = [plan for plan in plans.values() if plan.policy is not None]
    # The policies that plans brought stand after those that are in force.
    by_plans: list[Plan | None] = [None] * (len(trial.policies) - len(calling))
    for place, (name, plan) in enumerate(zip(trial.policies, [*by_plans, *calling], strict=True), len(trial.pools)):
        policy = service.policies[name]
        home = service.pools[policy.lent_by or policy.pool].organisation
        pays(payer_of(service, plan) if plan is not None else home, trial.cost_by_year[:, place])
    standing = np.array([_days_of(year, trial.days) for year in range(years)], dtype=np.float64)
    first_of_plans = len(trial.policies) - len(calling)
    for name, plan in plans.items():
        days = np.tile(standing, (trial.replications, 1))
        if plan.has_trigger:
            days = trial.called_by_year[:, first_of_plans + [one is plan for one in calling].index(True)]
        fixed = plan.cost_per_year * days / DAYS_A_YEAR + plan.cost_per_day * days
        fixed += plan.cost * _begins(days)
        # Cases do not tell the year in which they were diverted: they come evenly, as nearly as streams do.
        whole = days.sum(axis=1, keepdims=True)
        diverted = _diverted(trial, name)[:, None] * np.divide(days, whole, out=np.zeros_like(days), where=whole > 0)
        pays(payer_of(service, plan), fixed + plan.cost_per_case * diverted)
    if unnamed.any() or not paid:
        paid[None] = unnamed
    return paid


def payer_of(service: Service, plan: Plan) -> Payer:
    """Who pays for a plan: whom it names; else the organisation of the pool that lends, is helped or is changed.

    Where it changes pools of several organisations nobody is named.
    """
    if plan.paid_by is not None:
        return plan.paid_by
    if plan.lent_by or plan.workers is not None:
        return service.pools[plan.lent_by or plan.pool or ""].organisation
    steps = [service.steps[step].pool for step in plan.steps]
    steps += [service.steps[one.first_step].pool for name, one in service.streams.items() if name in plan.streams]
    pools = {*plan.pools, *(pool for pool in steps if pool is not None)}
    payers = {service.pools[pool].organisation for pool in pools}
    return payers.pop() if len(payers) == 1 else None


def _begins(days: Floats) -> Floats:
    """1 in the first year with a day, replication by replication; else 0."""
    there = days > 0
    return np.asarray(there & (np.cumsum(there, axis=1) == 1), dtype=np.float64)


def _diverted(trial: Trial, plan: str) -> Floats:
    outcome = DIVERTED + plan
    if outcome not in trial.outcomes:
        return np.zeros(trial.replications)
    return trial.ended[:, trial.outcomes.index(outcome)]


def _days_of(year: int, days: int) -> int:
    return min(days - year * DAYS_A_YEAR, DAYS_A_YEAR)
