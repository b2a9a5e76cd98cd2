"""What every measure hands back: frozen rows with their unit and the notes that a reader is owed.

A result is a value: it can be kept, compared, printed as a table or turned into a data frame, and it never reads the
records again. It says in its notes how many visits it rests on and how many of those were incomplete.
"""

from __future__ import annotations

import csv
import html
import io
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
import pyarrow as pa

from millpond.records.files import replacing

MICROSECONDS_A_MINUTE = 60_000_000


def whole_microseconds(minutes: float) -> int:
    """Minutes as a whole number of microseconds."""
    return round(minutes * MICROSECONDS_A_MINUTE)


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


@dataclass(frozen=True)
class PeriodRow:
    """The four measures of one pool in one period, in the unit of the result.

    Attributes:
        period: the period's label: ``2025-01-06`` (day), the Monday (week), ``2025-01`` (month), or the hour's
            start with its offset (hour).
        pool: the pool's key in ``service.toml``.
        demand: visits that joined, times the minutes each needs.
        capacity: minutes available, used or not; None where it is unknown.
        activity: minutes of work done.
        backlog: minutes still to do at the period's end.
        withdrawn: minutes that will never be done, because the person left.
        borrowed: the part of activity that workers of other pools did.
        lent: work that this pool's workers did for other pools.
        utilisation: work done by the pool's own workers over its capacity; None where capacity is none or unknown.
        load: demand over capacity; None where capacity is none or unknown.
        demand_visits, activity_visits, withdrawn_visits, backlog_visits: the same four counted in visits.
        capacity_source: ``rota``, ``pool`` (workers and calendars), ``mixed``, or ``unknown``.
        complete: False where the records do not tell the whole period: they begin after a working day of it, or end
            before it is over.
        filling: True where recent days are still filling up in the records.
    """

    period: str
    pool: str
    demand: float
    capacity: float | None
    activity: float
    backlog: float
    withdrawn: float
    borrowed: float
    lent: float
    utilisation: float | None
    load: float | None
    demand_visits: int
    activity_visits: int
    withdrawn_visits: int
    backlog_visits: int
    capacity_source: str
    complete: bool
    filling: bool


@dataclass(frozen=True)
class Measures(Result):
    """Demand, capacity, activity and backlog per period and pool.

    Attributes:
        unit: ``minutes``, or ``visits`` where the records have no evidence of duration.
        by: ``hour``, ``day``, ``week`` or ``month``.
        as_of: the instant that ends the series, ISO 8601 in the service's zone.
        joining_unknown: the share of the visits, from 0 to 1, of which it is not known when they joined. Where it is
            1 the backlog leaves out everybody who was waiting: it is work in progress only.
    """

    unit: str
    by: str
    as_of: str
    rows: tuple[PeriodRow, ...]
    joining_unknown: float = 0.0
    row_type: ClassVar[type] = PeriodRow

    def pool(self, name: str) -> Measures:
        """The same result for one pool."""
        rows = tuple(row for row in self.rows if row.pool == name)
        return replace(self, rows=rows)
