"""How the files that come in are to be read, where that cannot be seen from the files themselves.

Reading them is the business of the records.
"""

from __future__ import annotations

import codecs

from pydantic import Field, field_validator

from millpond.model.regions import Zone
from millpond.model.spelling import shown
from millpond.model.values import FrozenMapping, Name, Named, Text, Value, refusal


class RecordsMapping(Value):
    """How the files that come in are to be read, where that cannot be seen from the files."""

    columns: Named[Name] = Field(
        default_factory=FrozenMapping,
        description="Our name of a column, and the name that it has in the file.",
        examples=[{"case": "Client ref", "joined": "Date received"}],
    )
    day_first: bool | None = Field(
        default=None, description="Whether 03/04/2025 is the 3rd of April; left out, seen from the dates."
    )
    timezone: Zone | None = Field(
        default=None,
        description="The zone of times without an offset, where it is not the service's.",
        examples=["UTC"],
    )
    delimiter: Text | None = Field(
        default=None, description="What parts the columns; left out, seen from the file.", examples=[";"]
    )
    encoding: str | None = Field(
        default=None,
        description="How the text is encoded; left out, seen from the file.",
        examples=["cp1252"],
    )
    sheet: Name | None = Field(
        default=None,
        description="The sheet of a workbook; left out, the one with the most rows.",
        examples=["Referrals"],
    )

    @field_validator("delimiter")
    @classmethod
    def _one_character(cls, delimiter: str | None) -> str | None:
        if delimiter is not None and len(delimiter) != 1:
            raise refusal(f"is {shown(delimiter)}, which is not one character", r'Write ",", ";", "|" or "\t" (a tab).')
        return delimiter

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, encoding: str | None) -> str | None:
        if encoding is not None:
            try:
                codecs.lookup(encoding)
            except (LookupError, ValueError):
                raise refusal(
                    f"is {shown(encoding)}, which is not known",
                    'Usual ones are "utf-8", "cp1252" and "utf-16".',
                ) from None
        return encoding
