"""Whether simulation parameters of Prosimos have the form that they must have: each fault with where it stands.

What the values mean is for `millpond.process.interchange.prosimos_in`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from millpond.errors import UnreadableFile
from millpond.process.interchange.prosimos_amounts import week_of

Check = Callable[[Any, str], None]


class Misshapen(UnreadableFile):
    """A value that is not of the form that it must have; said without the name of the file."""


def check_form(given: Mapping[str, Any], source: str) -> None:
    """Raises at the first value that is not of the form that Prosimos gives it.

    Args:
        given: the parameters, with all parts that are required.
        source: what to call the file.

    Raises:
        UnreadableFile: where the value stands, what it is, and what should stand there.
    """
    try:
        for key, check in _PARTS.items():
            check(given[key], key)
        if given.get("event_distribution"):
            _events(given["event_distribution"], "event_distribution")
    except Misshapen as error:
        raise UnreadableFile(f"{source}: {error} there, or export the simulation parameters again.") from None


def _wrong(value: Any, at: str, what: str, cure: str) -> Misshapen:
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return Misshapen(f"{at} is {shown if len(shown) <= 60 else f'{shown[:60]}...'}, {what}. Write {cure}")


def _record(**fields: Check) -> Check:
    def check(value: Any, at: str) -> None:
        if not isinstance(value, Mapping):
            raise _wrong(value, at, "which is no object", f"one with {', '.join(fields)}")
        for key, each in fields.items():
            if key not in value:
                raise Misshapen(f"{at} lacks '{key}'. Write it")
            each(value[key], f"{at}.{key}")

    return check


def _list(each: Check) -> Check:
    def check(value: Any, at: str) -> None:
        if not isinstance(value, list):
            raise _wrong(value, at, "which is no list", "a list")
        for place, one in enumerate(value):
            each(one, f"{at}[{place}]")

    return check


def _id(value: Any, at: str) -> None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _wrong(value, at, "which is no id", "text")


def _number(value: Any, at: str) -> float:
    try:
        found = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        found = math.nan
    if not math.isfinite(found):
        raise _wrong(value, at, "which is no number", "a number")
    return found


def _amount(value: Any, at: str) -> None:
    if _number(value, at) < 0:
        raise _wrong(value, at, "which is below 0", "0 or more")


def _parameter(value: Any, at: str) -> None:
    _number(value["value"] if isinstance(value, Mapping) and "value" in value else value, at)


def _law(value: Any, at: str) -> None:
    _record(distribution_name=_id)(value, at)
    if value["distribution_name"] == "histogram_sampling":
        return
    _record(distribution_params=_list(_parameter))(value, at)
    first = value["distribution_params"][:1]
    mean = first[0]["value"] if first and isinstance(first[0], Mapping) else first[0] if first else 0
    if float(mean) < 0 and value["distribution_name"] != "uniform":
        raise _wrong(mean, f"{at}.distribution_params[0]", "a length of time below 0", "seconds, 0 or more,")


_PERIOD = {"from": "MONDAY", "to": "MONDAY", "beginTime": "00:00", "endTime": "00:00"}
_DAY, _TIME = ("no day of the week", "MONDAY to SUNDAY"), ("no time of day", "one such as 09:00:00")


def _period(value: Any, at: str) -> None:
    for key, (what, cure) in {"from": _DAY, "to": _DAY, "beginTime": _TIME, "endTime": _TIME}.items():
        _record(**{key: _id})(value, at)
        try:
            week_of([{**_PERIOD, key: value[key]}])
        except (ValueError, AttributeError):
            raise _wrong(value[key], f"{at}.{key}", f"which is {what}", cure) from None
    if "probability" in value:
        _amount(value["probability"], f"{at}.probability")


def _with_law(**fields: Check) -> Check:
    def check(value: Any, at: str) -> None:
        _record(**fields)(value, at)
        _law(value, at)

    return check


def _events(value: Any, at: str) -> None:
    if isinstance(value, Mapping):
        for id, entry in value.items():
            _law(entry, f"{at}.{id}")
        return
    _list(_with_law(event_id=_id))(value, at)


_PARTS: Mapping[str, Check] = {
    "resource_calendars": _list(_record(id=_id, time_periods=_list(_period))),
    "resource_profiles": _list(
        _record(id=_id, resource_list=_list(_record(id=_id, amount=_amount, cost_per_hour=_amount, calendar=_id)))
    ),
    "arrival_time_calendar": _list(_period),
    "arrival_time_distribution": _law,
    "gateway_branching_probabilities": _list(_record(probabilities=_list(_record(path_id=_id, value=_amount)))),
    "task_resource_distribution": _list(_record(task_id=_id, resources=_list(_with_law(resource_id=_id)))),
}
