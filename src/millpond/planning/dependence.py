"""On whom a service depends: each person away for some days and then back, under the luck of nobody being away.

Who is away keeps their cases and their name: only their calendar is closed on those days.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from millpond.errors import FaultyService, WrongUse
from millpond.model import Service
from millpond.planning.absences import Person, held_alone, holdings_of, named, people_of, without
from millpond.planning.dependence_rows import Dependence, DependenceRow
from millpond.planning.paired import mean_of
from millpond.planning.playing import mean_wait
from millpond.planning.trial import Trial, try_out
from millpond.simulation.intervals import Estimate
from millpond.simulation.running import Tell
from millpond.simulation.starting import OpenVisit

USUAL = 0.9
"""A backlog is usual up to what this share of the replications without the absence have on that day."""
WORST, TRIES = 3, 6
"""For how many of the worst losses training is tried, and how many others are trained for each, at most."""


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
    people = people_of(service, first_day)
    if not people:
        raise WrongUse(f"Nobody works in {service.name} on {first_day}.\nSay how many under [pools], or name them.")
    tell = progress or (lambda share, count: None)

    def tried(made: Service) -> Trial:
        return try_out(made, first_day, days, replications=replications, seed=seed, opening=opening, threads=threads)

    base = tried(service)
    found: list[tuple[DependenceRow, Trial | None]] = []
    for number, one in enumerate(people, 1):
        same = named(service, one)
        # The same people under the same names, of whom one is away.
        present = base if same is service else tried(same)
        alone = held_alone(one, people)
        try:
            lost: Trial | None = tried(without(same, one, first_day, away))
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
    return Dependence(
        rows=tuple(rows),
        notes=_notes(service, first_day, away, rows),
        service=service.name,
        first_day=first_day.isoformat(),
        days=days,
        away=away,
        seed=seed,
        holdings=holdings_of(service, people),
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


def _notes(service: Service, first_day: date, away: int, rows: list[DependenceRow]) -> tuple[str, ...]:
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
    return notes


def _row(
    one: Person, alone: str | None, present: Trial, lost: Trial | None, refused: str | None, away: int
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
    one: Person,
    lost: Trial | None,
    people: list[Person],
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
        helped = tried(without(named(named(service, one), other, worker), one, first_day, away))
        saves = mean_of(_backlog(lost) - _backlog(helped))
        if saves is not None and saves.value > 0 and (best is None or saves.value > best[1].value):
            best = (other.name, saves)
    if best is None:
        return row
    values = {name: getattr(row, name) for name in DependenceRow.__dataclass_fields__}
    return DependenceRow(**{**values, "training": best[0], "training_saves": best[1]})
