"""Which distribution the lengths of work and of waits follow, with the curve of the records beside the fitted ones.

Lengths that are not over count as at least so long (right censoring). A length of nothing, such as a wait of somebody
who was seen at once, belongs to no distribution here: those are counted, and the fit is of the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

import numpy as np

from millpond.results import Result
from millpond.variation.fitting import FAMILIES, LEAST_ENDED, Fitted, fit
from millpond.variation.kaplan_meier import Lengths, Survival, kaplan_meier
from millpond.variation.series import Floats

MOST_POINTS = 200
FAR = 0.1
"""A curve that is further from the records than this does not fit."""


@dataclass(frozen=True)
class Sample:
    """The lengths of one kind at one step.

    Attributes:
        of: ``work`` or ``wait``.
        step: the step's name.
        pool: the pool's key.
        lengths: those above 0.
        at_once: how many took no time at all.
    """

    of: str
    step: str
    pool: str
    lengths: Lengths
    at_once: int


@dataclass(frozen=True)
class FittedRow:
    """One distribution fitted to the work or the waits of one step; all times in minutes.

    Attributes:
        of: ``work`` (minutes of work of a visit) or ``wait`` (elapsed time from joining to start).
        step: the step's name.
        pool: the pool's key.
        distribution: ``exponential``, ``gamma``, ``lognormal`` or ``weibull``.
        best: whether it has the lowest AIC of the four.
        mean: the mean of the distribution.
        mean_low, mean_high: its 95% interval; none where the likelihood has no clear peak.
        sd: the standard deviation.
        median: the length that half exceed.
        p90: the length that one in ten exceeds.
        aic: Akaike's criterion.
        aic_more: by how much that is more than the lowest of the four.
        furthest: the largest distance between the fitted curve and that of the records, as a share.
        ended: how many lengths are over.
        still_open: how many are not, and count as at least so long.
        at_once: how many took no time at all and are left out.
        minutes: the distribution as ``minutes`` of a step in ``service.toml``.
    """

    of: str
    step: str
    pool: str
    distribution: str
    best: bool
    mean: float
    mean_low: float | None
    mean_high: float | None
    sd: float
    median: float
    p90: float
    aic: float
    aic_more: float
    furthest: float
    ended: int
    still_open: int
    at_once: int
    minutes: str


@dataclass(frozen=True)
class FitPoint:
    """One point of the curves of a step: the share that lasts longer than a length.

    Attributes:
        of: ``work`` or ``wait``.
        step: the step's name.
        pool: the pool's key.
        minutes: the length.
        seen: the share in the records (Kaplan and Meier).
        low, high: its 95% interval; none where it has none.
        exponential, gamma, lognormal, weibull: the share of each fitted distribution.
    """

    of: str
    step: str
    pool: str
    minutes: float
    seen: float
    low: float | None
    high: float | None
    exponential: float
    gamma: float
    lognormal: float
    weibull: float


@dataclass(frozen=True)
class Distributions(Result):
    """Distributions fitted to the work and the waits of each step: four rows for each, the best first.

    Attributes:
        unit: ``minutes``.
        as_of: the instant at which the records end.
        curves: what draws the picture of each fit.
    """

    rows: tuple[FittedRow, ...]
    unit: str
    as_of: str
    curves: tuple[FitPoint, ...]
    row_type: ClassVar[type] = FittedRow

    def to_dict(self) -> dict[str, Any]:
        """The whole result as plain values, ready for JSON."""
        return {**super().to_dict(), "curves": [asdict(point) for point in self.curves]}


def distributions(samples: Iterable[Sample], *, as_of: str, notes: tuple[str, ...] = ()) -> Distributions:
    """Fit the four distributions to each sample.

    Args:
        samples: the lengths of each kind and step.
        as_of: the instant at which the records end.
        notes: what a reader must know of the samples.

    Returns:
        A note in place of rows for each sample of which too few lengths are over.
    """
    rows: list[FittedRow] = []
    curves: list[FitPoint] = []
    told = []
    for sample in samples:
        over = int(sample.lengths.ended.sum())
        if over < LEAST_ENDED or np.count_nonzero(sample.lengths.ended) < 3:
            told.append(f"{_named(sample)}: {_too_few(sample, over)}")
            continue
        seen = kaplan_meier(sample.lengths)
        fits = sorted((fit(sample.lengths, family) for family in FAMILIES), key=lambda each: each.aic)
        rows += [_row(sample, each, fits[0], seen) for each in fits]
        curves += _curve(sample, seen, fits)
        if _furthest(fits[0], seen) > FAR:
            told.append(
                f"{_named(sample)}: even the best of the four is {_furthest(fits[0], seen):.0%} away from the records. "
                + ("Simulate the lengths that were seen." if sample.of == "work" else "Look at the picture before use.")
            )
    return Distributions(tuple(rows), (*notes, *told), "minutes", as_of, tuple(curves))


def _too_few(sample: Sample, over: int) -> str:
    """Why nothing is fitted."""
    sizes = np.count_nonzero(sample.lengths.ended)
    if over < LEAST_ENDED:
        return f"{over:,} lengths above 0 are over, and a fit needs {LEAST_ENDED}."
    if sizes == 1:
        return f"all {over:,} lengths that are over are the same, so there is nothing to fit."
    return f"the {over:,} lengths that are over are of {sizes} sizes, which follow no distribution."


def _named(sample: Sample) -> str:
    return f"{'Work' if sample.of == 'work' else 'Waits'} at {sample.step}"


def _row(sample: Sample, fitted: Fitted, best: Fitted, seen: Survival) -> FittedRow:
    name = fitted.family.name
    spread = "" if name == "exponential" else f", sd = {_short(fitted.sd)}"
    return FittedRow(
        of=sample.of,
        step=sample.step,
        pool=sample.pool,
        distribution=name,
        best=fitted is best,
        mean=fitted.mean,
        mean_low=fitted.mean_low,
        mean_high=fitted.mean_high,
        sd=fitted.sd,
        median=fitted.quantile(0.5),
        p90=fitted.quantile(0.9),
        aic=fitted.aic,
        aic_more=fitted.aic - best.aic,
        furthest=_furthest(fitted, seen),
        ended=int(sample.lengths.ended.sum()),
        still_open=int(sample.lengths.still_open.sum()),
        at_once=sample.at_once,
        minutes=f'{{ distribution = "{name}", mean = {_short(fitted.mean)}{spread} }}',
    )


def _furthest(fitted: Fitted, seen: Survival) -> float:
    """The largest distance of the two curves, at the middle of each step of the records.

    Lengths are often written in round numbers; the middle of a step is where the curve of the true lengths would pass.
    """
    before = np.concatenate(([1.0], seen.longer[:-1]))
    return float(np.max(np.abs(fitted.longer(seen.minutes) - (seen.longer + before) / 2)))


def _curve(sample: Sample, seen: Survival, fits: list[Fitted]) -> list[FitPoint]:
    levels = np.linspace(0, 1, MOST_POINTS)
    places = np.unique(np.searchsorted(1 - seen.longer, levels).clip(max=len(seen.minutes) - 1))
    chosen = seen.minutes[places]
    fitted: dict[str, Floats] = {each.family.name: each.longer(chosen) for each in fits}
    return [
        FitPoint(
            of=sample.of,
            step=sample.step,
            pool=sample.pool,
            minutes=float(chosen[number]),
            seen=float(seen.longer[place]),
            low=_known(seen.low[place]),
            high=_known(seen.high[place]),
            **{name: float(curve[number]) for name, curve in fitted.items()},
        )
        for number, place in enumerate(places)
    ]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _short(value: float) -> str:
    return f"{value:.4g}" if value < 10_000 else f"{value:.0f}"


NAMES = tuple(field.name for field in fields(FitPoint))[-4:]
"""The families, as the points of a curve name them."""
