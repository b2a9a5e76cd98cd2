"""Looking up names in a service that may be wrong in itself, for the checks that lie between its parts.

What does not have the right shape is passed over here, because its shape is reported elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from millpond.errors import Fault
from millpond.model.calendars import ASSUMED_CALENDAR
from millpond.model.nearest import nearest
from millpond.model.spelling import key_path, shown

CLOSED = "closed"
WITHDRAWN = "withdrawn"
SECTIONS = ("calendars", "organisations", "pools", "workers", "streams", "steps", "policies", "plans")


def missing(
    entry: Mapping[str, Any],
    key: str,
    path: tuple[str | int, ...],
    known: tuple[str, ...] | None,
    section: str,
    kind: str,
) -> Iterator[Fault]:
    """The fault of an entry that names, under `key`, what its section does not have."""
    name = entry.get(key)
    if isinstance(name, str) and name.strip() and known is not None and name not in known:
        yield unknown(
            key_path(*path, key),
            f"names {shown(name)}, which is not {kind} of this service",
            name,
            known,
            f"add [{key_path(section, name)}]",
        )


def unknown(where: str, what: str, name: str, known: Iterable[str], otherwise: str) -> Fault:
    """The fault of a name that nothing has.

    Args:
        where: the key path.
        what: what is wrong there.
        name: the name.
        known: the names that would have been right; the cure says which comes nearest.
        otherwise: what to do where none of them was meant, to be read in the middle of a sentence.
    """
    meant = nearest(name, known)
    cure = (
        f"Did you mean {shown(meant)}? Otherwise {otherwise}." if meant else f"{otherwise[0].upper()}{otherwise[1:]}."
    )
    return Fault(where, what, cure)


def declared_outcomes(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Every way in which a case may end: those that every service has, and those that this one declares."""
    return (CLOSED, WITHDRAWN, *texts(data.get("outcomes")))


def calendar_names(data: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The names of the calendars, or of the one that is assumed; None where nothing can be said about them."""
    names = names_in(data, "calendars")
    return (ASSUMED_CALENDAR,) if names == () else names


def names_in(data: Mapping[str, Any], section: str) -> tuple[str, ...] | None:
    """The names that a section has; None where it is no table, so that nothing can be said about names.

    Entries under a misspelt section ([step.triage]) count too: the misspelling is the fault; once is enough.
    """
    if not isinstance(data.get(section, {}), Mapping):
        return None
    misspelt = [
        key
        for key, value in data.items()
        if isinstance(value, Mapping)
        and key not in (*SECTIONS, "charts", "chart_rules", "targets", "promise", "records")
        and nearest(key, SECTIONS) == section
    ]
    return tuple(name for key in (section, *misspelt) for name in data.get(key, {}))


def has_key(entry: Mapping[str, Any], key: str, known: Iterable[str] = ()) -> bool:
    """Whether the entry has the key, or one that was meant to be it: that is reported as it is.

    Args:
        entry: the table.
        key: the key.
        known: the keys that mean something else, however near they come to it.
    """
    return key in entry or any(nearest(name, (key,)) for name in entry if name not in known)


def entries(data: Mapping[str, Any], section: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The entries of a section that are tables, by name."""
    inside = data.get(section)
    if isinstance(inside, Mapping):
        for name, entry in inside.items():
            if isinstance(entry, Mapping):
                yield name, entry


def tables(value: object) -> Iterator[Mapping[str, Any]]:
    """The tables in a list of tables; an empty one in place of what is none, so that positions stay true."""
    if isinstance(value, list | tuple):
        for entry in value:
            yield entry if isinstance(entry, Mapping) else {}


def ways_in(value: object) -> tuple[str, ...]:
    """The names in `next`, or in anything of its shape: one name alone, or a table by names."""
    if isinstance(value, str):
        return (value,)
    return tuple(name for name in value if isinstance(name, str)) if isinstance(value, Mapping) else ()


def texts(value: object) -> tuple[str, ...]:
    """The texts in a list."""
    return tuple(entry for entry in value if isinstance(entry, str)) if isinstance(value, list | tuple) else ()
