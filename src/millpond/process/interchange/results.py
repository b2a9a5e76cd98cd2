"""What bringing a model in from another tool came to: the service, and by name what could not be kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from millpond.model import Service


@dataclass(frozen=True)
class NotKept:
    """Something of a model that has no counterpart here.

    Attributes:
        element: what kind of thing it is, in the words of its format, such as ``inclusiveGateway``.
        id: its id in the file; empty where it has none.
        name: what people call it there; empty where it has none.
        reason: why it is not kept, or what was made of it instead.
    """

    element: str
    id: str
    name: str
    reason: str


def listing(not_kept: Sequence[NotKept]) -> tuple[str, ...]:
    """What is not kept as lines, every one by name; those of one kind with the same reason are told together."""
    together: dict[tuple[str, str], list[str]] = {}
    for each in not_kept:
        called = f'"{each.name}"' if each.name else each.id
        together.setdefault((each.element, each.reason), []).append(called)
    lines = []
    for (element, reason), names in together.items():
        known = ", ".join(name for name in names if name)
        lines.append(f"- {element}{f' {known}' if known else ''}: {reason}.")
    return ("", f"Not kept as it was ({len(not_kept)}):", *lines) if not_kept else ()


@dataclass(frozen=True)
class ModelRead:
    """A model of another tool as a service.

    Attributes:
        service: the service.
        not_kept: what could not be kept as it was, each by name.
        notes: what was made of the rest, and what it rests on, in sentences.
    """

    service: Service
    not_kept: tuple[NotKept, ...]
    notes: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it in sentences."""
        return (*self.notes, *listing(self.not_kept))

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values, ready for JSON."""
        return {
            "service": self.service.name,
            "notes": list(self.notes),
            "not_kept": [{each.name: getattr(row, each.name) for each in fields(row)} for row in self.not_kept],
        }
