"""Plans, dependence and sensitivity of a service folder: where they begin, who is there then, what a fit knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from millpond.folder import moments
from millpond.folder.beginning import beginning
from millpond.folder.promised import meant, must_be_meant
from millpond.model.fitted import FITTED_NAME, intervals
from millpond.model.toml import FILE_NAME, read_plain
from millpond.planning.comparing import compare
from millpond.planning.comparison import Comparison
from millpond.planning.dependence import dependence
from millpond.planning.dependence_rows import Dependence
from millpond.planning.optimising import PlanSettings, optimise
from millpond.planning.sensitivity import sensitivity
from millpond.planning.sensitivity_rows import Sensitivity
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


def sensitivity_of(
    folder: MeasuredFolder,
    days: int,
    *,
    answer: str,
    pool: str | None,
    spread: float,
    method: str,
    places: int | None,
    replications: int,
    seed: int,
    start: str | None,
    first_day: str | date | None,
    threads: int | None,
    progress: Tell | None,
) -> Sensitivity:
    """See `Folder.sensitivity`."""
    first, opening = beginning(folder, moments.day(first_day, "from"), start)
    fitted = folder.path / FITTED_NAME
    known = intervals(read_plain(folder.path / FILE_NAME), read_plain(fitted)) if fitted.is_file() else {}
    return sensitivity(
        folder.service,
        first,
        days,
        answer=answer,
        pool=pool,
        spread=spread,
        intervals=known,
        method=method,
        places=places,
        replications=replications,
        seed=seed,
        opening=opening,
        threads=threads,
        progress=progress,
    )
