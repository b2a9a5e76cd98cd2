"""The trial: known services are recorded, fitted, and foreseen under another staffing, and held against the truth.

``python -m tests.truth.trial 100`` prints the tables that the documentation shows. Each service is recorded for a year
as people record. The truth of a change is 200 replications of the known service under it, with luck of their own.
"""

from __future__ import annotations

import math
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

import millpond
from millpond.calibration.fitting.evidence import share_interval
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

    known: Known
    foreseen: tuple[Foreseen, ...]
    recovered: tuple[Recovered, ...]


@cache
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
    return Trial(known, tuple(foreseen), tuple(recovered(known, fit)))


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


def coverage(rows: Iterable[Foreseen]) -> tuple[float, float, float]:
    """The share of true years within their intervals, with its 95% Wilson interval for as many services as there are.

    Years of one service are not independent of each other, nor are changes of it: they count as one.
    """
    shares = np.array([row.inside for row in rows])
    services = len({row.number for row in rows})
    low, high = _wilson(float(shares.mean()), services)
    return float(shares.mean()), low, high


def median_error(rows: Iterable[Foreseen]) -> float:
    """The median of the errors."""
    return float(np.median([row.error for row in rows]))


def _wilson(share: float, count: int) -> tuple[float, float]:
    z = 1.959963984540054
    centre, spread = share + z**2 / (2 * count), z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    return float((centre - spread) / (1 + z**2 / count)), float((centre + spread) / (1 + z**2 / count))


def tables(trials: list[Trial]) -> str:
    """The two tables, as Markdown."""
    rows = [row for each in trials for row in each.foreseen]
    lines = ["| figure | change | services | within 90% interval (Wilson) | median error |", "|---|---|---|---|---|"]
    for figure in FIGURES:
        here = [row for row in rows if row.figure == figure]
        for minutes, people in (*CHANGES, (None, None)):
            chosen = here if minutes is None else [r for r in here if (r.minutes, r.people) == (minutes, people)]
            if not chosen:
                continue
            share, low, high = coverage(chosen)
            words = "all" if minutes is None else _words(minutes, people or 0)
            count = len({row.number for row in chosen})
            lines.append(
                f"| {figure} | {words} | {count} | {share:.1%} ({low:.1%} to {high:.1%}) | {median_error(chosen):.1%} |"
            )
    lines += ["", "| value | values | true one within 95% interval (Wilson) | median error |", "|---|---|---|---|"]
    values = [row for each in trials for row in each.recovered]
    for kind in dict.fromkeys(row.kind for row in values):
        chosen_values = [row for row in values if row.kind == kind]
        inside, count = sum(row.is_inside for row in chosen_values), len(chosen_values)
        low, high = share_interval(inside, count)
        error = float(np.median([row.error for row in chosen_values]))
        lines.append(f"| {kind} | {count} | {inside / count:.1%} ({low:.1%} to {high:.1%}) | {error:.1%} |")
    return "\n".join(lines)


def _words(minutes: float, people: int) -> str:
    if people:
        return f"{people:+} person"
    return f"{minutes:+.0%} minutes" if minutes else "none"


if __name__ == "__main__":
    from time import perf_counter

    began = perf_counter()
    first, last = (0, int(sys.argv[1])) if len(sys.argv) < 3 else (int(sys.argv[1]), int(sys.argv[2]))
    done = []
    for one in range(first, last):
        done.append(trial(one))
        worst = max((row for row in done[-1].foreseen if row.figure == FIGURES[0]), key=lambda row: row.error)
        said = f"{worst.value:.0f} ({worst.low:.0f} to {worst.high:.0f}) for {worst.true:.0f}"
        print(
            f"{one}, {perf_counter() - began:.0f} s: {done[-1].known.utilisation:.2f}, worst {said}",
            *(
                f"; {row.key} {row.true:g} not {row.low:g}-{row.high:g}"
                for row in done[-1].recovered
                if not row.is_inside
            ),
            file=sys.stderr,
            flush=True,
        )
    print(tables(done))
