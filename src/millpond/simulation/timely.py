"""What is kept in parts, read in the order of time without sorting all of it at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from millpond.simulation.narrow import Narrow

Ints = npt.NDArray[np.int64]
BATCH = 20_000
"""About how many entries are read at a time."""
_HOUR = 3_600_000


def in_order_of_time(times: Sequence[Narrow], most: int = BATCH) -> Iterator[list[tuple[int, Ints]]]:
    """Windows of time one after another, each with the entries whose time lies in it.

    Entries of one hour are never divided, so that entries at one instant are always together.

    Args:
        times: of the entries of each part, in milliseconds.
        most: about how many entries a window has.

    Yields:
        The places of parts, each with the rows of its entries in the window; within a window they are in no order.
    """
    held = [(place, part) for place, part in enumerate(times) if len(part)]
    if not held:
        return
    first = min(part.least for _, part in held)
    hours = (max(part.most for _, part in held) - first) // _HOUR + 1
    counts = np.zeros(hours, dtype=np.int64)
    for _, part in held:
        counts += np.bincount((part.wide() - first) // _HOUR, minlength=hours)
    windows = np.cumsum(counts) // most
    ends = [*(np.flatnonzero(np.diff(windows)) + 1), hours]
    begin = first
    for end in (first + int(hour) * _HOUR for hour in ends):
        window = []
        for place, part in held:
            if part.least < end and part.most >= begin:
                at = part.wide()
                rows = np.flatnonzero((at >= begin) & (at < end))
                if len(rows):
                    window.append((place, rows))
        if window:
            yield window
        begin = end
