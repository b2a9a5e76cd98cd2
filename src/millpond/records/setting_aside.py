"""The file of what was set aside: `set-aside.csv`, so that nothing that came in is lost.

It holds the rows as they were, with where they came from and why they are not among the records. A person mends them
at the source and imports again, or deletes them.
"""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from millpond.records.files import replacing

NAME = "set-aside.csv"
COLUMNS = ("source", "row", "reason", "original")
_SENTINEL = ("the end of the file", "", "", "")

Row = tuple[str, int, str, str]
"""Source, row in the source, reason, and what it said."""


def set_aside(folder: Path, rows: Iterable[Row]) -> int:
    """Add rows to the file of what was set aside.

    A row that is there already with the same reason is not added again, so that importing an extract twice, or a
    longer one after a shorter, lists each only once; of rows that are alike as many are listed as came in one import.

    Args:
        folder: the service folder.
        rows: what is to be added.

    Returns:
        How many rows were added; where none were, the file is untouched.

    Raises:
        millpond.errors.CannotWrite: the file is then as it was.
    """
    target = folder / NAME
    last: list[Row] = []
    there = Counter(_key(row[2], row[3]) for row in _read(target, last))
    fresh = _fresh(rows, there)
    first = next(fresh, None)
    if first is None:
        return 0
    count = 0
    with replacing(target, private=True) as unfinished, unfinished.open("wb") as file:
        head_needed = True
        if target.exists() and target.stat().st_size:
            with target.open("rb") as old:
                shutil.copyfileobj(old, file)
                old.seek(-1, io.SEEK_END)
                if not last:
                    file.write(b'"')  # a person has left a quotation mark open, which would swallow what comes
                if not last or old.read(1) not in (b"\n", b"\r"):
                    file.write(b"\n")
            head_needed = False
        text = io.TextIOWrapper(file, encoding="utf-8", errors="surrogateescape", newline="", write_through=True)
        writer = csv.writer(text, lineterminator="\n")
        if head_needed:
            writer.writerow(COLUMNS)
        writer.writerow(first)
        for row in fresh:
            writer.writerow(row)
            count += 1
        text.flush()
        text.detach()
    return count + 1


def _fresh(rows: Iterable[Row], there: Counter[int]) -> Iterator[Row]:
    for row in rows:
        known = _key(row[2], row[3])
        if there[known] > 0:
            there[known] -= 1
        else:
            yield row


def _key(reason: str, original: str) -> int:
    """Stands for a row in the count of those that are there; the texts themselves may be many and long."""
    return hash((reason, original.replace("\r\n", "\n").replace("\r", "\n")))


def _read(target: Path, last: list[Row]) -> Iterator[Row]:
    """The rows of the file, as far as a person has left them readable.

    A row that would be added at the file's end is read too: `last` gets it, unless the file's own end swallows it.
    """
    limit = csv.field_size_limit(1 << 30)
    try:
        with contextlib.ExitStack() as open_files:
            lines: Iterable[str] = ()
            if target.exists():
                lines = open_files.enter_context(
                    target.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
                )
            for cells in csv.reader(itertools.chain(lines, ["\n", ",".join(_SENTINEL)])):
                if tuple(cells) == _SENTINEL:
                    last.append(("", 0, "", ""))
                elif len(cells) == len(COLUMNS) and cells[1].isascii() and cells[1].isdigit():
                    yield cells[0], int(cells[1]), cells[2], cells[3]
    except csv.Error:
        last.append(("", 0, "", ""))
    finally:
        csv.field_size_limit(limit)
