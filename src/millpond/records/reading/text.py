"""Reads delimited text: CSV, TSV, and with semicolons or bars between the fields.

pyarrow reads what is strictly well-formed, fast and piece by piece; at the first sign that it would get the text
wrong (a quotation mark out of place, a row larger than a piece) the careful reader reads the file again from its
beginning. All fields stay the text that they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import chain

import pyarrow as pa

from millpond.errors import UnreadableFile
from millpond.records.reading.decoding import Decoder
from millpond.records.reading.heading import DELIMITERS, Heading, find_heading
from millpond.records.reading.opening import Source
from millpond.records.reading.splitting import NEVER_CLOSED, lines_of, rows_of
from millpond.records.reading.staging import Staging
from millpond.records.reading.strict import BLOCK_BYTES, NotStrictError, read_strictly, wrong_width
from millpond.records.reading.taken import Taken, Tell
from millpond.records.reading.wording import counted

ABOVE = "it stands above the names of the columns"

_HEAD_BYTES = 1 << 20
_STEP_ROWS = 20_000


def take_text(
    source: Source,
    staging: Staging,
    *,
    encoding: str | None,
    delimiter: str | None,
    wanted: Collection[str],
    tell: Tell,
) -> Taken:
    """Read a text into the staging place.

    Args:
        source: the file.
        staging: where its rows go.
        encoding: as a person named it; None to find out.
        delimiter: as a person named it; None to find out.
        wanted: names of columns that a person mapped by hand.
        tell: progress.

    Raises:
        UnreadableFile: it is damaged, or there is nothing in it.
    """
    for reader in (read_strictly, _carefully):
        staging.clear()
        decoder = Decoder(source.name, source.head, encoding)
        text = decoder.decode(source.chunks(lambda read: tell(read, staging.rows)))
        head = _head_of(text)
        if not head.strip():
            raise UnreadableFile(f"{source.name} has no text in it. Save or export it again.")
        heading = find_heading(head, delimiter, wanted)
        taken = Taken(DELIMITERS.get(heading.delimiter, "text"), delimiter=heading.delimiter)
        try:
            with staging.filling():
                staging.add_columns(heading.names)
                staging.put_aside([(row.number, ABOVE, _plain(row.text)) for row in heading.above])
                reader(chain([head[heading.size :]], text), heading, staging, taken)
        except NotStrictError:
            continue
        break
    taken.encoding = decoder.encoding
    taken.notes += decoder.notes()
    if heading.above:
        taken.notes.append(f"The names of the columns are in row {heading.number}; the rows above are set aside.")
    return taken


def _head_of(text: Iterator[bytes]) -> bytes:
    """The beginning of a text: at least its first megabyte."""
    head = b""
    for piece in text:
        head += piece
        if len(head) >= _HEAD_BYTES:
            break
    return head


def _plain(text: bytes) -> str:
    return text.decode("utf-8", errors="replace")


def _carefully(text: Iterable[bytes], heading: Heading, staging: Staging, taken: Taken) -> None:
    width = len(heading.names)
    numbers: list[int] = []
    kept: list[list[str]] = []
    aside: list[tuple[int, str, str]] = []
    loose = 0

    def put() -> None:
        columns = [pa.array(column, pa.string()) for column in zip(*kept, strict=True)]
        staging.add(pa.array(numbers, pa.int64()), columns)
        staging.put_aside(aside)
        for done in (numbers, kept, aside):
            done.clear()

    size = 0
    for row in rows_of(lines_of(text), heading.delimiter.encode(), width, heading.number + 1):
        size += row.size
        if row.fields is None:
            aside.append((row.number, NEVER_CLOSED, _plain(row.text)))
        elif row.blank:
            taken.blank_rows += 1
        elif len(row.fields) == width or (len(row.fields) > width and not any(row.fields[width:])):
            numbers.append(row.number)
            kept.append(row.fields[:width])
            loose += row.loose
        else:
            aside.append((row.number, wrong_width(len(row.fields), width), _plain(row.text)))
        if len(kept) + len(aside) >= _STEP_ROWS or size >= BLOCK_BYTES:
            put()
            size = 0
    put()
    if loose:
        taken.notes.append(
            f"Quotation marks stand where none belong in {counted(loose, 'row')}; they were kept as text."
        )
