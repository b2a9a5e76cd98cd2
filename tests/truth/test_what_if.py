"""A fitted service under another staffing, beside the known one: a hundred services, whose figures the docs show."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from millpond.calibration.predicting.what_if import FIGURES
from tests.truth.foreseeing import CHANGES, Trial
from tests.truth.showing import coverage, held, median_error, recovered_of, tables
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
        _, low, high = coverage([row for row in rows if row.figure == figure])
        assert low <= 0.9 <= high, figure
    assert median_error(row for row in rows if row.figure == FIGURES[0]) < 0.15


@pytest.mark.parametrize("kind", ["cases a week", "minutes of work", "share of a way on", "direct minutes a day"])
def test_what_is_known_lies_within_the_stated_intervals_as_often_as_they_say(
    hundred: Sequence[Trial], kind: str
) -> None:
    _, low, high = held(recovered_of(hundred, kind))
    assert low <= 0.95 <= high


@pytest.mark.parametrize("kind", ["people of a pool", "steps of a pool", "hours of a pool"])
def test_what_is_counted_or_found_is_right_at_least_that_often(hundred: Sequence[Trial], kind: str) -> None:
    """Whole numbers and hours are mostly known for certain, so that their intervals hold the truth more often."""
    _, _, high = held(recovered_of(hundred, kind))
    assert high >= 0.95


def test_intervals_of_numbers_of_people_say_something(hundred: Sequence[Trial]) -> None:
    rows = recovered_of(hundred, "people of a pool")
    assert sum(row.width <= 0.5 for row in rows) >= 0.9 * len(rows)
