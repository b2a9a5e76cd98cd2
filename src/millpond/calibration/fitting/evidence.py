"""What the values of a fit rest on, each with its interval, visits and reason; and what could not be learned.

Nothing is estimated here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from millpond.calibration.fitting.history import History


@dataclass(frozen=True)
class Learned:
    """One value of the model.

    Attributes:
        key: where it stands in ``fitted.toml``, such as ``steps.triage.minutes``.
        value: the value; of a distribution its mean, of shares one of them, of an order, a priority or urgency the
            share of choices that follow it, of days off the share of them that were worked.
        low, high: of its 95% interval.
        visits: how many visits, cases or arrivals it rests on.
        why: why it is this one, in a sentence.
    """

    key: str
    value: float
    low: float
    high: float
    visits: int
    why: str


@dataclass(frozen=True)
class Unlearned:
    """Something that the records do not tell.

    Attributes:
        key: where it would stand; several where the reason is the same.
        why: why it cannot be told.
        measure: what would have to be recorded to settle it.
    """

    key: str
    why: str
    measure: str


@dataclass
class Evidence:
    """What is collected while a service is fitted."""

    visits: int
    cases: int
    learned: list[Learned] = field(default_factory=list)
    unlearned: list[Unlearned] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    said: frozenset[str] = frozenset()

    @classmethod
    def empty(cls, log: History, own: Mapping[str, Any] | None = None) -> Evidence:
        """Nothing learned yet from a history.

        Args:
            log: the history.
            own: what a person says of the service, by section, entry and key: of that nothing is missing.
        """
        said = (
            f"{section}.{entry}.{key}"
            for section, entries in (own or {}).items()
            if isinstance(entries, Mapping)
            for entry, keys in entries.items()
            if isinstance(keys, Mapping)
            for key in keys
        )
        return cls(len(log), len(log.by_case), said=frozenset(said))

    def add(self, learned: Learned) -> None:
        """One value more."""
        self.learned.append(learned)

    def cannot(self, key: str, why: str, measure: str) -> None:
        """One thing more that the records do not tell; what has the same reason and the same cure is told together,
        and what a person says is not missing."""
        if key in self.said:
            return
        for place, each in enumerate(self.unlearned):
            if (each.why, each.measure) == (why, measure):
                self.unlearned[place] = Unlearned(f"{each.key}, {key}", why, measure)
                return
        self.unlearned.append(Unlearned(key, why, measure))


def share_interval(part: int, whole: int) -> tuple[float, float]:
    """The 95% interval of a share (Wilson, 1927)."""
    if not whole:
        return 0.0, 1.0
    z, share = 1.959963984540054, part / whole
    centre = (share + z**2 / (2 * whole)) / (1 + z**2 / whole)
    half = z / (1 + z**2 / whole) * sqrt(share * (1 - share) / whole + z**2 / (4 * whole**2))
    return max(float(centre - half), 0.0), min(float(centre + half), 1.0)
