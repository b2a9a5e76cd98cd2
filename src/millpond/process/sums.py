"""Adds up what the records show of each visit: by step, by way from step to step, and by how cases ended."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from millpond.model import Service, label_of
from millpond.periods import MICROSECONDS_A_MINUTE
from millpond.process.events import NOBODY, UNASSIGNED, UNKNOWN, Events
from millpond.process.following import NONE
from millpond.process.grouped import Bools, Ints, distinct, sorted_by
from millpond.process.results import KEYS, MapEnding, MapStep, MapWay
from millpond.process.seen import Seen
from millpond.process.waiting import CAUSES

Floats = npt.NDArray[np.float64]


class _Sums:
    """Adds up columns over visits, by a number that each visit has."""

    def __init__(self, number: Ints, count: int) -> None:
        self.number, self.count = number, count

    def visits(self, chosen: Bools | None = None) -> Ints:
        """How many visits each number has."""
        number = self.number if chosen is None else self.number[chosen]
        return np.bincount(number, minlength=self.count)

    def us(self, amount: Ints) -> Floats:
        """The sum of an amount, in minutes; whole microseconds are exact in it up to 285 years."""
        return np.bincount(self.number, weights=amount, minlength=self.count) / MICROSECONDS_A_MINUTE

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


def steps_of(shown: Seen, service: Service) -> tuple[MapStep, ...]:
    """Each step, those with most visits first."""
    events, follows, waits = shown.events, shown.follows, shown.waits
    count = len(events.steps)
    if not len(events):
        return ()
    sums = _Sums(events.step, count)
    visits = sums.visits()
    before = follows.before
    repeat = (before != NONE) & (events.step[before] == events.step)
    again = _again(events.case, events.step)
    worked = shown.work != UNKNOWN
    by = [sums.us(waits.by[cause]) for cause in CAUSES]
    so_far = np.where(waits.so_far, waits.until - waits.since, 0)
    columns = {
        "visits": visits,
        "cases": sums.visits(~again),
        "first": sums.visits(before == NONE),
        "ended": sums.visits(follows.last),
        "beside": sums.visits(follows.beside),
        "open": sums.visits(events.ended == UNKNOWN),
        "repeats": sums.visits(repeat),
        "returns": sums.visits(again & ~repeat),
        "work_visits": sums.visits(worked),
        "waited": sums.visits(waits.measured),
        "no_start": sums.visits(waits.measured & (events.started == UNKNOWN)),
        "unmeasured": sums.visits(waits.since == UNKNOWN),
        "still_waiting": sums.visits(waits.so_far),
    }
    work_total, waited_so_far = sums.us(np.where(worked, shown.work, 0)), sums.us(so_far)
    total = sums.us(waits.total)
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


def ways_of(shown: Seen) -> tuple[MapWay, ...]:
    """Each way from step to step, those gone most often first."""
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
    no_start = sums.visits(waits.measured & (events.started == UNKNOWN))
    total = sums.us(waits.total)
    by = [sums.us(waits.by[cause]) for cause in CAUSES]
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
                no_start=int(no_start[place]),
                waiting_total=float(total[place]),
                **{key: float(by[number][place]) for number, key in enumerate(KEYS)},
            )
        )
    rows += [_end(events.steps[int(step)], int(final[step]), int(leaving[step])) for step in np.flatnonzero(final)]
    return tuple(sorted(rows, key=lambda row: (-row.passages, row.from_step or "", row.to_step or "")))


def _end(step: str, cases: int, leaving: int) -> MapWay:
    nothing = dict.fromkeys(KEYS, 0.0)
    return MapWay(step, None, cases, cases, cases / leaving, 0, 0, 0, None, 0, 0, 0.0, **nothing)


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


def endings_of(shown: Seen) -> tuple[MapEnding, ...]:
    """How cases ended, the most frequent way first."""
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
