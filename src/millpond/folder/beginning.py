"""Where a simulation begins: on which day, and with whom already there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from millpond.errors import WrongUse
from millpond.measures.four import needs
from millpond.periods import moment_of
from millpond.simulation.starting import OpenVisit, open_visits

if TYPE_CHECKING:
    from millpond.folder.verbs.measuring import MeasuredFolder

STARTS = ("records", "empty")


def beginning(
    folder: MeasuredFolder, first_day: date | None, start: str | None
) -> tuple[date, tuple[OpenVisit, ...] | None]:
    """The first day of a simulation, and the visits that are open as it begins.

    Args:
        folder: the service folder.
        first_day: the day asked for; None for the day after the last recorded instant, or today without records.
        start: ``records``, ``empty``, or None for the records where there are records of visits.

    Returns:
        The day, and the visits; None to start empty.

    Raises:
        WrongUse: there is no such start, or the records do not tell who is there on that day.
    """
    if start is not None and start not in STARTS:
        raise WrongUse(f"A simulation cannot start from '{start}'. Choose {' or '.join(STARTS)}.")
    kind, last = folder.records().kind, _last_day(folder)
    following = last + timedelta(days=1) if last else folder.now.astimezone(folder.service.zone).date()
    if start == "empty" or (start is None and kind != "visits"):
        return first_day or following, None
    log = folder.log()
    if first_day is not None and first_day > following:
        raise WrongUse(
            f"The records end on {last}, so that nobody knows who will be waiting on {first_day}. Begin on {following} "
            f"at the latest (--from {following}), or start empty (--start empty)."
        )
    begins = first_day or following
    return begins, open_visits(needs(log, folder.service, folder.as_of_us(begins - timedelta(days=1))))


def _last_day(folder: MeasuredFolder) -> date | None:
    """The day of the last recorded instant, or the last with totals; None where nothing is recorded."""
    kind = folder.records().kind
    if kind == "daily totals":
        return date.fromisoformat(folder.measure(by="day").as_of[:10])
    return None if kind == "none" else moment_of(folder.as_of_us(), folder.service.zone).date()
