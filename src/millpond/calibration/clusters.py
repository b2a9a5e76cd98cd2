"""Which steps the same people do: groups of steps, from how each step's visits are divided among workers.

Two steps are alike as far as the same people do them in the same proportion: the sum, over workers, of the smaller of
the worker's two shares of the visits. From a half on they belong together, and so does whatever belongs to either. A
group whose visits are mostly taken by people who do most of their work in one other group then joins that one: they
are at home there, and only lend a hand here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

import numpy as np

ALIKE = 0.5
"""From this likeness on, two steps are done by the same people."""

Taken = Mapping[str, Mapping[str, int]]
"""For each step the workers who took its visits, and how many each took."""


def groups_of_steps(taken: Taken) -> list[list[str]]:
    """The steps in groups that the same people do; the largest group first, and within a group the busiest step.

    Args:
        taken: for each step the workers, and how many of its visits each took; a step without any is left out.
    """
    steps = sorted(step for step in taken if taken[step])
    groups = _absorbed(_linked(steps, taken), taken)
    sizes = {step: sum(taken[step].values()) for step in steps}
    ordered = [sorted(group, key=lambda step: (-sizes[step], step)) for group in groups]
    return sorted(ordered, key=lambda group: (-sum(sizes[step] for step in group), group[0]))


def homes(taken: Taken, group_of: Mapping[str, str]) -> dict[str, str]:
    """The group in which each worker took most visits; of several, the first by name.

    Args:
        taken: as for `groups_of_steps`.
        group_of: the group of each step; steps without one are left out.
    """
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for step, workers in taken.items():
        if step in group_of:
            for worker, visits in workers.items():
                totals[worker][group_of[step]] += visits
    return {worker: min(groups, key=lambda name: (-groups[name], name)) for worker, groups in totals.items()}


def _linked(steps: list[str], taken: Taken) -> list[set[str]]:
    """The connected groups of steps that are alike."""
    number = {worker: n for n, worker in enumerate({worker: None for step in steps for worker in taken[step]})}
    workers = [np.array([number[worker] for worker in taken[step]], dtype=np.int64) for step in steps]
    shares = [np.array(list(taken[step].values()), dtype=np.float64) for step in steps]
    shares = [share / share.sum() for share in shares]
    group = list(range(len(steps)))
    for one in range(len(steps)):
        dense = np.zeros(len(number))
        dense[workers[one]] = shares[one]
        for other in range(one + 1, len(steps)):
            alike = np.minimum(dense[workers[other]], shares[other]).sum()
            if alike >= ALIKE - 1e-9 and group[one] != group[other]:
                joined, kept = group[other], group[one]
                group = [kept if each == joined else each for each in group]
    found: dict[int, set[str]] = defaultdict(set)
    for step, each in zip(steps, group, strict=True):
        found[each].add(step)
    return list(found.values())


def _absorbed(groups: list[set[str]], taken: Taken) -> list[set[str]]:
    """The groups once each that other groups' people mostly do has joined theirs, the smallest first."""
    by_name = {min(group): group for group in groups}
    while True:
        group_of = {step: name for name, group in by_name.items() for step in group}
        at_home = homes(taken, group_of)
        sizes = {name: sum(sum(taken[step].values()) for step in group) for name, group in by_name.items()}
        for name in sorted(by_name, key=lambda name: (sizes[name], name)):
            by_home: Counter[str] = Counter()
            for step in by_name[name]:
                for worker, visits in taken[step].items():
                    by_home[at_home[worker]] += visits
            home = min(by_home, key=lambda other: (-by_home[other], other))
            if home != name and by_home[home] > sizes[name] / 2:
                by_name[home] |= by_name.pop(name)
                break
        else:
            return list(by_name.values())
