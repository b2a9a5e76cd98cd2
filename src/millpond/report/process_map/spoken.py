"""The map in words: what a screen reader says of it, of each box and of each way."""

from __future__ import annotations

from millpond.process.folding import Drawing, DrawnStep, DrawnWay
from millpond.process.sentences import percent
from millpond.report import wording
from millpond.report.process_map.colours import CAUSES
from millpond.report.process_map.drawing import Picture, told
from millpond.report.process_map.tables import known_of


def summary(drawing: Drawing) -> str:
    """The map in a few sentences: the text alternative."""
    whole = drawing.map
    text = (
        f"{wording.count(len(drawing.steps), 'box', 'boxes')} and {wording.count(len(drawing.ways), 'way')} between "
        "them, from top to bottom."
    )
    if not whole.hidden_below:
        text += (
            f" {wording.count(whole.hand_offs, 'hand-off')}, "
            f"{wording.number(whole.between_organisations)} of them between organisations."
        )
    worst = [row.sentence for row in whole.delays.of("step")[:3]]
    return " ".join([text, *worst, *drawing.notes, "The same as tables stands below the picture, or in the JSON."])


def spoken(step: DrawnStep, shown: Picture) -> str:
    """All that a box and the ways from it tell, in words."""
    drawing = shown.drawing
    label = name_of(step.key, drawing)
    lane = drawing.lanes[step.lane]
    told_parts = [f"{label}, {lane.label}" + (f", {lane.organisation}" if lane.organisation else "") + "."]
    told_parts.append(f"{wording.count(step.visits, 'visit')}.")
    if step.repeats:
        told_parts.append(f"{wording.number(step.repeats)} directly after one another.")
    if step.work is not None:
        told_parts.append(f"Work {told(step.work)} a visit{known_of(step.work_of)}.")
    if step.waiting is not None:
        total = sum(step.causes.values())
        causes = ", ".join(
            f"{CAUSES[key][0]} {percent(minutes / total)}" for key, minutes in step.causes.items() if minutes and total
        )
        told_parts.append(
            f"Waits {told(step.waiting)} a visit{known_of(step.waiting_of)}" + (f": {causes}." if causes else ".")
        )
    if step.folded:
        told_parts.append(f"Stands for {', '.join(step.folded)}.")
    ways = [way for way in drawing.ways if way.from_key == step.key]
    if ways:
        told_parts.append(
            "Goes on to " + wording.listed([f"{name_of(way.to_key, drawing)} {way.passages:,}" for way in ways]) + "."
        )
    return " ".join(told_parts)


def way_spoken(way: DrawnWay, drawing: Drawing) -> str:
    """All that a way tells, in words."""
    words = (
        f"From {name_of(way.from_key, drawing, 'the beginning')} to {name_of(way.to_key, drawing)}: {way.passages:,}"
    )
    if way.hand_offs and not drawing.map.hidden_below:
        words += f", {wording.count(way.hand_offs, 'hand-off')}"
    if way.between_organisations and not drawing.map.hidden_below:
        words += f", {way.between_organisations:,} between organisations"
    return words + (f", waiting {told(way.waiting)} on average" if way.waiting is not None else "")


def name_of(key: str | None, drawing: Drawing, otherwise: str = "the end") -> str:
    """What a step of a drawing is called."""
    return next((step.label for step in drawing.steps if step.key == key), otherwise)
