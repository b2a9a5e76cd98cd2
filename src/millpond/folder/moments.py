"""Days and instants as people write them."""

from __future__ import annotations

from datetime import date, datetime

from millpond.errors import WrongUse

When = str | date | datetime | None
"""A day (its end), an instant, or None for the last recorded instant; text is ISO 8601."""


def moment(when: str | date | datetime) -> date | datetime:
    """A day or an instant.

    Raises:
        WrongUse: the text is neither.
    """
    if not isinstance(when, str):
        return when
    try:
        return date.fromisoformat(when) if len(when) <= 10 else datetime.fromisoformat(when)
    except ValueError:
        raise WrongUse(
            f"'{when}' is no day or instant. Write a day such as 2025-03-31, or an instant such as 2025-03-31T17:00."
        ) from None


def day(when: str | date | None, option: str) -> date | None:
    """A day; None where none is given.

    Args:
        when: the day, or the text of one.
        option: what it was given for, without its dashes.

    Raises:
        WrongUse: the text is no day.
    """
    if not isinstance(when, str):
        return when
    try:
        return date.fromisoformat(when)
    except ValueError:
        raise WrongUse(f"'{when}' ({option}) is no day. Write it as 2025-03-31.") from None
