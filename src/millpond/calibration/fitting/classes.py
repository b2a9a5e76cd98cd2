"""Minutes of work that differ between classes of cases: streams, or urgent and routine ones.

Classes are told apart where that is better supported than one distribution for all: by the Bayesian information
criterion (Schwarz, 1978) of normal log-minutes with a mean and a spread of their own for each class, by 6 or more
("strong" in the words of Kass and Raftery, 1995), and where the means lie a twentieth or more apart. Classes with fewer
than twenty visits are left to the distribution of all. Visits without any length cannot have a
logarithm; a step at which one in twenty takes no time is left as it is.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from ibis.expr.types import Table

from millpond.calibration.streams import URGENT_WORDS
from millpond.model.steps import ROUTINE, URGENT

Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]
FEWEST, APART, STRONG = 20, 0.05, 6.0
_NOTHING, _OFTEN = 1 / 60, 0.05
_PARAMETERS = 2


@dataclass(frozen=True)
class CaseFacts:
    """What is known of cases.

    Attributes:
        streams: the stream of each case, where the model has it.
        urgent: the cases with an urgent priority.
        has_priority: the cases that have any priority.
    """

    streams: Mapping[str, str]
    urgent: frozenset[str]
    has_priority: frozenset[str]

    def urgency(self, case: str) -> str | None:
        """``urgent`` or ``routine``; None where no priority is recorded."""
        if case not in self.has_priority:
            return None
        return URGENT if case in self.urgent else ROUTINE


def case_facts(visits: Table, streams: Mapping[str, str]) -> CaseFacts:
    """What is known of the cases of a log.

    Args:
        visits: the normalised visit log, cut off.
        streams: the stream of each case.
    """
    word = visits.priority.strip().lower()
    rows = visits.group_by("case").agg(
        known=visits.priority.count() > 0, urgent=visits.count(where=word.isin(URGENT_WORDS)) > 0
    )
    found = rows.to_pyarrow().to_pylist()
    return CaseFacts(
        streams,
        frozenset(row["case"] for row in found if row["urgent"]),
        frozenset(row["case"] for row in found if row["known"]),
    )


@dataclass(frozen=True)
class Apart:
    """Classes whose minutes differ.

    Attributes:
        by: what tells them apart, in words.
        of_visit: the class of each visit; None where it is not known.
        names: the classes.
        gain: by how much the criterion falls.
    """

    by: str
    of_visit: Sequence[str | None]
    names: tuple[str, ...]
    gain: float


def classes_of(minutes: Floats, kinds: Mapping[str, Sequence[str | None]]) -> Apart | None:
    """What tells minutes apart best; None where one distribution does for all.

    Args:
        minutes: of each visit.
        kinds: ways to tell visits apart, in words, each with the class of every visit.
    """
    if not len(minutes) or float((minutes < _NOTHING).mean()) > _OFTEN:
        return None
    logs = np.log(np.maximum(minutes, _NOTHING))
    best: Apart | None = None
    for by, of_visit in kinds.items():
        labels = np.array(["" if name is None else name for name in of_visit], dtype=object)
        counts = Counter(name for name in of_visit if name is not None)
        names = sorted(name for name, count in counts.items() if count >= FEWEST)
        if len(names) < 2:
            continue
        parts = [labels == name for name in names]
        means = [float(minutes[part].mean()) for part in parts]
        if max(means) < (1 + APART) * min(means):
            continue
        chosen = np.any(parts, axis=0)
        further = _PARAMETERS * (len(names) - 1)
        fit = _likelihood(logs[chosen]) - sum(_likelihood(logs[part]) for part in parts)
        gain = -2 * fit - further * math.log(int(chosen.sum()))
        if gain >= STRONG and (best is None or gain > best.gain):
            best = Apart(by, of_visit, tuple(names), gain)
    return best


def _likelihood(logs: Floats) -> float:
    """The greatest log-likelihood of normal values."""
    return -len(logs) / 2 * (math.log(2 * math.pi * max(float(logs.var()), 1e-12)) + 1)
