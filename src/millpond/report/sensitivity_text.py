"""Sensitivity as text for the terminal: what to measure better first, then the tables, then the notes."""

from __future__ import annotations

import textwrap

from millpond.planning.sensitivity_rows import Sensitivity, SensitivityRow
from millpond.report import wording
from millpond.report.printable import printable
from millpond.report.text import WIDTH, aligned
from millpond.simulation.intervals import Estimate


def sensitivity_text(found: Sensitivity) -> str:
    """Sensitivity in lines of at most 80 characters where names allow it, the last one ended."""
    whose = f" of {found.pool}" if found.pool else ""
    head = (
        f"{found.service}: what moves the {found.answer}{whose}, {wording.count(found.days, 'day')} from "
        f"{wording.day(found.first_day)}"
    )
    lines = [*textwrap.wrap(head, WIDTH), ""]
    for sentence in found.sentences:
        lines += [*textwrap.wrap(sentence, WIDTH), ""]
    base = found.base
    unit = "minutes" if found.unit == "minutes" else found.unit
    lines += [
        f"One at a time; as all is, the {found.answer} is {wording.number(base.value)} {unit}{_give_or_take(base)}",
        "",
        *aligned(
            ("number", "range", "at the least", "at the most"),
            [
                [
                    row.input,
                    f"{amount(row, row.low)} to {amount(row, row.high)}",
                    change(row.change_low),
                    change(row.change_high),
                ]
                for row in found.rows
            ],
            (1, 2, 3),
        ),
        "",
    ]
    if found.method == "morris":
        lines += [
            "All together: from its least to its most, wherever the others are",
            "",
            *aligned(
                ("number", "mean effect", "mean size", "spread"),
                [
                    [row.input, change(row.effect), change(row.effect_size, sign=False), _number(row.effect_spread)]
                    for row in sorted(found.rows, key=lambda row: -(row.effect_size.value if row.effect_size else 0))
                ],
                (1, 2, 3),
            ),
            "",
        ]
    if found.kinds.rows:
        lines += [
            f"Shares in what these ranges leave unsure of the {found.answer}, in per cent, with 95% intervals",
            "",
            *aligned(
                ("kind", "numbers", "alone", "with what it interacts"),
                [[row.kind, str(row.inputs), _share(row.first), _share(row.total)] for row in found.kinds.rows],
                (1, 2, 3),
            ),
            "",
        ]
    for note in found.notes:
        lines += textwrap.wrap(f"- {note}", WIDTH, subsequent_indent="  ")
    return printable("\n".join(lines).rstrip() + "\n")


def amount(row: SensitivityRow, value: float) -> str:
    """A value of a number in its unit: a share in per cent, else to three figures."""
    if row.is_share:
        return f"{100 * value:.3g}%"
    return f"{value:.3g}" if value < 1000 else wording.number(value)


def change(one: Estimate | None, sign: bool = True) -> str:
    """A change with half its 95% interval: `+2,064 ± 41`."""
    if one is None:
        return ""
    return (wording.signed(one.value) if sign else wording.number(one.value)) + _give_or_take(one)


def _give_or_take(one: Estimate) -> str:
    return "" if one.low is None or one.high is None else f" ± {wording.number((one.high - one.low) / 2)}"


def _number(value: float | None) -> str:
    return "" if value is None else wording.number(value)


def _share(one: Estimate) -> str:
    ends = [one.value if end is None else end for end in (one.low, one.high)]
    value, low, high = (max(round(100 * end), 0) for end in (one.value, *ends))
    return f"{value} ({low} to {high})"
