"""Decides which column of a source is what.

A person's own mapping comes first, then the conventions, group by group. Where two columns have equal claims to
something that figures rest on (the case, the step, a time), nobody guesses: the person is asked, with the columns
that there are and the way to say it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from millpond.errors import UnreadableFile
from millpond.records.reading.conventions import NAMES, TIMES, groups, key
from millpond.records.reading.wording import listed, some

_MUST_BE_SURE = ("visit", "case", "step", "lifecycle", "instance", "minutes", *TIMES)
_EVERYDAY = 2  # from this group on, names for a time are everyday words
_NO_COLUMN = ("", "-", "none")
_NUMBERED = re.compile(r" \([0-9]+\)$")

HOW_TO_MAP = (
    'Say which with --map {ours}="THEIR COLUMN" on the command line, or under [records.columns] in service.toml.'
)
"""The cure where a column was not recognised; `ours` is our name for it."""


@dataclass(frozen=True)
class Columns:
    """Which column is what.

    Attributes:
        ours: our name to the place of their column, from 0.
        names: their names, by place.
        mapped: those of ours that a person mapped by hand.
        notes: sentences for a person.
    """

    ours: Mapping[str, int]
    names: Sequence[str]
    mapped: frozenset[str] = frozenset()
    notes: tuple[str, ...] = field(default=())

    def name(self, ours: str) -> str:
        """Their name for one of ours."""
        return self.names[self.ours[ours]]

    def without(self, ours: str) -> Columns:
        """The same, with one column not recognised after all."""
        left = {name: place for name, place in self.ours.items() if name != ours}
        return Columns(left, self.names, self.mapped, self.notes)

    def changed(self, ours: Mapping[str, int]) -> Columns:
        """The same names with other meanings."""
        return Columns(dict(ours), self.names, self.mapped, self.notes)


def recognise(source: str, names: Sequence[str], mapping: Mapping[str, str]) -> Columns:
    """Decide which column is what.

    Args:
        source: what the source is called, for errors.
        names: the names of its columns.
        mapping: our name to their column, as a person gave it; ``""`` where no column is to be taken for ours.

    Raises:
        UnreadableFile: a mapping names what is not there, or two columns have equal claims.
    """
    ours = _by_hand(source, names, mapping)
    mapped = frozenset(mapping)
    taken = set(ours.values())
    notes: list[str] = []
    keys = [key(_as_it_stands(name, names)) for name in names]
    for name in NAMES:
        if name in mapped:
            continue
        for order, group in enumerate(groups(name)):
            if name == "timestamp" and "ended" in ours and order >= _EVERYDAY:
                break  # a sheet with a date of closure may well have another date that is nothing of ours
            found = [place for place, word in enumerate(keys) if word in group and place not in taken]
            if not found:
                continue
            if len(found) > 1:
                both = listed([names[place] for place in found])
                if name in _MUST_BE_SURE:
                    raise UnreadableFile(
                        f"{source}: the columns {both} could each be '{name}'. {HOW_TO_MAP.format(ours=name)}"
                    )
                notes.append(f"{both} could each be '{name}'; the first was taken.")
            ours[name] = found[0]
            taken.add(found[0])
            break
    return Columns(ours, tuple(names), mapped, tuple(notes))


def _as_it_stands(name: str, names: Sequence[str]) -> str:
    """A name without the number that it got because it stands over another column as well."""
    plain = _NUMBERED.sub("", name)
    return plain if any(plain.casefold() == other.casefold() for other in names) else name


def _by_hand(source: str, names: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    ours: dict[str, int] = {}
    for name, theirs in mapping.items():
        if name not in NAMES:
            near = get_close_matches(name, NAMES, n=1)
            cure = f"Did you mean '{near[0]}'?" if near else f"Those that there are: {', '.join(NAMES)}."
            raise UnreadableFile(f"'{name}' is none of our columns, so nothing can be mapped to it. {cure}")
        if theirs.strip().lower() in _NO_COLUMN and theirs not in names:
            continue
        place = _place_of(theirs, names)
        if place is None:
            near = get_close_matches(theirs, names, n=1)
            cure = f"Did you mean '{near[0]}'? " if near else ""
            raise UnreadableFile(
                f"{source} has no column '{theirs}', which is mapped to '{name}'. {cure}Its columns: {some(names)}."
            )
        other = next((other for other, where in ours.items() if where == place), None)
        if other is not None:
            raise UnreadableFile(
                f"The column '{names[place]}' of {source} is mapped to both '{other}' and '{name}'. Give each its own."
            )
        ours[name] = place
    return ours


def _place_of(theirs: str, names: Sequence[str]) -> int | None:
    """Where a column is, by its exact name, else by one that differs only in what does not matter."""
    if theirs in names:
        return names.index(theirs)
    alike = [place for place, name in enumerate(names) if key(name) == key(theirs)]
    return alike[0] if len(alike) == 1 else None
