"""Sets of instants as sorted spans that do not touch: all of several, and what one set leaves of another."""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[int, int]
"""From one instant up to but without another, both in microseconds since 1970-01-01 UTC."""


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The instants in any of the spans; a span that ends before it begins holds none."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def without(spans: tuple[Span, ...], taken: tuple[Span, ...]) -> tuple[Span, ...]:
    """The instants of the first set that are not in the second; both as `union` gives them."""
    left: list[Span] = []
    for start, end in spans:
        for taken_start, taken_end in taken:
            if taken_end <= start or taken_start >= end:
                continue
            if taken_start > start:
                left.append((start, taken_start))
            start = max(start, taken_end)
        if start < end:
            left.append((start, end))
    return tuple(left)
