"""Where cases go from each step, in which pool it is worked and how long it takes: planned, else as recorded.

Ways are read from finished cases alone: the next step of an open case is not known yet. While many cases are open,
long ways are too rare among the finished ones, and the work still to come is understated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
from ibis.expr.types import Table

from millpond.measures.cases import cases_at
from millpond.measures.chain import Chain
from millpond.measures.need import NOTHING, SOURCES
from millpond.measures.results import MICROSECONDS_A_MINUTE
from millpond.measures.sentences import counted, named
from millpond.model import Service


@dataclass(frozen=True)
class Ways:
    """What is known of the way ahead.

    Attributes:
        chain: where cases go from each step.
        pools: the pool of each step; None where it needs no staff.
        minutes: the minutes of one visit at each step; None where nothing says them.
        notes: what was read from the records, and what is not known.
    """

    chain: Chain
    pools: Mapping[str, str | None]
    minutes: Mapping[str, float | None]
    notes: tuple[str, ...]


def ways(needs: Table, visits: Table, service: Service, as_of_us: int) -> Ways:
    """The way ahead from every step of the service and of the records.

    Args:
        needs: the known visits with what each needs (`millpond.measures.need.with_need`).
        visits: the normalised visit log.
        service: says the pathway, the planned minutes and the pools.
        as_of_us: the instant at which the records end, in microseconds since 1970-01-01 UTC.
    """
    recorded = _recorded(needs)
    seen = sorted({row["step"] for row in recorded} - set(service.steps))
    steps = [*service.steps, *seen]
    planned = {name: step.next for name, step in service.steps.items() if step.next is not None}
    unsaid = [step for step in steps if step not in planned]
    history, cases = _transitions(visits, service, as_of_us, unsaid) if unsaid else ({}, 0)
    shares: dict[str, dict[str, float]] = {}
    for step in steps:
        following = planned.get(step, history.get(step, {}))
        shares[step] = {name: share for name, share in following.items() if name in steps}
    chain = Chain(shares)
    minutes = {step: _minutes(step, service, recorded) for step in steps}
    pools = {step: service.steps[step].pool if step in service.steps else _pool(step, recorded) for step in steps}
    return Ways(chain, pools, minutes, _notes(chain, unsaid, history, cases, minutes, service))


def _recorded(needs: Table) -> list[dict[str, Any]]:
    """By step and pool: visits, and of those that ended with evidence and were not withdrawn, number and need."""
    told = needs.ended_us.notnull() & ~needs.withdrawn & (needs.need_source != SOURCES.index(NOTHING))
    groups = needs.group_by("step", "pool").agg(
        visits=needs.count(),
        told=needs.count(where=told),
        need_us=needs.need_us.sum(where=told).cast("int64"),
    )
    rows: list[dict[str, Any]] = groups.to_pyarrow().to_pylist()
    return rows


def _minutes(step: str, service: Service, recorded: list[dict[str, Any]]) -> float | None:
    planned = service.steps[step].planned_minutes if step in service.steps else None
    if planned is not None:
        return planned
    rows = [row for row in recorded if row["step"] == step and row["told"]]
    told = sum(row["told"] for row in rows)
    return sum(row["need_us"] for row in rows) / told / MICROSECONDS_A_MINUTE if told else None


def _pool(step: str, recorded: list[dict[str, Any]]) -> str | None:
    """The pool in which most visits of a step stand; of several, the first by name."""
    rows = [row for row in recorded if row["step"] == step]
    return min(rows, key=lambda row: (-row["visits"], row["pool"]))["pool"] if rows else None


def _transitions(
    visits: Table, service: Service, as_of_us: int, steps: list[str]
) -> tuple[dict[str, dict[str, float]], int]:
    """Of the visits of finished cases at some steps, the shares that go on to each step; and the finished cases.

    The visits of a case follow one another in the order in which they joined, then started, then by id.
    """
    cases = cases_at(visits, service, as_of_us)
    finished = cases.filter(cases.closed_us.notnull()).select("case")
    steps_of = visits.filter(visits.joined_us <= as_of_us).join(finished, "case")
    order = ibis.window(
        group_by="case",
        order_by=["joined_us", ibis.coalesce(steps_of.started_us, steps_of.ended_us), "visit"],
    )
    moves = steps_of.select("step", following=steps_of.step.lead().over(order))
    moves = moves.filter(moves.step.isin(steps))
    counts = moves.group_by("step", "following").agg(moves=moves.count()).to_pyarrow().to_pylist()
    totals: dict[str, int] = {}
    for row in counts:
        totals[row["step"]] = totals.get(row["step"], 0) + row["moves"]
    shares: dict[str, dict[str, float]] = {step: {} for step in totals}
    for row in counts:
        if row["following"] is not None:
            shares[row["step"]][row["following"]] = row["moves"] / totals[row["step"]]
    return shares, finished.count().to_pyarrow().as_py()


def _notes(
    chain: Chain,
    unsaid: list[str],
    history: Mapping[str, object],
    cases: int,
    minutes: Mapping[str, float | None],
    service: Service,
) -> tuple[str, ...]:
    notes = []
    read = [step for step in unsaid if step in history]
    if read:
        notes.append(
            f"The way on from {named(read)} is that of {counted(cases, 'finished case')}: where open cases will go "
            "is not known yet, so that long ways are too rare and the work to come is understated."
        )
    unknown = [step for step in unsaid if step not in history]
    if unknown:
        notes.append(
            f"Nothing says where cases go from {named(unknown)}: they are taken to end there. Give these steps "
            "'next' in service.toml."
        )
    if chain.endless:
        notes.append(
            f"The pathway never leaves {named(sorted(chain.endless))}, so that the work to come there has no end. "
            "Correct 'next' in service.toml."
        )
    measured = [
        step
        for step, mean in minutes.items()
        if mean is not None and (step not in service.steps or service.steps[step].planned_minutes is None)
    ]
    if measured:
        notes.append(f"Minutes of a visit at {named(measured)} are the mean of those recorded.")
    return tuple(notes)
