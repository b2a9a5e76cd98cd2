"""Simulated logs of a fitted service in the shape in which they are held against real ones."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import pyarrow as pa

from millpond.calibration.backtesting.between import Between, drawn
from millpond.calibration.distances import case_starts
from millpond.calibration.event_log import EventLog, event_log_of
from millpond.calibration.fitting.fit import Fitted
from millpond.periods import date_of, day_of
from millpond.simulation.preparing import prepared
from millpond.simulation.recording import records_of
from millpond.simulation.replication import replicate
from millpond.simulation.starting import OpenVisit, carried_over

MORE, ROOM_DAYS, DRAIN_DAYS = 1.6, 21, 200


def simulated_visits(
    fitted: Fitted,
    first_day: date,
    days: int,
    *,
    replications: int,
    seed: int,
    opening: tuple[OpenVisit, ...] | None = None,
    drain_days: int = 0,
    between: Sequence[Between] = (),
) -> Iterator[pa.Table]:
    """Records of a fitted service over the same days, each with other luck.

    Args:
        fitted: the fitted service.
        first_day: the first day.
        days: for how many days cases come.
        replications: how many times.
        seed: of the random draws.
        opening: the visits that are open as the first day begins; None to start empty.
        drain_days: how many days more are simulated, without new cases.
        between: cases that are between two visits as the first day begins; which of them come again, and when, is drawn
            each time.

    Raises:
        FaultyService: the service cannot be simulated.
    """
    ready = prepared(fitted.service, first_day, days, opening=opening, drain_days=drain_days)
    tables = ready.tables
    for number in range(replications):
        if between:
            coming = drawn(between, tables.horizon.origin_us, seed, number)
            tables = tables.starting_with(carried_over(opening or (), fitted.service, tables, coming).rows)
        yield records_of(tables, replicate(tables, seed, number, logs=True), seed=seed).visits


def logs_like(fitted: Fitted, real: EventLog, *, replications: int, seed: int) -> Iterator[EventLog]:
    """Logs with as many cases as a real one and the same start, in which every case is played to its end.

    Args:
        fitted: the fitted service.
        real: the log that they are to be held against.
        replications: how many logs.
        seed: of the random draws.
    """
    first_us, cases = int(real.started_us.min()), len(real.cases)
    streams = fitted.service.streams.values()
    rate = sum((stream.per_week or 0.0) + sum(stream.schedule.values()) for stream in streams)
    days = math.ceil(MORE * 7 * cases / rate) + ROOM_DAYS
    first_day = date_of(day_of(first_us, fitted.service.zone))
    for visits in simulated_visits(
        fitted, first_day, days, replications=replications, seed=seed, drain_days=DRAIN_DAYS
    ):
        log = event_log_of(visits, fitted.service.zone, fitted.made_up)
        starts = case_starts(log)
        order = np.argsort(starts, kind="stable")
        later = order[starts[order] >= first_us]
        yield log.of_cases(later[:cases]).shifted_to(first_us)
