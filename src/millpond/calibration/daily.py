"""A first description of a service that keeps only daily totals: its pools, and nothing that totals cannot tell."""

from __future__ import annotations

from ibis.expr.types import Table

from millpond.calibration.draft import Draft
from millpond.model import Calendar, Pool, Service, Step, dump_service
from millpond.periods import weekday

_OFTEN = 0.2
"""A weekday is worked when its share of what is done is at least this part of an even share."""
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def draft_from_totals(daily: Table, service: Service) -> Draft:
    """The first description of a service with daily totals.

    Args:
        daily: the totals: `day`, `pool`, `joined`, `done`, `waiting`, `minutes`.
        service: its name, zone and holidays.

    Returns:
        One pool for each that the totals name, each with one step of the same name; how many work there and how long a
        visit takes are not in totals, so they are left out, and the notes ask for them.
    """
    names = sorted(daily.select("pool").distinct().to_pyarrow().column("pool").to_pylist())
    done = daily.group_by("day").agg(done=daily.done.sum()).to_pyarrow().to_pylist()
    by_weekday = [0] * 7
    for row in done:
        by_weekday[weekday(row["day"])] += int(row["done"] or 0)
    even = sum(by_weekday) / 7
    worked = [_WEEKDAYS[day] for day, count in enumerate(by_weekday) if count and count >= _OFTEN * even]
    hours = f"{','.join(worked or _WEEKDAYS[:5])} 09:00-17:00"
    drafted = service.changed(
        calendars={"office": Calendar(hours=hours)},
        pools={name: Pool(calendar="office") for name in names},
        steps={name: Step(pool=name) for name in names},
    )
    notes = (
        f"{len(names)} {'pool' if len(names) == 1 else 'pools'}: {', '.join(names)}.",
        f"Opening days {', '.join(worked or _WEEKDAYS[:5])}, from the days on which something was done; the hours "
        "09:00 to 17:00 are a guess. Correct them.",
        "Daily totals do not say how long a visit takes or how many people work: give each step planned 'minutes' and "
        "each pool 'workers' in service.toml. Until then the figures count visits.",
    )
    head = "# A first description, made from daily totals. Correct it; nothing will overwrite it.\n" + "".join(
        f"# {note}\n" for note in notes
    )
    return Draft(service=drafted, text=f"{head}\n{dump_service(drafted)}", notes=notes)
