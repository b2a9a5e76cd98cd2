"""Who has waited longest, and at which steps waits go beyond their target.

Breaches are told of the visits whose target has run out: whoever joined so lately that the target still lies ahead
could only be counted where they started early, and would make every recent share look too good.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import ibis
from ibis.expr.types import Table

from millpond.measures.fates import LEFT, NO_JOINING, NO_START, OPEN, REACHED, with_fate
from millpond.measures.known import known_at
from millpond.measures.proportions import wilson
from millpond.measures.results import MICROSECONDS_A_MINUTE, Result
from millpond.measures.sentences import counted
from millpond.measures.target_time import TARGET_NOTE, against_targets, target_steps
from millpond.model import Service
from millpond.periods import moment_of


@dataclass(frozen=True)
class WaitingRow:
    """One visit that is waiting.

    Attributes:
        visit: its id.
        case: whose it is.
        step: where it waits.
        pool: for whom.
        joined: since when, ISO 8601 in the service's zone.
        waited: elapsed minutes since then.
        target: the step's target wait in words; None where it has none.
        breached: whether it has waited beyond the target; None where there is none.
    """

    visit: str
    case: str
    step: str
    pool: str
    joined: str
    waited: float
    target: str | None
    breached: bool | None


@dataclass(frozen=True)
class Waiting(Result):
    """The visits that have waited longest, the longest first.

    Attributes:
        unit: ``minutes`` of elapsed time.
        as_of: the instant for which they are told, ISO 8601 in the service's zone.
        waiting: how many visits are waiting in all.
    """

    rows: tuple[WaitingRow, ...]
    unit: str
    as_of: str
    waiting: int
    row_type: ClassVar[type] = WaitingRow


@dataclass(frozen=True)
class BreachRow:
    """How one step keeps to its target wait.

    Attributes:
        step: the step's name.
        pool: the pool whose queue it is.
        target: the target in words.
        judged: visits whose target has run out and that were not withdrawn within it.
        breached: of these, how many started late, were withdrawn late, or still wait.
        share: `breached` of `judged`; None where none is judged.
        low, high: the 95% interval of the share (Wilson).
        still_waiting: of those breached, how many still wait.
        not_yet: visits whose target has not run out, started or not; they are not judged.
        withdrawn: visits withdrawn before they started and before the target ran out; they are not judged.
        unknown: visits whose wait the records do not tell; they are not judged.
    """

    step: str
    pool: str
    target: str
    judged: int
    breached: int
    share: float | None
    low: float | None
    high: float | None
    still_waiting: int
    not_yet: int
    withdrawn: int
    unknown: int


@dataclass(frozen=True)
class Breaches(Result):
    """Breaches of target waits, step by step.

    Attributes:
        unit: ``visits``.
        as_of: the instant at which the records end, ISO 8601 in the service's zone.
    """

    rows: tuple[BreachRow, ...]
    unit: str
    as_of: str
    row_type: ClassVar[type] = BreachRow


def longest_waiting(visits: Table, service: Service, as_of_us: int, most: int = 20) -> Waiting:
    """The visits that have waited longest and still wait.

    Args:
        visits: the normalised visit log.
        service: says which pool works at each step, and the targets.
        as_of_us: the instant, in microseconds since 1970-01-01 UTC.
        most: how many to list at most.

    Returns:
        The longest first; of equally long ones the first by id. Visits at steps that need no staff do not wait.
    """
    fated = with_fate(known_at(visits, service, as_of_us), as_of_us)
    queue = fated.filter(fated.fate == OPEN)
    total = queue.count().to_pyarrow().as_py()
    targets = target_steps(service)
    columns = ["visit", "case", "step", "pool", "joined_us"]
    plain = queue.select(*columns, late=ibis.null("boolean"))
    if targets:
        timed = against_targets(queue, service, as_of_us)
        beyond = timed.select(*columns, late=timed.target_so_far > timed.target_allowed)
        plain = ibis.union(plain.filter(plain.step.notin(list(targets))), beyond)
    first = plain.order_by("joined_us", "visit").limit(most).to_pyarrow().to_pylist()
    rows = tuple(_waiting_row(row, service, as_of_us) for row in first)
    as_of = moment_of(as_of_us, service.zone).isoformat(timespec="seconds")
    notes = (f"{counted(total, 'visit')} waiting at {as_of}; the longest {len(rows):,} listed.",)
    return Waiting(rows=rows, notes=notes, unit="minutes", as_of=as_of, waiting=total)


def _waiting_row(row: dict[str, Any], service: Service, as_of_us: int) -> WaitingRow:
    target = target_steps(service).get(row["step"])
    return WaitingRow(
        visit=row["visit"],
        case=row["case"],
        step=row["step"],
        pool=row["pool"],
        joined=moment_of(row["joined_us"], service.zone).isoformat(timespec="seconds"),
        waited=(as_of_us - row["joined_us"]) / MICROSECONDS_A_MINUTE,
        target=None if target is None else target.describe(),
        breached=row["late"],
    )


def breaches(visits: Table, service: Service, as_of_us: int) -> Breaches:
    """How each step with a target wait keeps to it.

    Judged are the visits whose target has run out by the instant. One is breached where it had not started when the
    target ran out: it started late, was withdrawn later, or still waits.

    Args:
        visits: the normalised visit log.
        service: says the targets, and when each pool works.
        as_of_us: the instant at which the records end, in microseconds since 1970-01-01 UTC.

    Returns:
        A row for every step that has a target and staff, in the order of the service, visits or not.
    """
    targets = target_steps(service)
    as_of = moment_of(as_of_us, service.zone).isoformat(timespec="seconds")
    if not targets:
        note = "No step has a target wait. Give steps a target_wait in service.toml to see breaches."
        return Breaches(rows=(), notes=(note,), unit="visits", as_of=as_of)
    timed = against_targets(with_fate(known_at(visits, service, as_of_us), as_of_us), service, as_of_us)
    due = timed.target_so_far > timed.target_allowed
    late = timed.target_span > timed.target_allowed
    told = timed.fate.isin((REACHED, LEFT, OPEN))
    counts = timed.group_by("step").agg(
        judged=timed.count(where=told & due & (late | (timed.fate == REACHED))),
        breached=timed.count(where=told & due & late),
        still_waiting=timed.count(where=due & (timed.fate == OPEN)),
        not_yet=timed.count(where=told & ~due & (timed.fate != LEFT)),
        withdrawn=timed.count(where=(timed.fate == LEFT) & ~late),
        unknown=timed.count(where=timed.fate.isin((NO_JOINING, NO_START))),
    )
    found = {row["step"]: row for row in counts.to_pyarrow().to_pylist()}
    rows = tuple(_breach_row(step, service, found.get(step, {})) for step in targets)
    judged = sum(row.judged for row in rows)
    aside = [sum(getattr(row, name) for row in rows) for name in ("not_yet", "withdrawn", "unknown")]
    notes = (
        f"{counted(judged, 'visit')} judged: those whose target had run out by {as_of}. Not judged: {aside[0]:,} whose "
        f"target had not, {aside[1]:,} withdrawn within it, {aside[2]:,} whose wait is not recorded.",
        TARGET_NOTE,
    )
    return Breaches(rows=rows, notes=notes, unit="visits", as_of=as_of)


def _breach_row(step: str, service: Service, counts: dict[str, Any]) -> BreachRow:
    judged, breached = counts.get("judged", 0), counts.get("breached", 0)
    low, high = wilson(breached, judged) or (None, None)
    return BreachRow(
        step=step,
        pool=service.steps[step].pool or "",
        target=target_steps(service)[step].describe(),
        judged=judged,
        breached=breached,
        share=breached / judged if judged else None,
        low=low,
        high=high,
        still_waiting=counts.get("still_waiting", 0),
        not_yet=counts.get("not_yet", 0),
        withdrawn=counts.get("withdrawn", 0),
        unknown=counts.get("unknown", 0),
    )
