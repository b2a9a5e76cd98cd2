"""What is known beforehand of days and months."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from millpond.variation.series import Series, SpecialDays, stretches, stretches_ahead, terms

MONDAY = date(2025, 1, 6)


def _series(length: int, by: str = "day", special: SpecialDays | None = None) -> Series:
    first = MONDAY if by == "day" else date(2024, 11, 1)
    return Series(first, np.arange(length), by, special or SpecialDays())


def test_places_are_days_or_months_and_go_on_beyond_the_end() -> None:
    assert _series(2).dates(0, 4) == [date(2025, 1, day) for day in (6, 7, 8, 9)]
    months = [date(2024, 11, 1), date(2024, 12, 1), date(2025, 1, 1), date(2025, 2, 1)]
    assert _series(2, "month").dates(0, 4) == months


def test_the_level_stays_within_weeks_that_are_counted_back_from_the_end() -> None:
    assert stretches(_series(10)).tolist() == [0] * 3 + [1] * 7
    assert stretches(_series(14)).tolist() == [0] * 7 + [1] * 7
    assert stretches(_series(3, "month")).tolist() == [0, 1, 2]
    assert stretches_ahead(_series(10), 8).tolist() == [1] * 7 + [2]
    assert stretches_ahead(_series(10, "month"), 3).tolist() == [1, 2, 3]


def test_days_have_their_weekday_and_holidays() -> None:
    special = SpecialDays(frozenset({date(2025, 1, 7)}), ((date(2025, 1, 8), date(2025, 1, 9)),))
    found = terms(_series(5, special=special), 0, 5)
    table = {name: found.design[:, place].tolist() for place, name in enumerate(found.names)}
    assert table["Monday"] == [1, 0, 0, 0, 0]
    assert table["Friday"] == [0, 0, 0, 0, 1]
    assert table["bank holiday"] == [0, 1, 0, 0, 0]
    assert table["school holiday"] == [0, 0, 1, 1, 0]
    assert found.offset.tolist() == [0] * 5


@pytest.mark.parametrize(("length", "has_season"), [(349, False), (350, True)])
def test_days_have_a_season_from_a_year_of_history_on(length: int, has_season: bool) -> None:
    assert ("cosine 1" in terms(_series(length), 0, 7).names) is has_season


def test_months_have_their_length_and_their_season() -> None:
    found = terms(_series(24, "month"), 0, 4)
    assert np.exp(found.offset).round().tolist() == [30, 31, 31, 28]
    assert sum(name.startswith(("cosine", "sine")) for name in found.names) == 10
    assert "Monday" not in found.names


def test_the_same_day_has_the_same_terms_whether_it_is_past_or_to_come() -> None:
    series = _series(400)
    whole, ahead = terms(series, 0, 420), terms(series, 400, 420)
    assert (whole.design[400:] == ahead.design).all()
