"""Models A, B and C as services, run by Millpond's own `simulate`: daily totals and wait distributions are collected.

With `full` as argument each has one step more, at which appointments can be missed and to which nobody goes. It changes
nothing but that the event loop is the one in which every feature is compiled in.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from functools import cache
from typing import Any

from benchmarks.models.served import Answered, Asked, serve

from millpond.model import Service
from millpond.simulation.replications import simulate

MONDAY = dt.date(2025, 1, 6)
UNUSED = "nobody comes here"
ALWAYS, OFFICE = "Mon-Sun 00:00-24:00", "Mon-Fri 09:00-17:00"


@cache
def service(model: str, *, full: bool, times: float = 1) -> Service:
    """Model A, B or C.

    Args:
        model: its letter.
        full: whether the event loop with every feature is to run it.
        times: how many times as many cases come and how many times as short everything is.
    """
    made = {"A": _model_a, "B": _model_b, "C": _model_c}[model](times)
    if full:
        pool = next(iter(made["pools"]))
        made["steps"][UNUSED] = {"pool": pool, "minutes": 60, "missed": 0.1, "next": "closed"}
    return Service.from_plain({"name": f"model {model}", "timezone": "UTC", **made})


def _exponential(hours: float) -> dict[str, Any]:
    return {"distribution": "exponential", "mean": 60 * hours}


def _lognormal(hours: float) -> dict[str, Any]:
    return {"distribution": "lognormal", "mean": 60 * hours, "sd": 60 * hours}


def _model_a(times: float) -> dict[str, Any]:
    return {
        "calendars": {"hours": {"hours": ALWAYS}},
        "pools": {"agents": {"calendar": "hours", "workers": 10}},
        "streams": {"all": {"first_step": "service", "per_week": 168 * 9 * times}},
        "steps": {"service": {"pool": "agents", "minutes": _exponential(1 / times), "next": "closed"}},
    }


def _pathway(times: float, hours: str, stream: dict[str, Any], patience: float) -> dict[str, Any]:
    def step(pool: str, mean: float, following: object, **more: object) -> dict[str, Any]:
        return {"pool": pool, "minutes": _lognormal(mean / times), "next": following, **more}

    leaving = {"minutes": _exponential(patience / times)}
    return {
        "calendars": {"hours": {"hours": hours}},
        "pools": {
            name: {"calendar": "hours", "workers": workers}
            for name, workers in (("admin", 4), ("triage", 3), ("advocate", 22))
        },
        "streams": {"all": {"first_step": "referral", "share_urgent": 0.2, **stream}},
        "steps": {
            "referral": step("admin", 0.25, "triage"),
            "triage": step("triage", 0.5, "assessment"),
            "assessment": step("advocate", 1.5, "advocacy", patience=leaving),
            "advocacy": step("advocate", 1.0, {"advocacy": 0.6, "closure": 0.4}),
            "closure": step("admin", 0.3, "closed"),
        },
    }


def _model_b(times: float) -> dict[str, Any]:
    return _pathway(times, ALWAYS, {"per_week": 168 * 5 * times}, patience=8)


def _model_c(times: float) -> dict[str, Any]:
    pattern = {
        "Mon-Fri 09:00-17:00": 3.5,
        "Mon-Fri 08:00-09:00": 1.5,
        "Mon-Fri 17:00-20:00": 1.5,
        "otherwise": 0.2,
    }
    return _pathway(times, OFFICE, {"per_week": 10_000 / 52 * times, "pattern": pattern}, patience=24)


def run(asked: Asked, *, full: bool) -> Answered:
    """One run through the public interface."""
    of = service(asked.model, full=full)
    begun, clock = time.process_time(), time.perf_counter()
    found = simulate(
        of,
        first_day=MONDAY,
        days=asked.days,
        drain_days=asked.drain_days,
        replications=asked.replications,
        seed=asked.seed,
        threads=asked.threads,
    )
    seconds, elapsed = time.process_time() - begun, time.perf_counter() - clock
    rows = [row for row in found.waits.rows if row.stream is None and row.urgency is None]
    visits = sum(row.started.value for row in rows if row.started is not None)
    each = [row for row in found.by_replication.rows if row.step != UNUSED]
    answers = {
        f"wait {row.step}": [value / 60 for value in row.values if value is not None]
        for row in each
        if row.quantity == "wait"
    }
    (lead,) = (row.values for row in each if row.quantity == "lead time")
    answers["lead time"] = [value / 60 for value in lead if value is not None]
    if asked.model != "A":
        # What falls away is the planned minutes of those who leave, and all leave at one step.
        planned = of.steps["assessment"].planned_minutes or 0.0
        (gone,) = (row.values for row in each if row.quantity == "withdrawn" and row.pool == "advocate")
        answers["left"] = [(value or 0.0) * asked.days / 7 / planned for value in gone]
    else:
        answers["left"] = [0.0] * asked.replications
    backlogs = [row.values for row in each if row.quantity == "backlog_visits"]
    answers["backlog"] = [sum(value or 0.0 for value in values) for values in zip(*backlogs, strict=True)]
    return Answered(seconds, round(visits * asked.replications), answers, elapsed)


def main() -> None:
    full = "full" in sys.argv[1:]
    for model in "ABC":
        run(Asked(model, 7, 7, 1, 1), full=full)
    serve(f"millpond, {'every feature compiled in' if full else 'lean'}", lambda asked: run(asked, full=full))


if __name__ == "__main__":
    main()
