"""Calendars: the opening hours that all pools share, and those of pools whose hours are clearly others.

A pool has a calendar of its own where at least 200 visits show it and its hours differ much: a fifth of its work lies
outside the shared hours, or its own week is no longer than half of the shared one, or neither week holds the other's
work: a fifth of the other pools' work lies outside its hours, and a fiftieth of its work outside theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from statistics import mean

from millpond.calibration.events import Work
from millpond.calibration.hours import Opening, opening_hours
from millpond.calibration.pools import Staff
from millpond.calibration.wording import in_quotes, percent
from millpond.model import Calendar
from millpond.periods import date_of, weekday
from millpond.periods.holidays import bank_holidays

OFFICE, ALWAYS = "office", "always"
FEWEST_VISITS = 200
MUCH_OUTSIDE = 0.2
SOME_OUTSIDE = 0.02
MUCH_SHORTER = 0.5
_KEEPS_HOLIDAYS = 0.3
_MOSTLY = 0.5


@dataclass(frozen=True)
class Calendars:
    """The calendars that the records show.

    Attributes:
        calendars: by name.
        basis: for each calendar a sentence that says what it rests on.
        of_pool: the name of each pool's calendar.
        openings: the opening hours of each calendar.
        notes: sentences about them.
    """

    calendars: Mapping[str, Calendar]
    basis: Mapping[str, str]
    of_pool: Mapping[str, str]
    openings: Mapping[str, Opening]
    notes: tuple[str, ...]


def calendars(found: Staff, visits: Mapping[str, int], work: Work, region: str | None) -> Calendars:
    """The calendars of a service.

    Args:
        found: its pools.
        visits: how many visits each pool's steps had.
        work: when work began and ended.
        region: whose bank holidays it may keep; None for none.
    """
    pools = list(found.basis)
    everything = work.of([step for pool in pools for step in found.steps_of(pool)])
    shared = opening_hours(everything)
    own = {pool: each for pool in pools if (each := _own(found, pool, visits[pool], work, shared))}
    alike = [step for pool in pools if pool not in own for step in found.steps_of(pool)]
    if own and work.of(alike).total:
        shared = opening_hours(work.of(alike))
        own = {pool: each for pool in pools if (each := _own(found, pool, visits[pool], work, shared))}
    closes = _closes_on_holidays(work.by_day, shared, region)
    openings = {ALWAYS if shared.is_always else OFFICE: shared}
    of_pool = {}
    for pool in pools:
        opening = own.get(pool, shared)
        known = next((name for name, each in openings.items() if each.hours == opening.hours), None)
        of_pool[pool] = known or _free(f"hours of {pool}", openings)
        openings.setdefault(of_pool[pool], opening)
    used = {name: each for name, each in openings.items() if name in of_pool.values() or not pools}
    made = {
        name: Calendar(hours=each.hours, holidays=not each.is_always if closes is None else closes)
        for name, each in used.items()
    }
    basis = {name: f"Estimate: {each.basis}." for name, each in used.items()}
    notes = [f"Opening hours '{each.hours}': {each.basis}." for each in list(used.values())[:5]]
    if own:
        notes.append(f"The hours of {in_quotes(list(own))} differ much from those of the other pools.")
    if closes is False and not shared.is_always:
        notes.append("Work was done on bank holidays, so the calendar does not close on them.")
    notes += [
        f"On {day} the records have {percent(share, 1)} of the work of a usual day, but capacity counts all workers "
        "then: if fewer are in, take the day out of the hours, or keep a rota."
        for day, share in shared.quiet
    ]
    if everything.dated.sum() > _MOSTLY * (everything.dated.sum() + everything.total):
        notes.append("Most times in the records have no time of day, so that working time is counted in whole days.")
    return Calendars(made, basis, of_pool, used, tuple(notes))


def _own(found: Staff, pool: str, visits: int, work: Work, shared: Opening) -> Opening | None:
    """The hours of a pool where they are clearly not the shared ones."""
    if visits < FEWEST_VISITS:
        return None
    events = work.of(found.steps_of(pool))
    if events.total < FEWEST_VISITS:
        return None
    own = opening_hours(events)
    shorter = sum(own.minutes_open) <= MUCH_SHORTER * sum(shared.minutes_open)
    others = work.of([step for step, other in found.pools.items() if other not in (pool, None)])
    is_apart = own.outside(others) >= MUCH_OUTSIDE and opening_hours(others).outside(events) >= SOME_OUTSIDE
    differs = shorter or is_apart or shared.outside(events) >= MUCH_OUTSIDE
    return own if own.hours != shared.hours and differs else None


def _closes_on_holidays(by_day: Mapping[int, int], opening: Opening, region: str | None) -> bool | None:
    """Whether hardly any work was done on bank holidays; None where the records hold none."""
    if region is None or not by_day:
        return None
    open_days = [day for day in range(min(by_day), max(by_day) + 1) if opening.runs[weekday(day)]]
    holidays = {day for day in open_days if date_of(day) in bank_holidays(region, date_of(day).year)}
    if not holidays:
        return None
    ordinary = [by_day.get(day, 0) for day in open_days if day not in holidays]
    usual = mean(ordinary) if ordinary else 0
    return mean(by_day.get(day, 0) for day in holidays) < _KEEPS_HOLIDAYS * usual


def _free(name: str, taken: Collection[str]) -> str:
    return name if name not in taken else _free(f"{name} again", taken)
