"""How a source was taken into the staging place, for the steps that follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

Tell = Callable[[int, int], None]
"""Told the bytes of the file that have been read, and the rows that have been taken."""


@dataclass
class Taken:
    """How a source was read into the staging place.

    Attributes:
        format: what it is, for a person.
        blank_rows: rows with nothing in them.
        encoding, delimiter: of a text.
        serial_days: bare numbers in a column of times may be a spreadsheet's days.
        notes: sentences for a person.
    """

    format: str
    blank_rows: int = 0
    encoding: str | None = None
    delimiter: str | None = None
    serial_days: bool = False
    notes: list[str] = field(default_factory=list)
