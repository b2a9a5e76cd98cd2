"""What the records show of each visit: what it follows, what it waited for, what work it was."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ibis.expr.types import Table

from millpond.model import Service
from millpond.process.events import Events, events_of
from millpond.process.following import Following, following
from millpond.process.grouped import Ints
from millpond.process.waiting import Waiting, waiting
from millpond.process.work import spells_of, work


@dataclass(frozen=True, eq=False)
class Seen:
    """What the records show of each visit: what it follows, what it waited for, what work it was.

    Attributes:
        events: the visits.
        follows: which follows which.
        waits: what each waited for.
        work: the work of each in microseconds, or `UNKNOWN`.
    """

    events: Events
    follows: Following
    waits: Waiting
    work: Ints


def seen(visits: Table, service: Service, as_of_us: int, spells: Table | None = None) -> Seen:
    """What the records show of each visit known at an instant; see `process_map` for the arguments."""
    events = events_of(visits, service, as_of_us)
    follows = following(events)
    spelled = None if spells is None else spells_of(events, visits, spells)
    _ = events.by_worker  # worked out once, before two threads need it
    with ThreadPoolExecutor(1) as beside:
        worked = beside.submit(work, events, service, spelled)
        waits = waiting(events, follows)
        return Seen(events, follows, waits, worked.result())
