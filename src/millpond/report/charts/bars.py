"""Bars that lie, each with its name above it and its number behind it, so that long names fit on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from millpond.report.charts import style
from millpond.report.charts.scale import axis_for, finished

ROW = 44
THICK = 16
MOST_BARS = 16
"""Bars in one picture; the table under it has every row."""


@dataclass(frozen=True)
class Bar:
    """One bar.

    Attributes:
        name: what it stands for.
        value: how long it is.
        text: the number as it is written behind it.
        strong: drawn darker, because it is what the reader should see.
    """

    name: str
    value: float
    text: str
    strong: bool = False


def bars(given: Sequence[Bar], narrow: bool, mark: float | None = None, mark_name: str = "") -> dict[str, Any]:
    """The specification of bars, the first at the top.

    Args:
        given: the bars; those beyond `MOST_BARS` are left out.
        narrow: the form for a phone.
        mark: where a line is drawn across them.
        mark_name: what stands at that line.
    """
    shown = list(given[:MOST_BARS])
    height = ROW * len(shown)
    axis = axis_for([bar.value for bar in shown] + ([mark] if mark is not None else []), 200)
    # Names are cut where they would run out of the picture; the table has them whole.
    letters = 46 if narrow else 100
    records = [
        {
            "name": bar.name,
            "shown": bar.name if len(bar.name) <= letters else bar.name[: letters - 1].rstrip() + "…",
            "value": bar.value,
            "text": bar.text,
            "strong": bar.strong,
            "top": ROW * place + 22,
            "middle": ROW * place + 22 + THICK / 2,
            "bottom": ROW * place + 22 + THICK,
        }
        for place, bar in enumerate(shown)
    ]
    scale = alt.Scale(
        domain=[axis.low, max(axis.high, max((bar.value for bar in shown), default=0) * 1.02)], nice=False
    )
    data = alt.Chart(alt.NamedData("bars"))
    length = alt.X("value:Q", scale=scale, axis=None)
    layers: list[Any] = [
        data.mark_rect(cornerRadiusEnd=2).encode(
            x=length,
            x2=alt.datum(0),
            y=alt.Y("top:Q", scale=None),
            y2="bottom:Q",
            color=alt.condition("datum.strong", alt.value(style.STRONG), alt.value(style.SOFT)),
        )
    ]
    if mark is not None:
        at = alt.Chart(alt.InlineData(values=[{"at": mark, "name": mark_name}]))
        place = alt.X("at:Q", scale=scale, axis=None)
        rule = at.mark_rule(color=style.INK, strokeWidth=1.6, strokeDash=[5, 3])
        layers.append(rule.encode(x=place, y=alt.value(4), y2=alt.value(height)))
        name = at.mark_text(baseline="bottom", fontSize=11, color=style.MUTED)
        layers.append(name.encode(x=place, y=alt.value(2), text="name:N"))
    # Letters may meet the line: a white edge keeps them apart.
    edges: tuple[dict[str, Any], ...] = ({"stroke": style.PAPER, "strokeWidth": 5, "strokeJoin": "round"}, {})
    for edge in edges:
        above = data.mark_text(align="left", baseline="bottom", fontSize=12, color=style.INK, dy=-4, **edge)
        layers.append(above.encode(x=alt.value(0), y=alt.Y("top:Q", scale=None), text="shown:N"))
        behind = data.mark_text(align="left", baseline="middle", dx=6, fontSize=12, fontWeight=600, **edge)
        layers.append(behind.encode(x=length, y=alt.Y("middle:Q", scale=None), text="text:N"))
    return finished(alt.layer(*layers), height=height, narrow=narrow, datasets={"bars": records}, top=10)
