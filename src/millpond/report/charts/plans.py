"""Plans in pictures: what each costs against the backlog that it leaves, and who pays and who gains."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import altair as alt

from millpond.planning.comparison import Comparison, PlanRow
from millpond.report import wording
from millpond.report.charts import style
from millpond.report.charts.chart import Chart, blank
from millpond.report.charts.scale import axis_for, finished, titled_axis
from millpond.report.figures import Figures
from millpond.simulation.intervals import Estimate

HEIGHT = 330
ROW = 30
_PAYS, _GAINS = style.DEMAND, style.ACTIVITY


def cost_against_backlog(comparison: Comparison) -> Chart:
    """Each plan as a point: its cost to the right, the backlog that it leaves upwards, each with its interval.

    Args:
        comparison: the result.
    """
    title = "What each plan costs, and the backlog that it leaves"
    subtitle = (
        f"All pools, {_span(comparison)}. Mean backlog in minutes of work against cost in {comparison.currency}, with "
        "95% intervals; below and to the left is better. Filled: could be the best."
    )
    rows = tuple(
        (
            row.label,
            _text(row.cost),
            _text(row.backlog),
            "" if row.kept is None else f"{row.kept.value:.0%}",
            "yes" if row.could_be_best else "no",
        )
        for row in comparison.plans.rows
    )
    header = ("Plan", f"Cost, {comparison.currency}", "Backlog, minutes", "Promise kept", "Could be best")
    table = Figures(f"Plans over {_span(comparison)}", header, rows, frozenset({1, 2, 3}))
    drawn = [row for row in comparison.plans.rows if row.cost is not None]
    if not drawn:
        return blank("plans", title, subtitle, table, "Costs are not known: pools have no cost_per_hour.")
    wide, narrow = (_points(drawn, comparison.currency, is_narrow) for is_narrow in (False, True))
    return Chart("plans", title, subtitle, _points_alt(comparison), wide, narrow, table)


def who_pays_and_gains(comparison: Comparison, labels: Mapping[str, str]) -> Chart:
    """For each plan and organisation two bars: what it pays more, and how much less backlog its pools have.

    Args:
        comparison: the result.
        labels: how organisations are called.
    """
    title = "Who pays for each plan, and whose backlog falls"
    subtitle = (
        f"{_span(comparison)}. Change against doing nothing: cost in {comparison.currency} on the left, mean backlog "
        "of the organisation's own pools in minutes of work on the right."
    )
    shown = [
        (row, f"{row.plan}: {labels.get(row.organisation or '', row.organisation or 'nobody named')}")
        for row in comparison.organisations.rows
        if row.cost_change is not None
        and (row.cost_change.value != 0 or (row.backlog_change and row.backlog_change.value))
    ]
    header = ("Plan and organisation", f"Cost, {comparison.currency}", "Backlog, minutes", "Wait", "Lead time")
    cells = tuple(
        (
            name,
            _signed(row.cost_change),
            _signed(row.backlog_change),
            "" if row.wait_change is None else f"{wording.signed(row.wait_change.value)} minutes",
            "" if row.lead_time_change is None else f"{wording.signed(row.lead_time_change.value)} minutes",
        )
        for row, name in shown
    )
    table = Figures(f"Who pays and who gains over {_span(comparison)}", header, cells, frozenset({1, 2, 3, 4}))
    if not shown:
        return blank("payers", title, subtitle, table, "No plan changes what anybody pays or has to do.")
    records = [
        {
            "name": name,
            "cost": row.cost_change.value if row.cost_change else 0.0,
            "backlog": row.backlog_change.value if row.backlog_change else 0.0,
            "cost_text": _signed(row.cost_change),
            "backlog_text": _signed(row.backlog_change) or "has no pool",
            "top": 2 * ROW * place + 22,
            "middle": 2 * ROW * place + 32,
            "bottom": 2 * ROW * place + 42,
        }
        for place, (row, name) in enumerate(shown)
    ]
    wide, narrow = (_two_sided(records, comparison.currency, is_narrow) for is_narrow in (False, True))
    top = max(shown, key=lambda pair: pair[0].cost_change.value if pair[0].cost_change else 0.0)
    gains = min(shown, key=lambda pair: pair[0].backlog_change.value if pair[0].backlog_change else 0.0)
    alt_text = (
        f"The most is paid in {top[1]}: {_signed(top[0].cost_change)} {comparison.currency}. The backlog falls most in "
        f"{gains[1]}: {_signed(gains[0].backlog_change)} minutes."
    )
    return Chart("payers", title, subtitle, alt_text, wide, narrow, table)


def save_plan_charts(comparison: Comparison, folder: Path, labels: Mapping[str, str]) -> tuple[Path, ...]:
    """Writes both charts as SVG and PNG into a folder, which is made if it is not there.

    Args:
        comparison: the result.
        folder: where.
        labels: how organisations are called.

    Raises:
        CannotWrite: a file cannot be written.
    """
    charts = (cost_against_backlog(comparison), who_pays_and_gains(comparison, labels))
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(chart.save(folder / f"{chart.key}{suffix}") for chart in charts for suffix in (".svg", ".png"))


def _points(rows: list[PlanRow], currency: str, narrow: bool) -> dict[str, Any]:
    costs = [
        end for row in rows if row.cost for end in (row.cost.value, row.cost.low, row.cost.high) if end is not None
    ]
    backlogs = [
        end for row in rows for end in (row.backlog.value, row.backlog.low, row.backlog.high) if end is not None
    ]
    across, up = axis_for(costs, 300 if narrow else 420, zero=False), axis_for(backlogs, HEIGHT)
    # Room for names to the right of the dearest.
    domain = [across.low, across.high + (across.high - across.low) * (0.45 if narrow else 0.14)]
    records: list[dict[str, Any]] = [
        {
            "name": row.plan,
            "cost": row.cost.value,
            "cost_low": row.cost.value if row.cost.low is None else row.cost.low,
            "cost_high": row.cost.value if row.cost.high is None else row.cost.high,
            "backlog": row.backlog.value,
            "low": row.backlog.value if row.backlog.low is None else row.backlog.low,
            "high": row.backlog.value if row.backlog.high is None else row.backlog.high,
            "best": row.could_be_best,
        }
        for row in rows
        if row.cost is not None
    ]
    places = style.spread([up.pixel(one["backlog"], HEIGHT) for one in records], 15, 6, HEIGHT - 6)
    for one, place in zip(records, places, strict=True):
        one["place"] = round(place, 1)
    data = alt.Chart(alt.NamedData("plans"))
    wide_axis = alt.Axis(
        values=across.ticks[:: 2 if narrow else 1], format=across.format, title=f"cost, {currency}", grid=True
    )
    scale_x, scale_y = (alt.Scale(domain=ends, nice=False, zero=False) for ends in (domain, up.domain))
    x = alt.X("cost:Q", scale=scale_x, axis=wide_axis)
    y = alt.Y("backlog:Q", scale=scale_y, axis=titled_axis(up, "backlog, minutes"))
    ink = alt.condition("datum.best", alt.value(style.STRONG), alt.value(style.MUTED))
    layers = [
        data.mark_rule(strokeWidth=1.6).encode(x=alt.X("cost_low:Q", scale=scale_x), x2="cost_high:Q", y=y, color=ink),
        data.mark_rule(strokeWidth=1.6).encode(x=x, y=alt.Y("low:Q", scale=scale_y), y2="high:Q", color=ink),
        data.mark_point(size=70, strokeWidth=1.8).encode(
            x=x,
            y=y,
            stroke=ink,
            fill=alt.condition("datum.best", alt.value(style.STRONG), alt.value(style.PAPER)),
            opacity=alt.value(1),
        ),
    ]
    edges: tuple[dict[str, Any], ...] = ({"stroke": style.PAPER, "strokeWidth": 4, "strokeJoin": "round"}, {})
    for edge in edges:
        name = data.mark_text(align="left", baseline="middle", dx=9, fontSize=12, fontWeight=600, **edge)
        layers.append(name.encode(x=x, y=alt.Y("place:Q", scale=None), text="name:N"))
    return finished(alt.layer(*layers), height=HEIGHT, narrow=narrow, datasets={"plans": records}, top=26)


def _two_sided(records: list[dict[str, Any]], currency: str, narrow: bool) -> dict[str, Any]:
    height = 2 * ROW * len(records) + 4
    width = (style.NARROW if narrow else style.WIDE) / 2 - 12
    data = alt.Chart(alt.NamedData("payers"))
    halves = []
    for field, colour, place in (("cost", _PAYS, 0.0), ("backlog", _GAINS, width + 20)):
        axis = axis_for([one[field] for one in records], 200)
        span = (axis.high - axis.low) * (0.5 if narrow else 0.28)
        low, high = axis.low - (span if axis.low < 0 else 0), axis.high + (span if axis.high > 0 else 0)
        scale = alt.Scale(domain=[low, high], range=[place, place + width], nice=False)
        length = alt.X(f"{field}:Q", scale=scale, axis=None)
        bar = data.mark_rect(color=colour).encode(
            x=length, x2=alt.datum(0), y=alt.Y("top:Q", scale=None), y2="bottom:Q"
        )
        zero = alt.Chart(alt.InlineData(values=[{"at": 0}])).mark_rule(color=style.INK, strokeWidth=1)
        line = zero.encode(x=alt.X("at:Q", scale=scale, axis=None), y=alt.value(4), y2=alt.value(height))
        layers = [bar, line]
        for positive in (True, False):
            text = data.transform_filter(f"datum.{field} {'>=' if positive else '<'} 0").mark_text(
                align="left" if positive else "right", dx=5 if positive else -5, fontSize=11, fontWeight=600
            )
            layers.append(text.encode(x=length, y=alt.Y("middle:Q", scale=None), text=f"{field}_text:N"))
        head = alt.Chart(
            alt.InlineData(values=[{"head": f"pays, {currency}" if field == "cost" else "backlog, minutes"}])
        )
        title = head.mark_text(align="left", baseline="bottom", fontSize=11, color=style.MUTED)
        layers.append(title.encode(x=alt.value(place), y=alt.value(0), text="head:N"))
        halves.append(alt.layer(*layers))
    name = data.mark_text(align="left", baseline="bottom", fontSize=12, color=style.INK, dx=4, dy=-3)
    names = name.encode(x=alt.value(0), y=alt.Y("top:Q", scale=None), text="name:N")
    whole = alt.layer(*halves, names).resolve_scale(x="independent")
    return finished(whole, height=height, narrow=narrow, datasets={"payers": records}, top=18)


def _points_alt(comparison: Comparison) -> str:
    nothing, *plans = comparison.plans.rows
    text = f"Doing nothing leaves {wording.number(nothing.backlog.value)} minutes of backlog"
    if nothing.cost is not None:
        text += f" and costs {comparison.currency} {wording.number(nothing.cost.value)}"
    told = [
        f"{row.plan} leaves {wording.number(row.backlog.value)} for {wording.number(row.cost.value)}"
        for row in plans
        if row.cost is not None
    ]
    return f"{text}; {wording.listed(told, 6)}." if told else f"{text}."


def _span(comparison: Comparison) -> str:
    return f"{wording.count(comparison.days, 'day')} from {wording.day(comparison.first_day)}"


def _text(one: Estimate | None) -> str:
    if one is None:
        return "unknown"
    if one.low is None or one.high is None or one.low == one.high:
        return wording.number(one.value)
    return f"{wording.number(one.value)} ({wording.number(one.low)} to {wording.number(one.high)})"


def _signed(one: Estimate | None) -> str:
    return "" if one is None else wording.signed(one.value)
