"""Waits, lead times, breaches and caseloads worked out the slow way, visit by visit: the answer to compare with.

It shares no code with the product but the service's values: shares are exact fractions, days are dates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from millpond.model import Service

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Span = tuple[int, str]


def local_date(us: int, service: Service) -> date:
    return (EPOCH + timedelta(microseconds=us)).astimezone(service.zone).date()


def known(visits: list[dict[str, Any]], as_of: int) -> list[dict[str, Any]]:
    seen = []
    for visit in visits:
        if visit["joined_us"] <= as_of:
            copy = dict(visit)
            if copy["started_us"] is not None and copy["started_us"] > as_of:
                copy["started_us"] = None
            if copy["ended_us"] is not None and copy["ended_us"] > as_of:
                copy["ended_us"] = copy["outcome"] = None
            seen.append(copy)
    return seen


def fate(visit: dict[str, Any]) -> str:
    if visit["joined_source"] not in ("recorded", "estimated"):
        return "unknown"
    if visit["started_us"] is not None:
        return "reached"
    if visit["ended_us"] is None:
        return "open"
    return "left" if visit["outcome"] == "withdrawn" else "unknown"


def share_reached(spans: Iterable[Span], by: float) -> Fraction | None:
    """Aalen-Johansen, one person at a time: each passes the share that they carry on to those left when last seen.

    Everybody carries 1/n. Those last seen while open hand what they carry, in equal parts, to all who are seen for
    longer (Efron's redistribution to the right); what is carried by those who reached it is the share.
    """
    order = sorted(spans, key=lambda span: (span[0], span[1] == "open"))
    carried = [Fraction(1, len(order))] * len(order) if order else []
    reached = Fraction(0)
    for number, (time, what) in enumerate(order):
        if what == "reached" and time <= by:
            reached += carried[number]
        if what == "open":
            if number + 1 == len(order):
                return reached if time >= by else None
            part = carried[number] / (len(order) - number - 1)
            carried[number + 1 :] = [mass + part for mass in carried[number + 1 :]]
    return reached if order else None


def reached_at(spans: list[Span], level: Fraction) -> int | None:
    """The first time by which a share has reached it."""
    for time in sorted({time for time, what in spans if what == "reached"}):
        share = share_reached(spans, time)
        if share is not None and share >= level:
            return time
    return None


def cases(visits: list[dict[str, Any]], as_of: int) -> dict[str, list[dict[str, Any]]]:
    found = defaultdict(list)
    for visit in known(visits, as_of):
        found[visit["case"]].append(visit)
    return dict(found)


def lead_span(case: list[dict[str, Any]], as_of: int) -> Span:
    opened = min(visit["joined_us"] for visit in case)
    if any(visit["ended_us"] is None for visit in case):
        return as_of - opened, "open"
    closed = max(visit["ended_us"] for visit in case)
    first = [visit for visit in case if visit["joined_us"] == opened]
    told = any(visit["joined_source"] in ("recorded", "estimated") for visit in first)
    if closed == opened and not told:
        return 0, "unknown"
    last = [visit for visit in case if visit["ended_us"] == closed]
    return closed - opened, "left" if any(visit["outcome"] == "withdrawn" for visit in last) else "reached"


def working_days_after(first: date, count: int, service: Service, pool: str) -> date:
    """The last of so many days on which a pool works after a day."""
    weekly = service.calendar_of(service.pools[pool]).weekly
    day = first
    while count:
        day += timedelta(days=1)
        count -= bool(weekly[day.weekday()]) and day not in service.extra_closures
    return day


def open_in_pool(visits: list[dict[str, Any]], service: Service, pool: str, at: int, as_of: int) -> int:
    """Cases open in a pool just before an instant, as known at another."""
    total = 0
    for case in cases(visits, as_of).values():
        there = [visit for visit in case if service.steps[visit["step"]].pool == pool]
        if there and min(visit["joined_us"] for visit in there) < at:
            over = all(visit["ended_us"] is not None for visit in there)
            total += not (over and max(visit["ended_us"] for visit in there) < at)
    return total
