"""Reality over the band of the replications: the cases under way, day by day, since the split of a backtest."""

from __future__ import annotations

from typing import Any

import altair as alt

from millpond.calibration.backtesting.results import Backtest
from millpond.report import wording
from millpond.report.charts import style
from millpond.report.charts.chart import Chart, blank
from millpond.report.charts.scale import axis_for, finished, titled_axis
from millpond.report.charts.timeline import Timeline
from millpond.report.figures import Figures

HEIGHT = 240


def backtest_chart(result: Backtest) -> Chart:
    """The picture of a backtest.

    Args:
        result: what it came to.
    """
    rows = result.backlog.rows
    span = f"{wording.day(result.split)} to {wording.day(result.until)}"
    title = f"{result.service}: did the model foresee what came?"
    subtitle = (
        f"Cases under way as each day began, {span}. Line: as it was. Band: where "
        f"{100 * result.backlog.share:.0f}% are expected by a model that has seen nothing since the first of these "
        "days. Dashed: its middle."
    )
    cells = tuple(
        (row.day, str(row.real), wording.number(row.median), wording.number(row.low), wording.number(row.high))
        for row in rows
    )
    table = Figures(
        f"Cases under way, {span}", ("Day", "Real", "Median", "Low", "High"), cells, frozenset({1, 2, 3, 4})
    )
    share = result.backlog.inside
    if share is None:
        return blank("backtest", title, subtitle, table, "The later part is shorter than a day.")
    last = f"{wording.count(rows[-1].real, 'case')} {'was' if rows[-1].real == 1 else 'were'}"
    alternative = (
        f"Reality lay within the band on {100 * share:.0f}% of {wording.count(len(rows), 'day')}. On "
        f"the last day {last} under way; the model had expected {wording.number(rows[-1].low)} to "
        f"{wording.number(rows[-1].high)}."
    )
    specs = [_spec(result, narrow) for narrow in (False, True)]
    return Chart("backtest", title, subtitle, alternative, specs[0], specs[1], table)


def _spec(result: Backtest, narrow: bool) -> dict[str, Any]:
    rows = result.backlog.rows
    records = [
        {"at": row.day, "real": row.real, "median": row.median, "low": row.low, "high": row.high} for row in rows
    ]
    line = Timeline.of([row.day for row in rows], "day")
    axis = axis_for([value for row in rows for value in (row.real, row.low, row.high)] + [0], HEIGHT)
    data = alt.NamedData("days")

    def at() -> alt.X:
        return alt.X("at:T", scale=alt.Scale(type="utc", domain=line.domain), axis=line.axis(narrow))

    def amount(field: str) -> alt.Y:
        scale = alt.Scale(domain=axis.domain, nice=False)
        return alt.Y(f"{field}:Q", scale=scale, axis=titled_axis(axis, "cases"))

    band = alt.Chart(data).mark_area(color=style.SHADE, opacity=1).encode(x=at(), y=amount("low"), y2="high:Q")
    median = (
        alt.Chart(data)
        .mark_line(color=style.MUTED, strokeWidth=1.5, strokeDash=[5, 4])
        .encode(x=at(), y=amount("median"))
    )
    real = alt.Chart(data).mark_line(color=style.INK, strokeWidth=2).encode(x=at(), y=amount("real"))
    return finished(alt.layer(band, median, real), height=HEIGHT, narrow=narrow, datasets={"days": records}, top=14)
