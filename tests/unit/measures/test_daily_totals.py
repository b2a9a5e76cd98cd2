"""Daily totals, in weeks that a person can check on a calendar."""

from __future__ import annotations

from datetime import date

import ibis
import pyarrow as pa
import pytest

from millpond.measures.daily_totals import measure_daily
from millpond.model import parse_service
from millpond.periods import day_number
from tests.tables import at

SERVICE = parse_service(
    """
    name = "Test"
    [calendars.office]
    hours = "Mon-Fri 09:00-17:00"
    [pools.advocates]
    workers = 2
    [steps.advocacy]
    pool = "advocates"
    minutes = 60
    """
)


@pytest.mark.parametrize(
    ("days", "complete"),
    [
        # Monday 6 to Friday 17 January 2025: two whole weeks of an office that is closed at weekends.
        (range(6, 18), [True, True]),
        (range(7, 18), [False, True]),
        (range(6, 17), [True, False]),
    ],
)
def test_a_week_is_complete_where_no_working_day_of_it_is_missing(days: range, complete: list[bool]) -> None:
    totals = {date(2025, 1, day): 2 for day in days if day not in (11, 12)}
    assert _complete(totals) == complete


def test_a_week_is_over_on_sunday_where_referrals_come_at_weekends() -> None:
    totals = {date(2025, 1, day): 2 for day in range(6, 18)}
    assert _complete(totals) == [True, False]


def _complete(joined: dict[date, int]) -> list[bool]:
    rows = [
        {
            "day": day_number(day),
            "pool": "advocates",
            "joined": number,
            "done": number,
            "waiting": None,
            "minutes": None,
        }
        for day, number in joined.items()
    ]
    kinds = {"day": pa.int32(), "pool": pa.string(), "minutes": pa.float64()}
    schema = pa.schema([(name, kinds.get(name, pa.int64())) for name in rows[0]])
    daily = ibis.memtable(pa.Table.from_pylist(rows, schema))
    return [row.complete for row in measure_daily(daily, SERVICE, (), by="week", now_us=at("2025-02-01 12:00")).rows]
