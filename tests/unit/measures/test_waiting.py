"""The longest waiters and the breaches of targets, in tables that a person can check."""

from __future__ import annotations

from typing import Any

import pytest

from millpond.measures.proportions import wilson
from millpond.measures.waiting import Breaches, BreachRow, WaitingRow, breaches, longest_waiting
from millpond.model import Service, parse_service
from tests.tables import at, visits

SERVICE: Service = parse_service(
    """
    name = "Northshire"
    [pools.coordinators]
    workers = 1
    [steps.triage]
    pool = "coordinators"
    target_wait = "30 minutes"
    [steps.assessment]
    pool = "coordinators"
    target_wait = "2 working days"
    [steps.call]
    pool = "coordinators"
    [steps.reply]
    target_wait = "1 hour"
    """
)


def test_the_longest_waiters_come_first(backend: Any) -> None:
    result = longest_waiting(
        visits(
            """
            case | step       | joined           | started | ended
            -----+------------+------------------+---------+------
            a    | triage     | 2025-07-07 09:00 |         |
            b    | triage     | 2025-07-07 09:40 |         |
            c    | triage     | 2025-07-07 08:00 | 08:30   |
            d    | assessment | 2025-07-02 16:00 |         |
            e    | assessment | 2025-07-03 16:00 |         |
            f    | call       | 2025-07-07 09:00 |         |
            g    | reply      | 2025-07-01 09:00 |         |
            h    | triage     | 2025-07-07 11:00 |         |
            """,
            backend=backend,
        ),
        SERVICE,
        at("2025-07-07 10:00"),
        most=4,
    )
    assert result.waiting == 5
    assert result.rows == (
        # The second working day after Wednesday the 2nd was Friday; after Thursday the 3rd it is Monday the 7th.
        WaitingRow(
            "v4", "d", "assessment", "coordinators", "2025-07-02T16:00:00+01:00", 6840.0, "2 working days", True
        ),
        WaitingRow(
            "v5", "e", "assessment", "coordinators", "2025-07-03T16:00:00+01:00", 5400.0, "2 working days", False
        ),
        WaitingRow("v1", "a", "triage", "coordinators", "2025-07-07T09:00:00+01:00", 60.0, "30 minutes", True),
        WaitingRow("v6", "f", "call", "coordinators", "2025-07-07T09:00:00+01:00", 60.0, None, None),
    )
    assert result.notes == ("5 visits waiting at 2025-07-07T10:00:00+01:00; the longest 4 listed.",)


def test_nobody_waiting(backend: Any) -> None:
    result = longest_waiting(visits("case | step | joined", backend=backend), SERVICE, at("10:00"))
    assert (result.rows, result.waiting) == ((), 0)


def of_step(result: Breaches, step: str) -> BreachRow:
    rows: list[BreachRow] = [row for row in result.rows if row.step == step]
    assert len(rows) == 1
    return rows[0]


def test_breaches_are_late_starts_and_those_still_waiting(backend: Any) -> None:
    result = breaches(
        visits(
            """
            case            | step   | joined | started | ended | outcome
            in time         | triage | 09:00  | 09:30   | 09:40 |
            late            | triage | 09:00  | 09:31   | 09:40 |
            still waiting   | triage | 09:00  |         |       |
            left late       | triage | 09:00  |         | 09:45 | withdrawn
            left in time    | triage | 09:00  |         | 09:10 | withdrawn
            left just now   | triage | 11:45  |         | 11:50 | withdrawn
            no start        | triage | 09:00  |         | 09:40 |
            no joining      | triage |        | 09:30   | 09:40 |
            quick and new   | triage | 11:40  | 11:41   |       |
            waiting and new | triage | 11:40  |         |       |
            """,
            backend=backend,
        ),
        SERVICE,
        at("12:00"),
    )
    low, high = wilson(3, 4) or (None, None)
    assert of_step(result, "triage") == BreachRow(
        step="triage",
        pool="coordinators",
        target="30 minutes",
        judged=4,
        breached=3,
        share=0.75,
        low=low,
        high=high,
        still_waiting=1,
        not_yet=2,  # the quick one could only be judged as kept: it waits for the others of its time
        withdrawn=2,
        unknown=2,
    )
    assert [row.step for row in result.rows] == ["triage", "assessment"]  # nobody waits for staff at the reply
    assert "4 visits judged" in result.notes[0]


@pytest.mark.parametrize(
    ("as_of", "judged", "breached", "not_yet"),
    [
        ("2025-01-08 23:59", 0, 0, 2),  # the target runs out at the end of Wednesday
        ("2025-01-09 00:00", 2, 1, 0),
    ],
)
def test_a_target_in_working_days_is_judged_when_its_last_day_is_over(
    backend: Any, as_of: str, judged: int, breached: int, not_yet: int
) -> None:
    log = visits(
        """
        case | step       | joined    | started
        a    | assessment | Mon 09:00 | Wed 12:00
        b    | assessment | Mon 09:00 |
        """,
        backend=backend,
    )
    row = of_step(breaches(log, SERVICE, at(as_of)), "assessment")
    assert (row.judged, row.breached, row.still_waiting, row.not_yet) == (judged, breached, breached, not_yet)


def test_a_step_without_visits_has_no_share(backend: Any) -> None:
    row = of_step(breaches(visits("case | step | joined", backend=backend), SERVICE, at("10:00")), "triage")
    assert (row.judged, row.breached, row.share, row.low, row.high) == (0, 0, None, None, None)


def test_without_targets_there_is_nothing_to_breach() -> None:
    service = parse_service('name = "Northshire"\n[pools.a]\nworkers = 1\n[steps.triage]\npool = "a"')
    result = breaches(visits("case | step | joined\na | triage | 09:00"), service, at("10:00"))
    assert result.rows == ()
    assert "No step has a target wait" in result.notes[0]
    waiting = longest_waiting(visits("case | step | joined\na | triage | 09:00"), service, at("10:00"))
    assert [(row.case, row.breached) for row in waiting.rows] == [("a", None)]
