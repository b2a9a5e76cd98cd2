"""How charts look: sizes, letters, colours that the colour-blind can tell apart, lines that differ without colour.

Colours are taken from the Okabe and Ito set, darkened until letters in them reach a contrast of 4.5 to 1 on white, and
marks one of 3 to 1 (Web Content Accessibility Guidelines 2.2, 1.4.3 and 1.4.11).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

WIDE = 780
NARROW = 350
FONT = "Arial, Helvetica, Liberation Sans, sans-serif"

INK = "#1b2a33"
MUTED = "#51606b"
RULE = "#dfe4e7"
PAPER = "#ffffff"
SHADE = "#f1ede2"
"""Behind recent days that are still filling up."""
SHADE_INK = "#6f5b1e"

DEMAND = "#b3400a"
CAPACITY = "#1b2a33"
ACTIVITY = "#0067a3"
GREW = "#c4713f"
SHRANK = "#4f8cb0"
BACKLOG = "#6b4c9a"
BACKLOG_FILL = "#e3dcee"
STRONG = "#b3400a"
SOFT = "#5f8aa0"
"""Bars and points: what the reader should see, and the rest."""
LINK = "#788690"
"""The line from point to point, where the points are what is read."""
HEAT = ("#f3f5f5", "#b9d3dc", "#6ba3b8", "#2c7391", "#0d4a66")
"""Cells, each with its number in it."""


@dataclass(frozen=True)
class Look:
    """How one of the four measures is drawn, wherever it is drawn."""

    colour: str
    dash: tuple[float, ...]
    weight: float

    @property
    def stroke(self) -> dict[str, Any]:
        """As the properties of a Vega-Lite line."""
        stroke: dict[str, Any] = {"color": self.colour, "strokeWidth": self.weight}
        return {**stroke, "strokeDash": list(self.dash)} if self.dash else stroke

    @property
    def end(self) -> dict[str, Any]:
        """As the arguments of the end of a line."""
        return {"colour": self.colour, "dash": self.dash, "weight": self.weight}


LOOK = {
    "demand": Look(DEMAND, (), 2.4),
    "capacity": Look(CAPACITY, (7, 4), 1.8),
    "activity": Look(ACTIVITY, (2, 3), 2.2),
    "backlog": Look(BACKLOG, (), 1.4),
}


def config(narrow: bool = False) -> dict[str, Any]:
    """The Vega-Lite configuration that all charts share.

    Args:
        narrow: for a phone: the same letters in less room, so fewer of them.
    """
    size = 11 if narrow else 12
    return {
        "font": FONT,
        "background": PAPER,
        "aria": False,
        "view": {"stroke": None},
        "axis": {
            "labelFontSize": size,
            "titleFontSize": size,
            "titleFontWeight": "normal",
            "labelColor": MUTED,
            "titleColor": MUTED,
            "gridColor": RULE,
            "domainColor": "#9aa6ad",
            "tickColor": "#9aa6ad",
            "labelPadding": 5,
            "titlePadding": 8,
        },
        "axisY": {"domain": False, "ticks": False},
        "axisX": {"grid": False},
        "text": {"font": FONT, "fontSize": size, "color": INK},
        "header": {"labelFontSize": size, "labelColor": INK},
    }


def spread(wanted: list[float], gap: float, lowest: float, highest: float) -> list[float]:
    """Positions for labels that keep their order, stand at least a gap apart, and stay as near as they can.

    Args:
        wanted: where each label would stand alone, in pixels.
        gap: the least distance between two labels.
        lowest, highest: the room there is; the gap shrinks where the labels cannot all fit.

    Returns:
        A position for each label, in the order given.
    """
    if not wanted:
        return []
    gap = min(gap, (highest - lowest) / max(1, len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    blocks: list[tuple[list[int], float]] = []
    for i in order:
        members, start = [i], wanted[i]
        while blocks and blocks[-1][1] + gap * len(blocks[-1][0]) > start:
            earlier, _ = blocks.pop()
            members = earlier + members
            start = sum(wanted[m] - gap * place for place, m in enumerate(members)) / len(members)
        start = min(max(start, lowest), highest - gap * (len(members) - 1))
        blocks.append((members, start))
    # Holding a block inside the room can push it onto its neighbour: settle from both ends.
    places = [0.0] * len(wanted)
    at = lowest
    for members, start in blocks:
        at = max(at, start)
        for m in members:
            places[m] = at
            at += gap
    at = highest
    for i in reversed(order):
        places[i] = min(places[i], at)
        at = places[i] - gap
    return places


def heat(share: float) -> str:
    """The colour of a cell, from nothing (0) to the most there is (1)."""
    place = min(max(share, 0.0), 1.0) * (len(HEAT) - 1)
    lower = min(int(place), len(HEAT) - 2)
    pairs = zip(_channels(HEAT[lower]), _channels(HEAT[lower + 1]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * (place - lower)):02x}" for a, b in pairs)


def ink_on(fill: str) -> str:
    """Black or white, whichever is read more easily on a colour: one of them always has a contrast above 4.5."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _channels(fill))]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if luminance > 0.179 else "#ffffff"


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
