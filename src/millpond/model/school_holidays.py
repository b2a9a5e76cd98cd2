"""School holidays: spans of days in which more or fewer people may come. They close nothing."""

from __future__ import annotations

import datetime as dt

from pydantic import Field, model_validator

from millpond.model.values import Value, refusal


class SchoolHoliday(Value):
    """Days on which schools are closed, from the first to the last."""

    first: dt.date = Field(
        validation_alias="from",
        serialization_alias="from",
        description="The first day without school.",
        examples=[dt.date(2025, 7, 23)],
    )
    last: dt.date = Field(
        validation_alias="to",
        serialization_alias="to",
        description="The last day without school.",
        examples=[dt.date(2025, 9, 2)],
    )

    @model_validator(mode="after")
    def _in_order(self) -> SchoolHoliday:
        if self.last < self.first:
            raise refusal(
                f"ends on {self.last}, before it begins on {self.first}",
                "Correct the dates: 'from' is the first day without school, 'to' the last.",
            )
        return self
