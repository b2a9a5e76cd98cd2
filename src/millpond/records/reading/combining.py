"""Puts a date and a time of day that stand in two columns together.

Spreadsheets often have "Start date" and "Start time". A time of day alone is no instant, so the date is looked for in a
column of the same meaning, else in one that is called "Date".
"""

from __future__ import annotations

from millpond.records.reading.columns import Columns
from millpond.records.reading.conventions import TIMES, groups, key
from millpond.records.reading.staging import Staging

_CLOCK = r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?( ?[ap][.]?m[.]?)?"
_MIDNIGHT = r"[ T]00:00(:00([.]0+)?)?$"


def with_dates(staging: Staging, columns: Columns) -> Columns:
    """Give each column that holds nothing but times of day the date that belongs to it.

    Args:
        staging: the rows; a column is added for each pair.
        columns: which column is what.

    Returns:
        The columns with the pairs in the place of the times of day, and a note for each.
    """
    for ours in TIMES:
        if ours not in columns.ours or ours in columns.mapped or not _holds_clock_times(staging, columns.ours[ours]):
            continue
        date = _date_for(ours, columns)
        if date is None:
            continue
        clock = columns.ours[ours]
        name = f"{columns.names[date]} + {columns.names[clock]}"
        day = f"regexp_replace(trim(coalesce(c{date}, '')), '{_MIDNIGHT}', '')"
        both = f"trim(concat({day}, ' ', trim(coalesce(c{clock}, ''))))"
        staging.derive_column(name, both)
        note = f"'{columns.names[date]}' and '{columns.names[clock]}' were put together as the time of '{ours}'."
        columns = Columns(
            {**columns.ours, ours: len(staging.names) - 1},
            tuple(staging.names),
            columns.mapped,
            (*columns.notes, note),
        )
    return columns


def _holds_clock_times(staging: Staging, place: int) -> bool:
    row = staging.con.execute(
        f"SELECT count(*), count(*) FILTER (regexp_full_match(trim(c{place}), '{_CLOCK}', 'i'))"
        f" FROM raw WHERE trim(c{place}) <> ''"
    ).fetchone()
    assert row is not None
    return bool(row[0] and row[0] == row[1])


def _date_for(ours: str, columns: Columns) -> int | None:
    """Where the date for one of our times stands, if there is exactly one column that it can be."""
    taken = set(columns.ours.values())
    same = frozenset().union(*groups(ours))
    for wanted in (same, frozenset({"date"})):
        found = [place for place, name in enumerate(columns.names) if key(name) in wanted and place not in taken]
        if len(found) == 1:
            return found[0]
    return None
