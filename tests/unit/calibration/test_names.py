"""What a name in the records stands for."""

from __future__ import annotations

import pytest

from millpond.calibration.names import is_machine, is_marker, is_nobody, is_person, role_of


@pytest.mark.parametrize(
    "name", ["SYSTEM", "system", "Pharmacy System", "System_2", "Robot-7", "bot", "Auto", "BATCH 1"]
)
def test_machines_are_told_by_their_last_word(name: str) -> None:
    assert is_machine(name) and not is_person(name)


@pytest.mark.parametrize("name", ["Anna Batch", "J. Bot", "Systema", "System Support Sue", "NA", "007", "Clerk-000001"])
def test_people_are_people_whatever_their_surname(name: str) -> None:
    assert is_person(name) and not is_machine(name) and not is_nobody(name)


@pytest.mark.parametrize("name", [None, "", "  ", "?", "EMPTY", "none", "Unknown", "n/a"])
def test_nobody(name: str | None) -> None:
    assert is_nobody(name) and not is_person(name)


def test_steps_that_only_mark_where_a_case_begins_or_ends() -> None:
    assert [is_marker(step) for step in ("Start", "END", "artificial_end", "Start work", "Ending")] == [
        *(True, True, True),
        *(False, False),
    ]


@pytest.mark.parametrize(
    ("visits", "role"),
    [
        ({"Claims Handler_1": 5, "Claims Handler_22": 5}, "Claims Handler"),
        ({"Clerk-000001": 9, "Ann": 1}, "Clerk"),
        ({"Clerk-000001": 8, "Ann": 2}, None),  # a fifth of the visits are by somebody else
        ({"Clerk 1": 5, "Nurse 1": 5}, None),
        ({"Resource21": 10}, None),  # says nothing
        ({"r1": 10}, None),  # too short to be a role
        ({"8997": 3, "387": 4}, None),
        ({}, None),
    ],
)
def test_the_role_that_ids_share(visits: dict[str, int], role: str | None) -> None:
    assert role_of(visits) == role
