"""Plans, dependence and sensitivity of a service folder: where they begin, who is there then, what a fit knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypedDict

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
from millpond.simulation.starting import OpenVisit

if TYPE_CHECKING:
    from millpond.folder.verbs.measuring import MeasuredFolder


class _Shared(TypedDict):
    """What every study is told of the days, as its arguments are called."""

    first_day: date
    days: int
    replications: int
    seed: int
    opening: tuple[OpenVisit, ...] | None
    threads: int | None
    progress: Tell | None


@dataclass(frozen=True)
class Over:
    """Over which days something is simulated, how often and from where; the same for every study of a folder.

    Attributes:
        days: how many days.
        replications: how often.
        seed: of the random draws.
        start: ``records``, ``empty``, or None for the records where there are any.
        first_day: the first day; None for the day after the last recorded instant.
        threads: how many replications run side by side.
        progress: is told how far it has come.
    """

    days: int
    replications: int
    seed: int
    start: str | None
    first_day: str | date | None
    threads: int | None
    progress: Tell | None

    def of(self, folder: MeasuredFolder) -> _Shared:
        """The same with the day on which it begins, and the visits that are open then."""
        first, opening = beginning(folder, moments.day(self.first_day, "from"), self.start)
        return {
            "first_day": first,
            "days": self.days,
            "replications": self.replications,
            "seed": self.seed,
            "opening": opening,
            "threads": self.threads,
            "progress": self.progress,
        }


def compare_plans(
    folder: MeasuredFolder,
    over: Over,
    *,
    plans: Sequence[str] | None,
    target: str | None,
    risk: float | None,
    by: str | None,
    line: float | None,
) -> Comparison:
    """See `Folder.compare`."""
    shared = over.of(folder)
    target, allowed = meant(folder.service, target, risk)
    return compare(folder.service, plans=plans, target=target, risk=allowed, by=by, line=line, **shared)


def optimise_plan(
    folder: MeasuredFolder, over: Over, plan: str, *, target: str | None, risk: float | None, most: int | None
) -> PlanSettings:
    """See `Folder.optimise`."""
    shared = over.of(folder)
    promise, allowed = must_be_meant(folder.service, target, risk, '--target "backlog <= 1200 min"')
    return optimise(folder.service, plan, target=promise, risk=allowed, most=most, **shared)


def dependence_on_people(folder: MeasuredFolder, over: Over, *, away: int) -> Dependence:
    """See `Folder.dependence`."""
    return dependence(folder.service, away=away, **over.of(folder))


def sensitivity_of(
    folder: MeasuredFolder,
    over: Over,
    *,
    answer: str,
    pool: str | None,
    spread: float,
    method: str,
    places: int | None,
) -> Sensitivity:
    """See `Folder.sensitivity`."""
    shared = over.of(folder)
    fitted = folder.path / FITTED_NAME
    known = intervals(read_plain(folder.path / FILE_NAME), read_plain(fitted)) if fitted.is_file() else {}
    return sensitivity(
        folder.service,
        answer=answer,
        pool=pool,
        spread=spread,
        intervals=known,
        method=method,
        places=places,
        **shared,
    )
