"""The section of the page on dependence on single people; in figures for sharing nobody is named."""

from __future__ import annotations

from dataclasses import replace

from millpond.planning.dependence_rows import Dependence
from millpond.report import wording
from millpond.report.ahead import Ahead
from millpond.report.charts.dependence import damage
from millpond.report.dependence_text import again
from millpond.report.figures import Figures
from millpond.report.page import Section
from millpond.report.results import ReportResults
from millpond.report.tables import Names


def people(results: ReportResults, ahead: Ahead, title: str) -> Section | None:
    """The section; None where no absence was tried.

    Args:
        results: has the names, and says whether people are named.
        ahead: what was simulated.
        title: the heading.
    """
    found = ahead.dependence
    if found is None:
        return None
    called = names_of(results.names, found, sharing=results.sharing)
    # For sharing, a pool or a skill that only one person holds tells who that is.
    drawn = replace(found, rows=tuple(replace(row, only_one=None) for row in found.rows)) if results.sharing else found
    chart = damage(drawn, called, results.labels)
    lead = [_headline(results, found, called), *_trained(results, found, called)]
    table = _holdings(results, found, called)
    points = [*_alone(results, found, called), *(wording.dated(note) for note in found.notes)]
    lead += ahead.notes.get("dependence", ())
    return Section("dependence", title, tuple(lead), (chart,), tables=(table,), points=tuple(points))


def names_of(names: Names, found: Dependence, *, sharing: bool = False) -> dict[str, str]:
    """What each person is called; for sharing by pool and number, in the order of the ranking.

    Args:
        names: has the labels.
        found: the result.
        sharing: name nobody.
    """
    called, counts = {}, dict.fromkeys((row.pool for row in found.rows), 0)
    for row in found.rows:
        counts[row.pool] += 1
        pool = names.pool(row.pool)
        if row.alike > 1:
            called[row.person] = f"{pool}: any one of {row.alike}"
        elif sharing:
            called[row.person] = f"{pool}: person {counts[row.pool]}"
        elif row.person in names.service.workers:
            called[row.person] = names.workers[row.person]
        else:
            called[row.person] = f"{pool}: a place without a name"
    return called


def _headline(results: ReportResults, found: Dependence, called: dict[str, str]) -> str:
    worst = found.rows[0]
    who = called[worst.person]
    away = wording.count(found.away, "day")
    if worst.refused is not None:
        why = "" if results.sharing else f": {worst.refused}"
        return f"{who}: while this person is away the work cannot go on at all{why}."
    if worst.backlog_change is None or worst.backlog_change.value <= 0:
        return f"No single person’s absence of {away} makes the backlog larger."
    own = (
        f" of {results.names.pool(worst.pool)}"
        if worst.person in results.service.workers and not results.sharing
        else ""
    )
    return (
        f"The absence that does most harm is that of {who}{own}: {away} away mean "
        f"{wording.amount(worst.backlog_change.value, 'minutes')} more backlog on average over {found.days} days; "
        f"{again(worst)}."
    )


def _trained(results: ReportResults, found: Dependence, called: dict[str, str]) -> list[str]:
    """The training that saves most, in one sentence."""
    rows = [row for row in found.rows if row.training is not None and row.training_saves is not None]
    if not rows:
        return []
    row = max(rows, key=lambda one: one.training_saves.value if one.training_saves else 0.0)
    assert row.training is not None and row.training_saves is not None
    by = called.get(row.training, row.training)
    saves = wording.amount(row.training_saves.value, "minutes")
    return [
        f"What would help most: {by} able to do the work of {called[row.person]}, which would save {saves} of backlog."
    ]


def _alone(results: ReportResults, found: Dependence, called: dict[str, str]) -> list[str]:
    said = []
    for row in found.holdings.rows:
        what = f"the work of {results.names.pool(row.name)}" if row.kind == "pool" else f"the skill {row.name}"
        if row.people == 0:
            said.append(f"Nobody can do {what}.")
        elif row.only:
            who = "one person" if results.sharing else called.get(row.only, row.only)
            said.append(f"Only {who} can do {what}.")
    return said


def _holdings(results: ReportResults, found: Dependence, called: dict[str, str]) -> Figures:
    header = ("Kind", "What", "People who can do it")
    rows = tuple(
        (row.kind, results.names.pool(row.name) if row.kind == "pool" else row.name, wording.number(row.people))
        for row in found.holdings.rows
    )
    return Figures("How many people each pool and skill rests on", header, rows, frozenset({2}))
