"""How well a distribution fits: the share that lasts longer than each length, in the records and as fitted."""

from __future__ import annotations

from typing import Any

import altair as alt

from millpond.report import wording
from millpond.report.charts import style
from millpond.report.charts.chart import Chart, blank
from millpond.report.charts.ends import End, named
from millpond.report.charts.scale import Axis, axis_for, finished, titled_axis
from millpond.report.figures import Figures
from millpond.variation.distributions import NAMES, Distributions, FitPoint, FittedRow

HEIGHT = 240
UNITS = ((1, "minutes"), (60, "hours"), (1440, "days"), (10080, "weeks"))
SETTLED = 0.02
"""The time axis ends where so few last longer: the last of them would flatten the rest."""
_COLOURS = {"exponential": style.CAPACITY, "gamma": style.ACTIVITY, "lognormal": style.DEMAND, "weibull": style.BACKLOG}
_DASHES: dict[str, tuple[float, ...]] = {"exponential": (1, 3), "gamma": (7, 4), "lognormal": (), "weibull": (2, 3)}


def distribution_fit(distributions: Distributions, of: str, step: str, pool: str, label: str | None = None) -> Chart:
    """The fits to the work or the waits of one step.

    Args:
        distributions: the result.
        of: ``work`` or ``wait``.
        step: the step's name.
        pool: the pool's key.
        label: how the step is called; its name where left out.
    """
    rows = [row for row in distributions.rows if (row.of, row.step, row.pool) == (of, step, pool)]
    points = [p for p in distributions.curves if (p.of, p.step, p.pool) == (of, step, pool)]
    what = "minutes of work" if of == "work" else "waits"
    key, title = f"fit-{of}-{step}-{pool}", f"{label or step}: {what}, as recorded and as fitted"
    if not rows:
        table = Figures(title, ("Length", "Recorded"), ())
        return blank(key, title, label or step, table, "Too few lengths are over to fit a distribution.")
    size, unit = next(((s, u) for s, u in reversed(UNITS) if _reach(points) >= 2.5 * s), UNITS[0])
    best = rows[0]
    over = f"{wording.number(best.ended)} over and {wording.number(best.still_open)} not over"
    subtitle = f"{label or step}, {what} up to {wording.day(distributions.as_of)}, {over}. Share that lasts longer, in "
    subtitle += f"per cent, by {unit}; the steps are the records with their 95% interval (Kaplan and Meier)."
    order = [row.distribution for row in rows]
    table = Figures(
        f"{title}: share that lasts longer",
        (unit.capitalize(), "Recorded", *(name.capitalize() for name in order)),
        tuple(
            (
                wording.number(p.minutes / size, 1),
                wording.percent(p.seen),
                *(wording.percent(getattr(p, name)) for name in order),
            )
            for p in points
        ),
        frozenset(range(len(NAMES) + 2)),
    )
    text = (
        f"By likelihood the best of the four is {called(best.distribution)}, at most {wording.percent(best.furthest)} "
    )
    text += f"away from the records; its mean is {wording.duration(best.mean)}"
    if len(rows) > 1:
        text += f". The next is {called(rows[1].distribution)}, {wording.percent(rows[1].furthest)} away"
    text += "."
    specs = [_spec(rows, points, size, unit, narrow) for narrow in (False, True)]
    return Chart(key, title, subtitle, text, specs[0], specs[1], table)


def called(distribution: str) -> str:
    """What a distribution is called within a sentence: that of Weibull by his name."""
    return distribution.capitalize() if distribution == "weibull" else distribution


def _reach(points: list[FitPoint]) -> float:
    return next((p.minutes for p in points if p.seen <= SETTLED), points[-1].minutes)


def _spec(rows: list[FittedRow], points: list[FitPoint], size: int, unit: str, narrow: bool) -> dict[str, Any]:
    reach = _reach(points) / size
    along = axis_for([reach], 700 if not narrow else 300)
    axis = Axis(0.0, 1.0, 0.25)
    start = {"time": 0.0, "seen": 1.0, "low": 1.0, "high": 1.0, **dict.fromkeys(NAMES, 1.0)}
    records = [start] + [
        {
            "time": p.minutes / size,
            "seen": p.seen,
            "low": p.seen if p.low is None else p.low,
            "high": p.seen if p.high is None else p.high,
            **{name: getattr(p, name) for name in NAMES},
        }
        for p in points
        if p.minutes / size <= along.high
    ]

    def layer(mark: dict[str, Any], amount: str) -> Any:
        drawn: Any = mark
        ticks = alt.Axis(values=along.ticks, format=along.format, title=unit)
        x = alt.X("time:Q", scale=alt.Scale(domain=along.domain, nice=False), axis=ticks)
        y_axis = titled_axis(axis, "share that lasts longer")
        y_axis.format = ".0%"
        y = alt.Y(f"{amount}:Q", scale=alt.Scale(domain=axis.domain), axis=y_axis)
        return alt.Chart(alt.NamedData("curve"), mark=drawn).encode(x=x, y=y)

    band = {"type": "area", "color": style.SOFT, "opacity": 0.3, "interpolate": "step-after"}
    seen = {"type": "line", "color": style.INK, "strokeWidth": 1.4, "interpolate": "step-after"}
    layers = [layer(band, "low").encode(y2="high:Q"), layer(seen, "seen")]
    ends = [End("Records", records[-1]["seen"], style.INK, (), 1.4, "")]
    for row in reversed(rows):
        name = row.distribution
        weight = 2.6 if row.best else 1.2
        look = {"color": _COLOURS[name], "strokeWidth": weight, "strokeDash": list(_DASHES[name]) or [1, 0]}
        layers.append(layer({"type": "line", "interpolate": "monotone", **look}, name))
        told = name.capitalize() + (" (best)" if row.best and not narrow else "")
        ends.append(End(told, records[-1][name], _COLOURS[name], _DASHES[name], weight, ""))
    layers += named(ends, axis, HEIGHT, narrow)
    return finished(alt.layer(*layers), height=HEIGHT, narrow=narrow, datasets={"curve": records}, top=14)
