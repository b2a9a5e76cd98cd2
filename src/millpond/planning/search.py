"""The cheapest staffing that keeps a promise: floors first, then staffings in the order of their cost.

More people at one step may worsen the next, so that no staffing is judged by a cheaper or a dearer one. A floor of a
pool is the fewest of its workers with whom the promise can be kept while all other pools have plenty; below it nothing
is looked at. From the floors on staffings are tried in the order of what they cost, and the first that keeps the
promise is the cheapest but for two things, which the neighbours of the answer are there to show: that a pool below its
floor might do if its work were held up elsewhere, and that a share of replications is an estimate.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from millpond.errors import WrongUse
from millpond.planning.levels import Staffing
from millpond.planning.tries import Tried, Tries

PLENTY = 2.0
"""Plenty is capacity for twice the work that comes, where that does not do twice as much again, and so on."""
MOST_PLENTY = 16.0
MOST_TRIED = 400
QUICK, NEAR = 60, 200
"""Replications that are enough to see whether a pool's floor may be lower, and what one worker more would do."""


@dataclass(frozen=True, eq=False)
class Found:
    """What a search came to.

    Attributes:
        answer: the cheapest staffing that keeps the promise.
        plenty: the staffing with plenty everywhere from which the search began.
        floors: the fewest in each pool with whom it can be kept while all others have plenty.
        below: for each pool one step below its floor with plenty elsewhere; None where nobody would be left, or the
            work that comes is more than they could do.
        fewer, more: for each pool the answer with one step less, and more, in it; None where nobody would be left.
    """

    answer: Tried
    plenty: Tried
    floors: Staffing
    below: tuple[Tried | None, ...]
    fewer: tuple[Tried | None, ...]
    more: tuple[Tried | None, ...]


def plenty(tries: Tries, most: float = MOST_PLENTY) -> Tried | None:
    """A staffing with which the promise is kept, with plenty of workers everywhere; None where there is none.

    Args:
        tries: tries them out.
        most: how many times the work that comes they may be able to do, at most.
    """
    share = PLENTY
    while share <= most:
        levels = tries.levels
        staffing = tuple(
            max(levels.enough(name, share), today) for name, today in zip(levels.pools, levels.today, strict=True)
        )
        found = tries.of(staffing)
        if found.keeps:
            return found
        share *= 2
    return None


def cheapest(tries: Tries, begin: Tried) -> Found:
    """The cheapest staffing that keeps the promise.

    Args:
        tries: tries them out.
        begin: one that keeps it, from `plenty`.

    Raises:
        WrongUse: none was found among as many as can be tried.
    """
    floors = tuple(tries.levels.enough(name) for name in tries.levels.pools)
    # Often those who can just do the work that comes keep it too, and nothing cheaper can go on.
    if not (tries.of(floors).keeps and tries.of(floors, whole=True).keeps):
        floors = tuple(_floor(tries, begin.staffing, place) for place in range(len(begin.staffing)))
    answer = _with_fewer(tries, _first_that_keeps(tries, floors))
    below = tuple(_below(tries, begin.staffing, floors, place) for place in range(len(floors)))
    fewer = tuple(_neighbour(tries, answer.staffing, place, -1) for place in range(len(floors)))
    more = tuple(_neighbour(tries, answer.staffing, place, +1, most=NEAR) for place in range(len(floors)))
    return Found(answer, begin, floors, below, fewer, more)


def _floor(tries: Tries, most: Staffing, place: int) -> float:
    """The fewest in one pool with whom the promise can be kept while the others have plenty, by halving."""
    levels = tries.levels
    least, high = levels.enough(levels.pools[place]), most[place]
    low_steps, high_steps = 0, round((high - least) / levels.step)
    while low_steps < high_steps:
        middle = (low_steps + high_steps) // 2
        # Not ruled out is enough: a floor that is too low only lengthens the search.
        if tries.of(_with(most, place, least + middle * levels.step), most=QUICK).is_possible:
            high_steps = middle
        else:
            low_steps = middle + 1
    return round(least + low_steps * levels.step, 9)


def _first_that_keeps(tries: Tries, floors: Staffing) -> Tried:
    ahead, seen = [(tries.levels.cost(floors), floors)], {floors}
    for _ in range(MOST_TRIED):
        _, staffing = heapq.heappop(ahead)
        found = tries.of(staffing)
        if found.keeps and tries.of(staffing, whole=True).keeps:
            return found
        for place in range(len(staffing)):
            following = tries.levels.up(staffing, place)
            if following not in seen:
                seen.add(following)
                heapq.heappush(ahead, (tries.levels.cost(following), following))
    raise WrongUse(
        f"Of {MOST_TRIED} staffings, in the order of what they cost, none keeps the promise.\n"
        "Vary one pool alone (--pool), take a larger --step, or promise less."
    )


def _with_fewer(tries: Tries, answer: Tried) -> Tried:
    """The answer, or what is left of it while a step can be taken from some pool and the promise is still kept."""
    while True:
        tried = [_neighbour(tries, answer.staffing, place, -1) for place in range(len(answer.staffing))]
        cheaper = [one for one in tried if one is not None and one.keeps]
        if not cheaper:
            return answer
        best = tries.of(min(cheaper, key=lambda one: (one.cost, one.staffing)).staffing, whole=True)
        answer = best if best.keeps else answer


def _neighbour(tries: Tries, staffing: Staffing, place: int, steps: int, most: int | None = None) -> Tried | None:
    levels = tries.levels
    changed = levels.up(staffing, place, steps)
    # A pool that cannot even do the work that comes is out of the question, whatever a horizon that ends may show.
    if changed[place] < levels.enough(levels.pools[place]) - 1e-9:
        return None
    return tries.of(changed, most=most)


def _below(tries: Tries, most: Staffing, floors: Staffing, place: int) -> Tried | None:
    return _neighbour(tries, _with(most, place, floors[place]), place, -1)


def _with(staffing: Staffing, place: int, places: float) -> Staffing:
    return (*staffing[:place], round(places, 9), *staffing[place + 1 :])
