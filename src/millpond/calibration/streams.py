"""Streams of arrivals: where new cases come from, where they begin, how many a week, and how many are urgent.

A stream is a value of the records' stream column, else of their channel, where there are 2 to 12 that most cases have;
else the first step of the case. Cases of rare first steps count in the largest stream: most of them began before the
records did.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import ibis

from millpond.calibration.histories import Histories
from millpond.calibration.minutes import rounded
from millpond.calibration.wording import counted, percent
from millpond.model import Stream
from millpond.periods import date_of, weekday

FEWEST, MOST = 2, 12
RARE = 0.05
UNSTATED = "not stated"
_COVERED = 0.5
_SHORT_DAYS = 14
_STRAGGLERS = 0.01
_FAR_DAYS = 90
URGENT_WORDS = ("urgent", "high", "very high", "critical", "emergency", "immediate", "top")
"""Words for a priority that say that a case is urgent."""


@dataclass(frozen=True)
class Streams:
    """The streams that the records show.

    Attributes:
        streams: by name, the largest first.
        cases: how many cases of each the figures rest on.
        notes: sentences about them.
    """

    streams: Mapping[str, Stream]
    cases: Mapping[str, int]
    notes: tuple[str, ...]


def streams(found: Histories, steps: Collection[str], open_days: Collection[int]) -> Streams:
    """The streams that the records show.

    Args:
        found: the visits in the order of their cases.
        steps: the steps that the service will have; cases that begin elsewhere are left out.
        open_days: the weekdays on which the service is open, Monday = 0.
    """
    rows = [row for row in _first_visits(found) if row["step"] in steps]
    if not rows:
        return Streams({}, {}, ())
    column = next((name for name in ("stream", "channel") if _is_list_of_streams(rows, name)), None)
    arrivals: Counter[int] = Counter()
    for row in rows:
        arrivals[row["joined_day"]] += row["cases"]
    first, last = _span(arrivals)
    weeks = _weeks(first, last, open_days)
    kept = [row for row in rows if first <= row["joined_day"] <= last]
    total = sum(row["cases"] for row in kept)
    groups = _by_value(kept, column) if column else _by_first_step(kept)
    has_priority = any(row["priorities"] for row in kept)
    made = {}
    for name, each in sorted(groups.items(), key=lambda entry: (-_cases(entry[1]), entry[0])):
        cases = _cases(each)
        begins = Counter[str]()
        for row in each:
            begins[row["step"]] += row["cases"]
        urgent = sum(row["cases"] for row in each if row["urgent"])
        made[name] = Stream(
            first_step=min(begins, key=lambda step: (-begins[step], step)),
            per_week=rounded(cases / weeks),
            share_urgent=round(urgent / cases, 3),
        )
    notes = [
        f"{counted(total, 'case')} came from {date_of(first)} to {date_of(last)}: {rounded(total / weeks):g} a week. "
        "Cases that began before the records count when they are first seen, so the first weeks may have too many."
    ]
    if column:
        notes.append(f"Streams are the values of '{column}' in the records.")
    elif len(made) > 1:
        notes.append(
            f"The records name no streams, so there is one for each first step of at least {RARE:.0%} of cases; other "
            "cases count in the largest."
        )
    if sum(arrivals.values()) > total:
        notes.append(
            f"Arrivals leave out {counted(sum(arrivals.values()) - total, 'case')} long before or after all others, "
            "most likely by mistyped dates."
        )
    if has_priority:
        urgent = sum(row["cases"] for row in kept if row["urgent"])
        notes.append(f"{percent(urgent, total)} of cases are urgent by their recorded priority.")
    return Streams(made, {name: _cases(groups[name]) for name in made}, tuple(notes))


def _first_visits(found: Histories) -> list[dict[str, Any]]:
    """How many cases began on each day at each step, with their stream, channel and whether they were urgent."""
    visits = found.visits
    word = visits.priority.strip().lower()
    cases = visits.group_by("case").agg(
        any_stream=visits.stream.min(),
        any_channel=visits.channel.min(),
        urgent=visits.count(where=word.isin(URGENT_WORDS)) > 0,
        priorities=visits.priority.count() > 0,
    )
    first = visits.filter(visits.place == 0).join(cases, "case")
    named = first.mutate(
        stream=ibis.coalesce(first.stream, first.any_stream), channel=ibis.coalesce(first.channel, first.any_channel)
    )
    groups = named.group_by("joined_day", "step", "stream", "channel", "urgent", "priorities")
    rows: list[dict[str, Any]] = groups.agg(cases=named.count()).to_pyarrow().to_pylist()
    return sorted(rows, key=lambda row: (row["joined_day"], row["step"], row["stream"] or "", row["channel"] or ""))


def _is_list_of_streams(rows: Iterable[Mapping[str, Any]], column: str) -> bool:
    counts: Counter[str | None] = Counter()
    for row in rows:
        value = row[column]
        counts[value if value is not None and value.strip() else None] += row["cases"]
    missing = counts.pop(None, 0)
    total = counts.total() + missing
    return FEWEST <= len(counts) <= MOST and counts.total() >= _COVERED * total


def _by_value(rows: list[dict[str, Any]], column: str) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        value = row[column]
        groups[value if value is not None and value.strip() else UNSTATED].append(row)
    return groups


def _by_first_step(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    by_step: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_step[row["step"]].append(row)
    largest = min(by_step, key=lambda step: (-_cases(by_step[step]), step))
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for step, each in by_step.items():
        is_rare = _cases(each) < RARE * _cases(rows)
        groups[largest if is_rare else step].extend(each)
    return groups if len(groups) > 1 else {"all cases": groups[largest]}


def _cases(rows: Iterable[Mapping[str, Any]]) -> int:
    return sum(row["cases"] for row in rows)


def _span(arrivals: Mapping[int, int]) -> tuple[int, int]:
    """The first and the last day of arrivals, without a few stragglers far from all others (mistyped years)."""
    days = sorted(arrivals)
    return _without_stragglers(days, arrivals), _without_stragglers(days[::-1], arrivals)


def _without_stragglers(days: list[int], arrivals: Mapping[int, int]) -> int:
    """The day nearest the middle that only few cases, far away from it, lie beyond."""
    begins, beyond, total = days[0], 0, sum(arrivals.values())
    for day, following in pairwise(days):
        beyond += arrivals[day]
        if beyond > _STRAGGLERS * total:
            break
        if abs(following - day) > _FAR_DAYS:
            begins = following
    return begins


def _weeks(first: int, last: int, open_days: Collection[int]) -> float:
    """The weeks that the arrivals span; in records of a few days, the open days among them over those of a week."""
    days = last - first + 1
    if days >= _SHORT_DAYS:
        return days / 7
    opened = sum(1 for day in range(first, last + 1) if weekday(day) in open_days)
    return max(opened, 1) / max(len(open_days), 1)
