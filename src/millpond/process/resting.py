"""What a reader of the map must know: on how much it rests, and what the records do not tell."""

from __future__ import annotations

from collections.abc import Sequence

from millpond.process.events import NOBODY, UNKNOWN
from millpond.process.results import MapStep
from millpond.process.seen import Seen
from millpond.records.findings import counted


def notes_on(shown: Seen, steps: Sequence[MapStep]) -> tuple[str, ...]:
    """The notes of a map in sentences."""
    events, waits = shown.events, shown.waits
    if not len(events):
        return ("No visit is on record.",)
    notes = [
        f"The map rests on {counted(len(events), 'visit')} of {counted(len(events.cases), 'case')}, "
        f"{int((events.first & shown.follows.open).sum()):,} of them still open."
    ]
    no_start = int(((events.started == UNKNOWN) & (events.ended != UNKNOWN) & ~events.withdrawn).sum())
    if no_start:
        notes.append(
            f"{counted(no_start, 'visit')} {_have(no_start)} no recorded start: the time since the step before is "
            "waiting and work in one, and its cause is unknown."
        )
    joined = int((events.joined != UNKNOWN).sum())
    if joined < len(events):
        notes.append(
            f"{counted(len(events) - joined, 'visit')} {_have(len(events) - joined)} no recorded joining: there "
            "waiting is counted from the end of the step before."
        )
    unmeasured = sum(step.unmeasured for step in steps)
    if unmeasured:
        notes.append(
            f"Of {counted(unmeasured, 'visit')} it is not known how long they waited: no joining is recorded, and no "
            "step came before."
        )
    nobody = int((waits.measured & (events.worker == NOBODY) & events.staffed & (events.started != UNKNOWN)).sum())
    if nobody:
        notes.append(
            f"{counted(nobody, 'visit')} {_have(nobody)} no recorded worker: once the pool was open, the cause of "
            "their waiting is unknown."
        )
    started_late = int(waits.so_far.sum())
    if started_late:
        notes.append(
            f"{counted(started_late, 'visit')} still {'waits' if started_late == 1 else 'wait'}, or left without being "
            "seen: their waiting so far stands apart."
        )
    return tuple(notes)


def _have(number: int) -> str:
    return "has" if number == 1 else "have"
