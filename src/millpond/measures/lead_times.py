"""How long cases take, from the first joining to the end of the last visit, by stream and for all together.

Cases still open count as open for as long as they have been (right censoring), and cases whose last visit was
withdrawn as never reaching their end (a competing risk); see `millpond.measures.survival` for the method.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import ibis
import numpy as np
from ibis.expr.types import Table

from millpond.measures.cases import CLOSED_NOTE, NONE_OPEN_NOTE, cases_at
from millpond.measures.fates import LEFT, OPEN, REACHED, TOO_SHORT, Tally, tallies
from millpond.measures.results import MICROSECONDS_A_MINUTE, Result
from millpond.measures.sentences import counted
from millpond.measures.target_time import days_on_scale, scaled
from millpond.model import Service, TargetWait
from millpond.periods import moment_of


@dataclass(frozen=True)
class LeadTimeRow:
    """The lead times of one stream; all times in minutes of elapsed time.

    Attributes:
        stream: the stream's name; None for all streams together.
        cases: all that had opened: the sum of the next four.
        closed: of these, how many have ended in another way than withdrawn.
        withdrawn: how many have ended withdrawn.
        open: how many are still open.
        unknown: how many have one recorded instant only, which tells no length of time.
        shortened: how many of those not unknown lack the first joining, so that their first wait is missing.
        median: the time within which half of all cases had closed; None where not half have.
        p90: the time within which nine in ten had closed; None where they have not.
        mean_completed: the mean lead time of closed cases only; it leaves out cases that are not over.
        target: the service's target lead time in words; None where it has none.
        within_target: the share of all cases that close within the target; None where nobody knows.
        within_target_low, within_target_high: the 95% interval of that share.
    """

    stream: str | None
    cases: int
    closed: int
    withdrawn: int
    open: int
    unknown: int
    shortened: int
    median: float | None
    p90: float | None
    mean_completed: float | None
    target: str | None
    within_target: float | None
    within_target_low: float | None
    within_target_high: float | None


@dataclass(frozen=True)
class LeadTimes(Result):
    """The lead times of all streams together, then of each.

    Attributes:
        unit: ``minutes`` of elapsed time.
        as_of: the instant at which the records end, ISO 8601 in the service's zone.
    """

    rows: tuple[LeadTimeRow, ...]
    unit: str
    as_of: str
    row_type: ClassVar[type] = LeadTimeRow


def lead_times(visits: Table, service: Service, as_of_us: int) -> LeadTimes:
    """The lead times of cases.

    A case opens when its first visit joins. It is judged closed once every visit known of it has ended, at
    the last of those ends; a case with a visit that has not ended is open. Where the visit that ended last
    was withdrawn, so was the case.

    Args:
        visits: the normalised visit log.
        service: says the streams, what a withdrawal is, and the target.
        as_of_us: the instant at which the records end, in microseconds since 1970-01-01 UTC.

    Returns:
        A row for all streams together, then one for each stream by name. No rows where no case had opened.
    """
    fated = _with_fate(cases_at(visits, service, as_of_us), as_of_us)
    target = None if service.targets.lead_time is None else TargetWait.parse(service.targets.lead_time)
    groups = tallies(fated, ("stream",), "span_us")
    judged: dict[tuple[str, ...], Tally] = {}
    if target:
        judged = tallies(_on_target(fated, service, target, as_of_us), ("stream",), "target_span")
    shortened = _shortened(fated)
    rows = [
        _row(None, together(groups.values()), sum(shortened.values()), target, together(judged.values())),
        *(
            _row(stream, tally, shortened.get(stream, 0), target, judged.get((stream,), Tally()))
            for (stream,), tally in groups.items()
        ),
    ]
    as_of = moment_of(as_of_us, service.zone).isoformat(timespec="seconds")
    if not groups:
        return LeadTimes(rows=(), notes=(f"No case had opened by {as_of}.",), unit="minutes", as_of=as_of)
    return LeadTimes(rows=tuple(rows), notes=_notes(rows[0], as_of, target), unit="minutes", as_of=as_of)


def together(parts: Iterable[Tally]) -> Tally:
    """The tally of several groups taken as one."""
    tallied = list(parts)
    if not tallied:
        return Tally()
    times, position = np.unique(np.concatenate([part.times for part in tallied]), return_inverse=True)
    sums = []
    for name in ("reached", "left", "still_open"):
        total = np.zeros(len(times), dtype=np.int64)
        np.add.at(total, position, np.concatenate([getattr(part, name) for part in tallied]))
        sums.append(total)
    fates = {fate for part in tallied for fate in part.fates}
    return Tally({fate: sum(part.count(fate) for part in tallied) for fate in fates}, times, *sums)


def _with_fate(cases: Table, as_of_us: int) -> Table:
    over = cases.closed_us.notnull()
    fate = ibis.cases(
        (over & ~cases.opening_known & (cases.closed_us == cases.opened_us), TOO_SHORT),
        (~over, OPEN),
        (cases.withdrawn, LEFT),
        else_=REACHED,
    )
    until = ibis.coalesce(cases.closed_us, ibis.literal(as_of_us, "int64"))
    return cases.mutate(fate=fate, span_us=ibis.greatest(until - cases.opened_us, ibis.literal(0, "int64")))


def _on_target(fated: Table, service: Service, target: TargetWait, as_of_us: int) -> Table:
    if scaled(target)[0] == "elapsed":
        return fated.mutate(target_span=fated.span_us)
    return days_on_scale(fated, service, target, "opened_day", "closed_day", as_of_us)


def _shortened(fated: Table) -> dict[str, int]:
    short = fated.filter(~fated.opening_known, fated.fate != TOO_SHORT)
    counted = short.group_by("stream").agg(cases=short.count()).to_pyarrow().to_pylist()
    return {row["stream"]: int(row["cases"]) for row in counted}


def _row(stream: str | None, tally: Tally, shortened: int, target: TargetWait | None, judged: Tally) -> LeadTimeRow:
    incidence, on_target = tally.incidence(), judged.incidence()
    allowed = None if target is None else scaled(target)[1]
    low, high = (None, None) if allowed is None else on_target.interval(allowed) or (None, None)
    return LeadTimeRow(
        stream=stream,
        cases=tally.total,
        closed=tally.count(REACHED),
        withdrawn=tally.count(LEFT),
        open=tally.count(OPEN),
        unknown=tally.count(TOO_SHORT),
        shortened=shortened,
        median=_minutes(incidence.reached(0.5)),
        p90=_minutes(incidence.reached(0.9)),
        mean_completed=_minutes(tally.mean_reached()),
        target=None if target is None else target.describe(),
        within_target=None if allowed is None else on_target.at(allowed),
        within_target_low=low,
        within_target_high=high,
    )


def _minutes(us: float | None) -> float | None:
    return None if us is None else us / MICROSECONDS_A_MINUTE


def _notes(total: LeadTimeRow, as_of: str, target: TargetWait | None) -> tuple[str, ...]:
    known = total.cases - total.unknown
    notes = [
        f"Lead times rest on {known:,} of {counted(total.cases, 'case')}. Closed: {total.closed:,}. Still open at "
        f"{as_of}, counted as open until then: {total.open:,}. Withdrawn, counted among those who came: "
        f"{total.withdrawn:,}.",
        CLOSED_NOTE if total.open else f"{CLOSED_NOTE} {NONE_OPEN_NOTE}",
        "mean_completed is of closed cases only: it leaves out those that are not over.",
    ]
    if total.unknown:
        notes.append(
            f"Left out: {counted(total.unknown, 'case')} with one recorded instant only, which tells no length of time."
        )
    if total.shortened:
        notes.append(
            f"The first joining is not recorded of {counted(total.shortened, 'case')}: there the lead time begins with "
            "the first recorded instant, and the wait before it is missing."
        )
    if target is not None and target.is_working_time:
        notes.append("Working days of the target are those of the service's first calendar.")
    return tuple(notes)
