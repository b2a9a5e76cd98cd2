"""Results that are read as tables: who waits longest, target waits, waits and lead times, cases and work to come.

Each takes a result and how things are called, and gives text cells. In figures for sharing small numbers are hidden.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from millpond.measures.clearing import CLEAR, Clearing, ClearingRow
from millpond.measures.critical import CriticalResource
from millpond.measures.lead_times import LeadTimes
from millpond.measures.waiting import Breaches, BreachRow, Waiting, WaitingRow
from millpond.measures.waits import Waits
from millpond.measures.work_content import WorkContent
from millpond.model import Service, label_of
from millpond.report import hiding, wording
from millpond.report.charts.load import judged, load_text
from millpond.report.figures import Figures

NOT_REACHED = "not reached"


@dataclass(frozen=True)
class Names:
    """How the parts of a service are called, and what may be told.

    Attributes:
        service: has the labels.
        suppress_below: counts of people from 1 to less than this are hidden; 0 hides none.
    """

    service: Service
    suppress_below: int = 0

    def pool(self, key: str) -> str:
        """What a pool is called."""
        return label_of(self.service.pools, key)

    def step(self, key: str) -> str:
        """What a step is called."""
        return label_of(self.service.steps, key)

    def stream(self, key: str) -> str:
        """What a stream is called."""
        return label_of(self.service.streams, key)

    @property
    def workers(self) -> Mapping[str, str]:
        """What workers are called, by id."""
        return {key: worker.label or key for key, worker in self.service.workers.items()}

    def people(self, number: int) -> str:
        """A count of people; hidden where it is small."""
        return hiding.one(number, self.suppress_below)

    def parts(self, *numbers: int) -> tuple[str, ...]:
        """Counts of people whose sum is told beside them."""
        return hiding.told(numbers, self.suppress_below)

    def hides(self, number: int) -> bool:
        """Whether a count of people is too small to tell."""
        return hiding.is_small(number, self.suppress_below)

    def hides_share(self, of: int, part: int) -> bool:
        """Whether a share must not be told, because its part, or what is left, is small."""
        return self.hides(part) or self.hides(of - part) or self.hides(of)


def longest_waiters(waiting: Waiting, names: Names) -> Figures:
    """The visits that have waited longest, by the id of their case and nothing else about the person."""
    targets = any(row.target for row in waiting.rows)
    header = ("Case", "Waits at", "Since", "Has waited") + (("Target passed",) if targets else ())
    rows = tuple(
        (
            row.case,
            names.step(row.step),
            wording.day(row.joined, short=True),
            wording.duration(row.waited),
            *((_passed(row),) if targets else ()),
        )
        for row in waiting.rows
    )
    shown = f"The {len(rows)} longest of {wording.count(waiting.waiting, 'visit')} waiting"
    if len(rows) == waiting.waiting:
        shown = f"All {wording.count(waiting.waiting, 'visit')} waiting" if len(rows) > 1 else "The only visit waiting"
    return Figures(
        f"{shown} on {wording.day(waiting.as_of)}, by elapsed time", header, rows, tight=frozenset({0, 2, 3})
    )


def _passed(row: WaitingRow) -> str:
    return "no target" if row.target is None else "yes" if row.breached else "no"


def target_waits(breaches: Breaches, names: Names) -> Figures:
    """How each step keeps to its target wait."""
    header = ("Step", "Target", "Judged", "Late", "Share late", "95% interval", "Late and still waiting", "Not yet due")
    rows = tuple(_target_row(row, names) for row in breaches.rows)
    caption = f"Target waits by step, up to {wording.day(breaches.as_of)}, in visits"
    return Figures(caption, header, rows, frozenset(range(2, 8)))


def _target_row(row: BreachRow, names: Names) -> tuple[str, ...]:
    secret = names.hides_share(row.judged, row.breached)
    interval = (
        "" if row.low is None or row.high is None else f"{wording.percent(row.low)} to {wording.percent(row.high)}"
    )
    share = "" if row.share is None else wording.percent(row.share)
    return (
        names.step(row.step),
        row.target,
        names.people(row.judged),
        # Beside the number judged, the number that was late would tell how few were not.
        names.people(row.breached) if names.hides(row.breached) or not secret else hiding.NOT_SHOWN,
        hiding.NOT_SHOWN if secret else share,
        hiding.NOT_SHOWN if secret else interval,
        names.people(row.still_waiting) if not secret else hiding.NOT_SHOWN,
        names.people(row.not_yet),
    )


def waits_by_step(waits: Waits, names: Names) -> Figures:
    """The waits at every step, in elapsed time."""
    header = ("Step", "Half start within", "Nine in ten within", "Joined", "Started", "Withdrew", "Waiting", "Unknown")
    rows = tuple(
        (
            names.step(row.step),
            _within(row.median, row.unknown == row.visits),
            _within(row.p90, row.unknown == row.visits),
            names.people(row.visits),
            *names.parts(row.started, row.withdrawn, row.waiting, row.unknown),
        )
        for row in waits.rows
    )
    caption = f"Waits by step, up to {wording.day(waits.as_of)}, in elapsed time; counts in visits"
    return Figures(caption, header, rows, frozenset(range(1, 8)))


def _within(minutes: float | None, is_unknown: bool) -> str:
    if is_unknown:
        return "unknown"
    return NOT_REACHED if minutes is None else wording.duration(minutes)


def lead_times_by_stream(lead_times: LeadTimes, names: Names) -> Figures:
    """How long cases take from first joining to the end, in elapsed time."""
    header = ("Stream", "Half close within", "Nine in ten within", "Cases", "Closed", "Withdrawn", "Open", "Unknown")
    rows = tuple(
        (
            "All" if row.stream is None else names.stream(row.stream),
            _within(row.median, row.unknown == row.cases),
            _within(row.p90, row.unknown == row.cases),
            names.people(row.cases),
            *names.parts(row.closed, row.withdrawn, row.open, row.unknown),
        )
        for row in lead_times.rows
        if row.stream is None or len(lead_times.rows) > 2
    )
    caption = f"Lead times of cases, up to {wording.day(lead_times.as_of)}, in elapsed time; counts in cases"
    return Figures(caption, header, rows, frozenset(range(1, 8)))


def pools_of_late(
    critical: CriticalResource,
    clearing: Clearing | None,
    backlogs: Mapping[str, float],
    names: Names,
    in_progress_only: bool = False,
) -> Figures:
    """How each pool stands: load, backlog, its growth, and how long it would take to clear.

    Args:
        critical: load and growth of the pools.
        clearing: the outlook of their backlogs.
        backlogs: what each is now.
        names: how things are called.
        in_progress_only: the backlog leaves out who was waiting, so that nothing about it is told.
    """
    outlooks = {row.pool: row for row in clearing.rows} if clearing is not None else {}
    header = ("Pool", "Load", "Backlog now", "Growth a working day", "95% interval", "Backlog", "Cleared in")
    rows = tuple(
        (
            names.pool(row.pool),
            load_text(row),
            wording.number(backlogs.get(row.pool, 0.0)),
            "" if row.growth is None else wording.signed(row.growth),
            "" if row.low is None or row.high is None else f"{wording.signed(row.low)} to {wording.signed(row.high)}",
            row.trend,
            _cleared(outlooks.get(row.pool), backlogs.get(row.pool, 0.0)),
        )
        for row in critical.rows
    )
    work = "minutes of work" if critical.unit == "minutes" else "visits"
    if in_progress_only:
        caption = f"Load by pool over {judged(critical)}; in progress now, in {work}"
        return Figures(caption, ("Pool", "Load", "In progress now"), tuple(row[:3] for row in rows), frozenset({1, 2}))
    caption = f"Load and backlog by pool over {judged(critical)}, in {work}"
    spans = {outlook_span(row) for row in outlooks.values() if row.days}
    if spans:
        # The outlook looks back on fewer days than the load: what it takes is what it is now.
        caption += f"; cleared in: at the demand and capacity of {wording.listed(sorted(spans))}"
    return Figures(caption, header, rows, frozenset({1, 2, 3, 4}))


def outlook_span(row: ClearingRow) -> str:
    """The days on whose demand and capacity an outlook rests, in words: `the last 4 weeks`."""
    if row.first is None or row.last is None:
        return "no day"
    return wording.last_days((date.fromisoformat(row.last) - date.fromisoformat(row.first)).days + 1)


def _cleared(row: ClearingRow | None, backlog: float) -> str:
    if row is None:
        return ""
    # The outlook is that of the last day judged; what has been cleared since then is not to be cleared again.
    if row.outlook == CLEAR or backlog <= 0:
        return "no backlog"
    if row.days is None:
        return row.outlook
    return "less than a working day" if row.days < 1 else wording.count(row.days, "working day")


def work_to_come(content: WorkContent, names: Names) -> Figures:
    """The work that open cases will still bring to each pool."""
    header = ("Pool", "Open visits", "Left to do in them", "Visits to come after", "Work in those", "Together")
    rows = tuple(
        (
            names.pool(row.pool),
            names.people(row.open_visits),
            hiding.NOT_SHOWN if names.hides(row.open_visits) else _told(row.left),
            _told(row.visits_to_come),
            _told(row.to_come),
            hiding.NOT_SHOWN if names.hides(row.open_visits) else _told(row.total),
        )
        for row in content.rows
    )
    caption = f"Work still to come from open cases, {wording.day(content.as_of)}, in {content.unit} of work"
    return Figures(caption, header, rows, frozenset(range(1, 6)))


def _told(value: float | None) -> str:
    return "unknown" if value is None else wording.number(value)
