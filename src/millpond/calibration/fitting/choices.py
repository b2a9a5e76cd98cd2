"""Which of several waiting visits was begun: what the orders of pools and priorities are told from.

A choice is a start at a step at which others waited. Of visits that were begun at the same instant each is set against
those alone that still waited, so that no order among them has to be made up. If nobody went first for a reason, each
of those who waited would be equally likely; what is expected by chance is counted along with what was seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from millpond.calibration.fitting.history import UNKNOWN, History

Ints = npt.NDArray[np.int64]
FEWEST, MOST = 2_000, 400_000_000
"""Of many starts at a step evenly spaced ones are looked at: so many at least, else as many as this many visits waiting
at one start each allow."""


@dataclass(frozen=True)
class Choice:
    """A visit that was begun while others waited at the same step.

    Attributes:
        chosen: its place in the history.
        others: the places of those who went on waiting.
    """

    chosen: int
    others: Ints


def choices_at(log: History, name: str, joined_us: Ints, counted: npt.NDArray[np.bool_]) -> Iterator[Choice]:
    """The choices at a step, in the order of time.

    Args:
        log: the visits.
        name: the step.
        joined_us: when each visit joined; `UNKNOWN` where that is not known, and the visit is left out.
        counted: which visits count; of a session for several one does for all.
    """
    here = np.flatnonzero((log.step == name) & (joined_us != UNKNOWN) & counted)
    here = here[np.argsort(joined_us[here], kind="stable")]
    joins = joined_us[here]
    far = np.iinfo(np.int64).max
    gone = np.where(log.has_started, log.started_us, np.where(log.has_ended, log.ended_us, far))[here]
    places = np.flatnonzero(log.has_started[here] & (joins <= gone))
    begun = [
        list(group) for _, group in groupby(places[np.argsort(gone[places], kind="stable")], key=lambda at: gone[at])
    ]
    stride = max(1, len(begun) // max(FEWEST, MOST // max(len(here), 1)))
    for group in begun[::stride]:
        at = gone[group[0]]
        came = int(np.searchsorted(joins, at, side="right"))
        others = here[:came][gone[:came] > at]
        if len(others):
            yield from (Choice(int(here[place]), others) for place in group)


@dataclass
class Tally:
    """How often a kind of visit went first among several, and how often it would have by chance.

    Attributes:
        number: choices.
        first: in how many of them it went first.
        expected: in how many it would have by chance.
        variance: of that number.
    """

    number: int = 0
    first: int = 0
    expected: float = 0.0
    variance: float = 0.0

    def add(self, was_first: bool, by_chance: float) -> None:
        """One choice more."""
        self.number += 1
        self.first += was_first
        self.expected += by_chance
        self.variance += by_chance * (1 - by_chance)

    @property
    def share(self) -> float:
        """Of the choices, how many it was first in."""
        return self.first / self.number if self.number else 0.0

    @property
    def beyond_chance(self) -> float:
        """In how many choices more it was first than by chance."""
        return self.first - self.expected

    @property
    def strictness(self) -> float:
        """0 where it goes first as often as by chance, 1 where it always does."""
        room = self.number - self.expected
        return (self.first - self.expected) / room if room > 0 else 0.0

    @property
    def spread(self) -> float:
        """By how many standard deviations it was first more often than by chance (each choice given those before)."""
        return (self.first - self.expected) / self.variance**0.5 if self.variance > 0 else 0.0

    @property
    def strictness_spread(self) -> float:
        """The standard error of the strictness, from the binomial spread of the share."""
        room = self.number - self.expected
        return (self.number * max(self.share * (1 - self.share), 0.25 / self.number)) ** 0.5 / room if room > 0 else 1.0


def urgent_first(log: History, choices: Mapping[str, list[Choice]], urgency: npt.NDArray[np.bool_]) -> Tally:
    """How often an urgent visit was taken where urgent and other visits waited.

    Args:
        log: the visits.
        choices: at each step.
        urgency: which visits are of urgent cases.
    """
    found = Tally()
    for each in (choice for at in choices.values() for choice in at):
        urgent, whole = int(urgency[each.others].sum()) + int(urgency[each.chosen]), len(each.others) + 1
        if 0 < urgent < whole:
            found.add(bool(urgency[each.chosen]), urgent / whole)
    return found


def kinds_first(choices: Mapping[str, list[Choice]], kind: Ints, ranks: Ints) -> dict[tuple[int, int], Tally]:
    """For each two kinds, how often the one was taken where both waited and one of the two was.

    Args:
        choices: at each step.
        kind: the number of each visit's kind; below 0 where it has none.
        ranks: choices between visits of different rank are not looked at.
    """
    found: dict[tuple[int, int], Tally] = {}
    for each in (choice for at in choices.values() for choice in at):
        mine = int(kind[each.chosen])
        alike = each.others[ranks[each.others] == ranks[each.chosen]]
        if mine < 0:
            continue
        names, counts = np.unique(kind[alike], return_counts=True)
        by_kind = dict(zip(names.tolist(), counts.tolist(), strict=True))
        same = by_kind.get(mine, 0) + 1
        for other, count in by_kind.items():
            if other >= 0 and other != mine:
                found.setdefault((mine, other), Tally()).add(True, same / (same + count))
                found.setdefault((other, mine), Tally()).add(False, count / (same + count))
    return found


def orders(choices: list[Choice], kinds: Ints, keys: Mapping[str, npt.NDArray[np.float64]]) -> dict[str, Tally]:
    """For each order, how often the visit that was taken is the first by it among those of its kind.

    Args:
        choices: of one pool.
        kinds: only visits of the same kind are compared.
        keys: for each order what it goes by, the smallest first; only visits for which all are finite are compared.
    """
    found = {name: Tally() for name in keys}
    finite = np.all([np.isfinite(key) for key in keys.values()], axis=0)
    for each in choices:
        rivals = each.others[(kinds[each.others] == kinds[each.chosen]) & finite[each.others]]
        if finite[each.chosen] and len(rivals):
            for name, key in keys.items():
                # Where several are alike by it, each of them would have been the first: chance does that more often.
                first = min(key[each.chosen], key[rivals].min())
                alike = int((key[rivals] == first).sum()) + int(key[each.chosen] == first)
                found[name].add(bool(key[each.chosen] == first), alike / (len(rivals) + 1))
    return found
