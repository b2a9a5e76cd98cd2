"""The names of lines, written where the lines end: read at once, and without a key of colours.

Each name has a short piece of its line before it, with the same dash and weight, so that it can be told apart in grey.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from millpond.report import wording
from millpond.report.charts import style
from millpond.report.charts.scale import Axis


@dataclass(frozen=True)
class End:
    """The end of one line.

    Attributes:
        name: how the line is called.
        value: where it ends, in the unit of the axis.
        colour, dash, weight: how it is drawn.
        text: how the value is written; as a number where left out.
    """

    name: str
    value: float
    colour: str
    dash: Sequence[float]
    weight: float
    text: str | None = None


def named(ends: Sequence[End], axis: Axis, height: int, narrow: bool) -> list[Any]:
    """Layers that write the names to the right of the plot, apart from one another.

    Args:
        ends: the lines.
        axis: the axis of amounts.
        height: of the plot, in pixels.
        narrow: the form for a phone: the value below the name.
    """
    places = style.spread([axis.pixel(end.value, height) for end in ends], 29 if narrow else 18, 6, height - 8)
    layers: list[Any] = []
    for end, place in zip(ends, places, strict=True):
        text = wording.number(end.value) if end.text is None else end.text
        lines = [end.name, text] if narrow else f"{end.name} {text}"
        record = {"series": end.name, "value": end.value, "label": lines, "place": round(place, 1)}
        y = alt.Y("place:Q", scale=None)
        sample, start = (12, 16) if narrow else (18, 30)
        left = alt.value(alt.ExprRef("width + 6"))
        right = alt.value(alt.ExprRef(f"width + {6 + sample}"))
        data = alt.InlineData(values=[record])
        rule = alt.Chart(data).mark_rule(color=end.colour, strokeWidth=end.weight, strokeDash=list(end.dash))
        layers.append(rule.encode(x=left, x2=right, y=y))
        name = alt.Chart(data).mark_text(
            align="left",
            baseline="middle" if not narrow else "line-top",
            color=end.colour,
            fontWeight=600,
            lineHeight=13,
            fontSize=11 if narrow else 12,
            dy=-6 if narrow else 0,
        )
        written = alt.value(alt.ExprRef(f"width + {start + (6 if narrow else 0)}"))
        layers.append(name.encode(x=written, y=y, text=alt.Text("label:N")))
    return layers
