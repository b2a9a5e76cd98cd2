"""Bank holidays as observed, by subdivision; the counts are those of GOV.UK's calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from millpond.periods.holidays import bank_holidays


@pytest.mark.parametrize(
    ("region", "year", "working_days"),
    [
        ("GB-ENG", 2026, 253),
        ("GB-WLS", 2026, 253),
        ("GB-SCT", 2026, 251),
        ("GB-NIR", 2026, 251),
        ("GB-ENG", 2027, 253),
        ("GB-SCT", 2027, 252),
        ("GB-NIR", 2027, 251),
    ],
)
def test_working_days_of_a_year(region: str, year: int, working_days: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    closed = bank_holidays(region, year)
    assert sum(day.weekday() < 5 and day not in closed for day in days) == working_days


def test_only_the_day_observed_is_closed() -> None:
    # Boxing Day 2026 is a Saturday; the Monday stands in for it.
    assert date(2026, 12, 28) in bank_holidays("GB-ENG", 2026)
    assert date(2026, 12, 26) not in bank_holidays("GB-ENG", 2026)


def test_a_day_observed_in_the_year_before_moves_there() -> None:
    # New Year's Day 2022 is a Saturday; the United States kept it on Friday 31 December 2021.
    assert date(2021, 12, 31) in bank_holidays("US", 2021)
    assert date(2022, 1, 1) not in bank_holidays("US", 2022)


def test_scotland_has_its_own() -> None:
    assert date(2026, 4, 6) in bank_holidays("GB-ENG", 2026)
    assert date(2026, 4, 6) not in bank_holidays("GB-SCT", 2026)


def test_a_day_that_stands_in_for_one_holiday_stays_closed_when_another_moves_off_it() -> None:
    # 1 January 2023 was a Sunday: Scotland kept Monday the 2nd for it and Tuesday the 3rd for the holiday of the 2nd.
    closed = bank_holidays("GB-SCT", 2023)
    assert {date(2023, 1, 2), date(2023, 1, 3)} <= closed
    assert date(2023, 1, 1) not in closed
