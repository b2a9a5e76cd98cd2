"""The process map as BPMN 2.0: what was found in the records, drawn for other tools.

Steps become tasks in the lanes of their pools, the ways from a step an exclusive gateway with the shares that were
found, and each outcome an end. BPMN has no sign for how often and how long: those figures stand in the documentation
of each element. Where steps run side by side the drawing shows a choice of ways, because records show that visits
overlap but not that they must.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from millpond.process.folding import Drawing, DrawnStep, DrawnWay
from millpond.process.interchange.bpmn_out import diagram_xml
from millpond.process.interchange.diagram import Diagram, Flow, Kind, Lane, Node
from millpond.process.interchange.noted import one_line
from millpond.process.sentences import CAUSES_IN_WORDS, in_a_row, percent, spoken
from millpond.records.findings import counted

CLOSED = "closed"
"""What an end without a recorded outcome is called."""
_START, _END = "Start", "End"


def write_map(drawing: Drawing) -> bytes:
    """A map as a BPMN 2.0 model with diagram interchange.

    Args:
        drawing: as much of the map as is to be drawn.
    """
    return diagram_xml(drawn_map(drawing))


def drawn_map(drawing: Drawing) -> Diagram:
    """A map as the nodes, flows and lanes of BPMN."""
    return _Drawn(drawing).diagram


class _Drawn:
    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        whole = drawing.map
        begins = whole.group or whole.service
        self.diagram = Diagram(name=begins, says=" ".join((*whole.notes, *drawing.notes)))
        self.ids: dict[str, str] = {}
        for number, lane in enumerate(drawing.lanes):
            shown = f"{lane.label} ({lane.organisation})" if lane.organisation else lane.label
            noted = {"pool": lane.pool or lane.label, "shown": one_line(shown)}
            self.diagram.lanes[_lane(number)] = Lane(_lane(number), shown, noted)
        for number, step in enumerate(drawing.steps, 1):
            self.ids[step.key] = self._node(f"Step_{number}", "task", "task", step.label, step, _told(step))
        self._begin()
        for step in drawing.steps:
            self._onward(step)

    def _node(self, id: str, kind: Kind, tag: str, name: str, at: DrawnStep, says: str, **noted: Any) -> str:
        if kind == "task" and not at.folded:
            noted = {"name": at.key, "shown": one_line(name)}
            # The mean of few of the visits is not what one takes.
            noted["step"] = {} if at.work is None or at.work_of else {"minutes": round(at.work, 2)}
        self.diagram.nodes[id] = Node(id, kind, tag, name, _lane(at.lane), noted=noted, says=says)
        return id

    def _flow(self, source: str, target: str, share: float | None = None, says: str = "") -> None:
        id = f"Flow_{len(self.diagram.flows) + 1}"
        noted = {} if share is None else {"share": share}
        name = "" if share is None else percent(share)
        self.diagram.flows.append(Flow(id, source, target, name, noted=noted, says=says))

    def _begin(self) -> None:
        """Where cases begin: one start, and from it the ways to the first steps."""
        ways = [way for way in self.drawing.ways if way.from_key is None and way.to_key is not None]
        if not ways:
            return
        first = next(step for step in self.drawing.steps if step.key == ways[0].to_key)
        says = f"{counted(self.drawing.map.cases, 'case')}."
        start = self._node(_START, "start", "startEvent", "Arrivals", first, says, stream="arrivals", shown="Arrivals")
        self._ways(start, "Begin", first, [(self.ids[str(way.to_key)], way.passages, "") for way in ways])

    def _onward(self, step: DrawnStep) -> None:
        """The ways from a step: back to itself, on to others, and to its ends."""
        labels = {other.key: other.label for other in self.drawing.steps}
        ways = [(self.ids[step.key], step.repeats, "")] if step.repeats else []
        for way in self.drawing.ways:
            if way.from_key == step.key and way.to_key is not None:
                says = _way_told(way, step.label, labels[way.to_key], hides=self.drawing.map.hidden_below > 0)
                ways.append((self.ids[way.to_key], way.passages, says))
        if any(way.from_key == step.key and way.to_key is None for way in self.drawing.ways):
            ways += [(self._end(outcome, step), cases, "") for outcome, cases in self._endings(step).items()]
        if ways:
            self._ways(self.ids[step.key], f"Gateway_{self.ids[step.key]}", step, ways)

    def _ways(self, source: str, gate: str, at: DrawnStep, ways: Sequence[tuple[str, int, str]]) -> None:
        """Flows to some nodes, through a gateway where there are several."""
        total = sum(passages for _, passages, _ in ways)
        if len(ways) == 1 and ways[0][0] != source:
            self._flow(source, ways[0][0], says=ways[0][2])
            return
        self._flow(source, self._node(gate, "xor", "exclusiveGateway", "", at, ""))
        for target, passages, says in ways:
            self._flow(gate, target, passages / total, f"{counted(passages, 'time')}. {says}".strip())

    def _endings(self, step: DrawnStep) -> Mapping[str, int]:
        """How many cases ended here with each outcome."""
        names = set(step.folded or (step.key,))
        found: dict[str, int] = {}
        for row in self.drawing.map.endings.rows:
            if row.step in names:
                found[row.outcome or CLOSED] = found.get(row.outcome or CLOSED, 0) + row.cases
        return found

    def _end(self, outcome: str, step: DrawnStep) -> str:
        """The end with an outcome in the lane of a step: one for each lane, so that lines stay short."""
        key = f"{step.lane} {outcome}"
        if key not in self.ids:
            id = f"{_END}_{sum(each.startswith(_END) for each in self.diagram.nodes) + 1}"
            noted = {"outcome": outcome, "shown": one_line(outcome)}
            self.ids[key] = self._node(id, "end", "endEvent", outcome, step, "", **noted)
        return self.ids[key]


def _lane(number: int) -> str:
    return f"Lane_{number + 1}"


def _told(step: DrawnStep) -> str:
    """What a step's box on the map says, in sentences."""
    told = [f"{counted(step.visits, 'visit')}."]
    if step.repeats:
        told.append(f"{counted(step.repeats, 'visit')} directly after another one here.")
    if step.work is not None:
        told.append(f"Work on average {spoken(step.work)}{_of_few(step.work_of)}.")
    if step.waiting is not None:
        told.append(f"Waiting on average {spoken(step.waiting)}{_of_few(step.waiting_of)}.")
        total = sum(step.causes.values())
        causes = sorted(((minutes, key) for key, minutes in step.causes.items() if minutes), reverse=True)
        if causes:
            words = in_a_row([f"{percent(minutes / total)} {CAUSES_IN_WORDS[key]}" for minutes, key in causes])
            told.append(f"Of the waiting {words}.")
    if step.folded:
        told.append(f"Stands for {in_a_row(step.folded)}.")
    return " ".join(told)


def _of_few(visits: int | None) -> str:
    return "" if visits is None else f", known of {counted(visits, 'visit')} only"


def _way_told(way: DrawnWay, from_label: str, to_label: str, *, hides: bool) -> str:
    told = f"From {from_label} to {to_label}"
    if way.hand_offs and not hides:
        told += f", {counted(way.hand_offs, 'hand-off')}"
    if way.between_organisations and not hides:
        told += f", {way.between_organisations:,} of them between organisations"
    return told + (f"; waiting on average {spoken(way.waiting)}." if way.waiting is not None else ".")
