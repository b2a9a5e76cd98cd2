"""What a simulation hands back: the means over replications, read out as rows when they are asked for."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import Any

import numpy as np

from millpond.simulation.figures import DAILY, POLICY, POOL, TIMES, Figures, Group
from millpond.simulation.intervals import Estimate, Moments
from millpond.simulation.rows import (
    ByReplication,
    OutcomeRow,
    ReplicationRow,
    SimulatedDayRow,
    SimulatedDays,
    SimulatedLeadTimeRow,
    SimulatedLeadTimes,
    SimulatedOutcomes,
    SimulatedPolicies,
    SimulatedPolicyRow,
    SimulatedPoolRow,
    SimulatedPools,
    SimulatedWaitRow,
    SimulatedWaits,
)
from millpond.simulation.warm_up import WarmUp

_SHARES = ("within_target",)


@dataclass(frozen=True, eq=False)
class Folded:
    """The running means of all replications, and of each the few figures that are kept.

    Attributes:
        shapes: of each field of `Figures`.
        total: mean and spread of all figures, one field after another: one pass over them is quicker than nine.
        kept: for each replication the figures of pools, and the mean waits and lead times of all cases.
    """

    shapes: dict[str, tuple[int, ...]]
    total: Moments
    kept: list[tuple[Any, ...]]

    @classmethod
    def empty(cls, first: Figures) -> Folded:
        """Nothing folded yet, for figures of the shapes of these."""
        shapes = {one.name: getattr(first, one.name).shape for one in fields(Figures)}
        return cls(shapes, Moments((sum(math.prod(shape) for shape in shapes.values()),)), [])

    def add(self, figures: Figures) -> None:
        """Folds in the next replication; its daily figures are not kept."""
        self.total.add(np.concatenate([getattr(figures, name).ravel() for name in self.shapes]))
        mean = TIMES.index("mean")
        self.kept.append((figures.pools, figures.waits[:, 0, mean].copy(), figures.lead_times[0, mean]))

    @property
    def moments(self) -> dict[str, Moments]:
        """For each field of `Figures` its mean and spread."""
        ends = np.cumsum([math.prod(shape) for shape in self.shapes.values()])
        return {
            name: self.total.part(slice(end - math.prod(shape), end), shape)
            for end, (name, shape) in zip(ends.tolist(), self.shapes.items(), strict=True)
        }


@dataclass(frozen=True)
class Named:
    """The names of what figures are of, in the order of their axes.

    Attributes:
        pools: of pools.
        steps: of steps, each with its pool.
        outcomes: of outcomes.
        policies: of policies, each with its pool.
    """

    pools: tuple[str, ...]
    steps: tuple[tuple[str, str | None], ...]
    outcomes: tuple[str, ...]
    policies: tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False)
class Simulation:
    """What a service does in many replications of the same days.

    Attributes:
        service: the service's name.
        first_day: the first day simulated, ISO 8601.
        days: for how many days new cases come.
        start: ``records`` where the visits that they leave open were carried over, else ``empty``.
        warm_up_days: how many of them, at the start, are left out of waits, lead times and the figures of pools.
        drain_days: how many days more are simulated, in which no new cases come.
        seed: of the random draws.
        replications: how often the days were simulated.
        precision: the relative precision that was asked for; None where the number of replications was.
        currency: of costs.
        warm_up: how many days it takes to fill up from empty; None where it did not start empty.
        notes: sentences that a reader of the figures must have.
    """

    service: str
    first_day: str
    days: int
    start: str
    warm_up_days: int
    drain_days: int
    seed: int
    replications: int
    precision: float | None
    currency: str
    warm_up: WarmUp | None
    notes: tuple[str, ...]
    _folded: Folded = field(repr=False)
    _names: Named = field(repr=False)
    _groups: tuple[Group, ...] = field(repr=False)
    _day_labels: tuple[str, ...] = field(repr=False)

    @cached_property
    def pools(self) -> SimulatedPools:
        """Each pool over the days that count."""
        moments = self._folded.moments["pools"]
        rows = []
        for place, name in enumerate(self._names.pools):
            found = {of: moments.estimate(number, place, least=0.0) for number, of in enumerate(POOL)}
            rows.append(SimulatedPoolRow(pool=name, replications=self.replications, **found))  # type: ignore[arg-type]
        return SimulatedPools(tuple(rows), self.notes)

    @cached_property
    def by_day(self) -> SimulatedDays:
        """Each pool on each day; days of the drain are the last."""
        moments = self._folded.moments["daily"]
        rows = []
        for place, name in enumerate(self._names.pools):
            for index, day in enumerate(self._day_labels):
                found = {of: moments.estimate(number, place, index, least=0.0) for number, of in enumerate(DAILY)}
                rows.append(
                    SimulatedDayRow(day=day, pool=name, replications=self.replications, **found)  # type: ignore[arg-type]
                )
        return SimulatedDays(tuple(rows), self.notes)

    @cached_property
    def waits(self) -> SimulatedWaits:
        """The waits at each step that has a queue."""
        moments = self._folded.moments["waits"]
        rows = []
        for place, (step, pool) in enumerate(self._names.steps):
            if pool is None:
                continue
            for number, group in enumerate(self._groups):
                found = _times(moments, place, number)
                found["started"] = found.pop("number")
                urgency, resting = _urgency(group), _resting(found)
                rows.append(SimulatedWaitRow(step, pool, group.stream, urgency, resting, **found))
        return SimulatedWaits(tuple(rows), self.notes)

    @cached_property
    def lead_times(self) -> SimulatedLeadTimes:
        """The lead times of cases that ended."""
        moments = self._folded.moments["lead_times"]
        rows = []
        for number, group in enumerate(self._groups):
            found = _times(moments, number)
            found["ended"] = found.pop("number")
            del found["left"]
            rows.append(SimulatedLeadTimeRow(group.stream, _urgency(group), _resting(found), **found))
        return SimulatedLeadTimes(tuple(rows), self.notes)

    @cached_property
    def outcomes(self) -> SimulatedOutcomes:
        """How cases ended, over all days simulated."""
        moments = self._folded.moments["outcomes"]
        found = [(name, moments.estimate(place, least=0.0)) for place, name in enumerate(self._names.outcomes)]
        rows = tuple(OutcomeRow(name, self.replications, cases) for name, cases in found if cases is not None)
        return SimulatedOutcomes(rows, self.notes)

    @cached_property
    def policies(self) -> SimulatedPolicies:
        """Each policy over the days that count."""
        moments = self._folded.moments["policies"]
        rows = []
        for place, (name, pool) in enumerate(self._names.policies):
            found = {of: moments.estimate(place, number, least=0.0) for number, of in enumerate(POLICY)}
            rows.append(SimulatedPolicyRow(name, pool, self.replications, **found))  # type: ignore[arg-type]
        return SimulatedPolicies(tuple(rows), self.notes)

    @property
    def cost(self) -> Estimate | None:
        """What the capacity and overtime of all pools cost over the days that count; None where a pool has no cost."""
        return self._folded.moments["cost"].estimate(0)

    @cached_property
    def by_replication(self) -> ByReplication:
        """The figures of pools, and mean waits and lead times, of each replication by itself."""
        kept = self._folded.kept
        rows = [
            ReplicationRow(quantity, pool, None, _known(one[0][number, place] for one in kept))
            for place, pool in enumerate(self._names.pools)
            for number, quantity in enumerate(POOL)
        ]
        rows += [
            ReplicationRow("wait", None, step, _known(one[1][place] for one in kept))
            for place, (step, pool) in enumerate(self._names.steps)
            if pool is not None
        ]
        rows.append(ReplicationRow("lead time", None, None, _known(one[2] for one in kept)))
        return ByReplication(tuple(rows), self.notes)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, ready for JSON."""
        plain = {
            one.name: getattr(self, one.name)
            for one in fields(self)
            if not one.name.startswith("_") and one.name not in ("warm_up", "notes")
        }
        parts = ("pools", "waits", "lead_times", "outcomes", "policies", "by_day", "by_replication")
        return {
            **plain,
            "cost": None if self.cost is None else asdict(self.cost),
            "warm_up": None if self.warm_up is None else asdict(self.warm_up),
            **{name: getattr(self, name).to_dict()["rows"] for name in parts},
            "notes": list(self.notes),
        }

    def _repr_html_(self) -> str:
        return self.pools._repr_html_()


def _urgency(group: Group) -> str | None:
    return None if group.urgent is None else "urgent" if group.urgent else "routine"


def _times(moments: Moments, *place: int) -> dict[str, Any]:
    return {
        name: moments.estimate(*place, number, least=0.0, most=1.0 if name in _SHARES else float("inf"))
        for number, name in enumerate(TIMES)
    }


def _resting(found: dict[str, Any]) -> int:
    mean: Estimate | None = found["mean"]
    return 0 if mean is None else mean.replications


def _known(values: Any) -> tuple[float | None, ...]:
    return tuple(None if value != value else float(value) for value in values)
