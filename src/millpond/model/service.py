"""A whole service: its pathway, its people, its calendars, and how its records are to be read.

The service knows what its parts mean together (whose calendar a pool keeps, who is there on a day). It has no
verbs: measuring and simulating are done to it elsewhere.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, Any, Protocol
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, field_validator, model_validator

from millpond.errors import Fault, WrongUse
from millpond.model.calendars import ASSUMED_CALENDAR, ASSUMED_HOURS, Calendar
from millpond.model.charts import ChartRules, WatchedChart
from millpond.model.duration import Targets
from millpond.model.mapping import RecordsMapping
from millpond.model.nearest import nearest
from millpond.model.people import Organisation, Pool, Worker
from millpond.model.planned import plan_faults
from millpond.model.plans import Plan
from millpond.model.policies import Policy
from millpond.model.promised import Promised
from millpond.model.references import CLOSED, WITHDRAWN, reference_faults
from millpond.model.regions import Zone, checked_holidays, region_parts
from millpond.model.school_holidays import SchoolHoliday
from millpond.model.spelling import key_path, shown
from millpond.model.steps import Step
from millpond.model.streams import Stream
from millpond.model.values import FrozenMapping, Many, Name, Named, Value, plain, refusal


def _none_of_none(holidays: object) -> object:
    return None if holidays == [] or holidays == () else holidays


class Service(Value):
    """What a service is, as service.toml describes it."""

    name: Name = Field(description="What the service is called.", examples=["Northshire victim support"])
    timezone: Zone = Field(
        default="Europe/London",
        description="The zone of its clocks, by its name in the time zone database.",
        examples=["Europe/London"],
    )
    holidays: Annotated[str | None, BeforeValidator(_none_of_none, json_schema_input_type=str | list[str])] = Field(
        default=None,
        description="Whose public holidays it keeps: a country and, after a hyphen, its part, as the "
        "holidays library names them. Left out or [], none.",
        examples=["GB-ENG"],
    )
    extra_closures: Many[dt.date] = Field(
        default=(),
        description="Further days on which the whole service is closed.",
        examples=[[dt.date(2025, 12, 24)]],
    )
    school_holidays: Many[SchoolHoliday] = Field(
        default=(),
        description="When schools are closed: each with its first and its last day. Only seasonality and forecasts "
        "look at them; nothing closes.",
        examples=[[SchoolHoliday(first=dt.date(2025, 7, 23), last=dt.date(2025, 9, 2))]],
    )
    currency: str = Field(default="GBP", description="The currency of costs, in three letters.", examples=["GBP"])
    outcomes: Many[Name] = Field(
        default=(),
        description="Ways in which a case may end, besides closed and withdrawn.",
        examples=[["referred on"]],
    )
    withdrawn_outcomes: Many[Name] = Field(
        default=(WITHDRAWN,),
        description="The outcomes with which the work still to do for a case falls away.",
        examples=[["withdrawn"]],
    )
    suppress_below: int = Field(
        default=5,
        ge=0,
        le=1_000_000,
        description="Counts of people from 1 to below this are hidden in figures for sharing; 0 hides none.",
        examples=[5],
    )
    calendars: Named[Calendar] = Field(default_factory=FrozenMapping, description="Opening hours, by name.")
    organisations: Named[Organisation] = Field(
        default_factory=FrozenMapping, description="Who pays and gains, by name."
    )
    pools: Named[Pool] = Field(
        default_factory=FrozenMapping, description="Staff who can stand in for each other, by name."
    )
    workers: Named[Worker] = Field(
        default_factory=FrozenMapping, description="Named workers, by their id in the records."
    )
    streams: Named[Stream] = Field(default_factory=FrozenMapping, description="Where new cases come from, by name.")
    steps: Named[Step] = Field(
        default_factory=FrozenMapping, description="Where work is done, by name as in the records."
    )
    policies: Named[Policy] = Field(
        default_factory=FrozenMapping, description="Extra workers who come when a pool's figures pass a line, by name."
    )
    plans: Named[Plan] = Field(
        default_factory=FrozenMapping,
        description="Changes that are to be compared before anybody pays for them, by name.",
    )
    charts: Many[WatchedChart] = Field(default=(), description="Control charts that the service keeps an eye on.")
    chart_rules: ChartRules = Field(default_factory=ChartRules, description="How control charts are read.")
    targets: Targets = Field(default_factory=Targets, description="What the service means to keep to.")
    promise: Promised | None = Field(default=None, description="What the service promises about every day's end.")
    records: RecordsMapping | None = Field(default=None, description="How files that come in are to be read.")

    @field_validator("holidays")
    @classmethod
    def _known_holidays(cls, region: str | None) -> str | None:
        return None if region is None else checked_holidays(region)

    @field_validator("currency")
    @classmethod
    def _three_letters(cls, currency: str) -> str:
        if not re.fullmatch("[A-Z]{3}", currency):
            raise refusal(f"is {shown(currency)}, which is not a currency", 'Write its three letters, such as "GBP".')
        return currency

    @field_validator("outcomes", "withdrawn_outcomes")
    @classmethod
    def _once_each(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        twice = [name for position, name in enumerate(names) if name in names[:position]]
        if twice:
            raise refusal(f"has {shown(twice[0])} twice", "Take one of the two away.")
        return names

    @model_validator(mode="after")
    def _names_exist(self) -> Service:
        faults = reference_faults(plain(self))
        if faults:
            raise refusal("names what is not there", "Correct the names.", faults)
        faults = plan_faults(self)
        if faults:
            raise refusal("has plans that cannot be", "Correct them.", faults)
        return self

    @classmethod
    def faults_between(cls, data: Mapping[str, Any]) -> tuple[Fault, ...]:
        """Names in unchecked data that nothing has, and names that mean two things."""
        return reference_faults({name: _entries_plain(value) for name, value in data.items()})

    @property
    def zone(self) -> ZoneInfo:
        """The service's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def holiday_region(self) -> tuple[str, str | None] | None:
        """Country and subdivision as the holidays library takes them; None where no holidays are kept."""
        return None if self.holidays is None else region_parts(self.holidays)

    @property
    def all_outcomes(self) -> tuple[str, ...]:
        """Every way in which a case may end: closed, withdrawn, and those that the service declares."""
        return tuple(dict.fromkeys((CLOSED, WITHDRAWN, *self.outcomes)))

    @property
    def effective_calendars(self) -> Mapping[str, Calendar]:
        """The calendars by name; where none is described, ``office``, Monday to Friday 09:00 to 17:00."""
        return self.calendars or FrozenMapping({ASSUMED_CALENDAR: Calendar(hours=ASSUMED_HOURS)})

    def calendar_name(self, of: Pool | Worker) -> str:
        """The name of the calendar that a pool or a worker keeps.

        Args:
            of: a pool (as staffed on a day, where staffing changes: ``pool.on(day)``), or a worker of this
                service, who keeps the calendar of the home pool unless the worker has another.
        """
        if of.calendar is not None:
            return of.calendar
        if isinstance(of, Worker):
            return self.calendar_name(self.pools[of.pool])
        return next(iter(self.effective_calendars))

    def calendar_of(self, of: Pool | Worker) -> Calendar:
        """The calendar that a pool or a worker keeps; see `calendar_name`."""
        return self.effective_calendars[self.calendar_name(of)]

    def workers_of(self, pool: str, day: dt.date | None = None) -> Mapping[str, Worker]:
        """The named workers at home in a pool; those in the job on `day`, where a day is given."""
        return FrozenMapping(
            {
                name: worker
                for name, worker in self.workers.items()
                if worker.pool == pool and (day is None or worker.is_here(day))
            }
        )

    def pool(self, name: str) -> Pool:
        """The pool of that name.

        Raises:
            WrongUse: the service has no such pool.
        """
        if name not in self.pools:
            meant = nearest(name, self.pools)
            raise WrongUse(
                f"There is no pool {shown(name)} in {self.name}.\n"
                + (f'Did you mean "{meant}"?' if meant else f"Add [{key_path('pools', name)}] to service.toml.")
            )
        return self.pools[name]

    def headcount(self, pool: str, day: dt.date) -> float:
        """How many work in a pool on a day: `workers` as staffed then, else its named workers in the job.

        Raises:
            WrongUse: the service has no such pool.
        """
        stated = self.pool(pool).on(day).workers
        return float(len(self.workers_of(pool, day))) if stated is None else stated


def _entries_plain(section: object) -> object:
    """The section with values in it as dictionaries; deeper unchecked data is left as it is, however deep."""
    if isinstance(section, Mapping):
        return {name: plain(entry) if isinstance(entry, Value) else entry for name, entry in section.items()}
    return section


class Labelled(Protocol):
    """Something that may have a label."""

    @property
    def label(self) -> str | None:
        """What people call it."""


def label_of(entries: Mapping[str, Labelled], name: str) -> str:
    """What people call the entry of that name: its label, else the name, also where there is no such entry.

    For instance ``label_of(service.pools, "advocates")``.
    """
    entry = entries.get(name)
    return (entry.label if entry is not None else None) or name
