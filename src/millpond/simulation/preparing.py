"""A service made ready to be simulated: looked through, turned into tables, with its prices and its open visits.

Nothing is simulated here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from millpond.model import Service
from millpond.periods import day_number
from millpond.simulation.checking import check_can_be_simulated, overloads
from millpond.simulation.cost import prices_of
from millpond.simulation.figures import Reading, groups_of
from millpond.simulation.people import paid_hours
from millpond.simulation.starting import CarriedOver, OpenVisit, carried_over
from millpond.simulation.tables import Tables, horizon_of, tables_of


@dataclass(frozen=True, eq=False)
class Prepared:
    """What a simulation of a service needs before its first replication.

    Attributes:
        tables: the service as the event loop reads it.
        reading: how the totals of a replication become figures.
        carried: the open visits that it starts with; None where it starts empty.
        growing: a sentence for each pool that is asked for more than it can do.
    """

    tables: Tables
    reading: Reading
    carried: CarriedOver | None
    growing: tuple[str, ...]


def prepared(
    service: Service,
    first_day: date,
    days: int,
    *,
    opening: tuple[OpenVisit, ...] | None = None,
    warm_up_days: int = 0,
    drain_days: int = 0,
) -> Prepared:
    """Makes a service ready to be simulated.

    Args:
        service: the service.
        first_day: the first day.
        days: for how many days new cases come.
        opening: the visits that are open when the first day begins; None to start empty.
        warm_up_days: how many days at the start to leave out of the figures that are taken over many days.
        drain_days: how many days more to simulate, without new cases.

    Raises:
        FaultyService: the service cannot be simulated as it is described; all faults are told.
    """
    first = day_number(first_day)
    horizon = horizon_of(service, first, days, drain_days)
    check_can_be_simulated(service, horizon)
    tables = tables_of(service, first, days, drain_days=drain_days, warm_up_days=warm_up_days, horizon=horizon)
    carried = None if opening is None else carried_over(opening, service, tables)
    if carried is not None:
        tables = tables.starting_with(carried.rows)
    paid = paid_hours(tables.people, slice(warm_up_days, days))
    prices = prices_of(service, first + warm_up_days, days - warm_up_days, paid)
    reading = Reading(tables, groups_of(service), prices, warm_up_days)
    return Prepared(tables, reading, carried, tuple(overloads(service, horizon)))
