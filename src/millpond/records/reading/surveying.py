"""Looks at a whole column of times before any of it is read: which forms it has, and whether the day comes first.

``03/04/2025`` alone does not tell; ``13/04/2025`` elsewhere in the file does. Deciding from a sample, or row by row,
would read some dates of one file one way and some the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa

from millpond.errors import UnreadableFile
from millpond.records.reading.layouts import Layout, layout_of
from millpond.records.reading.letters import Letters, Rows, by_length, canonical, fits, number, shape_of
from millpond.records.reading.staging import BATCH_ROWS
from millpond.records.reading.times import Convention, Scale
from millpond.records.reading.wording import listed

_CLEAR_MAJORITY = 0.95
_LONGEST = 80
_DATE_DIGITS = 5
_NUMBER = re.compile(r"0+([.]0+)?")


@dataclass
class Survey:
    """What one column of times looks like.

    Attributes:
        name: the source's name for the column.
        column: its name in the staging table.
        shapes: how many texts have each shape that is a time.
        numbers: how many are bare numbers, by shape.
        layouts: the layout of each such shape.
        unreadable: how many texts are no time.
        with_digits: how many of those have a digit in them.
        example: one of those; None where there is none.
        day_leads, month_leads: how many texts can only be read day first, or month first.
        day_example, month_example: one of each, for a person.
        undecided: how many could be either.
        short_firsts, short_lasts: the different first and last numbers of dates with two digits for the year.
        scale: what bare numbers count, where the column has nothing else.
    """

    name: str
    column: str
    shapes: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    layouts: dict[str, Layout] = field(default_factory=dict)
    unreadable: int = 0
    with_digits: int = 0
    example: str | None = None
    day_leads: int = 0
    month_leads: int = 0
    day_example: str | None = None
    month_example: str | None = None
    undecided: int = 0
    short_firsts: set[int] = field(default_factory=set)
    short_lasts: set[int] = field(default_factory=set)
    scale: Scale | None = None

    @property
    def readable(self) -> int:
        """How many texts are taken for times."""
        return sum(self.shapes.values()) + sum(self.numbers.values())

    @property
    def year_first(self) -> bool:
        """Dates such as 25-01-06 look like year, month, day: few different first numbers, many last ones up to 31."""
        return len(self.short_firsts) <= 4 and len(self.short_lasts) >= 6 and max(self.short_lasts) <= 31

    def convention(self, zone: ZoneInfo, day_first: bool) -> Convention:
        """How to read this column."""
        by_length: dict[int, list[Layout]] = {}
        for shape in sorted(self.shapes, key=lambda shape: -self.shapes[shape]):
            by_length.setdefault(len(shape), []).append(self.layouts[shape].ordered(day_first))
        return Convention(by_length, zone, self.scale)


def surveys(con: duckdb.DuckDBPyConnection, columns: Sequence[tuple[str, str]], *, serial_days: bool) -> list[Survey]:
    """Look at every text of some columns.

    Args:
        con: where the table ``raw`` is.
        columns: the source's name for each, and its name in ``raw``.
        serial_days: the source is a spreadsheet, where a bare number counts days since 1899-12-30.
    """
    seen = [Survey(name, column) for name, column in columns]
    wanted = ", ".join(column for _, column in columns)
    for batch in con.cursor().execute(f"SELECT {wanted} FROM raw").to_arrow_reader(BATCH_ROWS):
        for one, texts in zip(seen, batch.columns, strict=True):
            left = _look(one, texts, again=False)
            if len(left):
                _look(one, canonical(texts.take(pa.array(left))), again=True)
    for one in seen:
        _settle_numbers(one, serial_days)
    return seen


def _look(seen: Survey, texts: pa.Array, *, again: bool) -> Rows:
    """Count the shapes of texts; the rows of those that need a second look."""
    left = []
    for rows, letters in by_length(texts):
        while len(rows):
            raw = shape_of(letters[0])
            shape = raw.decode("utf-8", errors="replace")
            layout = layout_of(shape) if len(shape) <= _LONGEST else None
            found = fits(letters, raw)
            if layout is not None:
                seen.shapes[shape] = seen.shapes.get(shape, 0) + int(found.sum())
                seen.layouts[shape] = layout
                if layout.either is not None:
                    _weigh(seen, letters[found], layout)
            elif not again:
                # Whatever else is in the column: texts with the shape of a time are taken out one shape at a time.
                left.append(rows[found])
            elif _NUMBER.fullmatch(shape):
                seen.numbers[shape] = seen.numbers.get(shape, 0) + int(found.sum())
                seen.example = seen.example or bytes(letters[0]).decode("utf-8", errors="replace")
            else:
                seen.unreadable += int(found.sum())
                seen.with_digits += int(found.sum()) if b"0" in raw else 0
                seen.example = seen.example or bytes(letters[0]).decode("utf-8", errors="replace")
            rows, letters = rows[~found], letters[~found]
    return np.sort(np.concatenate(left)) if left else np.zeros(0, dtype=np.int64)


def _weigh(seen: Survey, letters: Letters, layout: Layout) -> None:
    """Count the dates that only make sense in one order."""
    assert layout.either is not None
    first, other = (number(letters, span) for span in layout.either)
    if layout.short_year:
        seen.short_firsts |= set(np.unique(first).tolist())
        seen.short_lasts |= set(np.unique(number(letters, layout.year)).tolist())
    days, months = (first > 12) & (other <= 12), (other > 12) & (first <= 12)
    seen.day_leads += int(days.sum())
    seen.month_leads += int(months.sum())
    seen.undecided += int(((first <= 12) & (other <= 12) & (first != other)).sum())
    if seen.day_example is None and days.any():
        seen.day_example = bytes(letters[days][0]).decode()
    if seen.month_example is None and months.any():
        seen.month_example = bytes(letters[months][0]).decode()


def _settle_numbers(seen: Survey, serial_days: bool) -> None:
    """Take bare numbers for times where the whole column says what they count, else for no times."""
    if serial_days:
        seen.scale = "Excel days" if seen.numbers else None
    elif len(seen.numbers) == 1 and not seen.shapes and not seen.unreadable:
        digits = next(iter(seen.numbers))
        seen.scale = "seconds" if digits == "0" * 10 else "milliseconds" if digits == "0" * 13 else None
    if seen.scale is None:
        seen.unreadable += sum(seen.numbers.values())
        # A small number is a count or an age; a large one may be a day or second that somebody counted to.
        seen.with_digits += sum(n for shape, n in seen.numbers.items() if len(shape.split(".")[0]) >= _DATE_DIGITS)
        seen.numbers = {}
    elif not seen.unreadable:
        seen.example = None


def settle_day_first(
    source: str, surveys: Sequence[Survey], day_first: bool | None
) -> tuple[Mapping[str, bool], list[str]]:
    """Whether the day comes first, for each column, and what a person should know about it.

    Columns of one file are taken together: a program writes all its dates in one order. Where nothing in the file
    tells, the day comes first, and a note says so.

    Args:
        source: what the file is called, for the error.
        surveys: the columns.
        day_first: what the person said; None where they did not.

    Raises:
        UnreadableFile: some dates can only be read day first and many others only month first, or dates with two
            digits for the year seem to begin with it.
    """
    concerned = [seen for seen in surveys if any(layout.either for layout in seen.layouts.values())]
    if not concerned:
        return {seen.column: True for seen in surveys}, []
    days, months = sum(seen.day_leads for seen in concerned), sum(seen.month_leads for seen in concerned)
    undecided = sum(seen.undecided for seen in concerned)
    names = listed([seen.name for seen in concerned])
    day_example = next((seen.day_example for seen in concerned if seen.day_example), None)
    month_example = next((seen.month_example for seen in concerned if seen.month_example), None)
    notes = []
    if day_first is None:
        if (doubtful := next((seen for seen in concerned if seen.year_first), None)) is not None:
            raise UnreadableFile(
                f"{source}: dates such as {_sample([doubtful])} in '{doubtful.name}' seem to begin with the year, "
                "in two digits. Write the year with four digits (or say --day-first, if the day does come first)."
            )
        if days and months and max(days, months) < _CLEAR_MAJORITY * (days + months):
            raise UnreadableFile(
                f"{source} has dates in both orders in {names}: {days:,} such as {day_example} can only be read day "
                f"first, {months:,} such as {month_example} only month first. Say which is meant (day_first in "
                "[records] in service.toml, or --day-first or --month-first); the others are then set aside."
            )
        chosen = days >= months
        if days or months:
            because = f"because of dates such as {day_example if chosen else month_example}"
        else:
            because = "but nothing in the file says so: say --month-first if that is wrong"
        notes.append(
            f"Dates such as {_sample(concerned)} in {names} were read {'day' if chosen else 'month'} first, {because}."
        )
    else:
        chosen = day_first
        notes.append(f"Dates in {names} were read {'day' if chosen else 'month'} first, as asked.")
    against, example = (months, month_example) if chosen else (days, day_example)
    if against:
        notes.append(
            f"{against:,} dates such as {example} make no sense in that order; their rows are set aside. Others may "
            f"have been turned round without showing it ({undecided:,} dates could be read either way)."
        )
    return {seen.column: chosen for seen in surveys}, notes


def _sample(concerned: Sequence[Survey]) -> str:
    """A made-up date with the mark and the length of year that the file uses most; never a person's own date."""
    shapes = [(seen.shapes[text], text) for seen in concerned for text, lay in seen.layouts.items() if lay.either]
    shape = max(shapes)[1]
    layout = layout_of(shape)
    assert layout is not None and layout.either is not None
    mark = shape[layout.either[0][1]]
    return f"03{mark}04{mark}{'25' if layout.short_year else '2025'}"
