"""Plans compared: each tried out on the same days with the same luck, and set against doing nothing.

Every plan is the service changed by it and nothing more. Each trial is brought down to one figure for each replication
and question, so that the difference between two plans can be taken replication by replication.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from millpond.errors import FaultyService, WrongUse
from millpond.model import Plan, Service
from millpond.model.nearest import listed, nearest
from millpond.model.planned import plans_named, with_plans
from millpond.model.plans import NOTHING
from millpond.planning.comparison import (
    Comparison,
    PlanEventRow,
    PlanEvents,
    PlanOrganisationRow,
    PlanOrganisations,
    PlanPoolRow,
    PlanPools,
    PlanRow,
    PlanRows,
)
from millpond.planning.economics import GREEN_BOOK, Rates
from millpond.planning.paired import mean_of, ratio_of, share_difference, share_of
from millpond.planning.payers import DAYS_A_YEAR, Payer, costs_by_payer
from millpond.planning.problems import ABOVE_LINE, EVENTS, problem_days, usual_lines
from millpond.planning.promise import Promise, read_promise
from millpond.planning.screening import could_be_best, could_keep_and_be_best
from millpond.planning.trial import Trial, try_out
from millpond.simulation.figures import TIMES
from millpond.simulation.intervals import Estimate
from millpond.simulation.running import Tell
from millpond.simulation.starting import OpenVisit

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
CRITERIA = ("cost", "backlog", "wait", "lead time")
RISK = 0.05
"""The share of replications that may break the promise."""


@dataclass(frozen=True, eq=False)
class Played:
    """A plan tried out: for each question one figure in each replication; NaN where a replication has none.

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


def compare(
    service: Service,
    first_day: date,
    days: int,
    *,
    plans: Sequence[str] | None = None,
    replications: int = 200,
    seed: int = 1,
    opening: tuple[OpenVisit, ...] | None = None,
    target: str | None = None,
    risk: float = RISK,
    by: str | None = None,
    line: float | None = None,
    rates: Rates = GREEN_BOOK,
    threads: int | None = None,
    progress: Tell | None = None,
) -> Comparison:
    """Compares plans with doing nothing, and with each other.

    Args:
        service: the service, with its plans.
        first_day: the first day.
        days: for how many days.
        plans: names of plans, several together joined by ``+``; None for every plan of the service by itself.
        replications: how often the days are simulated for each plan, at least 2.
        seed: of the random draws, which all plans share.
        opening: the visits that are open when the first day begins; None to start empty.
        target: a promise, such as ``backlog <= 1200 min``.
        risk: the share of replications that may break it.
        by: by what the best plan is judged, one of `CRITERIA`; None for the cost with a promise, else the backlog.
        line: the backlog of a pool above which a day is a problem day, minutes; None for the work of ten working days.
        rates: by which money of later years is discounted.
        threads: how many replications run side by side; default, one for each processor.
        progress: is told how far it has come.

    Raises:
        WrongUse: no such plan, plans that contradict each other, no promise, one that nobody can keep, or a number out
            of its limits.
        FaultyService: the service cannot be simulated, or not with one of the plans.
    """
    names = _names(service, plans)
    measure = _criterion(by, target)
    _check_numbers(days, replications, risk, line)
    promise = None if target is None else read_promise(target, service)
    chosen = {name: plans_named(service, name) for name in names}
    changed = {name: with_plans(service, of) for name, of in chosen.items()}
    lines: dict[str, float] = {}
    played: list[Played] = []
    notes: list[str] = []
    for place, name in enumerate(names):
        trial = _tried(
            changed[name], name, first_day, days, replications, seed, opening, promise, threads,
            _share_of_progress(progress, place, len(names), replications),
        )  # fmt: skip
        lines = lines or {pool: usual if line is None else line for pool, usual in usual_lines(trial).items()}
        played.append(_played(trial, name, chosen[name], promise, lines))
        notes += [f"{name}: {note}" for note in trial.notes if note not in notes]
    nothing = played[0]
    if promise is not None and all(one.is_hopeless for one in played):
        raise WrongUse(
            f"The promise {promise.describe()} is broken at the end of the first day, {first_day}, in every replication "
            "of every plan: no plan can act so soon.\nPromise what can be kept from where the service stands, or judge it "
            "from an empty start (start empty)."
        )
    best = _best(played, measure, risk)
    dominated = _dominated(played)
    return Comparison(
        service=service.name,
        first_day=first_day.isoformat(),
        days=days,
        start="empty" if opening is None else "records",
        seed=seed,
        replications=replications,
        currency=service.currency,
        target=None if promise is None else promise.describe(),
        risk=risk,
        by=measure,
        rates=rates.name,
        plans=PlanRows(tuple(_plan_row(one, nothing, dominated[one.plan], one.plan in best, rates) for one in played), ()),
        pools=PlanPools(tuple(row for one in played for row in _pool_rows(one, nothing)), ()),
        organisations=PlanOrganisations(tuple(row for one in played for row in _payer_rows(one, nothing)), ()),
        events=PlanEvents(tuple(row for one in played for row in _event_rows(one, nothing, lines)), ()),
        notes=(*_notes(service, chosen, played, promise, measure, risk), *notes),
    )


def _names(service: Service, plans: Sequence[str] | None) -> list[str]:
    asked = list(service.plans) if plans is None else [name.strip() for name in plans if name.strip()]
    if plans is not None and not asked:
        raise WrongUse("No plan is named.\nName plans of the service, such as agency,groups or agency+groups.")
    if plans is None and not asked:
        raise WrongUse(
            f"{service.name} has no plans to compare.\nAdd one to service.toml, such as\n\n[plans.agency]\n"
            'pool = "advocates"\nworkers = 1\ncost_per_hour = 38'
        )
    return list(dict.fromkeys((NOTHING, *asked)))


def _criterion(by: str | None, target: str | None) -> str:
    if by is None:
        return "backlog" if target is None else "cost"
    if by not in CRITERIA:
        meant = nearest(by, CRITERIA)
        cure = f"Did you mean {meant}?" if meant else f"Choose {listed(CRITERIA, last='or')}."
        raise WrongUse(f"Plans cannot be judged by '{by}'.\n{cure}")
    return by


def _check_numbers(days: int, replications: int, risk: float, line: float | None) -> None:
    if days < 1:
        raise WrongUse(f"Plans cannot be compared over {days} days.\nCompare them over at least 1, such as 260.")
    if replications < 2:
        raise WrongUse(
            f"{replications} replications tell nothing of the luck between plans.\nUse at least 2; 200 is usual."
        )
    if not 0 <= risk < 1:
        raise WrongUse(f"A risk of {risk:g} is no share of replications.\nGive one from 0 to below 1, such as 0.05.")
    if line is not None and not line >= 0:
        raise WrongUse(f"A backlog of {line:g} minutes is no line.\nGive 0 or more.")


def _tried(
    service: Service,
    name: str,
    first_day: date,
    days: int,
    replications: int,
    seed: int,
    opening: tuple[OpenVisit, ...] | None,
    promise: Promise | None,
    threads: int | None,
    progress: Tell | None,
) -> Trial:
    try:
        return try_out(
            service,
            first_day,
            days,
            replications=replications,
            seed=seed,
            opening=opening,
            limit=None if promise is None else promise.limit,
            threads=threads,
            progress=progress,
        )
    except FaultyService as error:
        if name == NOTHING:
            raise
        raise FaultyService(error.faults, f"With the plan {name}, service.toml") from None


def _share_of_progress(progress: Tell | None, place: int, plans: int, replications: int) -> Tell | None:
    if progress is None:
        return None

    def tell(share: float | None, number: int) -> None:
        progress(None if share is None else (place + share) / plans, place * replications + number)

    return tell


def _played(
    trial: Trial, name: str, plans: dict[str, Plan], promise: Promise | None, lines: dict[str, float]
) -> Played:
    service = trial.service
    costs = costs_by_payer(trial, plans)
    overall = sum(costs.values(), np.zeros_like(next(iter(costs.values()))))
    pools = list(trial.pools)
    figures = {
        "backlog": trial.by_day("backlog").mean(axis=1),
        "backlog_at_end": trial.by_day("backlog")[:, -1],
        "wait": _wait(trial, pools),
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
            of_payers[payer, "wait"] = _wait(trial, mine)
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


def _wait(trial: Trial, pools: list[str]) -> Floats:
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


def _best(played: list[Played], by: str, risk: float) -> set[str]:
    figures = np.array([one.figures[by.replace(" ", "_")] for one in played])
    if played[0].kept is None:
        stays = could_be_best(figures)
    else:
        stays, _ = could_keep_and_be_best(figures, np.array([one.kept for one in played]), 1 - risk)
    return {one.plan for one, here in zip(played, stays, strict=True) if here}


def _dominated(played: list[Played]) -> dict[str, str | None]:
    """For each plan another that is no worse in cost and backlog and better in one, on average: the cheapest such."""
    means = {one.plan: (float(one.figures["cost"].mean()), float(one.figures["backlog"].mean())) for one in played}
    found: dict[str, str | None] = {}
    for name, (cost, backlog) in means.items():
        better = [
            other
            for other, (other_cost, other_backlog) in means.items()
            if other_cost <= cost and other_backlog <= backlog and (other_cost, other_backlog) != (cost, backlog)
        ]
        found[name] = min(better, key=lambda other: means[other], default=None)
    return found


def _change(values: Floats | None, before: Floats | None) -> Estimate | None:
    return None if values is None or before is None else mean_of(values - before)


def _plan_row(one: Played, nothing: Played, dominated_by: str | None, is_best: bool, rates: Rates) -> PlanRow:
    is_change = one is not nothing
    means = {name: mean_of(values, least=0.0) for name, values in one.figures.items()}
    changes = {
        name: mean_of(values - nothing.figures[name]) if is_change else None for name, values in one.figures.items()
    }
    avoided = nothing.figures["backlog"] - one.figures["backlog"]
    dearer = one.figures["cost"] - nothing.figures["cost"]
    ratio = ratio_of(dearer, avoided) if is_change and avoided.mean() > 0 else None
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


def _pool_rows(one: Played, nothing: Played) -> list[PlanPoolRow]:
    rows = []
    for pool in dict.fromkeys(pool for pool, _ in one.of_pools):
        found = {measure: mean_of(one.of_pools[pool, measure], 0.0) for measure in ("capacity", "backlog", "utilisation")}
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


def _payer_rows(one: Played, nothing: Played) -> list[PlanOrganisationRow]:
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


def _event_rows(one: Played, nothing: Played, lines: dict[str, float]) -> list[PlanEventRow]:
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


def _notes(
    service: Service,
    chosen: dict[str, dict[str, Plan]],
    played: list[Played],
    promise: Promise | None,
    by: str,
    risk: float,
) -> list[str]:
    notes = [
        "Every plan has the same replications and the same luck as doing nothing; differences are taken replication by "
        "replication."
    ]
    if any(np.isnan(one.figures["cost"]).any() for one in played):
        unpriced = [name for name, pool in service.pools.items() if pool.cost_per_hour is None]
        notes.append(f"Costs are unknown: {listed(unpriced)} has no cost_per_hour.")
    if any(None in one.costs and one.costs[None].any() for one in played):
        notes.append(
            "Of some costs nobody is named who pays them: give pools an organisation, and plans paid_by."
        )
    if by == "cost" and promise is None:
        notes.append("Without a promise to keep, the cheapest plan is often to do nothing.")
    if any(plan.diverts for plans in chosen.values() for plan in plans.values()):
        notes.append("Cases that a plan diverts are in no wait, backlog or lead time: what becomes of them is not known here.")
    for one in played:
        if one is not played[0] and all(
            np.array_equal(one.figures[name], played[0].figures[name], equal_nan=True) for name in ("backlog", "wait")
        ):
            notes.append(f"{one.plan} makes no difference to the work in any replication: its trigger was never met, or it changes nothing here.")
    if len(played[0].costs[next(iter(played[0].costs))][0]) > 1:
        notes.append(f"Years are of {DAYS_A_YEAR} days from the first day; the first is not discounted.")
    return notes
