"""From results to the contents of the page: which parts there are, in which order, and what each says first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from millpond.measures.critical import GROWS
from millpond.measures.results import Result
from millpond.report import tables, wording
from millpond.report.ahead import looking_ahead
from millpond.report.charts.arrivals import arrivals_by_hour
from millpond.report.charts.caseload import caseload_by_worker
from millpond.report.charts.four_measures import four_measures
from millpond.report.charts.growth import backlog_growth
from millpond.report.charts.load import load_by_pool, measured_in_visits
from millpond.report.charts.waits import wait_curve
from millpond.report.coarser import is_work_in_progress_only, shown_span
from millpond.report.figures import Figures
from millpond.report.findings import findings
from millpond.report.foreseen import coming, lengths, rhythm
from millpond.report.normal import bad_days, normal
from millpond.report.page import Definition, Note, PageContents, Section
from millpond.report.results import ReportResults

MOST_POOLS = 13
"""Pools drawn on the page, the busiest first; every pool is in the table of pools."""
MOST_STEPS = 8
"""Steps whose waits are drawn, those with most visits first; every step is in the table of waits."""

DEFINITIONS = (
    Definition("Demand", "The visits that joined in the period, times the minutes of work that each needs."),
    Definition(
        "Capacity",
        "The workers available, times the minutes that each is available: those on duty, less leave, sickness and "
        "meetings. Never what was done.",
    ),
    Definition("Activity", "The minutes of work done in the period."),
    Definition(
        "Backlog",
        "The visits waiting at the period’s end, times the minutes that each needs, and what is left of those begun.",
    ),
)
VISITS = (
    Definition("Demand", "The visits that joined in the period."),
    Definition("Activity", "The visits that were done in the period."),
    Definition("Backlog", "The visits waiting or under way at the period’s end."),
)
IDENTITY = (
    "From one period to the next the backlog changes by the demand, less the activity, less what was withdrawn because "
    "the person left."
)


def page_contents(results: ReportResults) -> PageContents:
    """The contents of the page.

    Args:
        results: what was measured; what is None is left out.
    """
    measures = results.measures
    sections = (
        _four(results),
        _bottleneck(results),
        _growth(results),
        normal(results),
        bad_days(results),
        _waits(results),
        _targets(results),
        _arrivals(results),
        rhythm(results),
        lengths(results),
        _caseload(results),
        _to_come(results),
        coming(results),
        *looking_ahead(results),
        _quality(results),
    )
    minutes = measures.unit == "minutes"
    return PageContents(
        service=results.service.name,
        period=wording.sentence(shown_span(measures)).rstrip(".") if measures.rows else "No visits in the records",
        as_of=measures.as_of if measures.rows else "",
        findings=findings(results),
        sections=tuple(section for section in sections if section is not None),
        definitions=DEFINITIONS if minutes else VISITS,
        notes=_notes(results),
        sharing=_sharing(results),
    )


def _sharing(results: ReportResults) -> str:
    if not results.sharing:
        return ""
    below = results.service.suppress_below
    hidden = f" Counts of people from 1 to {below - 1} are shown as “below {below}”." if below > 1 else ""
    return f"Made for sharing: cases and workers are not named.{hidden}"


def _notes(results: ReportResults) -> tuple[Note, ...]:
    topics: tuple[tuple[str, Result | None], ...] = (
        ("The four measures", results.measures),
        ("The bottleneck", results.critical),
        ("Clearing a backlog", results.clearing),
        ("Waits", results.waits),
        ("Target waits", results.breaches),
        ("Lead times", results.lead_times),
        ("New cases", results.arrivals),
        ("Open cases", results.caseload),
        ("Work still to come", results.work_content),
        ("Bad days", results.events),
    )
    told = {IDENTITY} if results.measures.rows else set()
    notes = [Note("The backlog", (IDENTITY,))] if told else []
    # For sharing, what rests on counts of people is left out: a note may tell a small one.
    for topic, result in topics[:3] if results.sharing else topics:
        sentences = [wording.dated(note) for note in (result.notes if result is not None else ()) if _is_shown(note)]
        new = tuple(sentence for sentence in dict.fromkeys(sentences) if sentence not in told)
        told.update(new)
        notes += [Note(topic, new)] if new else []
    return tuple(notes)


def _is_shown(note: str) -> bool:
    """Whether the page has the figure that a note is about: means of finished waits only are left out of it."""
    return not note.startswith("mean_completed")


def _four(results: ReportResults) -> Section | None:
    pools = results.pools
    if not pools:
        return None
    names = results.names
    charts = [four_measures(results.measures, pool, names.pool(pool)) for pool in pools[:MOST_POOLS]]
    lead: tuple[str, ...] = ()
    if len(pools) > 1 and results.critical is not None and results.critical.pool is not None:
        lead = (f"{names.pool(pools[0])} first, because its load is the highest of late. The other pools follow.",)
    if len(pools) > MOST_POOLS:
        lead += (f"{MOST_POOLS} of {len(pools)} pools are drawn; the table of pools has all of them.",)
    return Section("measures", "The four measures", lead, tuple(charts[:1]), tuple(charts[1:]))


def _bottleneck(results: ReportResults) -> Section | None:
    critical = results.critical
    if critical is None or not critical.rows:
        return None
    labels = {row.pool: results.names.pool(row.pool) for row in critical.rows}
    charts = (load_by_pool(critical, labels),) if any(row.load is not None for row in critical.rows) else ()
    in_progress = is_work_in_progress_only(results.measures)
    table = tables.pools_of_late(critical, results.clearing, results.backlogs, results.names, in_progress)
    lead = (critical.sentence,)
    if measured_in_visits(critical):
        lead = (
            "That cannot be told: demand is counted in visits, and capacity in minutes. Give each step its planned "
            "minutes in service.toml.",
        )
    elif in_progress:
        lead = (
            "The records do not say who was waiting: what was asked of each pool is not known, only the work that was "
            "begun.",
        )
    return Section("bottleneck", "Who is the bottleneck?", lead, charts, tables=(table,))


def _growth(results: ReportResults) -> Section | None:
    if not results.pools:
        return None
    if is_work_in_progress_only(results.measures):
        lead = "That cannot be told: the records do not say when visits joined the queue, so they show the work in "
        lead += "progress only. Record when each visit joined, and its backlog and its wait are known."
        return Section("growth", "Is the backlog growing?", (lead,))
    shown = [results.pools[0]]
    if results.critical is not None:
        growing = [row for row in results.critical.rows if row.trend == GROWS and row.pool not in shown]
        shown += [row.pool for row in growing[:1]]
    charts = tuple(backlog_growth(results.measures, pool, results.names.pool(pool)) for pool in shown)
    return Section("growth", "Is the backlog growing?", (), charts)


def _to_come(results: ReportResults) -> Section | None:
    content = results.work_content
    if content is None or not any(row.open_visits or row.visits_to_come for row in content.rows):
        return None
    lead = (
        "What the cases that are open now will still ask of each pool: the rest of their open visits, and the visits "
    )
    lead += "that they are expected to make after them."
    table = tables.work_to_come(content, results.names)
    return Section("to-come", "How much work is still to come?", (lead,), tables=(table,))


def _waits(results: ReportResults) -> Section | None:
    found: list[Figures] = []
    charts = []
    lead: tuple[str, ...] = ()
    if results.waits is not None and results.waits.rows:
        drawn = [row for row in results.waits.rows if row.median is not None or row.started > 0]
        drawn = [row for row in drawn if not results.names.hides(row.visits)]
        drawn.sort(key=lambda row: -row.visits)
        if len(drawn) > MOST_STEPS:
            lead = (f"The {MOST_STEPS} steps with most visits are drawn; all are in the table.",)
        charts = [
            wait_curve(results.waits, row.step, row.pool, results.names.step(row.step), results.names.suppress_below)
            for row in drawn[:MOST_STEPS]
        ]
        if any(row.unknown < row.visits for row in results.waits.rows):
            found.append(tables.waits_by_step(results.waits, results.names))
        else:
            lead = (
                "Waits are unknown, not zero: the records do not say of any visit both when it joined and when it "
                "started.",
            )
    if results.waiting is not None and results.waiting.rows and not results.sharing:
        found.append(tables.longest_waiters(results.waiting, results.names))
    if results.lead_times is not None and results.lead_times.rows:
        found.append(tables.lead_times_by_stream(results.lead_times, results.names))
    if not found and not lead:
        return None
    return Section("waits", "How long do people wait?", lead, (), tuple(charts), tuple(found))


def _targets(results: ReportResults) -> Section | None:
    if results.breaches is None or not results.breaches.rows:
        return None
    found = tables.target_waits(results.breaches, results.names)
    return Section("targets", "Are target waits kept?", tables=(found,))


def _arrivals(results: ReportResults) -> Section | None:
    if results.arrivals is None or not any(row.arrivals for row in results.arrivals.rows):
        return None
    chart = arrivals_by_hour(results.arrivals, results.names.suppress_below)
    return Section("arrivals", "When do new cases come?", (), (chart,))


def _caseload(results: ReportResults) -> Section | None:
    if results.caseload is None:
        return None
    names = results.names
    busy = {pool.pool for pool in results.caseload.pools if pool.open_cases and not names.hides(pool.open_cases)}
    first = [pool for pool in results.pools if pool in busy] or sorted(busy)
    charts = tuple(
        caseload_by_worker(results.caseload, pool, names.pool(pool), names.workers, names.suppress_below)
        for pool in first[:MOST_POOLS]
    )
    return Section("caseload", "How many open cases has each worker?", (), (), charts) if charts else None


def _quality(results: ReportResults) -> Section | None:
    if results.quality is None:
        return None
    return Section("records", "How good are the records?", points=tuple(_sentences(results)))


def _sentences(results: ReportResults) -> Iterator[str]:
    if results.quality is not None:
        # Where the records lie on somebody's machine is nobody else's business.
        source, name = results.quality.source, PurePath(results.quality.source).name
        few = {odd.sentence for odd in results.quality.findings if results.names.hides(odd.count)}
        for text in results.quality.sentences:
            if text not in few:
                yield wording.sentence(wording.dated(text.replace(source, name) if name else text))
