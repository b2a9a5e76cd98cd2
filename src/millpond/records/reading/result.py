"""What reading a source came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Lifecycle = Literal["intervals", "start/complete rows", "single timestamp"]


@dataclass(frozen=True)
class Reading:
    """What was read, what was kept, and what a person should know about it.

    Attributes:
        source: the file or database, without any password.
        format: what it is, such as ``CSV with semicolons, gzip``.
        rows_read: rows with anything in them, without the heading.
        rows_kept: rows that went into the visit log; two of them may make one visit.
        rows_set_aside: rows that did not, each with its reason in the table ``..._aside``.
        aside_reasons: how many rows were set aside for each reason.
        columns: our name to their column.
        extra_columns: the columns of the visit log that are not ours, in the order of the source.
        lifecycle: how the source records a visit.
        notes: sentences for a person.
        encoding, delimiter: of a text; None for other sources.
        visits: rows of the visit log.
        counts: how often something happened that a person may want to look at: ``blank_rows``,
            ``joined_after_started`` (they are taken to have joined when they started), ``no_time_of_day``,
            ``clock_skipped`` and ``clock_repeated`` (local times at the change of the clocks).
    """

    source: str
    format: str
    rows_read: int
    rows_kept: int
    rows_set_aside: int
    aside_reasons: Mapping[str, int]
    columns: Mapping[str, str]
    extra_columns: tuple[str, ...]
    lifecycle: Lifecycle
    notes: tuple[str, ...]
    encoding: str | None
    delimiter: str | None
    visits: int
    counts: Mapping[str, int] = field(default_factory=dict)
