"""Histories written as tables, for tests of the fit."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from millpond.calibration.fitting.history import UNKNOWN, History

MINUTE_US = 60_000_000


def at(clock: str) -> int:
    """An instant of Monday, 3 March 2025, UTC, or a number of days later: ``09:30``, ``2 09:30``."""
    day, _, time = clock.rpartition(" ")
    hours, minutes = time.split(":")
    base = datetime(2025, 3, 3, tzinfo=UTC)
    return round(base.timestamp()) * 1_000_000 + (int(day or 0) * 1440 + int(hours) * 60 + int(minutes)) * MINUTE_US


def history_of(table: str) -> History:
    """A history from lines of case | step | worker | started | ended; a dash is what is not there."""
    rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    rows = [row for row in rows if row[0] != "case" and not set(row[0]) <= {"-", "+"}]

    def known(cell: str) -> int:
        return int(UNKNOWN) if cell == "-" else at(cell)

    def far(row: list[str], place: int) -> int:
        return 1 << 62 if row[place] == "-" else known(row[place])

    rows.sort(key=lambda row: (far(row, 3), far(row, 4)))
    texts = {place: np.array([row[place] for row in rows], dtype=object) for place in range(3)}
    workers = np.array([None if worker == "-" else worker for worker in texts[2]], dtype=object)
    started, ended = (np.array([known(row[place]) for row in rows], dtype=np.int64) for place in (3, 4))
    return History(
        visit=np.array([str(place) for place in range(len(rows))], dtype=object),
        case=texts[0],
        step=texts[1],
        worker=workers,
        outcome=np.full(len(rows), None, dtype=object),
        joined_us=np.full(len(rows), UNKNOWN),
        started_us=started,
        ended_us=ended,
        minutes_us=np.full(len(rows), UNKNOWN),
        as_of_us=at("30 00:00"),
        zone=ZoneInfo("UTC"),
    )
