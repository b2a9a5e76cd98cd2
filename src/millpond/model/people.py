"""Who does the work: organisations, pools of staff, named workers, and staffing that changes over time."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from millpond.errors import Fault
from millpond.model.spelling import shown
from millpond.model.values import (
    Amount,
    Count,
    FrozenMapping,
    Many,
    Minutes,
    Name,
    Named,
    Share,
    Text,
    Value,
    refusal,
)

MinutesADay = Annotated[float, Field(ge=0, le=24 * 60)]
Caseload = Annotated[int, Field(ge=1, le=100_000)]
Order = Literal["first come", "due date", "shortest", "longest in service"]


class Organisation(Value):
    """Somebody who pays for staff, or gains from what they do."""

    label: Text | None = Field(
        default=None, description="What people call it; left out, its name.", examples=["Northshire Advocacy"]
    )
    budget: Named[Amount] = Field(
        default_factory=FrozenMapping,
        description="What it can spend on its pools in each year, in the currency: a year such as 2026, or a financial "
        "year from April on such as 2026-27.",
        examples=[{"2026": 185000}],
    )

    @field_validator("budget")
    @classmethod
    def _years(cls, budget: FrozenMapping[str, float]) -> FrozenMapping[str, float]:
        for year in budget:
            found = re.fullmatch(r"(\d{4})(?:-(\d{2}))?", year)
            if found is None or (found[2] and int(found[2]) != (int(found[1]) + 1) % 100):
                raise refusal(
                    f"has the year {shown(year)}, which is none",
                    "Write a year such as 2026, or a financial year from April on such as 2026-27.",
                )
        return budget

    def budget_on(self, day: dt.date) -> float | None:
        """The part of the year's budget that falls to a day; None where no year with a budget has the day."""
        for year, amount in self.budget.items():
            month = 4 if "-" in year else 1
            first, last = dt.date(int(year[:4]), month, 1), dt.date(int(year[:4]) + 1, month, 1)
            if first <= day < last:
                return amount / (last - first).days
        return None


class StaffingChange(Value):
    """What is different about a pool from one day on. What is left out stays as it was."""

    date: dt.date = Field(description="The first day on which it holds.", examples=[dt.date(2025, 9, 1)])
    workers: Count | None = Field(default=None, description="How many work in the pool from then on.", examples=[3])
    minutes_per_day: MinutesADay | None = Field(
        default=None,
        description="Direct minutes each can give on a working day from then on.",
        examples=[240],
    )
    calendar: Name | None = Field(
        default=None, description="The calendar that the pool keeps from then on.", examples=["office"]
    )
    cost_per_hour: Amount | None = Field(
        default=None, description="What an hour of one worker costs from then on.", examples=[23.50]
    )

    @model_validator(mode="after")
    def _says_something(self) -> StaffingChange:
        if (self.workers, self.minutes_per_day, self.calendar, self.cost_per_hour) == (None,) * 4:
            raise refusal(
                "has a date but does not say what changes",
                "Add workers, minutes_per_day, calendar or cost_per_hour, or take it away.",
            )
        return self


class Pool(Value):
    """Workers who do the same work and can stand in for each other."""

    label: Text | None = Field(
        default=None,
        description="What people call it; left out, its name.",
        examples=["Independent domestic violence advisers"],
    )
    organisation: Name | None = Field(
        default=None, description="Who pays for it: a name under [organisations].", examples=["charity"]
    )
    calendar: Name | None = Field(
        default=None,
        description="When it works: a name under [calendars]. Left out, the service's only calendar, or "
        "where it has none, Mon-Fri 09:00-17:00.",
        examples=["office"],
    )
    workers: Count | None = Field(
        default=None,
        description="How many work in it, in whole-time places; left out, the number of its named workers.",
        examples=[2],
    )
    minutes_per_day: MinutesADay | None = Field(
        default=None,
        description="Direct minutes that each worker can give on a working day; left out, the whole shift.",
        examples=[240],
    )
    cost_per_hour: Amount | None = Field(
        default=None, description="What an hour of one worker costs, in the currency.", examples=[22.50]
    )
    skills: Many[Name] = Field(default=(), description="What its workers can do.", examples=[["advocacy"]])
    opening_backlog: Minutes = Field(
        default=0,
        description="Work already waiting before the first record, in minutes.",
        examples=[1200],
    )
    opening_backlog_visits: Count | None = Field(
        default=None, description="Visits already waiting before the first record.", examples=[20]
    )
    order: Order = Field(
        default="first come",
        description="Which waiting visit of equal priority and urgency goes first: first come, due date, shortest or "
        "longest in service.",
        examples=["due date"],
    )
    urgent_preempts: bool = Field(
        default=False,
        description="Whether an urgent visit that finds nobody free interrupts one that is not urgent.",
        examples=[True],
    )
    caseload: Caseload | None = Field(
        default=None,
        description="The most open cases that each worker holds: a case stays with the worker who began it. Left "
        "out, cases belong to no single worker.",
        examples=[25],
    )
    at_closing: Literal["suspend", "finish"] = Field(
        default="suspend",
        description="What happens to a visit that is under way when its worker's day ends: suspend until the next "
        "opening, or finish in overtime.",
        examples=["finish"],
    )
    overtime_cost_per_hour: Amount | None = Field(
        default=None, description="What an hour of overtime costs; left out, as cost_per_hour.", examples=[33.75]
    )
    absence: Share = Field(
        default=0,
        description="The share of working days on which a worker is away without notice.",
        examples=[0.04],
    )
    changes: Many[StaffingChange] = Field(
        default=(),
        validation_alias="from",
        serialization_alias="from",
        description="Changes of staffing, each from a date on, so that a change does not rewrite history.",
    )

    @field_validator("changes")
    @classmethod
    def _one_a_day(cls, changes: tuple[StaffingChange, ...]) -> tuple[StaffingChange, ...]:
        dates = sorted(change.date for change in changes)
        twice = sorted({day for day, following in pairwise(dates) if day == following})
        if twice:
            raise refusal(
                f"has two changes from {twice[0]}",
                "Put everything that changes on that day into one of them, and take the other away.",
            )
        return tuple(sorted(changes, key=lambda change: change.date))

    @model_validator(mode="after")
    def _preempts_alone(self) -> Pool:
        if self.urgent_preempts:
            # What is interrupted goes back to the front of its queue, whoever goes on with it: with another order
            # or with cases that belong to one worker there is no such place.
            faults = []
            if self.order != "first come":
                cure = 'Take urgent_preempts away, or write order = "first come".'
                faults.append(Fault("order", f'is "{self.order}" together with urgent_preempts', cure))
            if self.caseload is not None:
                cure = "Take one of the two away."
                faults.append(Fault("caseload", "is given together with urgent_preempts", cure))
            if faults:
                raise refusal("has keys that do not go together", "Keep one of them.", tuple(faults))
        return self

    def on(self, day: dt.date) -> Pool:
        """The pool as staffed on that local day: changes up to and on the day are made, none is left."""
        fields: dict[str, object] = {}
        for change in self.changes:
            if change.date <= day:
                stated = {
                    "workers": change.workers,
                    "minutes_per_day": change.minutes_per_day,
                    "calendar": change.calendar,
                    "cost_per_hour": change.cost_per_hour,
                }
                fields |= {name: value for name, value in stated.items() if value is not None}
        return self.changed(changes=(), **fields)


class Worker(Value):
    """A named worker, at home in one pool."""

    pool: Name = Field(description="The worker's home: a name under [pools].", examples=["advocates"])
    label: Text | None = Field(
        default=None, description="What people call the worker; left out, the name.", examples=["Sam"]
    )
    calendar: Name | None = Field(
        default=None, description="When the worker works; left out, as the pool.", examples=["part_time"]
    )
    minutes_per_day: MinutesADay | None = Field(
        default=None, description="Direct minutes on a working day; left out, as the pool.", examples=[180]
    )
    skills: Many[Name] = Field(
        default=(), description="What the worker can do beyond the pool's skills.", examples=[["Polish"]]
    )
    caseload: Caseload | None = Field(
        default=None, description="The most open cases that the worker holds; left out, as the pool.", examples=[15]
    )
    absence: Share | None = Field(
        default=None,
        description="The share of working days on which the worker is away without notice; left out, as the pool.",
        examples=[0.1],
    )
    also: Many[Name] = Field(
        default=(),
        description="Pools in which the worker helps, in this order, when there is nothing to do at home.",
        examples=[["coordinators"]],
    )
    starts: dt.date | None = Field(
        default=None,
        description="The first day in the job; left out, always there.",
        examples=[dt.date(2025, 4, 1)],
    )
    leaves: dt.date | None = Field(
        default=None,
        description="The first day no longer there; left out, stays.",
        examples=[dt.date(2026, 4, 1)],
    )

    @field_validator("also")
    @classmethod
    def _elsewhere(cls, pools: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if len(set(pools)) != len(pools):
            raise refusal("has a pool twice", "Name each pool once.")
        if info.data.get("pool") in pools:
            raise refusal("has the worker's home pool", "Take it out; name the other pools in which the worker helps.")
        return pools

    @field_validator("leaves")
    @classmethod
    def _after_starting(cls, leaves: dt.date | None, info: ValidationInfo) -> dt.date | None:
        starts = info.data.get("starts")
        if leaves is not None and starts is not None and leaves <= starts:
            raise refusal(
                f"is {leaves}, which is not after the worker starts on {starts}",
                "Correct one of the two; leaves is the first day on which the worker is no longer there.",
            )
        return leaves

    def is_here(self, day: dt.date) -> bool:
        """Whether the worker is in the job on that local day, at work or not."""
        return (self.starts is None or self.starts <= day) and (self.leaves is None or day < self.leaves)
