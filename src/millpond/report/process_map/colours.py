"""What the colours of a map stand for."""

from __future__ import annotations

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
