"""Reads text that keeps to RFC 4180 with pyarrow, fast and in bounded memory, or says that it does not keep to it."""

from __future__ import annotations

import io
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from millpond.records.reading.heading import Heading
from millpond.records.reading.quoting import QuoteWatch
from millpond.records.reading.splitting import fields_of
from millpond.records.reading.staging import Staging
from millpond.records.reading.taken import Taken
from millpond.records.reading.wording import counted

BLOCK_BYTES = 4 << 20
"""How much is taken apart at once: more than any field that a table may reasonably have."""


class NotStrictError(Exception):
    """pyarrow would get this text wrong; the careful reader has to start again."""


def read_strictly(text: Iterable[bytes], heading: Heading, staging: Staging, taken: Taken) -> None:
    """Read the rows below the heading into the staging place.

    Args:
        text: the text below the heading, in UTF-8.
        heading: the delimiter and the columns.
        staging: where the rows go.
        taken: where blank rows are counted.

    Raises:
        NotStrictError: the text does not keep to RFC 4180; what was put into the staging place must be forgotten.
    """
    width = len(heading.names)
    watch = QuoteWatch(heading.delimiter.encode())
    stream = _Stream(text, watch)
    if stream.at_end():
        return
    faults = _Faults(heading, staging, taken)
    names = [f"c{index}" for index in range(width)]
    before = 0
    try:
        reader = pacsv.open_csv(
            pa.PythonFile(stream, mode="r"),
            pacsv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES, column_names=names),
            pacsv.ParseOptions(
                delimiter=heading.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=faults.handle,
            ),
            # An id that is the text NA, an empty text in quotation marks: every field is text, none is null.
            pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, null_values=[]
            ),
        )
        for batch in reader:
            if stream.error is not None or not watch.strict or faults.swallowed:
                break
            numbers = faults.numbers(before, batch.num_rows)
            before += batch.num_rows
            kept = _not_blank(batch)
            taken.blank_rows += batch.num_rows - int(kept.sum())
            if not kept.all():
                mask = pa.array(kept)
                batch, numbers = batch.filter(mask), numbers[kept]
            staging.add(pa.array(numbers + heading.number), batch.columns)
            faults.put()
    except pa.ArrowInvalid as error:
        # A row larger than a block, or an end inside quotation marks: pyarrow says so, the careful reader copes.
        if stream.error is None:
            raise NotStrictError from error
    if stream.error is not None:
        raise stream.error
    if not watch.strict or faults.swallowed:
        raise NotStrictError
    faults.put()


def _not_blank(batch: pa.RecordBatch) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which rows have anything in them."""
    full = np.zeros(batch.num_rows, dtype=np.bool_)
    left = np.arange(batch.num_rows)
    for column in batch.columns:
        # Hardly any row has nothing in its first column: only those few are looked at further.
        these = column if len(left) == batch.num_rows else column.take(pa.array(left))
        filled = pc.not_equal(pc.utf8_trim_whitespace(these), "").to_numpy(zero_copy_only=False)
        full[left[filled]] = True
        left = left[~filled]
        if not len(left):
            break
    return full


def wrong_width(found: int, width: int) -> str:
    """The reason to set a row aside that has not as many fields as the heading."""
    return f"it has {counted(found, 'field')} where the heading has {width}"


class _Stream(io.RawIOBase):
    """The pieces of a text as a file; what goes wrong in it is kept, because Arrow would word it anew."""

    def __init__(self, text: Iterable[bytes], watch: QuoteWatch) -> None:
        self._text = iter(text)
        self._held = b""
        self._over = False
        self._watch = watch
        self.error: BaseException | None = None

    def readable(self) -> bool:
        return True

    def at_end(self) -> bool:
        """Nothing is left."""
        self._fill()
        if self.error is not None:
            raise self.error
        return not self._held

    def read(self, size: int = -1) -> bytes:
        parts = []
        needed = size if size >= 0 else BLOCK_BYTES
        while needed > 0:
            self._fill()
            if not self._held:
                break
            parts.append(self._held[:needed])
            self._held = self._held[needed:]
            needed -= len(parts[-1])
        return b"".join(parts)

    def _fill(self) -> None:
        if self._held or self._over:
            return
        try:
            # Once the text is known not to be strict, reading on would be for nothing.
            piece = next((piece for piece in self._text if piece), None) if self._watch.strict else None
        except BaseException as error:
            self.error = error
            piece = None
        if piece is None:
            self._over = True
            self._watch.end()
        else:
            self._watch.see(piece)
            self._held = piece


class _Faults:
    """Rows with more or fewer fields than the heading, and what they do to the numbers of the rows after them."""

    def __init__(self, heading: Heading, staging: Staging, taken: Taken) -> None:
        self._heading = heading
        self._staging = staging
        self._taken = taken
        self._numbers: list[int] = []
        self._aside: list[tuple[int, str, str]] = []
        self._mended: list[tuple[int, list[str]]] = []
        self.swallowed = False

    def handle(self, row: pacsv.InvalidRow) -> str:
        width = len(self._heading.names)
        self._numbers.append(row.number)
        number = row.number + self._heading.number
        if "\n" in row.text or "\r" in row.text:
            # Perhaps a stray quotation mark made one row of several: the careful reader tells them apart.
            self.swallowed = True
        fields = fields_of(row.text.encode("utf-8"), self._heading.delimiter.encode())
        if fields is not None and not any(text.strip() for text in fields):
            self._taken.blank_rows += 1
        elif fields is not None and len(fields) > width and not any(fields[width:]):
            self._mended.append((number, fields[:width]))
        else:
            self._aside.append((number, wrong_width(row.actual_columns, width), row.text))
        return "skip"

    def numbers(self, before: int, count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """The numbers of the next rows that have the right width, counted from the row after the heading."""
        places = np.arange(before + 1, before + count + 1, dtype=np.int64)
        faulty = np.array(self._numbers, dtype=np.int64)
        # As many good rows come before the n-th faulty one as its number less n.
        return places + np.searchsorted(faulty - np.arange(1, len(faulty) + 1), places, side="left")

    def put(self) -> None:
        """Write down what has been found so far."""
        aside, self._aside = self._aside, []
        mended, self._mended = self._mended, []
        self._staging.put_aside(aside)
        if mended:
            columns = zip(*(fields for _, fields in mended), strict=True)
            self._staging.add(
                pa.array([number for number, _ in mended], pa.int64()),
                [pa.array(column, pa.string()) for column in columns],
            )
