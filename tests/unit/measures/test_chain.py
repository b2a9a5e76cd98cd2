"""Expected visits on the way, worked by hand and followed by chance."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millpond.measures.chain import Chain

PATHWAY = Chain({"triage": {"assessment": 0.9}, "assessment": {"advocacy": 0.5}, "advocacy": {"advocacy": 0.6}})


def test_a_step_repeated_with_a_share_of_six_tenths_is_visited_two_and_a_half_times() -> None:
    # 1 + 0.6 + 0.36 + ... = 1 / 0.4
    assert PATHWAY.visits_from({"advocacy": 1})["advocacy"] == pytest.approx(2.5)
    assert PATHWAY.visits_from({"triage": 10}) == pytest.approx({"triage": 10, "assessment": 9, "advocacy": 11.25})


def test_what_follows_an_open_visit_leaves_that_visit_out() -> None:
    assert PATHWAY.onward({"advocacy": 1}) == {"triage": 0, "assessment": 0, "advocacy": 0.6}
    assert PATHWAY.visits_from(PATHWAY.onward({"advocacy": 1}))["advocacy"] == pytest.approx(1.5)


def test_a_loop_without_a_way_out_has_no_number_of_visits() -> None:
    chain = Chain({"a": {"b": 0.5, "c": 0.5}, "b": {"c": 1.0}, "c": {"d": 1.0}, "d": {"c": 1.0}, "e": {}})
    assert chain.endless == {"c", "d"}
    assert chain.visits_from({"a": 1}) == {"a": 1.0, "b": 0.5, "c": None, "d": None, "e": 0.0}
    assert chain.visits_from({"e": 1}) == {"a": 0.0, "b": 0.0, "c": 0.0, "d": 0.0, "e": 1.0}


def test_nobody_arriving_brings_nothing() -> None:
    assert Chain({}).visits_from({}) == {}
    assert set(PATHWAY.visits_from({}).values()) == {0.0}


@given(st.lists(st.floats(0, 0.24), min_size=9, max_size=9), st.integers(0, 2))
def test_visits_are_those_that_arrive_and_those_that_come_from_other_visits(shares: list[float], start: int) -> None:
    names = ("x", "y", "z")
    chain = Chain({name: dict(zip(names, shares[3 * i : 3 * i + 3], strict=True)) for i, name in enumerate(names)})
    visits = chain.visits_from({names[start]: 1.0})
    for name in names:
        came = sum((visits[other] or 0) * chain.shares[other][name] for other in names)
        assert visits[name] == pytest.approx(came + (name == names[start]), abs=1e-9)


def test_cases_that_walk_by_chance_agree() -> None:
    draw, total = random.Random(1), 0
    for _ in range(20_000):
        at: str | None = "triage"
        while at is not None:
            total += at == "advocacy"
            following = PATHWAY.shares[at]
            at = draw.choices([*following, None], [*following.values(), 1 - sum(following.values())])[0]
    assert total / 20_000 == pytest.approx(1.125, abs=0.03)
