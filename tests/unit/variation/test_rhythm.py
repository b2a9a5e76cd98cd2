"""A weekly rhythm: whether there is one, and daily figures without it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from millpond.variation.rhythm import rhythm_of
from tests.unit.variation.charts import chart

WEEKDAYS = [date(2025, 1, 6) + timedelta(days=7 * week + day) for week in range(20) for day in range(5)]
LUCK = np.random.default_rng(3).normal(0, 5, size=100)
MONDAYS = np.array([40.0 if day.weekday() == 0 else 0.0 for day in WEEKDAYS])


def test_a_monday_effect_is_found_and_taken_away() -> None:
    found = rhythm_of(WEEKDAYS, 100 + MONDAYS + LUCK)
    assert found.differ is True
    # Mondays bring 40 more than other days, which is four fifths of that above the mean of all.
    assert found.effects["Monday"] == pytest.approx(32, abs=2)
    means = [found.values[start::5].mean() for start in range(5)]
    assert means == pytest.approx([found.values.mean()] * 5)
    assert found.values.mean() == pytest.approx((100 + MONDAYS + LUCK).mean())


def test_a_rhythm_left_in_hides_a_day_that_is_more_than_chance() -> None:
    values = 100 + MONDAYS + LUCK
    values[52] += 30
    assert not chart(values.tolist()).rows[52].rules
    assert chart(rhythm_of(WEEKDAYS, values).values.tolist()).rows[52].rules.startswith("1")


def test_days_that_differ_by_chance_are_left_as_they_are() -> None:
    found = rhythm_of(WEEKDAYS, 100 + LUCK)
    assert found.differ is False
    assert found.values.tolist() == (100 + LUCK).tolist()
    assert rhythm_of(WEEKDAYS, np.full(100, 5.0)).differ is False


def test_few_weeks_do_not_tell() -> None:
    found = rhythm_of(WEEKDAYS[:55], (100 + MONDAYS + LUCK)[:55])
    assert found.differ is None
    assert found.values.tolist() == (100 + MONDAYS + LUCK)[:55].tolist()


def test_one_weekday_alone_has_no_rhythm() -> None:
    assert rhythm_of(WEEKDAYS[::5], LUCK[::5]).differ is False
