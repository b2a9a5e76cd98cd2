"""A service drawn: its pathway as the nodes, flows and lanes of BPMN, with what BPMN cannot say noted beside each.

Every step is a task in the lane of its pool. Shares become exclusive gateways, delays timers on the way, patience a
timer at the edge of the task, and splits parallel gateways whose branches meet before the step that follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from millpond.model import Delay, Service, Step
from millpond.model.distributions import mean_minutes
from millpond.model.values import plain
from millpond.process.interchange.diagram import Diagram, Flow, Kind, Lane, Node
from millpond.process.interchange.lengths import iso_of_minutes, minutes_of_iso
from millpond.process.interchange.noted import one_line
from millpond.process.interchange.results import NotKept

_DRAWN = ("next", "rules", "all_of", "then", "after", "patience", "pool")
UNSTAFFED = "Without staff"


def draw(service: Service) -> tuple[Diagram, tuple[NotKept, ...]]:
    """The drawing of a service's pathway.

    Args:
        service: the service.

    Returns:
        The drawing, and what stands in it otherwise than it is meant. Nothing is lost: it is noted in the drawing.
    """
    drawn = _Drawn(service)
    return drawn.diagram, tuple(drawn.not_kept)


class _Drawn:
    def __init__(self, service: Service) -> None:
        self.service = service
        self.not_kept: list[NotKept] = []
        whole = plain(service)
        self.diagram = Diagram(name=service.name, noted={"service": {k: v for k, v in whole.items() if k != "steps"}})
        self.ids: dict[str, str] = {}
        self.meetings: dict[tuple[str, str], str] = {}
        self.edges: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}
        self._lanes()
        for name, step in service.steps.items():
            self.ids[name] = self._node(
                "Step", "task", "task", step.label or name, self._lane(step), noted=self._noted(name, step)
            )
        for name, step in service.steps.items():
            self._splits(name, step)
        for name, stream in service.streams.items():
            first = stream.first_step
            lane = self.diagram.nodes[self.ids[first]].lane if first in self.ids else None
            start = self._node(
                "Start",
                "start",
                "startEvent",
                stream.label or name,
                lane,
                noted={"stream": name, "shown": one_line(stream.label or name)},
            )
            if first in self.ids:
                self._flow(start, self.ids[first])
        for name, step in service.steps.items():
            self._ways(name, step)

    def _lanes(self) -> None:
        for number, (name, pool) in enumerate(self.service.pools.items(), 1):
            shown = pool.label or name
            self.diagram.lanes[f"Lane_{number}"] = Lane(
                f"Lane_{number}", shown, {"pool": name, "shown": one_line(shown)}
            )
        if any(step.pool is None for step in self.service.steps.values()) or not self.service.pools:
            self.diagram.lanes["Lane_0"] = Lane("Lane_0", UNSTAFFED, {"unstaffed": True})

    def _lane(self, step: Step) -> str:
        if step.pool is None:
            return "Lane_0"
        return next(id for id, lane in self.diagram.lanes.items() if lane.noted.get("pool") == step.pool)

    def _noted(self, name: str, step: Step) -> dict[str, Any]:
        kept = {key: value for key, value in plain(step).items() if key not in _DRAWN}
        noted: dict[str, Any] = {"name": name, "shown": one_line(step.label or name), "step": kept}
        if step.next is None and not step.all_of:
            noted["unknown"] = True
        return noted

    def _node(self, word: str, kind: Kind, tag: str, name: str, lane: str | None, **more: Any) -> str:
        number = self._counts[word] = self._counts.get(word, 0) + 1
        id = f"{word}_{number}"
        self.diagram.nodes[id] = Node(id, kind, tag, name, lane, **more)
        return id

    def _flow(self, source: str, target: str, name: str = "", **more: Any) -> str:
        id = f"Flow_{len(self.diagram.flows) + 1}"
        self.diagram.flows.append(Flow(id, source, target, name, **more))
        return id

    def _place(self, to: str, lane: str | None) -> str:
        """The node of a step, or of the end with an outcome."""
        if to not in self.ids:
            self.ids[to] = self._node("End", "end", "endEvent", to, lane, noted={"outcome": to, "shown": one_line(to)})
        return self.ids[to]

    def _splits(self, name: str, step: Step) -> None:
        """The gateways at which the branches of a split meet, and which ways lead to them."""
        if not step.all_of or step.then is None:
            return
        lane = self.diagram.nodes[self.ids[name]].lane
        met: dict[str, str] = {}
        join = self._node("Meet", "and", "parallelGateway", "", lane)
        for branch in step.all_of:
            inside = self._region(branch, step.then)
            ending = [each for each in inside if step.then in self._names_ahead(self.service.steps[each])]
            for each in ending:
                if (each, step.then) in self.meetings:
                    reason = f'it is on more than one branch that comes to "{step.then}"; the drawing shows one of them'
                    self.not_kept.append(NotKept("task", self.ids[each], each, reason))
                self.meetings.setdefault((each, step.then), branch)
                met.setdefault(branch, join)
            gate = join
            if sum(self.meetings.get((each, step.then)) == branch for each in ending) > 1:
                gate = self._node("Merge", "xor", "exclusiveGateway", "", lane)
                self._flow(gate, join)
            for each in ending:
                if self.meetings[each, step.then] == branch:
                    self.edges[each, step.then] = self.edges.get((each, step.then), gate)
        self._flow(join, self._place(step.then, lane))
        self.ids[f"\0{name}"] = join

    def _region(self, begin: str, until: str) -> list[str]:
        seen: dict[str, None] = {}
        ahead = [begin]
        for each in ahead:
            if each != until and each not in seen and each in self.service.steps:
                seen[each] = None
                ahead += self._names_ahead(self.service.steps[each])
        return list(seen)

    def _names_ahead(self, step: Step) -> list[str]:
        patience = step.patience_limit
        rules = [to for rule in step.rules for to in rule.next]
        return [*(step.next or ()), *rules, *([] if patience is None else [patience.to])]

    def _ways(self, name: str, step: Step) -> None:
        source = self.ids[name]
        lane = self.diagram.nodes[source].lane
        if step.patience_limit is not None:
            limit = step.patience_limit
            known = plain(step.patience)
            noted = {"patience": {k: v for k, v in known.items() if k != "to"} if isinstance(known, dict) else known}
            minutes = _as_drawn(mean_minutes(limit.minutes))
            leave = self._node(
                "Leave",
                "leave",
                "boundaryEvent",
                "",
                lane,
                minutes=minutes,
                attached_to=source,
                noted={**noted, "drawn": minutes},
            )
            self._flow(leave, self.edges.get((name, limit.to)) or self._place(limit.to, lane))
        if step.all_of:
            fork = self._node("Split", "and", "parallelGateway", "", lane, noted={"then": step.then})
            self._flow(source, fork)
            for branch in step.all_of:
                self._way(name, step, fork, branch, "", {})
        elif step.rules:
            gate = self._node("Rules", "xor", "exclusiveGateway", "", lane, noted={"rules": True})
            self._flow(source, gate)
            for order, rule in enumerate(step.rules):
                conditions = {key: value for key, value in plain(rule).items() if key != "next"}
                more = {"rule": conditions, "order": order}
                self._shares(name, step, gate, rule.next, lane, _condition(conditions), more)
            if step.next is not None:
                self.diagram.default_flows[gate] = self._shares(name, step, gate, step.next, lane, "otherwise", {})
        elif step.next is not None:
            self._shares(name, step, source, step.next, lane, "", {})

    def _shares(
        self,
        name: str,
        step: Step,
        source: str,
        ways: Mapping[str, float],
        lane: str | None,
        words: str,
        more: dict[str, Any],
    ) -> str:
        """Where cases go from a node with these shares: the id of the flow that leaves it."""
        if len(ways) == 1:
            return self._way(name, step, source, next(iter(ways)), words, more)
        gate = self._node("Gateway", "xor", "exclusiveGateway", "", lane)
        first = self._flow(source, gate, words, condition=words if more else "", noted=more)
        for to, share in ways.items():
            self._way(name, step, gate, to, f"{100 * share:.3g}%", {"share": share})
        return first

    def _way(self, name: str, step: Step, source: str, to: str, words: str, more: dict[str, Any]) -> str:
        """One flow to a step or outcome, through the timer of its delay and the gateway where branches meet."""
        lane = self.diagram.nodes[source].lane
        target = self.edges.get((name, to)) or self._place(to, lane)
        delay = step.delay_to(to)
        condition = words if "rule" in more else ""
        if delay is None:
            return self._flow(source, target, words, condition=condition, noted=more)
        minutes = _clock_minutes(delay)
        noted = {"after": plain(step.after[to]), "drawn": minutes}
        wait = self._node(
            "Wait", "wait", "intermediateCatchEvent", _delay_words(step.after[to]), lane, minutes=minutes, noted=noted
        )
        flow = self._flow(source, wait, words, condition=condition, noted=more)
        self._flow(wait, target)
        return flow


def _clock_minutes(delay: Delay) -> float:
    """The minutes that a timer of BPMN shows for a delay; of working days, those of the clock."""
    by_clock = delay.working_days * 24 * 60 if delay.working_days is not None else mean_minutes(delay.minutes or 0)
    return _as_drawn(by_clock)


def _as_drawn(minutes: float) -> float:
    """Minutes as they are read again from the timer that is written of them."""
    return minutes_of_iso(iso_of_minutes(minutes)) or 0.0


def _delay_words(written: Delay | str) -> str:
    if isinstance(written, str):
        return written
    return f"{written.working_days:g} working days" if written.working_days is not None else ""


def _condition(conditions: Mapping[str, Any]) -> str:
    """The conditions of a rule in words, for whoever looks at the drawing."""
    parts = []
    for key, value in conditions.items():
        if key == "urgent":
            parts.append("urgent" if value else "not urgent")
        elif key == "attributes":
            parts += [f"{name} is {what}" for name, what in value.items()]
        elif key == "visits_at_least":
            parts.append(f"visit {value} or later")
        else:
            parts.append(f"{key} is {value}")
    return " and ".join(parts)
