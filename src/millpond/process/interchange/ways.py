"""Where the ways from a place of a drawing lead: to which steps and outcomes, for which shares, after which delays.

Gateways are no steps: their shares are worked into the ways of the step before them.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Any

from millpond.model.references import CLOSED
from millpond.process.interchange.bpmn_elements import Drawing
from millpond.process.interchange.diagram import Flow, Node
from millpond.process.interchange.results import NotKept

Plain = dict[str, Any]
FORKS = ("and", "or", "exit")
_MOST_WAYS = 10_000


@dataclass(frozen=True)
class Lead:
    """A way on: to which step or outcome, for which share, after which delay."""

    share: float
    to: str
    delay: Any = None


class Ways(ABC):
    """The ways of a drawing, while a pathway is made of it.

    Attributes:
        read: what was read, where what is not kept is listed.
        diagram, out, into: the drawing, and its flows by where they leave and come to.
        steps: the steps made so far, under the keys of service.toml.
        names: the step or outcome that each task or end of the drawing became, by its id.
        taken: every name that is given.
        equal: gateways whose shares are not known, by id, as they are told.
    """

    def __init__(self, read: Drawing) -> None:
        self.read = read
        self.diagram = read.diagram
        self.out, self.into = self.diagram.leaving(), self.diagram.coming()
        self.steps: dict[str, Plain] = {}
        self.names: dict[str, str] = {}
        self.taken: set[str] = set()
        self.equal: dict[str, str] = {}
        self._waypoints: dict[object, str] = {}
        self._worked = 0

    @abstractmethod
    def fork(self, node: Node) -> str:
        """The step at which cases split at a gateway that no task stands before."""

    def of(self, kind: str) -> list[Node]:
        """The nodes of one kind."""
        return [node for node in self.diagram.nodes.values() if node.kind == kind]

    def along(self, flow: Flow) -> tuple[Node, Any]:
        """Past timers and passages to the first node that does something else, and the delay until there."""
        node, delay, seen = self.diagram.nodes[flow.target], None, set()
        while node.kind != "task" and node.kind != "end" and len(self.out[node.id]) == 1 and node.id not in seen:
            seen.add(node.id)
            if node.kind == "wait":
                delay = self.added(delay, node)
            node = self.diagram.nodes[self.out[node.id][0].target]
        return node, delay

    def added(self, delay: Any, node: Node) -> Any:
        """The delay with that of a timer."""
        own = node.noted.get("after")
        if own is not None and (node.minutes is None or node.noted.get("drawn") == node.minutes):
            this = own
        elif node.minutes is None or node.minutes == 0:
            return delay
        else:
            this = _in_words(node.minutes)
        if delay is None:
            return this
        if node.minutes is not None and isinstance(delay, str) and (before := _minutes(delay)) is not None:
            return _in_words(before + node.minutes)
        reason = "a second timer on the same way is not added to the first"
        self.read.not_kept.append(NotKept(node.tag, node.id, node.name, reason))
        return delay

    def leads(self, flow: Flow, origin: Node, trail: tuple[str, ...] = ()) -> list[Lead]:
        """Every step or outcome that a flow leads to, through gateways and timers, with its share."""
        self._worked += 1
        node = self.diagram.nodes[flow.target]
        out = self.out[node.id]
        if node.kind in ("task", "end"):
            return [Lead(1.0, self.names[node.id])]
        if node.id in trail or self._worked > _MOST_WAYS:
            reason = "it leads back to itself without a task in between; that way is left out"
            self.read.not_kept.append(NotKept(node.tag, node.id, node.name, reason))
            return []
        if not out:
            return [Lead(1.0, CLOSED)]
        if node.kind in FORKS and len(out) > 1:
            return [Lead(1.0, self.fork(node))]
        below = (*trail, node.id)
        if len(out) == 1:
            leads = self.leads(out[0], origin, below)
            return self.waited(leads, node, origin) if node.kind == "wait" else leads
        shares = self._shares(node, out)
        leads = []
        for each, share in zip(out, shares, strict=True):
            leads += [replace(lead, share=lead.share * share) for lead in self.leads(each, origin, below)]
        total = math.fsum(lead.share for lead in leads)
        if total and abs(total - 1) > 1e-9:
            leads = [replace(lead, share=lead.share / total) for lead in leads]
        return leads

    def waited(self, leads: list[Lead], node: Node, origin: Node) -> list[Lead]:
        """Leads with the delay of a timer before them."""
        if self.added(None, node) is None:
            return leads
        late = []
        for lead in leads:
            if lead.to not in self.steps:  # what has ended joins nothing: a step without staff waits instead
                place = self.waypoint(
                    (node.id, lead.to), node.name or f"wait before {lead.to}", {"next": {lead.to: 1.0}}
                )
                late.append(Lead(lead.share, place, self.added(None, node)))
            elif lead.delay is None:
                late.append(replace(lead, delay=self.added(None, node)))
            elif (
                isinstance(lead.delay, str) and node.minutes is not None and (then := _minutes(lead.delay)) is not None
            ):
                late.append(replace(lead, delay=_in_words(then + node.minutes)))
            else:
                late.append(lead)
        return late

    def _shares(self, node: Node, out: list[Flow]) -> list[float]:
        """The share of each flow that leaves an exclusive or event-based gateway."""
        known = [flow.share for flow in out if flow.share is not None]
        rest = len(out) - len(known)
        total = math.fsum(known)
        if not rest and total > 0:
            if abs(total - 1) > 1e-6:
                reason = f"its shares add up to {total:.4g}, not to 1; each is divided by that"
                self.read.not_kept.append(NotKept(node.tag, node.id, node.name, reason))
                return [(flow.share or 0) / total for flow in out]
            return [flow.share or 0.0 for flow in out]
        self.equal[node.id] = f'"{node.name}"' if node.name else node.id
        left = max(0.0, 1 - total)
        if known and left > 0:
            return [left / rest if flow.share is None else flow.share for flow in out]
        return [1 / len(out)] * len(out)

    def ways(self, step: Plain, leads: list[Lead]) -> None:
        """Put leads into a step as its ways."""
        following: dict[str, float] = {}
        for lead in leads:
            to, delay = lead.to, lead.delay
            if to in following and step.get("after", {}).get(to) != delay:
                to = self.waypoint((id(step), to, str(delay)), f"on the way to {to}", {"next": {to: 1.0}})
            following[to] = following.get(to, 0.0) + lead.share
            if delay is not None:
                step.setdefault("after", {})[to] = delay
        step["next"] = following or {CLOSED: 1.0}

    def waypoint(self, key: object, name: str, place: Plain) -> str:
        """The step without staff that stands for a place of the drawing; it is made once."""
        if key not in self._waypoints:
            own = unlike(name, self.taken)
            self.taken.add(own)
            self._waypoints[key] = own
            self.steps[own] = place
            self.read.notes.append(
                f'"{own}" is a step without staff, put where the drawing splits or waits between tasks.'
            )
        return self._waypoints[key]


def unlike(name: str, taken: set[str]) -> str:
    """The name, with a number after it where it is taken."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def _in_words(minutes: float) -> Any:
    """A delay as a person would write it where it is whole, else a table of minutes."""
    for unit, size in (("days", 1440), ("hours", 60), ("minutes", 1)):
        if minutes >= size and minutes % size == 0:
            return f"{int(minutes // size)} {unit}"
    return {"minutes": minutes}


def _minutes(delay: str) -> float | None:
    number, _, unit = delay.partition(" ")
    sizes = {"days": 1440, "hours": 60, "minutes": 1}
    return float(number) * sizes[unit] if unit in sizes and number.isdigit() else None
