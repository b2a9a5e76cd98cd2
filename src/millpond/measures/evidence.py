"""What the figures rest on: how many visits, on which evidence of need, how many incomplete; said in notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from millpond.measures.capacity import POOL, UNKNOWN, Capacity
from millpond.measures.known import UNASSIGNED
from millpond.measures.need import NOTHING, SOURCES
from millpond.measures.sentences import counted
from millpond.model import Service


@dataclass(frozen=True)
class Evidence:
    """Counts of visits by what is known of them.

    Attributes:
        needs: visits by source of need (the constants of `millpond.measures.need`).
        joins: visits by source of the joining time (``recorded``, ``started``, ``ended``, ``estimated``).
        unassigned: visits in no pool of the service.
    """

    needs: Mapping[str, int]
    joins: Mapping[str, int]
    unassigned: int

    @property
    def visits(self) -> int:
        """All visits."""
        return sum(self.needs.values())

    @property
    def joining_unknown(self) -> float:
        """The share of the visits that have no joining time; 0 where there are no visits."""
        unknown = self.joins.get("started", 0) + self.joins.get("ended", 0)
        return unknown / self.visits if self.visits else 0.0

    @property
    def unit(self) -> str:
        """``minutes``, unless no visit has any evidence of duration: then ``visits``."""
        return "visits" if self.visits and self.needs.get(NOTHING, 0) == self.visits else "minutes"


def gather(demand: Iterable[Mapping[str, object]], service: Service) -> Evidence:
    """The evidence behind the rows of demand, each with `pool`, `need_source`, `joined_source` and `visits`."""
    needs: Counter[str] = Counter()
    joins: Counter[str] = Counter()
    unassigned = 0
    for row in demand:
        visits = int(str(row["visits"]))
        needs[SOURCES[int(str(row["need_source"]))]] += visits
        joins[str(row["joined_source"])] += visits
        unassigned += visits if row["pool"] not in service.pools else 0
    return Evidence(dict(needs), dict(joins), unassigned)


def notes_on(
    seen: Evidence,
    service: Service,
    capacity: Mapping[str, Capacity],
    rota: bool,
    *,
    unit: str | None = None,
    pool: str | None = None,
) -> tuple[str, ...]:
    """What a reader of the four measures must be told.

    Args:
        seen: the evidence.
        service: the service.
        capacity: the capacity of each of its pools that is told of.
        rota: whether there is a rota at all.
        unit: that of the figures. Default: that of the evidence.
        pool: the only pool whose evidence it is; None for all.
    """
    if not seen.visits:
        whose = f"No visit to {pool} is" if pool else "There are no visits"
        return (f"{whose} in the records up to this date, so there is nothing to measure.",)
    notes = [_needs(seen, unit or seen.unit), *_joins(seen)]
    opening = [name for name in capacity if not service.pools[name].opening_backlog]
    if len(opening) == len(service.pools) and opening:
        notes.append("The backlog starts from nothing on the first day of the records: no pool has an opening_backlog.")
    elif opening:
        have = "it has" if len(opening) == 1 else "they have"
        notes.append(
            f"The backlog of {_listed(opening)} starts from nothing on the first day of the records: {have} no "
            "opening_backlog."
        )
    if seen.unassigned:
        notes.append(
            f"{seen.unassigned:,} visits are at steps that service.toml gives no pool; they are shown under their "
            f"recorded pool or '{UNASSIGNED}', with no capacity. Give each step a pool."
        )
    unknown = [name for name, value in capacity.items() if UNKNOWN in value.sources]
    if unknown:
        notes.append(
            f"The capacity of {_listed(unknown)} is unknown: give the pool 'workers' in service.toml, or a rota."
        )
    beyond = [name for name, value in capacity.items() if POOL in value.sources or "mixed" in value.sources]
    if rota and beyond:
        notes.append(
            f"Days outside the dates of the rota use the pool's own workers and calendar: {_listed(beyond)}. "
            "capacity_source is 'pool' for a period of such days and 'mixed' for one that has days of both."
        )
    return tuple(notes)


def _needs(seen: Evidence, unit: str) -> str:
    parts = ", ".join(f"{count:,} from {source}" for source, count in sorted(seen.needs.items()) if source != NOTHING)
    without = seen.needs.get(NOTHING, 0)
    if unit == "visits":
        return (
            f"Nothing in the records says how long any of the {seen.visits:,} visits took, so the figures count "
            "visits, not minutes, and capacity cannot be compared. Give each step planned 'minutes' in service.toml."
        )
    gap = (
        f" {without:,} visits have no evidence of duration and count as no work at all: give their steps planned "
        "'minutes' in service.toml."
        if without
        else ""
    )
    told = f" Minutes of work: {parts}." if parts else ""
    return f"The figures rest on {counted(seen.visits, 'visit')}.{told}{gap}"


def _joins(seen: Evidence) -> list[str]:
    unknown = seen.joins.get("started", 0) + seen.joins.get("ended", 0)
    estimated = seen.joins.get("estimated", 0)
    notes = []
    if unknown == seen.visits:
        notes.append(
            "Work in progress only: the records do not say when visits joined the queue, so each is taken to have "
            "joined when its work began, and the backlog leaves out everybody who was waiting."
        )
    elif unknown:
        notes.append(
            f"{unknown:,} of {seen.visits:,} visits have no joining time; they are taken to have joined when their "
            "work began, so the backlog leaves out the time that they waited."
        )
    if estimated:
        notes.append(f"{estimated:,} of {seen.visits:,} joining times are estimated.")
    return notes


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
