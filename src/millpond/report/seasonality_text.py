"""Seasonality as text for the terminal: what stands out in sentences, then every effect, then what they rest on."""

from __future__ import annotations

import math
import textwrap

from millpond.report import wording
from millpond.report.printable import printable
from millpond.report.text import WIDTH, aligned
from millpond.variation.effects import EffectRow
from millpond.variation.seasonality import Seasonality

MOST = 6
"""How many effects are told in sentences."""


def seasonality_text(seasonality: Seasonality) -> str:
    """Seasonality in lines of at most 80 characters, the last one ended."""
    lines = textwrap.wrap(f"{seasonality.of}: when {seasonality.unit} come", WIDTH)
    if seasonality.rows:
        first, last = seasonality.history_first or "", seasonality.history_last or ""
        lines[-1:] = textwrap.wrap(f"{lines[-1]}, {wording.day(first)} to {wording.day(last)}", WIDTH)
    lines += [""] if seasonality.rows else []
    for sentence in standing_out(seasonality):
        lines += textwrap.wrap(sentence, WIDTH)
    if seasonality.rows and not standing_out(seasonality):
        lines.append("Nothing stands out beyond chance.")
    kinds = list(dict.fromkeys(row.kind for row in seasonality.rows))
    for kind in kinds:
        rows = seasonality.kind(kind)
        lines += ["", *textwrap.wrap(f"By {kind}, than {rows[0].than}", WIDTH), ""]
        cells = [
            [row.name, _signed(row.change), f"{_signed(row.low)} to {_signed(row.high)}", f"{row.arrivals:,}"]
            for row in rows
        ]
        lines += aligned((kind, "change", "95% interval", seasonality.unit), cells, (1, 2, 3))
    lines.append("")
    for note in seasonality.notes:
        lines += textwrap.wrap(f"- {wording.dated(note)}", WIDTH, subsequent_indent="  ")
    return printable("\n".join(lines).strip() + "\n")


def standing_out(seasonality: Seasonality) -> list[str]:
    """Sentences on the effects whose interval leaves out none at all, the largest first; of hours the busiest."""
    clear = [row for row in seasonality.rows if row.kind != "hour" and (row.low > 0 or row.high < 0)]
    chosen = sorted(clear, key=_size, reverse=True)[:MOST]
    hours = [row for row in seasonality.kind("hour") if row.low > 0]
    busiest = max(hours, key=_size, default=None)
    return [row.sentence for row in (*chosen, *((busiest,) if busiest else ()))]


def _size(row: EffectRow) -> float:
    return abs(math.log1p(max(row.change, -0.999)))


def _signed(share: float) -> str:
    return wording.signed(round(100 * share)) + "%"
