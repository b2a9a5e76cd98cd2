"""The visits of each case in their order, and which cases are finished.

A case is finished when all its visits have ended, and the last one has an outcome other than ``done`` or nothing has
followed for longer than 95% of the pauses between one visit's end and the next one's joining: where a log holds only
what was done, a case between two visits looks like one that is over. The visits of a case follow one another in the
order in which they joined, then started, then ended.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
from ibis.expr.types import Table

PAUSES = 0.95
_OF_A_VISIT = ("", "done", "complete", "completed", "finished")
"""Words that say that a visit is over, and nothing of its case."""


@dataclass(frozen=True)
class Histories:
    """The visits known at an instant, in the order of their cases.

    Attributes:
        visits: `case`, `step`, `outcome`, `place` (from 0), `following` (the step of the next visit; null on the
            last one), `joined_day`, `stream`, `channel`, `priority`, `ended_us`, `next_us` (when the next joined).
        cases: `case`, `is_finished`.
    """

    visits: Table
    cases: Table


def histories(visits: Table, as_of_us: int) -> Histories:
    """Puts the visits of each case in order.

    Args:
        visits: the normalised visit log.
        as_of_us: the instant that ends the records, microseconds since 1970-01-01 UTC.
    """
    joined = visits.filter(visits.joined_us <= as_of_us)
    worked = ibis.coalesce(joined.started_us, joined.ended_us)
    # Of events at one instant, a log has the first one first.
    tie = ["row_number"] if "row_number" in joined.columns else []
    order = ibis.window(group_by="case", order_by=["joined_us", worked, "ended_us", *tie, "visit"])
    has_ended = (joined.ended_us <= as_of_us).fill_null(False)
    ordered = joined.select(
        "case",
        "step",
        "joined_day",
        "stream",
        "channel",
        "priority",
        outcome=ibis.ifelse(has_ended, joined.outcome, ibis.null("string")),
        place=ibis.row_number().over(order),
        following=joined.step.lead().over(order),
        next_us=joined.joined_us.lead().over(order),
        ended_us=ibis.ifelse(has_ended, joined.ended_us, ibis.null("int64")),
    )
    pause = ordered.next_us - ordered.ended_us
    longest = pause.quantile(PAUSES, where=pause >= 0).to_pyarrow().as_py() or 0
    closes = ordered.following.isnull() & ordered.outcome.notnull() & ~ordered.outcome.strip().lower().isin(_OF_A_VISIT)
    ended = ordered.group_by("case").agg(
        still_open=ordered.count(where=ordered.ended_us.isnull()),
        last_us=ordered.ended_us.max(),
        closing=ordered.count(where=closes.fill_null(False)),
    )
    is_over = (ended.last_us <= as_of_us - int(longest)).fill_null(False) | (ended.closing > 0)
    is_finished = (ended.still_open == 0) & is_over
    return Histories(ordered, ended.select("case", is_finished=is_finished))
