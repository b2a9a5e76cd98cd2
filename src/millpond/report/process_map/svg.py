"""The map as SVG text: whole in itself, the same bytes each time, and readable by keyboard and by ear."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from millpond.process.folding import Drawing, DrawnStep, DrawnWay
from millpond.process.layout.graph import PlacedBox, PlacedLine, Point
from millpond.process.sentences import percent
from millpond.report import hiding, wording
from millpond.report.charts import style
from millpond.report.printable import printable
from millpond.report.process_map.drawing import (
    BAR,
    DIAMOND,
    LABEL,
    LABEL_LINE,
    PAD,
    SMALL,
    SMALL_LINE,
    Picture,
    picture,
    told,
)
from millpond.report.process_map.letters import lines, width

CAUSES = {
    "staff": ("for our staff", "#b3400a"),
    "priority": ("others went first", "#f0b27a"),
    "hours": ("outside hours", "#0067a3"),
    "batching": ("until several came", "#6b4c9a"),
    "others": ("for somebody else", "#8fb8c9"),
    "unknown": ("cause not known", "#c9ced2"),
}
"""Each cause of waiting as the legend calls it, and its colour: dark and light in turn, so that they differ in grey."""

ACROSS = "#b3400a"
LINE = "#5d6c77"
_HEAD = 46.0
_FOOT = 20.0
_STYLE = (
    "text{font-family:" + style.FONT + ";fill:" + style.INK + "}"
    ".step:focus{outline:none}.step:focus .edge{stroke:#1b2a33;stroke-width:3.5}"
)


def svg(drawing: Drawing, *, titled: bool = True) -> str:
    """A map as an SVG document.

    Args:
        drawing: what is drawn of it.
        titled: draw its title into the picture; a page sets it as text instead.
    """
    shown = picture(drawing)
    layout = shown.layout
    title = f"{drawing.map.service}: how work flows" + (f", {drawing.map.group}" if drawing.map.group else "")
    legend = _legend(shown, max(layout.width, 340.0))
    heading = _heading(title, shown, max(layout.width, 340.0)) if titled else ([], 0.0)
    lanes = _lane_height(shown)
    top = heading[1] + lanes
    wide = max(layout.width, 340.0)
    high = top + layout.height + legend[1] + _FOOT
    # Where the picture is wider than the steps, they stand in the middle of it.
    aside = (wide - layout.width) / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:g}" height="{high:g}" viewBox="0 0 {wide:g} {high:g}" '
        'role="group" aria-labelledby="map-title map-desc">',
        f'<title id="map-title">{_safe(title)}</title>',
        f'<desc id="map-desc">{_safe(summary(drawing))}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect width="{wide:g}" height="{high:g}" fill="{style.PAPER}"/>',
        *heading[0],
        f'<g transform="translate({aside:g} {top:g})">',
        *_lanes(shown, lanes, layout.height),
        *[_way(line, way, shown) for line, way in zip(layout.lines, shown.ways, strict=True)],
        # Who goes through them by keyboard or by ear meets them as they stand, from top to bottom.
        *[_box(box, shown) for box in sorted(layout.boxes, key=lambda box: (box.y, box.x))],
        *[_words(line, words, way) for line, words, way in zip(layout.lines, shown.words, shown.ways, strict=True)],
        "</g>",
        f'<g transform="translate(0 {top + layout.height:g})">',
        *legend[0],
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


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


def _safe(text: str) -> str:
    return escape(printable(text))


def _texts(
    texts: Sequence[str], x: float, y: float, size: float, step: float, *, anchor: str = "middle", more: str = ""
) -> str:
    spans = "".join(
        f'<tspan x="{x:g}" y="{y + step * number:g}">{_safe(text)}</tspan>' for number, text in enumerate(texts)
    )
    return f'<text font-size="{size:g}" text-anchor="{anchor}"{more} aria-hidden="true">{spans}</text>'


def _heading(title: str, shown: Picture, wide: float) -> tuple[list[str], float]:
    whole = shown.drawing.map
    period = ""
    if whole.first_day:
        from datetime import date

        period = wording.span(date.fromisoformat(whole.first_day), date.fromisoformat(whole.last_day))
    still = f", {hiding.one(whole.open_cases, whole.hidden_below)} still open" if whole.open_cases else ""
    under = f"{wording.count(whole.visits, 'visit')} of {wording.count(whole.cases, 'case')}{still}" + (
        f"; {period}" if period else ""
    )
    big = lines(printable(title), 17, wide - 28, bold=True)
    small = lines(printable(under), 12, wide - 28)
    parts = [
        _texts(big, 14, 28, 17, 21, anchor="start", more=' font-weight="600"'),
        _texts(small, 14, 28 + 21 * len(big), 12, 16, anchor="start", more=f' style="fill:{style.MUTED}"'),
    ]
    return parts, 28.0 + 21 * len(big) + 16 * len(small)


def _lane_height(shown: Picture) -> float:
    if not shown.has_lanes:
        return 0.0
    most = max(
        len(lines(lane.label, LABEL, high - low - 2 * PAD, bold=True))
        for lane, (low, high) in zip(shown.drawing.lanes, shown.layout.lanes, strict=True)
    )
    return _HEAD + (most - 1) * LABEL_LINE


def _lanes(shown: Picture, head: float, height: float) -> list[str]:
    if not shown.has_lanes:
        return []
    parts = []
    before: str | None = None
    for number, (lane, (low, high)) in enumerate(zip(shown.drawing.lanes, shown.layout.lanes, strict=True)):
        fill = "#f6f8f9" if number % 2 == 0 else "#eef2f4"
        parts.append(
            f'<rect x="{low:g}" y="{-head:g}" width="{high - low:g}" height="{height + head:g}" fill="{fill}"/>'
        )
        middle = (low + high) / 2
        label = lines(printable(lane.label), LABEL, high - low - 2 * PAD, bold=True)
        parts.append(_texts(label, middle, -head + 34, LABEL, LABEL_LINE, more=' font-weight="600"'))
        if lane.organisation:
            organisation = lines(printable(lane.organisation), SMALL, high - low - 2 * PAD)
            parts.append(
                _texts(organisation[:1], middle, -head + 16, SMALL, SMALL_LINE, more=f' style="fill:{style.MUTED}"')
            )
        if number and lane.organisation != before:
            parts.append(
                f'<path d="M{low:g} {-head:g}V{height:g}" stroke="{ACROSS}" stroke-width="1.2" '
                'stroke-dasharray="2 4" fill="none"/>'
            )
        before = lane.organisation
    return parts


def _box(placed: PlacedBox, shown: Picture) -> str:
    box = placed.box
    text = shown.texts[box.key]
    step = next((step for step in shown.drawing.steps if step.key == box.key), None)
    worst = max((other.share for other in shown.drawing.steps), default=0.0)
    fill = style.PAPER if step is None else _warmth(step.share / worst if worst else 0.0)
    radius = min(box.height / 2, 18.0) if step is None else 5.0
    dash = ' stroke-dasharray="5 3"' if step is not None and step.folded else ""
    edge = (
        f'<rect class="edge" x="{placed.x:g}" y="{placed.y:g}" width="{box.width:g}" height="{box.height:g}" '
        f'rx="{radius:g}" fill="{fill}" stroke="#7d8b95" stroke-width="1.2"{dash}/>'
    )
    at = placed.y + (PAD + LABEL_LINE - 4 if text.label else 14.0)
    parts = [edge]
    if text.label:
        parts.append(_texts(text.label, placed.middle, at, LABEL, LABEL_LINE, more=' font-weight="600"'))
        at += LABEL_LINE * len(text.label) - 1
    if text.figures:
        parts.append(_texts(text.figures, placed.middle, at, SMALL, SMALL_LINE))
    if step is not None and text.bar:
        parts.append(_bar(step, placed))
    if step is not None and step.repeats:
        parts.append(_loop(placed))
    words = _safe_attribute(_spoken(step, shown) if step is not None else " ".join((*text.label, *text.figures)))
    title = _safe(_spoken(step, shown) if step is not None else " ".join((*text.label, *text.figures)))
    return f'<g class="step" tabindex="0" role="img" aria-label={words}><title>{title}</title>{"".join(parts)}</g>'


def _warmth(share: float) -> str:
    """From white to the colour of a step with the longest waiting; letters on it stay black."""
    low, high = (255, 255, 255), (247, 205, 170)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(low, high, strict=True))


def _bar(step: DrawnStep, placed: PlacedBox) -> str:
    total = sum(step.causes.values())
    left, room = placed.x + PAD, placed.box.width - 2 * PAD
    top = placed.y + placed.box.height - PAD - BAR + 3
    parts = []
    for key, (_, colour) in CAUSES.items():
        length = room * step.causes[key] / total
        if length >= 0.05:
            parts.append(f'<rect x="{left:.1f}" y="{top:g}" width="{length:.1f}" height="{BAR:g}" fill="{colour}"/>')
        left += length
    frame = f'<rect x="{placed.x + PAD:g}" y="{top:g}" width="{room:g}" height="{BAR:g}" fill="none" stroke="#51606b" '
    return "".join(parts) + frame + 'stroke-width="0.7"/>'


def _loop(placed: PlacedBox) -> str:
    """The way from a step to itself, at its right upper corner."""
    x, y = placed.x + placed.box.width, placed.y + 9
    return (
        f'<path d="M{x:g} {y + 11:g}c12 2 12 -15 1.5 -12" fill="none" stroke="{LINE}" stroke-width="1.5"/>'
        f'<path d="M{x:g} {y:g}l6 -3.2l-0.6 6.4z" fill="{LINE}"/>'
    )


def _way(line: PlacedLine, way: DrawnWay, shown: Picture) -> str:
    most = max(other.passages for other in shown.ways)
    thick = 1.2 + 3.8 * (way.passages / most) ** 0.5
    colour = ACROSS if way.between_organisations else LINE
    dash = f' stroke-dasharray="{2 + thick:.1f} {2 + thick:.1f}"' if line.upwards else ""
    path, head = _curve(line.points, 5 + thick)
    return (
        f'<g class="way"><title>{_safe(_way_spoken(way, shown.drawing))}</title>'
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{thick:.1f}"{dash}/>'
        f'<path d="{head}" fill="{colour}"/></g>'
    )


def _curve(points: Sequence[Point], size: float) -> tuple[str, str]:
    """The line, bent between places that differ in x, and its head at the end."""
    end, before = points[-1], points[-2]
    down = 1 if end[1] >= before[1] else -1
    tip = end[1]
    shortened = [*points[:-1], (end[0], tip - down * size * 0.8)]
    parts = [f"M{shortened[0][0]:g} {shortened[0][1]:g}"]
    for (x1, y1), (x2, y2) in itertools.pairwise(shortened):
        if x1 == x2:
            parts.append(f"V{y2:.1f}")
        else:
            half = (y2 - y1) / 2
            parts.append(f"C{x1:g} {y1 + half:.1f} {x2:g} {y2 - half:.1f} {x2:g} {y2:.1f}")
    half = size * 0.55
    head = f"M{end[0]:g} {tip:g}L{end[0] - half:.1f} {tip - down * size:.1f}H{end[0] + half:.1f}Z"
    return "".join(parts), head


def _words(line: PlacedLine, words: str, way: DrawnWay) -> str:
    if not words:
        return ""
    x, y = line.text
    left = x - line.line.width / 2
    mark = _diamond(left + 3, y) if way.between_organisations else ""
    middle = x + (DIAMOND + 4) / 2 if way.between_organisations else x
    colour = f' style="fill:{ACROSS}"' if way.between_organisations else ""
    return (
        f'<rect x="{left:.1f}" y="{y - 7:g}" width="{line.line.width:.1f}" height="14" rx="3" fill="#ffffff" '
        f'fill-opacity="0.86"/>{mark}'
        f"{_texts([words], round(middle, 1), y + 4, SMALL, SMALL_LINE, more=colour)}"
    )


def _diamond(x: float, y: float) -> str:
    half = DIAMOND / 2
    return f'<path d="M{x:.1f} {y:.1f}l{half:g} {-half:g}l{half:g} {half:g}l{-half:g} {half:g}z" fill="{ACROSS}"/>'


def _legend(shown: Picture, wide: float) -> tuple[list[str], float]:
    """What the marks mean, in as many lines as it takes."""
    used = [key for key in CAUSES if any(step.causes[key] > 0 for step in shown.drawing.steps)]
    items: list[tuple[str, str]] = [(CAUSES[key][0], CAUSES[key][1]) for key in used]
    parts, x, y = [], 14.0, 22.0
    if items:
        parts.append(_texts(["Waiting:"], x, y + 9, SMALL, SMALL_LINE, anchor="start"))
        x += width("Waiting: ", SMALL) + 4
    for words, colour in items:
        room = width(words, SMALL) + 30
        if x + room > wide - 10:
            x, y = 14.0, y + 20
        parts.append(
            f'<rect x="{x:.1f}" y="{y:g}" width="12" height="10" fill="{colour}" stroke="#51606b" stroke-width="0.7"/>'
        )
        parts.append(_texts([words], round(x + 17, 1), y + 9, SMALL, SMALL_LINE, anchor="start"))
        x += room
    y += 20 if items else 0
    texts = ["The warmer a box, the more of all waiting is there. Dashed lines run back to earlier steps."]
    if any(way.between_organisations for way in shown.ways):
        parts.append(_diamond(14, y + 6))
        parts.append(
            _texts(["and a red line: another organisation takes over."], 27, y + 10, SMALL, SMALL_LINE, anchor="start")
        )
        y += SMALL_LINE + 4
    texts += shown.drawing.notes
    for text in texts:
        told_lines = lines(printable(text), SMALL, wide - 28)
        parts.append(_texts(told_lines, 14, y + 10, SMALL, SMALL_LINE, anchor="start"))
        y += SMALL_LINE * len(told_lines) + 4
    return parts, y


def _spoken(step: DrawnStep, shown: Picture) -> str:
    """All that a box and the ways from it tell, in words."""
    drawing = shown.drawing
    label = name_of(step.key, drawing)
    lane = drawing.lanes[step.lane]
    told_parts = [f"{label}, {lane.label}" + (f", {lane.organisation}" if lane.organisation else "") + "."]
    told_parts.append(f"{wording.count(step.visits, 'visit')}.")
    if step.repeats:
        told_parts.append(f"{wording.number(step.repeats)} directly after one another.")
    if step.work is not None:
        told_parts.append(f"Work {told(step.work)} a visit.")
    if step.waiting is not None:
        total = sum(step.causes.values())
        causes = ", ".join(
            f"{CAUSES[key][0]} {percent(minutes / total)}" for key, minutes in step.causes.items() if minutes and total
        )
        told_parts.append(f"Waits {told(step.waiting)} a visit" + (f": {causes}." if causes else "."))
    if step.folded:
        told_parts.append(f"Stands for {', '.join(step.folded)}.")
    ways = [way for way in drawing.ways if way.from_key == step.key]
    if ways:
        told_parts.append(
            "Goes on to " + wording.listed([f"{name_of(way.to_key, drawing)} {way.passages:,}" for way in ways]) + "."
        )
    return " ".join(told_parts)


def _way_spoken(way: DrawnWay, drawing: Drawing) -> str:
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


def _safe_attribute(text: str) -> str:
    return quoteattr(printable(text))
