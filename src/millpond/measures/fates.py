"""What became of each visit's wait, and how many waits of which length there are.

The counting runs on the engine that holds the records; only distinct lengths and their counts leave it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import ibis
import numpy as np
import pyarrow as pa
from ibis.expr.types import Table

from millpond.measures.survival import Counts, Incidence, cumulative_incidence

REACHED = "reached"
LEFT = "left"
OPEN = "open"
NO_JOINING = "joining not recorded"
NO_START = "start not recorded"
TOO_SHORT = "one instant only"
KNOWN_JOINING = ("recorded", "estimated")
"""The sources of a joining time from which a wait can be counted."""


def with_fate(known: Table, as_of_us: int) -> Table:
    """The visits known at an instant with what became of the wait of each.

    Args:
        known: as `millpond.measures.known.known_at` gives them.
        as_of_us: that instant, in microseconds since 1970-01-01 UTC.

    Returns:
        `known` with `fate` and `span_us`. `fate` is `REACHED` (started), `LEFT` (withdrew before it started),
        `OPEN` (still waiting), `NO_JOINING` (when it joined is not recorded), or `NO_START` (it has ended and when
        it started is not recorded). `span_us` is the elapsed time from joining to the fate, for those still waiting
        to the instant.
    """
    fate = ibis.cases(
        (~known.joined_source.isin(KNOWN_JOINING).fill_null(False), NO_JOINING),
        (known.started_us.notnull(), REACHED),
        (known.withdrawn, LEFT),
        (known.ended_us.notnull(), NO_START),
        else_=OPEN,
    )
    until = ibis.coalesce(known.started_us, known.ended_us, ibis.literal(as_of_us, "int64"))
    return known.mutate(fate=fate, span_us=ibis.greatest(until - known.joined_us, ibis.literal(0, "int64")))


@dataclass(frozen=True, eq=False)
class Tally:
    """The fates of one group.

    Attributes:
        fates: how many had each fate; those that nobody had are absent.
        times: the distinct lengths of those with a fate, ascending.
        reached, left, still_open: how many of each fate after exactly each length.
    """

    fates: dict[str, int] = field(default_factory=dict)
    times: Counts = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    reached: Counts = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    left: Counts = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    still_open: Counts = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def count(self, *fates: str) -> int:
        """How many had one of these fates."""
        return sum(self.fates.get(fate, 0) for fate in fates)

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.fates.values())

    def incidence(self) -> Incidence:
        """The share that has reached it by each length."""
        return cumulative_incidence(self.times, self.reached, self.left, self.still_open)

    def mean_reached(self) -> float | None:
        """The mean length of those that have reached it, and of those alone; None where there are none."""
        total = int(self.reached.sum())
        return float((self.times.astype(np.float64) * self.reached).sum()) / total if total else None


def tallies(fated: Table, keys: Sequence[str], span: str) -> dict[tuple[str, ...], Tally]:
    """The fates of each group, in the order of the groups' names.

    Args:
        fated: one row a visit or case, with `fate` and the keys, which are never null.
        keys: the columns that name the group.
        span: the column with the length, a whole number.
    """
    counted = fated.group_by(*keys, "fate").agg(rows=fated.count()).to_pyarrow().to_pylist()
    fates: dict[tuple[str, ...], dict[str, int]] = {}
    for row in counted:
        fates.setdefault(tuple(row[key] for key in keys), {})[row["fate"]] = int(row["rows"])
    groups = sorted(fates)
    lengths = _lengths(fated, keys, span, groups)
    return {group: Tally(fates[group], *lengths[number]) for number, group in enumerate(groups)}


def _lengths(
    fated: Table, keys: Sequence[str], span: str, groups: Sequence[tuple[str, ...]]
) -> list[tuple[Counts, ...]]:
    """For each group its distinct lengths and how many reached, left and stay open after each."""
    # The group goes out as a number: over millions of lengths its name would cost more than the figures.
    names = {key: pa.array([group[at] for group in groups], pa.string()) for at, key in enumerate(keys)}
    numbers = ibis.memtable(pa.table({**names, "number": pa.array(range(len(groups)), pa.int32())}))
    known = fated.filter(fated.fate.isin((REACHED, LEFT, OPEN))).join(numbers, list(keys))
    grouped = known.group_by("number", length=known[span].cast("int64")).agg(
        **{fate: known.count(where=known.fate == fate).cast("int32") for fate in (REACHED, LEFT, OPEN)}
    )
    table = grouped.order_by("number", "length").to_pyarrow()
    columns = [table[name].to_numpy() for name in ("length", REACHED, LEFT, OPEN)]
    bounds = np.searchsorted(table["number"].to_numpy(), np.arange(len(groups) + 1))
    return [tuple(column[bounds[at] : bounds[at + 1]] for column in columns) for at in range(len(groups))]
