"""Waits, lead times, breaches, arrivals and caseloads of random logs, against the slow way and on both engines."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest

from millpond.measures.arrivals import arrivals, arrivals_by_hour
from millpond.measures.caseload import caseload
from millpond.measures.caseload_history import caseload_history
from millpond.measures.lead_times import lead_times
from millpond.measures.results import MICROSECONDS_A_MINUTE, Result
from millpond.measures.waiting import breaches, longest_waiting
from millpond.measures.waits import waits
from millpond.model import parse_service
from millpond.periods import date_of, day_number, grid, local_us
from tests.generative import ways_of_cases as slow
from tests.tables import at, stored_visits

SERVICE = parse_service(
    """
    name = "Northshire"
    extra_closures = [2025-03-27]
    [targets]
    lead_time = "6 days"
    [calendars.days]
    hours = "Mon-Fri 09:00-17:00"
    [calendars.odd]
    hours = "Sat-Tue 20:00-02:00"
    [pools.coordinators]
    calendar = "days"
    workers = 2
    [pools.advocates]
    calendar = "odd"
    workers = 3
    [streams.police]
    first_step = "triage"
    [streams.self]
    first_step = "triage"
    [steps.triage]
    pool = "coordinators"
    target_wait = "2 working days"
    [steps.advocacy]
    pool = "advocates"
    target_wait = "3 working days"
    [steps.call]
    pool = "coordinators"
    target_wait = "8 hours"
    [steps.reply]
    """
)
HOUR = 60 * MICROSECONDS_A_MINUTE


def random_log(seed: int, cases: int) -> list[dict[str, Any]]:
    """Cases over two weeks in which the clocks change, with everything that records do: gaps, ties, reversals."""
    draw = random.Random(seed)
    first = at("2025-03-24 00:00")
    visits: list[dict[str, Any]] = []
    for number in range(cases):
        us = first + draw.randrange(14 * 24) * HOUR
        stream = draw.choice(["police", "self", None])
        for _ in range(draw.randint(1, 4)):
            source = draw.choices(["recorded", "estimated", "started", "ended"], [8, 1, 1, 1])[0]
            begun = us + (draw.randrange(120) * HOUR if source in ("recorded", "estimated") else 0)
            started = None if source == "ended" or draw.random() < 0.2 else begun
            ended = None if draw.random() < 0.15 else begun + draw.randrange(6) * HOUR
            if started is None and ended is None and source not in ("recorded", "estimated"):
                source = "recorded"
            visits.append(
                {
                    "visit": f"v{len(visits):04}",
                    "case": f"c{number}",
                    "step": draw.choice(["triage", "advocacy", "call", "reply"]),
                    "joined_us": us,
                    "started_us": started,
                    "ended_us": ended,
                    "joined_source": source,
                    "outcome": draw.choice([None, "done", "withdrawn"]) if ended is not None else None,
                    "worker": draw.choice(["ada", "bea", "cas", None]),
                    "stream": stream if draw.random() < 0.8 else None,
                }
            )
            us = max(us, (ended or begun) + draw.randrange(-3, 30) * HOUR)
    return visits


LOGS = [
    (1, 60, "2025-04-04 13:30"),
    (2, 60, "2025-04-20 00:00"),
    (3, 25, "2025-03-30 01:00"),
    (4, 3, "2025-03-29 12:00"),
]
logs = pytest.mark.parametrize(("seed", "cases", "as_of"), LOGS)


@logs
def test_waits(backend: Any, seed: int, cases: int, as_of: str) -> None:
    log, as_of_us = random_log(seed, cases), at(as_of)
    result = waits(stored_visits(log, backend=backend), SERVICE, as_of_us)
    seen = [visit for visit in slow.known(log, as_of_us) if visit["step"] != "reply"]
    assert {row.step for row in result.rows} == {visit["step"] for visit in seen}
    for row in result.rows:
        here = [visit for visit in seen if visit["step"] == row.step]
        fates = Counter(slow.fate(visit) for visit in here)
        assert (row.visits, row.started, row.withdrawn, row.waiting, row.unknown) == (
            len(here),
            fates["reached"],
            fates["left"],
            fates["open"],
            fates["unknown"],
        )
        spans = [
            (max((visit["started_us"] or visit["ended_us"] or as_of_us) - visit["joined_us"], 0), slow.fate(visit))
            for visit in here
            if slow.fate(visit) != "unknown"
        ]
        told = bool(fates["reached"]) or not fates["unknown"]
        for level, found in ((Fraction(1, 2), row.median), (Fraction(9, 10), row.p90)):
            expected = slow.reached_at(spans, level) if told else None
            assert found == (None if expected is None else expected / MICROSECONDS_A_MINUTE)
        if row.step == "call":
            share = slow.share_reached(spans, 8 * HOUR) if told else None
            assert row.within_target == (None if share is None else pytest.approx(float(share)))


@logs
def test_lead_times(backend: Any, seed: int, cases: int, as_of: str) -> None:
    log, as_of_us = random_log(seed, cases), at(as_of)
    row = lead_times(stored_visits(log, backend=backend), SERVICE, as_of_us).rows[0]
    spans = [slow.lead_span(case, as_of_us) for case in slow.cases(log, as_of_us).values()]
    fates = Counter(fate for _, fate in spans)
    assert (row.cases, row.closed, row.withdrawn, row.open, row.unknown) == (
        len(spans),
        fates["reached"],
        fates["left"],
        fates["open"],
        fates["unknown"],
    )
    known = [span for span in spans if span[1] != "unknown"]
    for level, found in ((Fraction(1, 2), row.median), (Fraction(9, 10), row.p90)):
        expected = slow.reached_at(known, level)
        assert found == (None if expected is None else expected / MICROSECONDS_A_MINUTE)


@logs
def test_breaches(backend: Any, seed: int, cases: int, as_of: str) -> None:
    log, as_of_us = random_log(seed, cases), at(as_of)
    rows = {row.step: row for row in breaches(stored_visits(log, backend=backend), SERVICE, as_of_us).rows}
    for step, pool, days in (("triage", "coordinators", 2), ("advocacy", "advocates", 3), ("call", "coordinators", 0)):
        found: Counter[str] = Counter()
        for visit in slow.known(log, as_of_us):
            if visit["step"] != step:
                continue
            fate = slow.fate(visit)
            if fate == "unknown":
                found["unknown"] += 1
                continue
            if days:
                joined = slow.local_date(visit["joined_us"], SERVICE)
                last = slow.working_days_after(joined, days, SERVICE, pool)
                deadline = local_us(day_number(last) + 1, 0, SERVICE.zone)
            else:
                deadline = visit["joined_us"] + 8 * HOUR + 1  # exactly the target is still within it
            happened = visit["started_us"] or visit["ended_us"] or as_of_us
            late, due = happened >= deadline, as_of_us >= deadline
            found["judged"] += due and (late or fate == "reached")
            found["breached"] += late
            found["still_waiting"] += late and fate == "open"
            found["withdrawn"] += fate == "left" and not late
            found["not_yet"] += not due and fate != "left"
        row = rows[step]
        assert {name: getattr(row, name) for name in ("judged", "breached", "still_waiting", "not_yet")} == {
            name: found[name] for name in ("judged", "breached", "still_waiting", "not_yet")
        }
        assert (row.withdrawn, row.unknown) == (found["withdrawn"], found["unknown"])


@logs
def test_caseloads(backend: Any, seed: int, cases: int, as_of: str) -> None:
    log, as_of_us = random_log(seed, cases), at(as_of)
    table = stored_visits(log, backend=backend)
    result = caseload_history(table, SERVICE, as_of_us, "day")
    first = min(slow.local_date(visit["joined_us"], SERVICE) for visit in log if visit["step"] != "reply")
    days = grid("day", day_number(first), day_number(slow.local_date(as_of_us, SERVICE)), SERVICE.zone)
    expected = {
        (label, pool): slow.open_in_pool(log, SERVICE, pool, min(ends, as_of_us + 1), as_of_us)
        for label, ends in zip(days.labels, days.starts_us[1:], strict=True)
        for pool in SERVICE.pools
    }
    assert {(row.period, row.pool): row.open_cases for row in result.rows} == expected
    now = {pool.pool: pool for pool in caseload(table, SERVICE, as_of_us).pools}
    for pool, told in now.items():
        there = [
            case
            for case in slow.cases(log, as_of_us).values()
            if any(visit["ended_us"] is None and SERVICE.steps[visit["step"]].pool == pool for visit in case)
        ]
        away = [
            case
            for case in slow.cases(log, as_of_us).values()
            if any(visit["ended_us"] is None for visit in case)
            and all(visit["ended_us"] is not None or visit["step"] == "reply" for visit in case)
        ]
        assert len(there) <= told.open_cases <= len(there) + len(away)


@logs
def test_arrivals(backend: Any, seed: int, cases: int, as_of: str) -> None:
    log, as_of_us = random_log(seed, cases), at(as_of)
    table = stored_visits(log, backend=backend)
    opened = [min(visit["joined_us"] for visit in case) for case in slow.cases(log, as_of_us).values()]
    by_day = Counter(slow.local_date(us, SERVICE) for us in opened)
    result = arrivals(table, SERVICE, as_of_us)
    found: Counter[str] = Counter()
    for row in result.rows:
        found[row.period] += row.arrivals
    assert {period: count for period, count in found.items() if count} == {
        day.isoformat(): count for day, count in by_day.items()
    }
    streams = Counter(
        next((visit["stream"] for visit in sorted(case, key=lambda visit: visit["joined_us"]) if visit["stream"]), None)
        or "not stated"
        for case in slow.cases(log, as_of_us).values()
    )
    by_stream: Counter[str] = Counter()
    for row in result.rows:
        by_stream[row.stream] += row.arrivals
    assert +by_stream == streams
    hours = arrivals_by_hour(table, SERVICE, as_of_us).rows
    assert sum(row.hours for row in hours) == (as_of_us - local_us(day_number(min(by_day)), 0, SERVICE.zone)) // HOUR
    assert sum(row.arrivals for row in hours) == sum(us < as_of_us - as_of_us % HOUR for us in opened)


def test_both_engines_say_the_same(duckdb_backend: Any, postgres_backend: Any) -> None:
    log, as_of_us = random_log(9, 80), at("2025-04-06 10:00")
    ours, theirs = (stored_visits(log, backend=backend) for backend in (duckdb_backend, postgres_backend))
    for measure in (
        waits,
        lead_times,
        breaches,
        longest_waiting,
        caseload,
        caseload_history,
        arrivals,
        arrivals_by_hour,
    ):
        answers: list[Result] = [measure(table, SERVICE, as_of_us) for table in (ours, theirs)]
        assert answers[0].to_dict() == answers[1].to_dict()


def test_the_days_are_those_of_the_log() -> None:
    # The log crosses the change of clocks of 30 March 2025; a test that missed it would show less than it claims.
    days = {slow.local_date(visit["joined_us"], SERVICE) for visit in random_log(1, 60)}
    assert (
        date_of(day_number(min(days)))
        < date_of(day_number(slow.local_date(at("2025-03-30 12:00"), SERVICE)))
        < max(days)
    )
