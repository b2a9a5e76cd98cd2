"""Where new cases come from."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from millpond.calibration.histories import histories
from millpond.calibration.streams import Streams, streams
from tests.tables import at, visits

WORKING_WEEK = range(5)


def found(text: str, steps: tuple[str, ...] = ("triage", "advice"), backend: Any = None) -> Streams:
    return streams(histories(visits(text, backend=backend), at("2026-06-30 09:00")), steps, WORKING_WEEK)


def daily(first: str, count: int, row: str) -> str:
    """A row for each of some days: its case is the first cell with a number, and it joins at nine."""
    day = date.fromisoformat(first)
    case, _, rest = row.partition(" | ")
    return "\n".join(f"{case}{n} | {day + timedelta(n)} 09:00 | {rest}" for n in range(count)) + "\n"


def test_streams_are_the_values_of_their_column(backend: Any) -> None:
    made = found(
        "case | joined | step | stream | priority\n"
        + daily("2025-01-06", 28, "p | triage | police | ")
        + daily("2025-01-06", 7, "s | advice | self | Urgent")
        + daily("2025-01-13", 7, "t | triage | self | normal"),
        backend=backend,
    )
    # 28 days are four weeks
    assert {name: (each.per_week, each.share_urgent) for name, each in made.streams.items()} == {
        "police": (7, 0),
        "self": (3.5, 0.5),
    }
    assert made.cases == {"police": 28, "self": 14}
    assert made.streams["police"].first_step == "triage"
    assert any("17% of cases are urgent" in note for note in made.notes)  # 7 of 42


def test_a_stream_that_only_a_later_visit_names_is_the_cases() -> None:
    made = found(
        """
        case | joined           | step   | channel
        ada  | 2025-01-06 09:00 | triage |
        ada  | 2025-01-06 10:00 | advice | web
        bob  | 2025-02-02 09:00 | triage | phone
        """
    )
    assert set(made.streams) == {"phone", "web"}


def test_a_column_with_one_value_or_hardly_any_is_no_list_of_streams() -> None:
    assert set(found("case | joined | step | stream\n" + daily("2025-01-06", 28, "p | triage | all")).streams) == {
        "all cases"
    }
    rare = found(
        "case | joined | step | stream\n"
        + daily("2025-01-06", 28, "p | triage | ")
        + daily("2025-01-06", 5, "q | triage | a")
        + daily("2025-01-06", 5, "r | triage | b")
    )
    assert set(rare.streams) == {"all cases"}


def test_else_there_is_a_stream_for_each_frequent_first_step() -> None:
    made = found(
        "case | joined | step\n"
        + daily("2025-01-06", 70, "t | triage")
        + daily("2025-01-06", 28, "a | advice")
        + daily("2025-01-06", 2, "f | filing"),
        steps=("triage", "advice", "filing"),
    )
    # filing is 2% of cases and counts in the largest stream: 72 cases in 10 weeks
    assert {name: each.per_week for name, each in made.streams.items()} == {"triage": 7.2, "advice": 2.8}
    assert made.streams["triage"].first_step == "triage"


def test_weeks_are_those_from_the_first_arrival_to_the_last() -> None:
    made = found("case | joined | step\n" + daily("2025-01-06", 21, "t | triage"))
    assert made.streams["all cases"].per_week == 7


def test_of_a_few_days_the_open_ones_count() -> None:
    # Monday to Wednesday are three of five open days
    made = found("case | joined | step\n" + daily("2025-01-06", 3, "t | triage"))
    assert made.streams["all cases"].per_week == 5


def test_a_mistyped_year_does_not_thin_out_the_arrivals() -> None:
    made = found(
        "case | joined | step\n" + daily("2025-01-06", 140, "t | triage") + "old | 1925-01-06 09:00 | triage\n"
    )
    assert made.streams["all cases"].per_week == 7
    assert any("leave out 1 case long before" in note for note in made.notes)


def test_a_log_without_cases_has_no_streams() -> None:
    assert found("case | joined | step\nada | Mon 09:00 | filing").streams == {}
