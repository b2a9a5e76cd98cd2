"""A control chart: a figure over time, its mean and limits, and the points that are more than chance.

Colours and shapes follow Making Data Count: orange for concern, blue for improvement, grey for common cause. Shapes
differ too, so that the chart can be read in grey.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import altair as alt

from millpond.report import wording
from millpond.report.chart_words import GOOD, centre_name, icons, lowest, said, sentences, when
from millpond.report.charts import style
from millpond.report.charts.chart import Chart
from millpond.report.charts.ends import End, named
from millpond.report.charts.scale import Axis, axis_for, finished, titled_axis
from millpond.report.charts.timeline import Timeline, end, start, written
from millpond.report.figures import Figures
from millpond.variation.chart_results import ControlChart, ControlPoint

HEIGHT = 300
NARROW_HEIGHT = 240
LIMIT = "#51606b"
TARGET = "#1d6b35"
MARKS = {
    "common": ("circle", style.MUTED, "Grey circles: chance."),
    "concern": ("triangle-up", style.DEMAND, "Orange triangles: more than chance, for the worse."),
    "improvement": ("diamond", style.ACTIVITY, "Blue diamonds: more than chance, for the better."),
    "neither": ("square", style.BACKLOG, "Purple squares: more than chance."),
}


def control(chart: ControlChart) -> Chart:
    """The picture of a control chart.

    Args:
        chart: the chart; it has at least two points.
    """
    by = "day" if chart.by == "event" else chart.by
    first, last = chart.rows[0].period, chart.rows[-1].period
    span = wording.span(wording.first_day(first, by), wording.last_day(last, by))
    kinds = dict.fromkeys(_kind(row) for row in chart.rows)
    subtitle = f"{span}, {_unit(chart)}; {GOOD[chart.improvement]}. {icons(chart)} "
    if chart.rhythm == "removed":
        subtitle += "Each day less the usual difference of its weekday from the mean. "
    subtitle += " ".join(MARKS[kind][2] for kind in MARKS if kind in kinds)
    wide, narrow = (_spec(chart, by, is_narrow) for is_narrow in (False, True))
    key = f"control-{chart.chart}"
    return Chart(key, chart.label, subtitle, " ".join(sentences(chart)), wide, narrow, _table(chart, by, span))


def _unit(chart: ControlChart) -> str:
    unit = "per cent" if chart.unit == "share" else chart.unit
    return unit if chart.by == "event" else f"{unit}, by {chart.by}"


def _kind(row: ControlPoint) -> str:
    return row.says.partition(" ")[0]


def _table(chart: ControlChart, by: str, span: str) -> Figures:
    cells = tuple(
        (
            wording.period(row.period, by, short=True),
            said(row.value, chart, unit=False),
            said(lowest(chart, row.lower), chart, unit=False),
            said(row.centre, chart, unit=False),
            said(row.upper, chart, unit=False),
            row.says if row.rules else "",
        )
        for row in chart.rows
    )
    header = (by.capitalize(), "Figure", "Lower limit", centre_name(chart).capitalize(), "Upper limit", "Signal")
    return Figures(f"{chart.label}, {span}, in {_unit(chart)}", header, cells, frozenset(range(1, 5)))


def _spec(chart: ControlChart, by: str, narrow: bool) -> dict[str, Any]:
    height = NARROW_HEIGHT if narrow else HEIGHT
    line = Timeline.of([row.period for row in chart.rows], by)
    records = _records(chart, by)
    values = [row[name] for row in records for name in ("value", "lower", "upper")]
    axis = axis_for([*values, *([] if chart.target is None else [chart.target])], height)

    def at() -> alt.X:
        if chart.by == "event":
            return _by_number(chart, narrow)
        return alt.X("at:T", scale=alt.Scale(type="utc", domain=line.domain), axis=line.axis(narrow))

    def amount(field: str) -> alt.Y:
        scale = alt.Scale(domain=axis.domain, nice=False)
        return alt.Y(f"{field}:Q", scale=scale, axis=_titled(axis, chart))

    points = alt.Chart(alt.NamedData("points"))
    layers: list[Any] = []
    for name, dash, weight in (("lower", [5, 3], 1.2), ("upper", [5, 3], 1.2), ("centre", [], 1.2)):
        mark: Any = {"type": "line", "interpolate": "step", "color": LIMIT, "strokeWidth": weight, "strokeDash": dash}
        layers.append(alt.Chart(alt.NamedData("points"), mark=mark).encode(x=at(), y=amount(name), detail="segment:N"))
    if chart.target is not None:
        rule = alt.Chart().mark_rule(color=TARGET, strokeWidth=1.6, strokeDash=[1, 3], strokeCap="round")
        layers.append(rule.encode(y=alt.datum(chart.target)))
    layers.append(
        points.mark_line(color=style.LINK, strokeWidth=1.2).encode(x=at(), y=amount("value"), detail="segment:N")
    )
    for kind, (shape, colour, _) in MARKS.items():
        filled = points.mark_point(
            filled=True, shape=shape, color=colour, opacity=1, size=26 if kind == "common" else 62
        )
        if any(row["kind"] == kind for row in records):
            layers.append(filled.transform_filter(f"datum.kind === '{kind}'").encode(x=at(), y=amount("value")))
    if chart.by != "event":
        layers += _changes(chart, by, line, narrow)
    layers += named(_ends(chart, records), axis, height, narrow)
    return finished(alt.layer(*layers), height=height, narrow=narrow, datasets={"points": records}, top=14)


def _records(chart: ControlChart, by: str) -> list[dict[str, Any]]:
    first = chart.rows[0].period
    records = []
    for number, row in enumerate(chart.rows, 1):
        begins, ends = start(row.period, by, first), end(row.period, by, first)
        records.append(
            {
                "period": row.period,
                "number": number,
                "at": written(begins + (ends - begins) / 2),
                "value": row.value,
                "centre": row.centre,
                "lower": lowest(chart, row.lower),
                "upper": row.upper,
                "segment": row.segment,
                "kind": _kind(row),
            }
        )
    return records


def _by_number(chart: ControlChart, narrow: bool) -> alt.X:
    """Rare events at equal distances, with some of their days: by time, those close together would hide each other."""
    count = len(chart.rows)
    step = max(1, -(-count // (4 if narrow else 8)))
    places = list(range(1, count + 1, step))
    days = {str(place): wording.day(chart.rows[place - 1].period, year=False, short=True) for place in places}
    axis = alt.Axis(values=places, labelExpr=f"({json.dumps(days)})[datum.value]", title="one point for each event")
    return alt.X("number:Q", scale=alt.Scale(domain=[0.5, count + 0.5], nice=False), axis=axis)


def _titled(axis: Axis, chart: ControlChart) -> alt.Axis:
    titled = titled_axis(axis, "" if chart.unit == "share" else chart.unit)
    if chart.unit == "share":
        titled.format = ".0%" if axis.step >= 0.01 else ".1%"
    return titled


def _ends(chart: ControlChart, records: Sequence[dict[str, Any]]) -> list[End]:
    last = records[-1]
    ends = [
        End("Upper limit", last["upper"], LIMIT, (5, 3), 1.2, said(last["upper"], chart, unit=False)),
        End(centre_name(chart).capitalize(), last["centre"], LIMIT, (), 1.2, said(last["centre"], chart, unit=False)),
        End("Lower limit", last["lower"], LIMIT, (5, 3), 1.2, said(last["lower"], chart, unit=False)),
    ]
    if chart.target is not None:
        ends.append(End("Target", chart.target, TARGET, (1, 3), 1.6, said(chart.target, chart, unit=False)))
    return ends


def _changes(chart: ControlChart, by: str, line: Timeline, narrow: bool) -> list[Any]:
    """Where limits begin anew, with the reason above."""
    first = chart.rows[0].period
    changes = [
        {"at": written(start(part.first, by, first)), "reason": part.reason or "", "day": when(chart, part.first)}
        for part in chart.segments[1:]
    ]
    if not changes:
        return []
    x = alt.X("at:T", scale=alt.Scale(type="utc", domain=line.domain))
    data = alt.InlineData(values=changes)
    rule = alt.Chart(data).mark_rule(color=style.INK, strokeWidth=1).encode(x=x)
    name = alt.Chart(data).mark_text(align="right", baseline="bottom", color=style.INK, fontSize=11, dx=-3)
    return [rule, *([] if narrow else [name.encode(x=x, y=alt.value(-4), text="reason:N")])]
