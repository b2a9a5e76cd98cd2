"""The rows of a comparison: each plan's figures, and their paired differences from doing nothing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from millpond.planning.comparison import PlanEventRow, PlanOrganisationRow, PlanPoolRow, PlanRow
from millpond.planning.economics import Rates
from millpond.planning.paired import mean_of, ratio_of, share_difference, share_of
from millpond.planning.payers import Payer
from millpond.planning.playing import Played
from millpond.planning.problems import ABOVE_LINE
from millpond.simulation.intervals import Estimate

Floats = npt.NDArray[np.float64]


def _change(values: Floats | None, before: Floats | None) -> Estimate | None:
    return None if values is None or before is None else mean_of(values - before)


def plan_row(one: Played, nothing: Played, dominated_by: str | None, is_best: bool, rates: Rates) -> PlanRow:
    """The row of a plan.

    Args:
        one: the plan.
        nothing: doing nothing.
        dominated_by: the plan that is better.
        is_best: whether it could be the best.
        rates: by which money of later years is discounted.
    """
    is_change = one is not nothing
    means = {name: mean_of(values, least=0.0) for name, values in one.figures.items()}
    changes = {
        name: mean_of(values - nothing.figures[name]) if is_change else None for name, values in one.figures.items()
    }
    avoided = nothing.figures["backlog"] - one.figures["backlog"]
    dearer = one.figures["cost"] - nothing.figures["cost"]
    ratio = ratio_of(dearer, avoided) if is_change and avoided.mean() > 0 and dearer.mean() > 0 else None
    backlog, at_end, overtime = means["backlog"], means["backlog_at_end"], means["overtime"]
    assert backlog is not None and at_end is not None and overtime is not None
    return PlanRow(
        plan=one.plan,
        label=one.label,
        replications=len(avoided),
        backlog=backlog,
        backlog_change=changes["backlog"],
        backlog_at_end=at_end,
        wait=means["wait"],
        wait_change=changes["wait"],
        lead_time=means["lead_time"],
        lead_time_change=changes["lead_time"],
        kept=None if one.kept is None else share_of(one.kept),
        kept_change=None
        if one.kept is None or nothing.kept is None or not is_change
        else share_difference(one.kept, nothing.kept),
        overtime=overtime,
        cost=means["cost"],
        cost_change=changes["cost"],
        present_cost_change=mean_of(_present(one, rates) - _present(nothing, rates)) if is_change else None,
        cost_per_backlog_minute=ratio,
        dominated_by=dominated_by,
        could_be_best=is_best,
    )


def _present(one: Played, rates: Rates) -> Floats:
    """What it costs in each replication, discounted; NaN where the days are no more than a year."""
    yearly = sum(one.costs.values(), np.zeros_like(next(iter(one.costs.values()))))
    years = yearly.shape[1]
    return yearly @ np.array(rates.factors(years)) if years > 1 else np.full(len(yearly), np.nan)


def pool_rows(one: Played, nothing: Played) -> list[PlanPoolRow]:
    """What a plan makes of each pool, against doing nothing."""
    rows = []
    for pool in dict.fromkeys(pool for pool, _ in one.of_pools):
        found = {
            measure: mean_of(one.of_pools[pool, measure], 0.0) for measure in ("capacity", "backlog", "utilisation")
        }
        changes = {
            measure: None if one is nothing else _change(one.of_pools[pool, measure], nothing.of_pools[pool, measure])
            for measure in ("capacity", "backlog")
        }
        capacity, backlog = found["capacity"], found["backlog"]
        assert capacity is not None and backlog is not None
        rows.append(
            PlanPoolRow(
                plan=one.plan,
                pool=pool,
                replications=len(one.figures["backlog"]),
                capacity=capacity,
                capacity_change=changes["capacity"],
                backlog=backlog,
                backlog_change=changes["backlog"],
                utilisation=found["utilisation"],
            )
        )
    return rows


def payer_rows(one: Played, nothing: Played) -> list[PlanOrganisationRow]:
    """What a plan costs each payer, and what each gains, against doing nothing."""
    rows = []
    for payer in dict.fromkeys((*one.costs, *nothing.costs)):
        costs = {key: _paid(of, payer) for key, of in (("with", one), ("without", nothing))}
        found: dict[str, Estimate | None] = {"cost": mean_of(costs["with"], 0.0)}
        found["cost_change"] = None if one is nothing else mean_of(costs["with"] - costs["without"])
        for question in ("backlog", "wait", "lead_time"):
            values, before = one.of_payers.get((payer, question)), nothing.of_payers.get((payer, question))
            found[question] = None if values is None else mean_of(values, 0.0)
            found[f"{question}_change"] = None if one is nothing else _change(values, before)
        rows.append(PlanOrganisationRow(one.plan, payer, len(one.figures["backlog"]), **found))
    return rows


def _paid(one: Played, payer: Payer) -> Floats:
    return one.costs[payer].sum(axis=1) if payer in one.costs else np.zeros(len(one.figures["backlog"]))


def event_rows(one: Played, nothing: Played, lines: Mapping[str, float]) -> list[PlanEventRow]:
    """How likely each problem event of each pool is with a plan, against doing nothing."""
    rows = []
    for (pool, event), on_days in one.of_events.items():
        days = mean_of(on_days, 0.0)
        assert days is not None
        rows.append(
            PlanEventRow(
                plan=one.plan,
                pool=pool,
                event=event,
                line=lines[pool] if event == ABOVE_LINE else None,
                replications=len(on_days),
                days=days,
                days_change=None if one is nothing else _change(on_days, nothing.of_events[pool, event]),
                probability=share_of(on_days > 0),
            )
        )
    return rows
