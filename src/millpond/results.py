"""What every result is: frozen rows with the notes that a reader is owed, to be had as a table, CSV or plain values.

What the rows hold is for each layer to say; measures, variation and simulation all hand back results of this shape.
"""

from __future__ import annotations

import csv
import html
import io
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
import pyarrow as pa

from millpond.records.files import replacing


@dataclass(frozen=True)
class Result:
    """Rows of one kind, with the notes that belong to them.

    Attributes:
        rows: frozen dataclasses, all of one type, in a fixed order.
        notes: sentences that a reader of the figures must have: what they rest on, what was incomplete.
    """

    rows: tuple[Any, ...]
    notes: tuple[str, ...]
    row_type: ClassVar[type]

    def table(self) -> pa.Table:
        """The rows as an Arrow table, one column a field, in the order of the fields."""
        names = [field.name for field in fields(self.row_type)]
        return pa.table({name: [getattr(row, name) for row in self.rows] for name in names})

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a pandas data frame."""
        frame: pd.DataFrame = self.table().to_pandas()
        return frame

    def to_dict(self) -> dict[str, Any]:
        """The whole result as plain values, ready for JSON: what it is first, then rows, then notes."""
        head = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in ("rows", "notes")}
        return {**head, "rows": [asdict(row) for row in self.rows], "notes": list(self.notes)}

    def to_csv(self) -> str:
        """The rows as CSV text with a heading; what is unknown is blank."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        names = [field.name for field in fields(self.row_type)]
        writer.writerow(names)
        writer.writerows([_cell(getattr(row, name)) for name in names] for row in self.rows)
        return text.getvalue()

    def save_csv(self, path: Path) -> None:
        """Writes the rows as a CSV file, whole or not at all.

        Raises:
            CannotWrite: the disk is full, or the place cannot be written to; an old file is untouched.
        """
        with replacing(path) as unfinished:
            unfinished.write_text(self.to_csv(), encoding="utf-8")

    def _repr_html_(self) -> str:
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        body: str = self.to_pandas().to_html(index=False, max_rows=20, na_rep="")
        return body + notes


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
