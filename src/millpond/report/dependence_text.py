"""Dependence on people, as text for the terminal: what follows from it first, then the table, then the notes."""

from __future__ import annotations

import textwrap

from millpond.planning.dependence_rows import Dependence, DependenceRow
from millpond.report import wording
from millpond.report.printable import printable
from millpond.report.text import UNKNOWN, WIDTH, aligned


def dependence_text(found: Dependence) -> str:
    """Dependence in lines of at most 80 characters where names allow it, the last one ended."""
    head = (
        f"{found.service}: each person away for {wording.count(found.away, 'day')} from "
        f"{wording.day(found.first_day)}, followed for {wording.count(found.days, 'day')}"
    )
    lines = [*textwrap.wrap(head, WIDTH), ""]
    for sentence in _sentences(found):
        lines += [*textwrap.wrap(sentence, WIDTH), ""]
    rows = [
        [
            row.person,
            row.pool,
            *_change(row),
            _wait(row),
            _back(row),
        ]
        for row in found.rows
    ]
    header = ("person", "pool", "backlog", "95% interval", "wait", "usual again")
    lines += [
        "More backlog in minutes, mean over the days, and more waiting",
        "",
        *aligned(header, rows, (2, 3, 4)),
        "",
    ]
    for note in found.notes:
        lines += textwrap.wrap(f"- {note}", WIDTH, subsequent_indent="  ")
    return printable("\n".join(lines).rstrip() + "\n")


def _sentences(found: Dependence) -> list[str]:
    said = [f"Only {row.only} holds the {row.kind} {row.name}." for row in found.holdings.rows if row.only]
    said += [f"The {row.kind} {row.name} is held by nobody." for row in found.holdings.rows if row.people == 0]
    said += [f"Without {row.person} the work cannot be done: {row.refused}." for row in found.rows if row.refused]
    worst = next((row for row in found.rows if row.backlog_change is not None and row.backlog_change.value > 0), None)
    if worst is not None and worst.backlog_change is not None:
        one = "any one of them" if worst.alike > 1 else worst.person
        said.append(
            f"The loss of {one} ({worst.pool}) does most harm: {wording.number(worst.backlog_change.value)} minutes "
            f"more backlog on average; {again(worst)}."
        )
    said += [
        f"If {row.training} could do the work of {row.person}, the backlog would be "
        f"{wording.number(row.training_saves.value)} minutes smaller while {row.person} is away and after."
        for row in found.rows
        if row.training_saves is not None
    ]
    return said


def again(row: DependenceRow) -> str:
    """When all is as usual again after the return, as half a sentence."""
    if row.recovery_days is None:
        return "it is not as usual again within the days simulated"
    if row.recovery_days == 0:
        return "it never leaves what is usual"
    return f"it is as usual again {wording.count(row.recovery_days, 'day')} after the return"


def _back(row: DependenceRow) -> str:
    if row.refused is not None:
        return "cannot be simulated"
    if row.recovery_days is None:
        return "not within the days"
    return "always" if row.recovery_days == 0 else f"after {wording.count(row.recovery_days, 'day')}"


def _change(row: DependenceRow) -> tuple[str, str]:
    one = row.backlog_change
    if one is None or one.low is None or one.high is None:
        return UNKNOWN, UNKNOWN
    return wording.signed(one.value), f"{wording.signed(one.low)} to {wording.signed(one.high)}"


def _wait(row: DependenceRow) -> str:
    if row.wait_change is None:
        return UNKNOWN
    sign = "+" if row.wait_change.value > 0 else "−" if row.wait_change.value < 0 else ""
    return f"{sign}{wording.duration(abs(row.wait_change.value))}"
