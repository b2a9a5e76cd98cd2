"""On whom a service depends: each person away for some days and then back, under the luck of nobody being away.

Who is away keeps their cases and their name: only their calendar is closed on those days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any, ClassVar

import numpy as np

from millpond.errors import FaultyService, WrongUse
from millpond.model import Calendar, Service, Worker
from millpond.planning.paired import mean_of
from millpond.planning.playing import mean_wait
from millpond.planning.trial import Trial, try_out
from millpond.results import Result
from millpond.simulation.intervals import Estimate
from millpond.simulation.rows import Simulated
from millpond.simulation.running import Tell
from millpond.simulation.starting import OpenVisit

USUAL = 0.9
"""A backlog is usual up to what this share of the replications without the absence have on that day."""
WORST, TRIES = 3, 6
"""For how many of the worst losses training is tried, and how many others are trained for each, at most."""


@dataclass(frozen=True)
class HoldingRow:
    """How many people a pool or a skill rests on, on the first day.

    Attributes:
        kind: ``pool`` or ``skill``.
        name: its key in ``service.toml``.
        people: how many can do it, those with them who help from other pools.
        only: who it is, where there is one; else None.
    """

    kind: str
    name: str
    people: int
    only: str | None


@dataclass(frozen=True)
class Holdings(Result):
    """How many people each pool and each skill rests on."""

    rows: tuple[HoldingRow, ...]
    row_type: ClassVar[type] = HoldingRow


@dataclass(frozen=True)
class DependenceRow:
    """What it does when one person is away. Changes are paired: the same replications, the same luck.

    Attributes:
        person: the worker's key, or the pool and a number for one of several places without a name.
        pool: the person's home.
        alike: for how many people the row stands: places of a pool without names are tried once.
        replications: how many replications the row rests on.
        only_one: pools and skills that nobody else holds, with commas between; None where there is none.
        backlog_change: minutes of backlog more, mean over all days and pools; None where it cannot be simulated.
        wait_change: by how many minutes of elapsed time the mean wait of visits that started is longer.
        recovery_days: days from the return until the mean backlog at a day's end is again what is usual; 0 where it
            never left that; None where it is not within the days simulated, or cannot be simulated.
        refused: why it cannot be simulated, such as a step that nobody could do; else None.
        training: who could be trained for the person's pool and skills to most effect, of those tried; else None.
        training_saves: minutes of mean backlog less with them trained, while the person is away; else None.
    """

    person: str
    pool: str
    alike: int
    replications: int
    only_one: str | None
    backlog_change: Estimate | None
    wait_change: Estimate | None
    recovery_days: int | None
    refused: str | None
    training: str | None
    training_saves: Estimate | None


@dataclass(frozen=True)
class Dependence(Simulated):
    """Everybody whose absence was tried, those first whose loss cannot be simulated, then by damage.

    Attributes:
        service: the service's name.
        first_day: the first day of the absence and of the simulation, ISO 8601.
        days: for how many days.
        away: for how many of them each person is away.
        seed: of the random draws.
        holdings: how many people each pool and skill rests on.
    """

    rows: tuple[DependenceRow, ...]
    service: str
    first_day: str
    days: int
    away: int
    seed: int
    holdings: Holdings
    row_type: ClassVar[type] = DependenceRow

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, ready for JSON."""
        return {**super().to_dict(), "holdings": self.holdings.to_dict()["rows"]}


@dataclass(frozen=True)
class _One:
    name: str
    worker: Worker
    alike: int
    pools: frozenset[str]
    skills: frozenset[str]


def dependence(
    service: Service,
    first_day: date,
    days: int,
    *,
    away: int = 60,
    replications: int = 100,
    seed: int = 1,
    opening: tuple[OpenVisit, ...] | None = None,
    threads: int | None = None,
    progress: Tell | None = None,
) -> Dependence:
    """What the absence of each person does to a service, and who might be trained against it.

    Args:
        service: the service.
        first_day: the first day, on which the absence begins.
        days: for how many days the service is simulated.
        away: for how many of them the person is away.
        replications: how often the days are simulated for each absence, at least 2.
        seed: of the random draws, which all share.
        opening: the visits that are open when the first day begins; None to start empty.
        threads: how many replications run side by side; default, one for each processor.
        progress: is told how far it has come.

    Raises:
        WrongUse: a number out of its limits, or nobody works there.
        FaultyService: the service cannot be simulated even with everybody there.
    """
    _check(days, away, replications)
    people = _people(service, first_day)
    if not people:
        raise WrongUse(f"Nobody works in {service.name} on {first_day}.\nSay how many under [pools], or name them.")
    tell = progress or (lambda share, count: None)

    def tried(made: Service) -> Trial:
        return try_out(made, first_day, days, replications=replications, seed=seed, opening=opening, threads=threads)

    base = tried(service)
    found: list[tuple[DependenceRow, Trial | None]] = []
    for number, one in enumerate(people, 1):
        named = _named(service, one)
        # The same people under the same names, of whom one is away.
        present = base if named is service else tried(named)
        alone = _alone(one, people)
        try:
            lost: Trial | None = tried(_without(named, one, first_day, away))
            refused = None
        except FaultyService as error:
            lost, refused = None, "; ".join(f"{fault.where} {fault.what}" for fault in error.faults)
        found.append((_row(one, alone, present, lost, refused, away), lost))
        tell(0.7 * number / len(people), number * replications)
    found.sort(key=lambda each: -_damage(each[0]))
    rows = []
    for place, (row, lost) in enumerate(found):
        one = next(one for one in people if one.name == row.person)
        rows.append(_trained(row, one, lost, people, service, first_day, away, tried) if place < WORST else row)
        tell(0.7 + 0.3 * (place + 1) / len(found), len(people) * replications)
    notes: tuple[str, ...] = (
        f"Each person is away from {first_day} for {away} days and then back; cases that are theirs wait for them.",
        f"Training was tried for the {WORST} worst losses with at most {TRIES} people each, at no cost in time; the "
        "best of several tries looks a little better than it is.",
    )
    if any(_damage(row) < 0 for row in rows):
        notes += (
            "Where the backlog is smaller with somebody away, their work holds cases up before later steps, whose work "
            "is not yet there to wait; see the waits.",
        )
    for pool in service.pools:
        names = service.workers_of(pool, first_day)
        if len(names) > service.headcount(pool, first_day):
            notes += (
                f"The {len(names)} named workers of {pool} share {service.headcount(pool, first_day):g} places: "
                "whoever is away takes their share of them along, also where the others could work more.",
            )
    return Dependence(
        rows=tuple(rows),
        notes=notes,
        service=service.name,
        first_day=first_day.isoformat(),
        days=days,
        away=away,
        seed=seed,
        holdings=_holdings(service, people),
    )


def _check(days: int, away: int, replications: int) -> None:
    wrong = []
    if not 2 <= days <= 3660:
        wrong.append(f"The days are {days}. Give a whole number from 2 to 3,660.")
    if not 1 <= away <= days:
        wrong.append(f"The days away are {away}. Give a whole number from 1 to the {days} days simulated.")
    if not 2 <= replications <= 100_000:
        wrong.append(f"The replications are {replications}. Give a whole number from 2 to 100,000.")
    if wrong:
        raise WrongUse("\n".join(wrong))


def _people(service: Service, first_day: date) -> list[_One]:
    found = []
    for name, pool in service.pools.items():
        here = service.workers_of(name, first_day)
        for who, worker in here.items():
            skills = frozenset((*pool.skills, *worker.skills))
            found.append(_One(who, worker, 1, frozenset((name, *worker.also)), skills))
        beyond = ceil(max(service.headcount(name, first_day) - len(here), 0))
        if beyond:
            place = _One(f"{name} {beyond}", Worker(pool=name), beyond, frozenset((name,)), frozenset(pool.skills))
            found.append(place)
    return found


def _holdings(service: Service, people: list[_One]) -> Holdings:
    kinds = [("pool", name) for name in service.pools]
    skills = [
        *(skill for one in people for skill in sorted(one.skills)),
        *(step.skill for step in service.steps.values()),
    ]
    kinds += [("skill", name) for name in dict.fromkeys(skills) if name is not None]
    rows = []
    for kind, name in kinds:
        able = [one for one in people if name in (one.pools if kind == "pool" else one.skills)]
        count = sum(one.alike for one in able)
        rows.append(HoldingRow(kind, name, count, able[0].name if count == 1 else None))
    return Holdings(rows=tuple(rows), notes=())


def _alone(one: _One, people: list[_One]) -> str | None:
    """The pools and skills that nobody else holds."""
    if one.alike > 1:
        return None
    others = [other for other in people if other is not one]
    held = [*(name for name in sorted(one.pools) if not any(name in other.pools for other in others))]
    held += [name for name in sorted(one.skills) if not any(name in other.skills for other in others)]
    return ", ".join(dict.fromkeys(held)) or None


def _named(service: Service, one: _One, worker: Worker | None = None) -> Service:
    """The service in which the person has a name, and is as told."""
    if worker is None and one.name in service.workers:
        return service
    return service.changed(workers={**service.workers, one.name: worker or one.worker})


def _without(service: Service, one: _One, first_day: date, away: int) -> Service:
    """The service in which the person's calendar is closed for so many days from the first."""
    worker = one.worker
    key = service.calendar_name(worker if worker.calendar else service.pools[worker.pool].on(first_day))
    usual = service.effective_calendars[key]
    closed = {first_day + timedelta(days=number) for number in range(away)}
    name = f"{one.name} away"
    while name in service.effective_calendars:
        name += "'"
    calendar: Calendar = usual.changed(extra_closures=tuple(sorted(closed | set(usual.extra_closures))))
    # With one calendar more, none can be left out any longer.
    pools = {
        key: pool if pool.calendar else pool.changed(calendar=service.calendar_name(pool))
        for key, pool in service.pools.items()
    }
    return service.changed(
        pools=pools,
        calendars={**service.effective_calendars, name: calendar},
        workers={**service.workers, one.name: worker.changed(calendar=name)},
    )


def _row(
    one: _One, alone: str | None, present: Trial, lost: Trial | None, refused: str | None, away: int
) -> DependenceRow:
    pools = list(present.pools)
    return DependenceRow(
        person=one.name,
        pool=one.worker.pool,
        alike=one.alike,
        replications=present.replications,
        only_one=alone,
        backlog_change=None if lost is None else mean_of(_backlog(lost) - _backlog(present)),
        wait_change=None if lost is None else mean_of(mean_wait(lost, pools) - mean_wait(present, pools)),
        recovery_days=None if lost is None else _recovery(present, lost, away),
        refused=refused,
        training=None,
        training_saves=None,
    )


def _backlog(trial: Trial) -> Any:
    return trial.by_day("backlog").mean(axis=1)


def _recovery(present: Trial, lost: Trial, away: int) -> int | None:
    usual = np.quantile(present.by_day("backlog"), USUAL, axis=0)
    # Half a minute is no backlog: means of replications carry roundings.
    within = lost.by_day("backlog").mean(axis=0) <= usual + 0.5
    if within.all():
        return 0
    after = np.flatnonzero(within[away:])
    return int(after[0]) + 1 if len(after) else None


def _damage(row: DependenceRow) -> float:
    return float("inf") if row.backlog_change is None else row.backlog_change.value


def _trained(
    row: DependenceRow,
    one: _One,
    lost: Trial | None,
    people: list[_One],
    service: Service,
    first_day: date,
    away: int,
    tried: Any,
) -> DependenceRow:
    """The row with whoever, of those tried, is best trained for what the person does."""
    best: tuple[str, Estimate] | None = None
    if lost is None:
        return row
    able = [
        other for other in people if other is not one and not (one.pools <= other.pools and one.skills <= other.skills)
    ]
    for other in able[:TRIES]:
        also = [pool for pool in sorted(one.pools) if pool not in other.pools]
        worker = other.worker.changed(
            also=(*other.worker.also, *also),
            skills=tuple(dict.fromkeys((*other.worker.skills, *sorted(one.skills)))),
        )
        helped = tried(_without(_named(_named(service, one), other, worker), one, first_day, away))
        saves = mean_of(_backlog(lost) - _backlog(helped))
        if saves is not None and saves.value > 0 and (best is None or saves.value > best[1].value):
            best = (other.name, saves)
    if best is None:
        return row
    values = {name: getattr(row, name) for name in DependenceRow.__dataclass_fields__}
    return DependenceRow(**{**values, "training": best[0], "training_saves": best[1]})
