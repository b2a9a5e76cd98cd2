"""Which steps run side by side: without that, a visit would seem to have been enabled by whatever happened to end last.

Two steps are parallel where visits of them in one case overlap in time in a third or more of the cases that have both,
and in five at least. A step is never parallel to itself.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from millpond.calibration.fitting.history import History

MUCH, FEWEST = 1 / 3, 5

Pairs = frozenset[tuple[str, str]]
"""Pairs of names in both orders."""


def parallel_steps(log: History, much: float = MUCH) -> Pairs:
    """The pairs of steps that run side by side.

    Args:
        log: the visits.
        much: from which share of overlapping visits on two steps are parallel.
    """
    together: Counter[tuple[str, str]] = Counter()
    overlapping: Counter[tuple[str, str]] = Counter()
    for places in log.by_case.values():
        done = [place for place in places if log.has_ended[place] and log.has_started[place]]
        found: dict[tuple[str, str], bool] = {}
        for one, other in combinations(done, 2):
            names = log.step[one], log.step[other]
            if names[0] != names[1]:
                pair = (min(names), max(names))
                # In their order: the other starts no sooner than the one.
                overlap = log.started_us[other] < log.ended_us[one]
                found[pair] = found.get(pair, False) or bool(overlap)
        together.update(found.keys())
        overlapping.update(pair for pair, overlap in found.items() if overlap)
    return frozenset(
        both
        for pair, count in overlapping.items()
        if count >= FEWEST and count >= much * together[pair]
        for both in (pair, pair[::-1])
    )
