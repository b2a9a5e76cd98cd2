"""Open cases per worker: who holds a case, and who holds none, in tables that a person can check."""

from __future__ import annotations

import json
from typing import Any

import pytest

from millpond.measures.caseload import Caseload, PoolCaseload, caseload
from millpond.measures.caseload_history import caseload_history
from millpond.model import Service, parse_service
from tests.tables import at, visits

SERVICE: Service = parse_service(
    """
    name = "Northshire"

    [pools.advocates]
    workers = 2
    [[pools.advocates.from]]
    date = 2025-01-13
    workers = 3

    [pools.counsellors]

    [workers.olive]
    pool = "counsellors"
    [workers.past]
    pool = "counsellors"
    leaves = 2025-01-01

    [steps.advocacy]
    pool = "advocates"
    [steps.counselling]
    pool = "counsellors"
    [steps.reply]
    """
)


def measured(text: str, as_of: str, backend: Any = None) -> Caseload:
    return caseload(visits(text, backend=backend), SERVICE, at(as_of))


def held(result: Caseload) -> dict[tuple[str, str | None], int]:
    return {(row.pool, row.worker): row.cases for row in result.rows}


def test_who_holds_a_case(backend: Any) -> None:
    result = measured(
        """
        case      | step        | joined | started | ended | worker
        ----------+-------------+--------+---------+-------+-------
        under way | advocacy    | 09:00  | 09:00   |       | ada
        twice     | advocacy    | 09:00  | 09:00   |       | ada
        twice     | advocacy    | 09:00  | 09:00   |       | ada
        shared    | advocacy    | 09:00  | 09:00   |       | ada
        shared    | advocacy    | 09:00  | 09:00   |       | bea
        between   | advocacy    | 08:00  | 08:00   | 08:30 | ada
        between   | advocacy    | 08:30  | 08:30   | 09:00 | bea
        between   | advocacy    | 09:00  |         |       |
        new       | advocacy    | 09:00  |         |       |
        passed on | advocacy    | 08:00  | 08:00   | 09:00 | bea
        passed on | counselling | 09:00  |         |       |
        reply     | advocacy    | 08:00  | 08:00   | 09:00 | bea
        reply     | reply       | 09:00  |         |       |
        both      | advocacy    | 08:00  | 08:00   | 09:00 | bea
        both      | advocacy    | 09:00  | 09:00   |       | ada
        both      | reply       | 09:00  |         |       |
        closed    | advocacy    | 08:00  | 08:00   | 09:00 | bea
        """,
        "12:00",
        backend,
    )
    assert held(result) == {
        ("advocates", "ada"): 4,  # under way, twice (once), shared, both
        ("advocates", "bea"): 3,  # shared, between (the last to work on it), reply
        ("advocates", None): 1,  # new
        ("counsellors", "olive"): 0,  # in post and holds none; past has left
        ("counsellors", None): 1,  # passed on: an advocate's work on it does not make them a counsellor
    }
    assert result.pools == (
        PoolCaseload("advocates", open_cases=7, not_allocated=1, workers=2.0, mean=3.5, most=4),
        PoolCaseload("counsellors", open_cases=1, not_allocated=1, workers=1.0, mean=0.0, most=None),
    )


def test_a_mean_never_exceeds_the_most(backend: Any) -> None:
    # Three hold cases where two are in post: somebody has left, or helps out.
    table = """
        case | step     | joined | started | worker
        a    | advocacy | 09:00  | 09:00   | ada
        b    | advocacy | 09:00  | 09:00   | bea
        c    | advocacy | 09:00  | 09:00   | cas
    """
    pool = measured(table, "12:00", backend).pools[0]
    assert (pool.workers, pool.mean, pool.most) == (3.0, 1.0, 1)


def test_pools_that_only_the_records_know_are_shown() -> None:
    result = measured("case | step | pool | joined | worker\na | odd | helpers | 09:00 | ada", "12:00")
    assert held(result)["helpers", "ada"] == 1
    assert result.pools[-1] == PoolCaseload("helpers", 1, 0, 1.0, 1.0, 1)


def test_no_open_cases(backend: Any) -> None:
    result = measured("case | step | joined", "12:00", backend)
    assert held(result) == {("counsellors", "olive"): 0}
    assert result.pools[0] == PoolCaseload("advocates", 0, 0, 2.0, 0.0, None)
    assert result.notes[0] == "No case is open in any pool at 2025-01-06T12:00:00+00:00."
    assert result.notes[1].startswith("No visit on record is open.")
    assert json.loads(json.dumps(result.to_dict()))["pools"][0]["pool"] == "advocates"


HISTORY = """
    case | step        | joined           | started | ended
    -----+-------------+------------------+---------+-----------------
    a    | advocacy    | 2025-01-06 09:00 | 09:00   | 10:00
    a    | advocacy    | 2025-01-08 09:00 | 09:00   | 10:00
    b    | advocacy    | 2025-01-06 09:00 | 09:00   | 2025-01-13 10:00
    c    | advocacy    | 2025-01-07 09:00 |         |
    c    | counselling | 2025-01-07 09:00 | 09:00   | 2025-01-04 08:00
    d    | reply       | 2025-01-06 09:00 |         |
"""


def test_open_cases_over_time(backend: Any) -> None:
    result = caseload_history(visits(HISTORY, backend=backend), SERVICE, at("2025-01-13 12:00"), "day")
    rows = [row for row in result.rows if row.pool == "advocates"]
    assert [(row.period[-2:], row.opened, row.closed, row.open_cases) for row in rows] == [
        ("06", 2, 0, 2),
        ("07", 1, 0, 3),  # a is open between its two visits
        ("08", 0, 1, 2),
        ("09", 0, 0, 2),
        ("10", 0, 0, 2),
        ("11", 0, 0, 2),
        ("12", 0, 0, 2),
        ("13", 0, 1, 1),
    ]
    assert [row.per_worker for row in rows][-2:] == [1.0, pytest.approx(1 / 3)]  # a third advocate began
    assert [row.complete for row in rows][-2:] == [True, False]
    others = [(row.opened, row.closed, row.workers) for row in result.rows if row.pool == "counsellors"]
    assert others[1] == (1, 1, 1.0)  # an end recorded before the joining is no stay of less than nothing


def test_the_end_of_a_period_belongs_to_the_next(backend: Any) -> None:
    log = visits("case | step | joined | ended\na | advocacy | Sun 12:00 | 2025-01-13 00:00", backend=backend)
    result = caseload_history(log, SERVICE, at("2025-01-13 09:00"), "week")
    assert [(row.period, row.opened, row.closed, row.open_cases) for row in result.rows if row.pool == "advocates"] == [
        ("2025-01-06", 1, 0, 1),
        ("2025-01-13", 0, 1, 0),
    ]


def test_open_cases_by_hour(backend: Any) -> None:
    log = visits("case | step | joined | ended\na | advocacy | 09:59 | 11:00", backend=backend)
    result = caseload_history(log, SERVICE, at("11:30"), "hour")
    rows = [row for row in result.rows if row.pool == "advocates"][9:12]
    assert [(row.period[11:16], row.open_cases) for row in rows] == [("09:00", 1), ("10:00", 1), ("11:00", 0)]


def test_an_empty_log_has_no_history(backend: Any) -> None:
    result = caseload_history(visits("case | step | joined", backend=backend), SERVICE, at("11:30"))
    assert result.rows == ()
    assert result.notes == ("No visit had joined a queue by 2025-01-06T11:30:00+00:00.",)
