"""The problem events of the days to come: a service simulated many times, and its days counted as those on record are.

What counts as one is for `millpond.variation.problem_days` to say, whose definition the records share.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from millpond.errors import WrongUse
from millpond.model import Service, label_of
from millpond.model.nearest import listed
from millpond.periods import day_number, working_time
from millpond.planning.asking import SETTLE_DAYS
from millpond.planning.problems import working_days
from millpond.planning.trial import Trial, try_out
from millpond.simulation.running import Tell
from millpond.simulation.starting import OpenVisit
from millpond.variation.event_results import ReturnLevel, ReturnLevels
from millpond.variation.events_ahead import EventsAhead, PoolEventsAhead, levels_ahead, pool_ahead
from millpond.variation.limits import Floats
from millpond.variation.problem_days import PoolDays, WhenClosed, problem_events

DAYS, REPLICATIONS = 364, 200
YEAR = 365


def events_ahead(
    service: Service,
    first_day: date,
    *,
    pools: Sequence[str],
    factor: float,
    within: int,
    when_closed: WhenClosed,
    days: int = DAYS,
    replications: int = REPLICATIONS,
    seed: int = 1,
    opening: tuple[OpenVisit, ...] | None = None,
    threads: int | None = None,
    progress: Tell | None = None,
) -> EventsAhead:
    """The problem events of some pools in many futures of the same days.

    Args:
        service: the service.
        first_day: the first day.
        pools: of which pools.
        factor: how many times capacity.
        within: for how many working days from the first the chance is told.
        when_closed: what becomes of demand that joins on closed days.
        days: how many days are counted.
        replications: how many futures.
        seed: of the random draws.
        opening: the visits that are open when the first day begins; None to start empty: then days in which the
            service fills up come first, and are not counted.
        threads: how many run side by side; default, one for each processor.
        progress: is told how far it has come.

    Raises:
        WrongUse: a number is out of its limits, or fewer working days are simulated than the chance is told for.
        FaultyService: the service cannot be simulated as it is described.
    """
    for what, number, least, most in (("days", days, 7, 3660), ("replications", replications, 20, 100_000)):
        if not least <= number <= most:
            raise WrongUse(f"The {what} are {number}. Give a whole number from {least} to {most:,}.")
    settle = SETTLE_DAYS if opening is None else 0
    trial = try_out(
        service,
        first_day,
        settle + days,
        replications=replications,
        seed=seed,
        opening=opening,
        threads=threads,
        progress=progress,
    )
    begins = first_day + timedelta(days=settle)
    rows: list[PoolEventsAhead] = []
    levels: list[ReturnLevel] = []
    ratios: dict[str, Floats] = {}
    for pool in pools:
        futures = [problem_events(one, factor=factor, when_closed=when_closed) for one in _futures(trial, pool, settle)]
        if futures[0].days.of < within:
            raise WrongUse(
                f"{label_of(service.pools, pool)} is open on {futures[0].days.of} of the {days} days simulated, fewer "
                f"than the {within} working days for which the chance is told.\nSimulate more days (--days), or ask "
                "about fewer (--within)."
            )
        working = working_time(service, service.pools[pool], day_number(begins), day_number(begins) + YEAR - 1)
        rows.append(pool_ahead(pool, futures, within, int(working.days_before[-1])))
        ratios[pool] = np.array([future.ratios for future in futures])
        levels += levels_ahead(pool, ratios[pool])
    return EventsAhead(
        rows=tuple(rows),
        notes=tuple(_notes(trial, pools, settle)),
        first_day=begins.isoformat(),
        days=days,
        settle_days=settle,
        start="empty" if opening is None else "records",
        seed=seed,
        replications=replications,
        levels=ReturnLevels(tuple(levels), ()),
        ratios=ratios,
    )


def _futures(trial: Trial, pool: str, settle: int) -> list[PoolDays]:
    """The days of a pool in each replication."""
    names = tuple((trial.first_day + timedelta(days=day)).isoformat() for day in range(settle, trial.days))
    is_open = working_days(trial, pool)[settle:]
    demand, capacity, backlog = (
        trial.by_day(measure, pool)[:, settle:] for measure in ("demand", "capacity", "backlog")
    )
    return [PoolDays(names, *one, is_open) for one in zip(demand, capacity, backlog, strict=True)]


def _notes(trial: Trial, pools: Sequence[str], settle: int) -> list[str]:
    notes = [
        "The simulated days are those of service.toml as it stands; what it does not tell, such as a strike, happens "
        "in no future. Their intervals are of the luck of so many futures, and not of how right service.toml is."
    ]
    service = trial.service
    never = [
        pool
        for pool in pools
        if not service.pools[pool].absence
        and not any(worker.absence for worker in service.workers.values() if worker.pool == pool)
    ]
    if never:
        notes.append(
            f"service.toml states no absence of {listed(never)}: in the simulated days nobody there is ever ill, and "
            "days on which few are there are missing."
        )
    if settle:
        notes.append(f"They start with nobody there; {settle} days in which the service fills up are not counted.")
    return [*notes, *trial.notes]
