"""Splits within splits, which a service cannot have: the branches of the inner one follow one another.

That keeps all of the work, and makes the time between longer than was drawn; it is listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from millpond.process.interchange.results import NotKept

Plain = dict[str, Any]


def unravelled(steps: dict[str, Plain]) -> list[NotKept]:
    """Put the branches of every split within a split one after another, in place.

    Args:
        steps: the steps under the keys of service.toml.

    Returns:
        The splits that were, by the steps after which they stood.
    """
    listed = []
    for name, step in list(steps.items()):
        for each in _region(steps, step.get("all_of", ()), step.get("then")):
            if "all_of" in steps[each]:
                _one_after_another(steps, each)
                reason = f'it splits again within the split after "{name}"; its branches are done one after another'
                listed.append(NotKept("parallelGateway", "", each, reason))
    return listed


def _region(steps: dict[str, Plain], begins: Any, until: Any) -> list[str]:
    """The steps from some to where they meet."""
    seen: dict[str, None] = {}
    ahead = list(begins)
    for each in ahead:
        if each == until or each in seen or each not in steps:
            continue
        seen[each] = None
        ahead += _following(steps[each])
    return list(seen)


def _one_after_another(steps: dict[str, Plain], name: str) -> None:
    step = steps[name]
    branches, meeting = step.pop("all_of"), step.pop("then")
    step["next"] = {branches[0]: 1.0}
    late = step.pop("after", {})
    if branches[0] in late:
        step["after"] = {branches[0]: late[branches[0]]}
    for branch, after in pairwise(branches):
        for each in _region(steps, [branch], meeting):
            inside = steps[each]
            if meeting in inside.get("next", {}):
                ways = inside["next"]
                ways[after] = ways.get(after, 0.0) + ways.pop(meeting)
                if meeting in inside.get("after", {}):
                    inside["after"][after] = inside["after"].pop(meeting)
                if after in late:
                    inside.setdefault("after", {}).setdefault(after, late[after])
            if inside.get("then") == meeting:
                inside["then"] = after


def _following(step: Plain) -> Iterator[str]:
    yield from step.get("next", {})
    yield from step.get("all_of", ())
    for rule in step.get("rules", ()):
        yield from rule["next"]
    if isinstance(step.get("patience"), dict) and "to" in step["patience"]:
        yield step["patience"]["to"]
