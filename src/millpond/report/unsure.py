"""The section of the page on what to measure better; in figures for sharing nobody is named."""

from __future__ import annotations

from dataclasses import replace

from millpond.planning.sensitivity_rows import Sensitivity, SensitivityRow
from millpond.report import wording
from millpond.report.ahead import Ahead
from millpond.report.charts.tornado import tornado
from millpond.report.page import Section
from millpond.report.results import ReportResults

_PERSON = "workers."
"""What the keys of numbers begin with that are told of a single worker."""


def unsure(results: ReportResults, ahead: Ahead, title: str) -> Section | None:
    """The section; None where no number was varied.

    Args:
        results: says whether people are named.
        ahead: what was simulated.
        title: the heading.
    """
    found = ahead.sensitivity
    if found is None:
        return None
    if results.sharing:
        found = replace(found, rows=tuple(_nameless(found)))
    lead = [*found.sentences, *ahead.notes.get("sensitivity", ())]
    # By itself the picture says the first sentence, which stands above it here.
    picture = replace(tornado(found), alt=_as_it_is(found))
    # Who reads the page does not sit at the command line.
    points = tuple(wording.dated(note.replace(" (--spread)", "")) for note in found.notes)
    return Section("sensitivity", title, tuple(lead), (picture,), points=points)


def _nameless(found: Sensitivity) -> list[SensitivityRow]:
    """The rows with workers told by number, in the order of the ranking."""
    rows: list[SensitivityRow] = []
    people: dict[str, int] = {}
    for row in found.rows:
        if row.input.startswith(_PERSON):
            who = row.input.removeprefix(_PERSON).rpartition(".")[0]
            number = people.setdefault(who, len(people) + 1)
            what = f"{row.kind[0].upper()}{row.kind[1:]}"
            row = replace(row, input=f"person {number}", label=f"{what} of person {number}")
        rows.append(row)
    return rows


def _as_it_is(found: Sensitivity) -> str:
    base = found.base
    text = f"As all is, the {found.answer} is {wording.amount(base.value, found.unit)} on average over "
    text += f"{wording.count(found.days, 'day')}"
    if base.low is not None and base.high is not None:
        text += f" (95%: {wording.number(base.low)} to {wording.number(base.high)})"
    return f"{text}."
