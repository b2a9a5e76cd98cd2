"""The map as tables: every step, every way, where time is lost, how cases end, and what was failure demand."""

from __future__ import annotations

from millpond.process.comparing import MapComparison
from millpond.process.results import KEYS, MapStep, MapWay, ProcessMap
from millpond.report import wording
from millpond.report.figures import Figures

UNKNOWN = "not known"
HEADINGS = {
    "staff": "For our staff",
    "hours": "Outside hours",
    "others": "For somebody else",
    "batching": "Until several came",
    "priority": "Others went first",
    "unknown": "Cause not known",
}
"""The causes of waiting as the tables call them."""


def told(minutes: float | None) -> str:
    """A length of time in a cell."""
    if minutes is None:
        return UNKNOWN
    return "under 1 minute" if 0 < minutes < 1 else wording.duration(minutes)


def known_of(visits: int | None) -> str:
    """How few visits a mean rests on, behind it; nothing where it rests on most."""
    return "" if visits is None else f" ({visits:,} known)"


def steps_table(whole: ProcessMap) -> Figures:
    """Every step of a map."""
    lanes = {(lane.pool, lane.organisation): lane.label for lane in whole.lanes}
    rows = tuple(
        (
            step.label,
            lanes.get((step.pool, step.organisation), step.pool)
            + (f", {step.organisation}" if step.organisation else ""),
            wording.number(step.visits),
            wording.number(step.cases),
            wording.percent(step.share),
            wording.number(step.repeats),
            wording.number(step.returns),
            told(step.work) + known_of(step.work_of_few),
            told(step.waiting) + known_of(step.waiting_of_few),
            *_causes(step),
            wording.number(step.still_waiting),
        )
        for step in whole.steps.rows
    )
    header = (
        "Step",
        "Pool",
        "Visits",
        "Cases",
        "Of all cases",
        "Repeats",
        "Returns",
        "Work a visit",
        "Waiting a visit",
    )
    causes = tuple(HEADINGS[key] for key in KEYS)
    every = Figures(
        "Each step: how often, work and waiting of a visit, and the causes as shares of the waiting",
        (*header, *causes, "Waiting now"),
        rows,
        frozenset(range(2, len(header) + len(causes) + 1)),
    )
    # Parts of a count that is told could be few people; the sums are enough for sharing.
    return _without(every, "Repeats", "Returns", "Waiting now") if whole.hidden_below else every


def ways_table(whole: ProcessMap) -> Figures:
    """Every way of a map."""
    labels = {step.step: step.label for step in whole.steps.rows}
    rows = tuple(
        (
            "beginning" if way.from_step is None else labels[way.from_step],
            "end" if way.to_step is None else labels[way.to_step],
            wording.number(way.passages),
            wording.percent(way.share),
            wording.number(way.hand_offs),
            wording.number(way.between_organisations),
            "" if way.to_step is None else told(way.waiting),
        )
        for way in whole.ways.rows
    )
    every = Figures(
        "Each way from step to step: how often it was gone, and how long visits waited on it",
        ("From", "To", "Passages", "Of all that left", "Hand-offs", "Between organisations", "Waiting a visit"),
        rows,
        frozenset(range(2, 7)),
    )
    return _without(every, "Hand-offs", "Between organisations") if whole.hidden_below else every


def endings_table(whole: ProcessMap) -> Figures:
    """How cases ended."""
    labels = {step.step: step.label for step in whole.steps.rows}
    rows = tuple(
        (labels[row.step], row.outcome or "none recorded", wording.number(row.cases)) for row in whole.endings.rows
    )
    return Figures("How cases ended", ("After", "Outcome", "Cases"), rows, frozenset({2}))


def demand_table(whole: ProcessMap) -> Figures:
    """Value and failure demand, where it is known."""
    rows = tuple(
        (
            f"{row.kind} demand" if row.kind != "not marked" else row.kind,
            wording.number(row.contacts),
            wording.number(row.visits),
            UNKNOWN if row.minutes is None else wording.number(row.minutes),
            UNKNOWN if row.share is None else wording.percent(row.share),
        )
        for row in whole.demand.rows
    )
    header = ("Kind", "Contacts", "Visits", "Minutes of work", "Of all minutes")
    return Figures("Value and failure demand", header, rows, frozenset(range(1, 5)))


def compared_table(comparison: MapComparison) -> Figures:
    """The steps of several maps beside each other."""
    labels = {step.step: step.label for one in comparison.maps for step in one.steps.rows}
    rows = tuple(
        (
            labels[row.step],
            row.group,
            wording.number(row.visits),
            wording.percent(row.share),
            f"{row.per_case:.2f}",
            told(row.work),
            told(row.waiting),
        )
        for row in comparison.rows
    )
    header = ("Step", "Cases", "Visits", "Of all cases", "Visits a case", "Work a visit", "Waiting a visit")
    return Figures("Each step on each map", header, rows, frozenset(range(2, 7)))


def _causes(row: MapStep | MapWay) -> tuple[str, ...]:
    total = row.waiting_total
    return tuple(wording.percent(row.causes[key] / total) if total else "" for key in KEYS)


def _without(figures: Figures, *columns: str) -> Figures:
    """A table without some of its columns."""
    kept = [place for place, name in enumerate(figures.header) if name not in columns]
    rows = tuple(tuple(row[place] for place in kept) for row in figures.rows)
    numeric = frozenset(number for number, place in enumerate(kept) if place in figures.numeric)
    return Figures(figures.caption, tuple(figures.header[place] for place in kept), rows, numeric)
