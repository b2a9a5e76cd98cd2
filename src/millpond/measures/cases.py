"""The cases in a visit log as they were known at one instant: one row a case, from its first visit to its
last.

A case opens when its first visit joins, and is closed once every visit known of it has ended. The records do
not say that a case will not come back: one that is between two visits at the instant counts as closed at its
last end.
"""

from __future__ import annotations

import ibis
from ibis.expr.types import StringValue, Table

from millpond.measures.fates import KNOWN_JOINING
from millpond.model import Service

UNSTATED = "not stated"
"""The stream of cases that name none, where the service does not have exactly one."""

CLOSED_NOTE = (
    "A case is judged closed when every visit known of it has ended; one that is between two visits when the records "
    "end cannot be told from a closed one."
)

NONE_OPEN_NOTE = (
    "No visit on record is open. Where the records hold ended visits only, every case under way looks closed, and "
    "lead times and caseloads come out too low."
)


def cases_at(visits: Table, service: Service, as_of_us: int) -> Table:
    """The cases known at an instant.

    Args:
        visits: the normalised visit log; visits at steps that need no staff belong to the case like any
            other.
        service: says which outcomes are withdrawals, and the stream of cases where there is only one.
        as_of_us: the instant, in microseconds since 1970-01-01 UTC; events at this very instant are known.

    Returns:
        `case`; `stream`, that of the earliest visit that names one, else the service's only one, else
        `UNSTATED`; `opened_us`, `opened_day` and `opened_hour`, of the first visit's joining;
        `opening_known`, false where that is not recorded and was taken from a start or an end; `closed_us`
        and `closed_day`, null while a visit is open; `withdrawn`, true where the case is closed and a visit
        that ended last was withdrawn.
    """
    joined = visits.filter(visits.joined_us <= as_of_us)
    ended = (joined.ended_us <= as_of_us).fill_null(False)
    known = joined.joined_source.isin(KNOWN_JOINING).fill_null(False)
    withdrawn = joined.outcome.isin(list(service.withdrawn_outcomes)).fill_null(False)
    # What belongs to the first instant (or last) travels in the lowest bits of its microseconds: the least
    # (or greatest) of such numbers carries it along, in one pass and on any engine.
    first = joined.joined_us * 64 + joined.joined_hour.cast("int64") * 2 + ibis.ifelse(known, 0, 1)
    last = joined.ended_us * 2 + ibis.ifelse(withdrawn, 1, 0)
    cases = joined.group_by("case").agg(
        opened_us=joined.joined_us.min(),
        opened_day=joined.joined_day.min(),
        first=first.min(),
        still_open=joined.count(where=~ended),
        ended_us=joined.ended_us.max(where=ended),
        ended_day=joined.ended_day.max(where=ended),
        last=last.max(where=ended),
    )
    cases = cases.left_join(_streams(joined), "case").drop("case_right")
    carried = cases.first - cases.opened_us * 64
    over = cases.still_open == 0
    return cases.select(
        "case",
        "opened_us",
        "opened_day",
        stream=ibis.coalesce(cases.stream, _stream_of_all(service)),
        opened_hour=(carried // 2).cast("int16"),
        opening_known=carried % 2 == 0,
        closed_us=ibis.ifelse(over, cases.ended_us, ibis.null("int64")),
        closed_day=ibis.ifelse(over, cases.ended_day, ibis.null("int32")),
        withdrawn=over & (cases["last"] - cases.ended_us * 2 == 1),
    )


def _streams(joined: Table) -> Table:
    """The stream of each case that names one: that of its earliest visit that does."""
    named = joined.filter(joined.stream.notnull()).select("case", "stream", "joined_us")
    earliest = named.group_by("case").agg(joined_us=named.joined_us.min())
    first = named.join(earliest, ["case", "joined_us"])
    return first.group_by("case").agg(stream=first.stream.min())


def _stream_of_all(service: Service) -> StringValue:
    return ibis.literal(next(iter(service.streams)) if len(service.streams) == 1 else UNSTATED)
