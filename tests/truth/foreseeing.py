"""One known service: it is recorded, fitted, foreseen under another staffing, and held against the truth.

The truth of a change is 200 replications of the known service under it, with luck of their own.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import millpond
from millpond.calibration.fitting.result import Fit
from millpond.calibration.predicting.what_if import FIGURES, changed_pool, figures_of_pools, what_if
from millpond.periods import day_number
from millpond.simulation.tables import tables_of
from tests.truth.recovering import Recovered, recovered
from tests.truth.services import DAYS, FIRST_DAY, Known, known_service, recorded

CHANGES: tuple[tuple[float, int], ...] = ((0.0, 0), (-0.2, 0), (-0.1, 0), (0.1, 0), (0.25, 0), (0.0, -1))
"""Shares by which direct minutes change, and people more or fewer."""
REPLICATIONS = 200
_ENOUGH = 3
"""From so many people on one may be taken away: with fewer, a third of all work or more would go."""
_TRUE_SEED, _RECORDED_SEED, _PLAYED_SEED = 1_000_003, 7, 11


@dataclass(frozen=True)
class Foreseen:
    """A figure of the critical pool, foreseen and true.

    Attributes:
        number: the service.
        minutes, people: the change.
        figure: which figure.
        value, low, high: as it was foreseen.
        true: the mean over replications of the known service.
        inside: the share of these replications that lie within the interval.
        is_first_inside: whether the first of them does.
    """

    number: int
    minutes: float
    people: int
    figure: str
    value: float
    low: float
    high: float
    true: float
    inside: float
    is_first_inside: bool

    @property
    def error(self) -> float:
        """How far the value is from the truth, as a share of it."""
        if not self.true:
            return math.inf if self.value else 0.0
        return abs(self.value - self.true) / self.true


@dataclass(frozen=True)
class Trial:
    """What came of one service."""

    number: int
    foreseen: tuple[Foreseen, ...]
    recovered: tuple[Recovered, ...]


def trial(number: int) -> Trial:
    """Records a known service, fits it, and foresees each change."""
    known = known_service(number)
    with tempfile.TemporaryDirectory() as folder:
        place = recorded(known, Path(folder) / "service", seed=_RECORDED_SEED + number)
        with millpond.open(place) as opened:
            fit = opened.fit(write=False)
    pool = _same_pool(known, fit)
    foreseen: list[Foreseen] = []
    for minutes, people in CHANGES:
        if people >= 0 or (known.service.pools[known.critical].workers or 0) >= _ENOUGH:
            foreseen += _foreseen(known, fit, pool, minutes, people)
    return Trial(number, tuple(foreseen), tuple(recovered(known, fit)))


def _same_pool(known: Known, fit: Fit) -> str:
    """The fitted pool that has most of the critical pool's steps."""
    pools = [fit.service.steps[step].pool for step in known.steps if step in fit.service.steps]
    return max((pool for pool in pools if pool is not None), key=pools.count)


def _foreseen(known: Known, fit: Fit, pool: str, minutes: float, people: int) -> Iterable[Foreseen]:
    found = what_if(fit, pool, minutes=minutes, people=people, first_day=FIRST_DAY, days=DAYS, seed=_PLAYED_SEED).of(
        pool
    )
    service = known.service
    changed = changed_pool(service, known.critical, minutes, people, day_number(FIRST_DAY))
    true_service = service.changed(pools={**service.pools, known.critical: changed})
    true_tables = tables_of(true_service, day_number(FIRST_DAY), DAYS)
    place = list(service.pools).index(known.critical)
    years = np.array([figures_of_pools(true_tables, _TRUE_SEED, number)[place] for number in range(REPLICATIONS)])
    for column, figure in enumerate(FIGURES):
        row, true = found[figure], years[:, column]
        within = (true >= row.low) & (true <= row.high)
        yield Foreseen(
            known.number,
            minutes,
            people,
            figure,
            row.value,
            row.low,
            row.high,
            float(true.mean()),
            float(within.mean()),
            bool(within[0]),
        )
