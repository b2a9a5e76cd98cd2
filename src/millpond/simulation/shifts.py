"""The rota of a simulated service: who was there on which day, where that is not what pools and calendars say.

Only for pools from which somebody was away, or to which a policy called somebody: of all others the measures know the
capacity from the service.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from millpond.model import Service
from millpond.periods import calendar_key, staffed, weekday
from millpond.records.rota import AVAILABLE, Shift
from millpond.simulation.compiled import words_at
from millpond.simulation.horizon import Stretch
from millpond.simulation.kernel import ABSENCE
from millpond.simulation.people import Person
from millpond.simulation.replication import Replication
from millpond.simulation.tables import Tables

AWAY = "absence"
"""The kind of a shift on which somebody was away by chance."""

Days = npt.NDArray[np.bool_]


def shifts_of(tables: Tables, replication: Replication, key: int) -> tuple[Shift, ...]:
    """The shifts of all pools of which the service does not tell the capacity.

    Whoever gives a share of a day, or fewer minutes than the rota would count, has so much shorter a shift. Whoever
    was away has the shift and the absence.

    Args:
        tables: of the service.
        replication: a replication of it.
        key: of the replication (`millpond.simulation.addresses.replication_key`).
    """
    until = tables.horizon.until
    people = tables.people
    there = np.array([[bool(day) for day in person.days[:until]] for person in people], dtype=np.bool_)
    there = there.reshape(len(people), until)
    away = there & _away(tables, key)
    capacity, calls = replication.totals["policy_capacity"], replication.totals["policy_called"]
    called = {name: capacity[place, :until] > 0 for place, name in enumerate(tables.service.policies)}
    on = there & np.array([called.get(person.policy or "", np.ones(until, dtype=np.bool_)) for person in people])
    for name, days in zip(tables.service.policies, calls[:, :until] > 0, strict=True):
        lent = {person.lent for person in people if person.policy == name and person.lent}
        on[[person.name in lent for person in people]] &= ~days
    pools = {person.pool for place, person in enumerate(people) if (away & on)[place].any()}
    for name, days in called.items():
        if days.any():
            policy = tables.service.policies[name]
            pools |= {policy.pool, policy.lent_by or policy.pool}
    return tuple(
        shift
        for place, person in enumerate(people)
        if person.pool in pools
        for shift in _shifts(tables, person, on[place], away[place])
    )


def _away(tables: Tables, key: int) -> Days:
    """Of each worker the days of absence, by the draws that decided it."""
    days = np.arange(tables.horizon.until, dtype=np.uint64)
    away = np.zeros((len(tables.people), len(days)), dtype=np.bool_)
    for place in np.flatnonzero(tables.fixed["away_below"]):
        purpose = np.full(len(days), ABSENCE, dtype=np.uint64)
        words = words_at(key, tables.fixed["worker_key"][place] + days, purpose)
        away[place] = words[:, 0] < tables.fixed["away_below"][place]
    return away


def _given(person: Person, until: int) -> npt.NDArray[np.int64]:
    """What a worker gives on each day when there, milliseconds."""
    return person.budget[:until] if person.has_budget else person.open_ms[:until]


def _shifts(tables: Tables, person: Person, on: Days, away: Days) -> Iterator[Shift]:
    origin = tables.horizon.origin_us
    given = _given(person, tables.horizon.until)
    for day in np.flatnonzero(on):
        stretches = person.days[day]
        share = _direct_share(tables.service, person, tables.horizon.first_day + int(day))
        length = round(int(given[day]) / share) if share else 0
        for start, end in _lasting(stretches, length):
            yield Shift(person.name, person.pool, origin + start * 1000, origin + end * 1000, AVAILABLE)
            if away[day]:
                yield Shift(person.name, person.pool, origin + start * 1000, origin + end * 1000, AWAY)


def _lasting(stretches: tuple[Stretch, ...], length: int) -> Iterator[Stretch]:
    """The beginning of a day's stretches, so many milliseconds in all; the last goes on where they are too short."""
    for place, (start, end) in enumerate(stretches):
        most = length if place == len(stretches) - 1 else end - start
        taken = min(length, most)
        if taken > 0:
            yield start, start + taken
        length -= taken


def _direct_share(service: Service, person: Person, day: int) -> float:
    """The share of a shift that the measures count as time for visits (see `millpond.measures.capacity`)."""
    on_the_day = staffed(service.pools[person.pool], day)
    worker = service.workers.get(person.name)
    own = worker.minutes_per_day if worker else None
    minutes = on_the_day.minutes_per_day if own is None else own
    if minutes is None:
        return 1.0
    key = calendar_key(service, (worker.calendar if worker else None) or on_the_day.calendar)
    usual = sum(end - start for start, end in service.effective_calendars[key].weekly[weekday(day)])
    return min(minutes / usual, 1.0) if usual else 0.0
