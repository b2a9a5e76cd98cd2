"""Problem events as text for the terminal: a block of sentences for each pool, its days, then the notes."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from millpond.report import wording
from millpond.report.event_words import ahead, sentences, times
from millpond.report.printable import printable
from millpond.report.text import UNKNOWN, WIDTH, aligned
from millpond.variation.event_results import EventDay, Events

MOST_DAYS = 12
"""Days that are listed for a pool; the newest, since `--csv` has them all."""


def events_text(events: Events, labels: Mapping[str, str] | None = None) -> str:
    """The events in lines of at most 80 characters, the last one ended.

    Args:
        events: the result.
        labels: how pools are called; their keys where left out.
    """
    lines: list[str] = []
    for row in events.rows:
        lines += _told(row.pool, sentences(row, events), labels)
        days = [day for day in events.days.rows if day.pool == row.pool]
        if days:
            header = ("day", "demand", "capacity", "times", "back to normal")
            lines += aligned(header, [_cells(day) for day in days[-MOST_DAYS:]], (1, 2, 3))
            if len(days) > MOST_DAYS:
                lines.append(f"The last {MOST_DAYS} of {len(days):,} days.")
            lines.append("")
    past = {row.pool for row in events.rows}
    for coming in () if events.ahead is None else events.ahead.rows:
        if coming.pool not in past:
            what = f"Days on which demand is at least {times(events.factor)} capacity."
            lines += _told(coming.pool, (what, *ahead(coming, events)), labels)
    notes = [*events.notes, *(events.ahead.notes if events.ahead else _too_short(events))]
    for note in notes:
        lines += textwrap.wrap(f"- {wording.dated(note)}", WIDTH, subsequent_indent="  ")
    return printable("\n".join(lines).rstrip() + "\n")


def _told(pool: str, said: Sequence[str], labels: Mapping[str, str] | None) -> list[str]:
    """What is said of a pool, under its name."""
    lines = [*textwrap.wrap((labels or {}).get(pool, pool), WIDTH), ""]
    for sentence in said:
        lines += textwrap.wrap(sentence, WIDTH)
    return [*lines, ""]


def _too_short(events: Events) -> list[str]:
    """What to do where the records do not reach far enough."""
    if all(row.days and row.of >= row.working_days_a_year for row in events.rows):
        return []
    return [
        "Where the records are too short, the days to come can be simulated and counted in the same way: --simulate."
    ]


def _cells(day: EventDay) -> list[str]:
    ratio = UNKNOWN if day.ratio is None else f"{day.ratio:.1f}"
    return [day.day, wording.number(day.demand), wording.number(day.capacity), ratio, _back(day)]


def _back(day: EventDay) -> str:
    if day.back_after is None:
        return UNKNOWN
    after = wording.count(day.back_after, "working day")
    if day.back and not day.back_after:
        return "the same day"
    return f"after {after}" if day.back else f"not in {after}"
