"""The map as SVG text: whole in itself, the same bytes each time, and readable by keyboard and by ear."""

from __future__ import annotations

from millpond.process.folding import Drawing
from millpond.report import hiding, wording
from millpond.report.charts import style
from millpond.report.printable import printable
from millpond.report.process_map.colours import ACROSS, CAUSES
from millpond.report.process_map.drawing import LABEL, LABEL_LINE, PAD, SMALL, SMALL_LINE, Picture, picture
from millpond.report.process_map.letters import lines, width
from millpond.report.process_map.shapes import box_of, diamond, safe, texts, way_of, words_of
from millpond.report.process_map.spoken import summary

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
        f'<title id="map-title">{safe(title)}</title>',
        f'<desc id="map-desc">{safe(summary(drawing))}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect width="{wide:g}" height="{high:g}" fill="{style.PAPER}"/>',
        *heading[0],
        f'<g transform="translate({aside:g} {top:g})">',
        *_lanes(shown, lanes, layout.height),
        *[way_of(line, way, shown) for line, way in zip(layout.lines, shown.ways, strict=True)],
        # Who goes through them by keyboard or by ear meets them as they stand, from top to bottom.
        *[box_of(box, shown) for box in sorted(layout.boxes, key=lambda box: (box.y, box.x))],
        *[words_of(line, words, way) for line, words, way in zip(layout.lines, shown.words, shown.ways, strict=True)],
        "</g>",
        f'<g transform="translate(0 {top + layout.height:g})">',
        *legend[0],
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


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
        texts(big, 14, 28, 17, 21, anchor="start", more=' font-weight="600"'),
        texts(small, 14, 28 + 21 * len(big), 12, 16, anchor="start", more=f' style="fill:{style.MUTED}"'),
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
        parts.append(texts(label, middle, -head + 34, LABEL, LABEL_LINE, more=' font-weight="600"'))
        if lane.organisation:
            organisation = lines(printable(lane.organisation), SMALL, high - low - 2 * PAD)
            parts.append(
                texts(organisation[:1], middle, -head + 16, SMALL, SMALL_LINE, more=f' style="fill:{style.MUTED}"')
            )
        if number and lane.organisation != before:
            parts.append(
                f'<path d="M{low:g} {-head:g}V{height:g}" stroke="{ACROSS}" stroke-width="1.2" '
                'stroke-dasharray="2 4" fill="none"/>'
            )
        before = lane.organisation
    return parts


def _legend(shown: Picture, wide: float) -> tuple[list[str], float]:
    """What the marks mean, in as many lines as it takes."""
    used = [key for key in CAUSES if any(step.causes[key] > 0 for step in shown.drawing.steps)]
    items: list[tuple[str, str]] = [(CAUSES[key][0], CAUSES[key][1]) for key in used]
    parts, x, y = [], 14.0, 22.0
    if items:
        parts.append(texts(["Waiting:"], x, y + 9, SMALL, SMALL_LINE, anchor="start"))
        x += width("Waiting: ", SMALL) + 4
    for words, colour in items:
        room = width(words, SMALL) + 30
        if x + room > wide - 10:
            x, y = 14.0, y + 20
        parts.append(
            f'<rect x="{x:.1f}" y="{y:g}" width="12" height="10" fill="{colour}" stroke="#51606b" stroke-width="0.7"/>'
        )
        parts.append(texts([words], round(x + 17, 1), y + 9, SMALL, SMALL_LINE, anchor="start"))
        x += room
    y += 20 if items else 0
    said = ["The warmer a box, the more of all waiting is there. Dashed lines run back to earlier steps."]
    if any(way.between_organisations for way in shown.ways):
        parts.append(diamond(14, y + 6))
        parts.append(
            texts(["and a red line: another organisation takes over."], 27, y + 10, SMALL, SMALL_LINE, anchor="start")
        )
        y += SMALL_LINE + 4
    said += shown.drawing.notes
    for text in said:
        told_lines = lines(printable(text), SMALL, wide - 28)
        parts.append(texts(told_lines, 14, y + 10, SMALL, SMALL_LINE, anchor="start"))
        y += SMALL_LINE * len(told_lines) + 4
    return parts, y
