"""What the parts of a fit look at: the history, how its steps hang together, the waiting split, and the moves.

Nothing of the model is estimated here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ibis.expr.types import Table

from millpond.calibration.fitting.blocks import Block, blocks_of
from millpond.calibration.fitting.daily_minutes import DailyMinutes, daily_minutes
from millpond.calibration.fitting.delays import Split, split_waits
from millpond.calibration.fitting.endings import Endings, endings_of
from millpond.calibration.fitting.evidence import Evidence
from millpond.calibration.fitting.history import History
from millpond.calibration.fitting.moves import moves_of
from millpond.calibration.fitting.openings import Openings, openings_of
from millpond.calibration.fitting.parallel import Pairs, parallel_steps
from millpond.calibration.fitting.sessions import Sessions, sessions_of, without_gathering
from millpond.calibration.fitting.ways import Move
from millpond.calibration.histories import histories
from millpond.calibration.outcomes import Outcomes
from millpond.model import Service


@dataclass(frozen=True)
class Seen:
    """What the parts of a fit share."""

    drafted: Service
    log: History
    parallel: Pairs
    openings: Mapping[str, Openings]
    split: Split
    moves: Mapping[str, list[Move]]
    blocks: tuple[Block, ...]
    ends: Outcomes
    sessions: Mapping[str, Sessions]
    endings: Endings
    daily_minutes: Mapping[str, DailyMinutes]


def look(known: Table, log: History, drafted: Service, evidence: Evidence) -> Seen:
    """Looks at a history.

    Args:
        known: the normalised visit log, cut off.
        log: the same as arrays.
        drafted: the service so far.
        evidence: is told what kind of records they are.
    """
    times = log.started_us[log.has_started]
    by_pool = openings_of(drafted, int(times.min()), log.as_of_us) if len(times) else {}
    openings = {name: by_pool[step.pool] for name, step in drafted.steps.items() if step.pool in by_pool}
    parallel = parallel_steps(log)
    sessions = sessions_of(log)
    spent = daily_minutes(log, drafted, by_pool)
    waits = split_waits(log, parallel, openings, spent.busy_until_us)
    split = without_gathering(waits, log, sessions.values())
    over = histories(known, log.as_of_us).cases
    ends = Outcomes(drafted.outcomes, tuple(drafted.withdrawn_outcomes), ())
    looks_over = frozenset(over.filter(over.is_finished).to_pyarrow()["case"].to_pylist())
    finished = endings_of(log, ends, looks_over)
    evidence.notes.append(finished.note)
    blocks = blocks_of(log, parallel)
    moves = moves_of(log, split, openings, finished.finished, ends, blocks, finished.until_us)
    return Seen(drafted, log, parallel, openings, split, moves, blocks, ends, sessions, finished, spent.of_pool)
