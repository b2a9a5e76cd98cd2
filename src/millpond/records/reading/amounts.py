"""Minutes of work as people write them, to whole microseconds.

A dot or a comma may stand before the decimals; ``0:45:00`` is hours, minutes and seconds. What could be
read in two ways (``1,234``) is decided by the whole column or not at all.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Literal

import duckdb
import numpy as np
import pyarrow as pa

from millpond.records.reading.letters import Flags, Numbers, canonical

Comma = Literal["decimal", "thousands", "unclear"]

_MINUTE_US = 60_000_000
_MOST_MINUTES = 1_000_000_000
_EITHER = "[1-9][0-9]{0,2},[0-9]{3}"
_DECIMAL_COMMA = "[0-9]*,[0-9]*"
_THOUSANDS = "[1-9][0-9]{0,2}(,[0-9]{3})+([.][0-9]*)?"
_CLOCK = re.compile("([0-9]{1,5}):([0-5][0-9]):([0-5][0-9](?:[.][0-9]{1,6})?)")
_PLAIN = re.compile("[0-9]+[.]?[0-9]*(?:E[+-]?[0-9]{1,2})?|[.][0-9]+")

UNCLEAR = "Minutes such as 1,234 could be one thousand or one and a bit; their rows are set aside."


def meaning_of_comma(con: duckdb.DuckDBPyConnection, column: str) -> tuple[Comma, list[str]]:
    """What a comma means in a column of minutes, and what a person should know about it.

    Args:
        con: where the table ``raw`` is.
        column: the column in ``raw``.
    """
    row = (
        con.cursor()
        .execute(
            f"SELECT count(*) FILTER (regexp_full_match(m, '{_DECIMAL_COMMA}') AND NOT"
            f" regexp_full_match(m, '{_EITHER}')), count(*) FILTER (regexp_full_match(m, '{_EITHER}')),"
            f" count(*) FILTER (contains(m, '.') AND regexp_full_match(m, '{_THOUSANDS}'))"
            f" FROM (SELECT trim({column}) AS m FROM raw WHERE contains({column}, ','))"
        )
        .fetchone()
    )
    assert row is not None
    decimals, either, thousands = row
    if thousands and not decimals:
        return "thousands", []
    if decimals and not thousands:
        return "decimal", []
    return "unclear", [UNCLEAR] if either else []


def read_minutes(texts: pa.Array, comma: Comma) -> tuple[Numbers, Flags, Flags]:
    """Read a column of minutes.

    Args:
        texts: the texts; blank, null or a word for nothing where there is none.
        comma: what a comma means.

    Returns:
        Microseconds; which of them are known; and which texts are no number of minutes, or a negative one.
    """
    # Minutes repeat themselves: each different text is read once.
    coded = canonical(texts).dictionary_encode()
    values = [minutes_of(text, comma) if text else -1 for text in coded.dictionary.to_pylist()]
    blank = np.array([not text for text in coded.dictionary.to_pylist()], dtype=np.bool_)
    codes = np.asarray(coded.indices, dtype=np.int64)
    us = np.array([-1 if value is None else value for value in values], dtype=np.int64)[codes]
    empty = blank[codes]
    return us, us >= 0, (us < 0) & ~empty


def minutes_of(text: str, comma: Comma = "unclear") -> int | None:
    """The microseconds of one text in capitals; None where it is no number of minutes.

    Example:
        >>> minutes_of("12.5"), minutes_of("0:45:00"), minutes_of("-5"), minutes_of("1,5", "decimal")
        (750000000, 2700000000, None, 90000000)
    """
    if found := _CLOCK.fullmatch(text):
        hours, minutes, seconds = found.groups()
        return (int(hours) * 60 + int(minutes)) * _MINUTE_US + int(Decimal(seconds) * 1_000_000)
    if "," in text:
        if comma == "decimal" and re.fullmatch(_DECIMAL_COMMA, text):
            text = text.replace(",", ".")
        elif comma == "thousands" and re.fullmatch(_THOUSANDS, text):
            text = text.replace(",", "")
        else:
            return None
    if not _PLAIN.fullmatch(text):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return int((number * _MINUTE_US).to_integral_value()) if number <= _MOST_MINUTES else None
