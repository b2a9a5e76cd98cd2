"""A fitted service under another staffing, beside the known one: a hundred services, whose figures the docs show."""

from __future__ import annotations

import pytest

from millpond.calibration.predicting.what_if import FIGURES
from tests.truth.trial import CHANGES, coverage, median_error, tables, trial

pytestmark = pytest.mark.slow
SERVICES = 100


def test_what_is_foreseen_of_a_change_of_staffing_comes_as_often_as_its_interval_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    trials = [trial(number) for number in range(SERVICES)]
    with capsys.disabled():
        print(f"\n{tables(trials)}")
    rows = [row for each in trials for row in each.foreseen if (row.minutes, row.people) in CHANGES[1:]]
    for figure in FIGURES:
        _, low, high = coverage(row for row in rows if row.figure == figure)
        assert low <= 0.9 <= high, figure
    assert median_error(row for row in rows if row.figure == FIGURES[0]) < 0.15


@pytest.mark.parametrize(
    "kind", ["cases a week", "minutes of work", "share of a way on", "hours of a pool", "people of a pool"]
)
def test_what_is_known_lies_within_the_stated_intervals(kind: str) -> None:
    rows = [row for number in range(SERVICES) for row in trial(number).recovered if row.kind == kind]
    assert sum(row.is_inside for row in rows) >= 0.93 * len(rows)
