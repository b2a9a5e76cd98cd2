"""The nearest known name."""

from __future__ import annotations

import pytest

from millpond.model.nearest import listed, nearest


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("asessment", ["triage", "assessment", "advocacy"], "assessment"),
        ("First_Step", ["first step", "last step"], "first step"),
        ("first-step", ["first_step"], "first_step"),
        ("ADVOCACY", ["advocacy"], "advocacy"),
        ("zebra", ["triage", "assessment"], None),
        ("", ["triage"], None),
        ("x", [], None),
        ("long" * 500_000, ["triage"], None),
    ],
)
def test_the_nearest_name(name: str, known: list[str], found: str | None) -> None:
    assert nearest(name, known) == found


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (list("abcd"), "a, b, c and 1 more"),
    ],
)
def test_names_are_listed_as_a_person_would(names: list[str], text: str) -> None:
    assert listed(names, limit=3) == text
