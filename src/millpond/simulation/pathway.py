"""The steps of a service and the ways between them, as tables of numbers for the event loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from millpond.model import Rule, Service, Step
from millpond.model.distributions import Distribution
from millpond.simulation.addresses import STEP_BITS, name_keys
from millpond.simulation.quantiles import EMPIRICAL, quantile_table

MS_A_MINUTE = 60_000
_WHOLE = 1 << 64


def below(share: float) -> int:
    """The word below which a draw is within a share: floor(share x 2^64), at most the greatest word."""
    return min(int(share * _WHOLE), _WHOLE - 1)


@dataclass
class Draws:
    """The quantile tables of a service, each distribution once."""

    kinds: list[int] = field(default_factory=list)
    cells: list[npt.NDArray[np.float64]] = field(default_factory=list)
    known: dict[Any, int] = field(default_factory=dict)

    def table(self, minutes: float | Distribution) -> int:
        """The index of the table of a distribution."""
        key = float(minutes) if not isinstance(minutes, Distribution) else minutes
        if key not in self.known:
            table = quantile_table(minutes)
            self.known[key] = len(self.kinds)
            self.kinds.append(table.kind)
            self.cells.append(table.cells)
        return self.known[key]

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """The kinds, the cells one after another, and where each table begins."""
        cells = self.cells or [np.zeros((1, 2))]
        return {
            "cells_kind": np.array(self.kinds or [0], dtype=np.int64),
            "cells": np.concatenate(cells),
            "cells_at": np.concatenate([[0], np.cumsum([len(one) for one in cells])]).astype(np.int64),
        }

    @property
    def has_seen_values(self) -> bool:
        """Whether any distribution is a list of values seen."""
        return EMPIRICAL in self.kinds


@dataclass(frozen=True)
class Names:
    """The places of everything that has a name."""

    steps: Mapping[str, int]
    pools: Mapping[str, int]
    streams: Mapping[str, int]
    outcomes: tuple[str, ...]
    attributes: Mapping[str, int]
    values: Mapping[str, Mapping[str, tuple[str, ...]]]

    def target(self, name: str) -> int:
        """The number of where a case goes: a step's index, or -1 - the place of an outcome."""
        return self.steps[name] if name in self.steps else -1 - self.outcomes.index(name)


def names_of(service: Service) -> Names:
    """The places of a service's steps, pools, streams and outcomes; closed is the first outcome, withdrawn the next."""
    attributes = dict.fromkeys(name for stream in service.streams.values() for name in stream.attributes)
    return Names(
        steps={name: place for place, name in enumerate(service.steps)},
        pools={name: place for place, name in enumerate(service.pools)},
        streams={name: place for place, name in enumerate(service.streams)},
        outcomes=service.all_outcomes,
        attributes={name: place for place, name in enumerate(attributes)},
        values={
            key: {name: tuple(shares) for name, shares in stream.attributes.items()}
            for key, stream in service.streams.items()
        },
    )


def stations_of(service: Service) -> tuple[tuple[str, str | None], ...]:
    """The queues of a service: each pool, with each skill that a step of it asks for, pools in their order."""
    asked: dict[str, dict[str | None, None]] = {name: {None: None} for name in service.pools}
    for step in service.steps.values():
        if step.pool is not None:
            asked[step.pool][step.skill] = None
    return tuple((pool, skill) for pool, skills in asked.items() for skill in skills)


class _Routes:
    """Lists of ways on, one after another."""

    def __init__(self, names: Names, draws: Draws) -> None:
        self.names, self.draws = names, draws
        self.at: list[int] = [0]
        self.to: list[int] = []
        self.below: list[int] = []
        self.delay: list[int] = []
        self.delay_kind: list[int] = []
        self.delay_pool: list[int] = []
        self.known: dict[Any, int] = {}

    def add(self, step: Step, ways: Mapping[str, float], service: Service, rule: Rule | None = None) -> int:
        """The number of the list; the same for the same ways."""
        key = tuple((name, share, step.delay_to(name, rule)) for name, share in ways.items())
        if key not in self.known:
            self.known[key] = self._new(step, ways, service, rule)
        return self.known[key]

    def _new(self, step: Step, ways: Mapping[str, float], service: Service, rule: Rule | None) -> int:
        reached = 0.0
        for name, share in ways.items():
            reached += share
            self.to.append(self.names.target(name))
            self.below.append(below(reached))
            delay = step.delay_to(name, rule)
            pool = service.steps[name].pool if name in service.steps else None
            self.delay_pool.append(self.names.pools[pool] if pool else 0)
            if delay is None:
                self.delay.append(-1)
                self.delay_kind.append(0)
            elif delay.working_days is not None:
                self.delay.append(round(delay.working_days))
                self.delay_kind.append(2)
            else:
                assert delay.minutes is not None
                self.delay.append(self.draws.table(delay.minutes))
                self.delay_kind.append(1 if delay.is_working_time else 0)
        self.at.append(len(self.to))
        return len(self.at) - 2

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """The lists one after another."""
        kinds = {"at": self.at, "to": self.to, "delay": self.delay, "delay_kind": self.delay_kind}
        kinds["delay_pool"] = self.delay_pool
        found = {f"route_{name}": np.array(listed, dtype=np.int64) for name, listed in kinds.items()}
        return {**found, "route_below": np.array(self.below, dtype=np.uint64)}


def pathway_tables(states: Sequence[Service], names: Names, draws: Draws) -> list[dict[str, npt.NDArray[Any]]]:
    """The fields of `millpond.simulation.kernel.MODEL` that tell of steps, for each way in which a service may stand.

    All of them point into the same lists of ways on and the same tables of draws. Beside them stands `has_sessions`:
    whether a step has sessions in any of the ways.
    """
    routes = _Routes(names, draws)
    repeats = np.array(_repeats(states), dtype=np.int64)
    # Where those go who lose patience is asked when they do, which may be on a day without patience.
    leaving = {name: one.to for state in states for name, step in state.steps.items() if (one := step.patience_limit)}
    # A session that is called stays one, also on a day without sessions.
    grouped = {name for state in states for name, step in state.steps.items() if step.group}
    found = [_of_state(state, names, draws, routes, leaving, grouped) for state in states]
    has_sessions = np.array([name in grouped for name in names.steps], dtype=np.bool_)
    shared = {**routes.arrays(), "step_repeats": repeats, "has_sessions": has_sessions}
    return [{**one, **shared} for one in found]


def _of_state(
    service: Service, names: Names, draws: Draws, routes: _Routes, leaving: Mapping[str, str], grouped: Set[str]
) -> dict[str, npt.NDArray[Any]]:
    steps = list(service.steps.values())
    stations = {station: place for place, station in enumerate(stations_of(service))}
    step_route = [routes.add(step, step.next or {"closed": 1.0}, service) for step in steps]
    rules: dict[str, list[int]] = {"stream": [], "urgent": [], "visits": [], "came": [], "route": []}
    rule_at, conditions_at, attributes, values = [0], [0], [], []
    for step in steps:
        for rule in step.rules:
            rules["stream"].append(-1 if rule.stream is None else names.streams[rule.stream])
            rules["urgent"].append(-1 if rule.urgent is None else int(rule.urgent))
            rules["visits"].append(rule.visits_at_least or 0)
            rules["came"].append(-1 if rule.came_from is None else names.steps[rule.came_from])
            rules["route"].append(routes.add(step, rule.next, service, rule))
            for name, value in rule.attributes.items():
                attributes.append(names.attributes[name])
                values.append(_value_number(names, name, value))
            conditions_at.append(len(attributes))
        rule_at.append(len(rules["stream"]))
    split_route = [routes.add(step, dict.fromkeys(step.all_of, 1.0), service) if step.all_of else -1 for step in steps]
    keys = name_keys(service.steps, STEP_BITS)
    patience = [step.patience_limit for step in steps]

    def ints(listed: Any) -> npt.NDArray[np.int64]:
        return np.array(listed, dtype=np.int64)

    return {
        "step_key": np.array([keys[name] << 32 for name in service.steps], dtype=np.uint64),
        "step_station": ints([-1 if step.pool is None else stations[step.pool, step.skill] for step in steps]),
        "step_pool": ints([-1 if step.pool is None else names.pools[step.pool] for step in steps]),
        "step_work": ints([draws.table(minutes) for step in steps for minutes in _minutes(service, step)]),
        "step_planned": ints([round((step.planned_minutes or 0) * MS_A_MINUTE) for step in steps]),
        "step_plain": ints(
            [
                step.pool is not None
                and step.people == 1
                and not step.missed
                and name not in grouped
                and service.pools[step.pool].caseload is None
                for name, step in service.steps.items()
            ]
        ),
        "step_route": ints(step_route),
        "rule_at": ints(rule_at),
        "rule_stream": ints(rules["stream"]),
        "rule_urgent": ints(rules["urgent"]),
        "rule_visits": ints(rules["visits"]),
        "rule_came": ints(rules["came"]),
        "rule_route": ints(rules["route"]),
        "rule_attribute_at": ints(conditions_at),
        "rule_attribute": ints(attributes),
        "rule_value": ints(values),
        "split_route": ints(split_route),
        "split_then": ints([names.target(step.then) if step.then else -1 for step in steps]),
        "patience": ints([-1 if limit is None else draws.table(limit.minutes) for limit in patience]),
        "patience_pool": ints(
            [
                names.pools[step.pool] if limit is not None and limit.is_working_time and step.pool else -1
                for step, limit in zip(steps, patience, strict=True)
            ]
        ),
        "patience_to": ints([names.target(leaving[name]) if name in leaving else -2 for name in service.steps]),
        "people": ints([step.people for step in steps]),
        "missed_below": np.array([below(step.missed) for step in steps], dtype=np.uint64),
        "missed_ms": ints(
            [-1 if step.missed_minutes is None else round(step.missed_minutes * MS_A_MINUTE) for step in steps]
        ),
        "missed_most": ints([step.missed_most for step in steps]),
        "group_size": ints([0 if step.group is None else step.group.size for step in steps]),
        "group_wait": ints([_group_wait(step) for step in steps]),
    }


def _minutes(service: Service, step: Step) -> list[float | Distribution]:
    """The minutes of work by class: each stream, not urgent and then urgent."""
    found = [step.minutes_of(stream, urgent) for stream in service.streams for urgent in (False, True)]
    return [0.0 if minutes is None else minutes for minutes in found]


def _group_wait(step: Step) -> int:
    longest = step.group.longest_wait_minutes if step.group else None
    return -1 if longest is None else round(longest * MS_A_MINUTE)


def _value_number(names: Names, attribute: str, value: str) -> int:
    """The number of an attribute's value, from 1; it is the same in every stream that has the attribute."""
    return value_numbers(names, attribute)[value]


def value_numbers(names: Names, attribute: str) -> dict[str, int]:
    """The number of every value of an attribute, from 1, in the order in which streams name them."""
    found = dict.fromkeys(value for of in names.values.values() for value in of.get(attribute, ()))
    return {value: place + 1 for place, value in enumerate(found)}


def _repeats(states: Sequence[Service]) -> list[int]:
    """For each step that a case may come to again a column of its own in the counts of visits; else -1."""
    service = states[0]
    following: dict[str, set[str]] = {name: set() for name in service.steps}
    again: set[str] = set()
    for name, step in ((name, step) for state in states for name, step in state.steps.items()):
        limit = step.patience_limit
        ways = [*(step.next or ()), *(to for rule in step.rules for to in rule.next), *step.all_of]
        ways += [step.then] if step.then else []
        ways += [limit.to] if limit else []
        following[name] |= {to for to in ways if to in service.steps}
        if step.missed or any(rule.visits_at_least for rule in step.rules):
            again.add(name)
    reach = {name: set(to) for name, to in following.items()}
    changed = True
    while changed:
        changed = False
        for known in reach.values():
            further = set().union(*(reach[to] for to in known)) if known else set()
            if not further <= known:
                known |= further
                changed = True
    # Two branches of a split may both come to a step.
    shared = {to for name, step in service.steps.items() if step.all_of for to in reach[name]}
    columns = [name for name in service.steps if name in reach[name] or name in again or name in shared]
    return [columns.index(name) if name in columns else -1 for name in service.steps]
