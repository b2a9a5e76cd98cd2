"""The rows of a simulation's results: frozen values whose every figure is an estimate.

The measures of pools and days mean what they mean for records (`millpond.measures`). Waits and lead times are of those
that began or ended within the days simulated.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

import pyarrow as pa

from millpond.measures.results import Result
from millpond.simulation.intervals import Estimate


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
class SimulatedPolicyRow:
    """What a policy does over the days that count.

    Attributes:
        policy: the policy's key in ``service.toml``.
        pool: the pool to which it calls workers.
        replications: how many replications the row rests on.
        days: on how many days somebody called by it was in.
        capacity: the minutes that those could give, which are part of the pool's capacity.
        cost: what they cost, which is part of the pool's cost; None where neither policy nor pool has a price.
    """

    policy: str
    pool: str
    replications: int
    days: Estimate
    capacity: Estimate
    cost: Estimate | None


@dataclass(frozen=True)
class SimulatedPolicies(Simulated):
    """How often each policy calls workers in, and what that costs."""

    rows: tuple[SimulatedPolicyRow, ...]
    row_type: ClassVar[type] = SimulatedPolicyRow


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
