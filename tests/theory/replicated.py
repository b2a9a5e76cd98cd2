"""Small services in hours, what their replications give, and when that agrees with an expected number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from millpond.model import Service
from millpond.periods import day_number
from millpond.simulation.replication import Replication, replicate
from millpond.simulation.tables import Tables, tables_of

HOUR_MS = 3_600_000
FIRST_DAY = day_number(dt.date(2025, 1, 6))
"""A Monday, so that hours of the week are hours since the start."""
ALWAYS = "Mon-Sun 00:00-24:00"


def service(
    workers: Mapping[str, int],
    streams: Mapping[str, Mapping[str, Any]],
    steps: Mapping[str, Mapping[str, Any]],
    *,
    hours: str = ALWAYS,
    pool: Mapping[str, Any] | None = None,
) -> Service:
    """A service in UTC whose pools all keep the same hours; each pool is given by its workers alone."""
    return Service.from_plain(
        {
            "name": "a queue",
            "timezone": "UTC",
            "calendars": {"hours": {"hours": hours}},
            "pools": {name: {"calendar": "hours", "workers": count, **(pool or {})} for name, count in workers.items()},
            "streams": {name: dict(stream) for name, stream in streams.items()},
            "steps": {name: dict(step) for name, step in steps.items()},
        }
    )


def lasts(distribution: str, mean: float, sd: float | None = None) -> dict[str, Any]:
    """A distribution of hours, as a service spells it in minutes."""
    spread = {} if sd is None else {"sd": 60 * sd}
    return {"distribution": distribution, "mean": 60 * mean, **spread}


def one_step(
    arrivals: float,
    workers: int,
    minutes: Mapping[str, Any],
    *,
    pool: Mapping[str, Any] | None = None,
    step: Mapping[str, Any] | None = None,
    hours: str = ALWAYS,
    **stream: Any,
) -> Service:
    """Arrivals in an hour, workers, and how long they take."""
    source = {"first_step": "step", "per_week": 168 * arrivals, **stream}
    only = {"pool": "pool", "minutes": minutes, **(step or {})}
    return service({"pool": workers}, {"all": source}, {"step": only}, pool=pool, hours=hours)


def tables(of: Service, days: int, *, warm_up_days: int = 7, drain_days: int = 7) -> Tables:
    """Arrivals for so many days; the last ones are finished, and the first days are left out of the means."""
    return tables_of(of, FIRST_DAY, days, warm_up_days=warm_up_days, drain_days=drain_days)


def replications(of: Tables, count: int, *, seed: int = 1, logs: bool = False) -> list[Replication]:
    """So many replications under one seed."""
    return [replicate(of, seed, number, logs=logs) for number in range(count)]


def mean_waits(of: Tables, runs: list[Replication]) -> npt.NDArray[np.float64]:
    """The mean wait in hours: replications x steps x classes, a class being 2 x stream + 1 where it is urgent."""
    shape = (len(runs), len(of.service.steps), 2 * len(of.service.streams))
    sums = np.array([run.totals["wait_sum"] for run in runs]).reshape(shape)
    counts = np.array([run.wait_count for run in runs]).reshape(shape)
    return np.asarray(sums / np.maximum(counts, 1) / HOUR_MS)


def mean_leads(runs: list[Replication]) -> npt.NDArray[np.float64]:
    """The mean lead time in hours: replications x classes."""
    sums = np.array([run.totals["lead_sum"] for run in runs])
    counts = np.array([run.lead_count for run in runs])
    return np.asarray(sums / np.maximum(counts, 1) / HOUR_MS)


def number_at(run: Replication, hours: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """How many visits had joined and not yet ended at each time: a visit counts from the instant at which it joins."""
    joined, ended = run.log.visits.joined, run.log.visits.ended
    times = np.asarray(hours) * HOUR_MS
    over = np.sort(ended[ended >= 0])
    return np.asarray(
        np.searchsorted(np.sort(joined), times, side="right") - np.searchsorted(over, times, side="right")
    )


def agrees(found: npt.ArrayLike, expected: float, *, within: float) -> None:
    """Asserts that the mean over replications is the expected one, as far as chance lets it be seen.

    Args:
        found: one number for each replication.
        expected: what they should be on average.
        within: the relative error that must be visible: three standard errors must be smaller. A test that could not
            tell a fault of that size from chance would fail here.
    """
    values = np.asarray(found, dtype=np.float64)
    error = values.std(ddof=1) / np.sqrt(len(values))
    told = f"{values.mean():.5g}, standard error {error:.2g}, expected {expected:.5g}"
    assert 3 * error <= within * expected, f"not precise enough: {told}"
    assert abs(values.mean() - expected) <= 3 * error, told
