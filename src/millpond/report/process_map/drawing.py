"""What stands in each box of a map, how large that makes it, and where everything goes."""

from __future__ import annotations

from dataclasses import dataclass

from millpond.process.folding import Drawing, DrawnStep, DrawnWay
from millpond.process.layout.graph import Box, Layout, Line
from millpond.process.layout.placing import lay_out
from millpond.report import wording
from millpond.report.printable import printable
from millpond.report.process_map.letters import lines, width
from millpond.report.process_map.tables import known_of

LABEL, SMALL = 13.0, 11.0
LABEL_LINE, SMALL_LINE = 16.0, 14.0
PAD = 9.0
BAR = 7.0
DIAMOND = 8.0
NARROWEST, WIDEST = 126.0, 190.0
MOST_LANES = 8
"""With more than so many lanes a map would be too wide: the pool then stands in each box instead."""

START, END = "\x02start", "\x02end"


@dataclass(frozen=True)
class BoxText:
    """The text of a box.

    Attributes:
        label: its name, in lines.
        figures: what is told below it, in lines.
        bar: whether the causes of its waiting are drawn as a bar.
    """

    label: tuple[str, ...]
    figures: tuple[str, ...]
    bar: bool


@dataclass(frozen=True)
class Picture:
    """A drawing with its places.

    Attributes:
        drawing: what is drawn.
        texts: the text of each box, by key.
        ways: the way that each line of the layout is.
        words: the text on each line of the layout.
        layout: the places.
        has_lanes: whether lanes are drawn.
    """

    drawing: Drawing
    texts: dict[str, BoxText]
    ways: tuple[DrawnWay, ...]
    words: tuple[str, ...]
    layout: Layout
    has_lanes: bool


def picture(drawing: Drawing) -> Picture:
    """Decides what stands where."""
    whole = drawing.map
    has_lanes = 1 < len(drawing.lanes) <= MOST_LANES
    texts = {step.key: _text(step, drawing, named=not has_lanes and len(drawing.lanes) > 1) for step in drawing.steps}
    texts[START] = BoxText(
        (f"{wording.count(whole.cases, 'case')} {'begins' if whole.cases == 1 else 'begin'}",), (), False
    )
    lanes = {step.key: step.lane if has_lanes else 0 for step in drawing.steps}
    lanes[START] = next((lanes[way.to_key] for way in drawing.ways if way.from_key is None and way.to_key), 0)
    for way in drawing.ways:
        if way.to_key is None and way.from_key is not None:
            # Each end stands below its step: lines to one end of all would run across the whole map.
            key = END + way.from_key
            texts[key] = BoxText(
                (), (f"{wording.number(way.passages)} {'ends' if way.passages == 1 else 'end'} here",), False
            )
            lanes[key] = lanes[way.from_key]
    boxes = [
        Box(key, *_size(text), lanes[key]) for key, text in sorted(texts.items(), key=lambda item: item[0] != START)
    ]
    words = tuple("" if way.to_key is None else wording.number(way.passages) for way in drawing.ways)
    drawn = [
        Line(
            START if way.from_key is None else way.from_key,
            END + str(way.from_key) if way.to_key is None else way.to_key,
            float(way.passages),
            _room(way, text),
            SMALL_LINE,
        )
        for way, text in zip(drawing.ways, words, strict=True)
    ]
    headings = [
        max(_widest(lane.label, LABEL), _widest(lane.organisation or "", SMALL), NARROWEST) + 2 * PAD
        for lane in drawing.lanes
    ]
    layout = lay_out(boxes, drawn, headings if has_lanes else ())
    return Picture(drawing, texts, drawing.ways, words, layout, has_lanes)


def _widest(text: str, size: float) -> float:
    """How wide the widest word of a text is, which a lane must hold."""
    return max((width(word, size, bold=True) for word in text.split()), default=0.0)


def _text(step: DrawnStep, drawing: Drawing, *, named: bool) -> BoxText:
    room = WIDEST - 2 * PAD
    figures = [wording.count(step.visits, "visit")]
    if named:
        figures = [*lines(printable(drawing.lanes[step.lane].label), SMALL, room), *figures]
    if step.repeats:
        within = f"{wording.number(step.repeats)} within"
        figures.append(within if step.folded else wording.count(step.repeats, "repeat"))
    if step.work is not None:
        figures.append(f"work {told(step.work)}{known_of(step.work_of)}")
    if step.waiting is not None:
        figures.append(f"{'passes' if step.hides_work else 'waits'} {told(step.waiting)}{known_of(step.waiting_of)}")
    label = lines(printable(step.label), LABEL, room, bold=True)
    return BoxText(tuple(label), tuple(figures), step.waiting is not None and sum(step.causes.values()) > 0)


def told(minutes: float) -> str:
    """A length of time on the map."""
    return "under 1 minute" if 0 < minutes < 1 else wording.duration(minutes)


def _size(text: BoxText) -> tuple[float, float]:
    wide = max(
        [NARROWEST - 2 * PAD if text.label else 0.0]
        + [width(line, LABEL, bold=True) for line in text.label]
        + [width(line, SMALL) for line in text.figures]
    )
    high = (
        (2 * PAD if text.label else PAD)
        + LABEL_LINE * len(text.label)
        + SMALL_LINE * len(text.figures)
        + (BAR + 5 if text.bar else 0)
    )
    return wide + 2 * PAD, high


def _room(way: DrawnWay, text: str) -> float:
    """How wide the words on a line are, with the mark of another organisation."""
    return (width(text, SMALL) + 4 if text else 2.0) + (DIAMOND + 4 if way.between_organisations else 0.0)
