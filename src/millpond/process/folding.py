"""As much of a map as can be read: seldom steps are folded into one for each lane, and seldom ways are hidden.

Nothing is lost: what is folded is added up in the step that stands for it, what is hidden is counted, and both are
said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from millpond.errors import WrongUse
from millpond.process.results import KEYS, Lane, MapStep, MapWay, ProcessMap, causes_of, few
from millpond.process.sentences import percent
from millpond.records.findings import counted

FEWEST_STEPS = 4
READABLE_STEPS = 16
READABLE_WAYS = 24
WAYS_A_STEP = 2.0
"""Ways for each step that is drawn, where nobody says how much detail is wanted."""
_ALWAYS = 2
"""The steps with the longest waiting of all stay, however seldom they are."""

Key = str | None
Pair = tuple[Key, Key]


@dataclass(frozen=True)
class DrawnStep:
    """A step of a drawing, or several folded into one.

    Attributes:
        key: its name within the drawing.
        label: what stands in it, whole.
        lane: the place of its lane.
        visits: how many visits.
        repeats: those that followed directly on one at the same step; for a folded one, that stayed within it.
        work: mean minutes of work; None where unknown.
        waiting: mean minutes of waiting; None where unknown.
        hides_work: whether all its waiting has the work of visits in it, because no start is recorded.
        work_of, waiting_of: how many visits these two rest on, where that is less than half of them; else None.
        causes: minutes of waiting by cause.
        share: its waiting as a share of all.
        open: visits that have not ended.
        folded: the names of the steps that it stands for; empty for a single one.
    """

    key: str
    label: str
    lane: int
    visits: int
    repeats: int
    work: float | None
    waiting: float | None
    causes: Mapping[str, float]
    share: float
    open: int
    hides_work: bool = False
    work_of: int | None = None
    waiting_of: int | None = None
    folded: tuple[str, ...] = ()


@dataclass(frozen=True)
class DrawnWay:
    """A way of a drawing; None stands for the beginning, and for the end, of cases.

    Attributes:
        from_key, to_key: the steps of the drawing that it joins.
        passages: how often it was gone.
        hand_offs: on how many of these another worker took over.
        between_organisations: on how many of these another organisation took over.
        waiting: the mean minutes of waiting; None where unknown.
    """

    from_key: Key
    to_key: Key
    passages: int
    hand_offs: int
    between_organisations: int
    waiting: float | None


@dataclass(frozen=True)
class Drawing:
    """What is drawn of a map.

    Attributes:
        map: the whole map.
        lanes: the lanes that have anything in them.
        steps: the steps, those with most visits first.
        ways: the ways, without those from a step to itself.
        detail: how much detail it has, from 0 to 1.
        notes: what was folded and hidden; empty where everything is there.
    """

    map: ProcessMap
    lanes: tuple[Lane, ...]
    steps: tuple[DrawnStep, ...]
    ways: tuple[DrawnWay, ...]
    detail: float
    notes: tuple[str, ...]


def fold(whole: ProcessMap, detail: float | None = None) -> Drawing:
    """A map at some detail.

    Args:
        whole: the map.
        detail: from 0, a handful of steps, to 1, every step and every way; left out, as much as can be read.

    Raises:
        WrongUse: the detail is not from 0 to 1.
    """
    if detail is not None and not 0 <= detail <= 1:
        raise WrongUse(f"A map has a detail from 0 to 1, not {detail:g}. Leave --detail out to see what can be read.")
    rows = whole.steps.rows
    most = READABLE_STEPS if detail is None else _between(FEWEST_STEPS, len(rows), detail)
    kept = {step.step for step in rows[:most]}
    slow = sorted(rows, key=lambda step: (-step.waiting_total, step.step))[: min(_ALWAYS, most)]
    kept |= {step.step for step in slow}
    lane_of = {name: place for place, lane in enumerate(whole.lanes) for name in lane.steps}
    folded: dict[int, list[MapStep]] = {}
    for step in rows:
        if step.step not in kept:
            folded.setdefault(lane_of[step.step], []).append(step)
    # Where a lane has nothing else that is drawn, its seldom steps join those of the other such lanes.
    drawn_lanes = {lane_of[name] for name in kept}
    lonely = [place for place in folded if place not in drawn_lanes]
    if len(lonely) > 1:
        folded[len(whole.lanes)] = [step for place in lonely for step in folded.pop(place)]
    # Folding one step alone would save nothing.
    folded = {place: steps for place, steps in folded.items() if len(steps) > 1}
    names = {step.step: _folded_key(place) for place, steps in folded.items() for step in steps}
    lanes, places = _lanes(whole, names, lane_of, folded)
    all_ways = _ways(whole.ways.rows, names)
    steps = _steps(whole, names, folded, lane_of, places, all_ways)
    candidates = [way for way in all_ways.values() if way.from_key is None or way.from_key != way.to_key]
    ways = _chosen(candidates, len(steps), detail)
    notes = _notes(whole, folded, candidates, ways, all_ways)
    reached = detail if detail is not None else _reached(len(steps), len(rows), len(ways), len(candidates))
    return Drawing(whole, lanes, steps, ways, reached, notes)


def _between(fewest: int, most: int, detail: float) -> int:
    """So many of the most, in even steps of proportion: half the detail is the mean of both in that sense."""
    if most <= fewest:
        return most
    return round(fewest * float((most / fewest) ** detail))


def _reached(steps: int, all_steps: int, ways: int, all_ways: int) -> float:
    return 1.0 if steps >= all_steps and ways >= all_ways else min(steps / all_steps, ways / max(all_ways, 1))


def _folded_key(lane: int) -> str:
    # No step of records has a name that begins with a character that cannot be written.
    return f"\x00{lane}"


def _lanes(
    whole: ProcessMap, names: Mapping[str, str], lane_of: Mapping[str, int], folded: Mapping[int, Sequence[MapStep]]
) -> tuple[tuple[Lane, ...], dict[int, int]]:
    """The lanes with anything in them, and where each lane of the map stands among them."""
    used = {lane_of[step.step] for step in whole.steps.rows if step.step not in names} | set(folded)
    places = {place: number for number, place in enumerate(sorted(used))}
    others = Lane("", "Other pools", None, tuple(step.step for step in folded.get(len(whole.lanes), ())))
    lanes = [whole.lanes[place] if place < len(whole.lanes) else others for place in sorted(used)]
    return tuple(lanes), places


def _steps(
    whole: ProcessMap,
    names: Mapping[str, str],
    folded: Mapping[int, Sequence[MapStep]],
    lane_of: Mapping[str, int],
    places: Mapping[int, int],
    ways: Mapping[Pair, DrawnWay],
) -> tuple[DrawnStep, ...]:
    total = sum(step.waiting_total for step in whole.steps.rows)
    groups = [
        ([step], step.step, step.label, lane_of[step.step]) for step in whole.steps.rows if step.step not in names
    ]
    groups += [(list(steps), _folded_key(place), f"{len(steps)} other steps", place) for place, steps in folded.items()]
    drawn = []
    for steps, key, label, lane in groups:
        worked, waited = (sum(getattr(step, name) for step in steps) for name in ("work_visits", "waited"))
        waiting = sum(step.waiting_total for step in steps)
        visits, still_open = sum(step.visits for step in steps), sum(step.open for step in steps)
        within = ways.get((key, key))
        drawn.append(
            DrawnStep(
                key=key,
                label=label,
                lane=places[lane],
                visits=visits,
                repeats=within.passages if within else 0,
                work=sum(step.work_total for step in steps) / worked if worked else None,
                waiting=waiting / waited if waited else None,
                causes={name: sum(causes_of(step)[name] for step in steps) for name in KEYS},
                share=waiting / total if total else 0.0,
                open=still_open,
                hides_work=0 < waited == sum(step.no_start for step in steps),
                work_of=few(worked, visits - still_open),
                waiting_of=few(waited, waited + sum(step.unmeasured for step in steps)),
                folded=tuple(step.step for step in steps) if len(steps) > 1 else (),
            )
        )
    return tuple(sorted(drawn, key=lambda step: (-step.visits, step.key)))


def _ways(rows: Sequence[MapWay], names: Mapping[str, str]) -> dict[Pair, DrawnWay]:
    """The ways between the steps that are drawn, each once."""
    found: dict[Pair, DrawnWay] = {}
    waits: dict[Pair, tuple[float, int]] = {}
    for way in rows:
        ends = tuple(None if end is None else names.get(end, end) for end in (way.from_step, way.to_step))
        pair: Pair = (ends[0], ends[1])
        before = found.get(pair, DrawnWay(*pair, 0, 0, 0, None))
        minutes, visits = waits.get(pair, (0.0, 0))
        waits[pair] = minutes, visits = minutes + way.waiting_total, visits + way.waited
        found[pair] = replace(
            before,
            passages=before.passages + way.passages,
            hand_offs=before.hand_offs + way.hand_offs,
            between_organisations=before.between_organisations + way.between_organisations,
            waiting=minutes / visits if visits else None,
        )
    return found


def _chosen(ways: Sequence[DrawnWay], steps: int, detail: float | None) -> tuple[DrawnWay, ...]:
    """The ways gone most often, and for each step the one by which most come and the one by which most leave."""
    ordered = sorted(ways, key=lambda way: (-way.passages, way.from_key or "", way.to_key or ""))
    readable = max(READABLE_WAYS, round(WAYS_A_STEP * steps))
    most = readable if detail is None else _between(steps + 1, len(ordered), detail)
    chosen = set(ordered[:most])
    comes: set[Key] = set()
    leaves: set[Key] = set()
    for way in ordered:
        if way.to_key is not None and way.to_key not in comes:
            comes.add(way.to_key)
            chosen.add(way)
        if way.from_key not in leaves:
            leaves.add(way.from_key)
            chosen.add(way)
    if not any(way.to_key is None for way in chosen):
        chosen |= set([way for way in ordered if way.to_key is None][:1])
    return tuple(way for way in ordered if way in chosen)


def _notes(
    whole: ProcessMap,
    folded: Mapping[int, Sequence[MapStep]],
    candidates: Sequence[DrawnWay],
    ways: Sequence[DrawnWay],
    all_ways: Mapping[Pair, DrawnWay],
) -> tuple[str, ...]:
    notes = []
    steps = [step for some in folded.values() for step in some]
    if steps:
        visits = sum(step.visits for step in steps)
        within = sum(
            way.passages for (one, other), way in all_ways.items() if one == other and one and one[0] == "\x00"
        )
        notes.append(
            f"{len(steps):,} of {counted(len(whole.steps.rows), 'step')} are folded into {len(folded)}, with "
            f"{counted(visits, 'visit')} ({percent(visits / whole.visits)} of all); {counted(within, 'passage')} "
            "between folded steps stay within them."
        )
    hidden = sum(way.passages for way in candidates) - sum(way.passages for way in ways)
    if hidden:
        share = hidden / sum(way.passages for way in candidates)
        notes.append(
            f"Not drawn: {counted(len(candidates) - len(ways), 'way')} of {len(candidates):,}, those gone least, with "
            f"{counted(hidden, 'passage')} ({percent(share)} of all). The tables have every one."
        )
    return tuple(notes)
