"""What a simulation hands back: frozen rows whose every figure carries its 95% interval and its replications.

The measures of pools and days mean what they mean for records (`millpond.measures`). Waits and lead times are of those
that began or ended within the days simulated.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import Any, ClassVar

import pyarrow as pa

from millpond.measures.results import Result
from millpond.simulation.figures import DAILY, POOL, TIMES, Figures, Group
from millpond.simulation.intervals import Estimate, Moments
from millpond.simulation.warm_up import WarmUp

_SHARES = ("within_target",)


@dataclass(frozen=True)
class Simulated(Result):
    """Rows of estimates.

    In `table`, in data frames and in CSV each estimate is three columns, such as ``backlog``, ``backlog_low`` and
    ``backlog_high``; ``replications`` says for the whole row how many replications it rests on.
    """

    row_type: ClassVar[type]

    def table(self) -> pa.Table:
        """The rows as an Arrow table, one column a field, and three for each estimate."""
        columns: dict[str, list[Any]] = {}
        for one in fields(self.row_type):
            name = one.name
            values = [getattr(row, name) for row in self.rows]
            columns[name] = [value.value if isinstance(value, Estimate) else value for value in values]
            if "Estimate" in str(one.type):
                for end in ("low", "high"):
                    columns[f"{name}_{end}"] = [None if value is None else getattr(value, end) for value in values]
        return pa.table(columns)

    def to_csv(self) -> str:
        """The rows as CSV text with a heading; what is unknown is blank."""
        text: str = self.to_pandas().to_csv(index=False, float_format="%.6f", lineterminator="\n")
        return text


@dataclass(frozen=True)
class SimulatedPoolRow:
    """One pool over the days that count: those after the warm-up, as long as new cases come.

    Attributes:
        pool: the pool's key in ``service.toml``.
        replications: how many replications the row rests on.
        demand: minutes of work a week that visits brought when they joined.
        capacity: minutes a week that the pool's own workers could give.
        activity: minutes of work done a week.
        withdrawn: minutes a week that fell away because the person left.
        backlog: the mean over the days of the minutes still to do at the end of the day.
        backlog_visits: the same in visits.
        backlog_at_end: minutes still to do at the end of the last day.
        utilisation: work done by the pool's own workers within their hours over its capacity; None without capacity.
        load: demand over capacity; None without capacity.
        overtime: minutes of work a week outside the hours.
        cost: what capacity and overtime of those days cost, in the service's currency; None where the pool has no cost.
    """

    pool: str
    replications: int
    demand: Estimate
    capacity: Estimate
    activity: Estimate
    withdrawn: Estimate
    backlog: Estimate
    backlog_visits: Estimate
    backlog_at_end: Estimate
    utilisation: Estimate | None
    load: Estimate | None
    overtime: Estimate
    cost: Estimate | None


@dataclass(frozen=True)
class SimulatedPools(Simulated):
    """Demand, capacity, activity, backlog, utilisation and cost of each pool."""

    rows: tuple[SimulatedPoolRow, ...]
    row_type: ClassVar[type] = SimulatedPoolRow


@dataclass(frozen=True)
class SimulatedDayRow:
    """One pool on one day, in minutes of work.

    Attributes:
        day: the day, ISO 8601.
        pool: the pool's key in ``service.toml``.
        replications: how many replications the row rests on.
        demand: visits that joined, times the minutes each needed.
        capacity: minutes that the pool's own workers could give.
        activity: minutes of work done.
        withdrawn: minutes that fell away because the person left.
        backlog: minutes still to do at the day's end.
        overtime: minutes of work outside the hours.
        demand_visits, activity_visits, withdrawn_visits, backlog_visits: the same four counted in visits.
    """

    day: str
    pool: str
    replications: int
    demand: Estimate
    capacity: Estimate
    activity: Estimate
    withdrawn: Estimate
    backlog: Estimate
    overtime: Estimate
    demand_visits: Estimate
    activity_visits: Estimate
    withdrawn_visits: Estimate
    backlog_visits: Estimate


@dataclass(frozen=True)
class SimulatedDays(Simulated):
    """The four measures of each pool and day, from the first day simulated to the last."""

    rows: tuple[SimulatedDayRow, ...]
    row_type: ClassVar[type] = SimulatedDayRow


@dataclass(frozen=True)
class SimulatedWaitRow:
    """The waits at one step, in minutes of elapsed time from joining to the start of the work.

    Attributes:
        step: the step's name.
        pool: the pool whose queue it is.
        stream: only cases of this stream; None for all.
        urgency: ``urgent`` or ``routine``; None for both.
        replications: how many replications the row rests on: those in which such a visit started.
        started: how many visits started in a replication.
        left: how many left before they started.
        mean: the mean wait of visits that started.
        median, p90, p95: the waits within which half, nine in ten and nineteen in twenty of them started.
        within_target: the share of them that started within the step's target wait; None where it has none.
    """

    step: str
    pool: str
    stream: str | None
    urgency: str | None
    replications: int
    started: Estimate | None
    left: Estimate | None
    mean: Estimate | None
    median: Estimate | None
    p90: Estimate | None
    p95: Estimate | None
    within_target: Estimate | None


@dataclass(frozen=True)
class SimulatedWaits(Simulated):
    """The waits at each step, of all cases and of each stream and urgency."""

    rows: tuple[SimulatedWaitRow, ...]
    row_type: ClassVar[type] = SimulatedWaitRow


@dataclass(frozen=True)
class SimulatedLeadTimeRow:
    """The lead times of some of the cases, in minutes of elapsed time from the first joining to the outcome.

    Attributes:
        stream: only cases of this stream; None for all.
        urgency: ``urgent`` or ``routine``; None for both.
        replications: how many replications the row rests on: those in which such a case ended.
        ended: how many cases ended in a replication, withdrawn ones with them.
        mean: the mean lead time of cases that ended.
        median, p90, p95: the times within which half, nine in ten and nineteen in twenty of them ended.
        within_target: the share of them that ended within the service's target; None where it has none.
    """

    stream: str | None
    urgency: str | None
    replications: int
    ended: Estimate | None
    mean: Estimate | None
    median: Estimate | None
    p90: Estimate | None
    p95: Estimate | None
    within_target: Estimate | None


@dataclass(frozen=True)
class SimulatedLeadTimes(Simulated):
    """The lead times of all cases and of each stream and urgency."""

    rows: tuple[SimulatedLeadTimeRow, ...]
    row_type: ClassVar[type] = SimulatedLeadTimeRow


@dataclass(frozen=True)
class OutcomeRow:
    """How many cases end in one way.

    Attributes:
        outcome: ``closed``, ``withdrawn`` or the service's own word.
        replications: how many replications the row rests on.
        cases: how many cases ended so in a replication, over all days simulated.
    """

    outcome: str
    replications: int
    cases: Estimate


@dataclass(frozen=True)
class SimulatedOutcomes(Simulated):
    """How cases end."""

    rows: tuple[OutcomeRow, ...]
    row_type: ClassVar[type] = OutcomeRow


@dataclass(frozen=True)
class ReplicationRow:
    """One figure in every replication.

    Attributes:
        quantity: the figure's name, as in the rows of pools, waits (``wait``) and lead times (``lead time``).
        pool: of which pool; None where it is of a step or of all.
        step: of which step; None where it is of a pool or of all.
        values: its value in each replication, in order; None where a replication has none.
    """

    quantity: str
    pool: str | None
    step: str | None
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class ByReplication(Result):
    """The figures of pools, and the mean waits and lead times of all cases, replication by replication."""

    rows: tuple[ReplicationRow, ...]
    row_type: ClassVar[type] = ReplicationRow


@dataclass(frozen=True, eq=False)
class Folded:
    """The running means of all replications, and of each the few figures that are kept.

    Attributes:
        moments: for each field of `Figures` its mean and spread.
        kept: for each replication the figures of pools, and the mean waits and lead times of all cases.
    """

    moments: dict[str, Moments]
    kept: list[tuple[Any, ...]]

    @classmethod
    def empty(cls, first: Figures) -> Folded:
        """Nothing folded yet, for figures of the shapes of these."""
        return cls({one.name: Moments(getattr(first, one.name).shape) for one in fields(Figures)}, [])

    def add(self, figures: Figures) -> None:
        """Folds in the next replication; its daily figures are not kept."""
        for name, moments in self.moments.items():
            moments.add(getattr(figures, name))
        mean = TIMES.index("mean")
        self.kept.append((figures.pools, figures.waits[:, 0, mean].copy(), figures.lead_times[0, mean]))


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
    _names: tuple[tuple[str, ...], tuple[tuple[str, str | None], ...], tuple[str, ...]] = field(repr=False)
    _groups: tuple[Group, ...] = field(repr=False)
    _day_labels: tuple[str, ...] = field(repr=False)

    @cached_property
    def pools(self) -> SimulatedPools:
        """Each pool over the days that count."""
        moments = self._folded.moments["pools"]
        rows = []
        for place, name in enumerate(self._names[0]):
            found = {of: moments.estimate(number, place, least=0.0) for number, of in enumerate(POOL)}
            rows.append(SimulatedPoolRow(pool=name, replications=self.replications, **found))  # type: ignore[arg-type]
        return SimulatedPools(tuple(rows), self.notes)

    @cached_property
    def by_day(self) -> SimulatedDays:
        """Each pool on each day; days of the drain are the last."""
        moments = self._folded.moments["daily"]
        rows = []
        for place, name in enumerate(self._names[0]):
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
        for place, (step, pool) in enumerate(self._names[1]):
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
        found = [(name, moments.estimate(place, least=0.0)) for place, name in enumerate(self._names[2])]
        rows = tuple(OutcomeRow(name, self.replications, cases) for name, cases in found if cases is not None)
        return SimulatedOutcomes(rows, self.notes)

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
            for place, pool in enumerate(self._names[0])
            for number, quantity in enumerate(POOL)
        ]
        rows += [
            ReplicationRow("wait", None, step, _known(one[1][place] for one in kept))
            for place, (step, pool) in enumerate(self._names[1])
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
        parts = ("pools", "waits", "lead_times", "outcomes", "by_day", "by_replication")
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
