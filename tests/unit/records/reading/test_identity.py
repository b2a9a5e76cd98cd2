"""The ids of visits: the same visit has the same one in the next extract, whatever the order of its rows."""

from __future__ import annotations

import itertools

import pytest

from millpond.records.reading import derive_visit_ids

from .conftest import Log, Read

HEADING = "case,step,joined,started,ended,worker\n"


def ids(log: Log) -> list[str]:
    """The ids of all visits in the order of the source."""
    derive_visit_ids(log.con, "log")
    return [str(one) for one in log.column("visit")]


def test_an_id_is_case_step_and_the_instant_that_is_known(read: Read) -> None:
    log = read(
        HEADING
        + "7,triage,2025-07-06 09:00,2025-07-06 10:00,2025-07-06 10:20,w\n"  # joining is recorded
        + "7,review,,2025-07-06 10:00:00.25,,w\n"
        + "7,close,,,2025-01-06 10:00,\n"
    )
    assert ids(log) == [
        "7|triage|2025-07-06T08:00:00Z|1",
        "7|review|2025-07-06T09:00:00.250000Z|1",
        "7|close|2025-01-06T10:00:00Z|1",
    ]


def test_a_visit_that_starts_and_ends_keeps_its_id(read: Read) -> None:
    waiting = ids(read(HEADING + "7,triage,2025-07-06 09:00,,,\n"))
    started = ids(read(HEADING + "7,triage,2025-07-06 09:00,2025-07-06 10:00,,w\n"))
    ended = ids(read(HEADING + "7,triage,2025-07-06 09:00,2025-07-06 10:00,2025-07-06 10:20,w\n"))
    assert waiting == started == ended


def test_a_start_recorded_before_the_joining_does_not_change_the_id(read: Read) -> None:
    waiting = read(HEADING + "7,triage,2025-07-06 09:00,,,\n")
    started = read(HEADING + "7,triage,2025-07-06 09:00,2025-07-06 08:50,,w\n")
    assert started.rows("joined") == [("2025-07-06 08:50",)]  # it is taken to have joined when it started
    assert ids(waiting) == ids(started)


def test_visits_alike_are_numbered_by_what_they_hold(read: Read) -> None:
    rows = [
        "7,triage,2025-07-06 09:00,2025-07-06 10:00,,b\n",
        "7,triage,2025-07-06 09:00,2025-07-06 10:00,,a\n",
        "7,triage,2025-07-06 09:00,2025-07-06 09:30,,c\n",
        "8,triage,2025-07-06 09:00,2025-07-06 09:30,,c\n",
    ]
    for order in itertools.permutations(rows):
        log = read(HEADING + "".join(order))
        derive_visit_ids(log.con, "log")
        assert sorted(log.rows("visit", "worker")) == [
            ("7|triage|2025-07-06T08:00:00Z|1", "c"),
            ("7|triage|2025-07-06T08:00:00Z|2", "a"),
            ("7|triage|2025-07-06T08:00:00Z|3", "b"),
            ("8|triage|2025-07-06T08:00:00Z|1", "c"),
        ]


def test_rows_that_are_the_same_in_all_get_ids_of_their_own(read: Read) -> None:
    log = read(HEADING + "7,triage,2025-07-06 09:00,,,\n" * 3)
    assert [one[-1] for one in sorted(ids(log))] == ["1", "2", "3"]


def test_names_with_bars_cannot_collide(read: Read) -> None:
    found = ids(
        read(HEADING + "a|b,c,2025-01-06,,,\na,b|c,2025-01-06,,,\na\\,|b,2025-01-06,,,\na\\|,b,2025-01-06,,,\n")
    )
    assert len(set(found)) == 4


def test_recorded_ids_stay(read: Read) -> None:
    log = read("visit,case,step,joined\nv1,7,a,2025-01-06\n,7,a,2025-01-06\n")
    assert ids(log) == ["v1", "7|a|2025-01-06T00:00:00Z|1"]


@pytest.mark.parametrize("again", [1, 2])
def test_deriving_twice_changes_nothing(read: Read, again: int) -> None:
    log = read(HEADING + "7,triage,2025-07-06 09:00,,,\n" * 2)
    once = ids(log)
    for _ in range(again):
        assert ids(log) == once
    assert log.con.execute("DESCRIBE log").fetchall()[0][0] == "row_number"
