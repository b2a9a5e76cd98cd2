"""Demand, capacity, activity and backlog of one pool on one graph with one axis.

Demand and activity are drawn at the middle of their period, capacity over the whole of it and the backlog at its end.
The four differ in weight and dash as well as in colour, and each is named where it ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from millpond.measures.results import Measures, PeriodRow
from millpond.report import wording
from millpond.report.charts import style
from millpond.report.charts.bands import filling_band
from millpond.report.charts.chart import Chart, blank
from millpond.report.charts.ends import End, named
from millpond.report.charts.scale import axis_for, finished, titled_axis
from millpond.report.charts.timeline import Timeline, end, instant, start, written
from millpond.report.coarser import is_work_in_progress_only, opening_backlog, readable, shown_span
from millpond.report.figures import Figures

HEIGHT = 330
NARROW_HEIGHT = 260
RECENT = {"hour": 168, "day": 28, "week": 13, "month": 6}
"""How many periods are called recent."""
FEW = 35
"""Up to so many periods each is marked with a point."""


def four_measures(measures: Measures, pool: str, label: str | None = None) -> Chart:
    """The four measures of a pool.

    Args:
        measures: any result with rows of the pool; a span too long for its periods is shown by week or month.
        pool: the pool's key.
        label: how the pool is called; its key where left out.

    Returns:
        The chart; without rows of the pool, one that says that there is nothing to draw.
    """
    shown = readable(measures.pool(pool))
    name = label or pool
    title = f"{name}: demand, capacity, activity and backlog"
    table = measures_table(shown, name)
    key = f"measures-{pool}"
    if not shown.rows:
        return blank(key, title, f"{name}, no period, in {shown.unit}", table)
    wide, narrow = (_spec(shown, is_narrow) for is_narrow in (False, True))
    return Chart(key, title, _subtitle(shown, name), _alt(shown), wide, narrow, table)


def measures_table(measures: Measures, name: str) -> Figures:
    """The rows of one pool as text, in the unit of the result.

    Args:
        measures: the rows of one pool.
        name: how the pool is called.
    """
    by = measures.by
    rows = tuple(
        (
            wording.period(row.period, by, short=True) + _mark(row, by, measures.as_of),
            wording.number(row.demand),
            "unknown" if row.capacity is None else wording.number(row.capacity),
            wording.number(row.activity),
            wording.number(row.withdrawn),
            wording.number(row.backlog),
        )
        for row in measures.rows
    )
    unit = "minutes of work" if measures.unit == "minutes" else "visits"
    backlog = "In progress" if is_work_in_progress_only(measures) else "Backlog"
    header = (by.capitalize(), "Demand", "Capacity", "Activity", "Withdrawn", f"{backlog} at the {by}’s end")
    span = f", {shown_span(measures)}" if measures.rows else ""
    return Figures(f"{name}{span}, by {by}, in {unit}", header, rows, frozenset(range(1, 6)))


def _mark(row: PeriodRow, by: str, as_of: str) -> str:
    if not row.complete:
        return f" ({wording.unfinished(row.period, by, as_of)})"
    return " (still filling up)" if row.filling else ""


def _subtitle(measures: Measures, name: str) -> str:
    by, unit = measures.by, "minutes of work" if measures.unit == "minutes" else "visits"
    text = f"{name}, {shown_span(measures)}. {unit.capitalize()} {wording.EACH[by]}; "
    if is_work_in_progress_only(measures):
        text += f"work in progress only at the {by}’s end, because the records do not say who was waiting."
    else:
        text += f"backlog at the {by}’s end."
    if measures.unit == "visits":
        text += " Capacity cannot be counted in visits, so it is not drawn."
    elif all(row.capacity is None for row in measures.rows):
        text += " Capacity is not known, so it is not drawn."
    elif any(row.capacity is None for row in measures.rows):
        text += " Capacity is drawn where it is known."
    if len(measures.rows) > 1 and not measures.rows[0].complete:
        text += f" The records begin within the first {by}, so its demand, capacity and activity are not drawn."
    if not measures.rows[-1].complete:
        text += f" Hollow points: the last {by} is not over."
    return text


def _alt(measures: Measures) -> str:
    """What a person who sees the chart would say of it."""
    rows, by, unit = measures.rows, measures.by, measures.unit
    whole = [row for row in rows if row.complete] or list(rows)
    settled = [row for row in whole if not row.filling] or whole
    text = f"On average {_means(whole, unit, by)}. "
    if len(settled) >= 2 * RECENT[by]:
        # Whole periods end earlier than the days on which the bottleneck is judged: so these say when.
        until = wording.day(wording.last_day(settled[-1].period, by))
        text += f"In the {wording.count(RECENT[by], by)} to {until}: {_means(settled[-RECENT[by] :], unit, by)}. "
    before, now = opening_backlog(rows), rows[-1].backlog
    backlog = "work in progress" if is_work_in_progress_only(measures) else "backlog"
    if wording.number(before) == wording.number(now):
        text += f"The {backlog} began and ended at {wording.amount(now, unit)}"
    else:
        text += f"The {backlog} {'grew' if now > before else 'fell'} from {wording.number(before)}"
        text += f" to {wording.amount(now, unit)}"
    most = max(rows, key=lambda row: row.backlog)
    if most.backlog > max(before, now) * 1.05:
        text += f"; its peak was {wording.number(most.backlog)} ({wording.period(most.period, by)})"
    return text + "."


def _means(rows: Sequence[PeriodRow], unit: str, by: str) -> str:
    def mean(values: Sequence[float]) -> float:
        return sum(values) / len(values)

    joined = wording.amount(mean([row.demand for row in rows]), unit, hours=False)
    text = f"{joined}{' of work' if unit == 'minutes' else ''} joined {wording.EACH[by]}"
    known = [row.capacity for row in rows if row.capacity is not None]
    text += f", {wording.number(mean(known))} could be done" if known else ""
    return f"{text} and {wording.number(mean([row.activity for row in rows]))} were done"


def _records(measures: Measures, line: Timeline) -> list[dict[str, Any]]:
    records = []
    first = measures.rows[0].period
    for row in measures.rows:
        begins, ends = start(row.period, line.by, first), end(row.period, line.by, first)
        known_to = max(begins, min(ends, instant(measures.as_of, first, line.by)))
        records.append(
            {
                "period": row.period,
                "start": written(begins),
                "middle": written(begins + (ends - begins) / 2),
                "end": written(ends),
                "known_to": written(ends if row.complete else known_to),
                "demand": row.demand,
                "capacity": row.capacity,
                "activity": row.activity,
                "backlog": row.backlog,
                "complete": row.complete,
                "filling": row.filling,
            }
        )
    return records


def _spec(measures: Measures, narrow: bool) -> dict[str, Any]:
    rows = measures.rows
    line = Timeline.of([row.period for row in rows], measures.by)
    height = NARROW_HEIGHT if narrow else HEIGHT
    records = _records(measures, line)
    opening = opening_backlog(rows)
    values = [v for row in rows for v in (row.demand, row.capacity or 0.0, row.activity, row.backlog)]
    axis = axis_for([*values, opening], height)
    unit = "minutes of work" if measures.unit == "minutes" else "visits"

    def layer(data: str, mark: Any, at: str, amount: str) -> Any:
        x = alt.X(f"{at}:T", scale=alt.Scale(type="utc", domain=line.domain), axis=line.axis(narrow))
        y = alt.Y(f"{amount}:Q", scale=alt.Scale(domain=axis.domain, nice=False), axis=titled_axis(axis, unit))
        return alt.Chart(alt.NamedData(data), mark=mark).encode(x=x, y=y)

    look = style.LOOK
    backlog_line = {"color": look["backlog"].colour, "strokeWidth": look["backlog"].weight}
    layers = filling_band([(r["start"], r["end"]) for r in records if r["filling"]], line, narrow)
    layers.append(
        layer(
            "levels",
            {"type": "area", "color": style.BACKLOG_FILL, "opacity": 1, "line": backlog_line},
            "at",
            "backlog",
        )
    )
    if any(row.capacity is not None for row in rows):
        mark = {"type": "line", "invalid": "break-paths-show-domains", **look["capacity"].stroke}
        layers.append(layer("steps", mark, "at", "capacity"))
    for flow in ("activity", "demand"):
        stroke = look[flow].stroke
        mark = {"type": "line", "strokeJoin": "round", **stroke}
        point = {"size": 28, "filled": True, "color": stroke["color"]}
        whole = {"point": point} if len(rows) <= FEW else {}
        layers.append(layer("measures", {**mark, **whole}, "middle", flow).transform_filter("datum.complete"))
        if not rows[-1].complete:
            layers.append(layer("unfinished", {**mark, "strokeWidth": 1, "opacity": 0.6}, "middle", flow))
            hollow = {
                "type": "point",
                "size": 36,
                "filled": True,
                "fill": style.PAPER,
                "stroke": stroke["color"],
            }
            hollow |= {"strokeWidth": 1.5, "opacity": 1}
            layers.append(layer("unfinished", hollow, "middle", flow).transform_filter("!datum.complete"))
    last = next((row for row in reversed(rows) if row.complete), rows[-1])
    found = {
        "demand": last.demand,
        "capacity": last.capacity,
        "activity": last.activity,
        "backlog": rows[-1].backlog,
    }
    names = {"backlog": "In progress"} if is_work_in_progress_only(measures) else {}
    ends = [
        End(names.get(name, name.capitalize()), value, **look[name].end)
        for name, value in found.items()
        if value is not None
    ]
    layers += named(ends, axis, height, narrow)
    levels = [{"at": records[0]["start"], "backlog": opening}]
    levels += [{"at": record["known_to"], "backlog": record["backlog"]} for record in records]
    steps = [
        {"at": record[side], "capacity": record["capacity"]}
        for record in records
        if record["complete"]
        for side in ("start", "end")
    ]
    data = {"measures": records, "levels": levels, "steps": steps, "unfinished": records[-2:]}
    return finished(alt.layer(*layers), height=height, narrow=narrow, datasets=data, top=14)
