"""What the tests of the process map are given: a small service, logs as tables, and what a visit waited for."""

from __future__ import annotations

import textwrap

from millpond.model import Service, parse_service
from millpond.periods import MICROSECONDS_A_MINUTE
from millpond.process.discover import process_map
from millpond.process.results import KEYS, ProcessMap
from millpond.process.seen import Seen, seen
from millpond.process.waiting import CAUSES
from tests.tables import at, visits

OFFICE = """
[calendars.office]
hours = "Mon-Fri 09:00-17:00"

[organisations.charity]
label = "The charity"

[organisations.council]

[pools.desk]
label = "The desk"
organisation = "charity"

[pools.team]
organisation = "council"

[steps.triage]
pool = "desk"

[steps.visit]
pool = "team"

[steps.review]
pool = "team"

[steps.reply]
"""
END = "2025-01-31 17:00"


def service(text: str = OFFICE) -> Service:
    return parse_service('name = "Test"\ntimezone = "Europe/London"\n' + textwrap.dedent(text))


def looked_at(log: str, of: Service | None = None, as_of: str = END) -> Seen:
    return seen(visits(log), of or service(), at(as_of))


def mapped(log: str, of: Service | None = None, as_of: str = END) -> ProcessMap:
    return process_map(visits(log), of or service(), at(as_of))


def waited(shown: Seen, case: str, step: str) -> dict[str, float]:
    """The minutes that the visit of a case at a step waited, by cause; causes without any are left out."""
    events = shown.events
    places = [
        place
        for place in range(len(events))
        if events.cases[events.case[place]] == case and events.steps[events.step[place]] == step
    ]
    assert len(places) == 1, f"{case} is at {step} {len(places)} times"
    found = {
        key: float(shown.waits.by[cause][places[0]]) / MICROSECONDS_A_MINUTE
        for key, cause in zip(KEYS, CAUSES, strict=True)
    }
    return {key: minutes for key, minutes in found.items() if minutes}
