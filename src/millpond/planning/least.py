"""Least capacity as a value: the cheapest staffing that keeps a promise, what was tried, and what stands beside it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from millpond.measures.results import Result
from millpond.planning.levels import Levels, in_words
from millpond.planning.longer_days import NOT_ASKED, LongerDays
from millpond.planning.promise import Promise
from millpond.planning.relief import Reliefs
from millpond.planning.tries import Tried, could_promise
from millpond.planning.ways import Ways

ANSWER, TODAY, FEWER, MORE, BELOW, PLENTY, OTHER = (
    *("answer", "today", "one step less", "one step more", "below the floor", "plenty", "tried"),
)
OTHER_LUCK = "answer, other luck"


@dataclass(frozen=True)
class StaffingRow:
    """A staffing that was tried.

    Attributes:
        role: ``answer``, ``answer, other luck`` (on replications that it was not chosen by), ``today`` (as things
            stand), ``one step less`` or ``one step more`` than the answer in one pool, ``below the floor`` (one pool
            too small, all others with plenty), ``plenty``, or ``tried``; several where it is several, such as ``today,
            one step less``.
        staffing: how many work in each pool, in words.
        workers: how many work in each of the pools that are varied, in their order.
        cost: what it costs over the days judged; None where some pool has no price.
        minutes: what it can give a day, over all days; minutes.
        replications: how many were run.
        broken: the share of them that break the promise at some day's end; None where it cannot be run.
        low, high: the ends of its exact 95% interval.
        verdict: ``keeps it``, ``breaks it``, ``probably keeps it``, ``probably breaks it`` or ``cannot be run``.
        could_promise: what it could promise with the same risk: a backlog, or a share seen in time; None where unknown.
    """

    role: str
    staffing: str
    workers: tuple[float, ...]
    cost: float | None
    minutes: float
    replications: int
    broken: float | None
    low: float | None
    high: float | None
    verdict: str
    could_promise: float | None


def staffing_row(role: str, one: Tried, levels: Levels, promise: Promise, days: int) -> StaffingRow:
    """What became of a staffing, as a row.

    Args:
        role: what it is beside the answer.
        one: what became of it.
        levels: the pools that are varied.
        promise: what was to be kept.
        days: how many days are judged, of those that its cost is of.
    """
    low, high = one.interval
    return StaffingRow(
        role=role,
        staffing=in_words(levels.pools, one.staffing),
        workers=one.staffing,
        cost=one.cost * days / levels.days if levels.is_priced else None,
        minutes=sum(levels.minutes(name, places) for name, places in zip(levels.pools, one.staffing, strict=True)),
        replications=one.replications,
        broken=None if one.fault else one.share_broken,
        low=None if one.fault else low,
        high=None if one.fault else high,
        verdict=one.verdict,
        could_promise=could_promise(promise, one),
    )


@dataclass(frozen=True)
class Staffings(Result):
    """Every staffing that was tried, the answer first."""

    rows: tuple[StaffingRow, ...]
    row_type: ClassVar[type] = StaffingRow


@dataclass(frozen=True, eq=False)
class LeastCapacity:
    """The cheapest staffing that keeps a promise.

    Attributes:
        service: the service's name.
        promise: what is promised, in words.
        risk: the share of replications that may break it at any day's end.
        first_day: the first day simulated, ISO 8601.
        days: how many days are judged.
        settle_days: how many days come before those, in which a service that starts empty fills up.
        start: ``records``, ``empty``, or ``cleared``: empty because today's backlog breaks the promise already.
        seed: of the draws.
        currency: of costs; None where some pool has no price, and minutes of capacity are compared instead.
        pools: the pools that are varied, in the order of `StaffingRow.workers`.
        step: the smallest change, in workers.
        conclusions: the answer, and what was ruled out, in sentences.
        staffings: every staffing that was tried.
        ways: the three ways side by side.
        reliefs: what clears today's backlog.
        notes: sentences that a reader of the figures must have.
        longer: longer days in place of more people; empty where that was not asked.
    """

    service: str
    promise: str
    risk: float
    first_day: str
    days: int
    settle_days: int
    start: str
    seed: int
    currency: str | None
    pools: tuple[str, ...]
    step: float
    conclusions: tuple[str, ...]
    staffings: Staffings
    ways: Ways
    reliefs: Reliefs
    notes: tuple[str, ...]
    longer: LongerDays = NOT_ASKED

    @property
    def answer(self) -> StaffingRow:
        """The cheapest staffing that keeps the promise."""
        row: StaffingRow = self.staffings.rows[0]
        return row

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, ready for JSON."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in _RESULTS}
        rows = {name: getattr(self, name).to_dict()["rows"] for name in _RESULTS if name != "notes"}
        return {**plain, "answer": asdict(self.answer), **rows, "notes": list(self.notes)}

    def _repr_html_(self) -> str:
        return self.staffings._repr_html_()


_RESULTS = ("staffings", "ways", "reliefs", "longer", "notes")
