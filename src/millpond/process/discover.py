"""Finds the process map in records: counts, work and waiting of each step and each way, in a few passes over arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from ibis.expr.types import Table

from millpond.model import Service, label_of
from millpond.periods import MICROSECONDS_A_MINUTE, moment_of
from millpond.process.delays import delays_of
from millpond.process.events import NOBODY, UNASSIGNED, UNKNOWN, Events, events_of
from millpond.process.failure import WITHIN_DAYS, failure_demand
from millpond.process.following import NONE, Following, following
from millpond.process.grouped import Bools, Ints, distinct, sorted_by
from millpond.process.results import (
    KEYS,
    Lane,
    MapEnding,
    MapEndings,
    MapStep,
    MapSteps,
    MapWay,
    MapWays,
    ProcessMap,
)
from millpond.process.waiting import CAUSES, Waiting, waiting
from millpond.process.work import spells_of, work
from millpond.records.findings import counted

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Seen:
    """What the records show of each visit: what it follows, what it waited for, what work it was.

    Attributes:
        events: the visits.
        follows: which follows which.
        waits: what each waited for.
        work: the work of each in microseconds, or `UNKNOWN`.
    """

    events: Events
    follows: Following
    waits: Waiting
    work: Ints


def seen(visits: Table, service: Service, as_of_us: int, spells: Table | None = None) -> Seen:
    """What the records show of each visit known at an instant; see `process_map` for the arguments."""
    events = events_of(visits, service, as_of_us)
    follows = following(events)
    spelled = None if spells is None else spells_of(events, visits, spells)
    _ = events.by_worker  # worked out once, before two threads need it
    with ThreadPoolExecutor(1) as beside:
        worked = beside.submit(work, events, service, spelled)
        waits = waiting(events, follows)
        return Seen(events, follows, waits, worked.result())


def process_map(
    visits: Table,
    service: Service,
    as_of_us: int,
    *,
    spells: Table | None = None,
    person: str | None = None,
    within_days: int = WITHIN_DAYS,
    group: str = "",
) -> ProcessMap:
    """The process as it really happened.

    Args:
        visits: the normalised visit log.
        service: says what steps and pools are called, who works for whom and when, and what was planned.
        as_of_us: the instant after which nothing is known, in microseconds since 1970-01-01 UTC.
        spells: the spells of work, where there are any.
        person: the column that names the person, to find repeat contacts; found by its name where left out.
        within_days: within how many days a contact of the same person for the same thing is a repeat.
        group: which cases these are, for maps that are compared.

    Raises:
        WrongUse: there is no column of that name.
    """
    shown = seen(visits, service, as_of_us, spells)
    events = shown.events
    steps = _steps(shown, service)
    ways = _ways(shown)
    pools = {name: label_of(service.pools, name) for name in events.pools}
    zone = service.zone
    instants = np.concatenate([column[column != UNKNOWN] for column in (events.seen, events.ended)])
    days = (
        [moment_of(int(us), zone).date().isoformat() for us in (instants.min(), instants.max())] if len(events) else []
    )
    demand = failure_demand(visits, events, shown.work, person=person, within_days=within_days)
    return ProcessMap(
        service=service.name,
        group=group,
        as_of=moment_of(as_of_us, zone).isoformat(timespec="seconds"),
        first_day=days[0] if days else "",
        last_day=days[1] if days else "",
        cases=len(events.cases),
        open_cases=int((events.first & shown.follows.open).sum()),
        visits=len(events),
        steps=MapSteps(steps, ()),
        ways=MapWays(ways, ()),
        endings=MapEndings(_endings(shown), ()),
        lanes=_lanes(steps, service, pools),
        delays=delays_of(steps, ways, pools),
        demand=demand,
        notes=_notes(shown, steps),
    )


def _minutes(us: int | float) -> float:
    return float(us) / MICROSECONDS_A_MINUTE


class _Sums:
    """Adds up columns over visits, by a number that each visit has."""

    def __init__(self, number: Ints, count: int) -> None:
        self.number, self.count = number, count

    def visits(self, chosen: Bools | None = None) -> Ints:
        """How many visits each number has."""
        number = self.number if chosen is None else self.number[chosen]
        return np.bincount(number, minlength=self.count)

    def us(self, amount: Ints, chosen: Bools) -> Floats:
        """The sum of an amount, in minutes; whole microseconds are exact in it up to 285 years."""
        return np.bincount(self.number[chosen], weights=amount[chosen], minlength=self.count) / MICROSECONDS_A_MINUTE

    def cases(self, case: Ints) -> Ints:
        """How many cases each number has."""
        pairs = distinct(case * np.int64(self.count) + self.number)
        return np.bincount(pairs % self.count, minlength=self.count)


def _most(number: Ints, count: int, value: Ints, values: int) -> Ints:
    """For each number the value that most of its visits have; of equals, the first. Values begin at -1."""
    table = np.bincount(number * (values + 1) + value + 1, minlength=count * (values + 1)).reshape(count, values + 1)
    return np.asarray(table.argmax(axis=1) - 1, dtype=np.int64)


def _again(case: Ints, step: Ints) -> Bools:
    """Whether a case had been at the step of a visit before."""
    order = sorted_by(case, step)
    same = (np.diff(case[order]) == 0) & (np.diff(step[order]) == 0)
    again = np.zeros(len(case), dtype=np.bool_)
    again[order[1:][same]] = True
    return again


def _steps(shown: Seen, service: Service) -> tuple[MapStep, ...]:
    events, follows, waits = shown.events, shown.follows, shown.waits
    count = len(events.steps)
    if not len(events):
        return ()
    sums = _Sums(events.step, count)
    visits, cases = sums.visits(), sums.cases(events.case)
    before = follows.before
    repeat = (before != NONE) & (events.step[before] == events.step)
    again = _again(events.case, events.step)
    worked = shown.work != UNKNOWN
    by = [sums.us(waits.by[cause], waits.measured) for cause in CAUSES]
    so_far = np.where(waits.so_far, waits.until - waits.since, 0)
    columns = {
        "visits": visits,
        "cases": cases,
        "first": sums.visits(before == NONE),
        "ended": sums.visits(follows.last),
        "beside": sums.visits(follows.beside),
        "open": sums.visits(events.ended == UNKNOWN),
        "repeats": sums.visits(repeat),
        "returns": sums.visits(again & ~repeat),
        "work_visits": sums.visits(worked),
        "waited": sums.visits(waits.measured),
        "unmeasured": sums.visits(waits.since == UNKNOWN),
        "still_waiting": sums.visits(waits.so_far),
    }
    work_total, waited_so_far = sums.us(shown.work, worked), sums.us(so_far, waits.so_far)
    total = sums.us(waits.total, waits.measured)
    pool = _most(events.step, count, events.pool, len(events.pools))
    organisation = _most(events.step, count, events.organisation, len(events.organisations))
    rows = []
    for place, name in enumerate(events.steps):
        told: dict[str, Any] = {key: int(column[place]) for key, column in columns.items()}
        told |= {key: float(by[number][place]) for number, key in enumerate(KEYS)}
        if not told["visits"]:
            continue
        whose = int(organisation[place])
        rows.append(
            MapStep(
                step=name,
                label=label_of(service.steps, name),
                pool=events.pools[int(pool[place])],
                organisation=None if whose == NOBODY else label_of(service.organisations, events.organisations[whose]),
                share=told["cases"] / len(events.cases),
                work=float(work_total[place]) / told["work_visits"] if told["work_visits"] else None,
                work_total=float(work_total[place]),
                waiting=float(total[place]) / told["waited"] if told["waited"] else None,
                waiting_total=float(total[place]),
                waited_so_far=float(waited_so_far[place]),
                **told,
            )
        )
    return tuple(sorted(rows, key=lambda row: (-row.visits, row.step)))


def _ways(shown: Seen) -> tuple[MapWay, ...]:
    events, follows, waits = shown.events, shown.follows, shown.waits
    if not len(events):
        return ()
    steps = len(events.steps)
    before = follows.before
    begins = before == NONE
    left = np.where(begins, steps, events.step[before])
    sums = _Sums(left * np.int64(steps) + events.step, (steps + 1) * steps)
    passages, cases = sums.visits(), sums.cases(events.case)
    hand_off, pools, organisations = _hand_offs(events, before)
    handed = [sums.visits(column) for column in (hand_off, pools, organisations)]
    waited = sums.visits(waits.measured)
    total = sums.us(waits.total, waits.measured)
    by = [sums.us(waits.by[cause], waits.measured) for cause in CAUSES]
    final = np.bincount(events.step[follows.last], minlength=steps)
    leaving = passages.reshape(steps + 1, steps).sum(axis=1)
    leaving[:steps] += final
    rows = []
    for place in np.flatnonzero(passages):
        from_, to = divmod(int(place), steps)
        rows.append(
            MapWay(
                from_step=None if from_ == steps else events.steps[from_],
                to_step=events.steps[to],
                passages=int(passages[place]),
                cases=int(cases[place]),
                share=float(passages[place] / leaving[from_]),
                hand_offs=int(handed[0][place]),
                between_pools=int(handed[1][place]),
                between_organisations=int(handed[2][place]),
                waiting=float(total[place] / waited[place]) if waited[place] else None,
                waited=int(waited[place]),
                waiting_total=float(total[place]),
                **{key: float(by[number][place]) for number, key in enumerate(KEYS)},
            )
        )
    rows += [_end(events.steps[int(step)], int(final[step]), int(leaving[step])) for step in np.flatnonzero(final)]
    return tuple(sorted(rows, key=lambda row: (-row.passages, row.from_step or "", row.to_step or "")))


def _end(step: str, cases: int, leaving: int) -> MapWay:
    nothing = dict.fromkeys(KEYS, 0.0)
    return MapWay(step, None, cases, cases, cases / leaving, 0, 0, 0, None, 0, 0.0, **nothing)


def _hand_offs(events: Events, before: Ints) -> tuple[Bools, Bools, Bools]:
    """On which passages another worker, another pool and another organisation takes over."""
    follows_one = before != NONE

    def differs(column: Ints) -> Bools:
        known = (column != NOBODY) & (column[before] != NOBODY)
        return np.asarray(follows_one & known & (column != column[before]), dtype=np.bool_)

    organisations = differs(events.organisation)
    unassigned = events.pools.index(UNASSIGNED)
    pools = differs(np.where(events.pool == unassigned, NOBODY, events.pool))
    both_known = (events.worker != NOBODY) & (events.worker[before] != NOBODY)
    return np.where(both_known, differs(events.worker), pools) | organisations, pools, organisations


def _endings(shown: Seen) -> tuple[MapEnding, ...]:
    events = shown.events
    final = np.flatnonzero(shown.follows.last)
    # Outcomes begin at NOBODY, which is one below the first.
    several = len(events.outcomes) + 1
    cases = np.bincount(events.step[final] * several + events.outcome[final] - NOBODY)
    rows = []
    for place in np.flatnonzero(cases):
        step, outcome = divmod(int(place), several)
        told = None if outcome == 0 else events.outcomes[outcome - 1]
        rows.append(MapEnding(events.steps[step], told, int(cases[place])))
    return tuple(sorted(rows, key=lambda row: (-row.cases, row.step, row.outcome or "")))


def _lanes(steps: Iterable[MapStep], service: Service, pools: Mapping[str, str]) -> tuple[Lane, ...]:
    """Who works where: pools in the order in which cases come to them, those of an organisation together."""
    found: dict[tuple[str | None, str], list[str]] = {}
    for step in sorted(steps, key=lambda step: (-step.first, -step.visits, step.step)):
        found.setdefault((step.organisation, step.pool), []).append(step.step)
    organisations = list(dict.fromkeys(organisation for organisation, _ in found))
    ordered = sorted(found, key=lambda lane: organisations.index(lane[0]))
    return tuple(
        Lane(pool, pools[pool], organisation, tuple(found[organisation, pool])) for organisation, pool in ordered
    )


def _notes(shown: Seen, steps: tuple[MapStep, ...]) -> tuple[str, ...]:
    events, waits = shown.events, shown.waits
    if not len(events):
        return ("No visit is on record.",)
    notes = [
        f"The map rests on {counted(len(events), 'visit')} of {counted(len(events.cases), 'case')}, "
        f"{int((events.first & shown.follows.open).sum()):,} of them still open."
    ]
    no_start = int(((events.started == UNKNOWN) & (events.ended != UNKNOWN) & ~events.withdrawn).sum())
    if no_start:
        notes.append(
            f"{counted(no_start, 'visit')} {_have(no_start)} no recorded start: the time since the step before is "
            "waiting and work in one, and its cause is unknown."
        )
    joined = int((events.joined != UNKNOWN).sum())
    if joined < len(events):
        notes.append(
            f"{counted(len(events) - joined, 'visit')} {_have(len(events) - joined)} no recorded joining: there "
            "waiting is counted from the end of the step before."
        )
    unmeasured = sum(step.unmeasured for step in steps)
    if unmeasured:
        notes.append(
            f"Of {counted(unmeasured, 'visit')} it is not known how long they waited: no joining is recorded, and no "
            "step came before."
        )
    nobody = int((waits.measured & (events.worker == NOBODY) & events.staffed & (events.started != UNKNOWN)).sum())
    if nobody:
        notes.append(
            f"{counted(nobody, 'visit')} {_have(nobody)} no recorded worker: once the pool was open, the cause of "
            "their waiting is unknown."
        )
    started_late = int(waits.so_far.sum())
    if started_late:
        notes.append(
            f"{counted(started_late, 'visit')} still {'waits' if started_late == 1 else 'wait'}, or left without being "
            "seen: their waiting so far stands apart."
        )
    return tuple(notes)


def _have(number: int) -> str:
    return "has" if number == 1 else "have"
