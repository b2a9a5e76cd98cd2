"""What moves an answer, in pictures: for each number a bar from the answer at its least to the answer at its most.

The longest bar is on top, so that the whole looks like a tornado.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import altair as alt

from millpond.planning.sensitivity_rows import Sensitivity, SensitivityRow
from millpond.report import wording
from millpond.report.charts import style
from millpond.report.charts.chart import Chart, blank
from millpond.report.charts.scale import axis_for, finished
from millpond.report.figures import Figures
from millpond.report.sensitivity_text import amount
from millpond.simulation.intervals import Estimate

ROW = 46
THICK = 18
MOST_BARS = 12
"""Bars in one picture; the table under it has every number."""
_LEAST, _MOST = style.SOFT, style.STRONG


def tornado(found: Sensitivity) -> Chart:
    """Each number's bar around the answer as all is, with the 95% intervals of both ends.

    Args:
        found: the result.
    """
    title = f"What moves the {found.answer}"
    whose = found.pool or "All pools"
    drawn = [row for row in found.rows if row.reach > 0][:MOST_BARS]
    left = sum(row.reach > 0 for row in found.rows) - len(drawn)
    subtitle = (
        f"{whose}, {wording.count(found.days, 'day')} from {wording.day(found.first_day)}. Change of the "
        f"{found.answer} in {found.unit} with one number at its most (dark) or at its least (light), all others as "
        "they are; thin lines are 95% intervals."
    )
    if left:
        subtitle += f" {wording.count(left, 'number')} that move it less are in the table alone."
    rows = tuple(
        (
            row.label,
            amount(row, row.value),
            f"{amount(row, row.low)} to {amount(row, row.high)}",
            _with_interval(row.change_low),
            _with_interval(row.change_high),
        )
        for row in found.rows
    )
    header = ("Number", "As it is", "Range", "Change at the least", "Change at the most")
    table = Figures(f"{title}, {found.unit}", header, rows, frozenset({1, 2, 3, 4}))
    if not drawn:
        return blank("tornado", title, subtitle, table, f"None of these numbers moves the {found.answer}.")
    records = [record(row, place) for place, row in enumerate(drawn)]
    wide, narrow = (_spec(records, is_narrow) for is_narrow in (False, True))
    return Chart("tornado", title, subtitle, " ".join(found.sentences[:1]), wide, narrow, table)


def record(row: SensitivityRow, place: int) -> dict[str, Any]:
    """One bar as data: its ends, their intervals, and what is written at them."""
    top = ROW * place + 22
    return {
        "name": row.label,
        "range": f"{amount(row, row.low)} to {amount(row, row.high)}",
        "least": row.change_low.value,
        "most": row.change_high.value,
        "least_low": _end(row.change_low.low, row.change_low),
        "least_high": _end(row.change_low.high, row.change_low),
        "most_low": _end(row.change_high.low, row.change_high),
        "most_high": _end(row.change_high.high, row.change_high),
        "least_text": wording.signed(row.change_low.value),
        "most_text": wording.signed(row.change_high.value),
        "top": top,
        "middle": top + THICK / 2,
        "bottom": top + THICK,
    }


def save_sensitivity_charts(found: Sensitivity, folder: Path) -> tuple[Path, ...]:
    """Writes the chart as SVG and PNG into a folder, which is made if it is not there.

    Args:
        found: the result.
        folder: where.

    Raises:
        CannotWrite: a file cannot be written.
    """
    chart = tornado(found)
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(chart.save(folder / f"{chart.key}{suffix}") for suffix in (".svg", ".png"))


def _spec(records: list[dict[str, Any]], narrow: bool) -> dict[str, Any]:
    height = ROW * len(records) + 8
    ends = [one[name] for one in records for name in ("least_low", "least_high", "most_low", "most_high")]
    axis = axis_for(ends, 200 if narrow else 400)
    # Room for the numbers that stand at the ends.
    room = (axis.high - axis.low) * (0.22 if narrow else 0.1)
    domain = [axis.low - (room if axis.low < 0 else 0), axis.high + (room if axis.high > 0 else 0)]
    scale = alt.Scale(domain=domain, nice=False, zero=False)
    letters = 56 if narrow else 110
    # Names are cut where they would run out of the picture; the table has them whole.
    shown = [{**one, "shown": f"{_cut(one['name'], letters - len(one['range']))}: {one['range']}"} for one in records]
    data = alt.Chart(alt.NamedData("tornado"))
    layers: list[Any] = []
    for end, colour in (("least", _LEAST), ("most", _MOST)):
        length = alt.X(f"{end}:Q", scale=scale, axis=None)
        layers.append(
            data.mark_rect(color=colour).encode(x=length, x2=alt.datum(0), y=alt.Y("top:Q", scale=None), y2="bottom:Q")
        )
        layers.append(
            data.mark_rule(color=style.INK, strokeWidth=1.2).encode(
                x=alt.X(f"{end}_low:Q", scale=scale, axis=None), x2=f"{end}_high:Q", y=alt.Y("middle:Q", scale=None)
            )
        )
    zero = alt.Chart(alt.InlineData(values=[{"at": 0}]))
    layers.append(
        zero.mark_rule(color=style.INK, strokeWidth=1.2).encode(
            x=alt.X("at:Q", scale=scale, axis=None),
            y=alt.value(2),
            y2=alt.value(height),
        )
    )
    edges: tuple[dict[str, Any], ...] = ({"stroke": style.PAPER, "strokeWidth": 4, "strokeJoin": "round"}, {})
    for edge in edges:
        for end in ("least", "most"):
            for positive in (True, False):
                # Each number stands outside its bar, beyond the end of its interval.
                at = f"{end}_high" if positive else f"{end}_low"
                text = data.transform_filter(f"datum.{end} {'>' if positive else '<='} 0").mark_text(
                    align="left" if positive else "right",
                    baseline="middle",
                    dx=5 if positive else -5,
                    fontSize=11,
                    fontWeight=600,
                    **edge,
                )
                layers.append(
                    text.encode(
                        x=alt.X(f"{at}:Q", scale=scale, axis=None),
                        y=alt.Y("middle:Q", scale=None),
                        text=f"{end}_text:N",
                    )
                )
        name = data.mark_text(align="left", baseline="bottom", fontSize=12, color=style.INK, dy=-3, **edge)
        layers.append(name.encode(x=alt.value(0), y=alt.Y("top:Q", scale=None), text="shown:N"))
    return finished(alt.layer(*layers), height=height, narrow=narrow, datasets={"tornado": shown}, top=8)


def _end(end: float | None, one: Estimate) -> float:
    return one.value if end is None else end


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"


def _with_interval(one: Estimate) -> str:
    if one.low is None or one.high is None:
        return wording.signed(one.value)
    return f"{wording.signed(one.value)} ({wording.signed(one.low)} to {wording.signed(one.high)})"
