"""Which visits of a new extract are visits that the folder has already.

A source that gives its visits an id settles it. Otherwise visits are the same where they are at the same step of the
same case and joined at the same instant, or, where one side does not know when they joined, started or ended at the
same instant. Where several visits share all of that, those that agree in everything are paired first, and the rest
in order: two contacts of one case in one minute stay two.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from millpond.records.schema import RECORDED_JOINED, count, quoted

PAIRS = "pairs"
"""The table that `match` makes: the visit id in the folder (`kept`) and in the extract (`came`)."""

_DERIVED = r"regexp_matches(visit, '\|[0-9]+-[0-9]{2}-[0-9]{2}T[0-9:.]+Z\|[0-9]+$')"
"""Whether an id has the form of one that `derive_visit_ids` made."""
KIN = r"regexp_replace(visit, '\|[0-9]+$', '')"
"""What the derived ids of visits with the same case, step and instant have in common."""
_CONTENT = (RECORDED_JOINED, "started_us", "ended_us", "worker", "pool", "outcome", "minutes_us")


def match(con: duckdb.DuckDBPyConnection, kept: str, came: str, *, nameless: bool = False) -> None:
    """Pair the visits of the folder with those of the extract, each at most once.

    Makes the table `pairs` (`kept`, `came`).

    Args:
        con: the database.
        kept: the folder's visits, as read; `visit` is unique.
        came: the extract's visits, as read; `visit` is unique.
        nameless: the extract names no cases; its visits are paired without regard to the case.
    """
    con.execute(f"CREATE OR REPLACE TABLE {PAIRS} (kept VARCHAR, came VARCHAR)")
    if not nameless:
        _pair_by_id(con, kept, came)
    who = ["step"] if nameless else ['"case"', "step"]
    joining_unknown = f"(k.{RECORDED_JOINED} IS NULL OR c.{RECORDED_JOINED} IS NULL)"
    start_unknown = "(k.started_us IS NULL OR c.started_us IS NULL)"
    _pair(con, kept, came, [*who, *_CONTENT], "TRUE")
    for key, condition in (
        ([RECORDED_JOINED, "started_us"], "TRUE"),
        ([RECORDED_JOINED], "TRUE"),
        (["started_us"], joining_unknown),
        (["ended_us"], f"{joining_unknown} AND {start_unknown}"),
    ):
        known = " AND ".join(f"k.{name} IS NOT NULL" for name in key)
        _pair(con, kept, came, [*who, *key], f"{known} AND {condition}")


def _pair_by_id(con: duckdb.DuckDBPyConnection, kept: str, came: str) -> None:
    """Pair equal ids, but for derived ones that differ only in their place among kin: the place may have changed."""
    con.execute(
        f"CREATE OR REPLACE TABLE crowds AS SELECT {KIN} AS kin FROM {quoted(kept)} WHERE {_DERIVED}"
        f" GROUP BY 1 HAVING count(*) > 1 UNION SELECT {KIN} FROM {quoted(came)} WHERE {_DERIVED}"
        " GROUP BY 1 HAVING count(*) > 1"
    )
    con.execute(
        f"INSERT INTO {PAIRS} SELECT visit, visit FROM (SELECT visit FROM {quoted(kept)})"
        f" SEMI JOIN {quoted(came)} USING (visit)"
        f" WHERE NOT {_DERIVED} OR {KIN} NOT IN (SELECT kin FROM crowds)"
    )
    con.execute("DROP TABLE crowds")


def _pair(con: duckdb.DuckDBPyConnection, kept: str, came: str, key: Sequence[str], condition: str) -> None:
    """Pair what is not paired yet and agrees in the key, the first of one side with the first of the other."""
    paired = count(con, PAIRS)
    if paired in (count(con, quoted(kept)), count(con, quoted(came))):
        return  # one side has nothing left

    def side(table: str, name: str) -> str:
        return (
            f"(SELECT *, {_DERIVED} AS derived, row_number() OVER (PARTITION BY {', '.join(key)}"
            f" ORDER BY started_us, ended_us, visit) AS turn FROM {quoted(table)}"
            f" ANTI JOIN {PAIRS} ON visit = {PAIRS}.{name})"
        )

    same = " AND ".join(f"k.{name} IS NOT DISTINCT FROM c.{name}" for name in [*key, "turn"])
    con.execute(
        f"INSERT INTO {PAIRS} SELECT k.visit, c.visit FROM {side(kept, 'kept')} AS k"
        f" JOIN {side(came, 'came')} AS c ON {same} WHERE (k.derived OR c.derived) AND {condition}"
    )
