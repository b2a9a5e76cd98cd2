"""Plans compared: each tried out on the same days with the same luck, and set against doing nothing.

Every plan is the service changed by it and nothing more. Each trial is brought down to one figure for each replication
and question, so that the difference between two plans can be taken replication by replication.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from millpond.errors import WrongUse
from millpond.model import Plan, Service
from millpond.model.nearest import listed, nearest
from millpond.model.planned import plans_named, with_plans
from millpond.model.plans import NOTHING
from millpond.planning.comparison import Comparison, PlanEvents, PlanOrganisations, PlanPools, PlanRows
from millpond.planning.economics import GREEN_BOOK, Rates
from millpond.planning.payers import DAYS_A_YEAR
from millpond.planning.plan_rows import event_rows, payer_rows, plan_row, pool_rows
from millpond.planning.playing import Days, Played, played
from millpond.planning.problems import usual_lines
from millpond.planning.promise import Promise, read_promise
from millpond.planning.screening import could_be_best, could_keep_and_be_best
from millpond.simulation.running import Tell
from millpond.simulation.starting import OpenVisit

CRITERIA = ("cost", "backlog", "wait", "lead time")
RISK = 0.05
"""The share of replications that may break the promise."""


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
    for of in chosen.values():
        # What cannot be is told before anything runs.
        with_plans(service, of)
    on = Days(first_day, days, seed, opening, promise, threads)
    lines: dict[str, float] = {}
    every: list[Played] = []
    notes: dict[str, str] = {}
    for place, name in enumerate(names):
        tell = _share_of_progress(progress, place, len(names), replications)
        trial = on.play(service, name, chosen[name], range(replications), tell)
        lines = lines or {pool: usual if line is None else line for pool, usual in usual_lines(trial).items()}
        every.append(played(trial, name, chosen[name], promise, lines))
        for note in trial.notes:
            notes.setdefault(note, f"{name}: {note}")
    nothing = every[0]
    if promise is not None and all(one.is_hopeless for one in every):
        raise WrongUse(
            f"The promise {promise.describe()} is broken at the end of the first day, {first_day}, in every "
            "replication of every plan: no plan can act so soon.\nPromise what can be kept from where the service "
            "stands, start empty (--start empty), or compare without a promise (--target none)."
        )
    best = _best(every, measure, risk)
    dominated = _dominated(every)
    found = (*_notes(service, chosen, every, promise, measure), *notes.values())
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
        plans=PlanRows(
            tuple(plan_row(one, nothing, dominated[one.plan], one.plan in best, rates) for one in every), found
        ),
        pools=PlanPools(tuple(row for one in every for row in pool_rows(one, nothing)), found),
        organisations=PlanOrganisations(tuple(row for one in every for row in payer_rows(one, nothing)), found),
        events=PlanEvents(tuple(row for one in every for row in event_rows(one, nothing, lines)), found),
        notes=found,
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
            f"So few replications ({replications}) tell nothing of the luck between plans.\n"
            "Use at least 2; 200 is usual."
        )
    if not 0 <= risk < 1:
        raise WrongUse(f"A risk of {risk:g} is no share of replications.\nGive one from 0 to below 1, such as 0.05.")
    if line is not None and not line >= 0:
        raise WrongUse(f"A backlog of {line:g} minutes is no line.\nGive 0 or more.")


def _share_of_progress(progress: Tell | None, place: int, plans: int, replications: int) -> Tell | None:
    if progress is None:
        return None

    def tell(share: float | None, number: int) -> None:
        progress(None if share is None else (place + share) / plans, place * replications + number)

    return tell


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


def _notes(
    service: Service,
    chosen: dict[str, dict[str, Plan]],
    played: list[Played],
    promise: Promise | None,
    by: str,
) -> list[str]:
    notes = [
        "Every plan has the same replications and the same luck as doing nothing; differences are taken replication by "
        "replication."
    ]
    if any(np.isnan(one.figures["cost"]).any() for one in played):
        unpriced = [name for name, pool in service.pools.items() if pool.cost_per_hour is None]
        notes.append(f"Costs are unknown: {listed(unpriced)} has no cost_per_hour.")
    if any(None in one.costs and one.costs[None].any() for one in played):
        notes.append("Of some costs nobody is named who pays them: give pools an organisation, and plans paid_by.")
    if by == "cost" and promise is None:
        notes.append("Without a promise to keep, the cheapest plan is often to do nothing.")
    if any(plan.diverts for plans in chosen.values() for plan in plans.values()):
        notes.append(
            "Cases that a plan diverts are in no wait, backlog or lead time: what becomes of them is not known here."
        )
    for one in played:
        if one is not played[0] and all(
            np.array_equal(one.figures[name], played[0].figures[name], equal_nan=True) for name in ("backlog", "wait")
        ):
            notes.append(
                f"{one.plan} makes no difference to the work in any replication: its trigger was never met, or it "
                "changes nothing here."
            )
    if len(played[0].costs[next(iter(played[0].costs))][0]) > 1:
        notes.append(f"Years are of {DAYS_A_YEAR} days from the first day; the first is not discounted.")
    return notes
