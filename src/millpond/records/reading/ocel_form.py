"""Where a log in the JSON of OCEL 2.0 is not as it must be. Nothing is read here."""

from __future__ import annotations

from typing import Any

_LISTS = {"attributes": ("name", "value"), "relationships": ("objectId",)}
_PARTS = {"objects": ("attributes",), "events": ("attributes", "relationships")}
"""The parts of a log, and the lists that what is in them may have."""


def fault_in(whole: Any) -> str:
    """The first thing that is not as it must be, with where it stands; blank where there is none.

    Args:
        whole: the log as JSON gives it.
    """
    for part, lists in _PARTS.items():
        if part not in whole:
            return f"it has no '{part}'"
        told = _misshapen(whole[part], part, ("id", "type"))
        inner = (
            _misshapen(each.get(name) or [], f"{part}[{place}].{name}", _LISTS[name])
            for place, each in enumerate(whole[part] if not told else [])
            for name in lists
        )
        told = told or next((each for each in inner if each), "")
        if told:
            return told
    return ""


def _misshapen(value: Any, at: str, keys: tuple[str, ...]) -> str:
    if not isinstance(value, list):
        return f"{at} is no list"
    for place, each in enumerate(value):
        if not isinstance(each, dict):
            return f"{at}[{place}] is no object with {' and '.join(keys)}"
        lacking = [key for key in keys if key not in each]
        if lacking:
            return f"{at}[{place}] lacks '{lacking[0]}'"
    return ""
