"""The nearest known name to one that is not known, for errors that say what was probably meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that most resembles this one, or None where nothing comes close.

    Capitals, spaces, hyphens and underscores count for nothing: ``First_Step`` is near to ``first step``.
    """
    folded: dict[str, str] = {}
    for candidate in known:
        folded.setdefault(_folded(candidate), candidate)
    found = difflib.get_close_matches(_folded(name), list(folded), n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def listed(names: Iterable[str], limit: int = 12, last: str = "and") -> str:
    """The names as a person would list them: ``a, b and c``; a long list is cut short and says so."""
    every = list(names)
    if len(every) > limit:
        return ", ".join(every[:limit]) + f" and {len(every) - limit} more"
    if len(every) < 2:
        return "".join(every)
    return ", ".join(every[:-1]) + f" {last} {every[-1]}"


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", name).strip().casefold()
