"""What came and what will come: the history as it was, then the expected numbers with their 80% band.

By week the totals of seven days are drawn, which a reader can compare; by day the rhythm of the week shows.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import altair as alt

from millpond.report import wording
from millpond.report.charts import style
from millpond.report.charts.chart import Chart, blank
from millpond.report.charts.ends import End, named
from millpond.report.charts.scale import axis_for, finished, titled_axis
from millpond.report.charts.timeline import Timeline, end, start, written
from millpond.report.figures import Figures
from millpond.variation.forecast import Forecast

HEIGHT = 260
SHOWN = {"day": 28, "week": 26, "month": 24}
"""How much of the history is drawn, at most."""
_WEEK = 7


def forecast_fan(forecast: Forecast, by: str = "week") -> Chart:
    """A forecast with the end of its history.

    Args:
        forecast: the result.
        by: ``day`` or ``week``; a forecast of months is drawn by month.
    """
    by = "month" if forecast.by == "month" else by
    key, title = f"forecast-{by}", f"{forecast.of}: {forecast.unit} to come, by {by}"
    if not forecast.rows:
        table = Figures(title, (by.capitalize(), "Expected", "80% band"), ())
        return blank(key, title, f"{forecast.of}, in {forecast.unit}", table, "The history is too short to forecast.")
    past, coming = _past(forecast, by), _coming(forecast, by)
    first, last = coming[0], coming[-1]
    subtitle = f"{forecast.of}, {wording.period(past[0]['period'], by)} to {wording.period(last['period'], by)}. "
    subtitle += f"{wording.sentence(forecast.unit)[:-1]} {wording.EACH[by]}. The band holds four in five."
    rows = tuple(
        (
            wording.period(record["period"], by, short=True),
            wording.number(record["expected"]),
            f"{record['low']:,} to {record['high']:,}",
        )
        for record in coming
    )
    header = (by.capitalize(), f"Expected {forecast.unit}", "80% band")
    table = Figures(f"{title}, {forecast.of}", header, rows, frozenset({1, 2}))
    begins = wording.sentence(wording.period(first["period"], by))[:-1]
    text = f"{begins}: {wording.number(first['expected'])} {forecast.unit} expected, "
    text += f"between {first['low']:,} and {first['high']:,} in four cases of five; "
    text += f"{wording.period(last['period'], by)}: {wording.number(last['expected'])}, between {last['low']:,} and "
    text += f"{last['high']:,}."
    specs = [_spec(past, coming, by, forecast.unit, narrow) for narrow in (False, True)]
    return Chart(key, title, subtitle, text, specs[0], specs[1], table)


def past_counts(forecast: Forecast, by: str) -> list[int]:
    """What came by day, week or month, as it is drawn: whole weeks are counted back from the end of the history."""
    if by != "week":
        return list(forecast.history)
    begins = len(forecast.history) % _WEEK
    return [sum(forecast.history[place : place + _WEEK]) for place in range(begins, len(forecast.history), _WEEK)]


def _past(forecast: Forecast, by: str) -> list[dict[str, Any]]:
    """The last of the history."""
    first = date.fromisoformat(
        (forecast.history_first or "")[:7] + "-01" if by == "month" else forecast.history_first or ""
    )
    counts = forecast.history
    if by == "month":
        months = [first.year * 12 + first.month - 1 + place for place in range(len(counts))]
        labels = [f"{month // 12}-{month % 12 + 1:02d}" for month in months]
    elif by == "day":
        labels = [(first + timedelta(days=place)).isoformat() for place in range(len(counts))]
    else:
        places = range(len(counts) % _WEEK, len(counts), _WEEK)
        labels = [(first + timedelta(days=place)).isoformat() for place in places]
    pairs = list(zip(labels, past_counts(forecast, by), strict=True))[-SHOWN[by] :]
    return [{"period": label, "came": amount} for label, amount in pairs]


def _coming(forecast: Forecast, by: str) -> list[dict[str, Any]]:
    found = [(week.first, week) for week in forecast.weeks] if by == "week" else [(r.period, r) for r in forecast.rows]
    return [{"period": label, "expected": row.expected, "low": row.low, "high": row.high} for label, row in found]


def _spec(past: list[dict[str, Any]], coming: list[dict[str, Any]], by: str, unit: str, narrow: bool) -> dict[str, Any]:
    labels = [record["period"] for record in (*past, *coming)]
    line = Timeline.of(labels, by)
    for record in (*past, *coming):
        begins, over = (edge(record["period"], by, labels[0]) for edge in (start, end))
        record |= {"middle": written(begins + (over - begins) / 2), "start": written(begins), "end": written(over)}
    axis = axis_for([*(r["came"] for r in past), *(r["high"] for r in coming)], HEIGHT)

    def layer(data: str, mark: Any, amount: str, at: str = "middle") -> Any:
        x = alt.X(f"{at}:T", scale=alt.Scale(type="utc", domain=line.domain), axis=line.axis(narrow))
        y = alt.Y(f"{amount}:Q", scale=alt.Scale(domain=axis.domain, nice=False), axis=titled_axis(axis, unit))
        return alt.Chart(alt.NamedData(data), mark=mark).encode(x=x, y=y)

    seen, ahead = style.CAPACITY, style.DEMAND
    band = {"type": "rect", "color": ahead, "opacity": 0.18}
    point = {"size": 22, "filled": True, "color": seen}
    layers = [
        layer("coming", band, "low", "start").encode(x2="end:T", y2="high:Q"),
        layer("past", {"type": "line", "color": seen, "strokeWidth": 1.8, "point": point}, "came"),
        layer("coming", {"type": "line", "color": ahead, "strokeWidth": 2.2, "strokeDash": [5, 3]}, "expected"),
    ]
    last = coming[-1]
    ends = [
        End("Expected", last["expected"], ahead, (5, 3), 2.2),
        End("Band to", last["high"], ahead, (), 6, f"{last['high']:,}"),
        End("Band from", last["low"], ahead, (), 6, f"{last['low']:,}"),
    ]
    layers += named(ends, axis, HEIGHT, narrow)
    data = {"past": past, "coming": coming}
    return finished(alt.layer(*layers), height=HEIGHT, narrow=narrow, datasets=data, top=14)
