"""What a comparison of plans hands back: a row for each plan, and for each plan with each pool, payer and event."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from millpond.simulation.intervals import Estimate
from millpond.simulation.rows import Simulated


@dataclass(frozen=True)
class PlanRow:
    """One plan, or several together, against doing nothing. Changes are paired: the same replications, the same luck.

    Attributes:
        plan: the plan's key in ``service.toml``, several joined by ``+``, or ``nothing``.
        label: what people call it.
        replications: how many replications the row rests on.
        backlog: the mean over all days and pools of the minutes still to do at the end of the day.
        backlog_change: by how much it differs from doing nothing; None for doing nothing.
        backlog_at_end: minutes still to do at the end of the last day.
        wait: the mean wait of all visits that started, in minutes of elapsed time; None where nobody ever starts.
        wait_change: the difference of it.
        lead_time: the mean time of cases that ended from coming to the outcome, in minutes, without those diverted.
        lead_time_change: the difference of it.
        kept: the share of the replications in which the promise is kept on every day; None without a promise.
        kept_change: the difference of it.
        overtime: minutes of work a week outside the hours.
        cost: what it all costs, staff and plan, in the service's currency; None where an hour has no price.
        cost_change: the difference of it.
        present_cost_change: the same discounted to the first year, where the days are more than a year; else None.
        cost_per_backlog_minute: the change in cost for each minute by which the mean backlog is smaller; None where it
            is not smaller beyond doubt, and where the plan costs no more than doing nothing.
        dominated_by: another plan that costs no more and leaves no larger backlog, and is better in one of the two, on
            average; None where there is none.
        could_be_best: whether it is in the smallest set that holds the best plan with 95% certainty.
    """

    plan: str
    label: str
    replications: int
    backlog: Estimate
    backlog_change: Estimate | None
    backlog_at_end: Estimate
    wait: Estimate | None
    wait_change: Estimate | None
    lead_time: Estimate | None
    lead_time_change: Estimate | None
    kept: Estimate | None
    kept_change: Estimate | None
    overtime: Estimate
    cost: Estimate | None
    cost_change: Estimate | None
    present_cost_change: Estimate | None
    cost_per_backlog_minute: Estimate | None
    dominated_by: str | None
    could_be_best: bool


@dataclass(frozen=True)
class PlanRows(Simulated):
    """Every plan against doing nothing."""

    rows: tuple[PlanRow, ...]
    row_type: ClassVar[type] = PlanRow


@dataclass(frozen=True)
class PlanPoolRow:
    """What a plan makes of one pool, that of a lender too.

    Attributes:
        plan: the plan.
        pool: the pool's key in ``service.toml``.
        replications: how many replications the row rests on.
        capacity: minutes a week that its workers could give, with those called in and without those lent.
        capacity_change: by how much that differs from doing nothing; None for doing nothing.
        backlog: the mean over the days of the minutes still to do at the end of the day.
        backlog_change: the difference of it.
        utilisation: work done by the pool's workers within their hours over its capacity; None without capacity.
    """

    plan: str
    pool: str
    replications: int
    capacity: Estimate
    capacity_change: Estimate | None
    backlog: Estimate
    backlog_change: Estimate | None
    utilisation: Estimate | None


@dataclass(frozen=True)
class PlanPools(Simulated):
    """What each plan makes of each pool."""

    rows: tuple[PlanPoolRow, ...]
    row_type: ClassVar[type] = PlanPoolRow


@dataclass(frozen=True)
class PlanOrganisationRow:
    """What a plan costs an organisation, and what it gains: less backlog and waiting in its pools and for its cases.

    Attributes:
        plan: the plan.
        organisation: the organisation's key in ``service.toml``; None for what nobody is named to pay.
        replications: how many replications the row rests on.
        cost: what it pays; None where an hour has no price.
        cost_change: by how much that differs from doing nothing; None for doing nothing.
        backlog: the mean backlog of its pools, minutes; None where it has no pool.
        backlog_change: the difference of it.
        wait: the mean wait of visits to its pools that started, minutes; None where there is none.
        wait_change: the difference of it.
        lead_time: the mean lead time of ended cases of its streams, minutes; None where it has no stream.
        lead_time_change: the difference of it.
    """

    plan: str
    organisation: str | None
    replications: int
    cost: Estimate | None
    cost_change: Estimate | None
    backlog: Estimate | None
    backlog_change: Estimate | None
    wait: Estimate | None
    wait_change: Estimate | None
    lead_time: Estimate | None
    lead_time_change: Estimate | None


@dataclass(frozen=True)
class PlanOrganisations(Simulated):
    """Who pays for each plan and who gains."""

    rows: tuple[PlanOrganisationRow, ...]
    row_type: ClassVar[type] = PlanOrganisationRow


@dataclass(frozen=True)
class PlanEventRow:
    """How likely a problem event of a pool is with a plan.

    Attributes:
        plan: the plan.
        pool: the pool.
        event: ``demand at least twice capacity``, or ``backlog above the line``.
        line: the line in minutes; None where the event has none.
        replications: how many replications the row rests on.
        days: on how many working days it happens.
        days_change: by how much that differs from doing nothing; None for doing nothing.
        probability: the share of the replications in which it happens at all, with Wilson's interval.
    """

    plan: str
    pool: str
    event: str
    line: float | None
    replications: int
    days: Estimate
    days_change: Estimate | None
    probability: Estimate


@dataclass(frozen=True)
class PlanEvents(Simulated):
    """How likely the problem events are with each plan."""

    rows: tuple[PlanEventRow, ...]
    row_type: ClassVar[type] = PlanEventRow


@dataclass(frozen=True)
class Comparison:
    """Plans compared under the same luck.

    Attributes:
        service: the service's name.
        first_day: the first day simulated, ISO 8601.
        days: for how many days.
        start: ``records`` where the visits that they leave open were carried over, else ``empty``.
        seed: of the random draws.
        replications: how often the days were simulated, for each plan.
        currency: of costs.
        target: the promise in words; None without one.
        risk: the share of replications that may break it.
        by: by what the best plan is judged: ``cost``, ``backlog``, ``wait`` or ``lead time``; the least is best.
        rates: what present values are discounted by.
        plans: a row for each plan, doing nothing first.
        pools: each plan and pool.
        organisations: each plan and payer.
        events: each plan, pool and problem event.
        notes: sentences that a reader of the figures must have.
    """

    service: str
    first_day: str
    days: int
    start: str
    seed: int
    replications: int
    currency: str
    target: str | None
    risk: float
    by: str
    rates: str
    plans: PlanRows
    pools: PlanPools
    organisations: PlanOrganisations
    events: PlanEvents
    notes: tuple[str, ...]

    def plan(self, name: str) -> PlanRow:
        """The row of a plan."""
        return next(row for row in self.plans.rows if row.plan == name)

    @property
    def could_be_best(self) -> tuple[str, ...]:
        """The smallest set of plans that holds the best with 95% certainty."""
        return tuple(row.plan for row in self.plans.rows if row.could_be_best)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, ready for JSON."""
        parts = ("plans", "pools", "organisations", "events")
        head = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in (*parts, "notes")}
        rows = {part: [asdict(row) for row in getattr(self, part).rows] for part in parts}
        return {**head, "could_be_best": list(self.could_be_best), **rows, "notes": list(self.notes)}

    def _repr_html_(self) -> str:
        return self.plans._repr_html_()
