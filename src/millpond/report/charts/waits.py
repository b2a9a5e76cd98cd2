"""How long people wait: the share that has started, and the share that has left, by time since joining.

The curves count those still waiting as waiting, so they do not bend down for want of patience in the records.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import altair as alt

from millpond.measures.waits import CurvePoint, WaitRow, Waits
from millpond.report import hiding, wording
from millpond.report.charts import style
from millpond.report.charts.chart import Chart, blank
from millpond.report.charts.ends import End, named
from millpond.report.charts.scale import Axis, axis_for, finished, titled_axis
from millpond.report.figures import Figures

HEIGHT = 210
UNITS = ((1, "minutes"), (60, "hours"), (1440, "days"), (10080, "weeks"))
SETTLED = 0.985
"""The time axis ends where so many of those whose fate is seen have met it: the last few would flatten the rest."""


def wait_curve(waits: Waits, step: str, pool: str, label: str | None = None, suppress_below: int = 0) -> Chart:
    """The waits at one step: the share of all who joined that had started, and that had withdrawn, by each time.

    Args:
        waits: the result.
        step: the step's name.
        pool: the pool whose queue it is.
        label: how the step is called; its name where left out.
        suppress_below: counts from 1 to less than this are not told, in figures for sharing; 0 tells all.
    """
    name = label or step
    row = next((r for r in waits.rows if (r.step, r.pool) == (step, pool)), None)
    points = [p for p in waits.curves if (p.step, p.pool) == (step, pool)]
    hides_left = row is not None and _hides_left(row, suppress_below)
    if suppress_below:
        points = _coarse(points, suppress_below, hides_left)
    key, title = f"waits-{step}-{pool}", f"{name}: waits"
    table = _table(points, name, hides_left)
    as_of = wording.day(waits.as_of)
    if row is None or not points:
        why = "No wait can be told from the records."
        return blank(key, title, f"{name}, up to {as_of}, share of visits", table, why)
    unit = _unit(points)[1]
    subtitle = f"{name}, {wording.count(row.visits, 'visit')} up to {as_of}. Share of all who joined, in per cent, by "
    subtitle += f"{unit} since joining; those still waiting count as waiting."
    specs = [_spec(points, narrow, hides_left) for narrow in (False, True)]
    return Chart(key, title, subtitle, _alt(row, suppress_below), specs[0], specs[1], table)


def _hides_left(row: WaitRow, below: int) -> bool:
    """Whether the share that withdrew would tell a small count of people."""
    return 1 in hiding.hidden((row.started, row.withdrawn, row.waiting, row.unknown), below)


def _coarse(points: list[CurvePoint], below: int, hides_left: bool) -> list[CurvePoint]:
    """The curve in whole per cents, up to where too few are left, so that no step of it is one person."""
    kept: list[CurvePoint] = []
    for p in points:
        if p.at_risk < below:
            break
        whole = replace(
            p,
            started=round(p.started, 2),
            low=None if p.low is None else round(p.low, 2),
            high=None if p.high is None else round(p.high, 2),
            withdrawn=0.0 if hides_left else round(p.withdrawn, 2),
        )
        if not kept or (whole.started, whole.withdrawn) != (kept[-1].started, kept[-1].withdrawn):
            kept.append(whole)
    return kept


def _table(points: list[CurvePoint], name: str, hides_left: bool) -> Figures:
    header = ("Time since joining", "Started", "95% interval", "Withdrew", "Still at risk")
    # Of times that read alike the last is told: the share by then.
    told = {wording.duration(p.minutes): p for p in points}
    rows = tuple(
        (
            time,
            wording.percent(p.started),
            "" if p.low is None or p.high is None else f"{wording.percent(p.low)} to {wording.percent(p.high)}",
            "hidden" if hides_left else wording.percent(p.withdrawn),
            wording.number(p.at_risk),
        )
        for time, p in told.items()
    )
    caption = f"Waits at {name}: share of all who joined, by time since joining"
    return Figures(caption, header, rows, frozenset(range(5)))


def _unit(points: list[CurvePoint]) -> tuple[int, str]:
    last = _reach(points)
    return next(((size, name) for size, name in reversed(UNITS) if last >= 2.5 * size), UNITS[0])


def _reach(points: list[CurvePoint]) -> float:
    if not points:
        return 1.0
    final = points[-1].started + points[-1].withdrawn
    found = next((p.minutes for p in points if p.started + p.withdrawn >= SETTLED * final), points[-1].minutes)
    return found or points[-1].minutes or 1.0


def _alt(row: WaitRow, below: int) -> str:
    parts = []
    if row.median is not None:
        parts.append(f"half of those who join start within {wording.duration(row.median)}")
    if row.p90 is not None:
        parts.append(f"nine in ten within {wording.duration(row.p90)}")
    if not parts:
        parts.append("fewer than half of those who joined have started")
    _, withdrawn, waiting, _ = hiding.told((row.started, row.withdrawn, row.waiting, row.unknown), below)
    text = wording.sentence(" and ".join(parts))
    left = [] if waiting == hiding.NOT_SHOWN else [f"{waiting} {'is' if waiting == '1' else 'are'} still waiting"]
    left += [] if withdrawn == hiding.NOT_SHOWN else [f"{withdrawn} withdrew before starting"]
    said = wording.sentence("; ".join(left).replace("below", "fewer than"))
    return f"{text} {said}".rstrip()


def _spec(points: list[CurvePoint], narrow: bool, hides_left: bool) -> dict[str, Any]:
    size, unit = _unit(points)
    reach = _reach(points) / size
    axis = Axis(0.0, 1.0, 0.25)
    along = axis_for([reach], 700 if not narrow else 300)
    records = [{"time": 0.0, "started": 0.0, "low": 0.0, "high": 0.0, "withdrawn": 0.0}]
    records += [
        {
            "time": p.minutes / size,
            "started": p.started,
            "low": p.started if p.low is None else p.low,
            "high": p.started if p.high is None else p.high,
            "withdrawn": p.withdrawn,
        }
        for p in points
    ]
    seen = [r for r in records if r["time"] <= along.high]
    if seen[-1]["time"] < along.high and len(seen) < len(records):
        seen.append({**seen[-1], "time": along.high})
    x_axis = alt.Axis(values=along.ticks, format=along.format, title=f"{unit} since joining")

    def layer(mark: dict[str, Any], amount: str) -> Any:
        drawn: Any = {"interpolate": "step-after", **mark}
        x = alt.X("time:Q", scale=alt.Scale(domain=along.domain, nice=False), axis=x_axis)
        y_axis = titled_axis(axis, "share of all who joined")
        y_axis.format = ".0%"
        y = alt.Y(f"{amount}:Q", scale=alt.Scale(domain=axis.domain), axis=y_axis)
        return alt.Chart(alt.NamedData("curve"), mark=drawn).encode(x=x, y=y)

    started, left = style.LOOK["activity"].colour, style.LOOK["demand"].colour
    layers = [
        layer({"type": "area", "color": started, "opacity": 0.14}, "low").encode(y2="high:Q"),
        layer({"type": "line", "color": started, "strokeWidth": 2.2}, "started"),
    ]
    last = seen[-1]
    ends = [End("Started", last["started"], started, (), 2.2, wording.percent(last["started"]))]
    if not hides_left:
        layers.append(layer({"type": "line", "color": left, "strokeWidth": 2, "strokeDash": [5, 3]}, "withdrawn"))
        ends.append(End("Withdrew", last["withdrawn"], left, (5, 3), 2, wording.percent(last["withdrawn"])))
    layers += named(ends, axis, HEIGHT, narrow)
    return finished(alt.layer(*layers), height=HEIGHT, narrow=narrow, datasets={"curve": seen}, top=6)
