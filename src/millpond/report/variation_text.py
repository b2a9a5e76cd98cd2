"""Control charts as text for the terminal: a block of sentences for each chart, then the notes."""

from __future__ import annotations

import textwrap

from millpond.report import wording
from millpond.report.chart_words import GOOD, icons, sentences
from millpond.report.printable import printable
from millpond.report.text import WIDTH
from millpond.variation.chart_results import ControlChart, Variation


def variation_text(variation: Variation) -> str:
    """The charts in lines of at most 80 characters; notes that all charts share are told once, at the end."""
    shared = _shared(variation)
    lines: list[str] = []
    for chart in variation.charts:
        lines += [*textwrap.wrap(_title(chart), WIDTH), icons(chart), ""]
        for sentence in sentences(chart):
            lines += textwrap.wrap(sentence, WIDTH)
        lines.append("")
        own = [note for note in chart.notes if note not in shared]
        lines += [line for note in own for line in _bullet(note)]
        lines += [""] * bool(own)
    lines += [line for note in shared for line in _bullet(note)]
    return printable("\n".join(lines).rstrip() + "\n")


def _title(chart: ControlChart) -> str:
    by = "" if chart.by == "event" else f" by {chart.by}"
    return f"{chart.label}{by}, in {'per cent' if chart.unit == 'share' else chart.unit}; {GOOD[chart.improvement]}"


def _shared(variation: Variation) -> list[str]:
    """The notes that belong to every chart."""
    first, *rest = (chart.notes for chart in variation.charts)
    return [note for note in first if all(note in notes for notes in rest)] if rest else []


def _bullet(note: str) -> list[str]:
    return textwrap.wrap(f"- {wording.dated(note)}", WIDTH, subsequent_indent="  ")
