"""The splits of a drawing: after which step cases go several ways at once, and where these meet.

Where a drawing needs a place to split that no task gives, a step without staff is put there, and told.
"""

from __future__ import annotations

from typing import Any

from millpond.model.references import CLOSED, WITHDRAWN
from millpond.process.interchange.diagram import Flow, Node
from millpond.process.interchange.results import NotKept
from millpond.process.interchange.ways import FORKS, Lead, Plain, Ways


class Splits(Ways):
    """The ways of a drawing and its splits, which call one another.

    Attributes:
        outcomes: the outcomes that it names besides those that every service has.
    """

    outcomes: list[str]

    def onward(self, step: Plain, flow: Flow, origin: Node) -> None:
        """Where the one flow from a step leads: to a split, or on its ways."""
        node, delay = self.along(flow)
        if node.kind in FORKS and len(self.out[node.id]) > 1:
            self.split(step, self.out[node.id], node, delay)
        else:
            self.ways(step, self.leads(flow, origin))

    def split(self, step: Plain, flows: list[Flow], fork: Node, delay: Any) -> None:
        """A step after which all of some flows are taken, up to where they meet."""
        if fork.kind == "or":
            reason = "an inclusive split takes some of its ways; here cases take all of them, which is more work"
            self.read.not_kept.append(NotKept(fork.tag, fork.id, fork.name, reason))
        meeting = self._meeting(flows, fork)
        branches: dict[str, Any] = {}
        for flow in flows:
            leads = self.leads(flow, fork)
            single = leads[0] if len(leads) == 1 else None
            if single is not None and single.to == meeting:
                reason = "a branch with no task in it is left out: it adds neither work nor time"
                self.read.not_kept.append(NotKept("sequenceFlow", flow.id, flow.name, reason))
                continue
            if single is None or single.to in branches or single.to not in self.steps:
                place: Plain = {}
                self.ways(place, leads)
                name = self.waypoint((fork.id, flow.id), flow.name or f"a branch of {fork.name or fork.id}", place)
                single = Lead(1.0, name)
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
            if self.diagram.nodes[id].kind in FORKS
            and (len(self.into[id]) > 1 or self.diagram.nodes[id].kind == "exit")
        ]
        if joins:
            order = {id: place for place, id in enumerate(self.diagram.nodes)}
            join = min(joins, key=lambda id: (max(far[id] for far in reached), order[id]))
            out = self.out[join]
            if not out:
                return CLOSED
            if len(out) > 1:
                return self.fork(self.diagram.nodes[join])
            place: Plain = {}
            self.onward(place, out[0], self.diagram.nodes[join])
            if list(place) == ["next"] and len(place["next"]) == 1:
                return str(next(iter(place["next"])))
            return self.waypoint(join, self.diagram.nodes[join].name or "all have come", place)
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

    def fork(self, node: Node) -> str:
        """The step without staff at which cases split where no task stands before the gateway."""
        if ("fork", node.id) in self._waypoints:
            return self._waypoints["fork", node.id]
        place: Plain = {}
        name = self.waypoint(("fork", node.id), node.name or "split", place)
        self.split(place, self.out[node.id], node, None)
        return name
