"""Whether the compiled simulator and the slow one say the same of a service, visit for visit.

Both are brought to the same plain rows; what they mean is told in docs/explanation/how-the-simulator-works.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from millpond.model import Service
from millpond.periods import day_number
from millpond.simulation import kernel
from millpond.simulation.logged import Columns
from millpond.simulation.replication import Replication, replicate
from millpond.simulation.tables import Tables, tables_of
from tests.reference.simulator import simulate
from tests.reference.values import ReferenceRun

_OUTCOMES = {int(kernel.LEFT_VISIT): "withdrawn", int(kernel.MISSED_VISIT): "missed", int(kernel.LAST_MISS): "missed"}


class VisitRow(NamedTuple):
    """A visit. `ended` is when it was left, where nobody began it; `worker` who ended it, or has it at the end."""

    joined: int
    stream: str
    number: int
    step: str
    nth: int
    started: int | None
    ended: int | None
    worker: str | None
    worked: int
    outcome: str


class SpellRow(NamedTuple):
    """Work without a break; of a session's by the case that joined first."""

    start: int
    end: int
    worker: str
    stream: str
    number: int
    step: str
    nth: int


class Told(NamedTuple):
    """What both simulators tell of a run; daily totals by their name and pool."""

    visits: list[VisitRow]
    spells: list[SpellRow]
    daily: dict[tuple[str, str], list[int]]
    outcomes: dict[str, int]


_DAILY = {
    "demand": kernel.DEMAND,
    "capacity": kernel.CAPACITY,
    "activity": kernel.ACTIVITY,
    "withdrawn": kernel.WITHDRAWN,
    "used": kernel.USED,
    "overtime": kernel.OVERTIME,
}


def told_by_kernel(
    service: Service, first_day: date, days: int, seed: int, number: int, drain_days: int = 0, full: bool = False
) -> Told:
    """What the compiled simulator tells; `full` takes the kernel that knows everything where the smaller would do."""
    tables = tables_of(service, day_number(first_day), days, drain_days=drain_days)
    if full:
        object.__setattr__(tables, "is_lean", False)
    return of_replication(tables, replicate(tables, seed, number, logs=True))


def of_replication(tables: Tables, run: Replication) -> Told:
    """A replication in plain rows."""
    names, until = tables.names, tables.horizon.until
    steps, streams, outcomes = list(names.steps), list(names.streams), names.outcomes
    by_key = {int(key) >> 40: name for key, name in zip(tables.stream_keys, streams, strict=True)}
    people = [person.name for person in tables.people]

    def case(word: int) -> tuple[str, int]:
        word &= (1 << 64) - 1
        return by_key[word >> 40], word & ((1 << 40) - 1)

    def known(ms: int) -> int | None:
        return None if ms < 0 else ms

    log = run.log.visits
    visits = [
        VisitRow(
            *(joined, *case(word), steps[step], nth, known(started), known(ended)),
            *(None if worker < 0 else people[worker], worked, _OUTCOMES.get(outcome, "")),
        )
        for word, step, _, outcome, nth, joined, started, ended, worked, worker, _ in _rows(log)
    ]
    spells = [
        SpellRow(start, end, people[worker], *case(word), steps[step], nth)
        for word, step, nth, worker, start, end in [*_rows(run.log.spells), *_told_by_visits(run)]
    ]
    daily = {
        (name, pool): run.totals["daily"][kind, place, :until].tolist()
        for name, kind in _DAILY.items()
        for pool, place in names.pools.items()
    }
    counts = dict(zip(outcomes, run.totals["outcome_count"].tolist(), strict=True))
    return Told(sorted(visits, key=_plain), _joined_up(spells), daily, counts)


def _told_by_visits(run: Replication) -> Iterable[tuple[int, ...]]:
    """The spells of visits that have none of their own in the log: they lasted from their start to their end."""
    listed = {(word, step, nth) for word, step, nth, *_ in _rows(run.log.spells)}
    for word, step, _, _, nth, _, started, ended, worked, worker, _ in _rows(run.log.visits):
        if (word, step, nth) not in listed and worker >= 0 and started >= 0 and worked == ended - started > 0:
            yield word, step, nth, worker, started, ended


def _rows(columns: Columns) -> list[tuple[int, ...]]:
    return list(zip(*(values.tolist() for values in vars(columns).values()), strict=True))


def told_by_reference(
    service: Service, first_day: date, days: int, seed: int, number: int, drain_days: int = 0
) -> Told:
    """What the slow simulator tells."""
    run = simulate(service, first_day, days, seed, number, drain_days=drain_days)
    visits = [
        VisitRow(
            *(visit.joined, *visit.case, visit.step, visit.nth, visit.started),
            *(visit.ended if visit.left is None else visit.left, visit.worker, visit.work, visit.outcome),
        )
        for visit in run.visits
    ]
    daily = {(name, pool): of_day for name in _DAILY for pool, of_day in getattr(run, name).items()}
    counts = dict.fromkeys(service.all_outcomes, 0)
    for outcome, _ in run.outcomes.values():
        counts[outcome] += 1
    return Told(sorted(visits, key=_plain), _joined_up(_spells(run)), daily, counts)


def _spells(run: ReferenceRun) -> Iterable[SpellRow]:
    for spell in run.spells:
        visit = run.visits[spell.visit]
        yield SpellRow(spell.start, spell.end, spell.worker, *visit.case, visit.step, visit.nth)


def _joined_up(spells: Iterable[SpellRow]) -> list[SpellRow]:
    """Spells in order; one that begins where the same work left off is the same spell."""
    found: list[SpellRow] = []
    for spell in sorted(spells, key=lambda row: (row.worker, *row)):
        if found and found[-1].end == spell.start and found[-1][2:] == spell[2:]:
            found[-1] = found[-1]._replace(end=spell.end)
        else:
            found.append(spell)
    return found


def _plain(visit: VisitRow) -> tuple[int, str, int, str, int]:
    return visit[:5]
