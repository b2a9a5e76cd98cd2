"""Shares in thousandths that add up to one, and the outcomes that cases end in."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millpond.calibration.outcomes import outcomes
from millpond.calibration.shares import shares
from millpond.model import Step


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"a": 1}, {"a": 1.0}),
        ({"a": 9, "closed": 1}, {"a": 0.9, "closed": 0.1}),
        ({"a": 1, "b": 1, "c": 1}, {"a": 0.334, "b": 0.333, "c": 0.333}),
        # 4 of 1,000 are below half a per cent and go to the others in proportion: 796 of 996 and 200 of 996
        ({"a": 796, "b": 200, "c": 4}, {"a": 0.799, "b": 0.201}),
        ({"a": 795, "b": 200, "c": 5}, {"a": 0.795, "b": 0.2, "c": 0.005}),
        ({}, {}),
    ],
)
def test_shares(counts: Mapping[str, int], expected: Mapping[str, float]) -> None:
    assert shares(counts) == expected


def test_a_way_that_is_needed_is_kept_however_rare() -> None:
    assert shares({"again": 999_999, "closed": 1}) == {"again": 1.0}
    assert shares({"again": 999_999, "closed": 1}, kept=["closed"]) == {"again": 0.999, "closed": 0.001}


def test_hundreds_of_ways_of_the_same_weight_are_all_kept() -> None:
    found = shares({f"step {n:03}": 10 for n in range(400)})
    assert len(found) == 400
    assert set(found.values()) == {0.002, 0.003}


@given(
    st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 10**9), min_size=1, max_size=40),
    st.lists(st.text(min_size=1, max_size=3), max_size=3),
)
def test_shares_always_make_a_valid_step(counts: dict[str, int], kept: list[str]) -> None:
    named = {f"to {name}": count for name, count in counts.items()}
    found = shares(named, kept=[f"to {name}" for name in kept])
    assert sum(round(1000 * share) for share in found.values()) == 1000
    assert min(found.values()) > 0
    assert {f"to {name}" for name in kept} & set(named) <= set(found)
    Step(next=found)


def test_outcomes_of_the_services_own_are_declared() -> None:
    found = outcomes({"done": 90, "Closed": 3, "referred on": 5, "withdrawn": 2, "no answer": 7, " ": 1}, ["triage"])
    assert found.declared == ("no answer", "referred on")
    assert found.withdrawn == ("withdrawn",)
    assert [found.meaning(word) for word in (None, "done", "Closed", "withdrawn", "no answer")] == [
        *("closed", "closed", "closed"),
        *("withdrawn", "no answer"),
    ]


def test_withdrawals_in_other_words_count_as_such() -> None:
    found = outcomes({"Withdrawn": 3, "withdrew": 1}, [])
    assert found.withdrawn == ("withdrawn", "Withdrawn", "withdrew")
    assert found.declared == ("Withdrawn", "withdrew")


def test_an_outcome_with_the_name_of_a_step_is_left_out_and_told() -> None:
    found = outcomes({"referral": 4}, ["referral"])
    assert found.declared == () and found.meaning("referral") == "closed"
    assert "'referral'" in found.notes[0]


def test_a_column_of_free_text_is_no_list_of_outcomes() -> None:
    found = outcomes({f"phoned on day {n}": 1 for n in range(31)} | {"Withdrawn": 2}, [])
    assert found.declared == ("Withdrawn",)
    assert "32 different words" in found.notes[0]
