"""What is odd in the records, each finding with how often, and a few of the visits concerned.

A finding is a value with a sentence for a person. It says what was found and what was made of it; it mends nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

EXAMPLES = 5


@dataclass(frozen=True)
class Finding:
    """One kind of thing that is odd in the records.

    Attributes:
        kind: a fixed name, such as ``missing starts``.
        count: how many (visits, unless the sentence says rows or days).
        share: `count` over the visits looked at; None where a share means nothing.
        sentence: what was found, and what was made of it.
        examples: up to five of the visits (or names, or days) concerned.
    """

    kind: str
    count: int
    share: float | None
    sentence: str
    examples: tuple[str, ...] = ()


def finding(kind: str, count: int, total: int | None, sentence: str, examples: Sequence[str] = ()) -> Finding:
    """A finding whose share is taken of a total; None where no share is wanted."""
    share = count / total if total else None
    return Finding(kind, count, share, sentence, tuple(str(name) for name in examples[:EXAMPLES]))


def counted(number: int, what: str) -> str:
    """``1 visit``, ``1,204 visits``."""
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"


def percent(count: int, total: int) -> str:
    """A share for a sentence; never 0% or 100% where it is not exactly so."""
    if total == 0 or count == 0:
        return "0%"
    if count == total:
        return "100%"
    share = 100 * count / total
    if share < 1:
        return "under 1%"
    return "over 99%" if share > 99 else f"{share:.0f}%"


def examples(con: duckdb.DuckDBPyConnection, table: str, where: str) -> list[str]:
    """The ids of the first few visits, by when they joined, that meet a condition."""
    rows = con.execute(
        f'SELECT coalesce(visit, "case") FROM {table} WHERE {where} ORDER BY joined_us, 1 LIMIT {EXAMPLES}'
    )
    return [row[0] for row in rows.fetchall()]
