"""A fit and a backtest as text for the terminal."""

from __future__ import annotations

import textwrap

from millpond.calibration.backtesting.results import Backtest
from millpond.calibration.fitting.result import Fit
from millpond.report import wording
from millpond.report.printable import printable
from millpond.report.text import UNKNOWN, WIDTH, aligned

_SHOWN = 12


def fit_text(fit: Fit, file: str) -> str:
    """A fit in lines of at most 80 characters: what was learned, how surely, and what was not.

    Args:
        fit: the result.
        file: where it was written.
    """
    lines = textwrap.wrap(
        f"{fit.service.name}: {len(fit.rows)} values learned from {wording.count(fit.visits, 'visit')} of "
        f"{wording.count(fit.cases, 'case')} up to {wording.day(fit.as_of[:10])}, written to {file}",
        WIDTH,
    )
    lines.append("")
    chosen = [row for row in fit.rows if row.key.endswith((".minutes", ".workers", ".per_week"))][:_SHOWN]
    cells = [
        [_short(row.key), _figure(row.value), f"{_figure(row.low)} to {_figure(row.high)}", f"{row.visits:,}"]
        for row in chosen
    ]
    lines += aligned(("value", "estimate", "95% interval", "from"), cells, (1, 2, 3))
    if len(chosen) < len(fit.rows):
        lines += ["", f"The other values and the reasons for each stand in {file}; --json prints them."]
    lines += _besides(fit)
    lines.append("")
    for note in fit.notes:
        lines += textwrap.wrap(f"- {note}", WIDTH, subsequent_indent="  ")
    if fit.unlearned:
        lines += ["", "What the records do not tell:"]
        alike: dict[tuple[str, str], list[str]] = {}
        for each in fit.unlearned:
            alike.setdefault((each.why, each.measure), []).append(each.key)
        for (why, measure), keys in alike.items():
            more = f" and {len(keys) - 3} more" if len(keys) > 3 else ""
            said = f"- {', '.join(keys[:3])}{more}: {why}. What would settle it: {measure}."
            lines += textwrap.wrap(said, WIDTH, subsequent_indent="  ")
    return printable("\n".join(lines).rstrip() + "\n")


_FEATURES = (
    ".absence",
    ".calendar",
    ".group.longest_wait",
    ".group.size",
    ".order",
    ".patience",
    ".pool",
    ".priority",
    ".share_urgent",
)


def _besides(fit: Fit) -> list[str]:
    """What people, cases and orders show, in sentences."""
    found = [row for row in fit.rows if row.key.endswith(_FEATURES) or ".minutes_for." in row.key]
    lines = ["", "Found besides, each with its 95% interval:"] if found else []
    for row in found[:_SHOWN]:
        interval = f"{_figure(row.value)} ({_figure(row.low)} to {_figure(row.high)}, from {row.visits:,})"
        lines += textwrap.wrap(f"- {row.key}: {interval}: {row.why}.", WIDTH, subsequent_indent="  ")
    if len(found) > _SHOWN:
        lines.append(f"- and {len(found) - _SHOWN} more.")
    return lines


def backtest_text(result: Backtest) -> str:
    """A backtest in lines of at most 80 characters.

    Args:
        result: the result.
    """
    lines = textwrap.wrap(
        f"{result.service}: fitted on {wording.count(result.earlier_cases, 'case')} before "
        f"{wording.day(result.split)}, held against {wording.count(result.later_cases, 'case')} that began from then "
        f"to {wording.day(result.until)}, {result.replications} replications",
        WIDTH,
    )
    cells = [
        [
            row.figure,
            UNKNOWN if row.real is None else _figure(row.real),
            UNKNOWN if row.simulated is None else _figure(row.simulated),
            UNKNOWN if row.low is None or row.high is None else f"{_figure(row.low)} to {_figure(row.high)}",
        ]
        for row in result.figures.rows
    ]
    lines += ["", *aligned(("", "real", "simulated", "95% interval"), cells, (1, 2, 3)), ""]
    lines += textwrap.wrap(_within(result), WIDTH)
    rows = [
        [
            row.distance,
            row.compares,
            _figure(row.value),
            f"{_figure(row.low)} to {_figure(row.high)}",
            _figure(row.floor),
        ]
        for row in result.rows
    ]
    header = ("distance", "between", "value", "95%", "floor")
    lines += ["", *aligned(header, rows, (2, 3, 4)), ""]
    for note in (*result.notes, *result.fit.notes):
        lines += textwrap.wrap(f"- {note}", WIDTH, subsequent_indent="  ")
    return printable("\n".join(lines).rstrip() + "\n")


def _within(result: Backtest) -> str:
    share, days = result.backlog.inside, len(result.backlog.rows)
    if share is None:
        return "The later part is a single day, so that cases under way cannot be followed from day to day."
    shown = f"{100 * share:.0f}% of {wording.count(days, 'day')}"
    return f"The number of cases under way was within the band of the model on {shown}. {result.backlog.notes[0]}"


def _short(key: str) -> str:
    return key if len(key) <= 36 else f"{key[:20]}...{key[-13:]}"


def _figure(value: float) -> str:
    return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
