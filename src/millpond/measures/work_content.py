"""Work still to come: from the cases now open, and with each new case.

Of every open case that is what is left of its open visits, and the visits that it is expected to make after them. The
way ahead is that of the pathway (`next` of each step), or, for steps where the pathway does not say, that of the
finished cases of the records (`millpond.measures.ways`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ibis.expr.types import Table

from millpond.measures.known import UNASSIGNED
from millpond.measures.need import NOTHING, SOURCES
from millpond.measures.results import MICROSECONDS_A_MINUTE, Result
from millpond.measures.sentences import counted, named
from millpond.measures.ways import Ways, ways
from millpond.model import Service
from millpond.periods import moment_of

_NO_EVIDENCE = SOURCES.index(NOTHING)


@dataclass(frozen=True)
class WorkContentRow:
    """The work still to come to one pool from the cases now open.

    Attributes:
        pool: the pool's name.
        open_visits: visits open now.
        left: minutes still to do in them; None where nothing says how long any of them takes.
        visits_to_come: visits expected after them; None where a loop of the pathway has no way out.
        to_come: minutes of work in those; None where that is so, or nothing says how long any of them takes.
        total: `left` and `to_come` together; None where one of them is.
        without_minutes: of the visits open and to come, how many count for nothing because nothing says how long
            they take.
    """

    pool: str
    open_visits: int
    left: float | None
    visits_to_come: float | None
    to_come: float | None
    total: float | None
    without_minutes: float


@dataclass(frozen=True)
class WorkContent(Result):
    """The work still to come from open cases, pool by pool.

    Attributes:
        unit: ``minutes``.
        as_of: the instant for which it is told, ISO 8601 in the service's zone.
    """

    rows: tuple[WorkContentRow, ...]
    unit: str
    as_of: str
    row_type: ClassVar[type] = WorkContentRow


@dataclass(frozen=True)
class ArrivalContentRow:
    """The work that one new case of a stream brings to one pool over its whole way.

    Attributes:
        stream: the stream's name.
        pool: the pool's name.
        visits: expected visits; None where a loop of the pathway has no way out.
        minutes: expected minutes of work; None where that is so, or nothing says how long any of them takes.
        without_minutes: of the visits, how many count for nothing because nothing says how long they take.
    """

    stream: str
    pool: str
    visits: float | None
    minutes: float | None
    without_minutes: float


@dataclass(frozen=True)
class ArrivalContent(Result):
    """The work content of a new case, by stream and pool.

    Attributes:
        unit: ``minutes``.
        as_of: the instant at which the records end, ISO 8601 in the service's zone.
    """

    rows: tuple[ArrivalContentRow, ...]
    unit: str
    as_of: str
    row_type: ClassVar[type] = ArrivalContentRow


def work_content(needs: Table, visits: Table, service: Service, as_of_us: int) -> WorkContent:
    """The work still to come to each pool from the cases now open.

    Args:
        needs: the known visits with what each needs (`millpond.measures.need.with_need`).
        visits: the normalised visit log, from which open visits at steps without staff and ways are read.
        service: says the pathway, the planned minutes and the pools.
        as_of_us: the instant, in microseconds since 1970-01-01 UTC.

    Returns:
        A row for every pool of the service, and for every other pool with work to come.
    """
    way = ways(needs, visits, service, as_of_us)
    standing = _open_by_step(needs, visits, service, as_of_us)
    at: dict[str, float] = {}
    for row in standing:
        at[row["step"]] = at.get(row["step"], 0) + row["visits"]
    coming = way.chain.visits_from(way.chain.onward(at))
    content = _by_pool(coming, way)
    names = dict.fromkeys([*service.pools, *sorted({row["pool"] for row in standing if row["pool"]} | set(content))])
    rows = tuple(
        _content_row(pool, [row for row in standing if row["pool"] == pool], content.get(pool, _Content()))
        for pool in names
    )
    total = sum(row["visits"] for row in standing)
    as_of = moment_of(as_of_us, service.zone).isoformat(timespec="seconds")
    first = f"Work still to come rests on {counted(total, 'open visit')} at {as_of}."
    parallel = "A case with several open visits is taken to go on from each of them."
    lacking = sum(row.without_minutes for row in rows)
    opening = [name for name, pool in service.pools.items() if pool.opening_backlog]
    left_out = (
        f"What is left of the opening_backlog of {named(opening)} is not in it: it belongs to no visit on record."
    )
    notes = (first, parallel, *((left_out,) if opening else ()), *way.notes, *_lacking(lacking))
    return WorkContent(rows=rows, notes=notes, unit="minutes", as_of=as_of)


def arrival_content(needs: Table, visits: Table, service: Service, as_of_us: int) -> ArrivalContent:
    """The work that a new case of each stream brings to each pool over its whole way: expected visits x minutes.

    Args:
        needs: the known visits with what each needs (`millpond.measures.need.with_need`).
        visits: the normalised visit log, from which ways are read where the pathway does not say them.
        service: says the streams, the pathway, the planned minutes and the pools.
        as_of_us: the instant at which the records end, in microseconds since 1970-01-01 UTC.

    Returns:
        A row for every stream of the service and every pool that its cases come to.
    """
    as_of = moment_of(as_of_us, service.zone).isoformat(timespec="seconds")
    if not service.streams:
        note = "The service has no streams. Add [streams] to service.toml to see what a new case brings."
        return ArrivalContent(rows=(), notes=(note,), unit="minutes", as_of=as_of)
    way = ways(needs, visits, service, as_of_us)
    rows = [
        ArrivalContentRow(stream, pool, content.visits, content.minutes, content.without_minutes)
        for stream, value in service.streams.items()
        for pool, content in _by_pool(way.chain.visits_from({value.first_step: 1.0}), way).items()
    ]
    notes = (*way.notes, *_lacking(sum(row.without_minutes for row in rows)))
    return ArrivalContent(rows=tuple(rows), notes=notes, unit="minutes", as_of=as_of)


@dataclass(frozen=True)
class _Content:
    """Visits and minutes that come to one pool."""

    visits: float | None = 0.0
    minutes: float | None = 0.0
    without_minutes: float = 0.0


def _by_pool(expected: Mapping[str, float | None], way: Ways) -> dict[str, _Content]:
    """The visits and minutes of each pool that is visited, pools in the order of the steps."""
    found: dict[str, _Content] = {}
    for pool in dict.fromkeys(way.pools.values()):
        steps = [step for step, visits in expected.items() if visits != 0 and way.pools.get(step) == pool]
        if pool is None or not steps:
            continue
        known = [visits for step in steps if (visits := expected[step]) is not None]
        if len(known) < len(steps):
            found[pool] = _Content(None, None)
            continue
        timed = [(expected[step] or 0) * minutes for step in steps if (minutes := way.minutes[step]) is not None]
        lacking = sum(expected[step] or 0 for step in steps if way.minutes[step] is None)
        found[pool] = _Content(sum(known), sum(timed) if timed else None, lacking)
    return found


def _open_by_step(needs: Table, visits: Table, service: Service, as_of_us: int) -> list[dict[str, Any]]:
    """How many visits are open at each step and pool, and what is left of them; `pool` is None without staff."""
    now = needs.filter(needs.ended_us.isnull())
    left_us = now.need_us - now.done_us
    staffed = now.group_by("step", "pool").agg(
        visits=now.count(),
        left_us=left_us.sum().cast("int64"),
        without=now.count(where=now.need_source == _NO_EVIDENCE),
    )
    rows: list[dict[str, Any]] = staffed.to_pyarrow().to_pylist()
    unstaffed = [name for name, step in service.steps.items() if step.pool is None]
    if unstaffed:
        away = visits.filter(visits.step.isin(unstaffed), visits.joined_us <= as_of_us)
        away = away.filter(away.ended_us.isnull() | (away.ended_us > as_of_us))
        counts = away.group_by("step").agg(visits=away.count()).to_pyarrow().to_pylist()
        rows += [{**row, "pool": None, "left_us": 0, "without": 0} for row in counts]
    return sorted(rows, key=lambda row: (row["step"], row["pool"] or UNASSIGNED))


def _content_row(pool: str, standing: list[dict[str, Any]], content: _Content) -> WorkContentRow:
    visits = sum(row["visits"] for row in standing)
    without = sum(row["without"] for row in standing)
    left = None if visits and without == visits else sum(row["left_us"] for row in standing) / MICROSECONDS_A_MINUTE
    return WorkContentRow(
        pool=pool,
        open_visits=visits,
        left=left,
        visits_to_come=content.visits,
        to_come=content.minutes,
        total=None if left is None or content.minutes is None else left + content.minutes,
        without_minutes=without + content.without_minutes,
    )


def _lacking(visits: float) -> tuple[str, ...]:
    if not visits:
        return ()
    return (
        f"Without any evidence of how long they take, and counted as no work: {counted(visits, 'visit')}. Give their "
        "steps planned 'minutes' in service.toml.",
    )
