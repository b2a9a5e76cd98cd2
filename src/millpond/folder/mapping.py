"""What a service folder can be asked about its process: the map, maps beside each other, and the drawn pathway."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

import ibis
from ibis.expr.types import Table

from millpond.errors import WrongUse
from millpond.folder import moments
from millpond.folder.moments import When
from millpond.model.nearest import nearest
from millpond.periods import instant_us
from millpond.process.comparing import MapComparison, compared
from millpond.process.conformance import Conformance, conformance
from millpond.process.discover import process_map
from millpond.process.results import ProcessMap
from millpond.process.seen import seen

if TYPE_CHECKING:
    from millpond.folder.verbs.measuring import MeasuredFolder

MOST_GROUPS = 12
"""More maps beside each other than these are not a comparison but a list."""


def map_of(folder: MeasuredFolder, as_of: When, person: str | None, within_days: int) -> ProcessMap:
    """The process map of a folder's records."""
    if within_days < 1:
        raise WrongUse(f"A repeat contact comes within a number of days, at least 1, not {within_days}.")
    return process_map(
        folder.log().visits,
        folder.service,
        folder.as_of_us(as_of),
        spells=folder.records().spells,
        person=person,
        within_days=within_days,
    )


def compared_maps(
    folder: MeasuredFolder, other: MeasuredFolder | None, before: str | date | None, by: str | None, as_of: When
) -> MapComparison:
    """Several maps beside each other.

    Raises:
        WrongUse: not exactly one way to compare is given, or it gives fewer than two maps.
    """
    if sum(way is not None for way in (other, before, by)) != 1:
        raise WrongUse("Say what to compare with, in one way: another folder, a day (before) or a column (by).")
    if other is not None:
        names = [folder.service.name, other.service.name]
        if names[0] == names[1]:
            names = [str(folder.path), str(other.path)]
        pairs = zip((folder, other), names, strict=True)
        return compared([_map(one, one.log().visits, name, as_of) for one, name in pairs])
    if by is not None:
        return compared(_by_column(folder, by, as_of))
    day = moments.day(before, "before")
    assert day is not None
    return compared(_around(folder, day, as_of))


def conformance_of(folder: MeasuredFolder, as_of: When) -> Conformance:
    """The records beside the pathway of service.toml."""
    return conformance(seen(folder.log().visits, folder.service, folder.as_of_us(as_of)), folder.service)


def _map(folder: MeasuredFolder, visits: Table, group: str, as_of: When) -> ProcessMap:
    return process_map(visits, folder.service, folder.as_of_us(as_of), spells=folder.records().spells, group=group)


def _around(folder: MeasuredFolder, day: date, as_of: When) -> list[ProcessMap]:
    """The cases that began before a day, and those that began on it or later."""
    visits = folder.log().visits
    start = instant_us(datetime.combine(day, time(), folder.service.zone))
    cases = visits.group_by("case").agg(opened_us=visits.joined_us.min())
    maps = []
    for group, is_part in ((f"before {day}", cases.opened_us < start), (f"from {day}", cases.opened_us >= start)):
        part = visits.semi_join(cases.filter(is_part), "case")
        maps.append(_map(folder, part, group, as_of))
    return maps


def _by_column(folder: MeasuredFolder, by: str, as_of: When) -> list[ProcessMap]:
    """The cases of each value of a column, those with most cases first; a case belongs to the first that it names."""
    visits = folder.log().visits
    if by not in visits.columns:
        meant = nearest(by, visits.columns)
        raise WrongUse(
            f"The records have no column '{by}'. "
            + (f"Did you mean '{meant}'?" if meant else "Name a column such as stream, segment or organisation.")
        )
    named = visits.filter(visits[by].notnull()).select("case", "joined_us", value=visits[by].cast("string"))
    first = named.group_by("case").agg(joined_us=named.joined_us.min())
    values = named.join(first, ["case", "joined_us"]).group_by("case").agg(value=lambda table: table.value.min())
    counts = values.group_by("value").agg(cases=values.count()).order_by(ibis.desc("cases"), "value")
    found = counts.to_pyarrow().to_pylist()
    if len(found) > MOST_GROUPS:
        raise WrongUse(
            f"The column '{by}' has {len(found):,} different values; at most {MOST_GROUPS} maps can be compared. "
            "Choose a column with fewer."
        )
    return [
        _map(folder, visits.semi_join(values.filter(values.value == row["value"]), "case"), str(row["value"]), as_of)
        for row in found
    ]
