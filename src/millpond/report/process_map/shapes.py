"""The boxes and lines of a map as SVG."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from millpond.process.folding import DrawnStep, DrawnWay
from millpond.process.layout.graph import PlacedBox, PlacedLine, Point
from millpond.report.charts import style
from millpond.report.printable import printable
from millpond.report.process_map.colours import ACROSS, CAUSES, LINE
from millpond.report.process_map.drawing import BAR, DIAMOND, LABEL, LABEL_LINE, PAD, SMALL, SMALL_LINE, Picture
from millpond.report.process_map.spoken import spoken, way_spoken


def box_of(placed: PlacedBox, shown: Picture) -> str:
    """A box with what stands in it, as one thing to go to."""
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
        parts.append(texts(text.label, placed.middle, at, LABEL, LABEL_LINE, more=' font-weight="600"'))
        at += LABEL_LINE * len(text.label) - 1
    if text.figures:
        parts.append(texts(text.figures, placed.middle, at, SMALL, SMALL_LINE))
    if step is not None and text.bar:
        parts.append(_bar(step, placed))
    if step is not None and step.repeats:
        parts.append(_loop(placed))
    words = safe_attribute(spoken(step, shown) if step is not None else " ".join((*text.label, *text.figures)))
    title = safe(spoken(step, shown) if step is not None else " ".join((*text.label, *text.figures)))
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


def way_of(line: PlacedLine, way: DrawnWay, shown: Picture) -> str:
    """A way as a line with its head."""
    most = max(other.passages for other in shown.ways)
    thick = 1.2 + 3.8 * (way.passages / most) ** 0.5
    colour = ACROSS if way.between_organisations else LINE
    dash = f' stroke-dasharray="{2 + thick:.1f} {2 + thick:.1f}"' if line.upwards else ""
    path, head = _curve(line.points, 5 + thick)
    return (
        f'<g class="way"><title>{safe(way_spoken(way, shown.drawing))}</title>'
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


def words_of(line: PlacedLine, words: str, way: DrawnWay) -> str:
    """The number on a line, and the mark of another organisation."""
    if not words:
        return ""
    x, y = line.text
    left = x - line.line.width / 2
    mark = diamond(left + 3, y) if way.between_organisations else ""
    middle = x + (DIAMOND + 4) / 2 if way.between_organisations else x
    colour = f' style="fill:{ACROSS}"' if way.between_organisations else ""
    return (
        f'<rect x="{left:.1f}" y="{y - 7:g}" width="{line.line.width:.1f}" height="14" rx="3" fill="#ffffff" '
        f'fill-opacity="0.86"/>{mark}'
        f"{texts([words], round(middle, 1), y + 4, SMALL, SMALL_LINE, more=colour)}"
    )


def diamond(x: float, y: float) -> str:
    """The mark of another organisation."""
    half = DIAMOND / 2
    return f'<path d="M{x:.1f} {y:.1f}l{half:g} {-half:g}l{half:g} {half:g}l{-half:g} {half:g}z" fill="{ACROSS}"/>'


def safe(text: str) -> str:
    """Text as SVG can hold it."""
    return escape(printable(text))


def texts(
    texts: Sequence[str], x: float, y: float, size: float, step: float, *, anchor: str = "middle", more: str = ""
) -> str:
    """Lines of text, silent because what they belong to speaks."""
    spans = "".join(
        f'<tspan x="{x:g}" y="{y + step * number:g}">{safe(text)}</tspan>' for number, text in enumerate(texts)
    )
    return f'<text font-size="{size:g}" text-anchor="{anchor}"{more} aria-hidden="true">{spans}</text>'


def safe_attribute(text: str) -> str:
    """The same, with quotation marks around it."""
    return quoteattr(printable(text))
