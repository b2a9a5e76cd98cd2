"""The four measures as a table for the terminal: 80 columns, numbers to the right, nothing that needs colour."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from millpond.measures.results import Measures, PeriodRow
from millpond.report import wording
from millpond.report.printable import printable

WIDTH = 80
UNKNOWN = "-"


def measures_text(measures: Measures, labels: dict[str, str] | None = None, last: int | None = None) -> str:
    """The measures as text, a block for each pool, then the notes.

    Args:
        measures: the result.
        labels: how pools are called; their keys where left out.
        last: show so many of the last periods only.

    Returns:
        Lines of at most 80 characters, the last one ended.
    """
    names = labels or {}
    pools = list(dict.fromkeys(row.pool for row in measures.rows))
    unit = "minutes of work" if measures.unit == "minutes" else "visits"
    lines: list[str] = []
    if not pools:
        lines += ["No periods to show.", ""]
    for pool in pools:
        rows = [row for row in measures.rows if row.pool == pool]
        shown = rows[-last:] if last else rows
        lines += [*textwrap.wrap(f"{names.get(pool, pool)}, in {unit}", WIDTH), ""]
        lines += _block(shown, measures.by)
        if len(shown) < len(rows):
            lines.append(f"The last {len(shown):,} of {wording.count(len(rows), measures.by)}.")
        lines.append("")
    for mark, meaning in (
        ("*", _why_unfinished(measures)),
        ("~", "recent days are still filling up"),
    ):
        if any(mark in _marks(row) for row in measures.rows):
            lines.append(f"{mark} {meaning}")
    for note in measures.notes:
        lines += textwrap.wrap(f"- {note}", WIDTH, subsequent_indent="  ")
    # A name from the records must not be able to command the terminal.
    return printable("\n".join(lines).rstrip() + "\n")


def aligned(header: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[int]) -> list[str]:
    """Cells in columns: text to the left, numbers to the right, two spaces between.

    Args:
        header: names of the columns.
        rows: cells as text.
        numeric: the columns set to the right, by position.
    """
    widths = [max([len(name), *(len(row[i]) for row in rows)]) for i, name in enumerate(header)]

    def line(cells: Sequence[str]) -> str:
        padded = (
            cell.rjust(width) if i in numeric else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "  ".join(padded).rstrip()

    return [line(header), line(["-" * width for width in widths]), *(line(row) for row in rows)]


def _block(rows: Sequence[PeriodRow], by: str) -> list[str]:
    columns = {
        by: [_label(row, by) + _marks(row) for row in rows],
        "demand": [wording.number(row.demand) for row in rows],
        "capacity": [UNKNOWN if row.capacity is None else wording.number(row.capacity) for row in rows],
        "activity": [wording.number(row.activity) for row in rows],
        "withdrawn": [wording.number(row.withdrawn) for row in rows],
        "backlog": [wording.number(row.backlog) for row in rows],
        "load": [UNKNOWN if row.load is None else f"{row.load:.2f}" for row in rows],
    }
    # Where large numbers leave no room, what can be worked out from the rest goes first.
    for name in ("", "load", "withdrawn"):
        columns.pop(name, None)
        lines = aligned(tuple(columns), list(zip(*columns.values(), strict=True)), range(1, len(columns)))
        if max(len(line) for line in lines) <= WIDTH:
            break
    return lines


def _label(row: PeriodRow, by: str) -> str:
    return row.period[:16].replace("T", " ") + " " + row.period[16:] if by == "hour" else row.period


def _why_unfinished(measures: Measures) -> str:
    reasons = {wording.unfinished(row.period, measures.by, measures.as_of) for row in measures.rows if not row.complete}
    not_over = f"{measures.by} not over"
    return (
        f"the {measures.by} is not over yet" if reasons == {not_over} else f"part of the {measures.by} is not on record"
    )


def _marks(row: PeriodRow) -> str:
    return (" *" if not row.complete else "") + (" ~" if row.filling else "")
