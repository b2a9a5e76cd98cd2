"""fitted.toml beside service.toml: what a fit learned, over which service.toml wins key by key.

An import writes estimates into service.toml, which nobody has said, and notes them in ``drafted.toml``. A fit lists
those that it takes the place of under ``[drafted]``, each with the value that was drafted: as long as service.toml has
that very value the fitted one counts, and as soon as a person writes another, theirs does. ``[intervals]`` has how sure
each fitted value is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FITTED_NAME = "fitted.toml"
DRAFTED_NAME = "drafted.toml"
"""Beside service.toml: the estimates that the first import wrote into it."""
DRAFTED = "drafted"
INTERVALS = "intervals"
SECTIONS = ("calendars", "pools", "workers", "streams", "steps")
_TOGETHER = {
    "steps": (("next", "rules", "after", "all_of", "then"),),
    "streams": (("per_week", "by_month", "trend_per_year", "overdispersion", "daily_counts"),),
}
"""Keys that only mean something together: whoever wrote one of them wrote them all."""

Plain = Mapping[str, Any]


def with_fit(service: Plain, fitted: Plain) -> dict[str, Any]:
    """The service that both files describe together.

    Args:
        service: service.toml, as a reader of TOML gives it.
        fitted: fitted.toml, likewise.
    """
    own = own_keys(service, fitted.get(DRAFTED, {}))
    learned = {name: section for name, section in fitted.items() if name in SECTIONS}
    return over(learned, own)


def intervals(service: Plain, fitted: Plain) -> dict[str, tuple[float, float]]:
    """The 95% intervals of the fitted values that count: of what service.toml says itself a fit knows nothing.

    Args:
        service: service.toml, as a reader of TOML gives it.
        fitted: fitted.toml, likewise.

    Returns:
        By key, such as ``steps.triage.minutes``, the least and the most.
    """
    own = own_keys(service, fitted.get(DRAFTED, {}))
    found: dict[str, tuple[float, float]] = {}
    for key, ends in fitted.get(INTERVALS, {}).items():
        section, _, rest = key.partition(".")
        entry = max((name for name in fitted.get(section, {}) if rest.startswith(f"{name}.")), key=len, default=None)
        if entry is None or not isinstance(ends, list) or [type(end) for end in ends] != [float, float]:
            continue
        first = rest[len(entry) + 1 :].partition(".")[0].partition("[")[0]
        together = next((group for group in _TOGETHER.get(section, ()) if first in group), (first,))
        if not any(name in own.get(section, {}).get(entry, {}) for name in together):
            found[key] = (ends[0], ends[1])
    return found


def own_keys(service: Plain, drafted: Plain) -> dict[str, Any]:
    """What a person wrote into service.toml: all of it but the values that were drafted and still stand there.

    Args:
        service: service.toml.
        drafted: values that were drafted, by section, entry and key.
    """
    own: dict[str, Any] = {}
    for name, section in service.items():
        if name not in SECTIONS or not isinstance(section, Mapping):
            own[name] = section
            continue
        entries: dict[str, Any] = {}
        for entry, keys in section.items():
            known = drafted.get(name, {}).get(entry, {})
            if not isinstance(keys, Mapping):
                entries[entry] = keys
                continue
            kept = {key: value for key, value in keys.items() if key not in known or known[key] != value}
            if kept or entry not in drafted.get(name, {}):
                entries[entry] = kept
        if entries:
            own[name] = entries
    return own


def over(below: Plain, own: Plain) -> dict[str, Any]:
    """One description over another, key by key within each entry; keys that belong together go together.

    Args:
        below: what counts where nothing else is said.
        own: what wins.
    """
    result = dict(below)
    for name, section in own.items():
        if name not in SECTIONS or not isinstance(section, Mapping):
            result[name] = section
            continue
        entries = dict(result.get(name, {}))
        for entry, keys in section.items():
            kept = dict(entries.get(entry, {}))
            if isinstance(keys, Mapping):
                for group in _TOGETHER.get(name, ()):
                    if any(key in keys for key in group):
                        kept = {key: value for key, value in kept.items() if key not in group}
                entries[entry] = {**kept, **keys}
            else:
                entries[entry] = keys
        result[name] = entries
    return result
