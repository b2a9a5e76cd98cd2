"""The problem events of a folder: the days of each pool from its measures, with its calendar beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import nan
from typing import TYPE_CHECKING

import numpy as np

from millpond.errors import WrongUse
from millpond.folder.opened import Tell
from millpond.measures.results import Measures, PeriodRow
from millpond.model import label_of
from millpond.model.nearest import listed
from millpond.periods import day_number, working_time
from millpond.variation.event_results import Events, PoolEvents, event_days, pool_events, return_levels
from millpond.variation.problem_days import PoolDays, ProblemEvents, WhenClosed, problem_events

if TYPE_CHECKING:
    from millpond.folder.verbs.measuring import MeasuredFolder
    from millpond.variation.events_ahead import EventsAhead

YEAR = 365


FACTOR, WITHIN = 2.0, 100


def for_page(folder: MeasuredFolder, measured: Measures) -> Events | None:
    """The problem events of the page; None where there is no whole working day of known capacity.

    Args:
        folder: the folder.
        measured: its measures by day.
    """
    try:
        found = events(folder, measured, factor=FACTOR, within=WITHIN, when_closed="left out")
    except WrongUse:
        return None
    return found if any(row.of for row in found.rows) else None


@dataclass(frozen=True)
class Ahead:
    """How the days to come are simulated.

    Attributes:
        days: how many; None for a year.
        replications: how many times; None for 200.
        seed: of the random draws.
        start: ``records``, ``empty``, or None for the records where there are any.
        threads: how many run side by side.
        progress: is told how far it has come.
    """

    days: int | None = None
    replications: int | None = None
    seed: int = 1
    start: str | None = None
    threads: int | None = None
    progress: Tell | None = None


def events(
    folder: MeasuredFolder,
    measured: Measures,
    *,
    factor: float,
    within: int,
    when_closed: WhenClosed,
    ahead: Ahead | None = None,
) -> Events:
    """The problem events of each pool that was measured.

    Args:
        folder: the folder.
        measured: its measures by day.
        factor: how many times capacity.
        within: for how many working days ahead the chance is told.
        when_closed: what becomes of demand that joins on closed days.
        ahead: how the days to come are simulated; None where they are not.
    """
    check_within(within)
    by_pool: dict[str, list[PeriodRow]] = {}
    for row in measured.rows:
        if row.complete and not row.filling:
            by_pool.setdefault(row.pool, []).append(row)
    if not by_pool:
        raise WrongUse("There is no whole day on record in these dates. Take more days, or import more records.")
    found = {
        pool: problem_events(_days(folder, pool, rows), factor=factor, when_closed=when_closed)
        for pool, rows in by_pool.items()
    }
    rows = tuple(
        pool_events(pool, events, within, _working_days_ahead(folder, pool, by_pool[pool][-1].period))
        for pool, events in found.items()
    )
    return Events(
        rows=rows,
        notes=(*measured.notes, *_notes(folder, rows, when_closed, measured.unit)),
        service=folder.service.name,
        factor=float(factor),
        within=within,
        when_closed=when_closed,
        unit=measured.unit,
        as_of=measured.as_of,
        days=event_days(found),
        levels=return_levels(found),
        found=found,
        ahead=None if ahead is None else _ahead(folder, tuple(found), factor, within, when_closed, ahead),
    )


def check_within(within: int) -> None:
    """Refuses a chance within no days.

    Raises:
        WrongUse: it is told for less than one day.
    """
    if within < 1:
        raise WrongUse(f"The chance within {within} days is none. Look at least 1 working day ahead.")


def foreseen(
    folder: MeasuredFolder, *, pool: str | None, factor: float, within: int, when_closed: WhenClosed, ahead: Ahead
) -> Events:
    """The problem events of the days to come alone, of a service without records.

    Args:
        folder: the folder.
        pool: only this pool.
        factor: how many times capacity.
        within: for how many working days ahead the chance is told.
        when_closed: what becomes of demand that joins on closed days.
        ahead: how the days to come are simulated.
    """
    check_within(within)
    if pool is not None:
        folder.service.pool(pool)
    pools = tuple(folder.service.pools) if pool is None else (pool,)
    nothing: dict[str, ProblemEvents] = {}
    return Events(
        rows=(),
        notes=(
            "The folder has no records, so that nothing is told of days gone by: the days to come are as service.toml "
            "has them.",
        ),
        service=folder.service.name,
        factor=float(factor),
        within=within,
        when_closed=when_closed,
        unit="minutes",
        as_of=folder.as_of_text(),
        days=event_days(nothing),
        levels=return_levels(nothing),
        found=nothing,
        ahead=_ahead(folder, pools, factor, within, when_closed, ahead),
    )


def _ahead(
    folder: MeasuredFolder, pools: tuple[str, ...], factor: float, within: int, when_closed: WhenClosed, asked: Ahead
) -> EventsAhead:
    # Here and not above: events on record need nothing of the simulator.
    from millpond.folder.beginning import beginning
    from millpond.planning.events_ahead import DAYS, REPLICATIONS, events_ahead

    known = tuple(pool for pool in pools if pool in folder.service.pools)
    if not known:
        raise WrongUse(
            f"None of {listed(pools)} is a pool of service.toml, so that nothing of them can be simulated.\nDescribe "
            "them there."
        )
    first, opening = beginning(folder, None, asked.start)
    return events_ahead(
        folder.service,
        first,
        pools=known,
        factor=factor,
        within=within,
        when_closed=when_closed,
        days=DAYS if asked.days is None else asked.days,
        replications=REPLICATIONS if asked.replications is None else asked.replications,
        seed=asked.seed,
        opening=opening,
        threads=asked.threads,
        progress=asked.progress,
    )


def _days(folder: MeasuredFolder, pool: str, rows: Sequence[PeriodRow]) -> PoolDays:
    days = tuple(row.period for row in rows)
    numbers = [day_number(date.fromisoformat(day)) for day in days]
    if pool in folder.service.pools:
        working = working_time(folder.service, folder.service.pools[pool], numbers[0], numbers[-1])
        is_open = np.array([working.is_open(number) for number in numbers])
    else:
        is_open = np.ones(len(rows), dtype=bool)
    return PoolDays(
        days=days,
        demand=np.array([row.demand for row in rows], dtype=np.float64),
        capacity=np.array([nan if row.capacity is None else row.capacity for row in rows], dtype=np.float64),
        backlog=np.array([row.backlog for row in rows], dtype=np.float64),
        is_open=is_open,
    )


def _working_days_ahead(folder: MeasuredFolder, pool: str, last: str) -> int:
    """The working days of a pool in the year after a day."""
    if pool not in folder.service.pools:
        return YEAR
    first = day_number(date.fromisoformat(last)) + 1
    working = working_time(folder.service, folder.service.pools[pool], first, first + YEAR - 1)
    return int(working.days_before[-1])


def _notes(folder: MeasuredFolder, rows: Sequence[PoolEvents], when_closed: WhenClosed, unit: str) -> list[str]:
    notes = [
        "Days are working days on the calendar of each pool; a day on which it is closed is never an event. A day on "
        "which it is open and nobody is there is one, if anything joins."
    ]
    for row in rows:
        name = label_of(folder.service.pools, row.pool)
        if row.closed_with_demand:
            what = "is not counted here" if when_closed == "left out" else "is added to the next working day"
            notes.append(
                f"{name}: {row.closed_demand:,.0f} {unit} of demand joined on {row.closed_with_demand} closed days, "
                f"and {what}."
            )
        if row.unknown_days:
            notes.append(f"{name}: {row.unknown_days} working days of unknown capacity are left out.")
        if 0 < row.of < row.working_days_a_year:
            notes.append(
                f"{name}: the history has {row.of} working days, less than a year of {row.working_days_a_year}; "
                "a season in which such days come may be missing."
            )
        if row.spells < row.days:
            notes.append(
                f"{name}: such days follow each other, so they are not independent. The interval for days allows for "
                "that; the chance of at least one does not, and is too high. Spells are the safer count."
            )
    return notes
