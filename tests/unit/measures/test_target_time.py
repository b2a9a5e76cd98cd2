"""The scale of a target wait: elapsed time, days of the calendar, and working days of the step's pool."""

from __future__ import annotations

from typing import Any

import pytest

from millpond.measures.known import known_at
from millpond.measures.target_time import against_targets, scaled
from millpond.model import TargetWait, parse_service
from tests.tables import at, visits

SERVICE = parse_service(
    """
    name = "Northshire"
    holidays = "GB-ENG"
    [pools.coordinators]
    workers = 1
    [steps.working]
    pool = "coordinators"
    target_wait = "2 working days"
    [steps.calendar]
    pool = "coordinators"
    target_wait = "1 week"
    [steps.elapsed]
    pool = "coordinators"
    target_wait = "90 minutes"
    [steps.none]
    pool = "coordinators"
    """
)


def test_the_wait_on_the_scale_of_its_target(backend: Any) -> None:
    # 6 January 2025 is a Monday; 17 April is Maundy Thursday, 18 and 21 April are bank holidays.
    log = visits(
        """
        case                 | step     | joined           | started          | ended            | outcome
        ---------------------+----------+------------------+------------------+------------------+----------
        0 same day           | working  | 2025-01-06 09:00 | 2025-01-06 23:59 |                  |
        2 by the second day  | working  | 2025-01-06 09:00 | 2025-01-08 23:59 |                  |
        3 just after it      | working  | 2025-01-06 23:59 | 2025-01-09 00:00 |                  |
        1 over the weekend   | working  | 2025-01-10 09:00 | 2025-01-13 09:00 |                  |
        2 on a Saturday      | working  | 2025-01-09 09:00 | 2025-01-11 09:00 |                  |
        1 within a weekend   | working  | 2025-01-11 09:00 | 2025-01-12 09:00 |                  |
        2 over Easter        | working  | 2025-04-17 10:00 | 2025-04-23 16:00 |                  |
        1 withdrawn          | working  | 2025-01-06 09:00 |                  | 2025-01-07 09:00 | withdrawn
        4 waiting until then | working  | 2025-04-17 09:00 |                  |                  |
        7 calendar days      | calendar | 2025-01-06 09:00 | 2025-01-13 23:59 |                  |
        8 calendar days      | calendar | 2025-01-06 09:00 | 2025-01-14 00:00 |                  |
        1 across the clocks  | calendar | 2025-03-30 00:30 | 2025-03-31 00:10 |                  |
        90 minutes           | elapsed  | 2025-03-30 00:30 | 2025-03-30 03:00 |                  |
        no target            | none     | 2025-01-06 09:00 | 2025-01-06 10:00 |                  |
        """,
        backend=backend,
    )
    as_of_us = at("2025-04-25 12:00")
    found = against_targets(known_at(log, SERVICE, as_of_us), SERVICE, as_of_us).to_pyarrow().to_pylist()
    spans = {row["case"]: row["target_span"] // (60_000_000 if row["step"] == "elapsed" else 1) for row in found}
    assert {case: span for case, span in spans.items() if not case.startswith(f"{span} ")} == {}
    assert len(spans) == 13
    assert {row["step"]: row["target_allowed"] for row in found} == {
        "working": 2,
        "calendar": 7,
        "elapsed": 90 * 60_000_000,
    }
    so_far = {row["case"]: row["target_so_far"] for row in found}
    assert so_far["2 over Easter"] == so_far["4 waiting until then"] == 4  # 22, 23, 24 and 25 April


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("90 minutes", ("elapsed", 5_400_000_000)),
        ("0.5 hours", ("elapsed", 1_800_000_000)),
        ("28 days", ("days", 28)),
        ("1.5 days", ("days", 2)),  # a part of a day runs to that day's end
        ("0.5 weeks", ("days", 4)),
        ("2 weeks", ("days", 14)),
        ("5 working days", ("working days", 5)),
    ],
)
def test_a_target_on_its_scale(target: str, expected: tuple[str, int]) -> None:
    assert scaled(TargetWait.parse(target)) == expected
