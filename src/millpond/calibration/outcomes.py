"""What the words for outcomes in the records mean: closed, withdrawn, or an outcome of the service's own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from millpond.calibration.wording import counted, in_quotes
from millpond.model.references import CLOSED, WITHDRAWN

MOST = 30
"""With more words than this, the column is no list of outcomes."""
_DONE = frozenset(("closed", "done", "complete", "completed", "finished"))
LEFT = frozenset(("withdrawn", "withdrew", "withdraw"))
"""Words that say that the person left."""


@dataclass(frozen=True)
class Outcomes:
    """The outcomes of a service.

    Attributes:
        declared: the service's own outcomes, the most frequent first.
        withdrawn: the outcomes that are withdrawals.
        notes: sentences about them.
    """

    declared: tuple[str, ...]
    withdrawn: tuple[str, ...]
    notes: tuple[str, ...]

    def meaning(self, word: str | None) -> str:
        """The outcome with which a case ends whose last visit has this word."""
        if word is None or (word not in self.declared and word not in self.withdrawn):
            return CLOSED
        return word


def outcomes(words: Mapping[str, int], steps: Collection[str]) -> Outcomes:
    """The outcomes that the records name.

    Args:
        words: the words for outcomes in the records, and how many visits have each.
        steps: the names of steps, which cannot be outcomes too.
    """
    own = {word: count for word, count in words.items() if word.strip() and word.strip().casefold() not in _DONE}
    taken = sorted(word for word in own if word in steps)
    rest = {word: count for word, count in own.items() if word not in steps and word != WITHDRAWN}
    notes = []
    if taken:
        notes.append(f"The outcomes {in_quotes(taken)} have the names of steps and were left out.")
    if len(rest) > MOST:
        notes.append(
            f"The column of outcomes has {len(rest):,} different words, too many for a list of outcomes; they were "
            "left out, and cases that have them count as closed."
        )
        rest = {word: count for word, count in rest.items() if word.strip().casefold() in LEFT}
    declared = tuple(sorted(rest, key=lambda word: (-rest[word], word)))
    gone = tuple(word for word in declared if word.strip().casefold() in LEFT)
    if gone:
        visits = sum(rest[word] for word in gone)
        notes.append(f"{in_quotes(list(gone))} ({counted(visits, 'visit')}) is taken to mean that the person withdrew.")
    others = [word for word in declared if word not in gone]
    if others:
        notes.append(
            f"Cases may end as {in_quotes(others)}: if one of these means that the person left before the work was "
            "done, add it to withdrawn_outcomes."
        )
    return Outcomes(declared, (WITHDRAWN, *gone), tuple(notes))
