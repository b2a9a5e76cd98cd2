"""A first service.toml from what the records show, so that the first graph needs no hand editing.

Everything in it is an estimate or a guess and says so beside itself; the rules stand in the modules that make them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from millpond.calibration.calendars import Calendars, calendars
from millpond.calibration.events import work_events
from millpond.calibration.explaining import Evidence, notes_on, text_of
from millpond.calibration.flow import Flow, flow
from millpond.calibration.histories import histories
from millpond.calibration.minutes import StepMinutes, instant_steps, step_minutes
from millpond.calibration.outcomes import Outcomes, outcomes
from millpond.calibration.pools import Staff, staff
from millpond.calibration.staffing import Staffing, people_by_day, staffing
from millpond.calibration.streams import streams
from millpond.measures.overview import Overview, overview
from millpond.model import Pool, Service, Step, dump_service
from millpond.model.references import CLOSED, WITHDRAWN

MOST_STEPS = 500
"""A service with more steps than this describes the most frequent ones; a longer list is nobody's pathway."""

_SPELLS = pa.schema([("starts_us", pa.int64()), ("ends_us", pa.int64()), ("ends_day", pa.int32())])


@dataclass(frozen=True)
class Draft:
    """A first description of a service.

    Attributes:
        service: the description.
        text: the same as the text of a service.toml, with comments that say what is estimated and what to correct.
        notes: what it rests on, in sentences.
    """

    service: Service
    text: str
    notes: tuple[str, ...]


def draft_service(visits: Table, *, name: str, timezone: str, holidays: str | None, now_us: int) -> Draft:
    """Drafts a service from a visit log.

    Args:
        visits: the normalised visit log, each visit with an id of its own.
        name: what the service is called.
        timezone: its time zone; the local days and hours of the log are in it.
        holidays: whose bank holidays it may keep, such as ``GB-ENG``; None for none.
        now_us: the present, microseconds since 1970-01-01 UTC; later instants are errors of the records.

    Returns:
        The service, its text and notes.

    Raises:
        FaultyService: the name, the zone or the holidays are wrong.
    """
    shell = Service(name=name, timezone=timezone, holidays=holidays)
    seen = overview(visits, ibis.memtable(pa.table({each.name: pa.array([], each.type) for each in _SPELLS})), now_us)
    as_of_us = seen.last_us
    if as_of_us is None or seen.first_day is None:
        return Draft(
            shell, dump_service(shell), ("The records have no visits up to now, so there is nothing to describe.",)
        )
    counts, left_out = _steps(seen)
    taken = [each for each in seen.taken if each.step in counts]
    who = staff(taken, instant_steps(visits, as_of_us))
    staffed = [step for step, pool in who.pools.items() if pool is not None]
    by_pool: Counter[str] = Counter()
    for step in staffed:
        by_pool[str(who.pools[step])] += counts[step]
    work = work_events(visits, staffed, shell.zone, as_of_us)
    when = calendars(who, by_pool, work, holidays)
    ends = outcomes(_words(visits), counts)
    # Working time and needs depend on the pools and their hours, but not on what is found out from them below.
    bare = _service(shell, who, when, ends, {}, {}, None)
    minutes = step_minutes(visits, bare, seen.first_day, as_of_us)
    people = people_by_day(visits, who.homes, as_of_us)
    days = range(min(work.by_day), max(work.by_day) + 1) if work.by_day else range(0)
    staffs = {pool: _staffing(pool, who, when, minutes, people.get(pool, {}), days) for pool in who.basis}
    found = histories(visits, as_of_us)
    way = flow(found, counts, ends)
    opened = next(iter(when.openings.values()))
    arrivals = streams(found, counts, [day for day, run in enumerate(opened.runs) if run])
    service = _service(shell, who, when, ends, minutes, staffs, way).changed(streams=arrivals.streams)
    rests_on = Evidence(counts, left_out, seen.visits, as_of_us, who, when, ends, minutes, staffs, way, arrivals)
    notes = notes_on(service, rests_on)
    return Draft(service, text_of(service, rests_on), notes)


def _steps(seen: Overview) -> tuple[dict[str, int], list[str]]:
    """The steps that the service will have, with their visits; and the names that it cannot have."""
    visits: Counter[str] = Counter()
    for each in seen.taken:
        visits[each.step] += each.visits
    usable = {step: count for step, count in visits.items() if step.strip() and step not in (CLOSED, WITHDRAWN)}
    chosen = dict(sorted(usable.items(), key=lambda entry: (-entry[1], entry[0]))[:MOST_STEPS])
    return chosen, sorted(set(visits) - set(chosen))


def _words(visits: Table) -> dict[str, int]:
    """The words for outcomes in the records, and how many visits have each."""
    named = visits.filter(visits.outcome.notnull())
    rows = named.group_by("outcome").agg(visits=named.count()).to_pyarrow().to_pylist()
    return {row["outcome"]: row["visits"] for row in sorted(rows, key=lambda row: row["outcome"])}


def _staffing(
    pool: str,
    who: Staff,
    when: Calendars,
    minutes: Mapping[str, StepMinutes],
    people: Mapping[int, int],
    days: range,
) -> Staffing:
    work: dict[int, float] = defaultdict(float)
    for step in who.steps_of(pool):
        if step in minutes:
            for day in minutes[step].by_day:
                work[day] += minutes[step].on(day)
    is_lent_to = pool in who.lent_to and pool not in who.homes.values()
    return staffing(people, work, when.openings[when.of_pool[pool]].minutes_open, days, is_lent_to=is_lent_to)


def _service(
    shell: Service,
    who: Staff,
    when: Calendars,
    ends: Outcomes,
    minutes: Mapping[str, StepMinutes],
    staffs: Mapping[str, Staffing],
    way: Flow | None,
) -> Service:
    several = len(when.calendars) > 1
    pools = {}
    for pool in who.basis:
        found = staffs.get(pool)
        pools[pool] = Pool(
            calendar=when.of_pool[pool] if several else None,
            workers=found.workers if found else None,
            minutes_per_day=found.minutes_per_day if found else None,
        )
    order = [*dict.fromkeys([*(way.order if way else ()), *who.pools])]
    steps = {
        step: Step(
            pool=who.pools[step],
            minutes=minutes[step].mean if step in minutes else None,
            next=(way.following.get(step) or None) if way else None,
        )
        for step in order
    }
    return shell.changed(
        outcomes=ends.declared,
        withdrawn_outcomes=ends.withdrawn,
        calendars=when.calendars,
        pools=pools,
        steps=steps,
    )
