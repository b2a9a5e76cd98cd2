"""Numbers with their nouns, for the notes of results."""

from __future__ import annotations

from collections.abc import Iterable


def counted(number: float, noun: str) -> str:
    """A number with its noun in the singular or plural.

    >>> counted(1, "visit"), counted(1200, "visit"), counted(2.5, "working day")
    ('1 visit', '1,200 visits', '2.5 working days')
    """
    text = f"{number:,.1f}".removesuffix(".0")
    return f"{text} {noun}" if text == "1" else f"{text} {noun}s"


def named(names: Iterable[str], most: int = 5) -> str:
    """Names in a sentence; of many the first few, and how many others there are.

    >>> named(["a", "b", "c"]), named("abcdefg", most=5), named(["a"])
    ('a, b and c', 'a, b, c, d, e and 2 others', 'a')
    """
    shown = list(dict.fromkeys(names))
    if len(shown) > most + 1:
        shown = [*shown[:most], f"{len(shown) - most} others"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)
