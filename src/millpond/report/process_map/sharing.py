"""A map that others may see: steps, ways and endings of few cases are left out, and what would tell them again.

Where one of several counts that add up to a known one is left out, the smallest of the others is left out too: at a
step what comes and what leaves, and how cases ended; else a subtraction would tell it. See `millpond.report.hiding`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from millpond.errors import WrongUse
from millpond.process.delays import HAND_OFF, STEP, Delays
from millpond.process.failure import FailureDemand
from millpond.process.results import KEYS, MapEnding, MapStep, MapWay, ProcessMap
from millpond.records.findings import counted
from millpond.report import hiding

_Ends = tuple[str | None, str | None]
_NOTHING: dict[str, Any] = dict.fromkeys(KEYS, 0.0)


def for_sharing(whole: ProcessMap, below: int) -> ProcessMap:
    """A map without anything that fewer than some cases did.

    Args:
        whole: the map.
        below: counts of people from 1 to less than this are hidden; 0 and 1 hide none.

    Raises:
        WrongUse: the whole map is of fewer cases.
    """
    if below <= 1:
        return whole
    if hiding.is_small(whole.cases, below):
        raise WrongUse(f"A map of {counted(whole.cases, 'case')} cannot be shared: fewer than {below} are hidden.")
    rows = whole.steps.rows
    few = hiding.hidden([step.cases for step in rows], below)
    gone = {step.step for place, step in enumerate(rows) if place in few}
    steps = tuple(_without_means(step, below) for step in rows if step.step not in gone)
    ways = whole.ways.rows
    left_out = _hidden_ways(ways, gone, below)
    kept = tuple(_without_mean(way, below) for way in ways if (way.from_step, way.to_step) not in left_out)
    endings = _endings(whole.endings.rows, left_out, below)
    open_cases = hiding.one(whole.open_cases, below)
    notes = [
        f"The map rests on {counted(whole.visits, 'visit')} of {counted(whole.cases, 'case')}, {open_cases} of them "
        "still open.",
        f"Made for sharing: left out are {counted(len(gone), 'step')}, {counted(len(ways) - len(kept), 'way')} and "
        f"{counted(len(whole.endings.rows) - len(endings), 'ending')} with fewer than {below} cases, or with a few "
        "more where these could be worked out from the rest.",
    ]
    return replace(
        whole,
        steps=replace(whole.steps, rows=steps),
        ways=replace(whole.ways, rows=kept),
        endings=replace(whole.endings, rows=endings),
        delays=_delays(whole.delays, steps, kept, below),
        demand=_demand(whole.demand, below),
        notes=tuple(notes),
        hidden_below=below,
    )


def _without_means(step: MapStep, below: int) -> MapStep:
    """A step without the mean of so few visits that it tells about one of them."""
    # How many of the visits have a start is a part of a count; whether any has is told.
    step = replace(step, no_start=step.waited if step.hides_work else 0)
    if hiding.is_small(step.waited, below):
        step = replace(step, waiting=None, waited=0, no_start=0, waiting_total=0.0, **_NOTHING)
    if hiding.is_small(step.work_visits, below):
        step = replace(step, work=None, work_visits=0, work_total=0.0)
    return step


def _without_mean(way: MapWay, below: int) -> MapWay:
    way = replace(way, no_start=way.waited if way.waited == way.no_start else 0)
    if hiding.is_small(way.waited, below):
        return replace(way, waiting=None, waited=0, no_start=0, waiting_total=0.0, **_NOTHING)
    return way


def _hidden_ways(ways: Sequence[MapWay], gone: set[str], below: int) -> set[_Ends]:
    """The ways of few cases, those of steps that are left out, and as many more as hide these."""
    by_ends: dict[_Ends, MapWay] = {(way.from_step, way.to_step): way for way in ways}
    hidden = {
        ends for ends, way in by_ends.items() if hiding.is_small(way.cases, below) or gone.intersection(map(str, ends))
    }
    sums: dict[tuple[bool, str | None], list[_Ends]] = {}
    for ends in by_ends:
        sums.setdefault((True, ends[0]), []).append(ends)
        sums.setdefault((False, ends[1]), []).append(ends)
    # What leaves a step and what comes to it add up to its visits, which are told where the step is.
    known = [members for (_, step), members in sums.items() if step not in gone]
    changed = True
    while changed:
        changed = False
        for members in known:
            shown = [ends for ends in members if ends not in hidden]
            if len(members) - len(shown) == 1 and shown:
                hidden.add(min(shown, key=lambda ends: (by_ends[ends].passages, str(ends))))
                changed = True
    return hidden


def _endings(rows: Sequence[MapEnding], left_out: set[_Ends], below: int) -> tuple[MapEnding, ...]:
    kept = []
    for step in dict.fromkeys(row.step for row in rows):
        own = [row for row in rows if row.step == step]
        few = hiding.hidden([row.cases for row in own], below)
        kept += [] if (step, None) in left_out else [row for place, row in enumerate(own) if place not in few]
    return tuple(row for row in rows if row in kept)


def _delays(delays: Delays, steps: Sequence[MapStep], ways: Sequence[MapWay], below: int) -> Delays:
    labels = {step.step: step.label for step in steps}
    places = {
        STEP: set(labels.values()),
        HAND_OFF: {f"{labels.get(str(way.from_step))} to {labels.get(str(way.to_step))}" for way in ways},
    }
    told = [
        row for row in delays.rows if row.visits >= below and (row.kind not in places or row.place in places[row.kind])
    ]
    return replace(delays, rows=tuple(row for row in told if row.kind != "queue" or row.place in places[STEP]))


def _demand(demand: FailureDemand, below: int) -> FailureDemand:
    if not any(hiding.is_small(row.contacts, below) or hiding.is_small(row.visits, below) for row in demand.rows):
        return demand
    sentence = f"Failure demand is left out: of one kind there were fewer than {below} contacts or visits."
    return replace(demand, rows=(), notes=(), sentence=sentence)
