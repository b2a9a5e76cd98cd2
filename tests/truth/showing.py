"""What a trial came to: coverage, errors, and the tables that the documentation shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from millpond.calibration.fitting.evidence import share_interval
from millpond.calibration.predicting.what_if import FIGURES
from tests.truth.foreseeing import CHANGES, Foreseen, Trial
from tests.truth.recovering import Recovered

SHARE = "share of a way on"


def coverage(rows: Sequence[Foreseen]) -> tuple[float, float, float]:
    """The share of true years within their intervals, with its 95% Wilson interval for as many services as there are.

    Years of one service are not independent of each other, nor are changes of it: they count as one.
    """
    shares = np.array([row.inside for row in rows])
    services = len({row.number for row in rows})
    low, high = _wilson(float(shares.mean()), services)
    return float(shares.mean()), low, high


def recovered_of(trials: Iterable[Trial], kind: str) -> list[Recovered]:
    """What was fitted of one kind, each piece of knowledge once.

    The shares of the ways on from a step add up to 1. The last of them is what the others leave, and is not counted:
    of two ways both are within their intervals or neither is.
    """
    found = []
    for each in trials:
        steps: dict[str, list[Recovered]] = {}
        for row in each.recovered:
            if row.kind == kind:
                steps.setdefault(row.key.partition(".next.")[0] if kind == SHARE else row.key, []).append(row)
        for rows in steps.values():
            found += rows[:-1] if kind == SHARE and len(rows) > 1 else rows
    return found


def held(rows: Sequence[Recovered]) -> tuple[float, float, float]:
    """The share of true values within their intervals, with its 95% Wilson interval."""
    inside, count = sum(row.is_inside for row in rows), len(rows)
    return inside / count, *share_interval(inside, count)


def median_error(rows: Iterable[Foreseen]) -> float:
    """The median of the errors."""
    return float(np.median([row.error for row in rows]))


def _wilson(share: float, count: int) -> tuple[float, float]:
    z = 1.959963984540054
    centre, spread = share + z**2 / (2 * count), z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    return float((centre - spread) / (1 + z**2 / count)), float((centre + spread) / (1 + z**2 / count))


def tables(trials: Sequence[Trial]) -> str:
    """The two tables, as Markdown."""
    rows = [row for each in trials for row in each.foreseen]
    lines = ["| figure | change | services | within 90% interval (Wilson) | median error |", "|---|---|---|---|---|"]
    for figure in FIGURES:
        here = [row for row in rows if row.figure == figure]
        for minutes, people in (*CHANGES, (None, None)):
            chosen = here if minutes is None else [r for r in here if (r.minutes, r.people) == (minutes, people)]
            if not chosen:
                continue
            share, low, high = coverage(chosen)
            words = "all" if minutes is None else _words(minutes, people or 0)
            count = len({row.number for row in chosen})
            lines.append(
                f"| {figure} | {words} | {count} | {share:.1%} ({low:.1%} to {high:.1%}) | {median_error(chosen):.1%} |"
            )
    lines += [
        "",
        "| value | values | true one within 95% interval (Wilson) | median error | median width of the interval |",
        "|---|---|---|---|---|",
    ]
    for kind in dict.fromkeys(row.kind for each in trials for row in each.recovered):
        chosen_values = recovered_of(trials, kind)
        share, low, high = held(chosen_values)
        error, width = (float(np.median([getattr(row, name) for row in chosen_values])) for name in ("error", "width"))
        count = len(chosen_values)
        lines.append(f"| {kind} | {count} | {share:.1%} ({low:.1%} to {high:.1%}) | {error:.1%} | {width:.1%} |")
    return "\n".join(lines)


def _words(minutes: float, people: int) -> str:
    if people:
        return f"{people:+} person"
    return f"{minutes:+.0%} minutes" if minutes else "none"
