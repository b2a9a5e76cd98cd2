"""The pathway: the steps in their typical order, and where finished cases went on to from each.

Cases may come to a step in any order and at the same time as to others; the shares take them one visit after another,
in the order in which they joined.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import ibis

from millpond.calibration.histories import Histories
from millpond.calibration.outcomes import Outcomes
from millpond.calibration.shares import shares


@dataclass(frozen=True)
class Flow:
    """How cases move.

    Attributes:
        order: the steps, by their mean place among the visits of a case when it first comes there.
        following: for each step where cases go on to, steps or outcomes, with shares that add up to 1; without the
            steps of which nothing is known.
        moves: for each step how many visits of finished cases its shares rest on.
        finished: finished cases.
        cases: all cases.
    """

    order: tuple[str, ...]
    following: Mapping[str, Mapping[str, float]]
    moves: Mapping[str, int]
    finished: int
    cases: int


def flow(found: Histories, steps: Collection[str], outcomes: Outcomes) -> Flow:
    """The pathway that the records show.

    Args:
        found: the visits in the order of their cases.
        steps: the steps that the service will have; moves to others are left out.
        outcomes: what the words for outcomes in the records mean.
    """
    visits = found.visits.join(found.cases, "case")
    end = ibis.ifelse(visits.following.isnull(), visits.outcome, ibis.null("string"))
    visits = visits.mutate(end=end)
    groups = visits.group_by("step", "following", "is_finished", "end").agg(moves=visits.count())
    finished: dict[str, Counter[str]] = defaultdict(Counter)
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for row in groups.to_pyarrow().to_pylist():
        name = row["following"] or outcomes.meaning(row["end"])
        if name not in steps and row["following"] is not None:
            continue
        if row["is_finished"]:
            finished[row["step"]][name] += row["moves"]
        elif row["following"] is not None:
            seen[row["step"]][name] += row["moves"]
    counts = {step: finished[step] or seen[step] for step in steps if finished[step] or seen[step]}
    number = found.cases.agg(cases=found.cases.count(), finished=found.cases.is_finished.sum())
    row = number.to_pyarrow().to_pylist()[0]
    return Flow(
        order=_order(found, steps),
        following=_leading_out(counts, steps),
        moves={step: finished[step].total() for step in steps},
        finished=row["finished"] or 0,
        cases=row["cases"],
    )


def _order(found: Histories, steps: Collection[str]) -> tuple[str, ...]:
    visits = found.visits
    first = visits.group_by("case", "step").agg(place=visits.place.min())
    sums = first.group_by("step").agg(places=first.place.sum().cast("int64"), cases=first.count())
    places = sums.to_pyarrow().to_pylist()
    ordered = sorted(places, key=lambda row: (row["places"] / row["cases"], -row["cases"], row["step"]))
    return tuple(row["step"] for row in ordered if row["step"] in steps)


def _leading_out(counts: Mapping[str, Counter[str]], steps: Collection[str]) -> dict[str, dict[str, float]]:
    """The shares of each step; a rare way is left out unless it is needed for cases ever to leave."""
    following = {step: shares(ways) for step, ways in counts.items()}
    could = _ending(counts, steps)
    while missing := could - _ending(following, steps):
        can = _ending(following, steps)
        # The step whose dropped way leads out soonest: to an outcome, or to a step from which cases do leave.
        mended = False
        for step in sorted(missing):
            out = [name for name in counts[step] if name not in steps or name in can]
            if out:
                best = min(out, key=lambda name: (-counts[step][name], name))
                following[step] = shares(counts[step], kept=[best])
                mended = True
        if not mended:
            return following
    return following


def _ending(ways: Mapping[str, Iterable[str]], steps: Collection[str]) -> set[str]:
    """The steps from which a case may reach an outcome, or a step of which nothing is known."""
    before: dict[str, set[str]] = defaultdict(set)
    ends: list[str] = [step for step in steps if step not in ways]
    for step, following in ways.items():
        for name in following:
            if name in steps:
                before[name].add(step)
            else:
                ends.append(step)
    reached = set(ends)
    while ends:
        for step in before[ends.pop()] - reached:
            reached.add(step)
            ends.append(step)
    return reached
