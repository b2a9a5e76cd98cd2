"""The map for the terminal: where time is lost, the steps, and what a reader must know, in 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from millpond.process.comparing import MapComparison
from millpond.process.conformance import Conformance
from millpond.process.delays import bottleneck
from millpond.process.results import ProcessMap
from millpond.process.sentences import percent
from millpond.report import wording
from millpond.report.printable import printable
from millpond.report.process_map.tables import HEADINGS, known_of, told
from millpond.report.text import WIDTH, aligned

MOST_STEPS = 20
_LABEL = 26
SHORT = {
    "staff": "staff",
    "hours": "hours",
    "others": "others",
    "batching": "batch",
    "priority": "priority",
    "unknown": "unknown",
}


def map_text(whole: ProcessMap) -> str:
    """A map in lines of at most 80 characters, the last one ended."""
    lines = textwrap.wrap(
        f"{whole.service}: {wording.count(whole.visits, 'visit')} of {wording.count(whole.cases, 'case')}, "
        f"{wording.count(len(whole.steps.rows), 'step')}, {wording.count(whole.hand_offs, 'hand-off')}, "
        f"{wording.number(whole.between_organisations)} of them between organisations",
        WIDTH,
    )
    worst = "the first is the bottleneck" if bottleneck(whole).startswith("The") else "no pool is a bottleneck"
    for kind, heading in (
        ("step", "Where most time is lost"),
        ("pool", f"For whose staff most time is lost: {worst}"),
        ("hand-off", "On which hand-offs most time is lost"),
        ("queue", "Who waits now, or left without being seen"),
    ):
        rows = whole.delays.of(kind)[:3]
        if rows:
            lines += ["", heading, ""]
            lines += _numbered(row.sentence for row in rows)
    lines += ["", "Waiting of a visit and the causes of it", "", *_steps(whole), ""]
    lines += textwrap.wrap(whole.demand.sentence, WIDTH)
    lines.append("")
    for note in (*whole.notes, *whole.demand.notes):
        lines += textwrap.wrap(f"- {note}", WIDTH, subsequent_indent="  ")
    return printable("\n".join(lines).rstrip() + "\n")


def comparison_text(comparison: MapComparison) -> str:
    """Maps beside each other, in lines of at most 80 characters."""
    labels = {step.step: step.label for one in comparison.maps for step in one.steps.rows}
    lines: list[str] = []
    for sentence in comparison.sentences:
        lines += textwrap.wrap(sentence, WIDTH)
    cells = [
        [
            _short(labels[row.step]),
            _short(row.group, 18),
            wording.number(row.visits),
            f"{row.per_case:.2f}",
            told(row.work) if row.work is not None else "-",
            told(row.waiting) if row.waiting is not None else "-",
        ]
        for row in comparison.rows[: MOST_STEPS * len(comparison.groups)]
    ]
    lines += ["", *aligned(("step", "cases", "visits", "a case", "work", "waiting"), cells, (2, 3, 4, 5)), ""]
    for note in comparison.notes:
        lines += textwrap.wrap(f"- {note}", WIDTH, subsequent_indent="  ")
    return printable("\n".join(lines).strip() + "\n")


def conformance_text(found: Conformance, labels: dict[str, str]) -> str:
    """The records beside the drawn pathway, in lines of at most 80 characters."""
    lines = textwrap.wrap(found.sentence, WIDTH)
    cells = [
        [
            row.kind,
            _short("beginning" if row.from_step is None else labels.get(row.from_step, row.from_step), 20),
            _short("end" if row.to_step is None else labels.get(row.to_step, row.to_step), 20),
            wording.number(row.cases),
        ]
        for row in found.rows[:MOST_STEPS]
    ]
    if cells:
        lines += ["", *aligned(("where cases leave it", "after", "went to", "cases"), cells, (3,))]
    if len(found.rows) > len(cells):
        lines.append(f"and {wording.count(len(found.rows) - len(cells), 'other place')}")
    lines.append("")
    for note in found.notes:
        lines += textwrap.wrap(f"- {note}", WIDTH, subsequent_indent="  ")
    return printable("\n".join(lines).rstrip() + "\n")


def _steps(whole: ProcessMap) -> list[str]:
    shown = whole.steps.rows[:MOST_STEPS]
    used = [key for key in HEADINGS if any(step.causes[key] for step in shown)]
    cells = [
        [
            _short(step.label),
            wording.number(step.visits),
            told(step.waiting) + known_of(step.waiting_of_few) if step.waiting is not None else "-",
            *(_share(step.causes[key], step.waiting_total) for key in used),
        ]
        for step in shown
    ]
    header = ("step", "visits", "waiting", *(SHORT[key] for key in used))
    lines = aligned(header, cells, range(1, len(header)))
    if len(whole.steps.rows) > len(shown):
        rest = whole.steps.rows[len(shown) :]
        lines.append(
            f"and {wording.count(len(rest), 'other step')} with {wording.count(sum(r.visits for r in rest), 'visit')}"
        )
    return lines


def _share(part: float, total: float) -> str:
    share = part / total if total else 0.0
    return "<1%" if 0 < share < 0.005 else percent(share) if total else "-"


def _numbered(sentences: Iterable[str]) -> Sequence[str]:
    lines: list[str] = []
    for number, sentence in enumerate(sentences, 1):
        lines += textwrap.wrap(f"{number}. {sentence}", WIDTH, subsequent_indent="   ")
    return lines


def _short(text: str, most: int = _LABEL) -> str:
    """A text that fits a column; the other forms of the map have it whole."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "\u2026"
