"""Which number of a service moves an answer most: each at its least and its most, and all of them together.

One at a time, a service with one number at an end of its range is held against the service as it is, replication by
replication. Together, every number is somewhere in its range, by Morris for each number or by Sobol for each kind. How
unsure numbers are is for `millpond.planning.varying` to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from millpond.errors import FaultyService, WrongUse
from millpond.model import Service
from millpond.planning.elementary_effects import elementary_effects
from millpond.planning.paired import mean_of
from millpond.planning.playing import mean_wait
from millpond.planning.screening import could_be_best
from millpond.planning.sensitivity_asking import MORRIS, ONE, SOBOL, check_study, study_notes
from millpond.planning.sensitivity_rows import KindShareRow, KindShares, Sensitivity, SensitivityRow
from millpond.planning.trial import Trial, try_out
from millpond.planning.variance_shares import variance_shares
from millpond.planning.varied_service import service_at
from millpond.planning.varying import KINDS, Varied, varied_numbers
from millpond.simulation.intervals import Estimate
from millpond.simulation.running import Tell
from millpond.simulation.starting import OpenVisit

Floats = npt.NDArray[np.float64]
TRAJECTORIES, ROWS = 12, 64
"""How many ways through all numbers by Morris, and how many places of them by Sobol, left to themselves."""
PLACE_REPLICATIONS = 8
"""How often the days are simulated at each of those places: their number makes up for how few these are."""
SPREAD = 0.1


@dataclass(frozen=True, eq=False)
class _Study:
    """What all trials of a study share."""

    service: Service
    numbers: tuple[Varied, ...]
    first_day: date
    days: int
    seed: int
    opening: tuple[OpenVisit, ...] | None
    threads: int | None
    answer: str
    pool: str | None

    def at(self, values: Sequence[float], first: int, replications: int) -> Floats:
        """The answer in each replication with some values of the numbers."""
        changed = service_at(self.service, self.numbers, values)
        trial = try_out(
            changed,
            self.first_day,
            self.days,
            replications=replications,
            first_replication=first,
            seed=self.seed,
            opening=self.opening,
            threads=self.threads,
        )
        return _answer(trial, self.answer, self.pool)

    def model(self, points: Floats, row: int) -> Floats:
        """The answers at points of the unit cube, each row under a luck of its own."""
        ends = [self.numbers[place].at for place in range(len(self.numbers))]
        values = [[end(share) for end, share in zip(ends, point, strict=True)] for point in points]
        return np.array([self.at(each, row * PLACE_REPLICATIONS, PLACE_REPLICATIONS) for each in values])


def sensitivity(
    service: Service,
    first_day: date,
    days: int,
    *,
    answer: str = "backlog",
    pool: str | None = None,
    spread: float = SPREAD,
    intervals: Mapping[str, tuple[float, float]] | None = None,
    method: str = MORRIS,
    places: int | None = None,
    replications: int = 100,
    seed: int = 1,
    opening: tuple[OpenVisit, ...] | None = None,
    threads: int | None = None,
    progress: Tell | None = None,
) -> Sensitivity:
    """What moves an answer most.

    Args:
        service: the service.
        first_day: the first day.
        days: for how many days it is simulated.
        answer: one of `ANSWERS`.
        pool: only the backlog, wait or cost of this pool.
        spread: by what share of itself a number may be off where no interval of it is known.
        intervals: the intervals that are known, by key.
        method: ``morris`` or ``sobol`` to vary all together too, or ``one at a time``.
        places: how many ways through all numbers (Morris) or places of them (Sobol).
        replications: how often the days are simulated with each number, at least 2.
        seed: of the random draws, which all share.
        opening: the visits that are open when the first day begins; None to start empty.
        threads: how many replications run side by side; default, one for each processor.
        progress: is told how far it has come.

    Raises:
        WrongUse: no such answer, pool or method, a number out of its limits, or nothing to vary.
        FaultyService: the service cannot be simulated, as it is or with a number at an end of its range.
    """
    count = {MORRIS: TRAJECTORIES, SOBOL: ROWS}.get(method, 2) if places is None else places
    check_study(service, days, answer, pool, spread, method, count, replications)
    numbers = varied_numbers(service, first_day, spread, intervals or {})
    if not numbers:
        raise WrongUse(
            f"{service.name} states no number that could be varied.\nSay in service.toml how many come and how long "
            "their work takes."
        )
    kinds = [kind for kind in KINDS if any(number.kind == kind for number in numbers)]
    together = {MORRIS: len(numbers) + 1, SOBOL: len(kinds) + 2}.get(method, 0) * count * PLACE_REPLICATIONS
    alone = (2 * len(numbers) + 1) * replications
    study = _Study(service, numbers, first_day, days, seed, opening, threads, answer, pool)
    tell = progress or (lambda share, number: None)
    tell(None, 0)

    def told(done: int) -> None:
        tell(done / (alone + together), done)

    values = [number.value for number in numbers]
    base = study.at(values, 0, replications)
    if np.isnan(base).any():
        raise WrongUse(
            f"In some replications there is no {answer}: nobody is seen, or hours have no cost.\nSimulate more days, "
            "give pools a cost_per_hour, or look at the backlog (--answer backlog)."
        )
    rows = _one_at_a_time(study, base, told)
    notes = study_notes(service, first_day, numbers, spread)
    shares: tuple[KindShareRow, ...] = ()

    def of_all(share: float) -> None:
        told(alone + round(share * together))

    if method == MORRIS:
        effects = elementary_effects(study.model, len(numbers), count, seed=seed, told=of_all)
        rows = [
            replace(row, effect=one.mean, effect_size=one.size, effect_spread=one.spread)
            for row, one in zip(rows, effects, strict=True)
        ]
    elif method == SOBOL:
        groups = [[place for place, number in enumerate(numbers) if number.kind == kind] for kind in kinds]
        found = variance_shares(study.model, groups, count, seed=seed, told=of_all)
        shares = tuple(
            KindShareRow(kind, len(group), one.first, one.total)
            for kind, group, one in zip(kinds, groups, found or (), strict=found is not None)
        )
        if found is None:
            notes += (f"Together the numbers move the {answer} no more than luck does: there is nothing to share out.",)
    if method != ONE:
        ways = "ways through their ranges (Morris)" if method == MORRIS else "places in their ranges (Sobol)"
        notes += (f"All numbers together: {count} random {ways}, {PLACE_REPLICATIONS} replications at each place.",)
    return Sensitivity(
        rows=tuple(sorted(rows, key=lambda row: -row.reach)),
        notes=notes,
        service=service.name,
        answer=answer,
        unit=service.currency if answer == "cost" else "minutes",
        pool=pool,
        first_day=first_day.isoformat(),
        days=days,
        start="empty" if opening is None else "records",
        seed=seed,
        replications=replications,
        spread=spread,
        method=method,
        base=_mean(base),
        kinds=KindShares(rows=tuple(sorted(shares, key=lambda row: -row.total.value)), notes=()),
    )


def _one_at_a_time(study: _Study, base: Floats, told: Callable[[int], None]) -> list[SensitivityRow]:
    """A row for each number, with it at either end of its range and all others as they are."""
    values = [number.value for number in study.numbers]
    rows, reaches = [], []
    for place, number in enumerate(study.numbers):
        low, high = (
            _tried(study, number, [*values[:place], end, *values[place + 1 :]], len(base))
            for end in (number.low, number.high)
        )
        rows.append(_row(number, base, low, high))
        least, _, most = sorted((low, base, high), key=lambda one: float(one.mean()))
        reaches.append(most - least)
        told((2 * place + 3) * len(base))
    most_of_all = could_be_best(-np.array(reaches))
    return [replace(row, could_be_most=bool(stays)) for row, stays in zip(rows, most_of_all, strict=True)]


def _answer(trial: Trial, answer: str, pool: str | None) -> Floats:
    pools = list(trial.pools) if pool is None else [pool]
    made: Mapping[str, Callable[[], Floats]] = {
        "backlog": lambda: np.asarray(trial.by_day("backlog", pool).mean(axis=1)),
        "backlog at end": lambda: trial.by_day("backlog", pool)[:, -1],
        "wait": lambda: mean_wait(trial, pools),
        "lead time": lambda: trial.lead_time("mean"),
        "cost": lambda: trial.cost() if pool is None else trial.of_pool("cost", pool),
    }
    return made[answer]()


def _tried(study: _Study, number: Varied, values: list[float], replications: int) -> Floats:
    try:
        return study.at(values, 0, replications)
    except FaultyService as error:
        told = f"With {number.key} from {number.low:.4g} to {number.high:.4g}, service.toml"
        raise FaultyService(error.faults, told) from None


def _row(number: Varied, base: Floats, low: Floats, high: Floats) -> SensitivityRow:
    return SensitivityRow(
        input=number.key,
        kind=number.kind,
        label=number.label,
        value=number.value,
        low=number.low,
        high=number.high,
        source=number.source,
        replications=len(base),
        answer_low=_mean(low),
        answer_high=_mean(high),
        change_low=_mean(low - base),
        change_high=_mean(high - base),
        swing=_mean(high - low),
        could_be_most=True,
        effect=None,
        effect_size=None,
        effect_spread=None,
    )


def _mean(values: Floats) -> Estimate:
    found = mean_of(values)
    if found is None:
        raise WrongUse(
            "With one of the numbers at an end of its range some replications have no such figure.\nSimulate more "
            "days, or look at the backlog (--answer backlog)."
        )
    return found
