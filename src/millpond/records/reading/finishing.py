"""Gives visits what every measure needs: when they joined, how that is known, and local days and hours.

The days and hours are found here, once, from instants in UTC and the zone's own offsets; no query ever casts to a
zone (see `millpond.records.zones`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from millpond.records import zones
from millpond.records.reading.conventions import TEXTS

EVENTS = ("joined", "started", "ended")
Instants = tuple[NDArray[np.int64], NDArray[np.bool_]]
"""Microseconds since 1970-01-01 UTC, and which of them are known."""

_SOURCES = np.array(["recorded", "started", "ended"])


def finish(
    rows: pa.Table, events: Mapping[str, Instants], further: Mapping[str, int], zone: ZoneInfo, counts: Counter[str]
) -> pa.Table:
    """Complete visits.

    Args:
        rows: ``row_number``, ``visit``, ``case``, ``step``, our texts, ``minutes_us``, and ``x0``, ``x1``, ...
        events: when visits joined, started and ended, as recorded; those that are missing are not known for any.
        further: the names of ``x0``, ``x1``, ...
        zone: the zone of the local days and hours.
        counts: where ``joined_after_started`` is counted.

    Returns:
        The columns of the visit log, with ``row_number``, ``recorded_joined_us`` and the further columns. A visit
        that joined after it started is taken to have joined when it started; one whose joining is not recorded, to
        have joined when it started, else when it ended.
    """
    count = rows.num_rows
    nothing = (np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.bool_))
    recorded, started, ended = (events.get(event, nothing) for event in EVENTS)
    late = recorded[1] & started[1] & (recorded[0] > started[0])
    counts["joined_after_started"] += int(late.sum())
    joined = np.where(recorded[1], np.where(late, started[0], recorded[0]), np.where(started[1], started[0], ended[0]))
    source = np.where(recorded[1], 0, np.where(started[1], 1, 2))
    instants = {"joined": (joined, recorded[1] | started[1] | ended[1]), "started": started, "ended": ended}
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        name: rows.column(name) for name in ("row_number", "visit", "case", "step", "pool", "worker", "outcome")
    }
    # What stands where no time is known is no instant, and the zone must not be asked about it.
    local = {event: zones.local_day_and_hour(np.where(known, us, 0), zone) for event, (us, known) in instants.items()}
    for event, (us, known) in instants.items():
        columns[f"{event}_us"] = pa.array(us, mask=~known)
    for event, (_, known) in instants.items():
        columns[f"{event}_day"] = pa.array(local[event][0], mask=~known)
    for event, (_, known) in instants.items():
        columns[f"{event}_hour"] = pa.array(local[event][1], mask=~known)
    columns["joined_source"] = pa.array(_SOURCES).take(pa.array(source))
    columns["minutes_us"] = rows.column("minutes_us")
    for name in TEXTS:
        columns.setdefault(name, rows.column(name))
    columns["recorded_joined_us"] = pa.array(recorded[0], mask=~recorded[1])
    for place, name in enumerate(further):
        columns[name] = rows.column(f"x{place}")
    return pa.table(columns)
