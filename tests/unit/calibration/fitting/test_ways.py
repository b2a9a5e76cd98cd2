"""Where cases go on to: memory where the records show it, and none where they do not."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from millpond.calibration.fitting.ways import Condition, Move, leaning, ways_of


def _visits(most: int, cases: int) -> list[Move]:
    """Cases that come to a step exactly so many times and are then closed."""
    return [
        Move("advocacy", "advocacy" if times > 1 else "triage", times, "closed" if times == most else "advocacy")
        for _ in range(cases)
        for times in range(1, most + 1)
    ]


def test_cases_that_always_come_three_times_are_told_apart_by_how_often_they_have_come() -> None:
    found = ways_of(_visits(3, 60))
    assert found[0].condition == Condition(at_least=3)
    assert found[0].shares["closed"] == pytest.approx(1, abs=0.02)
    assert found[-1].shares["advocacy"] == pytest.approx(1, abs=0.02)


def test_where_cases_came_from_is_told_apart() -> None:
    moves = [Move("decide", source, 1, to) for source, to in (("new", "pay"), ("appeal", "hearing")) for _ in range(40)]
    found = ways_of(moves)
    assert {ways.condition.came_from for ways in found} & {"new", "appeal"}
    assert found[0].shares[{"new": "pay", "appeal": "hearing"}[found[0].condition.came_from or ""]] > 0.95


def test_chance_makes_no_rules() -> None:
    random = np.random.default_rng(5)
    moves = [
        Move(
            "decide",
            str(random.choice(["new", "appeal"])),
            int(random.integers(1, 5)),
            str(random.choice(["pay", "no"])),
        )
        for _ in range(400)
    ]
    assert len(ways_of(moves)) == 1


def test_without_memory_there_is_one_list() -> None:
    (only,) = ways_of(_visits(3, 60), memory=False)
    assert only.shares == {"advocacy": 0.6667, "closed": 0.3333}


def test_few_visits_lean_on_all_of_them() -> None:
    """Two visits that closed, of one kind: 2/3 of their own, 1/3 of the half and half of all."""
    shares = leaning(Counter({"closed": 2}), Counter({"closed": 50, "advocacy": 50}))
    assert shares == {"closed": 0.8334, "advocacy": 0.1666}
    assert sum(shares.values()) == 1
