"""Typed columns (of Parquet files and databases) to the text that a person would have written.

Everything is read as text in one place; an id that pandas turned from 7 to 7.0 because one was missing is 7 again.
"""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_EXACT = 2.0**53
"""Whole numbers up to here are exact in a 64-bit float."""


def as_text(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """A column as text; null where it is null, or a float that is not a number.

    Args:
        column: any column. Instants with a zone become UTC with a ``Z``; durations become ``h:mm:ss``.
    """
    values = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(values, pa.ChunkedArray):
        values = values.chunk(0) if values.num_chunks else pa.array([], values.type)
    kind = values.type
    if pa.types.is_dictionary(kind):
        return as_text(values.dictionary_decode())
    if pa.types.is_string(kind):
        return values
    if pa.types.is_floating(kind):
        return _floats(values)
    if pa.types.is_timestamp(kind):
        text = values.cast(pa.timestamp(kind.unit)).cast(pa.string())
        return pc.binary_join_element_wise(text, "Z", "") if kind.tz is not None else text
    if pa.types.is_date64(kind):
        return values.cast(pa.date32()).cast(pa.string())
    if pa.types.is_duration(kind):
        return pa.array([None if us is None else _clock(us) for us in values.cast(pa.duration("us")).to_pylist()])
    if pa.types.is_nested(kind):
        texts = [None if value is None else json.dumps(value, default=str) for value in values.to_pylist()]
        return pa.array(texts, pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        raw = values.to_pylist()
        return pa.array([None if item is None else item.decode("utf-8", errors="replace") for item in raw], pa.string())
    return values.cast(pa.string())


def number_as_text(value: float) -> str:
    """A number as a spreadsheet shows it: 7 for 7.0, and no digits beyond the fifteen that it keeps.

    Example:
        >>> number_as_text(7.0), number_as_text(0.1 + 0.2), number_as_text(20250106.0)
        ('7', '0.3', '20250106')
    """
    if value == int(value) and abs(value) < _EXACT:
        return str(int(value))
    return format(value, ".15g")


def _floats(values: pa.Array) -> pa.Array:
    wide = values.cast(pa.float64())
    numbers = np.asarray(wide.fill_null(np.nan), dtype=np.float64)
    finite = np.isfinite(numbers)
    whole = finite & (np.abs(np.where(finite, numbers, 0)) < _EXACT)
    whole &= np.trunc(np.where(whole, numbers, 0.5)) == numbers
    as_whole = pa.array(np.where(whole, numbers, 0).astype(np.int64)).cast(pa.string())
    return pc.if_else(pa.array(np.isnan(numbers)), None, pc.if_else(pa.array(whole), as_whole, wide.cast(pa.string())))


def _clock(elapsed: object) -> str:
    """A duration as hours, minutes and seconds."""
    seconds = elapsed.total_seconds()  # type: ignore[attr-defined]
    sign, left = ("-", -seconds) if seconds < 0 else ("", seconds)
    hours, left = divmod(left, 3600)
    minutes, left = divmod(left, 60)
    text = f"{left:09.6f}".rstrip("0").rstrip(".")
    return f"{sign}{int(hours)}:{int(minutes):02d}:{text:0>2}"
