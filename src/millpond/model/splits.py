"""Whether the branches of a split meet before anything splits again.

A split sends a case to several steps at once; what is on the way from there to the step at which its branches
meet must not split once more, because a case is counted as having come when each of its branches has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from millpond.errors import Fault
from millpond.model.spelling import key_path, shown
from millpond.model.unchecked import entries, tables, texts, ways_in


def split_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Every split that another one can be reached from, before its branches meet.

    Args:
        data: the service as dictionaries and lists under the keys of service.toml, checked or not.
    """
    steps = dict(entries(data, "steps"))
    for step, entry in steps.items():
        meeting = entry.get("then")
        for inner in _splits_on_the_way(steps, texts(entry.get("all_of")), meeting):
            yield Fault(
                key_path("steps", step, "all_of"),
                f"leads to {shown(inner)}, which splits again before the branches have met",
                f"A split within a split is not possible; let the branches come to {shown(str(meeting))} first, "
                f"or do the steps of {shown(inner)} one after the other.",
            )


def _splits_on_the_way(
    steps: Mapping[str, Mapping[str, Any]], branches: tuple[str, ...], meeting: object
) -> Iterator[str]:
    """The steps with `all_of` that are reached from the branches without passing where they meet."""
    seen: set[str] = set()
    ahead = list(branches)
    while ahead:
        name = ahead.pop()
        if name == meeting or name in seen or name not in steps:
            continue
        seen.add(name)
        if texts(steps[name].get("all_of")):
            yield name
        else:
            ahead += _next_steps(steps[name])


def _next_steps(entry: Mapping[str, Any]) -> Iterator[str]:
    """Every name at which a case may come from a step that does not split."""
    yield from ways_in(entry.get("next"))
    for rule in tables(entry.get("rules")):
        yield from ways_in(rule.get("next"))
    patience = entry.get("patience")
    if isinstance(patience, Mapping):
        yield from ways_in(patience.get("to"))
