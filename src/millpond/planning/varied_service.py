"""A service as it is with other numbers in the place of those that are unsure: a changed copy, checked like any other.

Shares of the ways on are changed by their odds: each by itself has its value exactly, and together they add up to 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from millpond.model import Service
from millpond.model.distributions import Distribution, Empirical
from millpond.model.steps import Step
from millpond.model.streams import Stream
from millpond.planning.varying import DAY, Varied, rule_words

_EDGE = 1e-6
"""As near as a share comes to 0 or 1."""


def service_at(service: Service, numbers: Sequence[Varied], values: Sequence[float]) -> Service:
    """The service with other numbers, checked like any other.

    Args:
        service: the service as it is.
        numbers: of `varied_numbers`.
        values: one for each of them.

    Raises:
        FaultyService: it would not be one.
    """
    factors: dict[tuple[str, str], dict[str, float]] = {}
    for number, value in zip(numbers, values, strict=True):
        section, entry, *inner = number.where
        ratio = _odds(value) / _odds(number.value) if number.is_share else value / number.value
        factors.setdefault((section, entry), {})[".".join(inner)] = ratio
    sections: dict[str, dict[str, Any]] = {}
    for (section, entry), ratios in factors.items():
        entries = sections.setdefault(section, dict(getattr(service, section)))
        entries[entry] = entries[entry].changed(**_CHANGES[section](entries[entry], ratios))
    return service.changed(**sections) if sections else service


def _stream_at(stream: Stream, ratios: Mapping[str, float]) -> dict[str, Any]:
    ratio = ratios["per_week"]
    return {
        "per_week": None if stream.per_week is None else stream.per_week * ratio,
        "schedule": {time: cases * ratio for time, cases in stream.schedule.items()},
        "daily_counts": {
            days: tuple(cases * ratio for cases in counts) for days, counts in stream.daily_counts.items()
        },
    }


def _step_at(step: Step, ratios: Mapping[str, float]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    if "minutes" in ratios:
        of = ratios["minutes"]
        changed["minutes"] = None if step.minutes is None else _longer(step.minutes, of)
        changed["minutes_for"] = {whose: _longer(one, of) for whose, one in step.minutes_for.items()}
    limit = step.patience_limit
    if "patience" in ratios and limit is not None:
        changed["patience"] = limit.changed(minutes=_longer(limit.minutes, ratios["patience"]))
    if "missed" in ratios:
        changed["missed"] = _shifted(step.missed, ratios["missed"])
    rules = []
    for rule in step.rules:
        prefix = f"rules[{rule_words(rule)}].next."
        rules.append(rule.changed(next=_other_ways(rule.next, prefix, ratios)))
    if any(inner.startswith("rules[") for inner in ratios):
        changed["rules"] = tuple(rules)
    if step.next is not None and any(inner.startswith("next.") for inner in ratios):
        changed["next"] = _other_ways(step.next, "next.", ratios)
    return changed


def _staff_at(staff: Any, ratios: Mapping[str, float]) -> dict[str, Any]:
    """Of a pool or a worker, who both have direct minutes and absence; dated minutes go along."""
    changed: dict[str, Any] = {}
    if "absence" in ratios:
        changed["absence"] = _shifted(staff.absence, ratios["absence"])
    if DAY in ratios:
        of = ratios[DAY]
        if staff.minutes_per_day is not None:
            changed[DAY] = min(staff.minutes_per_day * of, 1440.0)
        if getattr(staff, "changes", ()):
            changed["changes"] = tuple(
                one
                if one.minutes_per_day is None
                else one.changed(minutes_per_day=min(one.minutes_per_day * of, 1440.0))
                for one in staff.changes
            )
    return changed


def _longer(minutes: float | Distribution, ratio: float) -> float | Distribution:
    """Minutes of the same shape, so many times as long."""
    if not isinstance(minutes, Distribution):
        return minutes * ratio
    if isinstance(minutes, Empirical):
        return minutes.changed(values=tuple(value * ratio for value in minutes.values))
    lengths = [key for key in type(minutes).model_fields if key not in ("distribution", "shape")]
    return minutes.changed(**{key: getattr(minutes, key) * ratio for key in lengths})


def _other_ways(ways: Mapping[str, float], prefix: str, ratios: Mapping[str, float]) -> dict[str, float]:
    """Shares of which some have other odds; together they are 1 again, and each change alone has its share exactly."""
    weights = {to: share * ratios.get(prefix + to, 1.0) for to, share in ways.items()}
    total = math.fsum(weights.values())
    return {to: weight / total for to, weight in weights.items()}


def _odds(share: float) -> float:
    kept = min(max(share, _EDGE), 1 - _EDGE)
    return kept / (1 - kept)


def _shifted(share: float, ratio: float) -> float:
    """The share whose odds are so many times as large."""
    return share * ratio / (share * ratio + 1 - share)


_CHANGES: Mapping[str, Callable[[Any, Mapping[str, float]], dict[str, Any]]] = {
    "streams": _stream_at,
    "steps": _step_at,
    "pools": _staff_at,
    "workers": _staff_at,
}
