"""When new cases come: every hour of the week, with the number in the cell.

Hours before the first and after the last in which anybody came are left out of the picture, not of the table.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from millpond.measures.arrivals import HourRow, HoursOfTheWeek
from millpond.report import hiding, wording
from millpond.report.charts import style
from millpond.report.charts.chart import Chart, blank
from millpond.report.charts.scale import finished
from millpond.report.figures import Figures

DAYS = tuple(day[: wording.SHORT] for day in wording.WEEKDAYS)


def arrivals_by_hour(hours: HoursOfTheWeek, suppress_below: int = 0) -> Chart:
    """New cases by weekday and hour of the day.

    Args:
        hours: the result.
        suppress_below: numbers from 1 to less than this are not told, in figures for sharing.
    """
    as_of = wording.day(hours.as_of)
    header = ("Hour", *wording.WEEKDAYS)
    counts = [row.arrivals for row in hours.rows]
    texts = hiding.told(counts, suppress_below)
    concealed = hiding.hidden(counts, suppress_below)
    cells = {(row.weekday, row.hour): text for row, text in zip(hours.rows, texts, strict=True)}
    rows = tuple((f"{hour:02d}:00", *(cells.get((day, hour), "0") for day in range(7))) for hour in range(24))
    table = Figures(
        f"New cases by weekday and hour, up to {as_of}",
        header,
        rows if hours.rows else (),
        frozenset(range(1, 8)),
    )
    title = "When new cases come"
    subtitle = f"Whole service, up to {as_of}. Number of new cases in each hour of the week; darker is more."
    came = [row for row in hours.rows if row.arrivals]
    if not came:
        return blank("arrivals", title, subtitle, table, "No case has arrived.")
    first, last = min(row.hour for row in came), max(row.hour for row in came)
    if last - first < 23:
        subtitle += f" Nobody came between {wording.hour_of_day(last + 1)} and {wording.hour_of_day(first)}."
    if concealed:
        subtitle += f" Numbers below {suppress_below}, and what would tell them, are not shown."
    most = max(counts)
    records = [
        _record(row, most, suppress_below, text, place in concealed)
        for place, (row, text) in enumerate(zip(hours.rows, texts, strict=True))
        if first <= row.hour <= last
    ]
    wide, narrow = (_spec(records, first, last, is_narrow) for is_narrow in (False, True))
    return Chart("arrivals", title, subtitle, _alt(came, suppress_below), wide, narrow, table)


def _record(row: HourRow, most: int, below: int, text: str, is_hidden: bool) -> dict[str, Any]:
    # The shade of a cell would tell the number that its text hides.
    fill = style.heat((below / 2 if is_hidden else row.arrivals) / most)
    shown = f"{row.arrivals}" if row.arrivals else ""
    return {
        "weekday": DAYS[row.weekday],
        "hour": row.hour,
        "arrivals": None if is_hidden else row.arrivals,
        "text": shown if not is_hidden else "–" if text == hiding.NOT_SHOWN else f"<{below}",
        "fill": fill,
        "ink": style.ink_on(fill),
    }


def _alt(came: list[HourRow], below: int) -> str:
    total = sum(row.arrivals for row in came)
    by_day = [sum(row.arrivals for row in came if row.weekday == day) for day in range(7)]
    busiest = max(range(7), key=lambda day: by_day[day])
    weekend = by_day[5] + by_day[6]
    hour = max(range(24), key=lambda h: sum(row.arrivals for row in came if row.hour == h))
    text = f"Of {wording.count(total, 'new case')}, {wording.percent(by_day[busiest] / total)} came on a "
    text += f"{wording.WEEKDAYS[busiest]}, the busiest day"
    if hiding.is_small(weekend, below):
        text += ", and few at the weekend"
    else:
        text += f", and {wording.percent(weekend / total)} at the weekend" if weekend else ", and none at the weekend"
    return f"{text}. The busiest hour begins at {wording.hour_of_day(hour)}."


def _spec(records: list[dict[str, Any]], first: int, last: int, narrow: bool) -> dict[str, Any]:
    hours = list(range(first, last + 1))
    label = "datum.value == 0 ? '12am' : datum.value < 12 ? datum.value + 'am' : datum.value == 12 ? '12pm' : "
    label += "(datum.value - 12) + 'pm'"
    every = 1 if narrow or len(hours) <= 14 else 2
    hour_axis = alt.Axis(
        title=None,
        labelExpr=label,
        values=hours[::every],
        labelAngle=0,
        labelOverlap=False,
        ticks=False,
        domain=False,
        orient="left" if narrow else "top",
    )
    day_axis = alt.Axis(
        title=None,
        labelAngle=0,
        ticks=False,
        domain=False,
        orient="top" if narrow else "left",
        labelColor=style.INK,
    )
    across = alt.Scale(paddingInner=0.06, paddingOuter=0)
    hour: dict[str, Any] = {"field": "hour", "type": "ordinal", "sort": hours, "axis": hour_axis, "scale": across}
    day: dict[str, Any] = {"field": "weekday", "type": "ordinal", "sort": list(DAYS), "axis": day_axis, "scale": across}
    x, y = (alt.X(**day), alt.Y(**hour)) if narrow else (alt.X(**hour), alt.Y(**day))
    base = alt.Chart(alt.NamedData("hours")).encode(x=x, y=y)
    cells = base.mark_rect(cornerRadius=2).encode(color=alt.Color("fill:N", scale=None))
    numbers = base.mark_text(fontSize=11).encode(text="text:N", color=alt.Color("ink:N", scale=None))
    height = 24 * len(hours) if narrow else 7 * 30
    return finished(alt.layer(cells, numbers), height=height, narrow=narrow, datasets={"hours": records})
