"""Numbers and dates in words."""

from __future__ import annotations

from datetime import date

import pytest

from millpond.report import wording


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (-0.0, "0"),
        (-0.04, "0"),
        (0.4, "0.4"),
        (1.0, "1"),
        (9.96, "10"),
        (9.5, "9.5"),
        (999.6, "1,000"),
        (1200, "1,200"),
        (1234567.8, "1,234,568"),
        (-1200, "-1,200"),
    ],
)
def test_numbers(value: float, said: str) -> None:
    assert wording.number(value) == said


@pytest.mark.parametrize(
    ("value", "said"), [(240, "+240"), (-30.2, "−30"), (0, "0"), (0.01, "0"), (-0.01, "0"), (-1200, "−1,200")]
)
def test_changes_carry_their_sign(value: float, said: str) -> None:
    assert wording.signed(value) == said


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (1200, "minutes", "1,200 minutes (20 hours)"),
        (1, "minutes", "1 minute"),
        (90, "minutes", "90 minutes"),
        (150, "minutes", "150 minutes (2.5 hours)"),
        (1, "visits", "1 visit"),
        (20, "visits", "20 visits"),
    ],
)
def test_amounts_of_work(value: float, unit: str, said: str) -> None:
    assert wording.amount(value, unit) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [(0, "0%"), (0.001, "less than 1%"), (0.5, "50%"), (0.999, "more than 99%"), (1, "100%"), (1.16, "116%")],
)
def test_shares_are_none_or_all_only_when_they_are(share: float, said: str) -> None:
    assert wording.percent(share) == said


@pytest.mark.parametrize(
    ("label", "by", "said"),
    [
        ("2025-03-05", "day", "5 March 2025"),
        ("2025-03-03", "week", "week of 3 March 2025"),
        ("2025-03", "month", "March 2025"),
        ("2025-03-05T09:00+00:00", "hour", "09:00, 5 March 2025"),
    ],
)
def test_periods(label: str, by: str, said: str) -> None:
    assert wording.period(label, by) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2025, 1, 6), date(2025, 1, 6), "6 January 2025"),
        (date(2025, 1, 6), date(2025, 1, 8), "6 to 8 January 2025"),
        (date(2025, 1, 6), date(2025, 2, 8), "6 January to 8 February 2025"),
        (date(2024, 4, 1), date(2025, 3, 31), "1 April 2024 to 31 March 2025"),
    ],
)
def test_spans_of_days(first: date, last: date, said: str) -> None:
    assert wording.span(first, last) == said


@pytest.mark.parametrize(
    ("label", "by", "last"),
    [
        ("2025-03-05", "day", date(2025, 3, 5)),
        ("2025-03-03", "week", date(2025, 3, 9)),
        ("2024-02", "month", date(2024, 2, 29)),
        ("2024-12", "month", date(2024, 12, 31)),
    ],
)
def test_the_last_day_of_a_period(label: str, by: str, last: date) -> None:
    assert wording.last_day(label, by) == last


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (45, "45 minutes"),
        (1, "1 minute"),
        (89.9, "90 minutes"),
        (90, "1.5 hours"),
        (24 * 60, "24 hours"),
        (97 * 1440, "97 days"),
        (200 * 1440, "29 weeks"),
    ],
)
def test_elapsed_time(minutes: float, said: str) -> None:
    assert wording.duration(minutes) == said


def test_hours_of_the_clock() -> None:
    assert [wording.hour_of_day(hour) for hour in (0, 9, 12, 15, 24)] == ["midnight", "9am", "noon", "3pm", "midnight"]


@pytest.mark.parametrize(
    ("names", "most", "said"),
    [
        ([], None, ""),
        (["a"], None, "a"),
        (["a", "b"], None, "a and b"),
        (["a", "b", "c"], None, "a, b and c"),
        (["a", "b", "c"], 2, "a, b and 1 other"),
        (["a", "b", "c", "d"], 2, "a, b and 2 others"),
    ],
)
def test_lists(names: list[str], most: int | None, said: str) -> None:
    assert wording.listed(names, most) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Days from 2025-03-05 on.", "Days from 5 March 2025 on."),
        ("waiting at 2025-03-31T17:00:00+01:00;", "waiting at 17:00 on 31 March 2025;"),
        ("case 2025-03-05-7 and NS-2025-03-05", "case 2025-03-05-7 and NS-2025-03-05"),
        ("the day 2025-13-45", "the day 2025-13-45"),
    ],
)
def test_dates_in_sentences_of_others(text: str, said: str) -> None:
    assert wording.dated(text) == said
