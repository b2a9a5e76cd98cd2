"""Divides delimited text into rows and fields with care, for text that a strict reader would get wrong.

RFC 4180, and beyond it what people's files do: a quotation mark inside a name, one that is never closed, blanks before
a quotation mark. A row that cannot be divided keeps its text and the rows after it are not swallowed.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_QUOTE = b'"'
_LINES_OF_A_ROW = 10_000
_BYTES_OF_A_ROW = 64 << 20
_ATTEMPTS = 50

NEVER_CLOSED = "a quotation mark is opened and never closed"


@dataclass(frozen=True)
class Row:
    """One row of a text.

    Attributes:
        number: its place in the source, from 1; a row over several lines counts once.
        fields: its fields; None where it could not be divided.
        text: the row as it stands there.
        size: its bytes, with the ends of its lines.
        loose: quotation marks stood where none belong, and were kept as text.
    """

    number: int
    fields: list[str] | None
    text: bytes
    size: int
    loose: bool = False

    @property
    def blank(self) -> bool:
        """There is nothing in it."""
        return self.fields is not None and not any(field.strip() for field in self.fields)


def lines_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines with their ends; a line ends at LF, CR LF or CR."""
    held: list[bytes] = []
    for chunk in chunks:
        if not chunk:
            continue
        if held and held[-1].endswith(b"\r"):
            # Only now is it known whether a line feed follows.
            if chunk.startswith(b"\n"):
                held.append(b"\n")
                chunk = chunk[1:]
            yield b"".join(held)
            held = []
        lines = chunk.splitlines(keepends=True)
        if not lines:
            continue
        if held and lines:
            if len(lines) == 1 and not lines[0].endswith((b"\n", b"\r")):
                held.append(lines[0])
                continue
            lines[0] = b"".join([*held, lines[0]])
            held = []
        if not lines[-1].endswith(b"\n"):
            held = [lines.pop()]
        yield from lines
    if held:
        yield b"".join(held)


def rows_of(lines: Iterable[bytes], delimiter: bytes, width: int | None, first: int = 1) -> Iterator[Row]:
    """Divide lines into rows.

    Args:
        lines: lines with their ends.
        delimiter: one byte.
        width: how many fields a row should have; None where that is not yet known.
        first: the number of the first row.
    """
    coming: deque[bytes] = deque()
    source = iter(lines)
    number = first
    while True:
        line = coming.popleft() if coming else next(source, None)
        if line is None:
            return
        text = line.rstrip(b"\r\n")
        if _QUOTE not in text:
            yield Row(number, text.decode("utf-8").split(delimiter.decode()), text, len(line))
        else:
            divided = _divided(text, delimiter)
            if divided is not None:
                fields, loose = divided
                if loose and width is not None and len(fields) != width:
                    fields = _as_the_csv_module_does(text, delimiter, width) or fields
                yield Row(number, fields, text, len(line), loose)
            else:
                yield _row_of_lines(number, line, coming, source, delimiter, width)
        number += 1


def fields_of(text: bytes, delimiter: bytes) -> list[str] | None:
    """The fields of one row; None where a quotation mark is not closed."""
    divided = _divided(text.rstrip(b"\r\n"), delimiter)
    return None if divided is None else divided[0]


def _row_of_lines(
    number: int, line: bytes, coming: deque[bytes], source: Iterator[bytes], delimiter: bytes, width: int | None
) -> Row:
    """A row whose quoted field goes on over further lines, or else a quotation mark that nobody closed."""
    taken = [line]
    size = len(line)
    attempts = 0
    closing = re.compile(rb'"[ \t]*(?:' + re.escape(delimiter) + rb"|[\r\n]*$)")
    while len(taken) < _LINES_OF_A_ROW and size < _BYTES_OF_A_ROW and attempts < _ATTEMPTS:
        further = coming.popleft() if coming else next(source, None)
        if further is None:
            break
        taken.append(further)
        size += len(further)
        if not closing.search(further):
            continue
        attempts += 1
        text = b"".join(taken).rstrip(b"\r\n")
        divided = _divided(text, delimiter)
        if divided is None:
            continue
        fields, loose = divided
        if loose or (width is not None and (len(fields) < width or any(fields[width:]))):
            break
        return Row(number, fields, text, size)
    coming.extendleft(reversed(taken[1:]))
    text = line.rstrip(b"\r\n")
    second = None
    if width is not None and text.count(_QUOTE) % 2 == 0:
        second = _as_the_csv_module_does(text, delimiter, width)
    return Row(number, second, text, len(line), loose=True)


def _divided(text: bytes, delimiter: bytes) -> tuple[list[str], bool] | None:
    """The fields and whether quotation marks were loose; None where one is open at the end."""
    fields: list[str] = []
    loose = False
    at = 0
    while True:
        start = at
        while text[start : start + 1] == b" ":
            start += 1
        if text[start : start + 1] == _QUOTE:
            found = _closed(text, start + 1, delimiter)
            if found is None:
                return None
            end, inner_loose = found
            loose = loose or inner_loose
            value = text[start + 1 : end]
            value = value if inner_loose else value.replace(b'""', b'"')
            after = text.find(delimiter, end)
        else:
            after = text.find(delimiter, at)
            value = text[at:] if after < 0 else text[at:after]
            loose = loose or _QUOTE in value
        fields.append(value.decode("utf-8"))
        if after < 0:
            return fields, loose
        at = after + 1


def _as_the_csv_module_does(text: bytes, delimiter: bytes, width: int) -> list[str] | None:
    """A second opinion on a row with loose quotation marks; None unless it has the right number of fields."""
    try:
        fields = next(csv.reader([text.decode("utf-8")], delimiter=delimiter.decode()))
    except (csv.Error, StopIteration):
        return None
    return fields if len(fields) == width else None


def _closed(text: bytes, at: int, delimiter: bytes) -> tuple[int, bool] | None:
    """Where a quoted field ends: at a quotation mark with only blanks between it and a delimiter or the row's end."""
    loose = False
    while True:
        at = text.find(_QUOTE, at)
        if at < 0:
            return None
        if text[at + 1 : at + 2] == _QUOTE:
            at += 2
            continue
        after = at + 1
        while text[after : after + 1] == b" ":
            after += 1
        if after == len(text) or text[after : after + 1] == delimiter:
            return at, loose
        loose = True
        at += 1
