"""From when to when cases were under way, counted by hand."""

from __future__ import annotations

import pyarrow as pa

from millpond.calibration.backtesting.spans import OPEN, Joins, joins_of, spans_of

# Joined, started and ended in minutes; a is over, b waits for its second visit, c for its first, d joined too late.
ROWS = [
    ("a", "ask", 0, 10, 20, "recorded"),
    ("a", "act", 20, 40, 50, "recorded"),
    ("b", "ask", 5, 15, 25, "recorded"),
    ("b", "act", 30, 120, 130, "recorded"),
    ("c", "ask", 60, None, None, "recorded"),
    ("d", "ask", 110, 115, 118, "recorded"),
]
AS_OF = 100
BOTH = Joins(first=True, later=True)


def table(rows: list[tuple[str, str, int, int | None, int | None, str]] = ROWS) -> pa.Table:
    names = ("case", "step", "joined_us", "started_us", "ended_us", "joined_source")
    return pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)})


def test_a_case_is_under_way_from_its_joining_until_its_last_end_and_on_while_a_visit_is_open() -> None:
    spans = spans_of(table(), AS_OF, BOTH)
    assert list(zip(spans.cases, spans.begins.tolist(), spans.ends.tolist(), strict=True)) == [
        ("a", 0, 50),
        ("b", 5, OPEN),
        ("c", 60, OPEN),
    ]
    # Before 10 a and b have joined; after 50 b alone; c comes at 60, and both are there still at the end.
    assert spans.under_way([10, 55, 100]).tolist() == [2, 1, 2]
    assert spans.lead_times_us.tolist() == [50]


def test_where_joinings_are_not_recorded_visits_begin_with_their_start() -> None:
    spans = spans_of(table(), AS_OF, Joins(first=False, later=False))
    assert list(zip(spans.cases, spans.begins.tolist(), spans.ends.tolist(), strict=True)) == [
        ("a", 10, 50),
        ("b", 15, 25),
    ]


def test_who_was_there_before_is_under_way_from_the_beginning_and_has_not_begun_since() -> None:
    spans = spans_of(table(), AS_OF, BOTH)
    assert spans.under_way([1], there_before=lambda case: case == "c").tolist() == [2]
    assert spans.begun_since(1, but=lambda case: case == "c").cases == ("b",)


def test_joinings_count_where_most_visits_have_one() -> None:
    assert joins_of(table()) == BOTH
    only_first = [row if row[1] == "ask" else (*row[:5], "started") for row in ROWS]
    assert joins_of(table(only_first)) == Joins(first=True, later=False)
    assert joins_of(table([])) == Joins(first=False, later=False)
