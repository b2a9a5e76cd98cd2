"""On random logs the four measures equal their definitions worked out slowly, and the backlog identity is exact."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from millpond.measures.four import VisitLog, measure
from millpond.measures.overview import overview
from millpond.measures.results import Measures
from millpond.model import Calendar, Pool, Service, Step, Worker
from millpond.periods import instant_us
from tests.generative.identity import assert_identity
from tests.generative.oracle import MINUTE, Oracle
from tests.searching import examples
from tests.tables import empty_spells, stored_visits

LABELS: dict[str, Any] = {
    "hour": lambda moment: moment.replace(minute=0).isoformat(timespec="minutes"),
    "day": lambda moment: moment.date().isoformat(),
    "week": lambda moment: (moment.date() - timedelta(days=moment.weekday())).isoformat(),
    "month": lambda moment: moment.strftime("%Y-%m"),
}
# Spans that hold a clock change in spring, one in autumn, and a year's end.
MONDAYS = (date(2025, 3, 24), date(2025, 10, 20), date(2024, 12, 30))
HOURS = ("Mon-Fri 09:00-17:00", "Mon-Sun 00:00-24:00", "Tue-Sat 22:00-06:00", "Mon-Thu 09:00-12:30, Sat 13:00-17:00")


@st.composite
def services(draw: st.DrawFn) -> Service:
    hours = [draw(st.sampled_from(HOURS)) for _ in range(2)]
    limits = [draw(st.sampled_from((None, 30, 240))) for _ in range(2)]
    planned = [draw(st.sampled_from((None, 0, 25, 60))) for _ in range(2)]
    own = draw(st.sampled_from((None, 45)))
    closures = tuple(draw(st.lists(st.sampled_from([day + timedelta(days=2) for day in MONDAYS]), max_size=1)))
    return Service(
        name="random",
        timezone=draw(st.sampled_from(("Europe/London", "Asia/Kolkata"))),
        extra_closures=closures,
        calendars={"first": Calendar(hours=hours[0]), "second": Calendar(hours=hours[1])},
        pools={
            "red": Pool(calendar="first", workers=2, minutes_per_day=limits[0], opening_backlog=90),
            "blue": Pool(calendar="second", workers=1, minutes_per_day=limits[1]),
        },
        workers={"ann": Worker(pool="red", minutes_per_day=own, calendar=draw(st.sampled_from((None, "second"))))},
        steps={"one": Step(pool="red", minutes=planned[0]), "two": Step(pool="blue", minutes=planned[1])},
    )


@st.composite
def logs(draw: st.DrawFn) -> tuple[Service, list[dict[str, Any]], int]:
    service = draw(services())
    zone = ZoneInfo(service.timezone)
    monday = draw(st.sampled_from(MONDAYS))
    origin = instant_us(datetime.combine(monday, datetime.min.time(), zone))
    minutes = st.integers(0, 9 * 24 * 60).map(lambda n: n - n % 5)
    visits: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 8))):
        joined, started, ended = sorted(draw(st.tuples(minutes, minutes, minutes)))
        if draw(st.booleans()):
            ended = min(ended, started + draw(st.sampled_from((0, 30, 90))))
        stamps = {"joined": joined, "started": started, "ended": ended}
        kind = draw(st.sampled_from(("done", "done", "done", "open", "waiting", "end only", "withdrawn", "left")))
        hidden = {"open": ["ended"], "waiting": ["started", "ended"], "end only": ["started"], "left": ["started"]}
        for name in hidden.get(kind, []):
            del stamps[name]
        recorded = draw(st.sampled_from((None, None, 0, 20, 45)))
        visits.append(
            {
                "visit": f"v{number}",
                "case": f"c{number}",
                "step": draw(st.sampled_from(("one", "two"))),
                "worker": draw(st.sampled_from((None, "ann", "bea"))),
                "outcome": "withdrawn" if kind in ("withdrawn", "left") else None,
                "minutes_us": None if recorded is None else recorded * MINUTE,
                **{
                    f"{name}_us": origin + stamps[name] * MINUTE if name in stamps else None
                    for name in ("joined", "started", "ended")
                },
            }
        )
    known = [us for visit in visits for name, us in visit.items() if name in ("joined_us", "started_us", "ended_us")]
    as_of = draw(st.sampled_from([us for us in known if us is not None]))
    return service, visits, as_of


def measured(service: Service, visits: list[dict[str, Any]], as_of_us: int, by: str, backend: Any = None) -> Measures:
    table = stored_visits(visits, zone=service.timezone, backend=backend)
    spells = empty_spells(backend=backend)
    seen = overview(table, spells, as_of_us)
    return measure(VisitLog(table, spells, (), seen), service, by=by, as_of_us=as_of_us)


@settings(max_examples=examples(24), suppress_health_check=list(HealthCheck))
@given(log=logs(), by=st.sampled_from(("hour", "day", "week", "month")))
def test_the_four_measures_equal_their_definitions(duckdb_backend: Any, log: Any, by: str) -> None:
    service, visits, as_of = log
    result = measured(service, visits, as_of, by, duckdb_backend)
    if result.unit == "minutes":
        assert_identity(result, {name: pool.opening_backlog for name, pool in service.pools.items()})
        expected = Oracle(service, visits, as_of).flows(LABELS[by])
        stretches = 1 + 2 * len(visits)
        for row in result.rows:
            flow = expected[row.pool, row.period]
            # A share of shared time is rounded down in each stretch, a part of a piece to the nearest.
            assert abs(row.demand * MINUTE - flow.demand) <= stretches * len(visits)
            assert abs(row.activity * MINUTE - flow.activity) <= stretches * len(visits) + 1
            assert abs(row.withdrawn * MINUTE - flow.withdrawn) <= stretches
        shown = {(row.pool, row.period) for row in result.rows}
        assert {key for key, flow in expected.items() if flow.demand or flow.activity} <= shown


@settings(max_examples=examples(8), suppress_health_check=list(HealthCheck))
@given(log=logs(), by=st.sampled_from(("hour", "day")))
def test_postgresql_gives_the_same_figures(duckdb_backend: Any, postgres_backend: Any, log: Any, by: str) -> None:
    service, visits, as_of = log
    ours = measured(service, visits, as_of, by, duckdb_backend)
    assert measured(service, visits, as_of, by, postgres_backend) == ours
