"""Which periods the records tell from beginning to end, in cases that a calendar on the wall decides."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.spec.given import measured, service, shows

OFFICE = """
    [calendars.office]
    hours = "Mon-Fri 09:00-17:00"
    [pools.advocates]
    workers = 2
    [steps.advocacy]
    pool = "advocates"
    minutes = 60
"""


def _log(*joined: str) -> str:
    return "case | step | joined | started | ended | minutes\n" + "\n".join(
        f"case {number} | advocacy | {moment} |  |  |" for number, moment in enumerate(joined)
    )


@pytest.mark.parametrize(
    ("joined", "by", "complete"),
    [
        # Records from a Wednesday on miss the Monday and the Tuesday of their first week.
        ("Wed 09:00", "week", False),
        ("Mon 15:00", "week", True),
        # Weeks of a Saturday: all five working days lie before it.
        ("Sat 10:00", "week", False),
        # 1 and 2 March 2025 are a weekend, so that records from Monday the 3rd tell all of March.
        ("2025-03-03 09:00", "month", True),
        ("2025-03-04 09:00", "month", False),
        # A day is told whole, whenever its first visit joined.
        ("Wed 16:00", "day", True),
    ],
)
def test_the_first_period_is_complete_only_if_no_working_day_of_it_lies_before_the_records(
    joined: str, by: str, complete: bool, backend: Any
) -> None:
    result = measured(service(OFFICE), _log(joined), by=by, as_of="2025-06-30 23:59", backend=backend)
    assert [row.complete for row in result.rows][:2] == [complete, True]


def test_periods_before_the_records_are_not_complete() -> None:
    result = measured(service(OFFICE), _log("Wed 09:00"), by="week", as_of="2025-01-19 23:59", first=date(2024, 12, 23))
    shows(result, "period | complete\n2024-12-23 | False\n2024-12-30 | False\n2025-01-06 | False\n2025-01-13 | True")


def test_a_week_is_over_on_friday_evening_only_where_no_work_joins_at_weekends(backend: Any) -> None:
    friday = "2025-01-17 17:00"
    office_hours = measured(service(OFFICE), _log("Mon 09:00", "Tue 09:00"), by="week", as_of=friday, backend=backend)
    shows(office_hours, "period | complete\n2025-01-06 | True\n2025-01-13 | True")
    at_weekends = measured(service(OFFICE), _log("Mon 09:00", "Sat 11:00"), by="week", as_of=friday, backend=backend)
    shows(at_weekends, "period | complete\n2025-01-06 | True\n2025-01-13 | False")
    till_sunday = measured(
        service(OFFICE), _log("Mon 09:00", "Sat 11:00"), by="week", as_of="2025-01-19 23:59:59.999999"
    )
    shows(till_sunday, "period | complete\n2025-01-06 | True\n2025-01-13 | True")


def test_what_joins_another_pool_at_weekends_keeps_no_week_of_this_one_open() -> None:
    two = service(OFFICE + "[pools.line]\nworkers = 1\n[steps.call]\npool = 'line'\nminutes = 5\n")
    log = _log("Mon 09:00") + "\ncase 9 | call | Sat 11:00 |  |  |"
    shows(
        measured(two, log, by="week", as_of="2025-01-17 17:00"),
        """
        pool      | period     | complete
        advocates | 2025-01-06 | True
        advocates | 2025-01-13 | True
        line      | 2025-01-06 | True
        line      | 2025-01-13 | False
        """,
    )
