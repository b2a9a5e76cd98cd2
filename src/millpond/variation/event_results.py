"""Problem events of a service as a result: how often, how likely, how high, and how long until all is normal again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, Any, ClassVar

from millpond.results import Result
from millpond.variation.problem_days import ProblemEvents, WhenClosed

if TYPE_CHECKING:
    from millpond.variation.events_ahead import EventsAhead


@dataclass(frozen=True)
class PoolEvents:
    """The problem events of one pool. Intervals are 95%; with no such day seen they rest on the rule of three.

    Attributes:
        pool: the pool's key in ``service.toml``.
        days: working days on which demand was at least the factor times capacity.
        of: working days that were looked at.
        share, share_low, share_high: the share of working days.
        once_in, once_in_low, once_in_high: one such day in so many working days; none where none was seen.
        a_year, a_year_low, a_year_high: such days to expect in a year, by the working days of the year ahead.
        working_days_a_year: the working days of that year.
        chance, chance_low, chance_high: the chance of at least one in the days ahead, if days are independent.
        spells: stretches of such days that follow each other, working day on working day, each counted as one.
        longest_spell: the longest, in working days.
        spell_chance, spell_chance_low, spell_chance_high: the chance that at least one spell begins in the days ahead.
        most: the highest demand over capacity; none where there was demand and no capacity at all.
        no_capacity: how many of the days had demand and no capacity at all, though the pool was open.
        stretches: how many times the backlog had to come back to normal after a spell.
        stretches_over: how many of them were over when the records ended.
        back_after: working days until half of them were over, those still under way in the sum; none where the history
            cannot tell.
        longest_stretch: the longest in working days, over or not.
        closed_days: days on which the pool was closed; they are never events.
        closed_with_demand: on how many of them something joined.
        closed_demand: how much.
        unknown_days: working days of unknown capacity, which are left out.
    """

    pool: str
    days: int
    of: int
    share: float | None
    share_low: float | None
    share_high: float | None
    once_in: float | None
    once_in_low: float | None
    once_in_high: float | None
    a_year: float | None
    a_year_low: float | None
    a_year_high: float | None
    working_days_a_year: int
    chance: float | None
    chance_low: float | None
    chance_high: float | None
    spells: int
    longest_spell: int
    spell_chance: float | None
    spell_chance_low: float | None
    spell_chance_high: float | None
    most: float | None
    no_capacity: int
    stretches: int
    stretches_over: int
    back_after: float | None
    longest_stretch: int | None
    closed_days: int
    closed_with_demand: int
    closed_demand: float
    unknown_days: int


@dataclass(frozen=True)
class EventDay:
    """One problem day.

    Attributes:
        pool: the pool's key.
        day: the day.
        demand: the demand of the day, with that of closed days before it where it is carried on.
        capacity: the capacity of the day.
        ratio: demand over capacity; none where there was no capacity at all.
        spell: the number of its spell in the pool, from 1.
        normal: the backlog that was usual before the spell; none where too few days come before, or the backlog was
            not yet back from an earlier spell.
        back_after: working days from the end of the spell until the backlog was back to it, or until the records end.
        back: whether it was back when the records ended.
    """

    pool: str
    day: str
    demand: float
    capacity: float
    ratio: float | None
    spell: int
    normal: float | None
    back_after: int | None
    back: bool


@dataclass(frozen=True)
class EventDays(Result):
    """The problem days, pool by pool, in order of time."""

    rows: tuple[EventDay, ...]
    row_type: ClassVar[type] = EventDay


@dataclass(frozen=True)
class ReturnLevel:
    """What demand over capacity reaches once in so many working days.

    Attributes:
        pool: the pool's key.
        once_in: how many working days.
        level: demand over capacity; none where the history is shorter, or the day had no capacity at all.
        low, high: its 95% interval, whatever the law of the days; none where the history cannot say.
    """

    pool: str
    once_in: float
    level: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class ReturnLevels(Result):
    """How high demand over capacity goes, pool by pool."""

    rows: tuple[ReturnLevel, ...]
    row_type: ClassVar[type] = ReturnLevel


@dataclass(frozen=True)
class Events(Result):
    """Problem events: days on which a pool is asked for several times what it can do.

    Attributes:
        service: what the service is called.
        factor: how many times capacity.
        within: for how many working days ahead the chance is told.
        when_closed: ``left out``, or ``next day`` where demand of closed days is added to the next working day.
        unit: ``minutes``, or ``visits`` where the records have no evidence of duration.
        as_of: the instant that ends the series.
        days: each problem day.
        levels: how high demand over capacity goes.
        found: what was worked out for each pool, with every working day; not written as JSON.
        ahead: the same of the days to come; None where these were not simulated.
    """

    service: str
    factor: float
    within: int
    when_closed: WhenClosed
    unit: str
    as_of: str
    days: EventDays
    levels: ReturnLevels
    rows: tuple[PoolEvents, ...]
    found: Mapping[str, ProblemEvents] = field(compare=False, repr=False)
    ahead: EventsAhead | None = None
    row_type: ClassVar[type] = PoolEvents

    def to_dict(self) -> dict[str, Any]:
        """The whole result as plain values, ready for JSON."""
        names = ("service", "factor", "within", "when_closed", "unit", "as_of")
        return {
            **{name: getattr(self, name) for name in names},
            "rows": [asdict(row) for row in self.rows],
            "days": [asdict(row) for row in self.days.rows],
            "levels": [asdict(row) for row in self.levels.rows],
            "ahead": None if self.ahead is None else self.ahead.to_dict(),
            "notes": list(self.notes),
        }


def pool_events(pool: str, found: ProblemEvents, within: int, working_days_a_year: int) -> PoolEvents:
    """The row of a pool.

    Args:
        pool: its key.
        found: its problem events.
        within: for how many working days ahead the chance is told.
        working_days_a_year: how many working days a year has.
    """
    once_in, once_in_low, once_in_high = found.days.once_in()
    a_year, a_year_low, a_year_high = found.days.expected(working_days_a_year)
    chance, chance_low, chance_high = found.days.chance(within)
    spell_chance, spell_chance_low, spell_chance_high = found.spells.chance(within)
    return PoolEvents(
        pool=pool,
        days=found.days.count,
        of=found.days.of,
        share=found.days.share,
        share_low=found.days.low,
        share_high=found.days.high,
        once_in=once_in,
        once_in_low=once_in_low,
        once_in_high=once_in_high,
        a_year=a_year,
        a_year_low=a_year_low,
        a_year_high=a_year_high,
        working_days_a_year=working_days_a_year,
        chance=chance,
        chance_low=chance_low,
        chance_high=chance_high,
        spells=found.spells.count,
        longest_spell=found.longest_spell,
        spell_chance=spell_chance,
        spell_chance_low=spell_chance_low,
        spell_chance_high=spell_chance_high,
        most=told_ratio(float(found.ratios.max())) if len(found.ratios) else None,
        no_capacity=sum(event.capacity == 0 for event in found.events),
        stretches=found.recovery.stretches,
        stretches_over=found.recovery.over,
        back_after=found.recovery.median,
        longest_stretch=found.recovery.longest,
        closed_days=found.closed_days,
        closed_with_demand=found.closed_with_demand,
        closed_demand=found.closed_demand,
        unknown_days=found.unknown_days,
    )


def event_days(found: Mapping[str, ProblemEvents]) -> EventDays:
    """The problem days of some pools."""
    rows = [
        EventDay(
            pool,
            event.day,
            event.demand,
            event.capacity,
            told_ratio(event.ratio),
            event.spell,
            event.normal,
            event.back_after,
            event.back,
        )
        for pool, events in found.items()
        for event in events.events
    ]
    return EventDays(tuple(rows), ())


def return_levels(found: Mapping[str, ProblemEvents]) -> ReturnLevels:
    """The return levels of some pools."""
    rows = [
        ReturnLevel(pool, level.once_in, told_ratio(level.level), told_ratio(level.low), told_ratio(level.high))
        for pool, events in found.items()
        for level in events.levels
    ]
    return ReturnLevels(tuple(rows), ())


def told_ratio(ratio: float | None) -> float | None:
    """A ratio that JSON can hold: without capacity there is none."""
    return ratio if ratio is not None and isfinite(ratio) else None
