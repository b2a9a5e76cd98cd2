"""Cases that are between two visits at the split: whether they come again, and when."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import millpond
from millpond.calibration.backtesting.between import Between, cases_between, drawn
from millpond.calibration.fitting.fit import Fitted, fit_service
from tests.unit.calibration.fitting.known import recorded

HOUR_US = 3_600_000_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("known") / "service")


@pytest.fixture(scope="module")
def at_us(folder: Path) -> int:
    with millpond.open(folder) as opened:
        return opened.as_of_us("2024-09-04") + 1


@pytest.fixture(scope="module")
def fitted(folder: Path, at_us: int) -> Fitted:
    with millpond.open(folder) as opened:
        return fit_service(opened.log().visits, {"name": "x", "timezone": "UTC"}, at_us - 1)


def _later(folder: Path, at_us: int, cases: set[str]) -> dict[str, int]:
    """When each of some cases next started a visit after an instant."""
    found: dict[str, int] = {}
    with millpond.open(folder) as opened:
        rows = opened.log().visits.select("case", "started_us").to_pyarrow().to_pylist()
    for row in rows:
        if row["case"] in cases and row["started_us"] is not None and row["started_us"] >= at_us:
            found[row["case"]] = min(found.get(row["case"], row["started_us"]), row["started_us"])
    return found


def test_where_records_say_how_cases_end_all_others_come_again_about_when_they_did(
    folder: Path, fitted: Fitted, at_us: int
) -> None:
    between = cases_between(fitted)
    real = _later(folder, at_us, {case.case for case in between})
    assert len(real) == len(between) > 30
    waits = [
        np.mean([(each.comes_us - at_us) / HOUR_US for each in drawn(between, at_us, 1, number)])
        for number in range(20)
    ]
    truth = np.array([(at - at_us) / HOUR_US for at in real.values()])
    # Within two standard errors of the mean of what came.
    assert np.mean(waits) == pytest.approx(truth.mean(), abs=2 * truth.std() / np.sqrt(len(truth)))
    assert all(each.comes_us >= at_us for each in drawn(between, at_us, 1, 0))


def test_the_longer_nothing_has_come_the_less_likely_it_comes(fitted: Fitted) -> None:
    case = cases_between(fitted)[0]
    table = next(way.table for way in case.ways if way.table is not None)
    longer = [1 - table.probability_below(days * 24 * HOUR_US / 1000) for days in (0, 5, 30)]
    assert longer[0] == 1
    assert longer[0] > longer[1] > longer[2]


def test_a_case_comes_again_as_often_as_its_ways_say(fitted: Fitted, at_us: int) -> None:
    case = cases_between(fitted)[0]
    way = next(way for way in case.ways if way.to is not None)
    half = Between(
        case.case,
        case.came_from,
        None,
        False,
        case.entered_us,
        Counter(),
        case.ended_us,
        (type(way)(None, 1.0), type(way)("advice", 1.0)),
    )
    came = sum(len(drawn([half], at_us, 1, number)) for number in range(400))
    # Binomial: 200, and four standard deviations either way.
    assert 160 < came < 240
