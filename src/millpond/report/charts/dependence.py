"""On whom a service depends, in a picture: what the absence of each person does, and when all is as usual again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import altair as alt

from millpond.planning.dependence_rows import Dependence, DependenceRow
from millpond.report import wording
from millpond.report.charts import style
from millpond.report.charts.chart import Chart, blank
from millpond.report.charts.scale import axis_for, finished
from millpond.report.figures import Figures
from millpond.simulation.intervals import Estimate

ROW = 46
THICK = 18
MOST_BARS = 12
"""Bars in one picture; the table under it has everybody."""
STOPS = "the work stops"


def damage(found: Dependence, called: Mapping[str, str] | None = None, pools: Mapping[str, str] | None = None) -> Chart:
    """A bar for each person: the backlog that their absence causes, with its interval, and when all is as usual again.

    Args:
        found: the result.
        called: what each person is called; their keys where left out.
        pools: what each pool is called; their keys where left out.
    """
    called = keys_of(found) if called is None else called
    title = "What each absence does to the backlog"
    subtitle = (
        f"Each person away for {wording.count(found.away, 'day')} from {wording.day(found.first_day)}, followed for "
        f"{wording.count(found.days, 'day')}. More backlog of all pools in minutes of work, mean over the days; thin "
        "lines are 95% intervals."
    )
    if any(row.only_one for row in found.rows[:MOST_BARS]):
        subtitle += " Dark: only they hold a pool or a skill."
    if len(found.rows) > MOST_BARS:
        subtitle += f" The {MOST_BARS} worst are drawn."
    rows = tuple(
        (
            called[row.person],
            (pools or {}).get(row.pool, row.pool),
            _change(row),
            _wait(row.wait_change),
            again(row),
            ", ".join((pools or {}).get(name, name) for name in (row.only_one or "").split(", ")),
        )
        for row in found.rows
    )
    header = ("Person", "Pool", "More backlog, minutes", "Longer wait", "As usual again", "Held by nobody else")
    table = Figures(f"Each person away for {wording.count(found.away, 'day')}", header, rows, frozenset({2, 3}))
    if not found.rows:
        return blank("dependence", title, subtitle, table, "No absence was tried.")
    records = [_record(row, called[row.person], place) for place, row in enumerate(found.rows[:MOST_BARS])]
    wide, narrow = (_spec(records, is_narrow) for is_narrow in (False, True))
    return Chart("dependence", title, subtitle, _in_words(found.rows, called), wide, narrow, table)


def keys_of(found: Dependence) -> dict[str, str]:
    """Each person by their key in ``service.toml``; places that are alike are told as one of so many."""
    return {row.person: f"one of the {row.alike} in {row.pool}" if row.alike > 1 else row.person for row in found.rows}


def again(row: DependenceRow) -> str:
    """When all is as usual again, in a few words."""
    if row.refused is not None:
        return STOPS
    if row.recovery_days is None:
        return "not as usual again within the days"
    if row.recovery_days == 0:
        return "never beyond what is usual"
    return f"as usual {wording.count(row.recovery_days, 'day')} after the return"


def save_dependence_charts(
    found: Dependence, folder: Path, called: Mapping[str, str] | None = None, pools: Mapping[str, str] | None = None
) -> tuple[Path, ...]:
    """Writes the chart as SVG and PNG into a folder, which is made if it is not there.

    Args:
        found: the result.
        folder: where.
        called: what each person is called; their keys where left out.
        pools: what each pool is called; their keys where left out.

    Raises:
        CannotWrite: a file cannot be written.
    """
    chart = damage(found, called, pools)
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(chart.save(folder / f"{chart.key}{suffix}") for suffix in (".svg", ".png"))


def _in_words(rows: Sequence[DependenceRow], called: Mapping[str, str]) -> str:
    first, last = rows[0], rows[-1]
    change = first.backlog_change
    text = f"Without {called[first.person]} "
    text += STOPS if change is None else f"the backlog is {wording.signed(change.value)} minutes on average; "
    text += "" if change is None else again(first)
    if len(rows) > 1 and last.backlog_change is not None:
        text += f"; without {called[last.person]} it is {wording.signed(last.backlog_change.value)} minutes"
    return f"{text}."


def _change(row: DependenceRow) -> str:
    return STOPS if row.backlog_change is None else _with_interval(row.backlog_change)


def _wait(one: Estimate | None) -> str:
    if one is None:
        return "unknown"
    sign = "" if round(one.value) == 0 else "+" if one.value > 0 else "−"
    return f"{sign}{wording.duration(abs(one.value))}"


def _record(row: DependenceRow, name: str, place: int) -> dict[str, Any]:
    # Where the work stops there is no number, and so no bar.
    change = row.backlog_change or Estimate(0.0, 0.0, 0.0, row.replications)
    top = ROW * place + 22
    return {
        "name": name if row.backlog_change is None else f"{name}: {again(row)}",
        "value": change.value,
        "low": change.value if change.low is None else change.low,
        "high": change.value if change.high is None else change.high,
        "text": STOPS if row.backlog_change is None else wording.signed(change.value),
        "strong": row.only_one is not None,
        "top": top,
        "middle": top + THICK / 2,
        "bottom": top + THICK,
    }


def _spec(records: list[dict[str, Any]], narrow: bool) -> dict[str, Any]:
    height = ROW * len(records) + 8
    axis = axis_for([one[end] for one in records for end in ("low", "high")], 200 if narrow else 400)
    # Room for the numbers that stand at the ends.
    room = (axis.high - axis.low) * (0.2 if narrow else 0.1)
    domain = [axis.low - (room if axis.low < 0 else 0), axis.high + room]
    scale = alt.Scale(domain=domain, nice=False, zero=False)
    letters = 50 if narrow else 110
    shown = [
        {**one, "shown": one["name"] if len(one["name"]) <= letters else one["name"][: letters - 1].rstrip() + "…"}
        for one in records
    ]
    data = alt.Chart(alt.NamedData("dependence"))
    middle = alt.Y("middle:Q", scale=None)
    layers: list[Any] = [
        data.mark_rect().encode(
            x=alt.X("value:Q", scale=scale, axis=None),
            x2=alt.datum(0),
            y=alt.Y("top:Q", scale=None),
            y2="bottom:Q",
            color=alt.condition("datum.strong", alt.value(style.STRONG), alt.value(style.SOFT)),
        ),
        data.mark_rule(color=style.INK, strokeWidth=1.2).encode(
            x=alt.X("low:Q", scale=scale, axis=None), x2="high:Q", y=middle
        ),
        alt.Chart(alt.InlineData(values=[{"at": 0}]))
        .mark_rule(color=style.INK, strokeWidth=1.2)
        .encode(x=alt.X("at:Q", scale=scale, axis=None), y=alt.value(2), y2=alt.value(height)),
    ]
    # Letters may meet the line: a white edge keeps them apart.
    edges: tuple[dict[str, Any], ...] = ({"stroke": style.PAPER, "strokeWidth": 4, "strokeJoin": "round"}, {})
    for edge in edges:
        for positive in (True, False):
            end, side = ("high", 1) if positive else ("low", -1)
            text = data.transform_filter(f"datum.value {'>=' if positive else '<'} 0").mark_text(
                align="left" if positive else "right",
                baseline="middle",
                dx=5 * side,
                fontSize=11,
                fontWeight=600,
                **edge,
            )
            layers.append(text.encode(x=alt.X(f"{end}:Q", scale=scale, axis=None), y=middle, text="text:N"))
        name = data.mark_text(align="left", baseline="bottom", fontSize=12, color=style.INK, dy=-3, **edge)
        layers.append(name.encode(x=alt.value(0), y=alt.Y("top:Q", scale=None), text="shown:N"))
    return finished(alt.layer(*layers), height=height, narrow=narrow, datasets={"dependence": shown}, top=8)


def _with_interval(one: Estimate) -> str:
    if one.low is None or one.high is None:
        return wording.signed(one.value)
    return f"{wording.signed(one.value)} ({wording.signed(one.low)} to {wording.signed(one.high)})"
