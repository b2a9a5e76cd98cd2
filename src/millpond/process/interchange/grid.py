"""The grid on which a drawing stands, in pixels: how large its cells are, and what a rectangle on it is."""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float]
COLUMN, ROW = 180.0, 120.0
LEFT, TOP, HEAD = 160.0, 80.0, 30.0
CHANNEL = 12.0


@dataclass(frozen=True)
class Box:
    """A rectangle: its left upper corner, its width and its height, in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2
