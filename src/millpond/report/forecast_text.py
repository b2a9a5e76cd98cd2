"""A forecast as text for the terminal: the weeks and days to come, and what such forecasts would have been worth."""

from __future__ import annotations

import textwrap

from millpond.report import wording
from millpond.report.printable import printable
from millpond.report.text import UNKNOWN, WIDTH, aligned
from millpond.variation.backtesting import Backtest
from millpond.variation.forecast import Forecast, ForecastRow, ForecastWeek

DAYS_SHOWN = 28


def forecast_text(forecast: Forecast) -> str:
    """A forecast in lines of at most 80 characters, the last one ended."""
    lines = textwrap.wrap(f"{forecast.of}: {forecast.unit} to come", WIDTH)
    lines.append("")
    if forecast.weeks:
        lines += [*_table("week from", [(week.first, week) for week in forecast.weeks]), ""]
    if forecast.rows:
        shown = forecast.rows[:DAYS_SHOWN]
        lines += [*_table(forecast.by, [(_period(row), row) for row in shown]), ""]
        if len(shown) < len(forecast.rows):
            lines += [f"The first {len(shown)} of {len(forecast.rows)} days; --csv has them all.", ""]
    if forecast.backtest is not None:
        lines += [*backtest_lines(forecast.backtest), ""]
    for note in forecast.notes:
        lines += textwrap.wrap(f"- {wording.dated(note)}", WIDTH, subsequent_indent="  ")
    return printable("\n".join(lines).rstrip() + "\n")


def backtest_lines(test: Backtest) -> list[str]:
    """How good such forecasts would have been: two sentences and a table."""
    per, unit = ("week", "days") if test.by == "day" else ("month", "months")
    lines = ["How good such forecasts would have been", ""]
    lines += textwrap.wrap(
        f"Made from {test.origins} days between {wording.day(test.first_origin)} and {wording.day(test.last_origin)}, "
        "each knowing only what was known then."
        if test.by == "day"
        else f"Made from {test.origins} months, {wording.period(test.first_origin, 'month')} to "
        f"{wording.period(test.last_origin, 'month')}, each knowing only what was known then.",
        WIDTH,
    )
    lines += textwrap.wrap(coverage_sentence(test), WIDTH)
    lines += textwrap.wrap(error_sentence(test), WIDTH)
    header = [per, f"{unit} in band", "95% interval"]
    header += ["weeks in band", "95% interval"] if test.by == "day" else []
    header += ["error", "naive"]
    cells = []
    for row in test.rows:
        totals = []
        if test.by == "day":
            known = row.totals_within is not None and row.totals_low is not None and row.totals_high is not None
            totals = [UNKNOWN, UNKNOWN]
            if known:
                totals = [f"{row.totals_within:.0%}", f"{row.totals_low:.0%} to {row.totals_high:.0%}"]
        name = "all" if row.ahead is None else str(row.ahead)
        interval = f"{row.low:.0%} to {row.high:.0%}"
        cells.append([name, f"{row.within:.0%}", interval, *totals, f"{row.error:.2f}", f"{row.naive_error:.2f}"])
    return [*lines, "", *aligned(header, cells, range(1, len(header)))]


def coverage_sentence(test: Backtest) -> str:
    """Whether the bands kept their promise."""
    row = test.overall
    unit = "days" if test.by == "day" else "months"
    text = f"The 80% bands held {row.within:.0%} of {unit} (95% interval {row.low:.0%} to {row.high:.0%})"
    if test.keeps_its_promise:
        text += ": they keep their promise."
    else:
        text += f": they are too {'narrow' if row.within < test.level else 'wide'}; do not rely on them."
    if row.totals_within is None or row.totals_low is None or row.totals_high is None:
        return text
    text += f" Those of whole weeks held {row.totals_within:.0%} ({row.totals_low:.0%} to {row.totals_high:.0%})"
    if row.totals_low <= test.level <= row.totals_high:
        return text + "."
    return text + f": too {'narrow' if row.totals_within < test.level else 'wide'}."


def error_sentence(test: Backtest) -> str:
    """Whether the forecasts were better than the plainest one there is."""
    row = test.overall
    plain = "the same weekday of the week before" if test.by == "day" else "the same month of the year before"
    text = f"The mean error (MASE) was {row.error:.2f}, that of simply taking {plain} {row.naive_error:.2f}"
    if row.error == row.naive_error:
        return text + ": neither is better."
    return text + (": better." if test.beats_naive else ": no better. Rather take that.")


def _table(name: str, rows: list[tuple[str, ForecastRow | ForecastWeek]]) -> list[str]:
    columns = {
        name: [label for label, _ in rows],
        "expected": [f"{row.expected:,.1f}" for _, row in rows],
        "80% band": [f"{row.low:,} to {row.high:,}" for _, row in rows],
    }
    if all(row.minutes is not None for _, row in rows):
        columns["minutes"] = [f"{row.minutes or 0:,.0f}" for _, row in rows]
        columns["from to"] = [f"{row.minutes_low or 0:,.0f} to {row.minutes_high or 0:,.0f}" for _, row in rows]
    # Where large numbers leave no room, what can be worked out from the rest goes first.
    for least in ("", "from to", "minutes"):
        columns.pop(least, None)
        header = ["80% band" if column == "from to" else column for column in columns]
        lines = aligned(header, list(zip(*columns.values(), strict=True)), range(1, len(header)))
        if max(len(line) for line in lines) <= WIDTH:
            break
    return lines


def _period(row: ForecastRow) -> str:
    try:
        weekday = wording.WEEKDAYS[wording.first_day(row.period, "day").weekday()][: wording.SHORT]
    except ValueError:
        return row.period
    kinds = [name for name, is_so in (("bank", row.bank_holiday), ("school", row.school_holiday)) if is_so]
    return f"{weekday} {row.period}" + (f" ({' and '.join(kinds)} holiday)" if kinds else "")
