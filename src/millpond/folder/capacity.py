"""Least capacity, asked of a folder: what is on record decides where it begins and how it is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from millpond.errors import WrongUse
from millpond.folder.beginning import beginning
from millpond.folder.promised import must_be_meant
from millpond.planning.asking import Asked, varied_pools
from millpond.planning.capacity import least_capacity
from millpond.planning.daily_capacity import least_capacity_of_totals
from millpond.planning.daily_envelope import best_promise_of_totals
from millpond.planning.envelope import best_promise, is_open, read_open_promise
from millpond.planning.least import LeastCapacity
from millpond.planning.promise import read_promise
from millpond.planning.resampling import pasts_of

if TYPE_CHECKING:
    from millpond.folder.verbs.measuring import MeasuredFolder

STARTS = ("records", "cleared", "empty")


def ask_capacity(
    folder: MeasuredFolder,
    target: str | None,
    *,
    risk: float | None,
    days: int,
    pool: str | None,
    step: float,
    replications: int,
    seed: int,
    start: str | None,
    first_day: date | None,
    threads: int | None,
    longer_days: bool,
    say: Callable[[str, int], None] | None,
) -> LeastCapacity:
    """The cheapest staffing that keeps a promise; see `Folder.least_capacity`."""
    service = folder.service
    target, risk = must_be_meant(service, target, risk, '--target "backlog <= 1200 min"')
    promise = read_open_promise(target, service) if is_open(target) else read_promise(target, service)
    kind = folder.records().kind
    if start not in (None, *STARTS):
        raise WrongUse(f"Least capacity cannot start from '{start}'. Choose {', '.join(STARTS)}.")
    if longer_days and (kind == "daily totals" or is_open(target)):
        raise WrongUse(
            "Longer days are looked for by simulation, where a number is promised.\nLeave them out (--longer-days) for "
            "daily totals and for a promise with a ?."
        )
    if kind == "daily totals":
        begins, _ = beginning(folder, first_day, "empty")
        known = pasts_of(folder.measure(by="day"))
        of = promise.pool or pool
        if of is None and len(known) > 1:
            raise WrongUse(
                "Daily totals do not tell how pools hang together, so that each is asked about by itself.\n"
                f"Name one in the promise: --target '{next(iter(known))}: {target}'."
            )
        of = of or next(iter(known), None)
        if of is None or of not in known or of not in service.pools:
            raise WrongUse(
                "What comes to the pool in minutes of work, and when it works, is not known.\n"
                "Describe it in service.toml, with minutes under its step, and keep totals of it in daily.csv."
            )
        asked = Asked(promise, risk, days, (of,), step, replications, seed, threads)
        find = best_promise_of_totals if is_open(target) else least_capacity_of_totals
        return find(service, asked, begins, known[of], start)
    asked = Asked(promise, risk, days, varied_pools(service, pool), step, replications, seed, threads, longer_days)
    begins, opening = beginning(folder, first_day, "records" if start == "cleared" else start)
    if is_open(target):
        return best_promise(service, asked, begins, opening=opening, start=start, say=say)
    history = pasts_of(folder.measure(by="day")) if kind == "visits" else {}
    return least_capacity(
        service,
        asked,
        begins,
        opening=opening,
        start=None if start == "empty" else start,
        history=history,
        say=say,
    )
