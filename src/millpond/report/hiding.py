"""Small counts of people, hidden in figures for sharing so that they cannot be worked out from the rest.

A count from 1 to less than the limit is told as below the limit. Where it is the only one hidden of several that add
up to a known total, the smallest of the others is hidden too: else a subtraction would tell it.

Source of the method: primary and secondary suppression, L. Willenborg and T. de Waal, Elements of Statistical
Disclosure Control (Springer, 2001), chapter 6.
"""

from __future__ import annotations

from collections.abc import Sequence

from millpond.report import wording

NOT_SHOWN = "not shown"


def is_small(count: int, below: int) -> bool:
    """Whether a count is too small to tell; nothing is where `below` is 0, and none is no secret."""
    return 0 < count < below


def hidden(counts: Sequence[int], below: int) -> frozenset[int]:
    """Which of some counts, by position, must not be told if their total is known.

    >>> sorted(hidden([40, 3, 12, 0], below=5))
    [1, 2]
    """
    small = {place for place, count in enumerate(counts) if is_small(count, below)}
    if len(small) == 1:
        rest = [place for place, count in enumerate(counts) if count and place not in small]
        small |= {min(rest, key=lambda place: counts[place])} if rest else set()
    return frozenset(small)


def told(counts: Sequence[int], below: int) -> tuple[str, ...]:
    """Counts that add up to a known total, as text.

    >>> told([40, 3, 12, 0], below=5)
    ('40', 'below 5', 'not shown', '0')
    """
    concealed = hidden(counts, below)
    return tuple(
        wording.number(count) if place not in concealed else one(count, below) if is_small(count, below) else NOT_SHOWN
        for place, count in enumerate(counts)
    )


def one(count: int, below: int) -> str:
    """One count as text: `1,204`, or `below 5`."""
    return f"below {below}" if is_small(count, below) else wording.number(count)
