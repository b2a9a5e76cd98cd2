"""Who is there when a simulation starts: the visits that the records leave open, ready to be carried over.

Visits are carried over, those that wait and those under way. Where a case is between two visits (its last one has ended
and the next has not joined) the records do not say whether it will come again, and it is left out, unless somebody who
knows how cases go on says when it comes (`OnTheWay`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from ibis.expr.types import Table

from millpond.model import Service
from millpond.simulation.addresses import SCHEDULED, name_key
from millpond.simulation.tables import START_COLUMNS, Tables

CARRIED_OVER = SCHEDULED + (SCHEDULED >> 1) + (SCHEDULED >> 2)
"""Where the arrival numbers of cases begin that were there before; see `millpond.simulation.addresses`."""
_KEY_BITS = 37
URGENT = "urgent"
_MICROSECONDS_A_MS = 1000


@dataclass(frozen=True)
class OpenVisit:
    """A visit that the records leave open; instants and work in microseconds since 1970-01-01 UTC.

    Attributes:
        case: the case's id.
        step: where it is.
        stream: where the case came from; None where the records do not say.
        is_urgent: whether its priority says ``urgent``.
        earlier: how many visits the case has had at this step before.
        entered_us: when the case joined first.
        joined_us: when the visit joined.
        started_us: when its work began; None while it waits.
        worker: who has begun it; None where nobody has, or it is not known.
        done_us: the work done on it so far.
        came_from: the step at which the case was before; None where this is its first.
    """

    case: str
    step: str
    stream: str | None
    is_urgent: bool
    earlier: int
    entered_us: int
    joined_us: int
    started_us: int | None
    worker: str | None
    done_us: int
    came_from: str | None = None


@dataclass(frozen=True)
class OnTheWay:
    """A case between two visits, of which it is known, or was drawn, when it comes to the next.

    Attributes:
        case: the case's id.
        step: where it comes.
        stream: where the case came from; None where the records do not say.
        is_urgent: whether its priority says ``urgent``.
        earlier: how many visits the case has had at this step before.
        entered_us: when the case joined first, microseconds since 1970-01-01 UTC.
        came_from: the step at which it was.
        comes_us: when it comes, microseconds since 1970-01-01 UTC.
    """

    case: str
    step: str
    stream: str | None
    is_urgent: bool
    earlier: int
    entered_us: int
    came_from: str
    comes_us: int


def open_visits(needs: Table) -> tuple[OpenVisit, ...]:
    """The visits that are open at the instant for which their needs were worked out.

    Args:
        needs: as `millpond.measures.four.needs` gives them.

    Returns:
        In the order in which they joined.
    """
    by_step = needs.group_by("case", "step").agg(visits=needs.count())
    by_case = needs.group_by("case").agg(entered_us=needs.joined_us.min())
    order = ibis.window(group_by="case", order_by=["joined_us", "visit"])
    waiting = needs.mutate(came_from=needs.step.lag().over(order)).filter(needs.ended_us.isnull())
    waiting = waiting.left_join(by_step, [("case", "case"), ("step", "step")]).drop("case_right", "step_right")
    waiting = waiting.left_join(by_case, [("case", "case")]).drop("case_right")
    columns = ["case", "step", "stream", "priority", "visits", "entered_us", "joined_us", "started_us", "worker"]
    columns.append("came_from")
    rows: pa.Table = waiting.select(*columns, "done_us", "visit").order_by("joined_us", "visit").to_pyarrow()
    found = rows.to_pylist()
    open_at = Counter((row["case"], row["step"]) for row in found)
    return tuple(
        OpenVisit(
            case=row["case"],
            step=row["step"],
            stream=row["stream"],
            is_urgent=(row["priority"] or "").strip().casefold() == URGENT,
            earlier=row["visits"] - open_at[row["case"], row["step"]],
            entered_us=row["entered_us"],
            joined_us=row["joined_us"],
            started_us=row["started_us"],
            worker=row["worker"],
            done_us=row["done_us"],
            came_from=row["came_from"],
        )
        for row in found
    )


@dataclass(frozen=True, eq=False)
class CarriedOver:
    """Open visits as the event loop takes them.

    Attributes:
        rows: int64, visits x `START_COLUMNS`; those with work done come first.
        notes: what could not be carried over as it stands, in sentences.
    """

    rows: npt.NDArray[np.int64]
    notes: tuple[str, ...]


def carried_over(
    visits: tuple[OpenVisit, ...], service: Service, tables: Tables, on_the_way: Sequence[OnTheWay] = ()
) -> CarriedOver:
    """The open visits, and cases that are on their way, in the terms of a service's tables.

    A visit under way goes on with its worker, where the service names the worker; else with whoever is free first.
    A case of an unknown stream counts as of the first stream that begins at its step, else of the first stream.

    Args:
        visits: from `open_visits`.
        service: the service as it is to be simulated.
        tables: its tables, whose horizon says when the simulation starts.
        on_the_way: cases between two visits that come again.
    """
    origin = tables.horizon.origin_us
    streams = list(service.streams)
    workers = {person.name: place for place, person in enumerate(tables.people)}
    numbers: dict[str, int] = {}
    taken: set[int] = set()
    unknown_steps: Counter[str] = Counter()
    rows: list[list[int]] = []
    held: set[int] = set()
    if not streams:
        return CarriedOver(np.zeros((0, START_COLUMNS), dtype=np.int64), ())
    for visit in visits:
        if visit.step not in tables.names.steps:
            unknown_steps[visit.step] += 1
            continue
        place = streams.index(_stream(visit, service, streams))
        case = _case(visit.case, place, tables, numbers, taken)
        worker = workers.get(visit.worker or "", -1) if visit.started_us is not None else -1
        # One visit at a time: of several under way with one worker the first is gone on with.
        if worker in held:
            worker = -1
        held.add(worker)
        held.discard(-1)
        done = visit.done_us // _MICROSECONDS_A_MS
        started = visit.started_us if visit.started_us is not None else visit.joined_us
        rows.append(
            [
                case,
                2 * place + int(visit.is_urgent),
                tables.names.steps[visit.step],
                visit.earlier,
                (visit.joined_us - origin) // _MICROSECONDS_A_MS,
                (visit.entered_us - origin) // _MICROSECONDS_A_MS,
                worker,
                done,
                -1,
                (started - origin) // _MICROSECONDS_A_MS,
                tables.names.steps.get(visit.came_from or "", -1),
                -1,
            ]
        )
    for each in on_the_way:
        if each.step in tables.names.steps:
            place = streams.index(_stream(each, service, streams))
            entered = (each.entered_us - origin) // _MICROSECONDS_A_MS
            comes = max((each.comes_us - origin) // _MICROSECONDS_A_MS, 0)
            rows.append(
                [
                    _case(each.case, place, tables, numbers, taken),
                    2 * place + int(each.is_urgent),
                    tables.names.steps[each.step],
                    each.earlier,
                    comes,
                    entered,
                    *(-1, 0, -1, comes),
                    tables.names.steps.get(each.came_from, -1),
                    comes,
                ]
            )
    rows.sort(key=lambda row: row[7] == 0)
    notes = tuple(
        f"{count} open {'visit' if count == 1 else 'visits'} at {step} could not be carried over, because the service "
        f"does not describe that step. Add [steps.{step}] to service.toml."
        for step, count in unknown_steps.items()
    )
    return CarriedOver(np.array(rows, dtype=np.int64).reshape(-1, START_COLUMNS), notes)


def _case(name: str, stream: int, tables: Tables, numbers: dict[str, int], taken: set[int]) -> int:
    """The first word of a case's address, as a signed number."""
    if name not in numbers:
        numbers[name] = _number(name, taken)
        taken.add(numbers[name])
    case = int(tables.stream_keys[stream]) | numbers[name]
    return case - (1 << 64) if case >= 1 << 63 else case


def _stream(visit: OpenVisit | OnTheWay, service: Service, streams: list[str]) -> str:
    if visit.stream in service.streams:
        return str(visit.stream)
    beginning = [name for name in streams if service.streams[name].first_step == visit.step]
    return (beginning or streams)[0]


def _number(case: str, taken: set[int]) -> int:
    """The arrival number of a case that was there before, made of its id: it has the same luck in every plan."""
    number, again = CARRIED_OVER + name_key(case, _KEY_BITS), case
    while number in taken:
        again += "'"
        number = CARRIED_OVER + name_key(again, _KEY_BITS)
    return number
