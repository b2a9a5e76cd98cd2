"""Days far before all others: a slip of the year, or a date that stands for "unknown", such as 1900-01-01.

The rule: visits that joined more than ten years before the next one, where they are at most one in twenty. They are
told and kept: what was meant cannot be known, and every series begins with them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from datetime import date

from millpond.records.findings import Finding, counted, finding, percent

YEARS = 10
SHARE = 0.05


def stray_days(counts: Mapping[date, int]) -> Iterator[Finding]:
    """The finding that some visits joined long before all others, if they did.

    Args:
        counts: visits that joined on each local day.
    """
    days = sorted(day for day, count in counts.items() if count)
    total = sum(counts.values())
    early = 0
    last: tuple[int, date] | None = None
    for number, (day, after) in enumerate(itertools.pairwise(days), 1):
        early += counts[day]
        if early > SHARE * total:
            break
        if (after - day).days > YEARS * 365.25:
            last = number, after
    if last is None:
        return
    number, first = last
    strange = days[:number]
    visits = sum(counts[day] for day in strange)
    was = f"on {strange[0]}" if number == 1 else f"from {strange[0]} to {strange[-1]}"
    sentence = (
        f"{counted(visits, 'visit')} ({percent(visits, total)}) joined {was}, more than {YEARS} years before all "
        f"others, which begin on {first}: a slip of the year, or a date that stands for 'unknown'? They are kept, and "
        f"every series begins with them. Correct them at the source."
    )
    yield finding("stray days", visits, total, sentence, [str(day) for day in strange])
