"""The backlog's growth: by how much it grew or shrank in each period, and what that comes to on average.

A queue is no proof of shortage; a backlog that goes on growing is (Allder, Walley and Silvester, Clinical Medicine 11
(2011), pages 31-34). So the change is drawn by itself, about a line at nothing.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from millpond.measures.results import Measures
from millpond.report import wording
from millpond.report.charts import style
from millpond.report.charts.bands import filling_band
from millpond.report.charts.chart import Chart, blank
from millpond.report.charts.ends import End, named
from millpond.report.charts.scale import axis_for, finished, titled_axis
from millpond.report.charts.timeline import Timeline, end, start, written
from millpond.report.coarser import opening_backlog, readable, shown_span
from millpond.report.figures import Figures

HEIGHT = 190
LENGTHS = {"hour": 24, "day": 7, "week": 4, "month": 3}
"""Periods over which the change is averaged: a day of hours, a week of days, a month of weeks, a quarter of months."""


def backlog_growth(measures: Measures, pool: str, label: str | None = None) -> Chart:
    """The change of a pool's backlog in each period.

    Args:
        measures: any result with rows of the pool; a span too long for its periods is shown by week or month.
        pool: the pool's key.
        label: how the pool is called; its key where left out.
    """
    shown = readable(measures.pool(pool))
    name = label or pool
    key, title = f"growth-{pool}", f"{name}: growth of the backlog"
    header = (
        shown.by.capitalize(),
        "Change in backlog",
        "Backlog",
        f"Average change over {_length(shown.by)}",
    )
    records = _records(shown) if shown.rows else []
    unit = "minutes of work" if shown.unit == "minutes" else "visits"
    rows = tuple(
        (
            wording.period(r["period"], shown.by, short=True)
            + ("" if r["complete"] else f" ({wording.unfinished(r['period'], shown.by, shown.as_of)})"),
            wording.signed(r["change"]),
            wording.number(r["backlog"]),
            "" if r["average"] is None else wording.signed(r["average"]),
        )
        for r in records
    )
    span = f", {shown_span(shown)}" if records else ""
    table = Figures(
        f"Change of the backlog of {name}{span}, by {shown.by}, in {unit}", header, rows, frozenset({1, 2, 3})
    )
    if not records:
        return blank(key, title, f"{name}, no period, in {shown.unit}", table)
    subtitle = f"{name}, {shown_span(shown)}. {unit.capitalize()} by which the backlog grew (up) or shrank (down)"
    subtitle += f" in each {shown.by}."
    specs = [_spec(shown, records, narrow) for narrow in (False, True)]
    return Chart(key, title, subtitle, _alt(shown, records), specs[0], specs[1], table)


def _length(by: str) -> str:
    return wording.count(LENGTHS[by], by)


def _records(measures: Measures) -> list[dict[str, Any]]:
    first = measures.rows[0].period
    before = opening_backlog(measures.rows)
    records: list[dict[str, Any]] = []
    for row in measures.rows:
        recent = [record["change"] for record in records[-LENGTHS[measures.by] + 1 :]] + [row.backlog - before]
        begins, ends = start(row.period, measures.by, first), end(row.period, measures.by, first)
        room = (ends - begins) * 0.12
        records.append(
            {
                "period": row.period,
                "from": written(begins + room),
                "to": written(ends - room),
                "start": written(begins),
                "end": written(ends),
                "middle": written(begins + (ends - begins) / 2),
                "change": row.backlog - before,
                "backlog": row.backlog,
                "average": sum(recent) / len(recent) if len(recent) == LENGTHS[measures.by] and row.complete else None,
                "complete": row.complete,
                "filling": row.filling,
            }
        )
        before = row.backlog
    return records


def _alt(measures: Measures, records: list[dict[str, Any]]) -> str:
    whole = [r for r in records if r["complete"]] or records
    grew = sum(r["change"] > 0 for r in whole)
    text = f"The backlog grew in {grew} of {wording.count(len(whole), measures.by)}"
    averages = [r for r in whole if r["average"] is not None]
    if averages:
        last = averages[-1]["average"]
        until = wording.day(wording.last_day(averages[-1]["period"], measures.by))
        moved = "grew" if last > 0 else "shrank" if last < 0 else "did not change"
        text += f". In the {_length(measures.by)} to {until} it {moved}"
        text += (
            f" by {wording.amount(abs(last), measures.unit, hours=False)} {wording.EACH[measures.by]}" if last else ""
        )
        text += " on average"
    most = max(whole, key=lambda r: r["change"])
    if most["change"] > 0:
        text += f"; the largest growth was {wording.number(most['change'])} "
        text += f"({wording.period(most['period'], measures.by)})"
    return text + "."


def _spec(measures: Measures, records: list[dict[str, Any]], narrow: bool) -> dict[str, Any]:
    line = Timeline.of([row.period for row in measures.rows], measures.by)
    axis = axis_for([r["change"] for r in records], HEIGHT)
    unit = "minutes of work" if measures.unit == "minutes" else "visits"

    def at(field: str) -> alt.X:
        return alt.X(f"{field}:T", scale=alt.Scale(type="utc", domain=line.domain), axis=line.axis(narrow))

    scale = alt.Scale(domain=axis.domain, nice=False)
    # Every layer has the same axis: one without would take away its ticks.
    marked = titled_axis(axis, unit)

    def amount(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=marked)

    layers = filling_band([(r["start"], r["end"]) for r in records if r["filling"]], line, narrow)
    bars = alt.Chart(alt.NamedData("growth")).mark_rect()
    colour = alt.condition("datum.change > 0", alt.value(style.GREW), alt.value(style.SHRANK))
    faint = alt.condition("datum.complete", alt.value(1), alt.value(0.45))
    layers.append(
        bars.encode(x=at("from"), x2="to:T", y=amount("change"), y2=alt.datum(0), color=colour, opacity=faint)
    )
    layers.append(alt.Chart().mark_rule(color=style.INK).encode(y=alt.YDatum(0, scale=scale, axis=marked)))
    averages = [r for r in records if r["average"] is not None]
    if averages:
        mark: Any = {"type": "line", "strokeWidth": 2, "color": style.INK, "invalid": "break-paths-show-domains"}
        layers.append(alt.Chart(alt.NamedData("growth"), mark=mark).encode(x=at("middle"), y=amount("average")))
        value = averages[-1]["average"]
        name = "Average" if narrow else f"{_length(measures.by)}’ average"
        layers += named([End(name, value, style.INK, (), 2, wording.signed(value))], axis, HEIGHT, narrow)
    return finished(alt.layer(*layers), height=HEIGHT, narrow=narrow, datasets={"growth": records}, top=14)
