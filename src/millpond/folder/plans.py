"""Plans of a service folder compared: where they begin, and who is there then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from millpond.folder import moments
from millpond.folder.beginning import beginning
from millpond.folder.promised import meant, must_be_meant
from millpond.planning.comparing import compare
from millpond.planning.comparison import Comparison
from millpond.planning.dependence import Dependence, dependence
from millpond.planning.optimising import PlanSettings, optimise
from millpond.simulation.running import Tell

if TYPE_CHECKING:
    from millpond.folder.verbs.measuring import MeasuredFolder


def compare_plans(
    folder: MeasuredFolder,
    days: int,
    *,
    plans: Sequence[str] | None,
    replications: int,
    seed: int,
    start: str | None,
    first_day: str | date | None,
    target: str | None,
    risk: float | None,
    by: str | None,
    line: float | None,
    threads: int | None,
    progress: Tell | None,
) -> Comparison:
    """See `Folder.compare`."""
    first, opening = beginning(folder, moments.day(first_day, "from"), start)
    target, allowed = meant(folder.service, target, risk)
    return compare(
        folder.service,
        first,
        days,
        plans=plans,
        replications=replications,
        seed=seed,
        opening=opening,
        target=target,
        risk=allowed,
        by=by,
        line=line,
        threads=threads,
        progress=progress,
    )


def optimise_plan(
    folder: MeasuredFolder,
    plan: str,
    days: int,
    *,
    target: str | None,
    risk: float | None,
    replications: int,
    seed: int,
    start: str | None,
    first_day: str | date | None,
    most: int | None,
    threads: int | None,
    progress: Tell | None,
) -> PlanSettings:
    """See `Folder.optimise`."""
    first, opening = beginning(folder, moments.day(first_day, "from"), start)
    promise, allowed = must_be_meant(folder.service, target, risk, '--target "backlog <= 1200 min"')
    return optimise(
        folder.service,
        plan,
        first,
        days,
        target=promise,
        risk=allowed,
        replications=replications,
        seed=seed,
        opening=opening,
        most=most,
        threads=threads,
        progress=progress,
    )


def dependence_on_people(
    folder: MeasuredFolder,
    days: int,
    *,
    away: int,
    replications: int,
    seed: int,
    start: str | None,
    first_day: str | date | None,
    threads: int | None,
    progress: Tell | None,
) -> Dependence:
    """See `Folder.dependence`."""
    first, opening = beginning(folder, moments.day(first_day, "from"), start)
    return dependence(
        folder.service,
        first,
        days,
        away=away,
        replications=replications,
        seed=seed,
        opening=opening,
        threads=threads,
        progress=progress,
    )
