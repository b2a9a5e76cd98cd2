"""The README of the example folder, with its numbers counted from the records that lie beside it."""

from __future__ import annotations

import csv
import io
from datetime import datetime

_TEXT = """\
# Northshire victim support

A year of a victim support service, from 6 January 2025 to 4 January 2026, to try Millpond on. Northshire is not a real
place and nobody in these files is a real person: chance and a queue made them, the same to the byte each time.

    millpond check .
    millpond report . -o report.html
    millpond measure . --by week --pool advocates

`millpond demo DIR` writes this folder anywhere else, for you to change and spoil.

| file | what is in it |
|---|---|
| `service.toml` | what the service is: hours, staff, where cases come from, what is done for them |
| `records.csv` | what happened: {visits} visits of {cases} cases, one row for each visit |
| `rota.csv` | who was there: a row for each shift, and one for each meeting, training, leave or sickness |

## The service

Cases come from the police, from people who get in touch themselves, and from partner agencies. Two coordinators triage
them and assess needs and risk. Most go on to an independent advocate, and after a visit six in ten need another. Some
go to counselling, weekly, with a second organisation. Urgent cases go first; otherwise it is first come first served.

## What happens in the year

- **Cases come at all hours.** {weekend} of the {cases} arrive on a Saturday or Sunday, when nobody is in. Every Monday
  begins with what the weekend brought.
- **There are seasons.** Few cases come in August, most in November and December.
- **adviser-03 leaves** on 8 September and is not replaced: three advocates become two.
- **From then on the advocates' backlog grows.** More work joins their queue than they have time for, though they are
  busy all day, and {waiting_advocacy} visits are waiting for them at the end. Everybody else keeps up: the coordinators
  have time left, the counsellors a little.
- **Some people stop waiting.** {withdrawn} visits were withdrawn before they began.

## What is untidy in it, as in real records

- {no_start} visits that were made have no start, so nobody knows how long they waited.
- {no_minutes} visits have a start and an end but no minutes. {at_once} of them begin and end at the same moment.
- {no_worker} visits that were made do not say who made them.
- Work that closing time interrupts ends on the next working day.
- {waiting} visits are waiting and {open} in progress when the records end.
- Twelve people were waiting for a group course before the records began, and still are. They are not in the records:
  `opening_backlog` in `service.toml` counts them.

## What was kept simple

A case has one visit at a time, and the next joins its queue when the one before ends. Nobody is seen twice on a day by
an advocate, or twice within six days by a counsellor. A worker has as many minutes for notes, calls and travel after
each visit as `minutes_per_day` leaves room for. Nobody works late, and nobody helps out in another pool.
"""


def readme(records: str) -> str:
    """The README as Markdown.

    Args:
        records: the text of ``records.csv``.
    """
    visits = list(csv.DictReader(io.StringIO(records)))
    made = [visit for visit in visits if visit["ended"] and visit["outcome"] != "withdrawn"]
    waiting = [visit for visit in visits if not visit["started"] and not visit["ended"]]
    timed = [visit for visit in made if visit["started"] and not visit["minutes"]]
    first = {visit["case"]: visit["joined"] for visit in reversed(visits)}
    counts = {
        "visits": len(visits),
        "cases": len(first),
        "weekend": sum(datetime.fromisoformat(joined).weekday() >= 5 for joined in first.values()),
        "waiting_advocacy": sum(visit["step"] == "advocacy" for visit in waiting),
        "withdrawn": sum(visit["outcome"] == "withdrawn" for visit in visits),
        "no_start": sum(not visit["started"] for visit in made),
        "no_minutes": len(timed),
        "at_once": sum(visit["started"] == visit["ended"] for visit in timed),
        "no_worker": sum(not visit["worker"] for visit in made),
        "waiting": len(waiting),
        "open": sum(bool(visit["started"]) and not visit["ended"] for visit in visits),
    }
    return _TEXT.format(**{name: f"{number:,}" for name, number in counts.items()})
