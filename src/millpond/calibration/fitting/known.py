"""A visit log cut off at an instant, as somebody would have had it then: nothing later can reach what is learned."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table


def cut_off(visits: Table, as_of_us: int) -> Table:
    """The visits that had joined by an instant, without what happened to them afterwards.

    Args:
        visits: the normalised visit log.
        as_of_us: microseconds since 1970-01-01 UTC; events at this very instant are known.

    Returns:
        A table of its own, which no longer refers to the log.
    """
    joined = visits.filter(visits.joined_us <= as_of_us)
    changed = {}
    for event in ("started", "ended"):
        known = (joined[f"{event}_us"] <= as_of_us).fill_null(False)
        for part in ("us", "day", "hour"):
            column = joined[f"{event}_{part}"]
            changed[f"{event}_{part}"] = ibis.ifelse(known, column, ibis.null(column.type()))
    later = (joined.ended_us > as_of_us).fill_null(False) | (joined.started_us > as_of_us).fill_null(False)
    changed["minutes_us"] = ibis.ifelse(later, ibis.null("int64"), joined.minutes_us)
    changed["outcome"] = ibis.ifelse(later, ibis.null("string"), joined.outcome)
    return ibis.memtable(joined.mutate(**changed).order_by("joined_us", "visit").to_pyarrow())
