"""Puts a new extract and what the folder has together, visit by visit.

* A visit that the folder does not have is added.
* A visit that is **open** in the folder becomes what the extract says of it, for every column that the extract has.
  An extract that ends before the folder's records do takes nothing back: it only fills in what is blank.
* A visit that is **closed** in the folder stays as it is. Where the extract says otherwise it *differs*, and the
  extract's row is set aside, unless it is asked that the extract wins. An extract that ends before the visit does,
  and shows it open, does not differ: it did not know.
* A column that the folder's file does not have is added, and filled in for all visits that the extract knows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import duckdb

from millpond.records.matching import KIN, PAIRS
from millpond.records.reading import Reading
from millpond.records.schema import RECORDED_JOINED, TEXTS, count, further_columns, quoted

MERGED = "merged"
DIFFERING = "differing"

_FIXED = {
    RECORDED_JOINED: "joined",
    "started_us": "started",
    "ended_us": "ended",
    "minutes_us": "minutes",
    **{name: name for name in ("worker", "pool", "outcome", *TEXTS)},
}
"""The columns in which visits may differ, and what a file calls them."""


@dataclass(frozen=True)
class Merged:
    """What putting an extract and the folder's visits together came to, in visits.

    Attributes:
        added: not in the folder before.
        updated: changed by the extract.
        unchanged: in both, and alike.
        differing: closed in the folder, and told otherwise by the extract.
        missing_open: open in the folder, and not in the extract.
    """

    added: int
    updated: int
    unchanged: int
    differing: int
    missing_open: int


def recorded_columns(reading: Reading) -> frozenset[str]:
    """Which of our names a file says something about, or has an empty column for."""
    names = set(reading.columns)
    if "timestamp" in names:
        names |= {"single timestamp": {"ended"}}.get(reading.lifecycle, {"joined", "started", "ended"})
    return frozenset(names)


def merge(
    con: duckdb.DuckDBPyConnection,
    kept: str,
    came: str,
    *,
    kept_columns: Collection[str],
    came_columns: Collection[str],
    last_us: int | None,
    older: bool,
    replace_closed: bool,
    nameless: bool = False,
) -> Merged:
    """Merge the extract into the folder's visits, along the table `pairs`.

    Makes `differing` (the visit ids of the extract's rows that differ) and, where anything is added or updated,
    `merged`, ready to be written.

    Args:
        con: the database.
        kept: the folder's visits as read.
        came: the extract's visits as read.
        kept_columns, came_columns: what the folder's file and the extract have columns for (`recorded_columns`).
        last_us: the extract's last instant that is not in the future.
        older: the extract ends before the folder's records do.
        replace_closed: the extract wins over closed visits.
        nameless: the extract names no cases, so they are not compared.
    """
    _free_ids(con, kept, came, nameless)
    columns = _columns(con, kept, came, kept_columns, came_columns)
    if not nameless:
        columns = [
            _Column("case", '"case"', '"case"', True, True),
            _Column("step", "step", "step", True, True),
            *columns,
        ]
    _propose(con, kept, came, columns, last_us, older, replace_closed)
    con.execute(f"CREATE OR REPLACE TABLE {DIFFERING} AS SELECT came AS visit FROM proposed WHERE status = 'differs'")
    pairs = count(con, "proposed")
    updated = count(con, "proposed", "changed")
    differing = count(con, DIFFERING)
    untouched = count(con, "proposed", "NOT changed AND status <> 'differs'")
    missing = count(con, quoted(kept), f"ended_us IS NULL AND visit NOT IN (SELECT kept FROM {PAIRS})")
    added = count(con, quoted(came)) - pairs
    if added or updated:
        _put_together(con, kept, came, columns, nameless)
    con.execute("DROP TABLE proposed")
    return Merged(added, updated, untouched, differing, missing)


@dataclass(frozen=True)
class _Column:
    """A column of the merged log: its name, where it is in each table (NULL: nowhere), and who has it."""

    name: str
    in_kept: str
    in_came: str
    kept_has: bool
    came_has: bool

    @property
    def k(self) -> str:
        return self.in_kept if self.in_kept.startswith("CAST(NULL") else f"k.{self.in_kept}"

    @property
    def c(self) -> str:
        return self.in_came if self.in_came.startswith("CAST(NULL") else f"c.{self.in_came}"


def _columns(
    con: duckdb.DuckDBPyConnection, kept: str, came: str, kept_columns: Collection[str], came_columns: Collection[str]
) -> list[_Column]:
    columns = [
        _Column(name, name, name, called in kept_columns, called in came_columns) for name, called in _FIXED.items()
    ]
    # DuckDB takes names that differ only in capitals for one: the folder's spelling stays.
    ours = {name.casefold(): name for name in further_columns(con, kept)}
    theirs = {name.casefold(): name for name in further_columns(con, came)}
    nothing = "CAST(NULL AS VARCHAR)"
    for folded in dict.fromkeys((*ours, *theirs)):
        columns.append(
            _Column(
                ours.get(folded) or theirs[folded],
                quoted(ours[folded]) if folded in ours else nothing,
                quoted(theirs[folded]) if folded in theirs else nothing,
                folded in ours,
                folded in theirs,
            )
        )
    return columns


def _propose(
    con: duckdb.DuckDBPyConnection,
    kept: str,
    came: str,
    columns: Sequence[_Column],
    last_us: int | None,
    older: bool,
    replace_closed: bool,
) -> None:
    """Make `proposed`: for each pair, what is to become of the visit."""
    both = [column for column in columns if column.kept_has and column.came_has]
    conflict = " OR ".join(f"{column.c} IS DISTINCT FROM {column.k}" for column in both) or "FALSE"
    end = "NULL::BIGINT" if last_us is None else str(last_us)
    not_known_yet = f"(c.ended_us IS NULL AND coalesce(k.ended_us > {end}, FALSE))"
    status = (
        f"CASE WHEN k.ended_us IS NULL THEN '{'fill' if older else 'take'}'"
        f" WHEN ({conflict}) AND NOT {not_known_yet} THEN '{'take' if replace_closed else 'differs'}' ELSE 'keep' END"
    )
    con.execute(
        f"CREATE OR REPLACE TABLE proposed AS SELECT kept, came, status, FALSE AS changed FROM ("
        f"SELECT p.kept, p.came, {status} AS status FROM {PAIRS} AS p"
        f" JOIN {quoted(kept)} AS k ON k.visit = p.kept JOIN {quoted(came)} AS c ON c.visit = p.came)"
    )
    changed = " OR ".join(f"({_value(column)}) IS DISTINCT FROM {column.k}" for column in columns)
    con.execute(
        f"UPDATE proposed SET changed = TRUE FROM (SELECT p.kept AS visit FROM proposed AS p"
        f" JOIN {quoted(kept)} AS k ON k.visit = p.kept JOIN {quoted(came)} AS c ON c.visit = p.came"
        f" WHERE {changed}) AS found WHERE proposed.kept = found.visit"
    )


def _value(column: _Column) -> str:
    """The SQL for what a column of a paired visit becomes."""
    if not column.came_has:
        return column.k
    if not column.kept_has:
        return f"coalesce({column.k}, {column.c})"
    filled = f"coalesce({column.k}, {column.c})"
    return f"CASE p.status WHEN 'take' THEN {column.c} WHEN 'fill' THEN {filled} ELSE {column.k} END"


def _put_together(
    con: duckdb.DuckDBPyConnection, kept: str, came: str, columns: Sequence[_Column], nameless: bool
) -> None:
    who = ["case", "step"] if nameless else []
    of_kept = ["k.visit", *(f"k.{quoted(name)}" for name in who)]
    of_kept += [
        f"CASE WHEN p.kept IS NULL THEN {column.k} ELSE {_value(column)} END AS {quoted(column.name)}"
        for column in columns
    ]
    of_came = ["c.visit", *(f"c.{quoted(name)}" for name in who)]
    of_came += [f"{column.c} AS {quoted(column.name)}" for column in columns]
    # When a visit joined is worked out again as reading does, because its events may come from both sides.
    joined = (
        f"CASE WHEN {RECORDED_JOINED} IS NULL THEN coalesce(started_us, ended_us)"
        f" ELSE least({RECORDED_JOINED}, started_us) END"
    )
    days = (
        "CASE joined_us WHEN k_us THEN k_day WHEN c_us THEN c_day WHEN s_us THEN s_day ELSE coalesce(c_day, k_day) END"
    )
    con.execute(
        f"""
        CREATE OR REPLACE TABLE {MERGED} AS
        SELECT * EXCLUDE (k_us, k_day, c_us, c_day, s_us, s_day), {days} AS joined_day FROM (
            SELECT *, {joined} AS joined_us FROM (
                SELECT {", ".join(of_kept)}, k.joined_us AS k_us, k.joined_day AS k_day, c.joined_us AS c_us,
                    c.joined_day AS c_day, coalesce(c.started_us, k.started_us) AS s_us,
                    coalesce(c.started_day, k.started_day) AS s_day
                FROM {quoted(kept)} AS k LEFT JOIN proposed AS p ON p.kept = k.visit
                LEFT JOIN {quoted(came)} AS c ON c.visit = p.came
                UNION ALL
                SELECT {", ".join(of_came)}, NULL, NULL, c.joined_us, c.joined_day, NULL, NULL
                FROM {quoted(came)} AS c ANTI JOIN {PAIRS} AS p ON p.came = c.visit
            )
        )
        """
    )


def _free_ids(con: duckdb.DuckDBPyConnection, kept: str, came: str, nameless: bool) -> None:
    """Give visits that are new, and whose derived ids the folder's visits have already, the next free ones."""
    taken = (
        f"SELECT visit FROM {quoted(came)} ANTI JOIN {PAIRS} ON visit = {PAIRS}.came"
        f" SEMI JOIN {quoted(kept)} AS k USING (visit)"
    )
    con.execute(f"CREATE OR REPLACE TABLE taken_ids AS SELECT visit, {KIN} AS kin FROM ({taken})")
    if count(con, "taken_ids"):
        every = (
            f"SELECT visit, {KIN} AS kin FROM (SELECT visit FROM {quoted(kept)} UNION SELECT visit FROM {quoted(came)})"
        )
        con.execute(
            f"""
            UPDATE {quoted(came)} AS c SET visit = free.id FROM (
                SELECT t.visit, t.kin || '|' || (last + row_number() OVER (PARTITION BY t.kin ORDER BY t.visit)) AS id
                FROM taken_ids AS t JOIN (
                    SELECT kin, max(CAST(regexp_extract(visit, '[0-9]+$') AS BIGINT)) AS last FROM ({every})
                    SEMI JOIN taken_ids USING (kin) GROUP BY kin
                ) AS highest USING (kin)
            ) AS free WHERE c.visit = free.visit
            """
        )
        if nameless:
            con.execute(f'UPDATE {quoted(came)} SET "case" = visit WHERE "case" IN (SELECT visit FROM taken_ids)')
    con.execute("DROP TABLE taken_ids")
