"""How much more or less comes by weekday, month or hour: a point for each effect, and its 95% interval."""

from __future__ import annotations

from typing import Any

import altair as alt

from millpond.report import wording
from millpond.report.charts import style
from millpond.report.charts.chart import Chart, blank
from millpond.report.charts.scale import axis_for, finished, titled_axis
from millpond.report.figures import Figures
from millpond.variation.effects import EffectRow
from millpond.variation.seasonality import Seasonality

HEIGHT = 230
GROUPS = {
    "weekday": ("weekday",),
    "hour": ("hour",),
    "month": ("month",),
    "special": ("bank holiday", "school holiday", "trend"),
}
"""What is drawn together."""
_TITLES = {
    "weekday": "What each weekday brings",
    "hour": "What each hour brings",
    "month": "What each month brings",
    "special": "Bank holidays, school holidays and trend",
}


def seasonal_effects(seasonality: Seasonality, group: str) -> Chart:
    """The effects of one group.

    Args:
        seasonality: the result.
        group: ``weekday``, ``hour``, ``month`` or ``special``.
    """
    rows = [row for kind in GROUPS[group] for row in seasonality.kind(kind)]
    key, title = f"seasonality-{group}", f"{seasonality.of}: {_TITLES[group][0].lower()}{_TITLES[group][1:]}"
    if not rows:
        table = Figures(title, ("Time", "Change", "95% interval"), ())
        return blank(key, title, seasonality.of, table, "The history says too little of this.")
    span = f"{wording.day(seasonality.history_first or '')} to {wording.day(seasonality.history_last or '')}"
    than = rows[0].than if group != "special" else "is usual"
    subtitle = f"{seasonality.of}, {span}. Per cent more or fewer {seasonality.unit} than {than}; "
    subtitle += "lines are 95% intervals."
    cells = tuple(
        (row.name, _signed(row.change), f"{_signed(row.low)} to {_signed(row.high)}", wording.number(row.arrivals))
        for row in rows
    )
    header = (group.capitalize(), "Change", "95% interval", seasonality.unit.capitalize())
    table = Figures(f"{title}, {span}", header, cells, frozenset({1, 2, 3}))
    clear = [row for row in rows if row.low > 0 or row.high < 0] or rows
    ordered = sorted(clear, key=lambda row: row.change)
    told = [ordered[-1].sentence, *([ordered[0].sentence] if len(ordered) > 1 else [])]
    specs = [_spec(rows, group, narrow) for narrow in (False, True)]
    return Chart(key, title, subtitle, " ".join(told), specs[0], specs[1], table)


def _signed(share: float) -> str:
    return wording.signed(round(100 * share)) + "%"


def _spec(rows: list[EffectRow], group: str, narrow: bool) -> dict[str, Any]:
    records = [
        {
            "name": _short(row, group),
            "change": 100 * row.change,
            "low": 100 * row.low,
            "high": 100 * row.high,
            "clear": row.low > 0 or row.high < 0,
        }
        for row in rows
    ]
    axis = axis_for([100 * end for row in rows for end in (row.low, row.high)], HEIGHT)
    order = [_short(row, group) for row in rows]
    shown = order[::3] if group == "hour" and narrow else order
    across = alt.X(
        "name:O", sort=order, axis=alt.Axis(title=None, labelAngle=0, ticks=False, values=shown, labelOverlap=False)
    )
    colour = alt.condition("datum.clear", alt.value(style.STRONG), alt.value(style.SOFT))

    scale = alt.Scale(domain=axis.domain, nice=False)
    # Every layer has the same axis: one without would take away its ticks.
    marked = titled_axis(axis, "per cent more (up) or fewer (down)")

    def amount(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=marked)

    base = alt.Chart(alt.NamedData("effects"))
    layers = [
        alt.Chart().mark_rule(color=style.INK).encode(y=alt.YDatum(0, scale=scale, axis=marked)),
        base.mark_rule(strokeWidth=2.4).encode(x=across, y=amount("low"), y2="high:Q", color=colour),
        base.mark_point(filled=True, size=70, opacity=1).encode(x=across, y=amount("change"), color=colour),
    ]
    return finished(alt.layer(*layers), height=HEIGHT, narrow=narrow, datasets={"effects": records}, top=14)


def _short(row: EffectRow, group: str) -> str:
    if group == "hour":
        return row.name[:2]
    if group == "special":
        return row.name[0].upper() + row.name[1:]
    return row.name[: wording.SHORT]
