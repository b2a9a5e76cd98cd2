"""Tells tables of counts, by day or by month, from logs of single visits.

Each row of such a table could be read as a visit, and the figures would look right and be wrong.
"""

from __future__ import annotations

from millpond.errors import UnreadableFile
from millpond.records.reading.columns import Columns
from millpond.records.reading.conventions import key
from millpond.records.reading.staging import Staging
from millpond.records.reading.wording import listed

_PERIODS = ("period", "month", "date", "week", "day", "year", "quarter")
_ASKED_ROWS = 1000
_NUMBER = "[0-9,]+([.][0-9]*)?"
_FIRST_OF_MONTH = "([0-9]{4}-[0-9]{2}|[0-9]{4}-[0-9]{2}-01.*|0?1[/.-].*)"


def refuse_daily_totals(source: str, columns: Columns) -> None:
    """Refuse the daily totals that a service folder keeps as ``daily.csv``.

    Raises:
        UnreadableFile: the source is one.
    """
    keys = {key(name) for name in columns.names}
    if {"date", "joined", "done"} <= keys and not {"case", "step", "caseid", "activity"} & keys:
        raise UnreadableFile(
            f"{source} holds daily totals, not visits. Put it into the service folder as daily.csv "
            "(date, pool, joined, done, waiting)."
        )


def refuse_counts(source: str, staging: Staging, columns: Columns) -> None:
    """Refuse a table of counts for each period.

    Known by a column of periods, no case, no step, and columns of numbers: with no time that is recognised, or with
    dates that are all the first of a month, or with one row for each date and nothing else but numbers.

    Raises:
        UnreadableFile: the source is one.
    """
    periods = [place for place, name in enumerate(columns.names) if _is_period(name)]
    named = {"case", "step", *columns.mapped} & {*columns.ours, *columns.mapped}
    if not periods or staging.rows < 2 or named:
        return
    numbers = [place for place in range(len(columns.names)) if place not in periods and _is_count(staging, place)]
    if not numbers:
        return
    times = [place for ours, place in columns.ours.items() if ours in ("joined", "started", "ended", "timestamp")]
    all_numbers = len(numbers) + 1 == len(columns.names)
    if times and (times != periods[:1] or not _is_grid(staging, periods[0], all_numbers)):
        return
    raise UnreadableFile(
        f"{source} looks like counts for each '{columns.names[periods[0]]}' "
        f"({listed([columns.names[place] for place in numbers])} are numbers), not like records of single visits, so "
        "nothing was imported. A visit log has a row for each visit, with a case and a time. Totals for each day can "
        "be kept in a service folder as daily.csv (date, pool, joined, done, waiting)."
    )


def _is_period(name: str) -> bool:
    return key(name) in _PERIODS or key(name).endswith(("month", "period"))


def _is_count(staging: Staging, place: int) -> bool:
    """A column of numbers that are not all one or two."""
    row = staging.con.execute(
        f"SELECT count(*) FILTER (t <> ''), count(*) FILTER (regexp_full_match(t, '{_NUMBER}')), count(DISTINCT t)"
        f" FROM (SELECT trim(c{place}) AS t FROM raw LIMIT {_ASKED_ROWS})"
    ).fetchone()
    assert row is not None
    return bool(row[0] and row[0] == row[1] and row[2] > min(2, staging.rows - 1))


def _is_grid(staging: Staging, place: int, all_numbers: bool) -> bool:
    """Dates that are all the first of a month, or one row for each where all else is numbers."""
    row = staging.con.execute(
        f"SELECT count(*), count(*) FILTER (regexp_full_match(t, '{_FIRST_OF_MONTH}')), count(DISTINCT t)"
        f" FROM (SELECT trim(c{place}) AS t FROM raw) WHERE t <> ''"
    ).fetchone()
    assert row is not None
    rows, firsts, different = row
    return bool(different > 2 and (firsts == rows or (all_numbers and different == rows)))
