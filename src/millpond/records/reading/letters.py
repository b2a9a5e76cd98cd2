"""Texts as matrices of letters, so that all texts of one length are looked at together.

The shape of a text has a zero for each of its digits; `millpond.records.reading.layouts` says which shapes are times.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]
Letters = NDArray[np.uint8]

BLANK_TEXTS = ("", "NULL", "NA", "N/A", "#N/A", "NAT", "NAN", "NONE", "NIL", "\\N", "-", "--")
"""Texts, in capitals, that programs write where there is no time or number. They are never blank as identifiers."""

_ZERO = ord("0")


def canonical(texts: pa.Array) -> pa.Array:
    """Texts in capitals, without blanks around them, every kind of blank a space, and ``""`` for what means nothing."""
    plain = pc.replace_substring_regex(pc.fill_null(texts, ""), "[\\x{a0}\\x{202f}\\x{2009}\\t\\r\\n]", " ")
    plain = pc.utf8_upper(pc.utf8_trim_whitespace(plain))
    return pc.if_else(pc.is_in(plain, pa.array(BLANK_TEXTS)), "", plain)


def by_length(texts: pa.Array) -> Iterator[tuple[Rows, Letters]]:
    """The rows of each length but 0, and their letters: a row for each text, a column for each position (in bytes)."""
    _, offsets, data = texts.buffers()
    count = len(texts)
    stored = np.frombuffer(offsets, dtype=np.int32, count=texts.offset + count + 1)
    bounds: Numbers = stored[texts.offset :].astype(np.int64)
    lengths: Numbers = np.diff(bounds)
    if texts.null_count:
        lengths = np.where(np.asarray(texts.is_valid()), lengths, 0)
    letters = np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, dtype=np.uint8)
    longest = int(lengths.max(initial=0))
    present = np.flatnonzero(np.bincount(lengths)) if longest < 10_000 else np.unique(lengths)
    for length in present.tolist():
        if length == 0:
            continue
        rows = np.flatnonzero(lengths == length)
        if len(rows) == count:
            matrix = letters[bounds[0] : bounds[-1]].reshape(count, length)
        else:
            matrix = letters[bounds[rows][:, None] + np.arange(length)]
        # One position of all texts is looked at after the other: those letters should lie side by side.
        yield rows, np.asfortranarray(matrix)


def shape_of(letters: Letters) -> bytes:
    """The shape of one text."""
    return bytes(np.where(letters - np.uint8(_ZERO) <= 9, np.uint8(_ZERO), letters).tobytes())


def fits(letters: Letters, shape: bytes) -> Flags:
    """Which texts have a shape."""
    found = np.ones(len(letters), dtype=np.bool_)
    for position, letter in enumerate(shape):
        column = letters[:, position]
        if letter == _ZERO:
            found &= (column - np.uint8(_ZERO)) <= 9
        else:
            found &= column == letter
    return found


def number(letters: Letters, span: tuple[int, int]) -> Numbers:
    """The number that the digits at some positions write."""
    value = np.zeros(len(letters), dtype=np.int64)
    for position in range(*span):
        value = value * 10 + (letters[:, position] - np.uint8(_ZERO))
    return value
