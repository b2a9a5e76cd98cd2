"""Work still to come, worked by hand from small pathways and logs."""

from __future__ import annotations

from typing import Any

import pytest

from millpond.measures.known import known_at
from millpond.measures.need import with_need
from millpond.measures.work_content import ArrivalContent, WorkContent, WorkContentRow, arrival_content, work_content
from millpond.model import Service, parse_service
from millpond.periods import day_of, working_day_table, working_time
from tests.tables import at, visits

HEAD = """
name = "Northshire"
[pools.coordinators]
workers = 1
[pools.advocates]
workers = 2
[streams.police]
first_step = "triage"
"""

PLANNED = parse_service(
    HEAD
    + """
[steps.triage]
pool = "coordinators"
minutes = 20
next = { reply = 0.5, closed = 0.5 }
[steps.reply]
next = "advocacy"
[steps.advocacy]
pool = "advocates"
minutes = 60
next = { advocacy = 0.6, closed = 0.4 }
"""
)

UNSAID = parse_service(
    HEAD
    + """
[steps.triage]
pool = "coordinators"
minutes = 20
[steps.advocacy]
pool = "advocates"
"""
)


def inputs(text: str, service: Service, as_of: str, backend: Any) -> tuple[Any, Any, Service, int]:
    log, as_of_us = visits(text, backend=backend), at(as_of)
    today = day_of(as_of_us, service.zone)
    pools = {name: working_time(service, pool, today - 30, today + 1) for name, pool in service.pools.items()}
    known = known_at(log, service, as_of_us)
    needs = with_need(known, None, working_day_table(pools), as_of_us, today)
    return needs, log, service, as_of_us


def content(text: str, service: Service = PLANNED, as_of: str = "12:00", backend: Any = None) -> WorkContent:
    return work_content(*inputs(text, service, as_of, backend))


def arriving(text: str, service: Service = PLANNED, backend: Any = None) -> ArrivalContent:
    return arrival_content(*inputs(text, service, "12:00", backend))


def by_pool(result: WorkContent) -> dict[str, WorkContentRow]:
    return {row.pool: row for row in result.rows}


EMPTY = "case | step | joined"


def test_what_is_left_and_what_follows(backend: Any) -> None:
    pools = by_pool(
        content(
            """
            case | step     | joined | started | ended | minutes
            -----+----------+--------+---------+-------+--------
            a    | advocacy | 09:00  |         |       |
            b    | advocacy | 09:00  | 11:00   |       | 15
            c    | triage   | 09:00  |         |       |
            d    | reply    | 09:00  |         |       |
            e    | advocacy | 09:00  | 09:00   | 10:00 | 60
            """,
            backend=backend,
        )
    )
    # Left: 60 and 60 - 15 for the advocates, 20 for the coordinators.
    # To come: 1.5 visits each after a and b, half of 2.5 after c, 2.5 after d: 6.75 of 60 minutes.
    assert pools["coordinators"] == WorkContentRow("coordinators", 1, 20.0, 0.0, 0.0, 20.0, 0.0)
    advocates = pools["advocates"]
    assert (advocates.open_visits, advocates.left, advocates.without_minutes) == (2, 105.0, 0.0)
    assert advocates.visits_to_come == pytest.approx(6.75)
    assert advocates.to_come == pytest.approx(405.0)
    assert advocates.total == pytest.approx(510.0)


def test_a_new_case_brings_its_whole_way(backend: Any) -> None:
    result = arriving(EMPTY, backend=backend)
    found = {row.pool: (row.visits, row.minutes) for row in result.rows}
    assert found["coordinators"] == pytest.approx((1.0, 20.0))
    assert found["advocates"] == pytest.approx((1.25, 75.0))  # half of 2.5 visits of an hour


def test_an_empty_log_has_no_work_to_come(backend: Any) -> None:
    assert [(row.open_visits, row.left, row.total) for row in content(EMPTY, backend=backend).rows] == [
        (0, 0.0, 0.0)
    ] * 2


HISTORY = """
    case | step     | joined | started | ended | minutes | pool
    -----+----------+--------+---------+-------+---------+-----
    a    | triage   | 08:00  | 08:00   | 08:20 | 20      |
    a    | advocacy | 08:20  | 09:00   | 09:40 | 40      |
    b    | triage   | 08:00  | 08:00   | 08:20 | 20      |
    b    | advocacy | 08:20  | 08:40   | 09:20 | 40      |
    b    | advocacy | 09:20  | 09:20   | 11:00 | 100     |
    c    | triage   | 08:00  | 08:00   | 08:20 | 20      |
    a    | triage   | 13:30  |         |       |         |
    d    | triage   | 08:00  | 08:00   | 08:20 | 20      |
    d    | advocacy | 11:00  |         |       |         |
    e    | advocacy | 13:00  |         |       |         |
"""


def test_where_the_pathway_is_silent_the_finished_cases_speak(backend: Any) -> None:
    # Of a, b and c two went on from triage to advocacy; of the three visits of advocacy one was followed by another.
    # A visit of advocacy took (40 + 40 + 100) / 3 = 60 minutes. d is open and says
    # nothing yet; at noon e has not come, nor a come back.
    result = content(HISTORY, UNSAID, backend=backend)
    advocates = by_pool(result)["advocates"]
    assert advocates.open_visits == 1
    assert advocates.visits_to_come == pytest.approx(1 / 3 / (1 - 1 / 3))
    assert advocates.to_come == pytest.approx(30.0)
    assert (advocates.left, advocates.without_minutes) == (None, 1.0)  # nothing is planned for the open visit itself
    assert advocates.total is None
    text = " ".join(result.notes)
    assert "The way on from triage and advocacy is that of 3 finished cases" in text
    assert "Minutes of a visit at advocacy are the mean of those recorded." in text
    new = {row.pool: row.visits for row in arriving(HISTORY, UNSAID, backend).rows}
    assert new == {"coordinators": pytest.approx(1.0), "advocates": pytest.approx(2 / 3 * 1.5)}


def test_where_nothing_is_known_of_the_way_it_ends_and_that_is_said(backend: Any) -> None:
    result = content("case | step | joined | pool\na | odd | 09:00 | helpers", UNSAID, backend=backend)
    assert by_pool(result)["helpers"] == WorkContentRow("helpers", 1, None, 0.0, 0.0, None, 1.0)
    text = " ".join(result.notes)
    assert "Nothing says where cases go from triage, advocacy and odd" in text
    assert "counted as no work: 1 visit." in text


def test_a_pathway_that_never_ends_has_no_number() -> None:
    loop = parse_service(
        HEAD
        + """
        [steps.triage]
        pool = "coordinators"
        minutes = 20
        next = "advocacy"
        [steps.advocacy]
        pool = "advocates"
        minutes = 60
        next = "advocacy"
        """
    )
    result = content("case | step | joined\na | triage | 09:00", loop)
    assert by_pool(result)["coordinators"].total == 20.0
    advocates = by_pool(result)["advocates"]
    assert (advocates.left, advocates.visits_to_come, advocates.to_come, advocates.total) == (0.0, None, None, None)
    assert any("The pathway never leaves advocacy" in note for note in result.notes)
    assert [(row.pool, row.minutes) for row in arriving(EMPTY, loop).rows] == [
        ("coordinators", 20.0),
        ("advocates", None),
    ]


def test_without_streams_no_new_case_is_described() -> None:
    result = arriving(EMPTY, parse_service('name = "Northshire"'))
    assert result.rows == ()
    assert "The service has no streams" in result.notes[0]


def test_a_backlog_from_before_the_records_belongs_to_no_visit_and_is_said_to_be_left_out() -> None:
    stated = PLANNED.changed(
        pools={**PLANNED.pools, "advocates": PLANNED.pools["advocates"].changed(opening_backlog=600)}
    )
    log = """
        case | step   | joined | started | ended
        a    | triage | 09:00  |         |
    """
    note = "What is left of the opening_backlog of advocates is not in it: it belongs to no visit on record."
    assert note in work_content(*inputs(log, stated, "10:00", None)).notes
    assert note not in work_content(*inputs(log, PLANNED, "10:00", None)).notes
