"""Decides how a source records a visit: with a start and an end, with a row for each, or with a single time.

From the columns that were recognised and from what is in them. What cannot be a visit log is told apart from one that
only needs its columns mapped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from millpond.errors import UnreadableFile
from millpond.records.reading.columns import HOW_TO_MAP, Columns
from millpond.records.reading.conventions import TIMES
from millpond.records.reading.counts import refuse_counts, refuse_daily_totals
from millpond.records.reading.result import Lifecycle
from millpond.records.reading.staging import Staging
from millpond.records.reading.surveying import Survey, surveys
from millpond.records.reading.wording import listed, some

_DATE = re.compile(r"\b([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4})\b")

KINDS: Mapping[str, str] = {
    "start": "start",
    "started": "start",
    "begin": "start",
    "complete": "end",
    "completed": "end",
    "end": "end",
    "ended": "end",
    "finish": "end",
    "finished": "end",
    "schedule": "schedule",
    "scheduled": "schedule",
    "enqueue": "schedule",
    "enabled": "schedule",
    "enable": "schedule",
    "assign": "assign",
    "assigned": "assign",
    "withdraw": "withdraw",
    "withdrawn": "withdraw",
    "ate_abort": "abort",
    "pi_abort": "abort",
    "abort_activity": "abort",
    "abort_case": "abort",
    "abort": "abort",
    "aborted": "abort",
}
"""Words of the lifecycle (XES standard transitions, bupaR and plain ones) and what they do to a visit."""


@dataclass
class Meaning:
    """How to make visits from rows.

    Attributes:
        columns: which column is what; times that are none are gone from it.
        lifecycle: how the source records a visit.
        surveys: what each column of times looks like, by our name.
        notes: sentences for a person.
    """

    columns: Columns
    lifecycle: Lifecycle
    surveys: dict[str, Survey]
    notes: list[str] = field(default_factory=list)


def decide(source: str, staging: Staging, columns: Columns, *, serial_days: bool, default_step: str) -> Meaning:
    """Find out how the rows of a source make visits.

    Args:
        source: what it is called, for errors.
        staging: its rows.
        columns: which column is what, by their names.
        serial_days: bare numbers may be a spreadsheet's days.
        default_step: the step of every visit where no column says it.

    Raises:
        UnreadableFile: no time, or no case, was recognised, or the rows are counts and not visits.
    """
    con = staging.con
    notes = list(columns.notes)
    refuse_daily_totals(source, columns)
    seen_in: dict[str, Survey] = {}
    without_times: list[str] = []
    present = [ours for ours in TIMES if ours in columns.ours]
    looked_at = [(columns.name(ours), f"c{columns.ours[ours]}") for ours in present]
    for ours, seen in zip(present, surveys(con, looked_at, serial_days=serial_days) if present else (), strict=True):
        # Where the texts have digits they may well be times, in a form that is not known: their rows are set aside.
        if seen.readable == 0 and seen.unreadable > 2 * seen.with_digits and ours not in columns.mapped:
            notes.append(f"The column '{seen.name}' holds no times, and was not taken for '{ours}'.")
            without_times.append(seen.name)
            columns = columns.without(ours)
        else:
            seen_in[ours] = seen
    refuse_counts(source, staging, columns)
    if not seen_in:
        raise UnreadableFile(_without_a_time(source, columns, without_times))
    columns, lifecycle = _lifecycle(con, columns, seen_in, notes)
    if "case" not in columns.ours and "step" in columns.ours and "case" not in columns.mapped:
        raise UnreadableFile(
            f"{source}: no column was recognised as the case (the person or referral that a visit belongs to). "
            f"{HOW_TO_MAP.format(ours='case')} Its columns: {some(columns.names)}."
        )
    if "case" not in columns.ours:
        notes.append("No column names the case, so every row is a case of its own, with its row number as its id.")
    if "step" not in columns.ours:
        notes.append(f"No column names the step, so every row is a visit to one step, '{default_step}'.")
    seen_in = {ours: seen for ours, seen in seen_in.items() if ours in columns.ours}
    return Meaning(columns, lifecycle, seen_in, notes)


def _without_a_time(source: str, columns: Columns, without_times: Sequence[str]) -> str:
    """What to tell of a source in which no column is a time, and the likeliest cure."""
    if any(_DATE.search(name) for name in columns.names):
        return (
            f"{source}: its first row seems to be a visit and not the names of the columns ({some(columns.names, 8)}). "
            "Put a row with their names above it, such as case,step,joined,started,ended."
        )
    how = HOW_TO_MAP.format(ours="started")
    if without_times:
        return (
            f"{source}: what stands in {listed(without_times)} is no time, and no other column was recognised as the "
            f"time at which a visit joined, started or ended. {how} Its columns: {some(columns.names)}."
        )
    return (
        f"{source}: no column was recognised as the time at which a visit joined, started or ended. {how} "
        f"Its columns: {some(columns.names)}."
    )


def _lifecycle(
    con: duckdb.DuckDBPyConnection, columns: Columns, surveys: dict[str, Survey], notes: list[str]
) -> tuple[Columns, Lifecycle]:
    """Settle which of our times each column of times is."""
    ours = dict(columns.ours)
    if "lifecycle" in ours and not ("started" in ours and ("ended" in ours or "timestamp" in ours)):
        column = f"c{ours['lifecycle']}"
        words = {
            str(word)
            for (word,) in con.execute(f"SELECT DISTINCT lower(trim({column})) FROM raw LIMIT 1000").fetchall()
            if word
        }
        kinds = {KINDS[word] for word in words if word in KINDS}
        event = next((name for name in ("timestamp", "ended", "started", "joined") if name in ours), None)
        if event is not None and kinds - {"end"}:
            place = ours[event]
            for name in TIMES:
                ours.pop(name, None)
            ours["timestamp"] = place
            if event != "timestamp":
                surveys["timestamp"] = surveys.pop(event)
            return columns.changed(ours), "start/complete rows"
        if words and not kinds:
            notes.append(f"The words in '{columns.name('lifecycle')}' are none of a lifecycle; it was left as it is.")
    for name in ("lifecycle", "instance"):
        ours.pop(name, None)
    if "timestamp" in ours:
        place = ours.pop("timestamp")
        if "ended" in ours:
            notes.append(f"'{columns.names[place]}' is a further time; visits end at '{columns.names[ours['ended']]}'.")
        else:
            ours["ended"] = place
            surveys["ended"] = surveys.pop("timestamp")
    single = "started" not in ours and "joined" not in ours
    return columns.changed(ours), "single timestamp" if single else "intervals"
