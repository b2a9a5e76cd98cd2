"""Value and failure demand: as marked, as found by repeat contacts, and not known where nothing tells it."""

from __future__ import annotations

import pytest

from millpond.errors import WrongUse
from millpond.process.discover import process_map
from millpond.process.failure import FailureDemand
from tests.tables import at, visits
from tests.unit.process.given import END, service

MARKED = """
    case | step   | joined    | started   | ended     | worker | minutes | demand
    -----+--------+-----------+-----------+-----------+--------+---------+----------------
    ada  | triage | Mon 09:00 | Mon 09:00 | Mon 09:20 | w1     | 20      | value
    ada  | visit  | Mon 10:00 | Mon 10:00 | Mon 11:00 | w2     | 60      | Value demand
    bob  | triage | Mon 09:20 | Mon 09:20 | Mon 09:30 | w1     | 10      | failure
    cleo | triage | Mon 11:00 | Mon 11:00 | Mon 11:30 | w1     | 30      | Failure demand
    dan  | triage | Mon 12:00 | Mon 12:00 | Mon 12:30 | w1     | 30      |
    eve  | triage | Mon 13:00 |           |           |        |         | failure
"""

PEOPLE = """
    case | step   | joined           | started          | ended            | worker | minutes | {column} | segment
    -----+--------+------------------+------------------+------------------+--------+---------+----------+--------
    c1   | triage | 2025-01-06 09:00 | 2025-01-06 09:00 | 2025-01-06 09:20 | w1     | 20      | p1       | a
    c2   | triage | 2025-01-16 09:00 | 2025-01-16 09:00 | 2025-01-16 09:30 | w1     | 30      | p1       | a
    c2   | visit  | 2025-01-17 09:00 | 2025-01-17 09:00 | 2025-01-17 10:00 | w1     | 60      | p1       | a
    c3   | triage | 2025-01-17 11:00 | 2025-01-17 11:00 | 2025-01-17 11:20 | w1     | 20      | p1       | b
    c4   | triage | 2025-01-20 09:00 | 2025-01-20 09:00 | 2025-01-20 09:20 | w1     | 20      | p2       | a
    c5   | visit  | 2025-01-21 09:00 | 2025-01-21 09:00 | 2025-01-21 09:40 | w1     | 40      | p2       | a
    c6   | triage | 2025-01-22 09:00 | 2025-01-22 09:00 | 2025-01-22 09:10 | w1     | 10      |          | a
"""


def demand(log: str, **more: object) -> FailureDemand:
    return process_map(visits(log), service(), at(END), **more).demand  # type: ignore[arg-type]


def test_marked_visits_are_counted_with_the_minutes_that_they_cost() -> None:
    found = demand(MARKED)
    assert [(row.kind, row.contacts, row.visits, row.minutes) for row in found.rows] == [
        ("failure", 3, 3, 40),
        ("value", 2, 2, 80),
        ("not marked", 1, 1, 30),
    ]
    assert (found.source, found.column) == ("marked", "demand")
    assert found.sentence == (
        "Failure demand: 3 of 6 contacts (marked in demand), which cost 40 minutes of work, 27% of all that is known."
    )
    assert found.rows[0].share == pytest.approx(40 / 150)


def test_a_word_that_is_neither_is_named_and_counts_as_not_marked() -> None:
    found = demand(MARKED.replace("Value demand", "perhaps"))
    assert [row.contacts for row in found.rows] == [3, 1, 2]
    assert found.notes == ("Not read as failure or value: perhaps.",)


@pytest.mark.parametrize("column", ["person", "Client ID"])
def test_a_repeat_is_the_same_person_for_the_same_thing_within_the_days(column: str) -> None:
    found = demand(PEOPLE.format(column=column))
    # Only the second case of the first person: c3 is another segment, c5 begins at another step.
    assert [(row.kind, row.contacts, row.visits, row.minutes) for row in found.rows] == [
        ("failure", 1, 2, 90),
        ("value", 4, 4, 100),
        ("not marked", 1, 1, 10),
    ]
    assert (found.source, found.column, found.within_days) == ("repeat contacts", column, 14)
    assert found.notes[-1] == "1 case without a person could not be looked at."


def test_the_days_decide_to_the_day() -> None:
    log = PEOPLE.format(column="person")
    assert demand(log, within_days=10).rows[0].contacts == 1
    assert demand(log, within_days=9).rows[0].kind == "value"
    assert demand(log, within_days=9).sentence == (
        "Failure demand: none of 6 contacts (repeat contacts within 9 days)."
    )


def test_a_column_can_be_named_and_must_be_there() -> None:
    log = PEOPLE.format(column="who called")
    assert demand(log).source == "unknown"
    assert demand(log, person="who called").rows[0].contacts == 1
    with pytest.raises(WrongUse, match=r"no column 'who caled'\. Did you mean 'who called'"):
        demand(log, person="who caled")


def test_without_a_mark_and_without_a_person_nothing_is_claimed() -> None:
    found = demand("""
        case | step   | joined    | started   | ended     | worker
        -----+--------+-----------+-----------+-----------+-------
        ada  | triage | Mon 09:00 | Mon 09:00 | Mon 09:20 | w1
    """)
    assert (found.rows, found.source) == ((), "unknown")
    assert found.sentence.startswith("Failure demand is not known")
