"""How high demand over capacity goes, against how seldom: each working day on record, with its interval, and the line
from which a day is a problem event.

Nothing is drawn beyond the days on record, and the upper end of the interval stops where these cannot say it.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np

from millpond.report import wording
from millpond.report.charts import style
from millpond.report.charts.chart import Chart, blank
from millpond.report.charts.ends import End, named
from millpond.report.charts.scale import axis_for, finished, titled_axis
from millpond.report.event_words import high, often, times
from millpond.report.figures import Figures
from millpond.variation.event_results import Events
from millpond.variation.problem_days import ProblemEvents
from millpond.variation.returns import levels

HEIGHT = 260
NARROW_HEIGHT = 230
BAND = "#e4e9ec"
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
    wide, narrow = (_spec(events.factor, found, known, is_narrow) for is_narrow in (False, True))
    says = high([level for level in events.levels.rows if level.pool == pool]) or often(row, events)
    return Chart(key, title, subtitle, says, wide, narrow, table)


def _known(found: ProblemEvents) -> list[tuple[float, float]]:
    """Each working day as how seldom and how high; days without capacity keep their rank and are not drawn."""
    ordered = np.sort(found.ratios)[::-1]
    count = len(ordered)
    return [
        ((count + 1) / rank, float(ratio)) for rank, ratio in enumerate(ordered, 1) if np.isfinite(ratio) and ratio > 0
    ]


def _table(events: Events, pool: str, name: str) -> Figures:
    rows = tuple(
        (
            f"{level.once_in:g}",
            "unknown" if level.level is None else f"{level.level:.2f}",
            "unknown" if level.low is None else f"{level.low:.2f}",
            "unknown" if level.high is None else f"{level.high:.2f}",
        )
        for level in events.levels.rows
        if level.pool == pool
    )
    header = ("Once in so many working days", "Demand over capacity", "95% from", "95% to")
    return Figures(
        f"{name}: demand over capacity that is reached once in so many working days",
        header,
        rows,
        frozenset({0, 1, 2, 3}),
    )


def _spec(factor: float, found: ProblemEvents, known: list[tuple[float, float]], narrow: bool) -> dict[str, Any]:
    height = NARROW_HEIGHT if narrow else HEIGHT
    longest = len(found.ratios) + 1
    axis = axis_for([*(ratio for _, ratio in known), factor], height)
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
    layers.append(alt.Chart().mark_rule(color=style.INK, strokeDash=[5, 3]).encode(y=alt.datum(factor)))
    for hit, shape, colour in ((False, "circle", style.MUTED), (True, "triangle-up", style.STRONG)):
        mark = alt.Chart(alt.NamedData("points")).mark_point(
            filled=True, shape=shape, color=colour, opacity=1, size=62 if hit else 22
        )
        test = "datum.event" if hit else "!datum.event"
        layers.append(mark.transform_filter(test).encode(x=x("once_in"), y=y("ratio")))
    name = f"{times(factor)} capacity".capitalize()
    layers += named([End(name, factor, style.INK, (5, 3), 1.2, "")], axis, height, narrow)
    return finished(alt.layer(*layers), height=height, narrow=narrow, datasets={"points": points, "band": band}, top=14)


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
