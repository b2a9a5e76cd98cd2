"""Counts and lists as a sentence needs them."""

from __future__ import annotations

from collections.abc import Sequence


def counted(count: int, thing: str, things: str | None = None) -> str:
    """A number with its noun.

    Example:
        >>> counted(1, "row"), counted(2500, "row"), counted(2, "entry", "entries")
        ('1 row', '2,500 rows', '2 entries')
    """
    return f"{count:,} {thing if count == 1 else things or thing + 's'}"


def listed(names: Sequence[str]) -> str:
    """Names in quotation marks, the last after ``and``.

    Example:
        >>> listed(["a", "b", "c"])
        "'a', 'b' and 'c'"
    """
    marked = [f"'{name}'" for name in names]
    return "".join(marked) if len(marked) < 2 else ", ".join(marked[:-1]) + " and " + marked[-1]


def some(names: Sequence[str], most: int = 40) -> str:
    """Names after one another; of very many, the first and how many there are."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown}, ... ({len(names)} in all)"
