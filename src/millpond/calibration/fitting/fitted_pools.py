"""The pools of a fitted service: how many people could have done what was done, their days off and their absence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millpond.calibration.fitting.absence import Away, away, stays_with_worker
from millpond.calibration.fitting.attendance import Attendance, attendances
from millpond.calibration.fitting.capacity import Together, visits_together
from millpond.calibration.fitting.evidence import Evidence, Learned, share_interval
from millpond.calibration.fitting.part_time import DayOff, days_off, hours_without
from millpond.calibration.fitting.seen import Seen
from millpond.calibration.fitting.sessions import alone
from millpond.model import Calendar, Pool, Worker
from millpond.model.hours import DAYS, MINUTES_A_DAY
from millpond.model.people import Order
from millpond.periods import date_of, day_of

Ints = npt.NDArray[np.int64]
FEWEST_TELLING, SOME_AWAY = 50, 0.01
_FILLS_A_PLACE = 0.6
_SHIFTS = 600
"""In a pool that is open for longer than this many minutes a day people come in shifts, and days off go round."""


@dataclass(frozen=True)
class Staffed:
    """Who works in a fitted service, and when.

    Attributes:
        pools: the pools.
        workers: the people who have days off that their pool has not.
        calendars: theirs.
        away: for people of pools with days off or absence the numbers of the days on which they were not there.
    """

    pools: Mapping[str, Pool]
    workers: Mapping[str, Worker]
    calendars: Mapping[str, Calendar]
    away: Mapping[str, frozenset[int]]


def staffed_pools(seen: Seen, joined_us: Ints, orders: Mapping[str, Order], evidence: Evidence) -> Staffed:
    """The pools with enough people for what was done.

    Args:
        seen: what the fit looks at.
        joined_us: when each visit joined; `UNKNOWN` where that is not known.
        orders: of the pools in which they are known.
        evidence: is told what each value rests on.
    """
    drafted, log = seen.drafted, seen.log
    of_pool = {pool: [name for name, step in drafted.steps.items() if step.pool == pool] for pool in drafted.pools}
    together = visits_together(log, of_pool, alone(log, seen.sessions.values()))
    present = attendances(log, drafted)
    absent: dict[str, frozenset[int]] = {}
    pools: dict[str, Pool] = {}
    workers: dict[str, Worker] = {}
    calendars: dict[str, Calendar] = {}
    for name, pool in drafted.pools.items():
        at_once = together.get(name, Together(1, 1, 0))
        attendance = _in_single_days(name, seen, present)
        if attendance is not None and at_once.level > attendance.people:
            # Who does several visits at a time has no places that a day off takes one of.
            attendance = None
        off = {} if attendance is None else _days_off(name, attendance, evidence)
        if attendance is None or stays_with_worker(log, of_pool[name]):
            gone = Away(0, 0, 0)
        else:
            gone = away(log, attendance, off, of_pool[name], joined_us)
        absence = _absence(name, gone, evidence)
        if attendance is not None and (off or absence or _is_leave(gone)):
            places = _places(name, pool, attendance, gone, off, evidence)
            for who, here in attendance.here.items():
                missed = attendance.days[attendance.on_books[who] & ~here]
                absent[who] = frozenset(int(day) for day in missed)
        else:
            places = _workers(name, pool, at_once, present.get(name), evidence)
        for who, days in off.items():
            named = _with_days_off(name, who, days, seen, evidence)
            workers[who] = Worker(pool=name, calendar=named[0])
            calendars[named[0]] = named[1]
        pools[name] = pool.changed(
            workers=places,
            minutes_per_day=_direct(name, seen, evidence),
            order=orders.get(name, pool.order),
            absence=absence,
        )
    return Staffed(pools, workers, calendars, absent)


def _direct(name: str, seen: Seen, evidence: Evidence) -> float | None:
    """The direct minutes of a day; None for the whole shift, for little that was recorded of a day is no limit."""
    key, given = f"pools.{name}.minutes_per_day", seen.daily_minutes.get(name)
    if given is None:
        evidence.cannot(
            key,
            "records of visits show what was done and not what could have been done",
            "a rota, or minutes_per_day written by somebody who knows",
        )
        return None
    why = f"the fewest with which nobody began a visit when theirs were spent, as they were on {given.days:,} days"
    evidence.add(Learned(key, given.minutes, given.low, given.high, given.days, why))
    return given.minutes


def _in_single_days(name: str, seen: Seen, present: Mapping[str, Attendance]) -> Attendance | None:
    """The attendance of a pool whose people work by the day; None where they come in shifts, or nobody is named."""
    calendar = seen.drafted.effective_calendars.get(seen.drafted.calendar_name(seen.drafted.pools[name]))
    if calendar is None or name not in present:
        return None
    spans = [span for day in calendar.weekly for span in day]
    days = sum(1 for day in calendar.weekly if day)
    over_midnight = any(closing == MINUTES_A_DAY for _, closing in spans)
    if over_midnight or sum(closing - opening for opening, closing in spans) > _SHIFTS * days:
        return None
    return present[name]


def _days_off(name: str, attendance: Attendance, evidence: Evidence) -> dict[str, tuple[DayOff, ...]]:
    """The days off of people who fill a place of the pool: where most come on few of their days, no place is theirs."""
    off = days_off(attendance)
    share = attendance.share_here({who: {each.weekday for each in days} for who, days in off.items()})
    if off and share < _FILLS_A_PLACE:
        told = "; ".join(f"{who} not on {', '.join(DAYS[each.weekday] for each in days)}" for who, days in off.items())
        evidence.cannot(
            f"workers of {name}",
            f"they have days off ({told}), but only {100 * share:.0f}% of the days of all people here have records, so "
            "that no place of the pool is theirs alone",
            "a rota",
        )
        return {}
    return off


def _workers(name: str, pool: Pool, at_once: Together, present: Attendance | None, evidence: Evidence) -> float:
    """The people of a pool: as many at least as came on a usual day, and at most as many as were on the books, or as
    visits were ever under way. Where nobody is named there may be few who do many visits at a time."""
    workers = max(int(pool.workers or 0), at_once.level, 1)
    why = (
        "the visits that were under way together, as people do several at a time"
        if at_once.level > (pool.workers or 0)
        else "the median of the people at work on a day"
    )
    fewest, most = (1, 1) if present is None else (max(present.fewest, 1), present.most)
    low, high = min(fewest, workers), max(at_once.most, most, workers)
    evidence.add(Learned(f"pools.{name}.workers", workers, low, high, at_once.visits, why))
    return workers


def _is_leave(gone: Away) -> bool:
    return gone.telling >= FEWEST_TELLING and share_interval(gone.leave, gone.telling)[0] > SOME_AWAY


def _places(
    name: str,
    pool: Pool,
    attendance: Attendance,
    gone: Away,
    off: Mapping[str, tuple[DayOff, ...]],
    evidence: Evidence,
) -> float:
    """The people on the books, in whole-time places: without the share of their days that leave takes, and where
    absence is not known without their days of which nothing is."""
    leave = gone.leave / gone.telling if _is_leave(gone) else 0.0
    why = "the median of the people between their first recorded day and their last; days off and absence are apart"
    if gone.telling >= FEWEST_TELLING:
        places = round(attendance.people * (1 - leave), 2)
    else:
        share = attendance.share_here({who: {each.weekday for each in days} for who, days in off.items()})
        places = round(max(float(pool.workers or 1), attendance.people * share), 2)
        why += f", times the {100 * share:.0f}% of their days on which anything of them is recorded"
    if leave:
        why += f", and without the {100 * leave:.0f}% of days on which they were away for a week or longer"
    days = int(sum(each.sum() for each in attendance.here.values()))
    low, high = min(float(max(attendance.fewest, 1)), places), max(attendance.most, places)
    evidence.add(Learned(f"pools.{name}.workers", places, low, high, days, why))
    return places


def _absence(name: str, gone: Away, evidence: Evidence) -> float:
    key = f"pools.{name}.absence"
    if gone.telling < FEWEST_TELLING:
        evidence.cannot(
            key,
            "who is away leaves no visits, and who has nothing to do neither: on "
            f"{f'{gone.telling:,} days only' if gone.telling else 'no day'} is it known that work waited for "
            "everybody in the morning",
            "when each visit joins, or a rota",
        )
        return 0.0
    stayed = gone.telling - gone.leave
    share = gone.absent / max(stayed, 1)
    low, high = share_interval(gone.absent, stayed)
    if low <= SOME_AWAY:
        share = 0.0
    why = (
        f"away on {gone.absent:,} of {stayed:,} days of single people on which work waited for everybody in the morning"
    )
    evidence.add(Learned(key, round(share, 4), low, high, stayed, why if share else f"{why}: not clearly above 1%"))
    return round(share, 4)


def _with_days_off(
    pool: str, who: str, days: tuple[DayOff, ...], seen: Seen, evidence: Evidence
) -> tuple[str, Calendar]:
    """The name and the hours of the calendar of somebody who has days off."""
    drafted = seen.drafted
    latest = drafted.pools[pool].on(date_of(day_of(seen.log.as_of_us, drafted.zone)))
    usual = drafted.calendar_name(latest)
    calendar = drafted.effective_calendars[usual]
    off = {each.weekday for each in days}
    names = ", ".join(DAYS[day] for day in sorted(off))
    seen_on, there = sum(each.seen for each in days), sum(each.days for each in days)
    low, high = share_interval(seen_on, there)
    expected = sum(each.expected for each in days)
    why = (
        f"off on {names}: there on {seen_on:,} of {there:,} such days, where {expected:.0f} were to be expected by the "
        "other days and by colleagues"
    )
    evidence.add(Learned(f"workers.{who}.calendar", seen_on / there, low, high, there, why))
    return f"{usual} without {names}", calendar.changed(hours=hours_without(calendar.weekly, off))
