"""The section of the page on plans: which is worth its money, who pays and who gains, and how bad days change."""

from __future__ import annotations

from millpond.planning.comparison import Comparison, PlanEventRow, PlanRow
from millpond.planning.problems import ABOVE_LINE
from millpond.report import wording
from millpond.report.ahead import Ahead
from millpond.report.charts.plans import cost_against_backlog, who_pays_and_gains
from millpond.report.figures import Figures
from millpond.report.least_capacity import promise_in_words
from millpond.report.page import Section
from millpond.report.plans_text import called, plan_sentence
from millpond.report.results import ReportResults
from millpond.report.tables import Names

BEST = {
    "cost": "the cheapest",
    "backlog": "the one that leaves the smallest backlog",
    "wait": "the one with the shortest wait",
    "lead time": "the one with the shortest lead time",
}
MOST_EVENTS = 4
"""Problem events in the table, those that plans change most."""


def plans(results: ReportResults, ahead: Ahead, title: str) -> Section | None:
    """The section; None where plans were not compared.

    Args:
        results: has the names.
        ahead: what was simulated.
        title: the heading.
    """
    found = ahead.plans
    if found is None:
        return None
    names = results.names
    called = {key: one.label or key for key, one in results.service.organisations.items()}
    lead = [headline(found, names), *without_a_plan(found, names), *ahead.notes.get("plans", ())]
    points = [plan_sentence(row, found.currency) for row in found.plans.rows[1:]]
    points += _dominated(found)
    points += [_with_label(wording.dated(note), found) for note in found.notes]
    charts = (cost_against_backlog(found), who_pays_and_gains(found, called))
    table = _events(found, names)
    return Section(
        "plans", title, tuple(lead), charts, tables=(table,) if table is not None else (), points=tuple(points)
    )


def headline(found: Comparison, names: Names) -> str:
    """Which plans could be the best, in one sentence.

    Args:
        found: the comparison.
        names: how pools are called.
    """
    best = [row for row in found.plans.rows if row.could_be_best]
    what = BEST[found.by] + (" that keeps the promise" if found.target is not None else "")
    if not best:
        return f"None of the plans keeps the promise “{promise_in_words(found.target or '', names)}” often enough."
    if len(best) == 1:
        row = best[0]
        if row is found.plans.rows[0]:
            return f"Doing nothing is {what}, with 95% certainty."
        text = f"“{row.label}” is {what}, with 95% certainty"
        change = row.cost_change
        if change is not None and round(change.value):
            more = "more" if change.value > 0 else "less"
            text += f": {found.currency} {wording.number(abs(change.value))} {more} than doing nothing"
        return text + "."
    return f"One of {wording.listed([_quoted(row) for row in best])} is {what}, with 95% certainty."


def _quoted(row: PlanRow) -> str:
    return f"“{row.label}”"


def without_a_plan(found: Comparison, names: Names) -> list[str]:
    """How often the promise is kept if nothing is done, in one sentence; none without a promise."""
    kept = found.plans.rows[0].kept
    if found.target is None or kept is None:
        return []
    return [
        f"Without a plan the promise “{promise_in_words(found.target, names)}” is kept in {kept.value:.0%} of "
        f"{wording.count(found.replications, 'possible future')} of {found.days} days "
        f"({kept.low:.0%} to {kept.high:.0%}); it should be {1 - found.risk:.0%}."
    ]


def _with_label(note: str, found: Comparison) -> str:
    """A note that begins with the key of a plan, with what the plan is called instead."""
    # What to write into service.toml is for the analyst, who has it from the command.
    note = note.partition(" Give it more workers")[0]
    key, colon, rest = note.partition(": ")
    label = next((row.label for row in found.plans.rows if row.plan == key), None)
    return f"{label}: {rest}" if colon and label is not None else note


def _dominated(found: Comparison) -> list[str]:
    labels = {row.plan: row.label for row in found.plans.rows}
    return [
        f"{called(row)}: “{labels[row.dominated_by]}” costs no more and leaves no larger backlog."
        for row in found.plans.rows
        if row.dominated_by is not None
    ]


def _events(found: Comparison, names: Names) -> Figures | None:
    """How likely the problem events are that plans change: a row for each plan, a column for each event."""
    by_event: dict[tuple[str, str], list[PlanEventRow]] = {}
    for row in found.events.rows:
        by_event.setdefault((row.pool, row.event), []).append(row)
    spread = {
        key: max(row.days.value for row in rows) - min(row.days.value for row in rows) for key, rows in by_event.items()
    }
    shown = sorted((key for key in by_event if spread[key] > 0), key=lambda key: -spread[key])[:MOST_EVENTS]
    if not shown:
        return None
    header = ["Plan"]
    for pool, event in shown:
        line = by_event[pool, event][0].line
        what = f"backlog above {wording.number(line or 0)} minutes" if event == ABOVE_LINE else event
        header.append(f"{names.pool(pool)}: {what}")
    cells = []
    for place, plan in enumerate(found.plans.rows):
        told = [by_event[key][place] for key in shown]
        cells.append((plan.label, *(f"{row.days.value:.1f} days ({row.probability.value:.0%})" for row in told)))
    caption = f"Working days on which it happens in {found.days} days, and the chance that it happens at all"
    return Figures(caption, tuple(header), tuple(cells), frozenset(range(1, len(header))))
