"""What a fit hands back: every value with its interval, visits and reason, and what could not be learned."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np

from millpond.calibration.fitting.evidence import Learned, Unlearned
from millpond.calibration.fitting.fit import Fitted
from millpond.calibration.fitting.history import UNKNOWN
from millpond.calibration.fitting.parallel import Pairs
from millpond.calibration.wording import counted
from millpond.measures.results import Result
from millpond.model import Service
from millpond.periods import moment_of


@dataclass(frozen=True)
class Fit(Result):
    """A fitted model, and what its values rest on.

    Attributes:
        rows: the values, in the order of the file.
        as_of: the instant that ends what was learned from, ISO 8601.
        visits, cases: how many were learned from.
        outside_share: the share of the waiting before visits that our own staff did not cause; None where nothing
            waited.
        unlearned: what the records do not tell, each with the measurement that would settle it.
        service: the model.
    """

    as_of: str
    visits: int
    cases: int
    outside_share: float | None
    unlearned: tuple[Unlearned, ...]
    service: Service
    row_type: ClassVar[type] = Learned

    def to_dict(self) -> dict[str, Any]:
        """The result as plain values, without the model, which stands in ``fitted.toml``."""
        return {
            "as_of": self.as_of,
            "visits": self.visits,
            "cases": self.cases,
            "outside_share": self.outside_share,
            "unlearned": [asdict(each) for each in self.unlearned],
            "rows": [asdict(row) for row in self.rows],
            "notes": list(self.notes),
        }


def fit_result(fitted: Fitted, parallel: Pairs = frozenset(), notes: tuple[str, ...] = ()) -> Fit:
    """The result of a fit.

    Args:
        fitted: what was learned.
        parallel: pairs of steps that run side by side.
        notes: further sentences that belong to it.
    """
    log, split = fitted.log, fitted.split
    follows = split.follows
    before = log.ended_us[split.enabler[follows]]
    waited = int(np.maximum(log.started_us[follows] - before, 0).sum())
    # Who has joined waits for our staff and their hours, as the model has it; until then nobody of ours is asked. Where
    # no joining is recorded, a fixed time that passes before a visit can start is outside too.
    joined = (log.joined_us[follows] != UNKNOWN) & (log.joined_us[follows] <= log.started_us[follows])
    until = np.maximum(split.enabled_us[follows] - before, 0)
    outside = int((until + np.where(joined, 0, split.outside_us[follows])).sum())
    said = [*notes, *fitted.evidence.notes]
    if log.is_single_timestamp:
        said.append(
            "The records tell one instant of each visit only. Work is taken to take no time, waiting for our own staff "
            "cannot be told from other delays, and changes of staffing change nothing in this model. Record when the "
            "work on a visit starts and when it ends."
        )
    elif waited:
        said.append(
            f"{100 * outside / waited:.0f}% of the time between one visit and the next was caused by nobody in the "
            f"records; {_unsure(int((split.censored[follows] & ~joined).sum()), int((~joined).sum()))}."
        )
    if fitted.blocks:
        said += [
            f"Cases go to {', '.join(branch[0] for branch in block.branches)} all at once ({block.whole:,} of "
            f"{block.runs:,} times)."
            for block in fitted.blocks
        ]
    elif parallel:
        said.append("Some steps overlap in time but follow no fixed form; the model has them one after another.")
    return Fit(
        rows=tuple(fitted.evidence.learned),
        notes=tuple(said),
        as_of=moment_of(log.as_of_us, log.zone).isoformat(timespec="seconds"),
        visits=len(log),
        cases=len(log.by_case),
        outside_share=outside / waited if waited else None,
        unlearned=tuple(fitted.evidence.unlearned),
        service=fitted.service,
    )


def _unsure(censored: int, without_joining: int) -> str:
    if not without_joining:
        return "it passed before visits joined, and the rest is waiting for our own staff and their hours"
    return (
        f"{censored:,} of {counted(without_joining, 'visit')} without a recorded joining time came straight from "
        "another visit of their worker, so that of their delay only the most is known"
    )
