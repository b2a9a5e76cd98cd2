"""Finds what stands between the fields of a text, and which of its first rows names the columns.

People's exports begin with a title, a date or ``sep=;``; a heading is known by the names in it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice

from millpond.records.reading.conventions import key, known_keys
from millpond.records.reading.splitting import Row, lines_of, rows_of

DELIMITERS = {",": "CSV", ";": "CSV with semicolons", "\t": "TSV", "|": "text with bars"}
"""What may stand between fields, and what such a text is called."""

_HEAD_ROWS = 60
_ROWS_ABOVE = 20


@dataclass(frozen=True)
class Heading:
    """What the first rows of a text show.

    Attributes:
        delimiter: what stands between fields.
        names: the names of the columns; no two alike, none blank.
        number: the row of the heading, from 1.
        size: how many bytes it and the rows above it take.
        above: rows above it that are not blank.
    """

    delimiter: str
    names: tuple[str, ...]
    number: int
    size: int
    above: tuple[Row, ...] = ()


def find_heading(head: bytes, delimiter: str | None, wanted: Collection[str]) -> Heading:
    """Look at the beginning of a text.

    Args:
        head: the beginning, in UTF-8; at least the first row.
        delimiter: as a person named it; None to find out.
        wanted: names of columns that a person mapped by hand.
    """
    known = known_keys() | {key(name) for name in wanted}
    start, number, named = _told_by_excel(head)
    candidates = [delimiter or named] if delimiter or named else list(DELIMITERS)
    best: tuple[tuple[float, ...], Heading] | None = None
    for candidate in candidates:
        assert candidate is not None
        rows = rows_of(lines_of([head[start:]]), candidate.encode(), None, number)
        first = list(islice(rows, _HEAD_ROWS))
        index = heading_row([row.fields or [] for row in first], known)
        row = first[index]
        names = unlike(row.fields or [row.text.decode("utf-8")])
        widths = [len(other.fields or []) for other in first[index + 1 :] if not other.blank]
        score = (
            float(len(names) > 1),
            float(sum(key(name) in known for name in names)),
            sum(width == len(names) for width in widths) / max(1, len(widths)),
            float(len(names)),
        )
        size = start + sum(other.size for other in first[: index + 1])
        above = tuple(other for other in first[:index] if not other.blank)
        if best is None or score > best[0]:
            best = (score, Heading(candidate, names, row.number, size, above))
    assert best is not None
    return best[1]


def heading_row(rows: Sequence[Sequence[str]], known: Collection[str]) -> int:
    """Which of the first rows names the columns.

    The first that is not blank, unless it has no name that means something and a later one has two.

    Args:
        rows: the first rows, divided into fields.
        known: names that mean something, as `millpond.records.reading.conventions.key` writes them.
    """
    filled = [index for index, row in enumerate(rows[:_ROWS_ABOVE]) if any(cell.strip() for cell in row)]
    if not filled:
        return 0
    counts = {index: sum(key(cell) in known for cell in rows[index]) for index in filled}
    if counts[filled[0]] == 0:
        for index in filled:
            if counts[index] >= 2:
                return index
    return filled[0]


def unlike(names: Sequence[str]) -> tuple[str, ...]:
    """The names with blanks around them gone, each blank one named, and each repeated one numbered.

    Example:
        >>> unlike(["case", " Date ", "", "date"])
        ('case', 'Date', 'column 3', 'date (2)')
    """
    found: list[str] = []
    taken: set[str] = set()
    for place, name in enumerate(names, 1):
        plain = " ".join(name.replace("\ufeff", "").split()) or unnamed(place)
        unique, count = plain, 1
        while unique.casefold() in taken:
            count += 1
            unique = f"{plain} ({count})"
        taken.add(unique.casefold())
        found.append(unique)
    return tuple(found)


def unnamed(place: int) -> str:
    """What a column without a name is called; `place` counts from 1."""
    return f"column {place}"


def _told_by_excel(head: bytes) -> tuple[int, int, str | None]:
    """Where the rows begin, the number of the first, and the delimiter, if the first line is Excel's ``sep=;``."""
    first = next(lines_of([head]), b"")
    told = first.rstrip(b"\r\n").strip(b'"')
    if len(told) == 5 and told[:4].lower() == b"sep=":
        return len(first), 2, told[4:].decode("utf-8", errors="replace")
    return 0, 1, None
