"""A service as the tables that the event loop reads: `Tables` for a span of days, and what each replication adds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from millpond.model import Service
from millpond.model.in_force import states_of
from millpond.model.plans import DIVERTED
from millpond.model.triggers import changing
from millpond.periods import calendar_key, staffed
from millpond.simulation import kernel
from millpond.simulation.addresses import NUMBER_BITS, STREAM_BITS, name_keys
from millpond.simulation.arrivals import Rates, expected_arrivals, planned_arrivals, rates_of
from millpond.simulation.horizon import Horizon
from millpond.simulation.pathway import (
    MS_A_MINUTE,
    Draws,
    Names,
    below,
    names_of,
    pathway_tables,
    stations_of,
    value_numbers,
)
from millpond.simulation.people import Person
from millpond.simulation.quantiles import standard_exponential
from millpond.simulation.standing import Hours, Staff, differences, people_in, touched
from millpond.simulation.targets import target_tables
from millpond.simulation.work_left import with_work_in_all

BEYOND_DAYS = 90
"""For how many days after the last calendars are worked out, so that ends of work can be foreseen."""
START_COLUMNS = 12
"""Of `Model.start`: case (the first word of its address), class, step, earlier visits at the step, joined, entered,
worker (-1: nobody yet), work already done, work in all (-1: drawn), first start, step before (-1: none), and when it
comes to the step (-1: it is there); instants and work in milliseconds."""


@dataclass(frozen=True, eq=False)
class Tables:
    """A service ready to be simulated.

    Attributes:
        service: what the tables are of.
        horizon: the days.
        names: the places of steps, pools, streams and outcomes.
        people: the workers, in the order of their indexes.
        fixed: the fields of the kernel's `Model` that are the same in every replication.
        rates: the expected arrivals.
        stream_keys: the keys of the streams in their place in an address.
        margin: the most rows of cases that one event can add.
        is_lean: whether the smaller kernel knows everything that the service uses.
        rewritten: the fields that the event loop itself changes where a policy that changes the service is called.
    """

    service: Service
    horizon: Horizon
    names: Names
    people: tuple[Person, ...]
    fixed: dict[str, Any]
    rates: Rates
    stream_keys: npt.NDArray[np.uint64]
    margin: int
    is_lean: bool
    rewritten: tuple[str, ...] = ()

    def drawn(self, key: int) -> dict[str, Any]:
        """What a replication has of its own, by names in the kernel's layout: arrivals, and who is there first."""
        at, stream, number = planned_arrivals(self.service, self.stream_keys, self.horizon, key)
        return {
            "expected": expected_arrivals(self.rates, self.stream_keys, self.horizon, key),
            "planned_at": at,
            "planned_stream": stream,
            "planned_number": number,
            "planned": len(at),
            "start": with_work_in_all(self.fixed["start"], self.service, self.fixed["step_key"], key),
            **{name: self.fixed[name].copy() for name in self.rewritten},
        }

    def starting_with(self, rows: npt.NDArray[np.int64]) -> Tables:
        """The same tables with somebody there at the start.

        Args:
            rows: visits x `START_COLUMNS`, from `millpond.simulation.starting.carried_over`.
        """
        fixed = {**self.fixed, "start": _start_rows(rows), "start_lines": len(rows)}
        return replace(self, fixed=fixed, is_lean=_is_lean(self.service, self.people, fixed))

    def totals(self) -> dict[str, npt.NDArray[Any]]:
        """Empty totals for one replication, by their names in the kernel's layout."""
        pools, steps, classes = len(self.names.pools), len(self.names.steps), 2 * len(self.names.streams)

        def count(*shape: int) -> npt.NDArray[np.int64]:
            return np.zeros(shape, dtype=np.int64)

        return {
            "daily": count(pools, self.horizon.days, kernel.KINDS),
            "before": count(2, pools),
            "wait_bins": np.zeros((steps * classes, kernel.BINS), dtype=np.int32),
            **{name: count(steps * classes) for name in ("wait_sum", "wait_within", "left_count")},
            "lead_bins": np.zeros((classes, kernel.BINS), dtype=np.int32),
            **{name: count(classes) for name in ("lead_sum", "lead_within")},
            "outcome_count": count(len(self.names.outcomes)),
            "case_counts": count(2),
            "policy_capacity": count(len(self.service.policies), self.horizon.days),
            "policy_called": count(len(self.service.policies), self.horizon.days),
        }


def horizon_of(service: Service, first_day: int, days: int, drain_days: int = 0) -> Horizon:
    """The days of a simulation, and beyond them those in which work that is begun may end.

    Args:
        service: in whose time zone.
        first_day: day number of the first day.
        days: for how many days cases arrive.
        drain_days: how many days more are simulated.
    """
    until = days + drain_days
    return Horizon(first_day, until + BEYOND_DAYS, until, days, service.zone)


def tables_of(
    service: Service,
    first_day: int,
    days: int,
    *,
    drain_days: int = 0,
    warm_up_days: int = 0,
    start: npt.NDArray[np.int64] | None = None,
    horizon: Horizon | None = None,
) -> Tables:
    """The tables of a service for a span of days.

    Args:
        service: what is to be simulated; see `millpond.simulation.checking` for what it must have.
        first_day: day number of the first day.
        days: for how many days cases arrive.
        drain_days: how many days more are simulated.
        warm_up_days: days at the start that are left out of waits and lead times.
        start: who is there at the start, rows of `START_COLUMNS`.
        horizon: these days, from `horizon_of`, where they are known already.
    """
    horizon = horizon or horizon_of(service, first_day, days, drain_days)
    until = horizon.until
    names = names_of(service)
    states = states_of(service)
    staff = people_in(states, horizon)
    people = staff.people
    draws = Draws()
    stations = stations_of(service)
    keys = name_keys(service.streams, STREAM_BITS)
    stream_keys = np.array([keys[name] << NUMBER_BITS for name in service.streams], dtype=np.uint64)
    day_starts = horizon.day_starts_ms
    fixed: dict[str, Any] = {
        "day_start": day_starts,
        **horizon.local_hours(),
        "end": int(day_starts[until]),
        "warm_from": int(day_starts[warm_up_days]) if warm_up_days else -(1 << 60),
        "classes": 2 * len(service.streams),
        "ranks": 2 * max((stream.priority for state in states for stream in state.streams.values()), default=1),
        "gaps": standard_exponential(),
        "start": _start_rows(np.zeros((0, START_COLUMNS), dtype=np.int64) if start is None else start),
        **differences(
            [
                {**_stream_tables(state, names, stream_keys), **of_steps}
                for state, of_steps in zip(states, pathway_tables(states, names, draws), strict=True)
            ]
        ),
        **target_tables(service, horizon),
        **_pool_tables(service, horizon, names, people, stations),
        **_worker_tables(names, people, stations, horizon),
        **_roster_tables(staff),
        "budget": staff.budgets,
        **_policy_tables(service, names, people),
    }
    fixed |= draws.arrays()
    rates = rates_of(service, horizon)
    fixed |= {
        "days": horizon.days,
        "hours": rates.hourly.shape[1],
        "pools": len(service.pools),
        "steps": len(service.steps),
        "stations": len(stations),
        "workers": len(people),
        "rosters": len(fixed["roster_at"]) - 1,
        "stretches": len(fixed["roster_start"]),
        "streams": len(service.streams),
        "policies": len(service.policies),
        "changing": len(fixed["changing_policy"]),
        "budget_states": len(staff.budgets),
        "roster_states": len(staff.hours),
        "start_lines": len(fixed["start"]),
        # The last column of a visit is how the service stood when it joined, where it may stand otherwise.
        "repeats": max(1, 1 + int(fixed["step_repeats"].max(initial=-1))) + (len(states) > 1),
        "holders": max(1, 1 + int(fixed["pool_held"].max(initial=-1))),
        "diverted_from": min(
            (place for place, name in enumerate(names.outcomes) if name.startswith(DIVERTED)),
            default=len(names.outcomes),
        ),
    }
    size = max((step.group.size for state in states for step in state.steps.values() if step.group), default=1)
    branches = max((len(step.all_of) for step in service.steps.values()), default=0)
    return Tables(
        service=service,
        horizon=horizon,
        names=names,
        people=people,
        fixed=fixed,
        rates=rates,
        stream_keys=stream_keys,
        # At one instant all workers may leave, and what each did with others ends.
        margin=8 + 2 * size * max(branches, 1) + (1 + max(branches, 1)) * len(people),
        is_lean=_is_lean(service, people, fixed),
        rewritten=touched(fixed),
    )


def _start_rows(rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The rows, once it is sure that the event loop, which trusts their shape, will not read beyond them."""
    if rows.ndim != 2 or rows.shape[1] != START_COLUMNS:
        raise ValueError(f"Rows of the start have {START_COLUMNS} columns; these have the shape {rows.shape}.")
    return rows


def _is_lean(service: Service, people: tuple[Person, ...], fixed: dict[str, Any]) -> bool:
    """Whether a service uses only what the smaller kernel knows."""
    steps, pools, streams = service.steps.values(), service.pools.values(), service.streams.values()
    plain_steps = all(
        step.pool is not None
        and step.skill is None
        and step.people == 1
        and not (step.rules or step.all_of or step.after or step.missed or step.group)
        and (
            step.patience_limit is None
            or (not step.patience_limit.is_working_time and step.patience_limit.to == "withdrawn")
        )
        for step in steps
    )
    plain_pools = all(
        pool.order == "first come" and not pool.urgent_preempts and pool.caseload is None for pool in pools
    )
    plain_streams = not any(stream.attributes or stream.schedule or stream.daily_counts for stream in streams)
    plain_people = not any(
        person.also or person.absence or person.policy or person.last_hours_end < fixed["end"] for person in people
    )
    is_plain = plain_steps and plain_pools and plain_streams and plain_people
    return is_plain and len(fixed["start"]) == 0 and len(fixed["changing_policy"]) == 0


def _stream_tables(service: Service, names: Names, stream_keys: npt.NDArray[np.uint64]) -> dict[str, Any]:
    streams = list(service.streams.values())
    at, of, value_at, thresholds, values = [0], [], [0], [], []
    for stream in streams:
        for name, shares in stream.attributes.items():
            of.append(names.attributes[name])
            reached = 0.0
            numbers = value_numbers(names, name)
            for value, share in shares.items():
                reached += share
                thresholds.append(below(reached))
                values.append(numbers[value])
            value_at.append(len(thresholds))
        at.append(len(of))
    return {
        "stream_key": stream_keys,
        "stream_rank": np.array([(stream.priority - 1) * 2 for stream in streams], dtype=np.int64),
        "stream_first": np.array([names.steps[stream.first_step] for stream in streams], dtype=np.int64),
        "urgent_below": np.array([below(stream.share_urgent) for stream in streams], dtype=np.uint64),
        "attribute_at": np.array(at, dtype=np.int64),
        "attribute_of": np.array(of, dtype=np.int64),
        "attribute_value_at": np.array(value_at, dtype=np.int64),
        "attribute_value": np.array(values, dtype=np.int64),
        "attribute_below": np.array(thresholds, dtype=np.uint64),
    }


_ORDERS = {"first come": 0, "due date": 1, "shortest": 2, "longest in service": 3}


def _pool_tables(
    service: Service,
    horizon: Horizon,
    names: Names,
    people: tuple[Person, ...],
    stations: tuple[tuple[str, str | None], ...],
) -> dict[str, Any]:
    pools = service.pools
    held, helpers, helpers_at, open_at = [], [], [0], [0]
    spans: list[tuple[int, int, int]] = []
    places = 0
    for name, pool in pools.items():
        held.append(places if pool.caseload is not None else -1)
        places += pool.caseload is not None
        helpers += [place for place, person in enumerate(people) if name in person.also]
        helpers_at.append(len(helpers))
        for index in range(horizon.days):
            key = calendar_key(service, staffed(pool, horizon.first_day + index).calendar)
            spans += [(start, end, index) for start, end in horizon.opened(service, key)[index]]
        open_at.append(len(spans))
    opened = np.array(spans, dtype=np.int64).reshape(-1, 3)
    of_pool = [names.pools[pool] for pool, _ in stations]
    return {
        "station_pool": np.array(of_pool, dtype=np.int64),
        "pool_stations_at": np.searchsorted(of_pool, np.arange(len(pools) + 1)).astype(np.int64),
        "pool_order": np.array([_ORDERS[pool.order] for pool in pools.values()], dtype=np.int64),
        "pool_plain": np.array([_is_plain(service, name, stations, people) for name in pools], dtype=np.int64),
        "pool_preempts": np.array([pool.urgent_preempts for pool in pools.values()], dtype=np.int64),
        "pool_caseload": np.array([pool.caseload or 0 for pool in pools.values()], dtype=np.int64),
        "pool_finishes": np.array([pool.at_closing == "finish" for pool in pools.values()], dtype=np.int64),
        "pool_held": np.array(held, dtype=np.int64),
        "pool_helpers_at": np.array(helpers_at, dtype=np.int64),
        "pool_helpers": np.array(helpers, dtype=np.int64),
        "open_at": np.array(open_at, dtype=np.int64),
        "open_start": opened[:, 0].copy(),
        "open_end": opened[:, 1].copy(),
        "open_day": opened[:, 2].copy(),
    }


def _worker_tables(
    names: Names,
    people: tuple[Person, ...],
    stations: tuple[tuple[str, str | None], ...],
    horizon: Horizon,
) -> dict[str, Any]:
    keys = name_keys((person.name for person in people), STREAM_BITS)
    also_at = np.concatenate([[0], np.cumsum([len(person.also) for person in people])])
    return {
        "worker_pool": np.array([names.pools[person.pool] for person in people], dtype=np.int64),
        # Absence is addressed by the worker and the date, wherever the days simulated begin.
        "worker_key": np.array(
            [(keys[person.lent or person.name] << NUMBER_BITS) + horizon.first_day for person in people],
            dtype=np.uint64,
        ),
        "worker_stations": np.array(
            [
                [
                    (pool == person.pool or pool in person.also) and (skill is None or skill in person.skills)
                    for pool, skill in stations
                ]
                for person in people
            ],
            dtype=np.int64,
        ).reshape(len(people), len(stations)),
        "worker_also_at": also_at.astype(np.int64),
        "worker_also": np.array([names.pools[pool] for person in people for pool in person.also], dtype=np.int64),
        "worker_caseload": np.array([person.caseload or 0 for person in people], dtype=np.int64),
        "away_below": np.array([below(person.absence) for person in people], dtype=np.uint64),
        "has_budget": np.array([person.has_budget for person in people], dtype=np.int64),
    }


def _roster_tables(staff: Staff) -> dict[str, npt.NDArray[np.int64]]:
    """The hours of everybody: those who keep the same share a roster, of which whoever ever keeps it is a member."""
    rosters: dict[Hours, int] = {}
    of = np.array(
        [[rosters.setdefault(days, len(rosters)) for days in hours] for hours in staff.hours], dtype=np.int64
    ).reshape(len(staff.hours), len(staff.people))
    at, spans = [0], []
    for roster in rosters:
        for index, day in enumerate(roster):
            whole = sum(end - start for start, end in day)
            spans += [(start, end, index, place == 0, whole) for place, (start, end) in enumerate(day)]
        at.append(len(spans))
    stretches = np.array(spans, dtype=np.int64).reshape(-1, 5)
    members = [np.flatnonzero((of == number).any(axis=0)) for number in range(len(rosters))]
    return {
        "worker_roster": of[0].copy(),
        "roster_in": of.ravel(),
        "roster_at": np.array(at, dtype=np.int64),
        "roster_start": stretches[:, 0].copy(),
        "roster_end": stretches[:, 1].copy(),
        "roster_day": stretches[:, 2].copy(),
        "roster_first": stretches[:, 3].copy(),
        "roster_open": stretches[:, 4].copy(),
        "roster_workers_at": np.concatenate([[0], np.cumsum([len(one) for one in members])]).astype(np.int64),
        "roster_workers": np.concatenate([np.zeros(0, dtype=np.int64), *members]).astype(np.int64),
    }


def _is_plain(
    service: Service, name: str, stations: tuple[tuple[str, str | None], ...], people: tuple[Person, ...]
) -> bool:
    """Whether a pool has one queue, served in order by its own people alone, one for each visit.

    Most have: the event loop then takes a shorter way to the same answer.
    """
    pool = service.pools[name]
    return (
        sum(of == name for of, _ in stations) == 1
        and all(step.people == 1 for step in service.steps.values() if step.pool == name)
        and pool.order == "first come"
        and not pool.urgent_preempts
        and pool.caseload is None
        and not any(name in person.also for person in people)
    )


_MEASURES = {
    "backlog minutes": (0, MS_A_MINUTE),
    "waiting visits": (1, 1),
    "longest wait days": (2, 86_400_000),
    "always": (1, 1),
}


def _policy_tables(service: Service, names: Names, people: tuple[Person, ...]) -> dict[str, Any]:
    policies = service.policies.values()
    called = [person.policy for person in people]
    first = len(people) - sum(policy is not None for policy in called)
    counts = [sum(policy == name for policy in called) for name in service.policies]
    places = {person.name: place for place, person in enumerate(people)}
    lent = [
        [places[person.lent] for person in people if person.policy == name and person.lent] for name in service.policies
    ]
    return {
        "changing_policy": np.array(
            [list(service.policies).index(name) for name in changing(service.policies)], np.int64
        ),
        "policy_pool": np.array([names.pools[policy.pool] for policy in policies], dtype=np.int64),
        "policy_measure": np.array([_MEASURES[policy.when][0] for policy in policies], dtype=np.int64),
        "policy_above": np.array([int(policy.line * _MEASURES[policy.when][1]) for policy in policies], dtype=np.int64),
        "policy_days": np.array([policy.for_days for policy in policies], dtype=np.int64),
        "policy_lead": np.array([policy.lead_days for policy in policies], dtype=np.int64),
        "policy_workers_at": (first + np.concatenate([[0], np.cumsum(counts)])).astype(np.int64),
        "policy_lent_at": np.concatenate([[0], np.cumsum([len(one) for one in lent])]).astype(np.int64),
        "policy_lent": np.array([place for one in lent for place in one], dtype=np.int64),
    }
