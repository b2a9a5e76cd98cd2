"""How high demand over capacity goes, against how seldom: each working day on record, with its interval, and the line
from which a day is a problem event.

Of the records nothing is drawn beyond their days, and the upper end of the interval stops where these cannot say it. A
line has what simulated futures reach, where there are any; they go further.
"""

from __future__ import annotations

from math import ceil
from typing import Any

import altair as alt
import numpy as np

from millpond.report import wording
from millpond.report.charts import style
from millpond.report.charts.chart import Chart, blank
from millpond.report.charts.ends import End, named
from millpond.report.charts.scale import axis_for, finished, titled_axis
from millpond.report.event_words import ahead, high, often, times
from millpond.report.figures import Figures
from millpond.variation.event_results import Events, ReturnLevel
from millpond.variation.events_ahead import FAR_PERIODS, levels_ahead
from millpond.variation.limits import Floats
from millpond.variation.problem_days import ProblemEvents
from millpond.variation.returns import levels

HEIGHT = 260
NARROW_HEIGHT = 230
BAND = "#e4e9ec"
SIMULATED = style.ACTIVITY
TICKS = (1, 2, 5, 10, 20, 50, 100, 250, 500, 1000, 2500)
LINE = 24
"""Return periods at which the interval is drawn."""


def return_levels(events: Events, pool: str, label: str | None = None) -> Chart:
    """The return levels of a pool.

    Args:
        events: the result.
        pool: the pool's key.
        label: how the pool is called; its key where left out.
    """
    name, found = label or pool, events.found[pool]
    row = next(row for row in events.rows if row.pool == pool)
    key, title = f"return-levels-{pool}", f"{name}: how high demand goes over capacity, and how seldom"
    known = _known(found)
    table = _table(events, pool, name)
    if len(known) < 2:
        return blank(key, title, name, table, "There are too few working days of which capacity is known.")
    first, last = found.looked_at[0], found.looked_at[-1]
    span = wording.span(wording.first_day(first, "day"), wording.first_day(last, "day"))
    subtitle = (
        f"{name}, {span}. Demand over capacity of {len(found.ratios):,} working days, each against how seldom it was"
    )
    subtitle += " reached. Shaded: 95% interval, as far as the history can tell."
    without = int(np.isinf(found.ratios).sum())
    if without:
        subtitle += f" Not drawn: {wording.count(without, 'day')} with demand and no capacity at all."
    simulated = None if events.ahead is None else events.ahead.ratios.get(pool)
    if simulated is not None and events.ahead is not None:
        subtitle += (
            f" Line: {wording.count(len(simulated), 'simulated future')} of {events.ahead.days} days from "
            f"{wording.day(events.ahead.first_day)}."
        )
    wide, narrow = (_spec(events.factor, found, known, simulated, is_narrow) for is_narrow in (False, True))
    says = high([level for level in events.levels.rows if level.pool == pool]) or often(row, events)
    coming = None if events.ahead is None else events.ahead.of_pool(pool)
    if coming is not None:
        says += f" {ahead(coming, events)[-1]}"
    return Chart(key, title, subtitle, says, wide, narrow, table)


def _known(found: ProblemEvents) -> list[tuple[float, float]]:
    """Each working day as how seldom and how high; days without capacity keep their rank and are not drawn."""
    ordered = np.sort(found.ratios)[::-1]
    count = len(ordered)
    return [
        ((count + 1) / rank, float(ratio)) for rank, ratio in enumerate(ordered, 1) if np.isfinite(ratio) and ratio > 0
    ]


def _table(events: Events, pool: str, name: str) -> Figures:
    past = {level.once_in: level for level in events.levels.rows if level.pool == pool}
    ahead = {} if events.ahead is None else {one.once_in: one for one in events.ahead.levels.rows if one.pool == pool}
    rows = tuple(
        (f"{period:g}", *_told(past.get(period)), *(_told(ahead.get(period)) if ahead else ()))
        for period in sorted({*past, *ahead})
    )
    header: tuple[str, ...] = ("Once in so many working days", "Demand over capacity", "95% from", "95% to")
    if ahead:
        header += ("Simulated", "95% from", "95% to")
    title = f"{name}: demand over capacity that is reached once in so many working days"
    return Figures(title, header, rows, frozenset(range(len(header))))


def _told(level: ReturnLevel | None) -> tuple[str, str, str]:
    ends = (None,) * 3 if level is None else (level.level, level.low, level.high)
    level_, low, high = ("unknown" if end is None else f"{end:.2f}" for end in ends)
    return level_, low, high


def _spec(
    factor: float, found: ProblemEvents, known: list[tuple[float, float]], simulated: Floats | None, narrow: bool
) -> dict[str, Any]:
    height = NARROW_HEIGHT if narrow else HEIGHT
    line = [] if simulated is None else _line(simulated)
    longest = max([len(found.ratios) + 1, *(ceil(one["once_in"]) for one in line)])
    axis = axis_for([*(ratio for _, ratio in known), factor, *(one["high"] for one in line)], height)
    ticks = [tick for tick in TICKS if tick <= longest and not (narrow and tick in (2, 20, 500))]

    def x(field: str) -> alt.X:
        return alt.X(
            f"{field}:Q",
            scale=alt.Scale(type="log", domain=[1, longest * 1.05], nice=False),
            axis=alt.Axis(values=ticks, title="once in so many working days", format=",~f"),
        )

    def y(field: str) -> alt.Y:
        scale = alt.Scale(domain=axis.domain, nice=False)
        return alt.Y(f"{field}:Q", scale=scale, axis=titled_axis(axis, "times capacity"))

    points = [{"once_in": period, "ratio": ratio, "event": ratio >= factor} for period, ratio in known]
    band = _band(found, axis.high)
    layers: list[Any] = [
        alt.Chart(alt.NamedData("band"))
        .mark_area(color=BAND, opacity=1)
        .encode(x=x("once_in"), y=y("low"), y2="high:Q")
    ]
    if line:
        future = alt.Chart(alt.NamedData("simulated"))
        for end in ("low", "high"):
            layers.append(future.mark_line(color=SIMULATED, strokeWidth=0.8).encode(x=x("once_in"), y=y(end)))
        layers.append(future.mark_line(color=SIMULATED, strokeWidth=2).encode(x=x("once_in"), y=y("level")))
    layers.append(alt.Chart().mark_rule(color=style.INK, strokeDash=[5, 3]).encode(y=alt.datum(factor)))
    for hit, shape, colour in ((False, "circle", style.MUTED), (True, "triangle-up", style.STRONG)):
        mark = alt.Chart(alt.NamedData("points")).mark_point(
            filled=True, shape=shape, color=colour, opacity=1, size=62 if hit else 22
        )
        test = "datum.event" if hit else "!datum.event"
        layers.append(mark.transform_filter(test).encode(x=x("once_in"), y=y("ratio")))
    name = f"{times(factor)} capacity".capitalize()
    ends = [End(name, factor, style.INK, (5, 3), 1.2, "")]
    if line:
        ends.append(End("Simulated", line[-1]["level"], SIMULATED, (), 2, ""))
    layers += named(ends, axis, height, narrow)
    datasets = {"points": points, "band": band, **({"simulated": line} if line else {})}
    return finished(alt.layer(*layers), height=height, narrow=narrow, datasets=datasets, top=14)


def _line(simulated: Floats) -> list[dict[str, float]]:
    """What the simulated futures reach from once in 1.1 to once in 1,000 working days, as far as they tell it."""
    periods = np.exp(np.linspace(np.log(1.1), np.log(FAR_PERIODS[-1]), 2 * LINE)).tolist()
    return [
        {"once_in": one.once_in, "level": one.level, "low": one.low, "high": one.high}
        for one in levels_ahead("", simulated, periods)
        if one.level is not None and one.low is not None and one.high is not None
    ]


def _band(found: ProblemEvents, top: float) -> list[dict[str, float]]:
    """The interval at return periods from 1.1 days to the length of the history; open upwards it goes to the top."""
    longest = len(found.ratios)
    periods = np.exp(np.linspace(np.log(1.1), np.log(longest), LINE)).tolist()
    periods = [min(period, float(longest)) for period in periods]
    band = []
    for level in levels(found.ratios, periods):
        low = 0.0 if level.low is None else min(level.low, top)
        high = top if level.high is None else min(level.high, top)
        band.append({"once_in": level.once_in, "low": low, "high": high})
    return band
