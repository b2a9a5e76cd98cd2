"""What the absence of each person does: a bar for the backlog that it causes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from millpond.planning.dependence_rows import Dependence
from millpond.report import wording
from millpond.report.charts.bars import MOST_BARS, Bar, bars
from millpond.report.charts.chart import Chart, blank
from millpond.report.figures import Figures
from millpond.simulation.intervals import Estimate


@dataclass(frozen=True)
class Loss:
    """The absence of one person, under the name by which it is told.

    Attributes:
        name: what the person is called.
        backlog: minutes of mean backlog more; None where the work stops.
        wait: minutes of elapsed time that visits wait longer; None where it cannot be told.
        back: when all is as usual again, in words.
    """

    name: str
    backlog: Estimate | None
    wait: Estimate | None
    back: str


def losses(rows: Sequence[Loss], found: Dependence) -> Chart:
    """The picture of what absences do, the worst first.

    Args:
        rows: the absences.
        found: when they are and for how long.
    """
    title = "What each absence does to the backlog"
    subtitle = (
        f"Each person away for {wording.count(found.away, 'day')} from {wording.day(found.first_day)}. More backlog of "
        f"all pools in minutes of work, mean over {wording.count(found.days, 'day')}, with 95% intervals."
    )
    cells = tuple((row.name, _change(row.backlog), _wait(row.wait), row.back) for row in rows)
    header = ("Person", "More backlog, minutes", "Longer wait", "As usual again")
    table = Figures(f"Absences of {found.away} days", header, cells, frozenset({1, 2}))
    if not rows:
        return blank("losses", title, subtitle, table, "No absence was tried.")
    if len(rows) > MOST_BARS:
        subtitle += f" The {MOST_BARS} worst are drawn."
    known = [row.backlog.value for row in rows if row.backlog is not None]
    longest = max([*known, 1.0])
    # Where the work stops there is no number: the bar is as long as the longest, and says so.
    drawn = [
        Bar(
            row.name,
            longest if row.backlog is None else max(row.backlog.value, 0.0),
            _change(row.backlog),
            strong=row.backlog is None or (row.backlog.value == longest),
        )
        for row in rows
    ]
    first = rows[0]
    text = f"Without {first.name} "
    text += "the work stops" if first.backlog is None else f"the backlog changes by {_change(first.backlog)} minutes"
    if len(rows) > 1:
        text += f", without {rows[-1].name} by {_change(rows[-1].backlog)}"
    text += "."
    return Chart("losses", title, subtitle, text, bars(drawn, False), bars(drawn, True), table)


def _change(one: Estimate | None) -> str:
    if one is None:
        return "the work stops"
    if one.low is None or one.high is None or one.low == one.high:
        return wording.signed(one.value)
    return f"{wording.signed(one.value)} ({wording.signed(one.low)} to {wording.signed(one.high)})"


def _wait(one: Estimate | None) -> str:
    if one is None:
        return "unknown"
    sign = "" if round(one.value) == 0 else "+" if one.value > 0 else "−"
    return f"{sign}{wording.duration(abs(one.value))}"
