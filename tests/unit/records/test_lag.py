"""The recording lag: it sees days that are filling up, and leaves a steady service alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from millpond.records.lag import recording_lag
from millpond.records.ledger import Entry

FRIDAY = date(2025, 3, 14)
STEADY = [20] * 5 + [0, 0]  # Monday to Sunday


def history(week: Sequence[int], last_day: date, *, weeks: int = 12, ending: Sequence[int] = ()) -> dict[date, int]:
    """The same week over and over, whose last days are replaced by `ending`."""
    days = [last_day - timedelta(days=n) for n in range(7 * weeks)]
    counts = {day: week[day.weekday()] for day in days}
    for back, count in enumerate(reversed(ending)):
        counts[last_day - timedelta(days=back)] = count
    return counts


@pytest.mark.parametrize(
    ("ending", "filling_from"),
    [
        ([20, 20, 20], None),
        ([20, 20, 14], None),  # 14 where 20 are usual: one day in twelve is that quiet
        ([20, 20, 5], date(2025, 3, 14)),
        ([20, 9, 3], date(2025, 3, 13)),
        ([6, 9, 20], None),  # the last day is full, so an earlier quiet spell is not a lag
        ([0, 0, 0], date(2025, 3, 12)),
    ],
)
def test_the_last_days_are_filling_up_where_they_are_far_below_the_usual(
    ending: list[int], filling_from: date | None
) -> None:
    lag = recording_lag(history(STEADY, FRIDAY, ending=ending), FRIDAY)
    assert (lag.filling_from, lag.basis) == (filling_from, "counts")


def test_the_sentence_says_how_many_and_how_many_are_usual() -> None:
    lag = recording_lag(history(STEADY, FRIDAY, ending=[9, 3]), FRIDAY)
    assert lag.sentence == (
        "The 2 days from 2025-03-13 to 2025-03-14 have far fewer visits than usual (12 joined, where about 40 are "
        "usual), so they are probably still filling up."
    )


def test_a_weekend_that_is_always_empty_proves_nothing() -> None:
    sunday = FRIDAY + timedelta(days=2)
    assert recording_lag(history(STEADY, sunday), sunday).filling_from is None
    late = history(STEADY, sunday, ending=[20, 2, 0, 0])
    assert recording_lag(late, sunday).filling_from == FRIDAY


def test_a_small_service_is_judged_by_several_days_together() -> None:
    """With one visit a day, an empty day is nothing; ten in a row are."""
    daily = [1] * 7
    assert recording_lag(history(daily, FRIDAY, ending=[0] * 3), FRIDAY).filling_from is None
    lag = recording_lag(history(daily, FRIDAY, ending=[0] * 10), FRIDAY)
    assert lag.filling_from is not None
    assert date(2025, 3, 5) <= lag.filling_from <= date(2025, 3, 8)


def test_a_bank_holiday_at_the_end_proves_nothing() -> None:
    easter_monday = date(2025, 4, 21)
    counts = history(STEADY, easter_monday, ending=[0, 0, 0, 0])  # Good Friday to Easter Monday
    assert recording_lag(counts, easter_monday).filling_from == date(2025, 4, 18)
    closed = {date(2025, 4, 18), easter_monday}
    assert recording_lag(counts, easter_monday, closed_days=closed).filling_from is None


def test_a_long_lag_does_not_hide_itself_by_lowering_what_is_usual() -> None:
    lag = recording_lag(history(STEADY, FRIDAY, weeks=20, ending=[3, 3, 3, 3, 3, 0, 0] * 4 + [3] * 5), FRIDAY)
    assert lag.filling_from == date(2025, 2, 10)


def test_a_short_history_says_so() -> None:
    lag = recording_lag(history(STEADY, FRIDAY, weeks=4), FRIDAY)
    assert (lag.filling_from, lag.basis) == (None, "none")
    assert "4 weeks are needed" in lag.sentence
    assert recording_lag({}, FRIDAY).basis == "none"


def test_records_that_ended_long_ago_say_so() -> None:
    lag = recording_lag(history(STEADY, FRIDAY), FRIDAY + timedelta(days=70))
    assert (lag.filling_from, lag.sentence) == (None, "No visit joined in the 8 weeks before 2025-05-23.")


def test_a_day_that_is_not_over_is_filling_up() -> None:
    counts = history(STEADY, FRIDAY, ending=[20, 20, 6])
    lag = recording_lag(counts, FRIDAY, as_of=FRIDAY)
    assert (lag.filling_from, lag.basis) == (FRIDAY, "clock")
    assert lag.sentence == "2025-03-14 is not over yet, so it is still filling up."
    assert recording_lag(history(STEADY, FRIDAY), FRIDAY, as_of=FRIDAY + timedelta(days=1)).filling_from is None


def test_a_day_that_is_not_over_does_not_hide_the_lag_before_it() -> None:
    lag = recording_lag(history(STEADY, FRIDAY, ending=[20, 4, 18]), FRIDAY, as_of=FRIDAY)
    assert lag.filling_from == FRIDAY - timedelta(days=1)
    assert lag.sentence.endswith("2025-03-14 is not over yet.")


def imported(late: dict[int, tuple[int, int]], gap: int = 1) -> Entry:
    moment = datetime.fromisoformat("2025-03-10T09:00:00+00:00")
    return Entry(moment, "log.csv", 100, 10, 0, moment, gap, late)


def test_earlier_imports_tell_how_late_visits_come() -> None:
    """Of a day's visits 40% come a day late and a tenth of the rest two days late; then all are in.

    age 2: 100% are in. age 1: 90%. age 0: 0.6 x 0.9 = 54%. So two days are filling up.
    """
    ledger = [
        imported({}),
        imported({0: (40, 100), 1: (10, 100), 2: (0, 100)}),
        imported({0: (40, 100), 1: (10, 100), 2: (0, 100)}),
    ]
    lag = recording_lag(history(STEADY, FRIDAY), FRIDAY, ledger=ledger)
    assert (lag.filling_from, lag.basis) == (date(2025, 3, 13), "imports")
    assert lag.sentence == (
        "Going by 3 imports, about 46% of a day's visits reach the records only later, and it takes 2 days until "
        "nearly all are in: days from 2025-03-13 are still filling up."
    )


def test_imports_without_latecomers_clear_the_last_days_even_if_they_are_quiet() -> None:
    ledger = [imported({}), imported({0: (0, 100), 1: (0, 100)})]
    lag = recording_lag(history(STEADY, FRIDAY, ending=[4]), FRIDAY, ledger=ledger)
    assert (lag.filling_from, lag.basis) == (None, "imports")


def test_a_few_latecomers_are_not_a_lag() -> None:
    ledger = [imported({}), imported({0: (4, 100), 1: (1, 100)})]
    assert recording_lag(history(STEADY, FRIDAY), FRIDAY, ledger=ledger).filling_from is None
    ledger = [imported({}), imported({0: (6, 100), 1: (0, 100)})]
    assert recording_lag(history(STEADY, FRIDAY), FRIDAY, ledger=ledger).filling_from == FRIDAY


def test_another_teams_history_is_not_a_lag() -> None:
    """Half of the visits of every age came with the second import: that is another log, not late recording."""
    half = dict.fromkeys((*range(7), *range(7, 85, 7)), (50, 100))
    lag = recording_lag(history(STEADY, FRIDAY), FRIDAY, ledger=[imported({}), imported(half)])
    assert (lag.filling_from, lag.basis) == (None, "counts")


def test_too_few_visits_in_the_ledger_leave_it_to_the_counts() -> None:
    ledger = [imported({}), imported({0: (3, 5), 1: (0, 5)})]
    assert recording_lag(history(STEADY, FRIDAY), FRIDAY, ledger=ledger).basis == "counts"


@pytest.mark.parametrize("scatter", [0.0, 0.3])
@pytest.mark.parametrize("week", [[40] * 5 + [0, 0], [5] * 5 + [1, 1]])
def test_a_steady_service_raises_a_false_alarm_in_at_most_three_of_a_hundred(week: list[int], scatter: float) -> None:
    """The docstring of the module gives the rates; 300 services here, of which 1% would be 3."""
    random = np.random.default_rng(2025)
    alarms = 0
    for _ in range(300):
        last = FRIDAY + timedelta(days=int(random.integers(7)))
        days = [last - timedelta(days=n) for n in range(98)]
        means = np.array([week[day.weekday()] for day in days], dtype=float)
        if scatter:
            means *= random.gamma(1 / scatter, scatter, size=len(days))
        counts = dict(zip(days, (int(n) for n in random.poisson(means)), strict=True))
        alarms += recording_lag(counts, last).filling_from is not None
    assert alarms <= 9


def test_days_of_which_a_third_is_in_are_nearly_always_seen() -> None:
    random = np.random.default_rng(2025)
    seen = 0
    for _ in range(100):
        days = [FRIDAY - timedelta(days=n) for n in range(98)]
        means = np.array([30.0 * (1 / 3 if n < 3 else 1) for n in range(98)])
        counts = dict(zip(days, (int(n) for n in random.poisson(means)), strict=True))
        seen += recording_lag(counts, FRIDAY).filling_from in (days[2], days[3])
    assert seen >= 90
