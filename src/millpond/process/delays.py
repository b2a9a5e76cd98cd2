"""Where most time is lost, ranked by the delay caused: minutes of waiting times visits, not length alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from millpond.process.sentences import CAUSES_IN_WORDS, percent, spoken
from millpond.records.findings import counted
from millpond.results import Result

if TYPE_CHECKING:
    from millpond.process.results import MapStep, MapWay, ProcessMap

STEP = "step"
POOL = "pool"
HAND_OFF = "hand-off"
QUEUE = "queue"
BOTTLENECK = 0.1
"""A pool for whose staff less than this share of all waiting is lost is called no bottleneck."""


@dataclass(frozen=True)
class Delay:
    """One place where time is lost.

    Attributes:
        kind: ``step``: visits wait there; ``pool``: visits wait for its people to be free, the first being the
            bottleneck; ``hand-off``: visits wait on a way between pools or organisations; ``queue``: visits wait now.
        rank: its place among its kind, by minutes.
        place: the step or pool, or the two steps of a hand-off.
        minutes: waiting of all its visits together, in elapsed minutes.
        visits: how many waited.
        mean: minutes divided by visits.
        share: these minutes as a share of all waiting of their kind.
        cause: the key of the cause of most of it: ``staff``, ``hours``, ``others``, ``batching``, ``priority`` or
            ``unknown``.
        cause_share: the share of the minutes that it is the cause of.
        sentence: all of it in words.
    """

    kind: str
    rank: int
    place: str
    minutes: float
    visits: int
    mean: float
    share: float
    cause: str
    cause_share: float
    sentence: str


@dataclass(frozen=True)
class Delays(Result):
    """Where time is lost: steps, then pools, hand-offs and queues, each by the minutes lost there."""

    rows: tuple[Delay, ...]
    row_type: ClassVar[type] = Delay

    def of(self, kind: str) -> tuple[Delay, ...]:
        """The places of one kind, the worst first."""
        return tuple(row for row in self.rows if row.kind == kind)


def bottleneck(whole: ProcessMap) -> str:
    """The bottleneck in a sentence: the pool for whose staff most time is lost, if that is a tenth of all waiting.

    Where people mostly wait for somebody else, more staff would not help, and no pool is named. Blank where nothing
    waited for staff.
    """
    pools = whole.delays.of(POOL)
    total = sum(step.waiting_total for step in whole.steps.rows)
    if not pools or not total:
        return ""
    if pools[0].minutes >= BOTTLENECK * total:
        return f"The bottleneck: {pools[0].sentence}"
    share = percent(sum(row.minutes for row in pools) / total)
    return f"No pool is a bottleneck: {share} of all waiting is for our own staff to be free."


def delays_of(steps: Sequence[MapStep], ways: Sequence[MapWay], pools: Mapping[str, str]) -> Delays:
    """Where time is lost on a map.

    Args:
        steps: its steps.
        ways: its ways.
        pools: what people call each pool.
    """
    labels = {step.step: step.label for step in steps}
    rows = _ranked(STEP, [(step.label, step.causes, step.waited, _at_step(step)) for step in steps])
    rows += _ranked(POOL, _pools(steps, pools))
    crossing = [
        (f"{labels[way.from_step]} to {labels[way.to_step]}", way.causes, way.waited, _on_way(way, labels))
        for way in ways
        if way.from_step is not None and way.to_step is not None and way.between_pools + way.between_organisations
    ]
    rows += _ranked(HAND_OFF, crossing)
    queues = [
        (step.label, {"unknown": step.waited_so_far}, step.still_waiting, _queue(step))
        for step in steps
        if step.still_waiting
    ]
    rows += _ranked(QUEUE, queues)
    return Delays(tuple(rows), ("Ranked by the minutes lost: waiting of all visits together, not its length alone.",))


_Place = tuple[str, Mapping[str, float], int, str]


def _ranked(kind: str, places: Sequence[_Place]) -> list[Delay]:
    found = [(sum(causes.values()), place, causes, visits, words) for place, causes, visits, words in places]
    total = sum(minutes for minutes, *_ in found)
    found = sorted((row for row in found if row[0] > 0), key=lambda row: (-row[0], row[1]))
    rows = []
    for rank, (minutes, place, causes, visits, words) in enumerate(found, 1):
        cause = max(causes, key=lambda key: causes[key])
        share = minutes / total
        sentence = words.format(mean=spoken(minutes / visits), all=spoken(minutes), share=percent(share))
        rows.append(
            Delay(kind, rank, place, minutes, visits, minutes / visits, share, cause, causes[cause] / minutes, sentence)
        )
    return rows


def _pools(steps: Sequence[MapStep], pools: Mapping[str, str]) -> list[_Place]:
    """Each pool with the waiting for the pool's staff to be free: at its work, or at what had joined later."""
    found: list[_Place] = []
    for pool in dict.fromkeys(step.pool for step in steps):
        own = [step for step in steps if step.pool == pool]
        causes = {key: sum(step.causes[key] for step in own) for key in ("staff", "priority")}
        visits = sum(step.waited for step in own)
        label = pools.get(pool, pool)
        words = (
            f"{_safe(label)}: {counted(visits, 'visit')} waited {{mean}} each for the pool's staff to be free, {{all}} "
            "together ({share} of all such waiting)."
        )
        found.append((label, causes, visits, words))
    return found


def _at_step(step: MapStep) -> str:
    if step.hides_work:
        return (
            f"{_safe(step.label)}: {{mean}} pass from the end of the step before until {_ending(step.waited)} "
            "here, {all} together ({share} of all). The records do not tell waiting from work."
        )
    return (
        f"{_safe(step.label)}: {counted(step.waited, 'visit')} waited {{mean}} each, {{all}} together ({{share}} of "
        f"all waiting), {_why(step.causes, step.waiting_total)}."
    )


def _on_way(way: MapWay, labels: Mapping[str, str]) -> str:
    between = "between organisations" if way.between_organisations else "between pools"
    where = f"From {_safe(labels[str(way.from_step)])} to {_safe(labels[str(way.to_step)])}, {between}: "
    if 0 < way.waited == way.no_start:
        return (
            f"{where}{{mean}} pass until {_ending(way.waited)}, {{all}} together ({{share}} of the time at "
            "such hand-offs). The records do not tell waiting from work."
        )
    return (
        f"{where}{counted(way.waited, 'visit')} waited {{mean}} each, {{all}} together ({{share}} of the waiting at "
        f"such hand-offs), {_why(way.causes, way.waiting_total)}."
    )


def _ending(visits: int) -> str:
    return f"{counted(visits, 'visit')} {'ends' if visits == 1 else 'end'}"


def _queue(step: MapStep) -> str:
    waits, each = ("waits", "") if step.still_waiting == 1 else ("wait", " each")
    visits = counted(step.still_waiting, "visit")
    return f"{_safe(step.label)}: {visits} {waits}, or left without being seen: {{mean}}{each} so far."


def _why(causes: Mapping[str, float], total: float) -> str:
    """The largest cause in words; for one that is nearly all of it, without a share."""
    cause = max(causes, key=lambda key: causes[key])
    share = causes[cause] / total if total else 0.0
    return f"{percent(share)} of it {CAUSES_IN_WORDS[cause]}"


def _safe(name: str) -> str:
    """A name that a sentence to be filled in can hold."""
    return name.replace("{", "{{").replace("}", "}}")
