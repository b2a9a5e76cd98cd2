"""Rows that cannot be read: set aside with a reason and their text, never dropped."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from millpond.records.reading.letters import Flags
from millpond.records.reading.staging import Staging, literal


class Refusals:
    """The reasons against the rows of one batch; the first reason found is the one that is kept."""

    def __init__(self, count: int) -> None:
        self._reason_of = np.full(count, -1, dtype=np.int64)
        self._sentences: list[str] = []

    def refuse(self, rows: Flags, reason: str) -> None:
        """Give a reason against some rows.

        Args:
            rows: true for the rows that it holds for.
            reason: a sentence that goes on from "the row was set aside:".
        """
        self._reason_of[rows & (self._reason_of < 0)] = len(self._sentences)
        self._sentences.append(reason)

    def write(self, staging: Staging, row_numbers: pa.ChunkedArray) -> Flags:
        """Write the refused rows down, and say which rows are left."""
        good = self._reason_of < 0
        if not good.all():
            places = np.flatnonzero(~good)
            reasons = pa.array(self._sentences).take(pa.array(self._reason_of[places]))
            refused = pa.table({"row_number": row_numbers.take(pa.array(places)), "reason": reasons})
            # A cursor of its own: the rows themselves are being read from this place at the same time.
            staging.con.cursor().from_arrow(refused).insert_into("refused")
        return good


def reasons(staging: Staging) -> dict[str, int]:
    """How many rows were set aside for each reason, the commonest first."""
    found = staging.con.execute(
        "SELECT reason, count(*) AS n FROM (SELECT reason FROM aside UNION ALL SELECT reason FROM refused)"
        " GROUP BY reason ORDER BY n DESC, reason"
    ).fetchall()
    return {str(reason): int(count) for reason, count in found}


def original_rows(staging: Staging, delimiter: str) -> str:
    """SQL for all rows that were set aside, in the order of the source: row number, reason, original text.

    A row that was divided into fields before it was refused is written again, with quotation marks around the fields
    that need them.
    """
    mark = literal(delimiter)
    fields = []
    for place in range(len(staging.names) - staging.derived):
        column = f"coalesce(c{place}, '')"
        needs = f"contains({column}, {mark}) OR contains({column}, '\"') OR contains({column}, chr(10))"
        again = f"'\"' || replace({column}, '\"', '\"\"') || '\"'"
        fields.append(f"CASE WHEN {needs} THEN {again} ELSE {column} END")
    text = f"concat_ws({mark}, {', '.join(fields)})"
    return (
        "SELECT * FROM (SELECT row_number, reason, original FROM aside UNION ALL"
        f" SELECT row_number, reason, {text} FROM refused JOIN raw USING (row_number)) ORDER BY row_number"
    )
