"""What a service is: frozen, validated values, and service.toml in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from millpond.model.calendars import Calendar
from millpond.model.changes import PoolPlan, StepPlan, StreamPlan
from millpond.model.charts import ChartRules, Rebase, WatchedChart
from millpond.model.distributions import (
    Distribution,
    Empirical,
    Exponential,
    Fixed,
    Gamma,
    LogNormal,
    Triangular,
    Uniform,
    Weibull,
    WeibullShape,
)
from millpond.model.duration import Targets, TargetWait
from millpond.model.mapping import RecordsMapping
from millpond.model.people import Organisation, Pool, StaffingChange, Worker
from millpond.model.plans import Plan
from millpond.model.policies import Policy
from millpond.model.promised import Promised
from millpond.model.routing import Rule
from millpond.model.school_holidays import SchoolHoliday
from millpond.model.service import Service, label_of
from millpond.model.steps import Step
from millpond.model.streams import Stream
from millpond.model.toml import dump_service, load_service, parse_service
from millpond.model.values import FrozenMapping, Value
from millpond.model.waiting import Delay, GroupSession, Patience

if TYPE_CHECKING:
    from millpond.model.schema import service_schema

__all__ = [
    "Calendar",
    "ChartRules",
    "Delay",
    "Distribution",
    "Empirical",
    "Exponential",
    "Fixed",
    "FrozenMapping",
    "Gamma",
    "GroupSession",
    "LogNormal",
    "Organisation",
    "Patience",
    "Plan",
    "Policy",
    "Pool",
    "PoolPlan",
    "Promised",
    "Rebase",
    "RecordsMapping",
    "Rule",
    "SchoolHoliday",
    "Service",
    "StaffingChange",
    "Step",
    "StepPlan",
    "Stream",
    "StreamPlan",
    "TargetWait",
    "Targets",
    "Triangular",
    "Uniform",
    "Value",
    "WatchedChart",
    "Weibull",
    "WeibullShape",
    "Worker",
    "dump_service",
    "label_of",
    "load_service",
    "parse_service",
    "service_schema",
]


def __getattr__(name: str) -> Any:
    # Imported on first use, because its module is also a program (python -m millpond.model.schema).
    if name == "service_schema":
        from millpond.model.schema import service_schema

        return service_schema
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
