"""The rota: who was available when, and what kept them away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from millpond.model import Service
from millpond.records.checks import meant
from millpond.records.tables import Batch, Layout, aside_notes, read_table
from millpond.records.zones import DAY_US, from_local, local_us

NAME = "rota.csv"
AVAILABLE = "available"

_LAYOUT = Layout(
    columns={
        "worker": ("worker", "worker id", "resource", "staff", "staff member", "name"),
        "pool": ("pool", "team", "role", "group"),
        "starts": ("starts", "start", "started", "starts at", "start time", "from"),
        "ends": ("ends", "end", "ended", "ends at", "end time", "until", "to"),
        "kind": ("kind", "type", "reason", "status"),
    },
    times=("starts", "ends"),
    needed=("worker", "starts", "ends"),
)


@dataclass(frozen=True)
class Shift:
    """A stretch of time that one worker was available, or not.

    Attributes:
        worker: who.
        pool: for which pool; None where the rota does not say.
        starts_us: when it starts, microseconds since 1970-01-01 UTC.
        ends_us: when it ends.
        kind: ``available``, or the reason not (leave, sickness, meeting, training, ...).
    """

    worker: str
    pool: str | None
    starts_us: int
    ends_us: int
    kind: str


def read_rota(path: Path, service: Service) -> tuple[tuple[Shift, ...], tuple[str, ...]]:
    """Read a rota.

    A blank kind is ``available``. An end that is a date without a time of day is the end of that day, so that leave
    from Monday to Friday takes the Friday too. Rows that say nothing, or end before they start, are left out with a
    note; a name that the service lacks is kept, and noted with the nearest that it has. The same shift twice counts
    once.

    Args:
        path: ``rota.csv``.
        service: whose zone, pools and workers.

    Returns:
        The shifts by worker and time, and notes for a person.

    Raises:
        UnreadableFile: the file is no rota.
    """
    shifts: list[Shift] = []

    def take(batch: Batch) -> Mapping[int, str]:
        refused: dict[int, str] = {}
        for place in range(len(batch.rows)):
            shift = _shift(batch, place, service.zone)
            if isinstance(shift, Shift):
                shifts.append(shift)
            else:
                refused[place] = shift
        return refused

    read = read_table(path, _LAYOUT, service.zone, take)
    once = sorted(set(shifts), key=lambda s: (s.worker, s.starts_us, s.ends_us, s.kind, s.pool or ""))
    notes = [*aside_notes(path.name, read.aside)]
    if len(once) < len(shifts):
        notes.append(f"{path.name}: {len(shifts) - len(once):,} shifts are there more than once and count once.")
    if once and not any(shift.kind == AVAILABLE for shift in once):
        notes.append(
            f"{path.name} has only absences, which are not counted: who would otherwise be in is not known from them, "
            "so capacity comes from the pools. Add a row of kind 'available' for each shift."
        )
    return tuple(once), (*notes, *_unknown(path.name, once, service))


def _shift(batch: Batch, place: int, zone: ZoneInfo) -> Shift | str:
    """The shift of a row, or why there is none."""
    worker = batch.texts["worker"][place]
    starts, ends = batch.times["starts"], batch.times["ends"]
    if worker is None:
        return "it names no worker"
    for name, times in (("starts", starts), ("ends", ends)):
        if times.unreadable[place]:
            return f"what stands in '{name}' cannot be read as a time"
        if not times.known[place]:
            return f"it has no time in '{name}'"
    ends_us = int(ends.us[place])
    if ends.day_only[place]:
        ends_us = _next_midnight_us(ends_us, zone)
    starts_us = int(starts.us[place])
    if ends_us <= starts_us:
        return "it does not end after it starts"
    kind = (batch.texts["kind"][place] or AVAILABLE).strip().lower()
    return Shift(worker, batch.texts["pool"][place], starts_us, ends_us, kind)


def _next_midnight_us(us: int, zone: ZoneInfo) -> int:
    """The local midnight after the local midnight `us`; a day on which the clocks change is not 24 hours long."""
    clock = local_us(np.array([us], dtype=np.int64), zone) // DAY_US * DAY_US + DAY_US
    return int(from_local(clock, zone).us[0])


def _unknown(name: str, shifts: list[Shift], service: Service) -> list[str]:
    notes = []
    pools = sorted({shift.pool for shift in shifts if shift.pool is not None} - set(service.pools))
    if pools and service.pools:
        listed = ", ".join(meant(pool, service.pools) for pool in pools)
        notes.append(f"{name} names pools that service.toml does not have: {listed}. Their shifts are kept.")
    workers = sorted({shift.worker for shift in shifts} - set(service.workers))
    if workers and service.workers:
        listed = ", ".join(meant(worker, service.workers) for worker in workers)
        notes.append(f"{name} names workers that service.toml does not have: {listed}. Their shifts are kept.")
    return notes
