"""Recent days that are still filling up in the records, shaded and named so that nobody reads them as a fall."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from millpond.report.charts import style
from millpond.report.charts.timeline import Timeline


def filling_band(spans: Sequence[tuple[str, str]], line: Timeline, narrow: bool) -> list[Any]:
    """Layers that shade the span from the first start to the last end.

    Args:
        spans: start and end of each period that is still filling up, as written in the specification, in order.
        line: the time axis.
        narrow: the form for a phone, with fewer words.
    """
    if not spans:
        return []
    data = alt.InlineData(values=[{"from": spans[0][0], "to": spans[-1][1]}])
    scale = alt.Scale(type="utc", domain=line.domain)
    band = alt.Chart(data).mark_rect(color=style.SHADE).encode(x=alt.X("from:T", scale=scale), x2=alt.X2("to:T"))
    words = "still filling up" if narrow else "records still filling up"
    name = (
        alt.Chart(data)
        .mark_text(align="right", baseline="bottom", color=style.SHADE_INK, fontSize=11, text=words)
        .encode(x=alt.X("to:T", scale=scale), y=alt.value(-4))
    )
    return [band, name]
