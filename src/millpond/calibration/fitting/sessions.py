"""Sessions for several visits together: what one worker begins and ends at the same instants for several cases.

A step has sessions where half of its visits or more were held together with others, in five sessions at least. The
size is the most that were seen together. Where some sessions were held with fewer, the first of their visits had
waited long enough: no longer than until the shortest such session began, and no shorter than from the first to the
last who joined any session. The middle between the two is taken; within them all lengths give what was seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from millpond.calibration.fitting.delays import Split
from millpond.calibration.fitting.evidence import Evidence, Learned
from millpond.calibration.fitting.history import UNKNOWN, History
from millpond.calibration.fitting.moves import MINUTE_US
from millpond.model import GroupSession

HELD_TOGETHER, FEWEST = 0.5, 5
_SOME = 0.02
_UNSURE = 0.05


@dataclass(frozen=True)
class Sessions:
    """The sessions at a step.

    Attributes:
        visits: the places of the visits of each session in the history.
        shared: how many visits were held together with others.
    """

    visits: tuple[tuple[int, ...], ...]
    shared: int

    @property
    def size(self) -> int:
        """The most that were held together."""
        return max(len(each) for each in self.visits)


def sessions_of(log: History) -> dict[str, Sessions]:
    """The sessions at each step that has any.

    Args:
        log: the visits.
    """
    groups: dict[str, dict[tuple[str, int, int], list[int]]] = defaultdict(lambda: defaultdict(list))
    chosen = np.flatnonzero(log.has_started & log.has_ended & (log.ended_us > log.started_us))
    for place in chosen.tolist():
        worker = log.worker[place]
        if worker is not None:
            groups[log.step[place]][worker, int(log.started_us[place]), int(log.ended_us[place])].append(place)
    found = {}
    for step, by_start in groups.items():
        sessions = [tuple(places) for places in by_start.values()]
        together = [each for each in sessions if len({log.case[place] for place in each}) > 1]
        shared = sum(len(each) for each in together)
        if len(together) >= FEWEST and shared >= HELD_TOGETHER * sum(len(each) for each in sessions):
            found[step] = Sessions(tuple(sorted(sessions)), shared)
    return found


def alone(log: History, sessions: Collection[Sessions]) -> npt.NDArray[np.bool_]:
    """Which visits stand for themselves: of each session one does for all."""
    kept = np.ones(len(log), dtype=np.bool_)
    for each in sessions:
        for visits in each.visits:
            kept[list(visits[1:])] = False
    return kept


def without_gathering(split: Split, log: History, sessions: Collection[Sessions]) -> Split:
    """The split of waiting, in which who waited for a session to fill up tells the outside delay only between limits.

    A session has filled up since the one before it began: what a visit waited since then may have been gathering.

    Args:
        split: the waiting before each visit.
        log: the visits.
        sessions: of all steps that have any.
    """
    censored, least, outside = split.censored.copy(), split.least_us.copy(), split.outside_us.copy()
    for each in sessions:
        began = 0
        for visits in sorted(each.visits, key=lambda places: int(log.started_us[places[0]])):
            at = int(log.started_us[visits[0]])
            for place in visits:
                if at > split.enabled_us[place]:
                    least[place] = max(began - int(split.enabled_us[place]), 0)
                    censored[place], outside[place] = True, least[place]
            began = at
    return replace(split, censored=censored, least_us=least, outside_us=outside)


def group_of(name: str, found: Sessions, log: History, split: Split, evidence: Evidence) -> GroupSession:
    """The session at a step as the model takes it.

    Args:
        name: the step.
        found: its sessions.
        log: the visits.
        split: the waiting before each visit.
        evidence: is told what it rests on.
    """
    key, count, size = f"steps.{name}.group", len(found.visits), found.size
    full = sum(len(each) == size for each in found.visits)
    high = size if full > 1 else int(np.ceil(size * _UNSURE ** (-1 / count)))
    total = sum(len(each) for each in found.visits)
    why = (
        f"the most that one worker began and ended together, {full:,} times; {found.shared:,} of {total:,} visits "
        "were held together with others"
    )
    evidence.add(Learned(f"{key}.size", size, size, high, count, why))
    joined = np.where(log.joined_us != UNKNOWN, log.joined_us, split.enabled_us)
    filling = [max(0.0, _span(joined, each)) for each in found.visits]
    early = [
        float(log.started_us[each[0]] - min(int(joined[place]) for place in each)) / MINUTE_US
        for each in found.visits
        if len(each) < size
    ]
    if len(early) < max(2.0, _SOME * count):
        return GroupSession(size=size)
    most, least = min(early), min(max(filling), min(early))
    are_recorded = all(log.joined_us[place] != UNKNOWN for each in found.visits for place in each)
    why = "between the longest that a session took to fill up and the shortest wait for one that was not full"
    if not are_recorded:
        why += "; when visits joined is not recorded, so that delays before they did are in it"
        evidence.cannot(
            f"{key}.longest_wait",
            "when visits joined is not recorded, so that it may be shorter",
            "record when a visit joins",
        )
        least = 0.0
    evidence.add(Learned(f"{key}.longest_wait", (least + most) / 2, least, most, len(early), f"{why}, in minutes"))
    return GroupSession(size=size, longest_wait=f"{max(round((least + most) / 2), 1)} minutes")


def _span(joined: npt.NDArray[np.int64], visits: tuple[int, ...]) -> float:
    at = [int(joined[place]) for place in visits]
    return (max(at) - min(at)) / MINUTE_US
