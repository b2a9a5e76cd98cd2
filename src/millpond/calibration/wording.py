"""Words for the sentences in which a draft says what it rests on."""

from __future__ import annotations


def counted(number: float, noun: str) -> str:
    """A number with its noun in the singular or plural: ``1 visit``, ``1,200 visits``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def percent(part: float, whole: float) -> str:
    """A share in whole per cent; never 0% or 100% where it is not exactly so."""
    if not whole or not part:
        return "0%"
    share = 100 * part / whole
    if share < 1:
        return "under 1%"
    return "over 99%" if 99 < share < 100 else f"{share:.0f}%"


def in_quotes(names: list[str], limit: int = 5) -> str:
    """Names in quotes as a person would list them; a long list is cut short and says so."""
    shown = [f"'{' '.join(name.split())}'" for name in names[:limit]]
    if len(names) > limit:
        return ", ".join(shown) + f" and {len(names) - limit} more"
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1] if shown else ""
