"""Maps beside each other: before and after, one area and another, one stream and another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from millpond.errors import WrongUse
from millpond.process.results import MapStep, MapWay, ProcessMap, causes_of
from millpond.process.sentences import percent, spoken
from millpond.records.findings import counted
from millpond.results import Result


@dataclass(frozen=True)
class ComparedStep:
    """One step on one of the maps; what cannot be said of it is None.

    Attributes:
        step: the step's name.
        group: which map.
        visits: how many visits it had there.
        share: the share of the cases of that map which came here.
        per_case: visits a case of that map.
        work: the mean minutes of work of a visit.
        waiting: the mean minutes of waiting of a visit.
        waited: how many visits that rests on.
        staff, hours, others, batching, priority, unknown: the mean waiting of a visit by cause; together `waiting`.
        work_change, waiting_change: by how much work and waiting differ from the first map, in minutes.
    """

    step: str
    group: str
    visits: int
    share: float
    per_case: float
    work: float | None
    waiting: float | None
    waited: int
    staff: float | None
    hours: float | None
    others: float | None
    batching: float | None
    priority: float | None
    unknown: float | None
    work_change: float | None
    waiting_change: float | None


@dataclass(frozen=True)
class ComparedWay:
    """One way on one of the maps.

    Attributes:
        from_step, to_step: its ends; None for the beginning and the end of cases.
        group: which map.
        passages: how often it was gone there.
        share: these as a share of all that left `from_step`.
        share_change: by how much that differs from the first map; None on the first.
        waiting: the mean minutes of waiting; None where unknown.
    """

    from_step: str | None
    to_step: str | None
    group: str
    passages: int
    share: float
    share_change: float | None
    waiting: float | None


@dataclass(frozen=True)
class ComparedWays(Result):
    """The ways of all maps."""

    rows: tuple[ComparedWay, ...]
    row_type: ClassVar[type] = ComparedWay


@dataclass(frozen=True)
class MapComparison(Result):
    """The steps of several maps beside each other; a difference is not yet an effect.

    Attributes:
        groups: what each map is called; changes are from the first.
        maps: the maps.
        ways: their ways beside each other.
        sentences: what differs most, in words.
    """

    rows: tuple[ComparedStep, ...]
    groups: tuple[str, ...]
    maps: tuple[ProcessMap, ...]
    ways: ComparedWays
    sentences: tuple[str, ...]
    row_type: ClassVar[type] = ComparedStep

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain values, ready for JSON; the maps themselves are had with `Folder.map`."""
        told = {"groups": list(self.groups), "sentences": list(self.sentences)}
        cases = {one.group: one.cases for one in self.maps}
        return {
            **told,
            "cases": cases,
            "rows": self.table().to_pylist(),
            "ways": self.ways.table().to_pylist(),
            "notes": list(self.notes),
        }


def compared(maps: Sequence[ProcessMap]) -> MapComparison:
    """Maps beside each other.

    Args:
        maps: at least two, each with a group of its own.

    Raises:
        WrongUse: there are fewer than two with any case.
    """
    some = [one for one in maps if one.cases]
    if len(some) < 2:
        empty = ", ".join(one.group for one in maps if not one.cases)
        why = f"no case belongs to {empty}" if empty else "all cases belong to one group"
        raise WrongUse(f"There is nothing to compare: {why}. Choose another day or column.")
    rows = [row for name in _names(some) for row in _steps(name, some)]
    return MapComparison(
        rows=tuple(rows),
        notes=_notes(some),
        groups=tuple(one.group for one in some),
        maps=tuple(some),
        ways=ComparedWays(tuple(_ways(some)), ()),
        sentences=_sentences(some),
    )


def _names(maps: Sequence[ProcessMap]) -> list[str]:
    return list(dict.fromkeys(step.step for one in maps for step in one.steps.rows))


def _steps(name: str, maps: Sequence[ProcessMap]) -> list[ComparedStep]:
    found = [next((step for step in one.steps.rows if step.step == name), None) for one in maps]
    first = found[0]
    rows = []
    for place, (one, step) in enumerate(zip(maps, found, strict=True)):
        work, waiting = (None, None) if step is None else (step.work, step.waiting)
        causes = _means(step)
        rows.append(
            ComparedStep(
                step=name,
                group=one.group,
                visits=step.visits if step else 0,
                share=step.share if step else 0.0,
                per_case=step.visits / one.cases if step else 0.0,
                work=work,
                waiting=waiting,
                waited=step.waited if step else 0,
                work_change=_change(work, first.work if first and place else None),
                waiting_change=_change(waiting, first.waiting if first and place else None),
                **causes,
            )
        )
    return rows


def _means(step: MapStep | None) -> dict[str, float | None]:
    if step is None or not step.waited:
        return dict.fromkeys(("staff", "hours", "others", "batching", "priority", "unknown"))
    return {key: minutes / step.waited for key, minutes in causes_of(step).items()}


def _change(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else now - before


def _ways(maps: Sequence[ProcessMap]) -> list[ComparedWay]:
    by_ends: list[dict[tuple[str | None, str | None], MapWay]] = [
        {(way.from_step, way.to_step): way for way in one.ways.rows} for one in maps
    ]
    rows = []
    for ends in dict.fromkeys(ends for ways in by_ends for ends in ways):
        first = by_ends[0].get(ends)
        for place, (one, ways) in enumerate(zip(maps, by_ends, strict=True)):
            way = ways.get(ends)
            share = way.share if way else 0.0
            rows.append(
                ComparedWay(
                    from_step=ends[0],
                    to_step=ends[1],
                    group=one.group,
                    passages=way.passages if way else 0,
                    share=share,
                    share_change=share - (first.share if first else 0.0) if place else None,
                    waiting=way.waiting if way else None,
                )
            )
    return rows


def _sentences(maps: Sequence[ProcessMap]) -> tuple[str, ...]:
    """For each map but the first the three steps at which waiting a case differs most from the first."""
    told = []
    first = maps[0]
    for other in maps[1:]:
        pairs = []
        for name in _names([first, other]):
            a, b = (next((s for s in one.steps.rows if s.step == name), None) for one in (first, other))
            if a is not None and b is not None and a.waiting is not None and b.waiting is not None:
                weight = abs(b.waiting - a.waiting) * (a.visits / first.cases + b.visits / other.cases)
                pairs.append((weight, a, b))
        for weight, a, b in sorted(pairs, key=lambda pair: (-pair[0], pair[1].step))[:3]:
            if weight and a.waiting is not None and b.waiting is not None:
                told.append(
                    f"{a.label}: a visit waits {spoken(a.waiting)} ({first.group}, {counted(a.waited, 'visit')}) and "
                    f"{spoken(b.waiting)} ({other.group}, {counted(b.waited, 'visit')})."
                )
        told += _new_and_gone(first, other)
    return tuple(told)


def _new_and_gone(first: ProcessMap, other: ProcessMap) -> list[str]:
    told = []
    names = [{step.step for step in one.steps.rows} for one in (first, other)]
    for here, there, one in ((0, 1, first), (1, 0, other)):
        only = [step for step in one.steps.rows if step.step in names[here] - names[there]]
        if only:
            shown = ", ".join(f"{step.label} ({percent(step.share)} of cases)" for step in only[:3])
            more = f" and {counted(len(only) - 3, 'other')}" if len(only) > 3 else ""
            told.append(f"Only in {one.group}: {shown}{more}.")
    return told


def _notes(maps: Sequence[ProcessMap]) -> tuple[str, ...]:
    counts = "; ".join(
        f"{one.group}: {counted(one.cases, 'case')}, {one.open_cases:,} of them still open" for one in maps
    )
    return (
        f"{counts}.",
        "Cases that are still open have waited less than they will: of a group that began later fewer long waits are "
        "known yet.",
        "A difference may be due to which cases came, and not to what was done for them.",
    )
