"""A service of which everything is known, played through for some time and written down as records."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from millpond.model import Service, parse_service
from millpond.periods import day_number
from millpond.simulation.log import write_log
from millpond.simulation.replication import replicate
from millpond.simulation.tables import tables_of

TRUTH = """
name = "Known"
timezone = "UTC"

[calendars.office]
hours = "Mon-Fri 09:00-17:00"

[pools.intake]
workers = 2

[pools.advisers]
workers = 3

[streams.cases]
first_step = "triage"
per_week = 40
pattern = { "Mon-Fri 09:00-17:00" = 1 }

[steps.triage]
pool = "intake"
minutes = { distribution = "exponential", mean = 20 }
next = { advice = 0.8, closed = 0.2 }
after = { advice = { minutes = { distribution = "exponential", mean = 3000 }, time = "working" } }

[steps.advice]
pool = "advisers"
minutes = { distribution = "lognormal", mean = 60, sd = 30 }
next = { advice = 0.5, closed = 0.5 }
after = { advice = { minutes = { distribution = "exponential", mean = 1500 }, time = "working" } }
rules = [{ visits_at_least = 3, next = "closed" }]
"""
UNSAID = 'name = "Known"\ntimezone = "UTC"\n'


def known_service() -> Service:
    """The service as it is."""
    return parse_service(TRUTH)


def recorded(folder: Path, days: int = 364, seed: int = 7, said: str = UNSAID) -> Path:
    """A folder with its records, of which nothing is said but what `said` says."""
    tables = tables_of(known_service(), day_number(date(2024, 1, 1)), days)
    write_log(tables, replicate(tables, seed, 0, logs=True), folder, seed=seed)
    # Recorded as people record: nobody notes when a visit joined, nor minutes apart from start and end.
    records = folder / "records.csv"
    heading, *lines = records.read_text().splitlines()
    names = heading.split(",")
    blank = [names.index(name) for name in ("joined", "minutes") if name in names]
    rows = [line.split(",") for line in lines]
    for row in rows:
        for place in blank:
            row[place] = ""
    records.write_text("\n".join([heading, *(",".join(row) for row in rows)]) + "\n")
    (folder / "service.toml").write_text(said)
    (folder / "work.csv").unlink(missing_ok=True)
    return folder
