"""Many replications of a service, folded into means with their intervals until there are enough.

What each replication comes to is folded in the order of the replications' numbers, so that the results are the same
bytes whatever runs them (`millpond.simulation.running`), and memory does not grow with the replications.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from millpond.errors import WrongUse
from millpond.model import Service
from millpond.simulation.figures import DAILY, TIMES, Figures
from millpond.simulation.intervals import Moments
from millpond.simulation.log import check_log, write_log
from millpond.simulation.preparing import prepared
from millpond.simulation.replication import replicate
from millpond.simulation.results import Folded, Named, Simulation
from millpond.simulation.running import Runner, Tell, runner_for
from millpond.simulation.starting import CarriedOver, OpenVisit
from millpond.simulation.warm_up import NEVER_SETTLES, WarmUp, warm_up_advice

DAYS, REPLICATIONS, MOST_REPLICATIONS = 364, 100, 10_000
FEWEST_FOR_PRECISION = 20
"""An interval from fewer replications is too doubtful itself to stop by."""


def simulate(
    service: Service,
    *,
    first_day: date,
    days: int = DAYS,
    replications: int | None = None,
    precision: float | None = None,
    seed: int = 1,
    opening: tuple[OpenVisit, ...] | None = None,
    warm_up_days: int = 0,
    drain_days: int = 0,
    log: Path | str | None = None,
    threads: int | None = None,
    dask: str | None = None,
    progress: Tell | None = None,
) -> Simulation:
    """Simulates a service many times over the same days.

    Args:
        service: the service.
        first_day: the first day.
        days: for how many days new cases come.
        replications: how many; default 100, or with a precision at most 10,000.
        precision: run until the mean lead time and the mean backlog of all pools together have intervals whose half
            width is at most this share of them, such as 0.05; not fewer than 20 replications.
        seed: of the random draws, 0 or more: the same seed gives the same bytes.
        opening: the visits that are open when the first day begins, from `millpond.simulation.starting.open_visits`;
            None to start empty but for the pools' opening backlogs.
        warm_up_days: how many days at the start to leave out of waits, lead times and the figures of pools.
        drain_days: how many days more to simulate, without new cases, so that those under way can end.
        log: where to write the records of the first replication; see `millpond.simulation.log.write_log`.
        threads: how many to run side by side; default, as many as there are processors. Results do not depend on it.
        dask: the address of a Dask scheduler whose workers are to run the replications instead, such as
            ``tcp://10.0.0.5:8786``. Results do not depend on it either.
        progress: is told how far it has come.

    Returns:
        The means over replications, each with its 95% interval.

    Raises:
        WrongUse: a number is out of its limits, the log's folder holds something, or nothing answers at the address.
        FaultyService: the service cannot be simulated as it is described; all faults are told.
        CannotWrite: the log could not be written.
    """
    _check(days, replications, precision, seed, threads, warm_up_days, drain_days)
    if log is not None:
        check_log(log)
    ready = prepared(service, first_day, days, opening=opening, warm_up_days=warm_up_days, drain_days=drain_days)
    tables, reading, carried = ready.tables, ready.reading, ready.carried
    most = replications or (REPLICATIONS if precision is None else MOST_REPLICATIONS)
    tell = progress or (lambda share, count: None)
    with runner_for(reading, seed, threads, dask) as runner:
        runner.prepare(tell)
        folded, reached = _run(runner, most, precision, tell)
    if log is not None:
        write_log(tables, replicate(tables, seed, 0, logs=True), log, seed=seed)
    count = len(folded.kept)
    backlog = folded.moments["daily"].mean[DAILY.index("backlog"), :, :days].sum(axis=0)
    advice = warm_up_advice(backlog) if not ready.growing else WarmUp(None, NEVER_SETTLES)
    notes = [*ready.growing, *(_start_notes(carried) if carried else ())]
    if precision is not None and not reached:
        notes.append(
            f"The precision of {precision:.3g} was not reached in {count:,} replications; ask for more replications, "
            "more days or less precision."
        )
    if warm_up_days == 0 and carried is None:
        notes.append(advice.sentence)
    notes += _notes(service, count)
    names = tables.names
    return Simulation(
        service=service.name,
        first_day=first_day.isoformat(),
        days=days,
        start="empty" if carried is None else "records",
        warm_up_days=warm_up_days,
        drain_days=drain_days,
        seed=seed,
        replications=count,
        precision=precision,
        currency=service.currency,
        warm_up=advice if carried is None else None,
        notes=tuple(notes),
        _folded=folded,
        _names=Named(
            pools=tuple(names.pools),
            steps=tuple((name, service.steps[name].pool) for name in names.steps),
            outcomes=names.outcomes,
            policies=tuple((name, policy.pool) for name, policy in service.policies.items()),
        ),
        _groups=reading.groups,
        _day_labels=tuple(tables.horizon.date(index).isoformat() for index in range(tables.horizon.until)),
    )


def _check(
    days: int,
    replications: int | None,
    precision: float | None,
    seed: int,
    threads: int | None,
    warm_up_days: int,
    drain_days: int,
) -> None:
    wrong: list[str] = []
    if not 1 <= days <= 36_500:
        wrong.append(f"days is {days}. Give a whole number from 1 to 36,500.")
    if replications is not None and replications < 1:
        wrong.append(f"replications is {replications}. Give a whole number of 1 or more.")
    if precision is not None and not 0 < precision < 1:
        wrong.append(f"precision is {precision:g}. Give a share between 0 and 1, such as 0.05 for 5%.")
    if not 0 <= seed < 1 << 63:
        wrong.append(f"seed is {seed}. Give a whole number from 0 to 9,223,372,036,854,775,807.")
    if threads is not None and threads < 1:
        wrong.append(f"threads is {threads}. Give a whole number of 1 or more.")
    if not 0 <= warm_up_days < max(days, 1):
        wrong.append(f"warm-up days are {warm_up_days}. Give a whole number from 0 to less than the {days} days.")
    if not 0 <= drain_days <= 36_500:
        wrong.append(f"drain days are {drain_days}. Give a whole number from 0 to 36,500.")
    if wrong:
        raise WrongUse("\n".join(f"The simulation's {one}" for one in wrong))


def _run(runner: Runner, most: int, precision: float | None, tell: Tell) -> tuple[Folded, bool]:
    """Folds replications until there are enough; says whether the precision was reached."""
    # The first that are looked at together, and from then on as many as the spread so far calls for.
    goal = most if precision is None else min(FEWEST_FOR_PRECISION, most)
    folded: Folded | None = None
    total = Moments((2,))
    while True:
        done = 0 if folded is None else len(folded.kept)
        for figures in runner.figures(range(done, goal)):
            folded = folded or Folded.empty(figures)
            folded.add(figures)
            if precision is not None:
                total.add(_headline(figures))
            count = len(folded.kept)
            tell(count / most if precision is None else min(count / goal, 1.0), count)
        assert folded is not None
        if precision is None:
            return folded, True
        needed = _needed(total, precision)
        if needed <= goal or goal == most:
            return folded, needed <= goal
        # By no more than doubling: the spread is itself an estimate.
        goal = min(max(needed, goal + 1), 2 * goal, most)


def _headline(figures: Figures) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The two figures that a precision is asked of: the mean lead time, and the mean backlog of all pools."""
    backlog = figures.daily[DAILY.index("backlog")].sum(axis=0).mean()
    return np.array([figures.lead_times[0, TIMES.index("mean")], backlog])


def _needed(total: Moments, precision: float) -> int:
    """How many replications both intervals need to be narrow enough, by what is known of their spread."""
    half = total.half_widths()
    needed = 0.0
    for place in range(2):
        count, mean = int(total.count[place]), abs(float(total.mean[place]))
        if count < 2:
            needed = max(needed, math.inf if count else 0.0)
        elif half[place] > precision * mean:
            needed = max(needed, count * (half[place] / (precision * mean)) ** 2 if mean else math.inf)
    return MOST_REPLICATIONS * 1000 if math.isinf(needed) else math.ceil(needed)


def _start_notes(carried: CarriedOver) -> Iterator[str]:
    count, begun = len(carried.rows), int((carried.rows[:, 7] > 0).sum())
    yield (
        f"It starts from the records: {count:,} open {'visit is' if count == 1 else 'visits are'} carried over, "
        f"{begun:,} of them begun. Cases between two visits are not, for the records do not say whether they will come "
        "again."
    )
    yield from carried.notes


def _notes(service: Service, count: int) -> Iterator[str]:
    if count == 1:
        yield "One replication tells nothing of its own luck: no figure has an interval. Simulate 20 or more."
    yield (
        "Waits are of visits that started, and lead times of cases that ended, within the days simulated; who was "
        "still waiting at the end is in the backlog only."
    )
    if any(pool.opening_backlog for pool in service.pools.values()):
        yield "Opening backlogs are part of every backlog from the first day on; nobody works on them."
