"""What a draft rests on, in words: the comments beside each estimate, and the notes for the person who reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from millpond.calibration.calendars import Calendars
from millpond.calibration.comments import Path, commented
from millpond.calibration.flow import Flow
from millpond.calibration.minutes import FEW, INSTANT, StepMinutes
from millpond.calibration.outcomes import Outcomes
from millpond.calibration.pools import Staff
from millpond.calibration.staffing import HARDLY_WORKED, IN_SHIFTS, LONG_DAYS, LONGEST_SHIFT, Staffing
from millpond.calibration.streams import Streams
from millpond.calibration.wording import counted, in_quotes
from millpond.model import Service
from millpond.model.references import CLOSED, WITHDRAWN
from millpond.periods import moment_of

FIRST_WORDS = "A first description of the service, drafted from"
"""With which the text of a draft begins."""


@dataclass(frozen=True)
class Evidence:
    """All that was found in the records.

    Attributes:
        steps: the steps, and how many visits each has.
        left_out: names of steps in the records that the service does not have.
        visits: all visits.
        as_of_us: the instant that ends the records.
        who, when, ends, minutes, staffs, way, arrivals: what each part of the draft rests on.
    """

    steps: Mapping[str, int]
    left_out: list[str]
    visits: int
    as_of_us: int
    who: Staff
    when: Calendars
    ends: Outcomes
    minutes: Mapping[str, StepMinutes]
    staffs: Mapping[str, Staffing]
    way: Flow
    arrivals: Streams


def notes_on(service: Service, rests_on: Evidence) -> tuple[str, ...]:
    """What the draft rests on, in plain sentences, what to correct first before all else."""
    return (
        f"{counted(len(service.steps), 'step')} and {counted(len(service.pools), 'pool')}, drafted from "
        f"{counted(rests_on.visits, 'visit')} of {counted(rests_on.way.cases, 'case')}.",
        *_on_staff(rests_on),
        *_on_minutes(service, rests_on),
        *rests_on.who.notes,
        *rests_on.when.notes,
        *_on_steps(rests_on),
        *rests_on.ends.notes,
        *rests_on.arrivals.notes,
    )


def text_of(service: Service, rests_on: Evidence) -> str:
    """The service.toml with its comments."""
    above: dict[Path, list[str]] = {(): _head(service, rests_on)}
    beside: dict[tuple[Path, str], str] = {}
    for name, basis in rests_on.when.basis.items():
        above["calendars", name] = [basis]
    for pool, basis in rests_on.who.basis.items():
        found = rests_on.staffs[pool]
        above["pools", pool] = [basis]
        if found.workers is None:
            above["pools", pool].append("The records do not say how many work here. Write it: workers = 3")
        beside[("pools", pool), "workers"] = found.workers_basis
        if found.minutes_basis:
            beside[("pools", pool), "minutes_per_day"] = found.minutes_basis
    for stream, cases in rests_on.arrivals.cases.items():
        beside[("streams", stream), "per_week"] = f"estimate from {counted(cases, 'case')}"
    no_evidence = not any(found.told for found in rests_on.minutes.values())
    if no_evidence and service.steps:
        above["steps", next(iter(service.steps))] = [
            "Nothing in the records says how long a visit takes. Write it at each step that has a pool: minutes = 30"
        ]
    for step in service.steps:
        if step in rests_on.minutes:
            said = _on_step(rests_on.minutes[step])
            if service.steps[step].minutes is not None:
                beside[("steps", step), "minutes"] = said
            elif not no_evidence:
                above["steps", step] = [f"{said[:1].upper()}{said[1:]}. Write what one takes: minutes = 30"]
        moves = rests_on.way.moves[step]
        beside[("steps", step), "next"] = (
            f"of {counted(moves, 'visit')} of finished cases" if moves else "guess: no finished case was here"
        )
    return commented(service, above, beside)


def _head(service: Service, rests_on: Evidence) -> list[str]:
    last = moment_of(rests_on.as_of_us, service.zone).date()
    return [
        f"{FIRST_WORDS} {counted(rests_on.visits, 'visit')} of "
        f"{counted(rests_on.way.cases, 'case')}, the last of {last}. Nothing here was said by a person yet: whatever "
        "is marked as an estimate or a guess was read from the records, and is yours to correct.",
        "",
        "Correct first, because every graph of capacity rests on them: in each pool the workers, and the "
        "minutes_per_day that each can give to visits; then the opening hours; then the planned minutes of each step.",
    ]


def _on_staff(rests_on: Evidence) -> Iterator[str]:
    known = {pool: found for pool, found in rests_on.staffs.items() if found.workers is not None}
    if known:
        listed = [f"{found.workers} in '{' '.join(pool.split())}'" for pool, found in known.items()]
        more = f" and others in {counted(len(listed) - 5, 'more pool')}" if len(listed) > 5 else ""
        yield (
            f"Workers are estimates: {', '.join(listed[:5])}{more}. Correct them first, in service.toml: capacity "
            "rests on them."
        )
    unknown = [pool for pool in rests_on.staffs if pool not in known]
    if unknown:
        yield f"The records do not say how many work in {in_quotes(unknown)}: write 'workers' in service.toml."
    less = [pool for pool, found in known.items() if found.minutes_basis == HARDLY_WORKED]
    if less:
        yield (
            f"The records show hardly any work a person in {in_quotes(less)}, so their 'minutes_per_day' is what a "
            "busy day shows. Correct it: it is too low if they have idle time, or do such work that is not recorded."
        )

    shifts = [pool for pool, found in known.items() if found.minutes_basis in (IN_SHIFTS, LONG_DAYS)]
    if shifts:
        yield (
            f"Work goes on for over {LONGEST_SHIFT // 60} hours a day in {in_quotes(shifts)}, so each person there is "
            "taken to give a shift of eight hours, or what a busy day shows where that is more."
        )


def _on_minutes(service: Service, rests_on: Evidence) -> Iterator[str]:
    staffed = [step for step, entry in service.steps.items() if entry.pool is not None]
    known = [step for step in staffed if service.steps[step].minutes is not None]
    if staffed and not known:
        yield (
            "Nothing in the records says how long a visit takes, so the figures count visits, not minutes. For "
            "minutes, give each step its planned 'minutes' in service.toml."
        )
        return
    told = sum(rests_on.minutes[step].told for step in known if step in rests_on.minutes)
    if known:
        yield (
            f"The planned minutes of {counted(len(known), 'step')} are the mean of the middle 98% of "
            f"{counted(told, 'visit')} (the median where there are fewer than {FEW} at a step)."
        )
    without = [step for step in staffed if step not in known]
    if without:
        yield (
            f"How long visits at {in_quotes(without)} take is not known: they count as no work until you give these "
            "steps their planned 'minutes', or take away the pool where nobody has to do anything."
        )


def _on_step(found: StepMinutes) -> str:
    if found.mean is not None:
        what = "median" if found.told < FEW else "mean"
        return f"{what} of {counted(found.told, 'visit')}"
    if found.instant >= INSTANT * found.finished > 0:
        return f"{found.instant:,} of {counted(found.finished, 'visit')} ended at the instant at which they started"
    return "the records do not say how long visits here take"


def _on_steps(rests_on: Evidence) -> Iterator[str]:
    way = rests_on.way
    if way.finished:
        yield (
            f"Where cases go from each step is what {counted(way.finished, 'finished case')} did, one visit after "
            "another; work done side by side shows as going to and fro."
        )
    else:
        yield "No case is finished yet, so where cases go from each step is a guess."
    reserved = [name for name in rests_on.left_out if name in (CLOSED, WITHDRAWN)]
    if reserved:
        yield f"The records have steps called {in_quotes(reserved)}; these are outcomes here, so they have no entry."
    others = [name for name in rests_on.left_out if name not in reserved]
    if others:
        yield (
            f"{counted(len(others), 'step')} of the records, the rarest, have no entry: with so many different names, "
            "is the column of steps the right one?"
        )
