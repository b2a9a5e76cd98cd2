"""The risk that a promise is broken, against the capacity of one pool: by simulation, and where other ways point.

Points with their intervals are staffings that were tried, other pools being as in the answer. Formulas and percentiles
stand where they would have the capacity, at the risk that the pool's own days then have.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal

import altair as alt

from millpond.errors import WrongUse
from millpond.planning.least import OTHER_LUCK, LeastCapacity
from millpond.planning.ways import FORMULA, PERCENTILE, RESAMPLED, SIMULATED
from millpond.report import wording
from millpond.report.charts import style
from millpond.report.charts.chart import Chart, blank
from millpond.report.charts.scale import Axis, axis_for, finished, titled_axis
from millpond.report.figures import Figures

HEIGHT = 300
_LOOKS = {
    SIMULATED: (style.ACTIVITY, "circle"),
    RESAMPLED: (style.BACKLOG, "diamond"),
    FORMULA: (style.DEMAND, "triangle-up"),
    PERCENTILE: (style.SHADE_INK, "square"),
}


def risk_chart(result: LeastCapacity, pool: str | None = None, labels: Mapping[str, str] | None = None) -> Chart:
    """The risk against the capacity of a pool, with the three ways marked.

    Args:
        result: the least capacity.
        pool: whose capacity; the first that the promise is about where left out.
        labels: how pools are called; their keys where left out.

    Raises:
        WrongUse: the promise is not about that pool.
    """
    judged = list(dict.fromkeys(row.pool for row in result.ways.rows))
    if not judged:
        raise WrongUse("Where a budget decides there is no risk to draw.\nPromise a number instead of the ?.")
    pool = pool or judged[0]
    if pool not in judged:
        raise WrongUse(f"The promise is not about a pool '{pool}'.\nChoose one of {', '.join(judged)}.")
    name = (labels or {}).get(pool, pool)
    records = [*_staffings(result, pool), *_others(result, pool)]
    records.sort(key=lambda record: (record["minutes"], record["kind"]))
    first = date.fromisoformat(result.first_day) + timedelta(days=result.settle_days)
    title = f"{name}: how often “{_promise(result.promise, labels or {})}” is broken, by capacity"
    subtitle = (
        f"{name}, {wording.count(result.days, 'day')} from {wording.day(first)} on. Share of replications that break "
        "it at some day's end, in per cent, against minutes of capacity a working day; bars are 95% intervals."
    )
    rows = tuple(
        (
            record["way"],
            wording.number(record["minutes"]),
            f"{record['workers']:.1f}",
            f"{record['broken']:.1f}%",
            f"{record['low']:.1f}% to {record['high']:.1f}%",
        )
        for record in records
    )
    header = ("Way", "Minutes a working day", "Workers", "Broken", "95% interval")
    table = Figures(f"Risk by capacity of {name}", header, rows, frozenset({1, 2, 3, 4}))
    if not records:
        return blank(f"risk-{pool}", title, subtitle, table, "No capacity was found by any of the ways.")
    specs = [_spec(records, 100 * result.risk, narrow) for narrow in (False, True)]
    return Chart(f"risk-{pool}", title, subtitle, _alt(result, pool, name, records), specs[0], specs[1], table)


def _promise(promise: str, labels: Mapping[str, str]) -> str:
    """A promise for a reader: with what its pool is called, and without signs."""
    name, _, rest = promise.rpartition(": ")
    return (f"{labels.get(name, name)}: " if name else "") + rest.replace("<=", "at most")


def _staffings(result: LeastCapacity, pool: str) -> list[dict[str, Any]]:
    """The staffings that differ from the answer in this pool alone."""
    place = result.pools.index(pool)
    others = [
        row for row in result.ways.rows if row.pool == pool and row.kind in (SIMULATED, RESAMPLED) and row.workers
    ]
    minutes, workers = others[-1].minutes, others[-1].workers
    assert minutes is not None and workers is not None
    each = minutes / workers
    kind = others[-1].kind
    answer = result.answer.workers
    return [
        {
            "kind": kind,
            "way": f"{row.workers[place]:g} workers" + (", the answer" if row is result.answer else ""),
            "label": f"{row.workers[place]:g} {'worker' if row.workers[place] == 1 else 'workers'}",
            "short": f"{row.workers[place]:g}",
            "is_answer": row is result.answer,
            "is_tried": True,
            "minutes": row.workers[place] * each,
            "workers": row.workers[place],
            "broken": 100 * row.broken,
            "low": 100 * row.low,
            "high": 100 * row.high,
        }
        for row in result.staffings.rows
        if row.role != OTHER_LUCK and row.broken is not None and row.low is not None and row.high is not None
        if [*row.workers[:place], *row.workers[place + 1 :]] == [*answer[:place], *answer[place + 1 :]]
    ]


def _others(result: LeastCapacity, pool: str) -> list[dict[str, Any]]:
    return [
        {
            "kind": row.kind,
            "way": row.way,
            "label": row.way.partition(" ")[0] if row.kind == PERCENTILE else "",
            "short": "",
            "is_answer": False,
            "is_tried": False,
            "minutes": row.minutes,
            "workers": row.workers,
            "broken": 100 * row.broken,
            "low": 100 * row.broken_low,
            "high": 100 * row.broken_high,
        }
        for row in result.ways.rows
        if row.pool == pool and row.kind != SIMULATED and row.way != "the cheapest staffing"
        if row.minutes is not None and row.workers is not None and row.broken is not None
        if row.broken_low is not None and row.broken_high is not None
    ]


def _alt(result: LeastCapacity, pool: str, name: str, records: list[dict[str, Any]]) -> str:
    answer = next(record for record in records if record["is_answer"])
    text = (
        f"With {answer['workers']:g} in {name}, {wording.number(answer['minutes'])} minutes a working day, the promise "
        f"is broken in {answer['broken']:.1f}% of replications"
    )
    fewer = [record for record in records if record["is_tried"] and record["minutes"] < answer["minutes"]]
    if fewer:
        text += f"; with {fewer[-1]['workers']:g} in {fewer[-1]['broken']:.0f}%"
    common = [record for record in records if record["way"].startswith("80th")]
    if common:
        text += (
            f". The 80th percentile of demand, {wording.number(common[0]['minutes'])} minutes, would break it in "
            f"{common[0]['broken']:.0f}%"
        )
    return text + "."


def _spec(records: list[dict[str, Any]], risk: float, narrow: bool) -> dict[str, Any]:
    across = axis_for([record["minutes"] for record in records], 300 if narrow else 520, zero=False)
    # A name at the right end is set to the left of its point.
    last = across.high - 0.06 * (across.high - across.low)
    up = Axis(0, 100, 20)
    data = alt.NamedData(name="risk")
    kinds = [kind for kind in _LOOKS if any(record["kind"] == kind for record in records)]
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=kinds, range=[_LOOKS[kind][0] for kind in kinds]),
        legend=alt.Legend(orient="top", title=None, columns=2 if narrow else len(kinds)),
    )
    shape = alt.Shape("kind:N", scale=alt.Scale(domain=kinds, range=[_LOOKS[kind][1] for kind in kinds]))
    x = alt.X(
        "minutes:Q",
        scale=alt.Scale(domain=across.domain, nice=False),
        axis=alt.Axis(values=across.ticks, format=across.format, title="minutes of capacity a working day"),
    )
    y = alt.Y("broken:Q", scale=alt.Scale(domain=up.domain), axis=titled_axis(up, "% of replications"))
    base = alt.Chart(data)
    # Those on the ground stand on two levels, for percentiles and workers lie side by side there.
    places: tuple[tuple[str, int, int, Literal["left", "center", "right"]], ...] = (
        (f"datum.is_tried && datum.broken < 90 && datum.minutes <= {last}", 0, -26, "center"),
        (f"datum.is_tried && datum.broken < 90 && datum.minutes > {last}", 4, -26, "right"),
        ("datum.is_tried && datum.broken >= 90", 9, 14, "left"),
        ("!datum.is_tried && datum.label !== ''", 0, -44, "center"),
    )
    edges: tuple[dict[str, Any], ...] = ({"stroke": style.PAPER, "strokeWidth": 5, "strokeJoin": "round"}, {})
    layers = [
        base.transform_filter("datum.is_tried")
        .mark_line(color=style.SOFT, strokeWidth=1.4, strokeDash=[3, 3])
        .encode(x=x, y=y),
        base.mark_rule(strokeWidth=1.6).encode(x=x, y=alt.Y("low:Q"), y2="high:Q", color=colour),
        base.mark_point(size=80, filled=True, opacity=1).encode(x=x, y=y, color=colour, shape=shape),
        base.transform_filter("datum.is_answer")
        .mark_point(size=260, filled=False, strokeWidth=2, color=style.INK, shape="circle")
        .encode(x=x, y=y),
        alt.Chart(alt.NamedData(name="allowed")).mark_rule(color=style.INK, strokeDash=[6, 4]).encode(y="risk:Q"),
        *(
            base.transform_filter(which)
            .mark_text(dx=dx, dy=dy, align=align, color=style.MUTED, **edge)
            .encode(x=x, y=y, text="short:N" if narrow else "label:N")
            # Letters may meet a line: a white edge keeps them apart.
            for edge in edges
            for which, dx, dy, align in places
        ),
        alt.Chart(alt.NamedData(name="allowed"))
        .mark_text(align="left", baseline="bottom", dx=4, dy=-3, color=style.INK)
        .encode(x=alt.value(0), y="risk:Q", text="text:N"),
    ]
    allowed = [{"risk": risk, "text": f"allowed: {risk:.3g}%"}]
    return finished(alt.layer(*layers), HEIGHT, narrow, {"risk": records, "allowed": allowed}, right=10, top=8)
