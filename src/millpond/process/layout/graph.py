"""What is to be laid out, and what a layout is: boxes with their places, lines with their points."""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """Something with a size that is to have a place.

    Attributes:
        key: its name.
        width, height: its size.
        lane: the place of its lane, from left to right.
    """

    key: str
    width: float
    height: float
    lane: int


@dataclass(frozen=True)
class Line:
    """A line from one box to another, with a text that needs room.

    Attributes:
        source, target: the keys of the boxes.
        weight: how much it matters that it runs straight and downwards.
        width, height: the size of its text.
    """

    source: str
    target: str
    weight: float
    width: float
    height: float


@dataclass(frozen=True)
class PlacedBox:
    """A box with its place: its left upper corner."""

    box: Box
    x: float
    y: float

    @property
    def middle(self) -> float:
        """The x of its middle."""
        return self.x + self.box.width / 2


@dataclass(frozen=True)
class PlacedLine:
    """A line with its way.

    Attributes:
        line: the line.
        points: from the edge of its source to the edge of its target; between two that differ in x it bends.
        text: the middle of its text.
        upwards: whether it runs against the direction of the drawing.
    """

    line: Line
    points: tuple[Point, ...]
    text: Point
    upwards: bool


@dataclass(frozen=True)
class Layout:
    """Boxes and lines with their places.

    Attributes:
        boxes: every box.
        lines: every line.
        lanes: from where to where each lane reaches.
        width, height: of all of it.
    """

    boxes: tuple[PlacedBox, ...]
    lines: tuple[PlacedLine, ...]
    lanes: tuple[tuple[float, float], ...]
    width: float
    height: float
