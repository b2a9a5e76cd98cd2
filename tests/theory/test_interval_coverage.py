"""Intervals hold the truth as often as they promise, over services whose truth is known; printed for the documentation.

Capacity, forecasts and single simulations have files of their own beside this one.
"""

from __future__ import annotations

import pytest
from benchmarks.intervals.__main__ import BEYOND, MEASURES
from benchmarks.intervals.measured import Held, Measure


@pytest.mark.slow
@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.__name__)
def test_intervals_keep_their_promise(measure: Measure, capsys: pytest.CaptureFixture[str]) -> None:
    found = measure(MEASURES[measure])
    with capsys.disabled():
        print("\n" + "\n".join(map(str, found)))
    assert MEASURES[measure] >= 200
    for held in found:
        assert held.keeps, held


@pytest.mark.parametrize(
    ("held", "is_least", "keeps"),
    [(190, False, True), (180, False, False), (199, False, False), (199, True, True), (180, True, False)],
)
def test_a_promise_is_kept_where_wilsons_interval_contains_it(held: int, is_least: bool, keeps: bool) -> None:
    # Wilson of 200: 190 is 91.0 to 97.3%, 180 is 85.1 to 93.4%, 199 is 97.2 to 99.9%.
    assert Held("x", held, 200, 0.95, is_least).keeps is keeps


def test_each_measurement_runs_on_a_few_services() -> None:
    for measure in (*MEASURES, *BEYOND):
        assert all(0 <= held.held <= held.services for held in measure(2))
