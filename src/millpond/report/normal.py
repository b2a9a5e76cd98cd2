"""Two sections of the page: whether what is seen is normal, and how likely a bad day is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from millpond.report import chart_words, event_words, wording
from millpond.report.charts.control import control
from millpond.report.charts.return_levels import return_levels
from millpond.report.page import Section
from millpond.report.results import ReportResults
from millpond.variation.chart_results import ControlChart

DOUBTS = ("trial limits", "resembles the one before", "begin anew", "days of the week differ")
"""Marks of notes without which a reader of a chart would be misled."""


def normal(results: ReportResults) -> Section | None:
    """The control charts that the service keeps an eye on; None where it keeps an eye on none."""
    if results.variation is None:
        return None
    charts = [chart for chart in results.variation.charts if not (results.sharing and _counts_people(chart))]
    if results.sharing:
        charts = [_without_names(chart, results) for chart in charts]
    lead = [
        f"{headline} {wording.listed([chart.label for chart in charts if chart_words.headline(chart) == headline])}."
        for headline in dict.fromkeys(map(chart_words.headline, charts))
    ]
    lead += [wording.dated(note) for note in dict.fromkeys(_doubts(charts))]
    lead += results.variation.notes
    if len(charts) < len(results.variation.charts):
        lead.append(
            "Charts that count visits, or tell their waits, are left out of a page for sharing, because their numbers "
            "are small."
        )
    return Section("normal", "Is this normal?", tuple(lead), tuple(map(control, charts)))


def _without_names(chart: ControlChart, results: ReportResults) -> ControlChart:
    """The chart without the names of workers, which a person may have written into the reason of a change."""
    workers = results.service.workers
    names = sorted({*workers, *(one.label for one in workers.values() if one.label)}, key=len, reverse=True)
    if not names:
        return chart
    # The longest first, so that of adviser-10 not the part adviser-1 is taken.
    named = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")

    def hidden(text: str) -> str:
        return named.sub("a worker", text)

    segments = tuple(replace(part, reason=part.reason and hidden(part.reason)) for part in chart.segments)
    return replace(chart, segments=segments, notes=tuple(hidden(note) for note in chart.notes))


def bad_days(results: ReportResults) -> Section | None:
    """How often demand is at least twice capacity, pool by pool; the picture is that of the first pool."""
    events = results.events
    if events is None:
        return None
    rows = {row.pool: row for row in events.rows if row.of}
    pools = [pool for pool in results.pools if pool in rows]
    if not pools:
        return None
    lead = [f"{results.names.pool(pool)}: {event_words.often(rows[pool], events)}" for pool in pools]
    first = pools[0]
    more = event_words.consequences(rows[first], events)
    if more:
        lead.append(f"{results.names.pool(first)}: {' '.join(more)}")
    chart = return_levels(events, first, results.names.pool(first))
    return Section("bad-days", "How likely is a bad day?", tuple(lead), (chart,))


def _counts_people(chart: ControlChart) -> bool:
    # A wait of a week in which few were seen tells of them too.
    return "visits" in chart.measure or "wait" in chart.measure


def _doubts(charts: list[ControlChart]) -> Iterator[str]:
    """The notes that belong on the page; the others are with the figures of `millpond variation`."""
    for chart in charts:
        for note in chart.notes:
            if (
                "trial limits" in note
                or "resembles" in note
                or "begin anew" in note
                or "days of the week differ" in note
            ):
                yield f"{chart.label}: {note}"
