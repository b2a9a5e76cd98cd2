"""From a drawn process to the pathway of a service: steps, patience, pools and streams, with the ways between them."""

from __future__ import annotations

from millpond.model.references import CLOSED, WITHDRAWN
from millpond.process.interchange.bpmn_elements import AUTOMATIC, Drawing
from millpond.process.interchange.diagram import Node
from millpond.process.interchange.results import NotKept
from millpond.process.interchange.splits import Splits
from millpond.process.interchange.unravelling import unravelled
from millpond.process.interchange.ways import Plain, unlike


class Pathway(Splits):
    """The pathway that a drawing shows, under the keys of service.toml.

    Attributes:
        steps, streams, pools, organisations: the sections.
        outcomes: the outcomes that it names besides those that every service has.
        names: the step or outcome that each task or end of the drawing became, by its id.
    """

    def __init__(self, read: Drawing) -> None:
        super().__init__(read)
        self.streams: dict[str, Plain] = {}
        self.pools: dict[str, Plain] = {}
        self.organisations: dict[str, Plain] = {}
        self.outcomes: list[str] = []
        self._name_everything()
        for node in self.of("task"):
            self.steps[self.names[node.id]] = {}
        for node in self.of("task"):
            self._step(node)
        for node in self.of("start"):
            self._stream(node)
        self.read.not_kept += unravelled(self.steps)
        if self.equal:
            shown = ", ".join(self.equal.values())
            self.read.notes.append(
                f"The file does not say how many cases take each way after {shown}: each way is given an equal "
                "share, which is a guess. Correct next of the steps before them."
            )

    def _name_everything(self) -> None:
        taken: set[str] = set()
        noted = {node.noted["name"] for node in self.of("task") if isinstance(node.noted.get("name"), str)}
        ends: dict[str, str] = {}
        for node in self.of("end"):
            same = node.noted.get("shown") == node.name
            name = (node.noted.get("outcome") if same else None) or node.name or CLOSED
            ends[node.id] = {"end": CLOSED, "closed": CLOSED, "withdrawn": WITHDRAWN}.get(name.casefold(), name)
        taken |= {CLOSED, WITHDRAWN, *(name for id, name in ends.items() if self.diagram.nodes[id].noted)}
        for node in self.of("task"):
            own = node.noted.get("name")
            if isinstance(own, str) and own not in taken:
                self.names[node.id] = own
                taken.add(own)
        for node in self.of("task"):
            if node.id not in self.names:
                self.names[node.id] = unlike(node.name or node.id, taken | noted)
                taken.add(self.names[node.id])
        # Several ends of one name are one outcome; only a task of that name would be another thing.
        tasks = set(self.names.values())
        for id, name in ends.items():
            if name in tasks:
                name = unlike(f"{name} (end)", taken)
            self.names[id] = name
            if name not in (CLOSED, WITHDRAWN, *self.outcomes):
                self.outcomes.append(name)
        self.taken = taken | set(self.names.values())

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
            self.split(step, flows, node, None)
        else:
            self.onward(step, flows[0], node)
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

    def _rules(self, step: Plain, gateway: Node, origin: Node) -> None:
        """A gateway of our own drawing that decides by rules, the first that holds, before the shares."""
        rules = []
        for flow in self.out[gateway.id]:
            leads: Plain = {"after": step.setdefault("after", {})}
            self.ways(leads, self.leads(flow, origin))
            conditions = flow.noted.get("rule")
            if isinstance(conditions, dict):
                rules.append((flow.noted.get("order", 0), {**conditions, "next": leads["next"]}))
            else:
                step["next"] = leads["next"]
        if not step["after"]:
            del step["after"]
        step["rules"] = [rule for _, rule in sorted(rules, key=lambda entry: entry[0])]

    def _patience(self, step: Plain, task: Node) -> None:
        for node in self.of("leave"):
            if node.attached_to != task.id:
                continue
            flows = self.out[node.id]
            place: Plain = {}
            if flows:
                self.onward(place, flows[0], node)
            ways = place.get("next", {})
            to = next(iter(ways)) if list(place) == ["next"] and len(ways) == 1 else None
            if flows and to is None:
                to = self.waypoint(node.id, node.name or "leaves", place)
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
            else unlike(node.name or "arrivals", set(self.streams))
        )
        if not flows:
            self.read.not_kept.append(NotKept(node.tag, node.id, node.name, "nothing follows it"))
            return
        place: Plain = {}
        if len(flows) == 1:
            self.onward(place, flows[0], node)
        else:
            self.split(place, flows, node, None)
        ways = place.get("next", {})
        if list(place) == ["next"] and len(ways) == 1 and next(iter(ways)) in self.steps:
            first = next(iter(ways))
        else:
            first = self.waypoint(node.id, "begin" if len(self.of("start")) == 1 else f"begin {name}", place)
        self.streams[name] = {"first_step": first}
        if node.name and node.name != node.noted.get("shown", node.name):
            self.streams[name]["label"] = node.name
