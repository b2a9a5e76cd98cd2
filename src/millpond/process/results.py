"""The process map as a value: steps, the ways between them, lanes, and what it rests on.

A map is whole: whatever is drawn of it at less detail, every visit and every way stands here.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from millpond.process.delays import Delays
from millpond.process.failure import FailureDemand
from millpond.results import Result


@dataclass(frozen=True)
class MapStep:
    """One step as it really happened; times in minutes, waiting as `millpond.process.waiting` tells its causes apart.

    Attributes:
        step: the step's name.
        label: what people call it.
        pool: the pool in which most of its visits stood.
        organisation: who did the work of most of its visits; None where that is not known.
        visits: how many there were.
        cases: how many cases came here.
        share: these as a share of all cases.
        first: visits with which cases began; several of a case that began with steps side by side.
        ended: cases that ended here.
        beside: visits after which nothing followed although the case went on elsewhere: the shorter branch of two.
        open: visits that have not ended, those still waiting among them.
        repeats: visits that followed directly on one of the same case at this same step.
        returns: further visits of cases that had been here before and elsewhere since.
        work: the mean minutes of work of a visit that has ended; None where nothing tells them.
        work_visits: how many visits that rests on.
        work_total: their minutes of work together.
        waiting: the mean waiting of a visit; None where none is known.
        waited: how many visits that rests on.
        no_start: those of them that have no recorded start, so that their work is in the waiting.
        unmeasured: visits of which not even the length of the waiting is known.
        waiting_total: the waiting of all of them together: the sum of the next six.
        staff: waiting for our staff to be free.
        hours: waiting outside working hours.
        others: waiting for somebody else.
        batching: waiting until several had come together.
        priority: waiting while those who had joined later went first.
        unknown: waiting of which the records do not tell the cause.
        still_waiting: visits that wait now, or whose person left without being seen.
        waited_so_far: the minutes that these have waited; in none of the above.
    """

    step: str
    label: str
    pool: str
    organisation: str | None
    visits: int
    cases: int
    share: float
    first: int
    ended: int
    beside: int
    open: int
    repeats: int
    returns: int
    work: float | None
    work_visits: int
    work_total: float
    waiting: float | None
    waited: int
    no_start: int
    unmeasured: int
    waiting_total: float
    staff: float
    hours: float
    others: float
    batching: float
    priority: float
    unknown: float
    still_waiting: int
    waited_so_far: float

    @property
    def causes(self) -> dict[str, float]:
        """The minutes of waiting for each cause, by its key."""
        return causes_of(self)

    @property
    def hides_work(self) -> bool:
        """Whether all its waiting has the work of visits in it."""
        return 0 < self.waited == self.no_start

    @property
    def work_of_few(self) -> int | None:
        """How many visits the work rests on, where these are fewer than half of those that have ended."""
        return few(self.work_visits, self.visits - self.open)

    @property
    def waiting_of_few(self) -> int | None:
        """How many visits the waiting rests on, where these are fewer than half of those that waited or may have."""
        return few(self.waited, self.waited + self.unmeasured)


def few(known: int, whole: int) -> int | None:
    """A number, where it is less than half of a whole: a mean of so few must not pass for one of all."""
    return known if 0 < 2 * known < whole else None


@dataclass(frozen=True)
class MapWay:
    """One way from a step to the next; times in minutes.

    Attributes:
        from_step: the step that was left; None for the beginning of a case.
        to_step: the step that followed; None for the end of a case.
        passages: how often it was gone.
        cases: how many cases went it.
        share: these passages as a share of all that left `from_step`.
        hand_offs: passages on which another worker took over; where a worker is not known, another pool or
            organisation.
        between_pools: passages into another pool.
        between_organisations: passages into another organisation.
        waiting: the mean waiting on it; None where none is known.
        waited: how many passages that rests on.
        no_start: those of them to visits without a recorded start, so that their work is in the waiting.
        waiting_total: the waiting of all of them together: the sum of the next six, which are as at steps.
        staff, hours, others, batching, priority, unknown: the same by cause.
    """

    from_step: str | None
    to_step: str | None
    passages: int
    cases: int
    share: float
    hand_offs: int
    between_pools: int
    between_organisations: int
    waiting: float | None
    waited: int
    no_start: int
    waiting_total: float
    staff: float
    hours: float
    others: float
    batching: float
    priority: float
    unknown: float

    @property
    def causes(self) -> dict[str, float]:
        """The minutes of waiting for each cause, by its key."""
        return causes_of(self)


KEYS = ("staff", "hours", "others", "batching", "priority", "unknown")
"""The keys of the causes of waiting, in the order of `millpond.process.waiting.CAUSES`."""


def causes_of(row: MapStep | MapWay) -> dict[str, float]:
    """The minutes of waiting for each cause, by its key."""
    return {key: getattr(row, key) for key in KEYS}


@dataclass(frozen=True)
class MapSteps(Result):
    """The steps of a map, those with most visits first."""

    rows: tuple[MapStep, ...]
    row_type: ClassVar[type] = MapStep


@dataclass(frozen=True)
class MapWays(Result):
    """The ways of a map, those gone most often first."""

    rows: tuple[MapWay, ...]
    row_type: ClassVar[type] = MapWay


@dataclass(frozen=True)
class MapEnding:
    """How cases ended at a step.

    Attributes:
        step: the step of the last visit.
        outcome: the outcome recorded there; None where none is.
        cases: how many.
    """

    step: str
    outcome: str | None
    cases: int


@dataclass(frozen=True)
class MapEndings(Result):
    """How cases ended, the most frequent way first."""

    rows: tuple[MapEnding, ...]
    row_type: ClassVar[type] = MapEnding


@dataclass(frozen=True)
class Lane:
    """Who works at some steps: a pool within its organisation.

    Attributes:
        pool: the pool's name.
        label: what people call it.
        organisation: what people call its organisation; None where that is not known.
        steps: the names of the steps of which it does most.
    """

    pool: str
    label: str
    organisation: str | None
    steps: tuple[str, ...]


@dataclass(frozen=True)
class ProcessMap:
    """How work really went: steps, the ways between them, where it waited and for what.

    Attributes:
        service: what the service is called.
        group: which of its cases the map is of; blank for all.
        as_of: the instant at which the records end, ISO 8601 in the service's zone.
        first_day, last_day: the local days of the first and the last recorded instant, ISO 8601; blank without visits.
        cases: how many cases the map rests on.
        open_cases: how many of these had a visit that had not ended.
        visits: how many visits they had.
        steps: each step.
        ways: each way from step to step.
        endings: how cases ended.
        lanes: who works where, by organisation.
        delays: where most time was lost, in sentences.
        demand: contacts that the service's own failures caused, and what they cost.
        notes: what a reader of the map must know.
        hidden_below: what fewer cases than these did is left out, because it is made for sharing; 0 where all is there.
    """

    service: str
    group: str
    as_of: str
    first_day: str
    last_day: str
    cases: int
    open_cases: int
    visits: int
    steps: MapSteps
    ways: MapWays
    endings: MapEndings
    lanes: tuple[Lane, ...]
    delays: Delays
    demand: FailureDemand
    notes: tuple[str, ...]
    hidden_below: int = 0

    @property
    def hand_offs(self) -> int:
        """How often another worker took over."""
        return sum(way.hand_offs for way in self.ways.rows)

    @property
    def between_organisations(self) -> int:
        """How often another organisation took over."""
        return sum(way.between_organisations for way in self.ways.rows)

    def to_dict(self) -> dict[str, Any]:
        """The whole map as plain values, ready for JSON."""
        tables = ("steps", "ways", "endings")
        told: dict[str, Any] = {}
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if name in tables:
                told[name] = [asdict(row) for row in value.rows]
            elif isinstance(value, Result):
                told[name] = value.to_dict()
            else:
                told[name] = [asdict(lane) for lane in value] if name == "lanes" else value
        told["notes"] = list(self.notes)
        return {**told, "hand_offs": self.hand_offs, "between_organisations": self.between_organisations}
