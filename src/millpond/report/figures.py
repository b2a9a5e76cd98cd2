"""A figure as rows of text: the same content as a chart, for those who read numbers or cannot see the picture.

Every chart carries one; the page shows it under the chart, and tables without a chart use it alone.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_ROWS = 2_000
"""Rows that a page shows of one table; `millpond measure --csv` has them all."""


@dataclass(frozen=True)
class Figures:
    """A table of text cells.

    Attributes:
        caption: what the table holds, with period, pool and unit.
        header: the names of the columns, each with its unit.
        rows: the cells, as they are to be read; the first cell names the row.
        numeric: the columns, by position, that hold numbers and are set to the right.
        tight: the columns whose cells are kept on one line.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    tight: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.header):
                raise ValueError(f"the table '{self.caption}' has {len(self.header)} columns but a row of {len(row)}")

    @property
    def shown(self) -> tuple[tuple[str, ...], ...]:
        """The rows that a page shows: the last `MOST_ROWS`, since the newest matter most."""
        return self.rows[-MOST_ROWS:]

    @property
    def left_out(self) -> int:
        """How many of the oldest rows a page does not show."""
        return max(0, len(self.rows) - MOST_ROWS)
