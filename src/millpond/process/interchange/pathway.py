"""From a drawn process to the pathway of a service: steps, ways, splits, delays, patience, pools and streams.

Gateways are no steps: their shares are worked into the ways of the step before them. Where a drawing needs a place to
split or to wait that no task gives, a step without staff is put there, and told. It is long because its parts call
one another: what follows a flow may be a split, and what is in a split is what follows its flows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from millpond.model.references import CLOSED, WITHDRAWN
from millpond.process.interchange.bpmn_reading import AUTOMATIC, Drawing
from millpond.process.interchange.diagram import Flow, Node
from millpond.process.interchange.results import NotKept
from millpond.process.interchange.unravelling import unravelled

Plain = dict[str, Any]
_FORKS = ("and", "or", "exit")
_MOST_WAYS = 10_000


@dataclass(frozen=True)
class _Lead:
    """A way on: to which step or outcome, for which share, after which delay."""

    share: float
    to: str
    delay: Any = None


class Pathway:
    """The pathway that a drawing shows, under the keys of service.toml.

    Attributes:
        steps, streams, pools, organisations: the sections.
        outcomes: the outcomes that it names besides those that every service has.
        names: the step or outcome that each task or end of the drawing became, by its id.
    """

    def __init__(self, read: Drawing) -> None:
        self.read = read
        self.diagram = read.diagram
        self.out, self.into = self.diagram.leaving(), self.diagram.coming()
        self.steps: dict[str, Plain] = {}
        self.streams: dict[str, Plain] = {}
        self.pools: dict[str, Plain] = {}
        self.organisations: dict[str, Plain] = {}
        self.outcomes: list[str] = []
        self.names: dict[str, str] = {}
        self._equal: dict[str, str] = {}
        self._waypoints: dict[object, str] = {}
        self._worked = 0
        self._name_everything()
        for node in self._of("task"):
            self.steps[self.names[node.id]] = {}
        for node in self._of("task"):
            self._step(node)
        for node in self._of("start"):
            self._stream(node)
        self.read.not_kept += unravelled(self.steps)
        if self._equal:
            shown = ", ".join(self._equal.values())
            self.read.notes.append(
                f"The file does not say how many cases take each way after {shown}: each way is given an equal "
                "share, which is a guess. Correct next of the steps before them."
            )

    def _of(self, kind: str) -> list[Node]:
        return [node for node in self.diagram.nodes.values() if node.kind == kind]

    def _name_everything(self) -> None:
        taken: set[str] = set()
        noted = {node.noted["name"] for node in self._of("task") if isinstance(node.noted.get("name"), str)}
        ends: dict[str, str] = {}
        for node in self._of("end"):
            same = node.noted.get("shown") == node.name
            name = (node.noted.get("outcome") if same else None) or node.name or CLOSED
            ends[node.id] = {"end": CLOSED, "closed": CLOSED, "withdrawn": WITHDRAWN}.get(name.casefold(), name)
        taken |= {CLOSED, WITHDRAWN, *(name for id, name in ends.items() if self.diagram.nodes[id].noted)}
        for node in self._of("task"):
            own = node.noted.get("name")
            if isinstance(own, str) and own not in taken:
                self.names[node.id] = own
                taken.add(own)
        for node in self._of("task"):
            if node.id not in self.names:
                self.names[node.id] = _unlike(node.name or node.id, taken | noted)
                taken.add(self.names[node.id])
        for id, name in ends.items():
            if name in self.names.values():
                name = _unlike(f"{name} (end)", taken)
            self.names[id] = name
            if name not in (CLOSED, WITHDRAWN, *self.outcomes):
                self.outcomes.append(name)
        self._taken = taken | set(self.names.values())

    def _step(self, node: Node) -> None:
        step = self.steps[self.names[node.id]]
        own = node.noted.get("step")
        if isinstance(own, dict):
            step.update(own)
        if node.name and node.name != node.noted.get("shown", node.name):
            step["label"] = node.name
        pool = self._pool(node)
        if pool is not None:
            step["pool"] = pool
        flows = self.out[node.id]
        head = self.diagram.nodes[flows[0].target] if len(flows) == 1 else None
        if not flows:
            if not node.noted.get("unknown"):
                step["next"] = {CLOSED: 1.0}
        elif head is not None and head.noted.get("rules") and head.kind == "xor":
            self._rules(step, head, node)
        elif len(flows) > 1:
            if any(flow.condition for flow in flows):
                reason = "several ways leave it under conditions; cases take all of them"
                self.read.not_kept.append(NotKept(node.tag, node.id, node.name, reason))
            self._split(step, flows, node, None)
        else:
            self._onward(step, flows[0], node)
        self._patience(step, node)

    def _pool(self, node: Node) -> str | None:
        lane = self.diagram.lanes.get(node.lane or "")
        if lane is None:
            if "name" in node.noted or node.tag in AUTOMATIC:
                return None
            self.pools.setdefault("staff", {})
            return "staff"
        if lane.noted.get("unstaffed"):
            return None
        own = lane.noted.get("pool")
        if isinstance(own, str):
            self.pools.setdefault(own, {})
            shown = lane.noted.get("shown")
            if lane.name and shown is not None and lane.name != shown:
                self.pools[own]["label"] = lane.name
            return own
        self.pools.setdefault(lane.name, {})
        if lane.participant:
            self.organisations.setdefault(lane.participant, {})
            self.pools[lane.name]["organisation"] = lane.participant
        return lane.name

    def _onward(self, step: Plain, flow: Flow, origin: Node) -> None:
        """Where the one flow from a step leads: to a split, or on its ways."""
        node, delay = self._along(flow)
        if node.kind in _FORKS and len(self.out[node.id]) > 1:
            self._split(step, self.out[node.id], node, delay)
        else:
            self._ways(step, self._leads(flow, origin))

    def _along(self, flow: Flow) -> tuple[Node, Any]:
        """Past timers and passages to the first node that does something else, and the delay until there."""
        node, delay, seen = self.diagram.nodes[flow.target], None, set()
        while node.kind != "task" and node.kind != "end" and len(self.out[node.id]) == 1 and node.id not in seen:
            seen.add(node.id)
            if node.kind == "wait":
                delay = self._added(delay, node)
            node = self.diagram.nodes[self.out[node.id][0].target]
        return node, delay

    def _added(self, delay: Any, node: Node) -> Any:
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

    def _leads(self, flow: Flow, origin: Node, trail: tuple[str, ...] = ()) -> list[_Lead]:
        """Every step or outcome that a flow leads to, through gateways and timers, with its share."""
        self._worked += 1
        node = self.diagram.nodes[flow.target]
        out = self.out[node.id]
        if node.kind in ("task", "end"):
            return [_Lead(1.0, self.names[node.id])]
        if node.id in trail or self._worked > _MOST_WAYS:
            reason = "it leads back to itself without a task in between; that way is left out"
            self.read.not_kept.append(NotKept(node.tag, node.id, node.name, reason))
            return []
        if not out:
            return [_Lead(1.0, CLOSED)]
        if node.kind in _FORKS and len(out) > 1:
            return [_Lead(1.0, self._fork(node))]
        below = (*trail, node.id)
        if len(out) == 1:
            leads = self._leads(out[0], origin, below)
            return self._waited(leads, node, origin) if node.kind == "wait" else leads
        shares = self._shares(node, out)
        leads = []
        for each, share in zip(out, shares, strict=True):
            leads += [replace(lead, share=lead.share * share) for lead in self._leads(each, origin, below)]
        total = math.fsum(lead.share for lead in leads)
        if total and abs(total - 1) > 1e-9:
            leads = [replace(lead, share=lead.share / total) for lead in leads]
        return leads

    def _waited(self, leads: list[_Lead], node: Node, origin: Node) -> list[_Lead]:
        if self._added(None, node) is None:
            return leads
        late = []
        for lead in leads:
            if lead.to not in self.steps:  # what has ended joins nothing: a step without staff waits instead
                place = self._waypoint(
                    (node.id, lead.to), node.name or f"wait before {lead.to}", {"next": {lead.to: 1.0}}
                )
                late.append(_Lead(lead.share, place, self._added(None, node)))
            elif lead.delay is None:
                late.append(replace(lead, delay=self._added(None, node)))
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
        self._equal[node.id] = f'"{node.name}"' if node.name else node.id
        left = max(0.0, 1 - total)
        if known and left > 0:
            return [left / rest if flow.share is None else flow.share for flow in out]
        return [1 / len(out)] * len(out)

    def _ways(self, step: Plain, leads: list[_Lead]) -> None:
        following: dict[str, float] = {}
        for lead in leads:
            to, delay = lead.to, lead.delay
            if to in following and step.get("after", {}).get(to) != delay:
                to = self._waypoint((id(step), to, str(delay)), f"on the way to {to}", {"next": {to: 1.0}})
            following[to] = following.get(to, 0.0) + lead.share
            if delay is not None:
                step.setdefault("after", {})[to] = delay
        step["next"] = following or {CLOSED: 1.0}

    def _rules(self, step: Plain, gateway: Node, origin: Node) -> None:
        """A gateway of our own drawing that decides by rules, the first that holds, before the shares."""
        rules = []
        for flow in self.out[gateway.id]:
            leads: Plain = {"after": step.setdefault("after", {})}
            self._ways(leads, self._leads(flow, origin))
            conditions = flow.noted.get("rule")
            if isinstance(conditions, dict):
                rules.append((flow.noted.get("order", 0), {**conditions, "next": leads["next"]}))
            else:
                step["next"] = leads["next"]
        if not step["after"]:
            del step["after"]
        step["rules"] = [rule for _, rule in sorted(rules, key=lambda entry: entry[0])]

    def _split(self, step: Plain, flows: list[Flow], fork: Node, delay: Any) -> None:
        """A step after which all of some flows are taken, up to where they meet."""
        if fork.kind == "or":
            reason = "an inclusive split takes some of its ways; here cases take all of them, which is more work"
            self.read.not_kept.append(NotKept(fork.tag, fork.id, fork.name, reason))
        meeting = self._meeting(flows, fork)
        branches: dict[str, Any] = {}
        for flow in flows:
            leads = self._leads(flow, fork)
            single = leads[0] if len(leads) == 1 else None
            if single is not None and single.to == meeting:
                reason = "a branch with no task in it is left out: it adds neither work nor time"
                self.read.not_kept.append(NotKept("sequenceFlow", flow.id, flow.name, reason))
                continue
            if single is None or single.to in branches or single.to not in self.steps:
                place: Plain = {}
                self._ways(place, leads)
                name = self._waypoint((fork.id, flow.id), flow.name or f"a branch of {fork.name or fork.id}", place)
                single = _Lead(1.0, name)
            branches[single.to] = single.delay if delay is None else delay
            if delay is not None and single.delay is not None:
                reason = "a second timer on the same way is not added to the first"
                self.read.not_kept.append(NotKept("sequenceFlow", flow.id, flow.name, reason))
        late = {name: each for name, each in branches.items() if each is not None}
        if late:
            step["after"] = {**step.get("after", {}), **late}
        if len(branches) > 1:
            step["all_of"], step["then"] = list(branches), meeting
        else:
            step["next"] = dict.fromkeys(branches, 1.0) or {meeting: 1.0}

    def _meeting(self, flows: list[Flow], fork: Node) -> str:
        """The step or outcome at which the branches of a split meet."""
        own = fork.noted.get("then")
        if isinstance(own, str) and (own in self.steps or own in (CLOSED, WITHDRAWN, *self.outcomes)):
            return own
        reached = [self._distances(flow.target) for flow in flows]
        shared = set(reached[0]).intersection(*reached[1:])
        joins = [
            id
            for id in shared
            if self.diagram.nodes[id].kind in _FORKS
            and (len(self.into[id]) > 1 or self.diagram.nodes[id].kind == "exit")
        ]
        if joins:
            order = {id: place for place, id in enumerate(self.diagram.nodes)}
            join = min(joins, key=lambda id: (max(far[id] for far in reached), order[id]))
            out = self.out[join]
            if not out:
                return CLOSED
            if len(out) > 1:
                return self._fork(self.diagram.nodes[join])
            place: Plain = {}
            self._onward(place, out[0], self.diagram.nodes[join])
            if list(place) == ["next"] and len(place["next"]) == 1:
                return str(next(iter(place["next"])))
            return self._waypoint(join, self.diagram.nodes[join].name or "all have come", place)
        ends = [self.names[id] for far in reached for id in far if self.diagram.nodes[id].kind == "end"]
        ending = ends[0] if ends else CLOSED
        reason = f'no gateway says where its branches meet; they meet at the end, "{ending}"'
        self.read.not_kept.append(NotKept(fork.tag, fork.id, fork.name, reason))
        return ending

    def _distances(self, start: str) -> dict[str, int]:
        far, ahead = {start: 0}, [start]
        for id in ahead:
            for flow in self.out[id]:
                if flow.target not in far:
                    far[flow.target] = far[id] + 1
                    ahead.append(flow.target)
        return far

    def _fork(self, node: Node) -> str:
        """The step without staff at which cases split where no task stands before the gateway."""
        if ("fork", node.id) in self._waypoints:
            return self._waypoints["fork", node.id]
        place: Plain = {}
        name = self._waypoint(("fork", node.id), node.name or "split", place)
        self._split(place, self.out[node.id], node, None)
        return name

    def _waypoint(self, key: object, name: str, place: Plain) -> str:
        if key not in self._waypoints:
            own = _unlike(name, self._taken)
            self._taken.add(own)
            self._waypoints[key] = own
            self.steps[own] = place
            self.read.notes.append(
                f'"{own}" is a step without staff, put where the drawing splits or waits between tasks.'
            )
        return self._waypoints[key]

    def _patience(self, step: Plain, task: Node) -> None:
        for node in self._of("leave"):
            if node.attached_to != task.id:
                continue
            flows = self.out[node.id]
            place: Plain = {}
            if flows:
                self._onward(place, flows[0], node)
            ways = place.get("next", {})
            to = next(iter(ways)) if list(place) == ["next"] and len(ways) == 1 else None
            if flows and to is None:
                to = self._waypoint(node.id, node.name or "leaves", place)
            to = to or WITHDRAWN
            own = node.noted.get("patience")
            drawn = node.noted.get("drawn") == node.minutes
            if "pool" not in step or to == self.names[task.id] or "patience" in step or not (node.minutes or own):
                if node.minutes or "pool" not in step:
                    reason = "somebody can leave only one queue of a step with staff, and not to that step itself"
                    self.read.not_kept.append(NotKept(node.tag, node.id, node.name, reason))
                continue
            if own is None or not drawn:
                step["patience"] = {"minutes": node.minutes}
                if own is None:
                    reason = "kept as patience, which ends when the work begins; the timer runs until it is done"
                    self.read.not_kept.append(NotKept(node.tag, node.id, node.name, reason))
            else:
                step["patience"] = own
            if to != WITHDRAWN:
                given = step["patience"]
                step["patience"] = {**(given if isinstance(given, dict) else {"minutes": node.minutes}), "to": to}

    def _stream(self, node: Node) -> None:
        flows = self.out[node.id]
        own = node.noted.get("stream")
        name = (
            own
            if isinstance(own, str) and own not in self.streams
            else _unlike(node.name or "arrivals", set(self.streams))
        )
        if not flows:
            self.read.not_kept.append(NotKept(node.tag, node.id, node.name, "nothing follows it"))
            return
        place: Plain = {}
        if len(flows) == 1:
            self._onward(place, flows[0], node)
        else:
            self._split(place, flows, node, None)
        ways = place.get("next", {})
        if list(place) == ["next"] and len(ways) == 1 and next(iter(ways)) in self.steps:
            first = next(iter(ways))
        else:
            first = self._waypoint(node.id, "begin" if len(self._of("start")) == 1 else f"begin {name}", place)
        self.streams[name] = {"first_step": first}
        if node.name and node.name != node.noted.get("shown", node.name):
            self.streams[name]["label"] = node.name


def _unlike(name: str, taken: set[str]) -> str:
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
