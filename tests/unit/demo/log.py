"""The log of the example as the tests read it: from the text of its files, with nothing of Millpond's own reading."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from millpond.demo import example_files
from millpond.demo.year import FOLLOW_UP_DAYS
from millpond.model import Service, parse_service

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Row:
    """A row of records.csv; `ready` is when the visit could be taken at the earliest."""

    visit: str
    case: str
    step: str
    joined: datetime
    started: datetime | None
    ended: datetime | None
    worker: str
    pool: str
    minutes: int | None
    outcome: str
    stream: str
    urgent: bool
    ready: datetime


@dataclass(frozen=True)
class Stretch:
    """A row of rota.csv."""

    worker: str
    pool: str
    starts: datetime
    ends: datetime
    kind: str


@cache
def service() -> Service:
    return parse_service(example_files()["service.toml"])


@cache
def visits() -> tuple[Row, ...]:
    before: Counter[tuple[str, str]] = Counter()
    rows = []
    for row in csv.DictReader(io.StringIO(example_files()["records.csv"])):
        joined = datetime.fromisoformat(row["joined"])
        ready = joined
        if before[row["case"], row["step"]]:
            day = joined.astimezone(LONDON).date() + timedelta(days=FOLLOW_UP_DAYS[row["step"]])
            ready = datetime.combine(day, time(), LONDON)
        before[row["case"], row["step"]] += 1
        rows.append(
            Row(
                visit=row["visit"],
                case=row["case"],
                step=row["step"],
                joined=joined,
                started=datetime.fromisoformat(row["started"]) if row["started"] else None,
                ended=datetime.fromisoformat(row["ended"]) if row["ended"] else None,
                worker=row["worker"],
                pool=row["pool"],
                minutes=int(row["minutes"]) if row["minutes"] else None,
                outcome=row["outcome"],
                stream=row["stream"],
                urgent=row["priority"] == "urgent",
                ready=ready,
            )
        )
    return tuple(rows)


@cache
def cases() -> dict[str, tuple[Row, ...]]:
    """The visits of each case in the order in which they joined."""
    found: dict[str, list[Row]] = {}
    for row in visits():
        found.setdefault(row.case, []).append(row)
    return {case: tuple(rows) for case, rows in found.items()}


@cache
def rota() -> tuple[Stretch, ...]:
    return tuple(
        Stretch(
            row["worker"],
            row["pool"],
            datetime.fromisoformat(row["starts"]),
            datetime.fromisoformat(row["ends"]),
            row["kind"],
        )
        for row in csv.DictReader(io.StringIO(example_files()["rota.csv"]))
    )
