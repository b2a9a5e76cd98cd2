"""What lies between rare events: days for a T chart, cases for a G chart.

Where something happens less than about once in a period, a count in each period is mostly nothing and shows little;
the time from one event to the next shows more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import numpy as np

from millpond.variation.limits import Floats


def days_between(days: Sequence[date], events: Floats) -> tuple[tuple[date, ...], Floats]:
    """The days from each day with an event to the next one.

    Args:
        days: days in order.
        events: how many happened on each. Several on one day count once: between them lies no day.

    Returns:
        The later day of each pair, and how many days lie between the two, at least 1.
    """
    hit = [day for day, count in zip(days, events, strict=True) if count > 0]
    gaps = [(later - earlier).days for earlier, later in pairwise(hit)]
    return tuple(hit[1:]), np.array(gaps, dtype=np.float64)


def cases_between(days: Sequence[date], events: Floats, cases: Floats) -> tuple[tuple[date, ...], Floats]:
    """The cases without the event that pass between one event and the next.

    Args:
        days: days in order.
        events: how many cases of each day have the event.
        cases: how many cases there were on each day, those with the event among them. In what order the cases of a
            day came is not known; those without the event are taken to come first.

    Returns:
        The day of each event but the first, and how many cases without it passed since the one before.
    """
    at: list[date] = []
    counts: list[float] = []
    passed = 0.0
    for day, hits, of in zip(days, events, cases, strict=True):
        passed += of - hits
        for _ in range(int(hits)):
            at.append(day)
            counts.append(passed)
            passed = 0.0
    return tuple(at[1:]), np.array(counts[1:], dtype=np.float64)
