"""When cases come, and hours that changed."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from millpond.calibration.fitting.changed_hours import changed_hours
from millpond.calibration.fitting.rhythm import rhythm_of
from tests.unit.calibration.fitting.logs import MINUTE_US, at, history_of

HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
UTC = ZoneInfo("UTC")


def test_a_poisson_stream_has_its_rate_within_the_interval_and_is_not_bunched() -> None:
    random = np.random.default_rng(2)
    first = at("00:00")
    arrivals = first + np.cumsum(random.exponential(7 * DAY_US / 30, 1500)).astype(np.int64)
    found = rhythm_of(arrivals.tolist(), first, int(arrivals[-1]), UTC)
    assert found.low < 30 < found.high
    assert found.overdispersion == 1
    assert found.schedule == {}


def test_days_in_bunches_are_told_with_about_their_variance_over_their_mean() -> None:
    random = np.random.default_rng(2)
    first = at("00:00")
    # Gamma-mixed Poisson with a mean of 10 and a variance of 10 + 100 / 2.5 = 50.
    counts = random.poisson(random.gamma(2.5, 4, 400))
    arrivals = [first + day * DAY_US + int(random.integers(DAY_US)) for day, n in enumerate(counts) for _ in range(n)]
    found = rhythm_of(arrivals, first, first + 400 * DAY_US, UTC)
    assert found.overdispersion == pytest.approx(5, rel=0.25)


def test_arrivals_in_office_hours_have_a_pattern_with_nothing_outside() -> None:
    arrivals = [at(f"{day} {9 + number % 8:02d}:{(7 * day + number) % 60:02d}")
                for day in range(60) if day % 7 < 5 for number in range(8)]  # fmt: skip
    found = rhythm_of(arrivals, arrivals[0], arrivals[-1], UTC)
    assert list(found.pattern) == ["Mon-Fri 09:00-17:00"]


def test_arrivals_by_the_clock_are_a_schedule() -> None:
    arrivals = [at(f"{day} {hour}:30") for day in range(140) if day % 7 < 5 for hour in (10, 14)]
    found = rhythm_of(arrivals, at("0 00:00"), at("139 23:59"), UTC)
    assert set(found.schedule) == {
        f"{day} {hour}:30" for day in ("Mon", "Tue", "Wed", "Thu", "Fri") for hour in (10, 14)
    }
    assert found.schedule["Mon 10:30"] == pytest.approx(1, abs=0.01)


def _work(days: range, opens: int) -> list[str]:
    return [
        f"c{day}-{hour} | ask | Alice | {day} {hour:02d}:05 | {day} {hour:02d}:50"
        for day in days if day % 7 < 5 for hour in range(opens, opens + 8)
    ]  # fmt: skip


def test_hours_that_moved_are_found_with_the_day() -> None:
    log = history_of("\n".join(_work(range(56), 8) + _work(range(56, 112), 9)))
    found = changed_hours(log, ["ask"])
    assert found is not None
    assert (found.before, found.after) == ("Mon-Fri 08:00-16:00", "Mon-Fri 09:00-17:00")
    # The new hours begin on Monday, 28 April; the Saturday before, on which nobody works, cannot be told from it.
    assert 54 <= (found.day - date(2025, 3, 3)).days <= 56


def test_hours_that_stay_do_not_change() -> None:
    assert changed_hours(history_of("\n".join(_work(range(112), 9))), ["ask"]) is None


def test_a_week_that_the_records_begin_or_end_within_does_not_raise_how_many_come_by_the_clock() -> None:
    """Four cases on Mondays and on Wednesdays, from a Monday to a Monday: 13 Mondays but 12 Wednesdays."""
    arrivals = [
        at(f"{7 * week + day} 10:{minute}") for week in range(13) for day in (0, 2) for minute in (10, 20, 30, 40)
    ]
    arrivals = [each for each in arrivals if each <= at("84 23:59")]
    found = rhythm_of(arrivals, arrivals[0], arrivals[-1], UTC)
    assert set(found.schedule.values()) == {1.0}


def test_records_from_a_monday_to_a_friday_do_not_raise_the_rate() -> None:
    """Five cases on each of 60 weekdays, at a minute of their own: 25 a week, though only 11.6 weeks lie between."""
    arrivals = [
        at(f"{7 * week + day} {9 + number}:{(7 * week + day + 11 * number) % 60:02d}")
        for week in range(12) for day in range(5) for number in range(5)
    ]  # fmt: skip
    found = rhythm_of(arrivals, arrivals[0], arrivals[-1], UTC)
    assert found.per_week == 25
    assert found.low < 25 < found.high


def test_in_less_than_a_week_cases_come_on_as_they_came() -> None:
    """24 cases in the 48 hours of two days."""
    arrivals = [at(f"{day} {2 * number}:{(day + 5 * number) % 60:02d}") for day in range(2) for number in range(12)]
    found = rhythm_of(arrivals, at("0 00:00"), at("1 23:59"), UTC)
    assert found.per_week == 84


def test_of_less_than_a_week_the_other_days_are_like_those_that_were_recorded() -> None:
    """Thirty cases in each hour from nine to six on a Monday and a Tuesday."""
    arrivals = [
        at(f"{day} {hour:02d}:{(2 * number + day + hour) % 60:02d}")
        for day in range(2) for hour in range(9, 18) for number in range(30)
    ]  # fmt: skip
    found = rhythm_of(arrivals, arrivals[0], arrivals[-1], UTC)
    assert list(found.pattern) == ["Mon-Sun 09:00-18:00"]
    assert found.per_week == 7 * 9 * 30


def test_a_weekday_that_came_once_more_than_others_does_not_weigh_more() -> None:
    """Fifteen cases an hour on each working day, from a Monday to the Wednesday of the week after."""
    arrivals = [
        at(f"{day} {hour:02d}:{(number + 7 * day) % 60:02d}")
        for day in range(10) if day % 7 < 5 for hour in range(9, 17) for number in range(15)
    ]  # fmt: skip
    found = rhythm_of(arrivals, arrivals[0], arrivals[-1], UTC)
    assert list(found.pattern) == ["Mon-Fri 09:00-17:00"]
    assert found.per_week == 5 * 8 * 15
