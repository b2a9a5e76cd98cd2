"""A control chart made from figures: limits for each segment, signals, icons, and what to mind.

It is told the figures and what somebody has decided about them; it decides nothing by itself. Where a run of points
suggests that the level has moved it offers to work the limits out anew, and leaves that to a person with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import numpy as np

from millpond.errors import WrongUse
from millpond.model import ChartRules
from millpond.model.charts import ChartKind, Improvement, Rebase
from millpond.variation import limits as kinds
from millpond.variation.chart_results import ControlChart, ControlPoint, Offer, Segment
from millpond.variation.icons import assurance_icon, variation_icon
from millpond.variation.limits import Floats, Limits
from millpond.variation.signals import Signals, signals

FEWEST = 12
"""Limits from fewer points than this are trial limits."""
ALIKE = 0.6
"""Neighbours that are correlated by more than this make the limits of an XmR chart too narrow to go by."""


@dataclass(frozen=True)
class Series:
    """Figures to be charted, in order of time.

    Attributes:
        periods: the label of each point, beginning with an ISO 8601 day or month.
        values: the figures: amounts, or for p and u charts the counts.
        sizes: what the counts of a p or u chart are of.
        recorded: the figures as recorded, where `values` are these with a weekly rhythm taken away.
    """

    periods: tuple[str, ...]
    values: Floats
    sizes: Floats | None = None
    recorded: Floats | None = None


@dataclass(frozen=True)
class Charted:
    """What a chart is of, in the words of its result; see `ControlChart`."""

    chart: str
    label: str
    pool: str
    measure: str
    unit: str
    by: str
    rhythm: str = "none"


def control_chart(
    series: Series,
    about: Charted,
    *,
    improvement: Improvement,
    kind: ChartKind = "xmr",
    rules: ChartRules | None = None,
    target: float | None = None,
    baseline: int | None = None,
    rebase: Sequence[Rebase] = (),
    notes: Sequence[str] = (),
) -> ControlChart:
    """The control chart of a series.

    Args:
        series: the figures.
        about: what they are of.
        improvement: whether more is good.
        kind: which law gives the limits.
        rules: the choices on which sources differ.
        target: the target, in the unit of the chart.
        baseline: work the limits of each segment out from so many of its first points; left out, from all.
        rebase: days from which the limits are worked out anew, in order.
        notes: sentences that already belong to the figures.

    Raises:
        WrongUse: there are too few points, or more events than there were cases.
    """
    chosen = rules or ChartRules()
    _check(series, kind, about)
    values = series.values if kind not in ("p", "u") else series.values / _sizes(series)
    recorded = values if series.recorded is None else series.recorded
    rows: list[ControlPoint] = []
    segments: list[Segment] = []
    screened, last_signals = 0, None
    for number, (stretch, change) in enumerate(_stretches(series.periods, rebase), 1):
        base = min(baseline or len(values), stretch.stop - stretch.start)
        found = _limits(series, stretch, kind, base, chosen)
        screened += found.screened
        last_signals = signals(values[stretch], found, chosen)
        segments.append(_segment(series, stretch, base, found, change))
        for at, place in enumerate(range(stretch.start, stretch.stop)):
            told = last_signals.at(at)
            rows.append(
                ControlPoint(
                    chart=about.chart,
                    period=series.periods[place],
                    value=float(values[place]),
                    recorded=float(recorded[place]),
                    size=None if series.sizes is None else float(series.sizes[place]),
                    segment=number,
                    centre=float(found.centre[at]),
                    lower=float(found.lower[at]),
                    upper=float(found.upper[at]),
                    lower_two=float(found.lower_two[at]),
                    upper_two=float(found.upper_two[at]),
                    rules=" ".join(str(rule) for rule, _ in told),
                    says=variation_icon(told, improvement, chosen.both_ways),
                )
            )
    return ControlChart(
        **asdict(about),
        kind=kind,
        improvement=improvement,
        target=target,
        variation=rows[-1].says,
        assurance=assurance_icon(target, rows[-1].lower, rows[-1].upper, improvement, chosen),
        segments=tuple(segments),
        offer=_offer(rows, last_signals),
        rows=tuple(rows),
        notes=(*notes, *_notes(segments, rows, screened, kind)),
    )


def _check(series: Series, kind: ChartKind, about: Charted) -> None:
    if len(series.values) < 2:
        raise WrongUse(
            f"There are {len(series.values)} points for a control chart of {about.label}, and its limits need at least "
            f"2 (12 to be relied on). Take a shorter period, or wait for more records."
        )
    if kind == "p" and np.any(series.values > _sizes(series)):
        place = int(np.argmax(series.values > _sizes(series)))
        raise WrongUse(
            f"{about.label}: {series.values[place]:g} of {_sizes(series)[place]:g} in {series.periods[place]} is more "
            "than all, so it is no share. Choose another 'of', or a u chart, which shows a rate."
        )


def _sizes(series: Series) -> Floats:
    if series.sizes is None:
        raise ValueError("p and u charts need the sizes that the counts are of")
    return series.sizes


def _stretches(periods: Sequence[str], rebase: Sequence[Rebase]) -> list[tuple[slice, Rebase | None]]:
    """The segments, each with what it began with. A period belongs to the day that it begins on."""
    days = [_first_day(label) for label in periods]
    cuts: list[tuple[int, Rebase | None]] = [(0, None)]
    for change in rebase:
        at = next((place for place, day in enumerate(days) if day >= change.date), len(days))
        # A segment that would begin with the chart, or hold too few points for limits, is a mistake in the date.
        if at == len(days) or at - cuts[-1][0] < 2 or len(days) - at < 2:
            raise WrongUse(
                f"The limits cannot begin anew on {change.date}: there would be fewer than 2 points before or after. "
                f"The chart runs from {days[0]} to {days[-1]}; choose another day, or wait for more records."
            )
        cuts.append((at, change))
    ends = [at for at, _ in cuts[1:]] + [len(days)]
    return [(slice(at, end), change) for (at, change), end in zip(cuts, ends, strict=True)]


def _first_day(label: str) -> date:
    return date.fromisoformat(label[:10] if len(label) > 7 else f"{label}-01")


def _limits(series: Series, stretch: slice, kind: ChartKind, base: int, rules: ChartRules) -> Limits:
    values = series.values[stretch]
    if kind == "xmr":
        return kinds.xmr(values, base, rules.screen_outliers)
    if kind == "t":
        return kinds.t(values, base, rules.screen_outliers)
    if kind == "c":
        return kinds.c(values, base)
    if kind == "g":
        return kinds.g(values, base)
    return (kinds.p if kind == "p" else kinds.u)(values, _sizes(series)[stretch], base)


def _segment(series: Series, stretch: slice, base: int, found: Limits, change: Rebase | None) -> Segment:
    return Segment(
        first=series.periods[stretch.start],
        last=series.periods[stretch.stop - 1],
        points=stretch.stop - stretch.start,
        base=base,
        centre=float(found.centre[-1]),
        lower=float(found.lower[-1]),
        upper=float(found.upper[-1]),
        trial=base < FEWEST,
        reason=None if change is None else change.reason,
    )


def _offer(rows: Sequence[ControlPoint], found: Signals | None) -> Offer | None:
    """The run on one side that lasts to the latest point; never all of a segment, whose points lie about it."""
    if found is None or not found.side[-1]:
        return None
    side = found.side[-1]
    length = next((place for place, sign in enumerate(found.side[::-1]) if sign != side), len(found.side))
    return Offer(rows[-length].period, length, "above" if side > 0 else "below")


def _notes(segments: Sequence[Segment], rows: Sequence[ControlPoint], screened: int, kind: ChartKind) -> list[str]:
    notes = [
        f"The limits from {segment.first} on are trial limits: they rest on {segment.base} points, and 12 are the "
        "fewest to rely on."
        for segment in segments
        if segment.trial
    ]
    notes += [f"The limits begin anew at {part.first}: {part.reason}." for part in segments if part.reason]
    notes += [
        f"The limits from {segment.first} on rest on its first {segment.base} points and are kept from then on."
        for segment in segments
        if segment.base < segment.points
    ]
    if screened:
        notes.append(
            f"{screened} {'move' if screened == 1 else 'moves'} between neighbouring points, far larger than the "
            "others, did not count when the limits were worked out."
        )
    if kind == "xmr" and (alike := _correlation(rows)) is not None and alike > ALIKE:
        notes.append(
            f"Each point resembles the one before it (correlation {alike:.2f}), as of an amount that is carried over. "
            "The limits are then too narrow, and single signals prove little; growth is the figure to chart beside it."
        )
    return notes


def _correlation(rows: Sequence[ControlPoint]) -> float | None:
    """How closely neighbours go together about their centre lines; None where there are too few to say."""
    rest = np.array([row.value - row.centre for row in rows])
    spread = float((rest**2).sum())
    if len(rows) < FEWEST or spread == 0:
        return None
    return float((rest[:-1] * rest[1:]).sum()) / spread
