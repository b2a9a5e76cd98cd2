"""Fitted distributions as text for the terminal: a table for the work and the waits of each step, then the notes."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from millpond.report import wording
from millpond.report.printable import printable
from millpond.report.text import UNKNOWN, WIDTH, aligned
from millpond.variation.distributions import Distributions, FittedRow


def distributions_text(distributions: Distributions, labels: Mapping[str, str] | None = None) -> str:
    """Distributions in lines of at most 80 characters, the last one ended.

    Args:
        distributions: the result.
        labels: how steps are called; their names where left out.
    """
    lines: list[str] = []
    groups = list(dict.fromkeys((row.of, row.step, row.pool) for row in distributions.rows))
    for of, step, pool in groups:
        rows = [row for row in distributions.rows if (row.of, row.step, row.pool) == (of, step, pool)]
        best = rows[0]
        name = (labels or {}).get(step, step)
        head = f"{name}: {'minutes of work' if of == 'work' else 'waits'}, {best.ended:,} over, "
        head += f"{best.still_open:,} not over"
        head += f", {best.at_once:,} at once left out" if best.at_once else ""
        lines += [*textwrap.wrap(head, WIDTH), ""]
        header = ("distribution", "mean", "95% interval", "half", "9 in 10", "AIC", "away")
        lines += aligned(header, [_cells(row) for row in rows], range(1, len(header)))
        if of == "work":
            lines += ["", f"minutes = {best.minutes}"]
        lines.append("")
    for note in distributions.notes:
        lines += textwrap.wrap(f"- {note}", WIDTH, subsequent_indent="  ")
    if groups:
        lines += textwrap.wrap(
            "- AIC: how much more than the best; 2 is little, 10 is clear. Away: the largest distance between the "
            "curve and the records.",
            WIDTH,
            subsequent_indent="  ",
        )
    return printable("\n".join(lines).rstrip() + "\n")


def _cells(row: FittedRow) -> list[str]:
    say = _minutes if row.of == "work" else wording.duration
    low, high = row.mean_low, row.mean_high
    interval = UNKNOWN if low is None or high is None else f"{say(low)} to {say(high)}"
    return [
        row.distribution,
        say(row.mean),
        interval,
        say(row.median),
        say(row.p90),
        "best" if row.best else f"+{row.aic_more:,.0f}",
        wording.percent(row.furthest),
    ]


def _minutes(value: float) -> str:
    return f"{value:,.1f}"
