"""A fitted service under another staffing, beside the known one: a hundred services, whose figures the docs show."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from millpond.calibration.predicting.what_if import FIGURES
from tests.truth.foreseeing import CHANGES, Trial
from tests.truth.showing import coverage, median_error, tables
from tests.truth.trial import trials

pytestmark = pytest.mark.slow
SERVICES = 100


@pytest.fixture(scope="module")
def hundred() -> list[Trial]:
    """A hundred services; in the file that MILLPOND_TRIAL names, if any, they are kept and looked up."""
    kept = os.environ.get("MILLPOND_TRIAL")
    return trials(SERVICES, Path(kept) if kept else None)


def test_what_is_foreseen_of_a_change_of_staffing_comes_as_often_as_its_interval_says(
    hundred: Sequence[Trial], capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print(f"\n{tables(hundred)}")
    rows = [row for each in hundred for row in each.foreseen if (row.minutes, row.people) in CHANGES[1:]]
    for figure in FIGURES:
        _, low, high = coverage(row for row in rows if row.figure == figure)
        assert low <= 0.9 <= high, figure
    assert median_error(row for row in rows if row.figure == FIGURES[0]) < 0.15


@pytest.mark.parametrize(
    "kind", ["cases a week", "minutes of work", "share of a way on", "hours of a pool", "people of a pool"]
)
def test_what_is_known_lies_within_the_stated_intervals(hundred: Sequence[Trial], kind: str) -> None:
    rows = [row for each in hundred for row in each.recovered if row.kind == kind]
    assert sum(row.is_inside for row in rows) >= 0.93 * len(rows)
