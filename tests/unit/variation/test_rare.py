"""What lies between rare events."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from millpond.variation.rare import cases_between, days_between

DAYS = [date(2025, 1, 6) + timedelta(days=number) for number in range(8)]


def test_days_from_one_event_to_the_next() -> None:
    at, gaps = days_between(DAYS, np.array([0, 1, 0, 0, 2, 1, 0, 0.0]))
    assert gaps.tolist() == [3, 1]
    assert [day.day for day in at] == [10, 11]


def test_cases_from_one_event_to_the_next() -> None:
    # Before the first event nobody knows how long it had been. Then 4 + 5 + (6 - 2) cases without it, then none.
    at, counts = cases_between(DAYS[:5], np.array([0, 1, 0, 0, 2.0]), np.array([9, 3, 4, 5, 6.0]))
    assert counts.tolist() == [13, 0]
    assert [day.day for day in at] == [10, 10]


def test_without_two_events_there_is_nothing_between() -> None:
    assert len(days_between(DAYS, np.array([0, 1, 0, 0, 0, 0, 0, 0.0]))[1]) == 0
    assert len(cases_between(DAYS, np.zeros(8), np.ones(8))[1]) == 0
