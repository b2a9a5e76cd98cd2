"""Lengths of time as ISO 8601 writes them, such as ``PT36H`` or ``P2DT30M``, in minutes by the clock.

A year counts 365.25 days and a month a twelfth of it: BPMN leaves open from when they would be counted.
"""

from __future__ import annotations

import re

_DAY = 24 * 60.0
_UNITS = {"Y": 365.25 * _DAY, "M": 365.25 * _DAY / 12, "W": 7 * _DAY, "D": _DAY}
_CLOCK = {"H": 60.0, "M": 1.0, "S": 1 / 60}
_FORM = re.compile(r"P((?:\d+(?:[.,]\d+)?[YMWD])*)(?:T((?:\d+(?:[.,]\d+)?[HMS])+))?")
_PART = re.compile(r"(\d+(?:[.,]\d+)?)([A-Z])")


def minutes_of_iso(text: str) -> float | None:
    """The minutes that an ISO 8601 duration stands for; None where it is none.

    Example:
        >>> minutes_of_iso("P1DT30M"), minutes_of_iso("${later}")
        (1470.0, None)
    """
    found = _FORM.fullmatch(text.strip()) if len(text) < 100 else None
    if found is None or not (found[1] or found[2]):
        return None
    days = sum(float(amount.replace(",", ".")) * _UNITS[unit] for amount, unit in _PART.findall(found[1]))
    return days + sum(float(n.replace(",", ".")) * _CLOCK[unit] for n, unit in _PART.findall(found[2] or ""))


def iso_of_minutes(minutes: float) -> str:
    """Minutes as an ISO 8601 duration, to the millisecond.

    Example:
        >>> iso_of_minutes(1470), iso_of_minutes(0.5), iso_of_minutes(0)
        ('P1DT30M', 'PT30S', 'PT0S')
    """
    milliseconds = round(minutes * 60_000)
    seconds, rest = divmod(milliseconds, 1000)
    whole, second = divmod(seconds, 60)
    hours, minute = divmod(whole, 60)
    days, hour = divmod(hours, 24)
    tail = f"{second}.{rest:03d}".rstrip("0").rstrip(".") if rest else str(second)
    clock = "".join(f"{amount}{unit}" for amount, unit in ((hour, "H"), (minute, "M")) if amount)
    clock += f"{tail}S" if second or rest else ""
    written = (f"P{days}D" if days else "P") + (f"T{clock}" if clock else "")
    return "PT0S" if written == "P" else written
